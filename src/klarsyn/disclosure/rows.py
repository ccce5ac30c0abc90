"""
From changes to rows: the values are read from the source again, at the last moment.

Nothing but the ceiling's elements can get into a row, and only what differs does. A value that is
no longer what was planned is not sent; the next plan sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.ceiling import Ceiling
from klarsyn.people import packed
from klarsyn.people.ledger import Change
from klarsyn.people.person import Person as SourcePerson
from klarsyn.people.rejected import Rejections
from klarsyn.people.scored import with_calculated
from klarsyn.transport.words import Repeat
from klarsyn.vendors.sheet import Row


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
        self._alike: dict[frozenset[int], frozenset[str]] = {}
        self.moved: list[Change] = []
        """Whose values changed since the plan, or who are no longer there."""

    def ready(self) -> Iterator[Ready]:
        """Yield what can be sent now; removals are not rows."""
        ledger, vendor = self._around.ledger, self._ceiling.vendor
        waiting = {one.person: one for one in ledger.changes(vendor) if one.kind != "remove"}
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
            known = dict(zip(chosen, hashes.known_by(batch, chosen), strict=True))
            for at in chosen:
                change = waiting.pop(people[at], None)
                if change is None:  # a key that stands twice was told of by the plan
                    continue
                values = {name: column[at] for name, column in columns.items()}
                if found := self._made(change, batch[at], values, known[at]):
                    yield found
                else:
                    self.moved.append(change)
        self.moved += waiting.values()

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
