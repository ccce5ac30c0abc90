"""
What commands that deliver, start or carry work share: one engine, with all kinds of work there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.disclosure.around import Around
    from klarsyn.durable import Engine, Json, Run, Tell, Work
    from klarsyn.storage import Storage

    Present = Callable[[], Around]
    """Returns what work is done with, as klarsyn.yaml and the register say at this moment."""


def works() -> Sequence[Work[Any]]:
    """Return every kind of work; a worker refuses to begin where one is unfinished and not here."""
    from klarsyn.disclosure.delivering import deliver, resume
    from klarsyn.disclosure.optouts.learning import opt_outs
    from klarsyn.disclosure.rounds import deliver_to_all
    from klarsyn.disclosure.sending.readback import read_back
    from klarsyn.upkeep.retention import retain

    every = (deliver, resume, read_back, deliver_to_all, opt_outs, retain)
    return [_up_to_date(one) for one in every]


def _up_to_date(one: Work[Any]) -> Work[Any]:
    """Let work begin with the present register: a worker may live for weeks, and it narrows."""

    @wraps(one.do)
    def do(run: Run[Any], **arguments: Json) -> Json:
        run.around = run.around()
        return one.do(run, **arguments)

    return replace(one, do=do)


def present(app: App, storage: Storage) -> Around:
    """Return what deliveries are done with; klarsyn.yaml and the register are read anew."""
    from klarsyn import keys as own_keys
    from klarsyn import settings
    from klarsyn.cli.connected import bound, surroundings
    from klarsyn.clock import SystemClock
    from klarsyn.disclosure.around import Around
    from klarsyn.disclosure.plans.plan import Limits
    from klarsyn.people.scored import ScoresOfDay
    from klarsyn.people.source import later
    from klarsyn.register import load

    installation = settings.load(app.folder)
    register = load(installation.register, cache=installation.cache)
    source = later(installation, register)
    ceilings = installation.ceilings
    return Around(
        register=register,
        source=source,
        storage=storage,
        clock=SystemClock(),
        keys=own_keys.load(os.environ),
        bind=lambda vendor: bound(register, vendor, storage),
        surroundings=lambda vendor: surroundings(vendor, storage),
        limits=Limits(ceilings.removals, ceilings.percent / 100, ceilings.few),
        four_eyes=installation.four_eyes,
        calculated=ScoresOfDay(source, app.day(None, register)),
        retention=installation.retention,
        tombstones=installation.tombstones,
    )


@contextmanager
def engine(app: App, tell: Tell | None = None) -> Iterator[tuple[Engine[Present], Present]]:
    """Yield the engine of this installation; its database is made where there is none."""
    from klarsyn import keys as own_keys
    from klarsyn.cli.connected import database
    from klarsyn.clock import SystemClock
    from klarsyn.durable import Due, Engine, Schedules, Workshop
    from klarsyn.durable.quiet import silent
    from klarsyn.register import load
    from klarsyn.upkeep.retention import NIGHTLY

    keys, clock = own_keys.load(os.environ), SystemClock()
    register = load(app.settings.register, cache=app.settings.cache)
    with database(app, make=True) as storage:
        assert storage  # noqa: S101  (it was to be made)
        due = Due(storage, clock)
        zone = ZoneInfo(register.company.timezone)
        schedules = Schedules(due, clock, {**NIGHTLY, **app.settings.schedules}, zone)

        def around() -> Around:
            return replace(present(app, storage), forget=opened.forget)

        shop = Workshop(works(), around, due=due, schedules=schedules, tell=tell or silent)
        with Engine(app.settings.database, clock, keys, shop) as opened:
            yield opened, around
