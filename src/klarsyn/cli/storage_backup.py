"""
`klarsyn storage backup`: everything that a restore needs, sealed, in one new file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.group import App


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def backup(app: App, file: Path, *, as_json: bool) -> None:
    """
    Write the database as it is at this instant into FILE, which must not be there yet.

    It is sealed with the key in use: keep that key, and not beside the backup. Workers go on.
    """
    from klarsyn import keys
    from klarsyn.cli.recorded import recorded
    from klarsyn.clock import SystemClock
    from klarsyn.upkeep.backup import back_up
    from klarsyn.upkeep.erased import remember

    given = keys.load(os.environ)
    with recorded(app) as storage:
        written = back_up(storage, file, SystemClock(), given)
        if app.settings.tombstones:
            remember(storage, app.settings.tombstones)
    if as_json:
        found = {
            "file": str(written.file),
            "backup": written.head.id,
            "at": written.head.at,
            "key": written.head.key,
            "sha256": written.sha256,
            "rows": written.counts,
        }
        click.echo(json.dumps(found, indent=2))
        return
    say = app.voice.say
    rows = sum(written.counts.values())
    click.echo(say(said("Rows written to {file}: {count}.", file=str(file), count=rows)))
    click.echo(say(said("It is sealed with the key {key}.", key=written.head.key)))
    click.echo(f"SHA-256 {written.sha256}")
