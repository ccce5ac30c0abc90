"""
`klarsyn evidence export FILE`: entries with their proofs, for somebody without the database.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.cli.check import Day
from klarsyn.errors import said

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.cli.group import App


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--vendor", default="", help="Only what concerns this vendor.")
@click.option(
    "--subject", default="", help="Only what speaks of this subject, without the rows of others."
)
@click.option("--since", type=Day(), help="Only from this day on, in UTC.")
@click.option(
    "--checkpoint",
    "earlier",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Prove too that the journal goes on from this checkpoint, which the reader has.",
)
@click.pass_obj
def export(
    app: App, file: Path, vendor: str, subject: str, since: date | None, earlier: Path | None
) -> None:
    """
    Write entries with proofs into FILE, and sign it.

    Without a selection all entries are written; rows on people only with --subject.
    """
    from klarsyn.cli.recorded import journal, kept
    from klarsyn.journal import Selection
    from klarsyn.journal import export as write

    wanted = Selection(vendor=vendor, subject=subject, since=since.isoformat() if since else "")
    with journal(app) as found:
        count = write(found, file, wanted, kept(earlier) if earlier else None)
    click.echo(app.voice.say(said("Entries written to {file}: {n}.", file=str(file), n=count)))
