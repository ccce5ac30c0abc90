"""
`klarsyn storage check`: whether the database is sound, and what to do where it is not.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from klarsyn.errors import KeysMissing, KlarsynError, StorageUnsound, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.upkeep.checking import About, Checked

NAMES: Final = {
    "files": said("files are closed to others"),
    "opens": said("the database opens, on a disk of this machine or a server"),
    "schema": said("the schema is that of this Klarsyn"),
    "integrity": said("nothing is damaged"),
    "journal": said("the journal is as it was written"),
    "keys": said("every key is given that something lies under"),
    "orphans": said("nothing is left that belongs to nothing"),
    "retention": said("what was due was erased"),
}


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def check(app: App, *, as_json: bool) -> None:
    """
    Examine the database, the journal and the keys, and look whether what is due was erased.

    Nothing is changed. Exit code 28: something is wrong, and beside it stands what to do.
    """
    found = []
    for one in _found(app):
        found.append(one)
        if not as_json:
            _print(app, one)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=False))
    if wrong := [one.about for one in found if one.wrong]:
        raise StorageUnsound(
            said("Something is wrong: {names}.", names=wrong),
            said("Do what stands beside it, and look again."),
        )


def _found(app: App) -> Iterator[Checked]:
    from klarsyn.cli.storage_steps import own_files
    from klarsyn.upkeep.checking import Checked, files

    yield files(own_files(app))
    kind, _, path = app.settings.database.partition(":///")
    if kind == "sqlite" and not Path(path).exists():
        what = said("there is no database at {address}", address=app.settings.database)
        yield Checked("opens", (what,), said("The first command that records something makes it."))
        return
    try:
        yield from _opened(app)
    except KlarsynError as error:
        about: About = "keys" if isinstance(error, KeysMissing) else "opens"
        yield Checked(about, (error.message,), error.remedy)


def _opened(app: App) -> Iterator[Checked]:
    from klarsyn import keys
    from klarsyn.cli.storage_steps import ended
    from klarsyn.clock import SystemClock
    from klarsyn.storage.opening import database
    from klarsyn.storage.port import Storage
    from klarsyn.upkeep.checking import Checked, Examined, examined

    clock, given = SystemClock(), keys.load(os.environ)
    with Storage(database(app.settings.database, clock)) as storage, ended(app, storage) as count:
        yield Checked("opens")
        periods = app.settings.retention
        yield from examined(Examined(storage, given, clock.now(), periods, count))


def _print(app: App, one: Checked) -> None:
    say = app.voice.say
    click.echo(f"{'x' if one.wrong else '.'} {one.about}: {say(NAMES[one.about])}")
    for what in one.wrong:
        click.echo(f"    {say(what)}")
    if one.wrong and one.remedy:
        click.echo(f"    -> {say(one.remedy)}")


def _plain(one: Checked) -> dict[str, object]:
    return {
        "about": one.about,
        "sound": not one.wrong,
        "wrong": [str(what) for what in one.wrong],
        "remedy": str(one.remedy) if one.remedy else "",
    }
