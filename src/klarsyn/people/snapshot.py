"""
One reading of the source, compared with what vendors hold.

Each person is staged once, with the hashes of all elements and a byte for each vendor, in a table
of the connection's own; then people and ledger are walked side by side, a page of people at a time.
Memory stays flat. Whole columns are compared by their digests, and only for those who differ is
read what is held.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self, cast

from klarsyn.people import packed
from klarsyn.people.ledger import Difference, Kind, Person
from klarsyn.storage import Storage

WANTED: Final = 0
"""The state of somebody who is sent to a vendor."""
ELSEWHERE: Final = 1
"""The state of somebody whom the vendor should not hold: not of its population."""
FIRST_REASON: Final = 2
"""States from here on are reasons why nothing is sent, and nothing is taken back either."""

_REMOVED: Final = packed.digest(b"")
"""The digest of what is held of somebody who was removed."""
_BEHIND_ALL: Final = b"\xff" * 17
"""Greater than any person."""


@dataclass(frozen=True, slots=True)
class _Page:
    """People of the source, one after the other by their hashes, in columns."""

    people: Sequence[Person]
    hashes: Sequence[Sequence[bytes]]
    """By element: everybody's hash."""
    states: Sequence[bytes]
    gaps: Collection[int]
    """Elements of which not everybody has a value."""

    @classmethod
    def of(cls, rows: Sequence[tuple[Person, bytes, bytes]], elements: int) -> _Page:
        people, hashes, states = zip(*rows, strict=True)
        each = struct.Struct(f"{packed.HASH_BYTES}s" * elements).unpack
        columns = list(zip(*map(each, hashes), strict=True))
        gaps = {at for at, column in enumerate(columns) if packed.NOTHING in column}
        return cls(people, columns, states, gaps)


@dataclass(frozen=True, slots=True)
class _Wants:
    """What a vendor is sent: elements by their place in a staged row, with their numbers."""

    vendor: str
    at: int
    """Which of the vendors of a snapshot it is."""
    elements: Sequence[tuple[int, int]]

    def of(self, page: _Page) -> list[bytes]:
        """Return what it should hold of everybody, packed."""
        columns = [
            (number, page.hashes[place], place in page.gaps) for place, number in self.elements
        ]
        return packed.wanted_of_all(columns, len(page.people))


@dataclass(slots=True)
class Snapshot:
    """
    A reading of the source for some vendors, in one thread; a context manager.

    First everybody is staged, then `in_order` is called, then all else can be asked. Nothing of it
    stays: not after a crash either.
    """

    storage: Storage
    elements: Sequence[str]
    """All elements of any vendor, in the order in which their hashes are staged."""
    vendors: Mapping[str, Mapping[str, int]]
    """By vendor: the number of each element that is sent there."""
    page: int = 10_000

    def __enter__(self) -> Self:
        self.storage.run("begin_staging")
        return self

    def __exit__(self, *_: object) -> None:
        self.storage.run("end_staging")

    def stage(
        self,
        people: Sequence[Person],
        hashes: Mapping[str, Sequence[bytes]],
        states: Sequence[bytes],
    ) -> None:
        """
        Note people: the hashes of each element, b"" for no value; a byte for each vendor.

        Nobody twice; only once they are in order are those left out who are there.
        """
        none = [b""] * len(people)
        each = [hashes.get(one, none) for one in self.elements]
        rows = zip(*each, strict=True)
        joined = (
            [b"".join([one or packed.NOTHING for one in row]) for row in rows] if each else none
        )
        columns = {"person": people, "hashes": joined, "states": states}
        self.storage.run_many("stage", columns)

    def in_order(self) -> None:
        """Put all who were staged in order; StorageConflict where somebody was staged twice."""
        self.storage.run("order_staged")

    def staged(self, people: Sequence[Person], element: str) -> dict[Person, tuple[bytes, bytes]]:
        """Return of people who are staged the hash of one element, and the states."""
        begin = self.elements.index(element) * packed.HASH_BYTES
        return {
            person: (hashes[begin : begin + packed.HASH_BYTES], states)
            for person, hashes, states in self._staged(people)
        }

    def restate(self, at: int, state: int, people: Sequence[Person]) -> None:
        """Let people have another state at one of the vendors."""
        staged = self._staged(people)
        new = [b"%b%c%b" % (one[:at], state, one[at + 1 :]) for _, _, one in staged]
        same = [one for one, _, _ in staged]
        self.storage.run_many("restate", {"person": same, "states": new})

    def _staged(self, people: Sequence[Person]) -> list[tuple[Person, bytes, bytes]]:
        rows = self.storage.run_for("staged_people", people)
        return cast("list[tuple[Person, bytes, bytes]]", rows)

    def differences(self, *, absent: bool = True) -> Iterator[tuple[str, Difference]]:
        """
        Yield what each vendor should hold differently; for each vendor by person.

        Whoever is not staged at all should be held no more, unless `absent` is False.
        """
        wants = [self._wants(at, one) for at, one in enumerate(self.vendors)]
        after = b""
        while page := self._page(after):
            until = page.people[-1]
            for one in wants:
                yield from self._compared(page, one, after, until, absent=absent)
            after = until
        for vendor in self.vendors if absent else ():
            for held in self._held(vendor, after, _BEHIND_ALL):
                known = self._known(vendor, list(held))
                for person in held:
                    if old := known.get(person):
                        yield vendor, removal(person, old)

    def _wants(self, at: int, vendor: str) -> _Wants:
        places = {one: place for place, one in enumerate(self.elements)}
        numbers = sorted(self.vendors[vendor].items(), key=lambda pair: pair[1])
        return _Wants(vendor, at, [(places[one], number) for one, number in numbers])

    def _page(self, after: bytes) -> _Page | None:
        """Return the next people of the source, or None behind the last."""
        rows = self.storage.run("staged", after=after, most=self.page)
        staged = cast("list[tuple[Person, bytes, bytes]]", rows)
        return _Page.of(staged, len(self.elements)) if staged else None

    def _compared(
        self, page: _Page, wants: _Wants, after: bytes, until: bytes, *, absent: bool
    ) -> Iterator[tuple[str, Difference]]:
        """Yield what one vendor should hold differently of the people of a page, or up to it."""
        staged = frozenset(page.people)
        holds: dict[Person, bytes] = {}
        gone: set[Person] = set()
        for held in self._held(wants.vendor, after, until):
            if staged.issuperset(held):
                holds |= held
            else:
                holds |= {one: held[one] for one in held.keys() & staged}
                gone |= held.keys() - staged
        wanted = wants.of(page)
        states = [one[wants.at] for one in page.states]
        # Where nobody is held nothing is compared.
        digests = packed.digests(wanted) if holds else [b""] * len(wanted)
        every = zip(page.people, states, digests, wanted, strict=True)
        found = {
            person: None if state else one
            for person, state, digest, one in every
            if (state or holds.get(person) != digest) and state < FIRST_REASON
        }
        if gone and absent:
            found |= dict.fromkeys(gone)
            found = dict(sorted(found.items()))
        known = self._known(wants.vendor, [one for one in found if one in holds or one in gone])
        for person, one in found.items():
            old = known.get(person, b"")
            if one is None and old:
                yield wants.vendor, removal(person, old)
            elif one is not None and packed.as_wanted(old) != one:
                yield wants.vendor, difference(person, one, old)

    def _held(self, vendor: str, after: bytes, until: bytes) -> Iterator[dict[Person, bytes]]:
        """Yield whom a vendor holds, after one and up to another, with digests, in order."""
        while rows := self.storage.run(
            "digests_between",
            vendor=vendor,
            after=after,
            until=until,
            removed=_REMOVED,
            most=self.page,
        ):
            held = dict(cast("list[tuple[Person, bytes]]", rows))
            yield held
            if len(held) < self.page:
                return
            after = next(reversed(held))

    def _known(self, vendor: str, people: Sequence[Person]) -> dict[Person, bytes]:
        """Return what is held now of people: a courier may have been there since."""
        rows = self.storage.run_for("held_now", people, vendor=vendor)
        return dict(cast("list[tuple[Person, bytes]]", rows))


def difference(person: Person, wanted: bytes, held: bytes) -> Difference:
    """Return what separates what a vendor should hold of a person from what it holds."""
    if not held:
        return Difference(person, "create", packed.numbers(wanted), packed.NONE, wanted)
    new = packed.read_wanted(wanted)
    old = packed.read_held(held)
    sets = frozenset(one for one, hash_ in new.items() if one not in old or old[one][0] != hash_)
    clears = frozenset(old.keys() - new.keys())
    kind: Kind = "update" if sets else "clear"
    return Difference(person, kind, sets, clears, wanted, held)


def kept(found: Difference, keeps: frozenset[int]) -> Difference | None:
    """Return a difference that leaves some numbers as they are held; None where nothing is left."""
    if found.kind in {"create", "remove"} or not (found.clears | found.sets) & keeps:
        return found
    old = packed.read_held(found.held)
    more = {number: old[number][0] for number in keeps & old.keys()}
    wanted = packed.wanted(packed.read_wanted(found.wanted) | more)
    if wanted == packed.as_wanted(found.held):
        return None
    return difference(found.person, wanted, found.held)


def removal(person: Person, held: bytes) -> Difference:
    """Return that a vendor should hold nothing of a person any more."""
    clears = frozenset(packed.read_held(held))
    return Difference(person, "remove", packed.NONE, clears, b"", held)
