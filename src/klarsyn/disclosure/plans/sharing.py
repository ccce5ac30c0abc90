"""
Customers who share an address: a vendor that knows people by it keeps one record for all of them.

So one of them is sent, and the others are held back. Whoever the vendor has under the address keeps
the record; where it has none of them, the one with the smallest hash is sent. Neither depends on
the order of rows. Whoever has left the source, or changed the address, keeps the record too, until
the vendor has carried that out.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.plans.gate import SHARED
from klarsyn.errors import said
from klarsyn.people import packed
from klarsyn.people.hashes import PERSON_BYTES
from klarsyn.people.identities import KINDS, identity_forms
from klarsyn.people.ledger import Change, Person
from klarsyn.people.person import Batch
from klarsyn.people.seen import Seen
from klarsyn.people.snapshot import WANTED, Snapshot
from klarsyn.personal import Personal
from klarsyn.storage import Storage

_MANY: Final = 500
"""So many groups are looked at together."""
_HALF: Final = 32
_PLACE: Final = (1 << _HALF) - 1
"""Who is the first of an address and who shares it stand in one number, each by their place."""
_LATER: Final = timedelta(hours=1)
"""When it is looked again whether the vendor has let go of somebody's address."""
TAKEN: Final = said(
    "the vendor still knows another customer by the same; it waits for their change"
)
Group = Sequence[Person]


class Sharing:
    """
    Finds who of a source shares what some vendor knows people by.

    Normal forms are compared, by the hashes of seen.py: up to 52 bytes a person for one element,
    and 8 for each who shares it.
    """

    def __init__(self, ceilings: Sequence[Ceiling]) -> None:
        """Nobody was seen yet; `ceilings` are in the order of a snapshot's states."""
        self._vendors: dict[str, list[tuple[int, Ceiling]]] = {}
        for at, one in enumerate(ceilings):
            if one.match:
                self._vendors.setdefault(one.match.element, []).append((at, one))
        self._seen = {element: Seen() for element in self._vendors}
        self._pairs = {element: array("Q") for element in self._vendors}
        self._people = bytearray()

    def note(self, batch: Batch, people: Sequence[Person]) -> None:
        """Look at a batch of the source."""
        begin = len(self._people) // PERSON_BYTES
        places = range(begin, begin + len(people))
        for element, seen in self._seen.items():
            found = seen.add(batch.columns[element].normal, places).items()
            self._pairs[element].extend(first << _HALF | begin + at for at, first in found)
        if self._seen:
            self._people += b"".join(people)

    def hold_back(self, storage: Storage, snapshot: Snapshot) -> dict[str, list[Person]]:
        """Mark in a snapshot who is not sent because of somebody else; return them by vendor."""
        found: dict[str, list[Person]] = {}
        for element, vendors in self._vendors.items():
            for groups in self._parts(element):
                people = [person for group in groups for person in group]
                staged = snapshot.staged(people, element)
                for at, opened in vendors:
                    number = snapshot.vendors[opened.vendor][element]
                    there = _there(storage, opened.vendor, number, people)
                    back = [one for group in groups for one in _back(group, at, staged, there)]
                    found.setdefault(opened.vendor, []).extend(back)
                    snapshot.restate(at, SHARED, back)
        return found

    def _parts(self, element: str) -> Iterator[list[Group]]:
        part: list[Group] = []
        pairs = sorted(self._pairs[element])
        for first, others in groupby(pairs, key=lambda one: one >> _HALF):
            part.append([self._person(first), *map(self._person, others)])
            if len(part) == _MANY:
                yield part
                part = []
        if part:
            yield part

    def _person(self, place: int) -> Person:
        begin = (place & _PLACE) * PERSON_BYTES
        return Person(bytes(self._people[begin : begin + PERSON_BYTES]))


def _back(
    group: Group,
    at: int,
    staged: Mapping[Person, tuple[bytes, bytes]],
    there: Mapping[Person, Collection[bytes]],
) -> list[Person]:
    """Return who of a group a vendor is not sent, for it knows them by the same."""
    hashes = {one: staged[one][0] for one in group if staged[one][0] != packed.NOTHING}
    known = [one for one, hash_ in hashes.items() if hash_ in there.get(one, ())]
    wanted = [one for one in hashes if staged[one][1][at] == WANTED]
    keeps = min(known or wanted, default=None)
    return [one for one in wanted if one != keeps]


@dataclass(frozen=True, slots=True)
class _Packed:
    person: Person
    held: bytes
    wanted: bytes


def _there(
    storage: Storage, vendor: str, number: int, people: Sequence[Person]
) -> dict[Person, set[bytes]]:
    """Return the hashes of one element that a vendor has of people, or may have."""
    found: dict[Person, set[bytes]] = {}
    for one in storage.read_for(_Packed, "held_or_sent", people, vendor=vendor, nothing=b""):
        hashes = found.setdefault(one.person, set())
        if held := packed.read_held(one.held).get(number):
            hashes.add(held[0])
        if wanted := packed.read_wanted(one.wanted).get(number):
            hashes.add(wanted)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    hash: bytes
    person: Person
    key_id: str
    held: bytes


class Taken:
    """
    Tells whose new address a vendor has of somebody else still.

    They have left the source, or changed it, and what is to be done about that waits; or their row
    is wrong, or held back.
    """

    def __init__(self, around: Around, opened: Ceiling) -> None:
        """Where the vendor has nobody yet, nobody need be asked about."""
        self._around = around
        self._vendor = opened.vendor
        self._element = opened.match.element if opened.match else ""
        self._number = 0
        self._asks = bool(self._element) and around.ledger.holds_anybody(opened.vendor)
        if opened.match and self._asks:
            places = {self._element: opened.match.place}
            self._number = around.ledger.numbers(self._vendor, places)[self._element]

    def of(
        self, batch: Batch, people: Sequence[Person], changes: Mapping[Person, Change]
    ) -> frozenset[Person]:
        """
        Return who of a batch has to wait: sent now, they would be written over another's record.

        Asked is about people who are new at the vendor or known there by something else so far.
        """
        if not self._asks or (column := batch.columns[self._element]).kind not in KINDS:
            return frozenset()
        kind, hashes = KINDS[column.kind], self._around.hashes
        asked: dict[bytes, list[int]] = {}
        for at, person in enumerate(people):
            change = changes.get(person)
            if change and column.normal[at] and self._is_new(change):
                form = identity_forms(kind, column.normal[at])[0]
                asked.setdefault(hashes.identity(kind, form), []).append(at)
        found = self._around.storage.read_for(
            _Known, "held_by_identity", list(asked), vendor=self._vendor
        )
        return frozenset(
            people[at]
            for one in found
            for at in asked[one.hash]
            if people[at] != one.person and self._has(one, column.normal[at])
        )

    def _is_new(self, change: Change) -> bool:
        return change.kind == "create" or self._number in change.difference[0]

    def put_off(self, change: Change) -> None:
        """Let a change wait for somebody else's; it is no attempt."""
        at = (self._around.clock.now() + _LATER).timestamp()
        self._around.ledger.postpone(self._vendor, change.person, "waiting", TAKEN, at)

    def _has(self, one: _Known, normal: str) -> bool:
        """Tell whether the vendor has somebody under a value, and not under another one by now."""
        held = packed.read_held(one.held).get(self._number)
        hashes = self._around.hashes.under(one.key_id)
        return held is not None and held[0] == hashes.element(
            self._element, one.person, Personal(normal)
        )
