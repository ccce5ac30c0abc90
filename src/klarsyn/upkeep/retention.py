"""
Klarsyn's own retention: what of the table in kept.py is due, and the job that erases it.

What is still there two days later is overdue, and `klarsyn storage check` says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from klarsyn.disclosure.around import Around
from klarsyn.durable import Json, Run, work
from klarsyn.journal import Journal
from klarsyn.people.ledger import Ledger, Person
from klarsyn.settings import OwnRetention, Schedule
from klarsyn.storage import Storage
from klarsyn.storage.queries import known
from klarsyn.upkeep.erased import remember
from klarsyn.upkeep.kept import TABLE, Kept

#: How late the job may be: it runs once a day, and may miss one.
GRACE: Final = timedelta(days=2)
NIGHTLY: Final = {"retention": Schedule(daily="03:30")}
"""When the job runs, where klarsyn.yaml does not say."""
_AT_ONCE: Final = 1000

Ended = Callable[[datetime], int]
"""Counts, or forgets, the steps of work that ended before an instant."""


@dataclass(frozen=True, slots=True)
class Due:
    """How much of a class is due to be erased, and how much should have been before."""

    kept: Kept
    period: str
    due: int
    overdue: int


def standing(storage: Storage, now: datetime, periods: OwnRetention, ended: Ended) -> list[Due]:
    """Return every class with what is due and overdue."""
    found = []
    for kept in TABLE:
        limit = kept.limit(periods, now)
        due = _count(storage, kept, limit, ended)
        late = due and kept.dated
        overdue = _count(storage, kept, limit - GRACE, ended) if late else 0
        found.append(Due(kept, kept.stated(periods), due, overdue))
    return found


def erase(
    storage: Storage, journal: Journal, now: datetime, periods: OwnRetention, forget: Ended
) -> dict[str, int]:
    """
    Erase what is due, and record how much of what; return the counts by class.

    May be repeated at any time: what is erased is recorded in the same transaction.
    """
    counts = {
        kept.id: sum(_erased(storage, journal, kept, kept.limit(periods, now), forget))
        for kept in TABLE
    }
    storage.tidy()
    return {one: count for one, count in counts.items() if count}


@work("upkeep.retention", 1, schedule="retention")
def retain(run: Run[Around]) -> Json:
    """Erase what is due, and write down for restores who was erased."""
    return run.step("erase", lambda: _retained(run.around))


def _retained(around: Around) -> dict[str, int]:
    if around.tombstones:
        remember(around.storage, around.tombstones)
    now = around.clock.now()
    return erase(around.storage, around.journal, now, around.retention, around.forget)


def _count(storage: Storage, kept: Kept, limit: datetime, ended: Ended) -> int:
    match kept.how:
        case "never":
            return 0
        case "steps":
            return ended(limit)
    ((count,),) = storage.run(kept.count, **_asked(kept.count, limit))
    return int(count or 0)


def _asked(query: str, limit: datetime) -> dict[str, float]:
    """Return what a query is asked with: the limit, unless it is about what is due at once."""
    return {"now": limit.timestamp()} if known()[query].parameters else {}


def _erased(
    storage: Storage, journal: Journal, kept: Kept, limit: datetime, forget: Ended
) -> Iterator[int]:
    """Yield how much was erased, transaction by transaction, until nothing is left."""
    if kept.how == "steps":
        # They lie in a database of their own, so here alone a crash may leave it unrecorded.
        yield _recorded(journal, kept, forget(limit))
        return
    more = kept.how != "never"
    while more:
        with storage.transaction():
            count, more = _PARTS[kept.how](storage, journal, kept, limit)
            yield _recorded(journal, kept, count)


def _recorded(journal: Journal, kept: Kept, count: int) -> int:
    if count:
        # Nothing is counted twice, so the key need not be known again.
        journal.append(
            f"retention:{kept.id}:{secrets.token_hex(8)}",
            "retention.erased",
            facts={"class": kept.id, "rows": count},
        )
    return count


def _by_queries(storage: Storage, _: Journal, kept: Kept, limit: datetime) -> tuple[int, bool]:
    count = 0
    for query in kept.drop:
        count += len(storage.run(query, **_asked(query, limit)))
    return count, False


def _recipients(
    storage: Storage, journal: Journal, kept: Kept, limit: datetime
) -> tuple[int, bool]:
    """Erase some, and by what people can be found of whom nothing is left."""
    (query,) = kept.drop
    ledger = Ledger(storage, journal.clock)
    dropped = storage.run(query, now=limit.timestamp(), most=_AT_ONCE)
    for person in {cast("Person", person) for (person,) in dropped}:
        if not storage.run("has_deliveries", person=person):
            ledger.forget_identities(person)
            journal.forget(person)
    return len(dropped), len(dropped) == _AT_ONCE


_PARTS: Final[Mapping[str, Callable[[Storage, Journal, Kept, datetime], tuple[int, bool]]]] = {
    "query": _by_queries,
    "recipients": _recipients,
}
