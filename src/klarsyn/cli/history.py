"""
`klarsyn history`: every day on which the register changed, read from git.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from klarsyn.cli.check import Day
from klarsyn.cli.diff import FORMATS

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.cli.group import App


@click.command()
@click.option("--since", type=Day(), help="Only from this day on.")
@click.option("--format", "form", type=FORMATS, default="text", help="How to print the changes.")
@click.option("--date", "on", type=Day(), help="As of this day (default: today).")
@click.option("--all", "editorial", is_flag=True, help="Name editorial differences too.")
@click.pass_obj
def command(app: App, since: date | None, form: str, on: date | None, *, editorial: bool) -> None:
    """Say in words what changed on which day, newest first."""
    from klarsyn.publication import changereport
    from klarsyn.publication.voice import Voice
    from klarsyn.register import load
    from klarsyn.register.history import history

    register = load(app.settings.register, cache=app.settings.cache)
    past = history(register, app.day(on, register), cache=app.settings.cache)
    entries = [
        one
        for one in reversed(past.entries)
        if (editorial or one.has_substance) and (since is None or one.day >= since)
    ]
    report = getattr(changereport, f"as_{form}")
    click.echo(report(entries, Voice(app.voice.language), editorial=editorial).rstrip())
    if past.is_cut:
        told = app.voice.text("The repository lacks its older commits; fetch them to see all.")
        click.echo(told, err=True)
    for commit in past.unreadable:
        told = app.voice.text("The register of commit {commit} does not load.", commit=commit[:12])
        click.echo(told, err=True)
