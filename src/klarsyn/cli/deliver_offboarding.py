"""
`klarsyn deliver off-boarding`: what a vendor that has ended was asked to delete, and the proof.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.disclosure.telling.offboarding import OffBoarding


@click.command("off-boarding")
@click.argument("name", metavar="VENDOR")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it as Markdown."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def off_boarding(app: App, name: str, *, out: Path | None, as_json: bool) -> None:
    """
    Print what a vendor was sent, what was removed there and how that was proved.

    It names nobody. Exits with 3 while anything is left to do.
    """
    from klarsyn.cli.connected import database
    from klarsyn.cli.deliver_plan import chosen
    from klarsyn.cli.working import present
    from klarsyn.disclosure.telling import offboarding

    with database(app, make=True) as storage:
        assert storage  # noqa: S101  (it was to be made)
        around = present(app, storage)
        chosen(around, [name])
        report = offboarding.off_boarding(around, name)
    title, *sentences = [app.voice.say(one) for one in report.sentences()]
    if out:
        text = "\n".join([f"# {title}", "", *(f"- {one}" for one in sentences), ""])
        out.write_text(text, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_plain(report), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join([title, *(f"  {one}" for one in sentences)]))
    if not report.is_over:
        raise click.exceptions.Exit(3)


def _plain(report: OffBoarding) -> dict[str, object]:
    return {
        "vendor": report.vendor,
        "on": report.on.isoformat(),
        "ended": report.ended.isoformat() if report.ended else None,
        "received": report.received,
        "held": report.held,
        "removed": [
            {"level": level, "proof": proof, "people": count}
            for (level, proof), count in sorted(report.removed.items())
        ],
        "residue": [
            {"what": str(what), "until": until.isoformat() if until else None}
            for what, until in report.residue
        ],
        "tasks": [one.id for one in report.tasks],
        "clause": report.clause,
        "entries": report.entries,
        "over": report.is_over,
    }
