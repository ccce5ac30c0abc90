"""
`klarsyn vendors enable NAME`: lets a connection write, once somebody has looked at it.
"""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from klarsyn.errors import CallRefused, ConnectionInvalid, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.vendors.connections import Bound


@click.command("enable")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--off", is_flag=True, help="Make it read-only again.")
@click.pass_obj
def enable(app: App, name: str, *, yes: bool, off: bool) -> None:
    """Let a connection write; before, Klarsyn only reads there."""
    from klarsyn.cli.connected import bound, database, surroundings
    from klarsyn.cli.doctor import PATIENCE
    from klarsyn.clock import SystemClock
    from klarsyn.register import load
    from klarsyn.storage import EnabledConnections
    from klarsyn.vendors.doctor import diagnose

    say = app.voice.say
    register = load(app.settings.register, cache=app.settings.cache)
    with database(app, make=True) as storage:
        assert storage  # noqa: S101  (it was to be made)
        known = EnabledConnections(storage, SystemClock())
        if off:
            known.disable(name)
            click.echo(say(said("{vendor} is read-only.", vendor=name)))
            return
        found = bound(register, name, storage)
        if found.vendor.api.protocol == "none":
            raise CallRefused(
                said("{vendor} has no API: there is nothing to enable", vendor=name),
                said("what it holds is attested, and a person asks it for the rest"),
            )
        if found.missing:
            raise ConnectionInvalid(found.missing)
        diagnosis = diagnose(found, surroundings(name, storage, PATIENCE))
        for check in diagnosis.checks:
            click.echo(f"  {say(check.what)}")
        if diagnosis.verdict in {"broken", "unconnected"}:
            click.echo(say(said("It is not sound, so it stays read-only.")), err=True)
            raise click.exceptions.Exit(1)
        _show(app, found)
        if not yes:
            click.confirm(say(said("May Klarsyn write there?")), abort=True)
        known.enable(name, found.digest, getpass.getuser())
        click.echo(say(said("{vendor} may write, until its connection changes.", vendor=name)))


def _show(app: App, found: Bound) -> None:
    """Print what could be written where."""
    for element, (record, place) in found.places.items():
        label = element.ljust(32)
        click.echo(f"  {label} {record}.{place}")
    for job in ("rectify", "erase", "deliver"):
        how_far = found.vendor.jobs[job]
        note = f": {app.voice.say(how_far.note)}" if how_far.note else ""
        click.echo(f"  {job} {how_far.depth.value}{note}")
