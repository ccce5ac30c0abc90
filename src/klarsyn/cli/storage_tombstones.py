"""
`klarsyn storage tombstones`: who was erased, in a small file that outlives the database.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.group import App


@click.command("tombstones")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def tombstones(app: App, file: Path) -> None:
    """
    Add to FILE who was erased, has opted out or is restricted, as far as it does not say so yet.

    `tombstones: FILE` in klarsyn.yaml lets each backup and each night do it. A restore reads it.
    """
    from klarsyn.cli.recorded import recorded
    from klarsyn.upkeep.erased import remember

    with recorded(app) as storage:
        count = remember(storage, file)
    click.echo(app.voice.say(said("Added to {file}: {count}.", file=str(file), count=count)))
