"""
From changes to rows: the values are read from the source again, at the last moment.

Nothing but the ceiling's elements can get into a row, and only what differs does. A value that is
no longer what was planned is not sent, nor anybody whom the gate has stopped meanwhile: a row may
wait for days. The next plan sees it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.ceiling import Ceiling
from klarsyn.disclosure.gate import Gate
from klarsyn.people import packed
from klarsyn.people.ledger import Change, Person
from klarsyn.people.person import Person as SourcePerson
from klarsyn.people.rejected import Rejections
from klarsyn.people.scored import with_calculated
from klarsyn.people.snapshot import ELSEWHERE, WANTED
from klarsyn.transport.words import Repeat
from klarsyn.vendors.sheet import Row

_WANTED: Final = bytes([WANTED])
"""The states of somebody who is sent to the one vendor that is asked about."""
_ELSEWHERE: Final = bytes([ELSEWHERE])


@dataclass(frozen=True, slots=True)
class Ready:
    """A change whose row can be sent. Its repr tells nothing of the person."""

    change: Change = field(repr=False)
    row: Row = field(repr=False)
    identities: tuple[bytes, ...] = field(repr=False)
    """By what the person can be asked for later."""
    sets: frozenset[str] = frozenset()
    """The data elements that are set."""
    clears: frozenset[str] = frozenset()
    renames: bool = False
    """Whether what the vendor knows the person by changes, so that a row would add another."""


class Preparing:
    """Makes rows of a vendor's changes, in the order of the source."""

    def __init__(self, around: Around, opened: Ceiling) -> None:
        """Look up the numbers under which elements stand."""
        self._around = around
        self._ceiling = opened
        places = {one.element: one.place for one in opened.sent}
        self._numbers = around.ledger.numbers(opened.vendor, places)
        self._names = {one.element: one.name for one in opened.sent}
        match = opened.match
        self._known_by = self._numbers[match.element] if match else None
        self._naming = {match.name if match else "", *opened.how.known_by}
        self._once = frozenset(
            self._numbers[one.element] for one in opened.sent if one.name in opened.once
        )
        self._placed = {one.number: one for one in around.ledger.placed(opened.vendor)}
        facts, leavers = around.facts.load(), around.source.settings.opted_out
        self._gate = Gate(around.register, [opened], facts, around.hashes, leavers)
        self._alike: dict[frozenset[int], frozenset[str]] = {}
        self.moved: list[Change] = []
        """Whose values changed since the plan, who are no longer there, or may not be sent now."""

    def ready(self) -> Iterator[Ready]:
        """Yield what can be sent now; removals are not rows."""
        ledger, vendor = self._around.ledger, self._ceiling.vendor
        waiting = ledger.to_send(vendor)
        if not waiting:
            return
        hashes = self._around.hashes
        for plain in self._around.source.read(Rejections()):
            batch = with_calculated(plain, self._around.calculated, self._numbers)
            people = hashes.people(batch)
            chosen = [at for at, person in enumerate(people) if person in waiting]
            if not chosen:
                continue
            columns = hashes.elements(batch, people, self._numbers)
            states = self._gate.judge(batch, people).states
            known = hashes.known_by(batch, chosen)
            # Read only now: there may be a million, and somebody may have been erased meanwhile.
            found_now = ledger.waiting(vendor, [people[at] for at in chosen])
            changes = {one.person: one for one in found_now}
            waiting.difference_update(changes)
            for at, identities in zip(chosen, known, strict=True):
                change = changes.pop(people[at], None)
                if change is None:
                    continue
                values = {name: column[at] for name, column in columns.items()}
                found = self._made(change, batch[at], values, identities)
                if found and states[at] == _WANTED:
                    yield found
                else:
                    self.moved.append(change)
        self.moved += ledger.waiting(vendor, sorted(waiting))

    def _made(
        self,
        change: Change,
        person: SourcePerson,
        hashes: Mapping[str, bytes],
        identities: tuple[bytes, ...],
    ) -> Ready | None:
        wanted = packed.read_wanted(change.wanted)
        sets, clears = change.difference
        for number in self._once - sets:
            wanted.pop(number, None)  # it stays as it is there, whatever the source says
        values = person.values
        told: dict[str, str | None] = {}
        whole = self._whole(change, sets)
        for element, number in self._numbers.items():
            if number not in wanted:
                continue
            if hashes.get(element) != wanted[number]:
                return None
            if whole or number in sets or self._names[element] in self._naming:
                told[self._names[element]] = values[element].reveal()
        cleared = [self._placed[number] for number in clears]
        for one in cleared:
            record, _, name = one.place.partition(".")
            if record == self._ceiling.record.name:
                told.setdefault(name, None)
        return Ready(
            change,
            Row(person.key.reveal(), told, change.known_as),
            identities,
            self._elements(sets),
            self._elements(clears),
            self._renames(change, sets),
        )

    def _whole(self, change: Change, sets: frozenset[int]) -> bool:
        """
        Tell whether somebody is sent whole.

        Who is new is, who is known by something that changes, and everybody where the vendor
        remembers nothing.
        """
        never = self._ceiling.how.repeat is Repeat.NEVER
        return change.kind == "create" or never or self._known_by in sets

    def _renames(self, change: Change, sets: frozenset[int]) -> bool:
        is_known = change.kind == "update" and not self._ceiling.how.by_key
        return is_known and self._known_by in sets

    def _elements(self, numbers: frozenset[int]) -> frozenset[str]:
        """Return the elements of numbers; of thousands of rows they are the same."""
        if numbers not in self._alike:
            self._alike[numbers] = frozenset(self._placed[one].element for one in numbers)
        return self._alike[numbers]


def returned(around: Around, opened: Ceiling, people: Collection[Person]) -> frozenset[Person]:
    """
    Return who of these is not simply absent: in the population again, held back, or in a wrong row.

    All of them while the source has rows of nobody knows whom.
    """
    facts, leavers = around.facts.load(), around.source.settings.opted_out
    gate = Gate(around.register, [opened], facts, around.hashes, leavers)
    rejections = Rejections()
    found: set[Person] = set()
    elsewhere: set[Person] = set()
    for batch in around.source.read(rejections):
        hashed = around.hashes.people(batch)
        chosen = [at for at, person in enumerate(hashed) if person in people]
        states = gate.judge(batch, hashed).states if chosen else []
        for at in chosen:
            (elsewhere if states[at] == _ELSEWHERE else found).add(hashed[at])
    found |= {around.hashes.person(one) for one in rejections.keys} & set(people)
    return frozenset(set(people) - elsewhere if rejections.nameless else found)
