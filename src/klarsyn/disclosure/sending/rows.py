"""
From changes to rows: the values are read from the source again, at the last moment.

Nothing but the ceiling's elements can get into a row, and only what differs does. A value that is
no longer what was planned is not sent, nor anybody whom the gate has stopped meanwhile: a row may
wait for days. The next plan sees it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import count
from operator import itemgetter
from typing import Final

from msgspec import Struct

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.plans.gate import Gate
from klarsyn.disclosure.plans.references import references
from klarsyn.disclosure.plans.sharing import Taken
from klarsyn.journal import in_no_order
from klarsyn.people import packed
from klarsyn.people.ledger import Change, Person
from klarsyn.people.person import Batch
from klarsyn.people.rejected import Rejections
from klarsyn.people.scored import with_calculated
from klarsyn.people.snapshot import ELSEWHERE, WANTED
from klarsyn.personal import Unshown
from klarsyn.transport.words import Repeat
from klarsyn.vendors.sheet import Row

TOGETHER: Final = 100
"""So many people in one entry of the journal hide each other."""
_WANTED: Final = bytes([WANTED])
"""The states of somebody who is sent to the one vendor that is asked about."""
_ELSEWHERE: Final = bytes([ELSEWHERE])


class Ready(Unshown, Struct, frozen=True, gc=False):
    """A change whose row can be sent."""

    change: Change
    row: Row
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
        numbers = around.ledger.numbers(opened.vendor, places)
        self._numbers = dict(sorted(numbers.items(), key=itemgetter(1)))
        names = {one.element: one.name for one in opened.sent}
        self._names = [names[one] for one in self._numbers]
        match = opened.match
        self._known_by = self._numbers[match.element] if match else None
        self._naming = {match.name if match else "", *opened.how.known_by}
        self._once = frozenset(
            self._numbers[one.element] for one in opened.sent if one.name in opened.once
        )
        self._placed = {one.number: one for one in around.ledger.placed(opened.vendor)}
        facts, leavers = around.facts.load(), around.source.settings.opted_out
        self._gate = Gate(around.register, [opened], facts, around.hashes, leavers)
        self._taken = Taken(around, opened)
        self._counted = count(1)
        self._known: list[tuple[Person, tuple[bytes, ...]]] = []
        """By what those can be asked for who are in hand."""
        self._alike: dict[frozenset[int], frozenset[str]] = {}
        self.moved: list[Change] = []
        """Whose values changed since the plan, who are no longer there, or may not be sent now."""

    def ready(self) -> Iterator[Ready]:
        """Yield what can be sent now; removals are not rows."""
        source, hashes = self._around.source, self._around.hashes
        waiting = self._around.ledger.to_send(self._ceiling.vendor)
        window: list[Ready] = []
        hashed: dict[str, Person] = {}

        def choose(keys: Sequence[str]) -> list[int]:
            found = hashes.of_keys(keys)
            hashed.update(zip(keys, found, strict=True))
            return [at for at, one in enumerate(found) if one in waiting]

        for plain in source.read(Rejections(), choose) if waiting else ():
            batch = with_calculated(plain, self._around.calculated, self._numbers)
            people = [hashed[one] for one in batch.keys]
            hashed.clear()
            window += self._of(batch, people)
            waiting.difference_update(people)
            if len(window) >= self._window:
                yield from self._noted(window)
                window = []
        yield from self._noted(window)
        self.moved += self._around.ledger.waiting(self._ceiling.vendor, sorted(waiting))

    @property
    def _window(self) -> int:
        """So many rows are put in order at a time: at most some 50 MB, and a hundred calls."""
        return max(1000, min(100 * self._ceiling.how.most, 50_000))

    def _of(self, batch: Batch, people: Sequence[Person]) -> Iterator[Ready]:
        """Yield what can be sent of a batch."""
        hashes = self._around.hashes
        columns = hashes.elements(batch, people, self._numbers)
        absent = [packed.NOTHING] * len(people)
        each = [columns.get(one, absent) for one in self._numbers]
        numbered = zip(self._numbers.values(), each, strict=True)
        every_column = [(number, one, packed.NOTHING in one) for number, one in numbered]
        whole = packed.wanted_of_all(every_column, len(people))
        states = self._gate.judge(batch, people).states
        known = hashes.known_by(batch, range(len(people)))
        # Read only now: there may be a million, and somebody may have been erased meanwhile.
        found = self._around.ledger.waiting(self._ceiling.vendor, people)
        changes = {one.person: one for one in found}
        known_there = references(self._around, self._ceiling, list(changes))
        taken = self._taken.of(batch, people, changes)
        texts = batch.revealed(self._numbers)
        every = zip(people, states, texts, whole, zip(*each, strict=True), known, strict=True)
        for person, state, values, now, hashed, identities in every:
            change = changes.pop(person, None)
            if change is None:
                continue
            key = known_there.get(person) or str(next(self._counted))
            if change.kind == "create" and now == change.wanted:
                made: Ready | None = self._made_whole(change, key, values)
            else:
                made = self._made(change, key, values, hashed)
            if made is None or state != _WANTED:
                self.moved.append(change)
            elif person in taken:
                self._taken.put_off(change)
            else:
                self._known.append((person, identities))
                yield made

    def _noted(self, window: list[Ready]) -> list[Ready]:
        """
        Note by what people can be asked for, before anything of them is on its way.

        Where many go together, in the order of their hashes, so that what lies together in the
        ledger is written together; of few in an entry the order would tell who they were.
        """
        self._around.ledger.know(self._around.hashes.key_id, self._known)
        self._known = []
        if self._ceiling.how.most < TOGETHER:
            return in_no_order(window)
        return sorted(window, key=lambda one: one.change.person)

    def _made_whole(self, change: Change, key: str, texts: Sequence[str]) -> Ready:
        """Make a row of somebody who is new, and is what was planned to the last value."""
        told = {name: text for name, text in zip(self._names, texts, strict=True) if text}
        sets = self._elements(packed.numbers(change.wanted))
        return Ready(change, Row(key, told, change.known_as), sets)

    def _made(
        self,
        change: Change,
        key: str,
        texts: Sequence[str],
        hashes: Sequence[bytes],
    ) -> Ready | None:
        """Make a row of the values of somebody, in the order of the elements' numbers."""
        sets, clears = change.difference
        wanted = packed.read_wanted(change.wanted)
        for number in self._once - sets:
            wanted.pop(number, None)  # it stays as it is there, whatever the source says
        told: dict[str, str | None] = {}
        is_whole = self._whole(change, sets)
        each = zip(self._numbers.values(), self._names, texts, hashes, strict=True)
        for number, name, text, hash_ in each:
            if number not in wanted:
                continue
            if hash_ != wanted[number]:
                return None
            if is_whole or number in sets or name in self._naming:
                told[name] = text
        for one in [self._placed[number] for number in clears]:
            record, _, name = one.place.partition(".")
            if record == self._ceiling.record.name:
                told.setdefault(name, None)
        return Ready(
            change,
            Row(key, told, change.known_as),
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
