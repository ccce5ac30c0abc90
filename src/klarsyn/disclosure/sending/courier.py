"""
Sends rows to one vendor, batch by batch, and writes down what became of each.

A row is marked as under way before anything is sent, and its outcome is kept together with its
entry in the journal. So a crash leaves rows whose outcome is open, never rows that are forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.sending.refusals import FEW, MANY, Refusals
from klarsyn.disclosure.sending.rows import Ready
from klarsyn.errors import (
    CallRefused,
    KeyRefused,
    KlarsynError,
    Message,
    RightsMissing,
    Throttled,
    VendorDown,
    VendorError,
    said,
)
from klarsyn.people.ledger import Finished, Person
from klarsyn.transport.connection import Connection
from klarsyn.transport.words import Repeat
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import RowOutcome, RowState

ATTEMPTS: Final = 4
"""So often a row is tried that the vendor refuses; then it is a dead letter."""
PAUSES: Final = tuple(timedelta(minutes=one) for one in (10, 120, 1440))
"""How long a row waits after its first, second, third refusal."""
AWAY: Final = timedelta(minutes=10)
"""How long a vendor is left alone that is down and does not say until when."""
DOUBTS: Final = 5
"""After so many calls in succession of which nobody knows the outcome, a vendor is left alone."""
BY: Final = "klarsyn"
"""Who pauses a vendor that refuses everybody, as the journal has it."""
IN_DOUBT = said("it was sent, and nobody knows whether it arrived")
SILENT = said("the vendor has not told what became of this row")
IN_A_ROW = said("the vendor left the outcome of several calls in a row open")


@dataclass(slots=True)
class Sendings:
    """What became of rows so far."""

    ends: Counter[str] = field(default_factory=Counter)
    later: float = 0
    """Seconds after which the vendor may be asked again; 0 where it need not be waited for."""
    stopped: Message | None = None
    """Why nothing more can be sent: a key, a right."""
    known: list[Person] = field(default_factory=list, repr=False)
    """Whose rows arrived: some of them are read back."""

    @property
    def over(self) -> bool:
        """Whether the vendor takes no more for now."""
        return bool(self.later or self.stopped)


class Courier:
    """Sends rows of one vendor over an open connection."""

    def __init__(
        self,
        around: Around,
        opened: Ceiling,
        connection: Connection,
        run: str,
        where: Mapping[str, Any],
    ) -> None:
        """`run` names the work in the journal; `where` are the places that the record lies in."""
        self._around = around
        self._ceiling = opened
        self._connection = connection
        self._run = run
        self._where = where
        self._doubts = 0
        self._refusals = Refusals()
        self._refused_before = around.letters.people(opened.vendor)
        self.sent = Sendings()

    def send(self, batch: Sequence[Ready]) -> None:
        """Send rows that fit into one call; refused together, they are sent in halves."""
        if self.sent.over or not batch:
            return
        vendor = self._ceiling.vendor
        self._around.ledger.claim(vendor, [one.change.person for one in batch])
        self._try(batch)

    def end(self) -> None:
        """Look back on a run that has no more rows."""
        self._gave_up(FEW)

    def take(self, one: Ready, outcome: RowOutcome) -> None:
        """Write down what became of a row that got there in another way."""
        if outcome.state != "refused":
            self._refusals.note(one.change, outcome)
        self._ended([(one, outcome)])

    def wait(self, rows: Iterable[Ready], error: KlarsynError) -> None:
        """Let rows wait: the vendor takes no more for now, or nothing at all with this key."""
        if isinstance(error, (Throttled, VendorDown)):
            self.sent.later = error.after or AWAY.total_seconds()
        else:
            self.sent.stopped = error.message
        self._postponed(rows, error.message, self.sent.later)

    def _try(self, batch: Sequence[Ready]) -> None:
        ceiling, left = self._ceiling, {one.row.key: one for one in batch}
        ended: list[tuple[Ready, RowOutcome]] = []
        rows = [one.row for one in batch]
        try:
            for outcome in jobs.deliver(
                self._connection, ceiling.record, rows, ceiling.names, self._where
            ):
                one = left.pop(outcome.row.key)
                ended.append((one, outcome))
                self._refusals.note(one.change, outcome)
                if ceiling.how.alone and self._over(outcome):
                    break
        except (CallRefused, KeyRefused, RightsMissing, Throttled, VendorDown) as error:
            self._ended(ended)
            self.wait(left.values(), error)
        except VendorError as error:
            self._ended(ended)
            self._failed(list(left.values()), error)
        except Exception as error:  # noqa: BLE001  (one row that breaks a sheet stops no other)
            self._ended(ended)
            self._failed(list(left.values()), error)
        else:
            self._ended(ended)
            if self._gave_up(MANY) or self.sent.over:
                self._postponed(left.values(), self.sent.stopped or IN_A_ROW, self.sent.later)
                return
            for one in left.values():
                self._end(one, "unknown", SILENT)
            if not ceiling.how.alone:
                self._doubted(doubtful=all(found.state == "unknown" for _, found in ended))

    def _failed(self, batch: Sequence[Ready], error: Exception) -> None:
        """
        Send halves of what was refused or broke as a whole; one row alone ends by itself.

        Where Klarsyn itself has stumbled, nobody knows how far it had come.
        """
        sure = isinstance(error, VendorError) and error.id in _SURE
        doubtful = isinstance(error, VendorError) and not sure
        if doubtful or (len(batch) == 1):
            told = error.message if isinstance(error, KlarsynError) else stumbled(error)
            state: RowState = "refused" if sure else "unknown"
            for one in batch:
                self._refusals.note(one.change, RowOutcome(one.row, state, why=told))
                self._end(one, state, told)
            self._doubted(doubtful=doubtful)
            self._gave_up(MANY)
            return
        middle = len(batch) // 2
        for half in (batch[:middle], batch[middle:]):
            if half and not self.sent.over:
                self._try(half)
            elif half:
                self._postponed(half, said("the vendor takes no more for the moment"))

    def _doubted(self, *, doubtful: bool) -> bool:
        """Count calls of unknown outcome; return whether the vendor is left alone from now on."""
        self._doubts = self._doubts + 1 if doubtful else 0
        if self._doubts >= DOUBTS:
            self.sent.later = self.sent.later or AWAY.total_seconds()
        return self.sent.over

    def _over(self, outcome: RowOutcome) -> bool:
        """Tell after a call of its own for one row whether the vendor is left alone from now on."""
        return self._doubted(doubtful=outcome.state == "unknown") or self._gave_up(MANY)

    def _gave_up(self, least: int) -> bool:
        """Pause a vendor that has refused every row so far for one reason."""
        why = None if self.sent.over else self._refusals.all_for(least)
        if why is None:
            return False
        around, vendor = self._around, self._ceiling.vendor
        self.sent.stopped = said("the vendor refuses every row: {why}", why=why)
        key = f"{self._run}:paused:{int(around.clock.now().timestamp() * 1000)}"
        facts: dict[str, Any] = {"run": self._run, "refused": self._refusals.count}
        with around.storage.transaction():
            around.pauses.pause(vendor, BY, self.sent.stopped)
            around.journal.append(key, "delivery.paused", vendor=vendor, by=BY, facts=facts)
        return True

    # Ends

    def _ended(self, ended: Sequence[tuple[Ready, RowOutcome]]) -> None:
        """Write down what arrived, together with its entry in the journal; then what did not."""
        arrived = [(one, found) for one, found in ended if found.state in _ARRIVED]
        if arrived:
            self._arrived(arrived)
        for one, found in ended:
            if found.state not in _ARRIVED:
                self._end(one, found.state, found.why or IN_DOUBT)

    def _arrived(self, arrived: Sequence[tuple[Ready, RowOutcome]]) -> None:
        around, vendor = self._around, self._ceiling.vendor
        with around.storage.transaction():
            subjects = around.journal.subjects.of([one.change.person for one, _ in arrived])
            around.ledger.finish_all(
                vendor,
                [Finished(one.change, found.known_as) for one, found in arrived],
            )
            refused = self._refused_before & {one.change.person for one, _ in arrived}
            if refused:
                around.letters.drop(vendor, refused)
            first = arrived[0][0].change
            around.journal.append(
                f"{self._run}:sent:{subjects[first.person]}:{first.attempts}",
                "delivery.sent",
                vendor=vendor,
                facts={"run": self._run, "rows": len(arrived)},
                people=[
                    (subjects[one.change.person], _facts(found.state, one.sets, one.clears))
                    for one, found in arrived
                ],
            )
        self.sent.ends.update(found.state for _, found in arrived)
        self.sent.known += [one.change.person for one, _ in arrived]

    def _end(self, one: Ready, state: RowState, why: Message) -> None:
        """Decide what comes next for a row that has not arrived, or may not have."""
        ledger, vendor, person = self._around.ledger, self._ceiling.vendor, one.change.person
        attempts, doubt = one.change.attempts + 1, state == "unknown"
        if doubt and self._ceiling.how.repeat is Repeat.NEVER:
            ledger.postpone(vendor, person, "unknown", why)
            self.sent.ends["unknown"] += 1
        elif attempts >= ATTEMPTS:
            with self._around.storage.transaction():
                self._around.letters.put(vendor, person, one.row.values)
                self._refused_before.add(person)
                ledger.postpone(vendor, person, "dead", why, in_doubt=doubt)
            self.sent.ends["dead"] += 1
        else:
            pause = PAUSES[min(attempts, len(PAUSES)) - 1]
            at = self._around.clock.now() + pause
            ledger.postpone(vendor, person, "waiting", why, at.timestamp(), in_doubt=doubt)
            self.sent.ends[state] += 1

    def _postponed(self, rows: Iterable[Ready], why: Message, after: float = 0) -> None:
        """Let rows wait through no fault of theirs."""
        at = self._around.clock.now().timestamp() + after
        people = [one.change.person for one in rows]
        self._around.ledger.release(self._ceiling.vendor, people, why, at)
        self.sent.ends["waiting"] += len(people)


@lru_cache(maxsize=256)
def _facts(
    outcome: str, sets: frozenset[str], clears: frozenset[str]
) -> Mapping[str, str | list[str]]:
    """Return what the journal tells of a row: of thousands it is the same."""
    return {"outcome": outcome, "set": sorted(sets), "cleared": sorted(clears)}


_ARRIVED = frozenset({"created", "updated", "queued"})
_SURE = frozenset({"record-refused", "not-there"})
"""Errors that say that nothing was done; after any other a row may have arrived."""


def stumbled(error: Exception) -> Message:
    """Return what may be told of an error of our own: its kind, never its text."""
    return said("Klarsyn stumbled over this row: {kind}", kind=type(error).__name__)
