"""
`klarsyn diff`: what changed between two versions of a register, and what is owed for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.cli.check import Day
from klarsyn.errors import ChangesFound, said

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.cli.group import App
    from klarsyn.register import Register

FORMATS = click.Choice(["text", "markdown", "json"])


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option("--format", "form", type=FORMATS, default="text", help="How to print the changes.")
@click.option("--date", "on", type=Day(), help="Announced on this day (default: today).")
@click.option("--exit-code", is_flag=True, help="Fail if more than wording differs.")
@click.pass_obj
def command(
    app: App, old: str, new: str | None, form: str, on: date | None, *, exit_code: bool
) -> None:
    """
    Say in words what changed from OLD to NEW.

    Each is a commit, tag or branch of the register's repository, or a folder with a register.
    Without NEW it is the register as it lies here.
    """
    from klarsyn.publication import changereport
    from klarsyn.publication.voice import Voice
    from klarsyn.register.changes import diff
    from klarsyn.register.history import Entry

    after = _here(app) if new is None else _version(app, new)
    day = app.day(on, after)
    difference = diff(_version(app, old), after, day)
    entry = Entry(day, after, difference)
    voice = Voice(app.voice.language)
    report = getattr(changereport, f"as_{form}")
    if difference or form == "json":
        click.echo(report([entry], voice, editorial=True).rstrip())
    else:
        click.echo(app.voice.text("No difference."))
    if exit_code and difference.substance:
        raise ChangesFound(said("Changes: {n}.", n=len(difference.substance)))


def _here(app: App) -> Register:
    from klarsyn.register import load

    return load(app.settings.register, cache=app.settings.cache)


def _version(app: App, name: str) -> Register:
    """Return the register in a folder, or as it stands in a commit of this one's repository."""
    from klarsyn import settings
    from klarsyn.register import load, versions

    folder = Path(name)
    # Nothing is no folder: a variable that is not set must not compare this register with itself.
    if name and _is_file(folder / settings.FILE):
        folder = settings.load(folder).register
    if name and _is_file(folder / "company.yaml"):
        return load(folder, cache=app.settings.cache)
    return versions.at_revision(app.settings.register, name, cache=app.settings.cache)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than any file's
        return False
