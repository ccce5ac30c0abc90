"""
The delivery ledger: what each vendor was sent of each person, as hashes; and what should change.

A person is 16 bytes, a value 12 (see hashes.py). What differs between the source and what is
held (see snapshot.py) becomes changes, the rows of work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Final, Literal, NewType, Protocol, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from klarsyn.clock import Clock
from klarsyn.errors import Message
from klarsyn.people import packed
from klarsyn.storage import Storage, Value
from klarsyn.stored import from_json, to_json

Person = NewType("Person", bytes)
"""16 bytes that stand for a person; see hashes.py."""

Kind = Literal["create", "update", "clear", "remove"]
State = Literal["waiting", "sending", "unknown", "dead"]
"""Unknown: sent, and nobody knows whether it arrived. Dead: tried to the end, and refused."""

IDENTITY_BYTES: Final = 16
"""Of a hash by which somebody can be asked for; see hashes.py."""
_EVER = 1e12
"""An instant behind all others."""


class Difference(Struct, frozen=True, gc=False):
    """What is to be done about one person at one vendor; elements by their numbers."""

    person: Person
    kind: Kind
    sets: frozenset[int]
    clears: frozenset[int]
    wanted: bytes
    held: bytes = b""


class Change(Struct, frozen=True, gc=False):
    """A difference that is being worked on."""

    person: Person
    key_id: str
    run: str
    kind: Kind
    wanted: bytes
    state: State
    attempts: int
    next_at: float
    why: str
    sent_at: float | None = None
    """When it was last begun with."""
    in_doubt: int = 0
    """1 where the vendor may have it already: a worker died, or a reply was lost."""
    held: bytes = b""
    """What the vendor holds now."""
    known_as: str = ""
    """The vendor's key of the person, where it told one."""

    def held_for(self, now: datetime) -> float:
        """Return for how many seconds the vendor has had what it was sent last."""
        last = max((at for _, at in packed.read_held(self.held).values()), default=0)
        return now.timestamp() - last

    @property
    def difference(self) -> tuple[frozenset[int], frozenset[int]]:
        """The numbers to set, and those to clear."""
        if not self.held:
            return packed.numbers(self.wanted), packed.NONE
        new, old = packed.read_wanted(self.wanted), packed.read_held(self.held)
        sets = (one for one, hash_ in new.items() if one not in old or old[one][0] != hash_)
        return frozenset(sets), frozenset(old.keys() - new.keys())

    @property
    def reason(self) -> Message | None:
        """Why it waits, or ended."""
        return from_json(self.why) if self.why else None


class Finished(Struct, frozen=True, gc=False):
    """A change that a vendor has taken."""

    change: Change
    known_as: str = ""
    """The vendor's own key of the person, where it told one."""
    lost: frozenset[int] = frozenset()
    """What the vendor did not take, by number: that stays as it was."""

    def held_from(self, since: int) -> tuple[bytes, bytes]:
        """Return what the vendor holds now, packed, with and without since when."""
        if not self.change.held and not self.lost:
            return packed.held_first(self.change.wanted, since), self.change.wanted
        new = packed.read_wanted(self.change.wanted)
        old = packed.read_held(self.change.held)
        holds = {
            number: old[number] if number in old and old[number][0] == one else (one, since)
            for number, one in new.items()
            if number not in self.lost
        }
        held = packed.held(holds | {number: old[number] for number in self.lost & old.keys()})
        return held, packed.as_wanted(held)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a vendor holds of a person; nothing any more where `held` is empty."""

    vendor: str
    person: Person
    key_id: str
    known_as: str
    held: bytes
    first_at: float
    last_at: float


@dataclass(frozen=True, slots=True)
class OptedOut:
    """Somebody at a vendor who has opted out, the last time at `since`."""

    person: Person
    known_as: str
    last_at: float
    """When the vendor was last sent something of them."""
    since: float


class _OfPerson(Protocol):
    @property
    def person(self) -> Person: ...


P = TypeVar("P", bound=_OfPerson)


@dataclass(frozen=True, slots=True)
class _Waiting:
    person: Person


@dataclass(frozen=True, slots=True)
class Placed:
    """A data element at a place, by its number."""

    number: int
    element: str
    place: str


class Ledger:
    """The ledger in a storage."""

    def __init__(self, storage: Storage, clock: Clock, page: int = 10_000) -> None:
        """Keep it there; instants are the clock's; `page` rows are read at a time."""
        self._storage = storage
        self._clock = clock
        self._page = page

    # Numbers

    def numbers(self, vendor: str, places: Mapping[str, str]) -> dict[str, int]:
        """Return the number of each element at its place; new ones are given the next."""
        known = {(one.element, one.place): one.number for one in self.placed(vendor)}
        for element, place in places.items():
            if (element, place) not in known:
                self._storage.run("add_element_number", vendor=vendor, element=element, place=place)
        known = {(one.element, one.place): one.number for one in self.placed(vendor)}
        return {element: known[element, place] for element, place in places.items()}

    def placed(self, vendor: str) -> list[Placed]:
        """Return every element that was ever sent to a vendor, with its place there."""
        return self._storage.read(Placed, "element_numbers", vendor=vendor)

    def count(self, vendor: str) -> int:
        """Return of how many people a vendor holds something."""
        ((count,),) = self._storage.run(
            "count_deliveries", vendor=vendor, removed=packed.digest(b"")
        )
        return int(count or 0)

    def holds_anybody(self, vendor: str) -> bool:
        """Return whether a vendor holds something of anybody; people need not be counted for it."""
        removed = packed.digest(b"")
        return bool(self._storage.run("any_delivery", vendor=vendor, removed=removed))

    # Changes

    def put_changes(
        self, vendor: str, run: str, key_id: str, differences: Sequence[Difference]
    ) -> None:
        """Note changes that are to be carried out; what is under way or was refused stays."""
        columns: dict[str, list[Value]] = {
            "person": [one.person for one in differences],
            "kind": [one.kind for one in differences],
            "wanted": [one.wanted for one in differences],
        }
        at = self._clock.now().timestamp()
        self._storage.run_many("put_change", columns, vendor=vendor, run=run, key_id=key_id, at=at)

    def changes(self, vendor: str) -> Iterator[Change]:
        """Yield the changes of a vendor that wait and may be tried by now, by person."""
        return self._changes(vendor, "waiting", self._clock.now().timestamp())

    def to_send(self, vendor: str) -> set[Person]:
        """Return of whom something waits to be sent and may be by now; removals are not sent."""
        now = self._clock.now().timestamp()
        waiting = self._paged(_Waiting, "people_to_send", vendor=vendor, now=now)
        return {one.person for one in waiting}

    def waiting(self, vendor: str, people: Sequence[Person]) -> list[Change]:
        """Return the changes of people that wait; not those that were taken back or carried out."""
        same: dict[str, Value] = {"vendor": vendor, "nothing": b""}
        return self._storage.read_for(Change, "waiting_changes", people, **same)

    def all(self, vendor: str, state: State) -> Iterator[Change]:
        """Yield every change of a vendor in a state, by person."""
        return self._changes(vendor, state, _EVER)

    def _changes(self, vendor: str, state: State, until: float) -> Iterator[Change]:
        same: dict[str, Value] = {"vendor": vendor, "state": state, "now": until, "nothing": b""}
        return self._paged(Change, "changes_after", **same)

    def claim(self, vendor: str, people: Sequence[Person]) -> None:
        """Mark changes as under way; durable when this returns, before anything is sent."""
        now = self._clock.now().timestamp()
        self._storage.run_for("claim_changes", people, vendor=vendor, now=now)

    def postpone(
        self,
        vendor: str,
        person: Person,
        state: State,
        why: Message,
        next_at: float = 0,
        *,
        in_doubt: bool = False,
    ) -> None:
        """Let a change wait until an instant, or end, with its reason; doubt stays where it was."""
        self._storage.run(
            "postpone_change",
            vendor=vendor,
            person=person,
            state=state,
            next_at=next_at,
            why=to_json(why),
            in_doubt=int(in_doubt),
        )

    def release(
        self, vendor: str, people: Sequence[Person], why: Message, next_at: float = 0
    ) -> None:
        """Let changes wait that were claimed and could not be tried: no attempt is counted."""
        same: dict[str, Value] = {"vendor": vendor, "next_at": next_at, "why": to_json(why)}
        self._storage.run_for("release_changes", people, **same)

    def settle(self, vendor: str, state: State, why: Message) -> int:
        """Decide about what was under way when a worker died; return how many there were."""
        settled = self._storage.run("settle_sending", vendor=vendor, state=state, why=to_json(why))
        return len(settled)

    def in_doubt(self, vendor: str) -> frozenset[Person]:
        """Return whose changes a vendor may have, though they wait to be sent again."""
        rows = self._storage.run("changes_in_doubt", vendor=vendor)
        return frozenset(Person(person) for (person,) in rows)  # type: ignore[arg-type]

    def drop(self, vendor: str, person: Person) -> None:
        """Take a change back that nobody has begun with."""
        self._storage.run("drop_change", vendor=vendor, person=person)

    def next_at(self, vendor: str) -> float | None:
        """Return when the next waiting change may be tried; None where none waits."""
        ((at,),) = self._storage.run("next_change", vendor=vendor)
        return None if at is None else float(at)

    def counts(self) -> dict[str, dict[tuple[Kind, State], int]]:
        """Count the open changes by vendor, kind and state."""
        found: dict[str, dict[tuple[Kind, State], int]] = {}
        for vendor, kind, state, count in self._storage.run("change_counts"):
            found.setdefault(str(vendor), {})[kind, state] = int(count or 0)  # type: ignore[index]
        return found

    # Holdings

    def finish(
        self,
        vendor: str,
        change: Change,
        *,
        known_as: str = "",
        lost: frozenset[int] = frozenset(),
    ) -> None:
        """
        Note that a vendor has taken a change; what it did not take, by number, stays as it was.

        Runs in the caller's transaction, or in one of its own.
        """
        with self._storage.transaction():
            before = self.holding(vendor, change.person)
            now_held = replace(change, held=before.held if before else b"")
            self.finish_all(vendor, [Finished(now_held, known_as, lost)])

    def finish_all(self, vendor: str, finished: Sequence[Finished]) -> None:
        """Note that a vendor has taken changes; each knows what was held before."""
        now = self._clock.now().timestamp()
        held = [one.held_from(int(now)) for one in finished]
        people = [one.change.person for one in finished]
        columns: dict[str, Sequence[Value]] = {
            "person": people,
            "key_id": [one.change.key_id for one in finished],
            "known_as": [one.known_as for one in finished],
            "held": [one for one, _ in held],
            "digest": packed.digests(bare for _, bare in held),
        }
        with self._storage.transaction():
            self._storage.run_many("put_delivery", columns, vendor=vendor, at=now)
            self._storage.run_for("finish_changes", people, vendor=vendor)

    def holding(self, vendor: str, person: Person) -> Holding | None:
        """Return what a vendor holds of a person, or None where it never held anything."""
        found = self._storage.read(Holding, "delivery", vendor=vendor, person=person)
        return found[0] if found else None

    def holdings_of(self, person: Person) -> list[Holding]:
        """Return what every vendor holds, or once held, of a person (GDPR Art. 15(1)(c), 19)."""
        return self._storage.read(Holding, "deliveries_of", person=person)

    def holdings_at(self, vendor: str) -> Iterator[Holding]:
        """Yield whom a vendor holds, or once held, by person."""
        return self._paged(Holding, "deliveries_to", vendor=vendor)

    def opted_out(self, vendor: str, family: str) -> Iterator[OptedOut]:
        """Yield of whom a vendor holds something who opted out of a family, by person."""
        return self._paged(OptedOut, "opted_out_at", vendor=vendor, family=family)

    def _paged(self, into: Callable[..., P], query: str, **same: Value) -> Iterator[P]:
        """Yield what a query has, by person, a page at a time."""
        after = b""
        while rows := self._storage.read(into, query, **same, after=after, most=self._page):
            yield from rows
            after = rows[-1].person

    def know(self, key_id: str, people: Iterable[tuple[Person, Sequence[bytes]]]) -> None:
        """Let people be found by the hashes of what is known of them."""
        # In one order, so that two who note the same people do not wait for each other.
        known = sorted((person, sorted(set(each))) for person, each in people if each)
        pairs = sorted([(one, person) for person, each in known for one in each], key=itemgetter(0))
        columns: dict[str, Sequence[Value]] = {
            "hash": [one for one, _ in pairs],
            "person": [person for _, person in pairs],
        }
        together: dict[str, Sequence[Value]] = {
            "person": [person for person, _ in known],
            "hashes": [b"".join(each) for _, each in known],
        }
        with self._storage.transaction():
            self._storage.run_many("put_identity", columns)
            self._storage.run_many("put_known_by", together, key_id=key_id)

    def identities_of(self, person: Person) -> frozenset[bytes]:
        """Return the hashes by which a person can be asked for."""
        rows = self._storage.run("known_by", person=person)
        together = cast("list[tuple[bytes]]", rows)
        return frozenset(
            hashes[begin : begin + IDENTITY_BYTES]
            for (hashes,) in together
            for begin in range(0, len(hashes), IDENTITY_BYTES)
        )

    def people_known_by(self, identity: bytes) -> list[Person]:
        """Return the persons who can be asked for by this hash."""
        rows = self._storage.run("people_of_identity", hash=identity)
        return [Person(person) for (person,) in rows]  # type: ignore[arg-type]

    def forget(self, person: Person) -> None:
        """Erase that anything was ever sent of a person."""
        with self._storage.transaction():
            for one in self.holdings_of(person):
                self._storage.run("forget_delivery", vendor=one.vendor, person=person)
                self.drop(one.vendor, person)
            self.forget_identities(person)

    def forget_identities(self, person: Person) -> None:
        """Erase by what a person could be asked for."""
        with self._storage.transaction():
            columns = {"hash": sorted(self.identities_of(person))}
            self._storage.run_many("forget_identity", columns, person=person)
            self._storage.run("forget_known_by", person=person)
