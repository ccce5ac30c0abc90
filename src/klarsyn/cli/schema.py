"""
`klarsyn schema`: for editors.
"""

from __future__ import annotations

from pathlib import Path

import click

from klarsyn.errors import UnknownName, said


@click.command()
@click.argument("kind", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the schema of every kind of file into this folder instead.",
)
def command(kind: str | None, out: Path | None) -> None:
    """
    Print the JSON Schema of the register's files.

    KIND is klarsyn, company, elements, purposes, vendor, score, customers or accepted; without it
    the schema takes a file of any kind.
    """
    from klarsyn.register import schemas

    if kind and kind not in schemas.KINDS:
        remedy = said("Name one of: {names}.", names=", ".join(schemas.KINDS))
        raise UnknownName(said("There is no file of the kind {kind}.", kind=kind), remedy)
    if out is None:
        click.echo(schemas.schema(kind), nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    for one in [kind] if kind else schemas.KINDS:
        (out / f"{one}.json").write_bytes(schemas.schema(one))
