"""
`klarsyn standins`: vendors to try things with, on this machine and with invented people.
"""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import ExitStack, suppress
from inspect import signature
from typing import TYPE_CHECKING

import click

from klarsyn.errors import UnknownName, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("names", nargs=-1)
@click.option("--people", type=click.IntRange(1, 1000), default=12, help="How many are invented.")
@click.option("--run", "run", help="Run this with the settings in its environment, then stop.")
@click.option(
    "--hurry",
    type=click.IntRange(1, 1000),
    default=1,
    help="Let time pass so many times as fast there, so that limits are met sooner.",
)
@click.pass_obj
def command(app: App, names: tuple[str, ...], *, people: int, run: str | None, hurry: int) -> None:
    """Start vendors' stand-ins on this machine and print the settings to reach them by."""
    from klarsyn.cli.connected import HURRY
    from klarsyn.testing.clock import HurriedClock
    from klarsyn.testing.standins import HOMES, standin
    from klarsyn.vendors import names as sheets

    there = [one for one in HOMES if one in sheets()]
    for name in names:
        if name not in there:
            what = said("there is no stand-in for '{name}'", name=name)
            raise UnknownName(what, said("there are {names}", names=there))
    with ExitStack() as stack, suppress(KeyboardInterrupt):
        clock = HurriedClock(hurry, time.time())
        found: dict[str, str] = {HURRY: str(clock)} if hurry > 1 else {}
        for name in names or there:
            kind = standin(name)
            given = {"clock": clock} if "clock" in signature(kind).parameters else {}
            running = stack.enter_context(kind(count=people, **given))
            found |= _variables(name, running.url, running.secrets)
        if run:
            done = subprocess.run(run, shell=True, check=False, env={**os.environ, **found})  # noqa: S602  (the user's own words)
            raise click.exceptions.Exit(done.returncode)
        for key, value in found.items():
            click.echo(f"export {key}={_quoted(value)}")
        click.echo(app.voice.say(said("They run until you press Ctrl-C.")), err=True)
        while True:
            time.sleep(3600)


def _variables(name: str, url: str, secrets: dict[str, str]) -> dict[str, str]:
    """Return what a connection reads from the environment, public settings left out."""
    from klarsyn.vendors import sheet
    from klarsyn.vendors.connections import variable

    secret = {one.name for one in sheet(name).api.settings if one.secret}
    keys = {variable(name, key): value for key, value in secrets.items() if key in secret}
    return ({variable("standin", name): url} if url else {}) | keys


def _quoted(value: str) -> str:
    import shlex

    return shlex.quote(value)
