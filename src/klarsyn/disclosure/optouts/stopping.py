"""
Stopping mail at a vendor to those who have opted out, wherever they did.

Nothing is erased: the vendor's own mark keeps others from subscribing them again. Where no call
does it, a task says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.optouts.leavers import (
    address_of,
    in_one_place,
    leavers,
    stopped_by_us,
    telling,
)
from klarsyn.disclosure.sending.courier import AWAY
from klarsyn.disclosure.sending.removing import PATIENCE, SETTLED
from klarsyn.errors import KlarsynError, Throttled, VendorDown, said
from klarsyn.people.gate import MARKETING
from klarsyn.people.ledger import OptedOut, Person
from klarsyn.stored import to_json
from klarsyn.tasks.work import NewTask
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import Seen, read
from klarsyn.vendors.sheet import Record

BACK: Final = timedelta(hours=1)
"""When a vendor is tried again that refuses the key, or may not be written to."""
WITHIN: Final = timedelta(days=2)
"""How long a person is given where no call stops mail: Art. 21(3) knows no month."""


def stop_at(around: Around, run: str, vendor: str) -> dict[str, Any]:
    """Stop mail at one vendor to all who have opted out and whom it holds; may be repeated."""
    wanted = {one.person: one for one in around.ledger.opted_out(vendor, MARKETING)}
    stopping, why = Stopping(around, run, vendor), ""
    try:
        if wanted:
            stopping.all(wanted)
    except (Throttled, VendorDown) as error:
        why, stopping.later = to_json(error.message), error.after or AWAY.total_seconds()
    except KlarsynError as error:  # no key, no right, read-only
        why, stopping.later = to_json(error.message), BACK.total_seconds()
    return {"ends": dict(stopping.ends), "later": stopping.later, "why": why}


class Stopping:
    """What one run stops at one vendor."""

    def __init__(self, around: Around, run: str, vendor: str) -> None:
        """`run` names the work in the journal."""
        self._around = around
        self._run = run
        self._vendor = vendor
        self._origin = stopped_by_us(vendor)
        self.ends: Counter[str] = Counter()
        self.later = 0.0
        """Seconds after which somebody is looked for again, or a slow stop gone on with."""

    def all(self, wanted: Mapping[Person, OptedOut]) -> None:
        """Stop mail to everybody; whoever the vendor says has left is left alone."""
        bound = self._around.bind(self._vendor)
        record = telling(bound)
        if record is None or record.stop is None:
            for one in wanted.values():
                self._by_hand(one)
            return
        around = self._around.surroundings(self._vendor)
        with bound.open(Purpose.RECTIFY, around) as connection:
            settled = self._settled(connection, record)
            left = {who: one for who, one in wanted.items() if one.known_as not in settled}
            if left:
                self._each(connection, record, left)

    def _settled(self, connection: Connection, record: Record) -> frozenset[str]:
        """Return the keys of those who have left, and of whom it was proved that nothing is on."""
        told = self._around.facts.told_by(stopped_by_us(self._vendor))
        proved = frozenset(form for form, lifted in told.items() if not lifted)
        if not proved or not in_one_place(connection, record):
            return frozenset()
        hashes, every = self._around.hashes, self._around.hashes.keys.secrets
        return frozenset(
            one.key
            for one in leavers(connection, record)
            if not proved.isdisjoint(hashes.identities(one.identities, every))
        )

    def _each(
        self, connection: Connection, record: Record, left: Mapping[Person, OptedOut]
    ) -> None:
        """Find them in the whole list first: one that is stopped moves in the vendor's pages."""
        by_key = {one.known_as: one for one in left.values() if one.known_as}
        ledger = self._around.ledger
        by_address = {form: one for who, one in left.items() for form in ledger.identities_of(who)}
        found: list[tuple[OptedOut, Seen]] = []
        for page in read(connection, record):
            for seen in page:
                one = by_key.get(seen.key) or self._known(seen, by_address)
                if one:
                    found.append((one, seen))
        for number, (one, seen) in enumerate(found):
            if jobs.stopped(connection, seen.target):
                self._around.facts.opt_out(address_of(seen), self._now, self._origin)
            else:
                self._stop(connection, one, seen, number)
        now = self._now.timestamp()
        met = {one.person for one, _ in found}
        if any(who not in met and now - one.last_at < SETTLED for who, one in left.items()):
            self.ends["not-listed"] += 1
            self.later = max(self.later, AWAY.total_seconds())

    def _known(self, seen: Seen, by_address: Mapping[bytes, OptedOut]) -> OptedOut | None:
        hashes = self._around.hashes
        forms = hashes.identities(address_of(seen), hashes.keys.secrets)
        return next((by_address[one] for one in forms if one in by_address), None)

    def _stop(self, connection: Connection, one: OptedOut, seen: Seen, number: int) -> None:
        outcome = jobs.stop(connection, seen.target, patience=PATIENCE)
        if outcome.state == "later":
            self.later = max(self.later, outcome.after or AWAY.total_seconds())
            self.ends["later"] += 1
        elif outcome.state != "done":
            self._by_hand(one)
        else:
            proof = "verified" if jobs.stopped(connection, seen.target) else "claimed"
            self._stopped(one, seen, number, proof)

    def _stopped(self, one: OptedOut, seen: Seen, number: int, proof: str) -> None:
        around = self._around
        subject = around.journal.subject(one.person)
        with around.storage.transaction():
            around.facts.opt_out(address_of(seen), self._now, self._origin)
            around.journal.append(
                f"{self._run}:stopped:{self._vendor}:{subject}:{number}",
                "optout.stopped",
                vendor=self._vendor,
                facts={"family": MARKETING},
                people=[(subject, {"outcome": "stopped", "proof": proof})],
            )
        self.ends["stopped"] += 1

    @property
    def _now(self) -> datetime:
        return self._around.clock.now()

    def _by_hand(self, one: OptedOut) -> None:
        around = self._around
        subject = around.journal.subject(one.person)
        since = datetime.fromtimestamp(one.since, UTC).date()
        name = self._around.register.vendors[self._vendor].name
        around.tasks.open(
            NewTask(
                key=f"opt-out:{self._vendor}:{subject}:{since.isoformat()}",
                kind="manual",
                vendor=self._vendor,
                what=said("{vendor}: stop mail to a person who has opted out", vendor=name),
                due=around.today + WITHIN,
                subject=subject,
            )
        )
        self.ends["by-hand"] += 1
