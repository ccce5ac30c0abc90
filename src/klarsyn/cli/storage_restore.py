"""
`klarsyn storage restore`: a backup in the place of the database, without whoever was erased since.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.cli.storage_restored import lines, plain
from klarsyn.errors import WorkRefused, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.cli.tasks_desk import Desk
    from klarsyn.durable import Engine
    from klarsyn.upkeep.sealedfile import SealedFile

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("restore")
@click.argument("file", type=_FILE)
@click.option("--tombstones", "lists", multiple=True, type=_FILE, help="Who was erased since.")
@click.option("--replace", "over", is_flag=True, help="Also where the database is not empty.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def restore(app: App, file: Path, lists: tuple[Path, ...], *, over: bool, as_json: bool) -> None:
    """
    Put the backup FILE in the place of the database, which is empty or, by approval, replaced.

    Who was erased since stays erased: as the present database says, the file `tombstones` of
    klarsyn.yaml, and each --tombstones. Workers have to be stopped; deliveries are paused.
    """
    from klarsyn import keys
    from klarsyn.cli.storage_steps import steps
    from klarsyn.cli.tasks_desk import desk
    from klarsyn.clock import SystemClock
    from klarsyn.storage import Sealing
    from klarsyn.upkeep.erased import remembered
    from klarsyn.upkeep.restore import Given
    from klarsyn.upkeep.restore import restore as put_back
    from klarsyn.upkeep.sealedfile import SealedFile

    given = keys.load(os.environ)
    own = app.settings.tombstones
    known = [remembered(one) for one in (*lists, *([own] if own and own.exists() else []))]
    backup = SealedFile(file, Sealing(given.all("seal")))
    with desk(app) as at, steps(app, at.storage) as engine:
        how = Given(SystemClock(), given, known, alone=lambda: _alone(engine))
        if over:
            how.alone()
            how = replace(how, replace=True, by=_agreed(app, at, backup))
        done = put_back(at.storage, backup, how)
        for left in engine.unfinished():
            engine.cancel(left.run)
    if as_json:
        click.echo(json.dumps(plain(done), indent=2))
    else:
        click.echo("\n".join(map(app.voice.say, lines(done))))


def _alone(engine: Engine[None]) -> None:
    if engine.has_worker():
        raise WorkRefused(
            said("A worker lives, and would go on in the middle of a restore."),
            said("Stop every `klarsyn work`, and try again."),
        )


def _agreed(app: App, at: Desk, backup: SealedFile) -> str:
    """Return whose approval of exactly this file it is; ask for one and refuse where none is."""
    from klarsyn.cli.acting import acting
    from klarsyn.cli.tasks_desk import sign_in
    from klarsyn.clock import SystemClock

    if not at.users.all():
        return acting(app, at.users, "approve")
    digest = backup.sha256
    what = said("replace the database by the backup of {at}", at=backup.head.at)
    by, now = None, SystemClock().now().timestamp()
    for number in count(1):
        key = f"restore:{digest}:{number}"
        if decision := at.approvals.granted(key, digest):
            return decision.by
        by = by or sign_in(app, at.users)
        asked = at.approvals.ask(key, "storage.restore", what, digest, by)
        if asked.state == "open" or (asked.state == "refused" and asked.expires_at > now):
            at.approvals.require(key, digest)
    raise AssertionError  # numbers do not end
