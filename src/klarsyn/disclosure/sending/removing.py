"""
Removing people from a vendor: whoever left the population, or the source, is erased there.

As far as the vendor's sheet goes; where a person has to do it, a task says what and by when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Mapping
from typing import Any, Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.plans.references import references, shown
from klarsyn.disclosure.sending.courier import ATTEMPTS, AWAY, PAUSES, stumbled
from klarsyn.disclosure.sending.rows import returned
from klarsyn.errors import KlarsynError, Message, said
from klarsyn.journal import in_no_order
from klarsyn.people.ledger import Change, Person
from klarsyn.tasks import Case, for_job
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Target

PATIENCE: Final = 60.0
"""Seconds for which an erasure in several stages is waited for; then it is gone on with later."""
SETTLED: Final = 86_400.0
"""Seconds after which a list is believed that does not have a record: many lag, some for hours."""
NOT_LISTED = said("the vendor does not list them yet")
SHARED = said("the vendor's record is that of another customer, too, who stays")
NO_KEY = said("the vendor never told by which key it knows this person")


class Removing:
    """The removals of one vendor that wait."""

    def __init__(self, around: Around, opened: Ceiling, run: str) -> None:
        """`run` names the work in the journal."""
        self._around = around
        self._ceiling = opened
        self._run = run
        self._vendor = opened.vendor
        self._bound = around.bind(opened.vendor)
        self._ends: Counter[str] = Counter()

    def all(self) -> dict[str, Any]:
        """Remove everybody who waits for it; the vendor's list is read once for all of them."""
        ledger = self._around.ledger
        waiting = self._wanted()
        later = 0.0
        if waiting:
            ledger.claim(self._vendor, [one.person for one in waiting])
            around = self._around.surroundings(self._vendor)
            try:
                with self._bound.open(Purpose.ERASE, around) as connection:
                    self._each(connection, waiting)
            except KlarsynError as error:
                later = getattr(error, "after", None) or AWAY.total_seconds()
                ledger.settle(self._vendor, "waiting", error.message)
            except Exception as error:  # noqa: BLE001  (a list that cannot be read lasts, often)
                later = AWAY.total_seconds()
                ledger.settle(self._vendor, "waiting", stumbled(error))
        return {"ends": dict(self._ends), "later": later}

    def _wanted(self) -> list[Change]:
        """Return who is to be removed still; a removal may wait for days, and somebody return."""
        ledger = self._around.ledger
        waiting = [one for one in ledger.changes(self._vendor) if one.kind == "remove"]
        older = {one.person for one in waiting if one.run != self._run}
        back = returned(self._around, self._ceiling, older) if older else frozenset()
        for person in back:
            ledger.drop(self._vendor, person)
        return [one for one in waiting if one.person not in back]

    def _each(self, connection: Connection, waiting: list[Change]) -> None:
        keys = {one.person: one.known_as for one in waiting}
        targets = self._targets(connection, keys) if self._ceiling.record.erase else {}
        shared = self._shared(frozenset(filter(None, keys.values())), keys)
        for one in in_no_order(waiting):
            key = keys[one.person]
            target = targets.get(key)
            if self._ceiling.record.erase is None:
                self._by_hand(one, jobs.Outcome("refused", why=said("no call erases it")))
            elif not key:
                self._by_hand(one, jobs.Outcome("unknown", why=NO_KEY))
            elif key in shared:
                self._by_hand(one, jobs.Outcome("refused", why=SHARED))
            elif target is None and one.held_for(self._around.clock.now()) < SETTLED:
                self._wait(one, NOT_LISTED, AWAY.total_seconds())
            elif target is None:
                self._removed(one, {"outcome": "not-there"})
            else:
                self._tried(connection, one, target)

    def _targets(self, connection: Connection, keys: dict[Person, str]) -> dict[str, Target]:
        """Return the records by the vendor's key; whose was never told is found by reference."""
        opened, theirs = self._ceiling, frozenset(filter(None, keys.values()))
        sent = references(self._around, opened, [one for one in keys if not keys[one]])
        whose = {reference: person for person, reference in sent.items()}
        targets: dict[str, Target] = {}
        for page in read(connection, opened.record) if theirs or whose else ():
            for seen in page:
                person = whose.get(shown(opened, seen)) if whose else None
                if person:
                    keys[person] = seen.key
                if person or seen.key in theirs:
                    targets[seen.key] = seen.target
        return targets

    def _shared(self, keys: Collection[str], leaving: Container[Person]) -> set[str]:
        """Return the keys by which the vendor knows somebody who stays: two had one address."""
        every = self._around.ledger.holdings_at(self._vendor) if keys else ()
        stays = (one for one in every if one.held and one.person not in leaving)
        return {one.known_as for one in stays if one.known_as in keys}

    def _tried(self, connection: Connection, one: Change, target: Target) -> None:
        try:
            self._erased(connection, one, target)
        except KlarsynError:
            raise
        except Exception as error:  # noqa: BLE001  (one record that breaks a sheet stops no other)
            self._wait(one, stumbled(error), PAUSES[0].total_seconds())

    def _erased(self, connection: Connection, one: Change, target: Target) -> None:
        outcome = jobs.erase(connection, target, patience=PATIENCE)
        if outcome.state == "done":
            level = outcome.level.value if outcome.level else ""
            proved = "verified" if jobs.gone(connection, target) else "claimed"
            self._removed(one, {"outcome": "removed", "level": level, "proof": proved})
        elif outcome.state == "later":
            why = outcome.why or said("the vendor has not finished")
            self._wait(one, why, outcome.after or AWAY.total_seconds())
        else:
            self._by_hand(one, outcome)

    def _removed(self, one: Change, facts: Mapping[str, str]) -> None:
        around = self._around
        subject = around.journal.subject(one.person)
        with around.storage.transaction():
            around.ledger.finish(self._vendor, one)
            around.journal.append(
                f"{self._run}:removed:{subject}",
                "delivery.removed",
                vendor=self._vendor,
                facts={"run": self._run},
                people=[(subject, facts)],
            )
        self._ends["removed"] += 1

    def _by_hand(self, one: Change, outcome: jobs.Outcome) -> None:
        """Leave it to a person; the change stays until they are done, and is not tried again."""
        around = self._around
        subject = around.journal.subject(one.person)
        case = Case(
            key=f"removal:{self._vendor}:{subject}",
            vendor=self._vendor,
            company=around.register.company.name,
            today=around.today,
            subject=subject,
        )
        task = for_job(case, self._bound.vendor, "erase", outcome)
        if task is not None:
            around.tasks.open(task)
        why = outcome.why or said("a person has to do this at the vendor")
        around.ledger.postpone(self._vendor, one.person, "unknown", why)
        self._ends["by-hand"] += 1

    def _wait(self, one: Change, why: Message, seconds: float) -> None:
        at = self._around.clock.now().timestamp() + seconds
        if one.attempts >= ATTEMPTS:
            at += PAUSES[-1].total_seconds()
        self._around.ledger.postpone(self._vendor, one.person, "waiting", why, at)
        self._ends["later"] += 1
