"""
`klarsyn doctor`: whether every connection works, without telling anybody anything.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from klarsyn.errors import KlarsynError, ManyProblems, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.register import Register
    from klarsyn.storage import Storage
    from klarsyn.vendors.doctor import Diagnosis, Verdict

SIGNS: dict[Verdict, str] = {"sound": "ok", "warning": "!", "broken": "x", "unconnected": "-"}

PATIENCE = 5
"""For how many seconds a vendor that does not answer is asked again."""


@click.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(app: App, names: tuple[str, ...], *, as_json: bool) -> None:
    """Look at every connection of the register, or at those named: reach, key, rights, plan."""
    from klarsyn.cli.connected import database
    from klarsyn.register import load

    register = load(app.settings.register, cache=app.settings.cache)
    wanted = names or tuple(one for one, v in register.vendors.items() if v.connection)
    found = []
    with database(app) as storage:
        for name in wanted:
            if not as_json and sys.stderr.isatty():
                click.echo(f"{name} ...", err=True)
            found.append(_diagnosis(register, name, storage))
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=False))
    else:
        _print(app, found)
    if any(one.verdict in {"broken", "unconnected"} for one in found):
        raise click.exceptions.Exit(1)


def _diagnosis(register: Register, name: str, storage: Storage | None) -> Diagnosis:
    from klarsyn.cli.connected import bound, surroundings
    from klarsyn.vendors.doctor import Diagnosis, diagnose

    try:
        return diagnose(bound(register, name, storage), surroundings(name, storage, PATIENCE))
    except ManyProblems as error:
        found = Diagnosis(name)
        for one in error.problems:
            place = said("{file}:{line}: {what}", file=one.file, line=one.line, what=one.what)
            found.tell("broken", place, one.remedy)
        return found
    except KlarsynError as error:
        found = Diagnosis(name)
        found.tell("broken", error.message, error.remedy)
        return found


def _print(app: App, found: list[Diagnosis]) -> None:
    say = app.voice.say
    if not found:
        click.echo(say(said("No vendor of the register has a connection yet.")))
    for one in found:
        click.echo(f"{SIGNS[one.verdict]:<3}{one.vendor_id}")
        for check in one.checks:
            click.echo(f"     {SIGNS[check.verdict]:<3}{say(check.what)}")
            if check.remedy:
                click.echo(f"        {say(check.remedy)}")


def _plain(one: Diagnosis) -> dict[str, object]:
    checks = [
        {"verdict": c.verdict, "what": str(c.what), "remedy": str(c.remedy) if c.remedy else None}
        for c in one.checks
    ]
    return {"vendor": one.vendor_id, "verdict": one.verdict, "checks": checks}
