"""
`klarsyn vendors enable NAME...`: lets connections write, once somebody has looked at them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from klarsyn.cli.check import Day
from klarsyn.errors import CallRefused, ConnectionInvalid, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.register import Register
    from klarsyn.storage import Storage
    from klarsyn.vendors.connections import Bound


@click.command("enable")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--off", is_flag=True, help="Make it read-only again.")
@click.option(
    "--announced",
    type=Day(),
    help="The day on which customers were told of what is declared (default: today).",
)
@click.pass_obj
def enable(
    app: App, names: tuple[str, ...], *, yes: bool, off: bool, announced: date | None
) -> None:
    """
    Let connections write; before, Klarsyn only reads there.

    It wants somebody who may approve, and puts in effect what the register declares as delivered:
    the first time at once, later additions when the longest notice period is over.
    """
    from klarsyn.cli.connected import database
    from klarsyn.cli.vendors_enabled import Enabling
    from klarsyn.clock import SystemClock
    from klarsyn.register import load
    from klarsyn.storage import EnabledConnections

    say = app.voice.say
    register = load(app.settings.register, cache=app.settings.cache)
    with database(app, make=True) as storage:
        assert storage  # noqa: S101  (it was to be made)
        if off:
            for name in names:
                EnabledConnections(storage, SystemClock()).disable(name)
                click.echo(say(said("{vendor} is read-only.", vendor=name)))
            return
        found = [_sound(app, register, name, storage) for name in names]
        enabling = Enabling.by(app, register, storage)
        for one in found:
            if not yes:
                told = said("May Klarsyn write at {vendor}?", vendor=one.vendor_id)
                click.confirm(say(told), abort=True)
            for message in enabling.enable(one, app.day(announced, register)):
                click.echo(say(message))


def _sound(app: App, register: Register, name: str, storage: Storage) -> Bound:
    """Return a connection that can be enabled, and print what could be written where."""
    from klarsyn.cli.connected import bound, surroundings
    from klarsyn.cli.doctor import PATIENCE
    from klarsyn.vendors.doctor import diagnose

    found = bound(register, name, storage)
    if found.vendor.api.protocol == "none":
        raise CallRefused(
            said("{vendor} has no API: there is nothing to enable", vendor=name),
            said("what it holds is attested, and a person asks it for the rest"),
        )
    if found.missing:
        raise ConnectionInvalid(found.missing)
    say = app.voice.say
    diagnosis = diagnose(found, surroundings(name, storage, PATIENCE))
    click.echo(name)
    for check in diagnosis.checks:
        click.echo(f"  {say(check.what)}")
    if diagnosis.verdict in {"broken", "unconnected"}:
        click.echo(say(said("It is not sound, so it stays read-only.")), err=True)
        raise click.exceptions.Exit(1)
    for element, (record, place) in found.places.items():
        click.echo(f"  {element.ljust(32)} {record}.{place}")
    for job in ("rectify", "erase", "deliver"):
        how_far = found.vendor.jobs[job]
        note = f": {say(how_far.note)}" if how_far.note else ""
        click.echo(f"  {job} {how_far.depth.value}{note}")
    return found
