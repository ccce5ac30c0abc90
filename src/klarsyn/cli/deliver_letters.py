"""
`klarsyn deliver letters VENDOR`: rows that it refused to the end, masked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.deliver_books import Books
    from klarsyn.cli.group import App


@click.command("letters")
@click.argument("name", metavar="VENDOR")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def letters(app: App, name: str, *, as_json: bool) -> None:
    """Print the rows that VENDOR refused to the end: why, until when they are kept, masked."""
    from klarsyn.cli.deliver_books import books

    with books(app) as found:
        rows = _rows(found, found.named(name))
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['subject']}  {row['expires_at']}  {row['why']}")
        for element, value in row["values"].items():
            click.echo(f"  {element}: {value}")
    if not rows:
        click.echo(app.voice.say(said("There are no dead letters.")))


def _rows(found: Books, vendor: str) -> list[dict[str, Any]]:
    from klarsyn.disclosure.telling.status import told
    from klarsyn.recognition import masked

    why = {one.person: one.reason for one in found.ledger.all(vendor, "dead")}
    letters = list(found.letters.of(vendor))
    subjects = found.journal.subjects.of([one.person for one in letters])
    return [
        {
            "subject": subjects[one.person],
            "expires_at": told(one.expires_at),
            "why": str(why.get(one.person) or ""),
            "values": {
                element: masked(value.reveal()) if value else ""
                for element, value in one.values.items()
            },
        }
        for one in letters
    ]
