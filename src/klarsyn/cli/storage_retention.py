"""
`klarsyn storage retention`: for how long everything is kept, why, and what is due to be erased.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.durable import Engine
    from klarsyn.storage import Storage
    from klarsyn.upkeep.retention import Due


@click.command("retention")
@click.option("--now", "at_once", is_flag=True, help="Erase at once what is due.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def retention(app: App, *, at_once: bool, as_json: bool) -> None:
    """
    Print what Klarsyn keeps of its own, for how long and why, and how much of it is due.

    `klarsyn work` erases it each night, or as `schedules: {retention: ...}` says.
    """
    from klarsyn.cli.recorded import recorded
    from klarsyn.cli.storage_steps import steps
    from klarsyn.clock import SystemClock
    from klarsyn.upkeep.retention import standing

    now, periods = SystemClock().now(), app.settings.retention
    with recorded(app) as storage, steps(app, storage) as engine:
        erased = _erased(app, storage, engine) if at_once else {}
        found = standing(storage, now, periods, engine.ended)
    if as_json:
        rows = [{**_plain(app, one), "erased": erased.get(one.kept.id, 0)} for one in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo("\n".join(_lines(app, one, erased.get(one.kept.id, 0))))


def _erased(app: App, storage: Storage, engine: Engine[None]) -> dict[str, int]:
    from klarsyn import keys
    from klarsyn.clock import SystemClock
    from klarsyn.journal import Journal
    from klarsyn.upkeep.retention import erase

    clock = SystemClock()
    journal = Journal(storage, clock, keys.load(os.environ))
    return erase(storage, journal, clock.now(), app.settings.retention, engine.forget)


def _lines(app: App, one: Due, erased: int) -> list[str]:
    say, kept = app.voice.say, one.kept
    until = f"{one.period} {say(kept.ends)}" if one.period else say(kept.ends)
    counted = [
        say(words)
        for count, words in (
            (one.due, said("due: {count}", count=one.due)),
            (one.overdue, said("overdue: {count}", count=one.overdue)),
            (erased, said("erased now: {count}", count=erased)),
        )
        if count
    ]
    lines = [f"{kept.id}: {say(kept.what)}", f"  {until}", f"  {say(kept.why)}"]
    return [*lines, f"  {', '.join(counted)}"] if counted else lines


def _plain(app: App, one: Due) -> dict[str, Any]:
    say, kept = app.voice.say, one.kept
    return {
        "class": kept.id,
        "what": say(kept.what),
        "period": one.period,
        "ends": say(kept.ends),
        "why": say(kept.why),
        "tables": list(kept.tables),
        "decided": kept.decided.isoformat(),
        "due": one.due,
        "overdue": one.overdue,
    }
