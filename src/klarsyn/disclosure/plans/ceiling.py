"""
What may go to a vendor today: the declared elements that have a place there, and why others wait.

Pure. What is not in a ceiling cannot be expressed any further: rows are made of its elements only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from klarsyn.errors import Message, said
from klarsyn.register import Register
from klarsyn.register.delivering import to_deliver
from klarsyn.register.register import Use
from klarsyn.register.scoring import not_per_person
from klarsyn.vendors.connections import Bound
from klarsyn.vendors.sheet import Delivery, Record

InEffect = Callable[[str, str], date | None]
"""From vendor and element to the day since when it may be sent; None: it was never announced."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A data element, and its place in the vendor's record."""

    element: str
    name: str
    """What the fact sheet calls it."""
    place: str
    """As the register's map has it: `member.phone`."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A data element that is declared as delivered and is not, and why."""

    element: str
    why: Message


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What one vendor may be sent, of whom, and into which kind of record."""

    vendor: str
    purpose: str
    population: str
    record: Record
    sent: tuple[Sent, ...]
    withheld: tuple[Withheld, ...] = ()

    @property
    def how(self) -> Delivery:
        """How rows get to the vendor."""
        assert self.record.deliver is not None  # noqa: S101  (it was chosen for that)
        return self.record.deliver

    @property
    def elements(self) -> frozenset[str]:
        """The data elements that are sent."""
        return frozenset(one.element for one in self.sent)

    @property
    def names(self) -> frozenset[str]:
        """What the fact sheet calls them: nothing else may stand in a row."""
        return frozenset(one.name for one in self.sent)

    @property
    def once(self) -> frozenset[str]:
        """What the fact sheet calls elements that can be set on a new record only."""
        return frozenset(one.name for one in self.record.elements if one.write == "create")

    @property
    def match(self) -> Sent | None:
        """The element by which the vendor knows somebody again; None where it is a reference."""
        return next((one for one in self.sent if one.name == self.how.match_on), None)

    @property
    def known_there(self) -> Message | None:
        """By what the vendor knows people that takes references; None where it takes none."""
        name, match = self.how.match_on, self.match
        if not self.how.reference:
            return None
        if match is None:
            return said(
                "known there by '{name}': a reference that says nothing, not your own number",
                name=name,
            )
        return said(
            "known there by '{name}': {element}, or a reference that says nothing without it",
            name=name,
            element=match.element,
        )


@dataclass(frozen=True, slots=True)
class Closed:
    """A vendor to which nothing can be sent, and why."""

    vendor: str
    why: Message
    remedy: Message
    withheld: tuple[Withheld, ...] = ()


def ceiling(
    register: Register,
    bound: Bound,
    on: date,
    in_effect: InEffect,
    columns: Collection[str],
    populations: Collection[str],
) -> Ceiling | Closed:
    """
    Return what may be sent to a vendor on a day.

    `columns` are the elements that the source has, scores that are calculated among them;
    `populations` are those that klarsyn.yaml defines.
    """
    vendor = bound.vendor_id
    deliver = register.vendors[vendor].deliver
    if deliver is None:
        return Closed(
            vendor,
            said("nothing is sent there by Klarsyn"),
            said("write `deliver:` into vendors/{vendor}.yaml", vendor=vendor),
        )
    if deliver.population not in populations:
        return Closed(
            vendor,
            said("there is no population '{name}'", name=deliver.population),
            said("define it in klarsyn.yaml under `source: populations:`"),
        )
    uses = to_deliver(register, vendor)
    records = {one.name: one for one in bound.vendor.receiving}
    record = _record(bound, uses, records)
    if record is None:
        return Closed(
            vendor,
            said("no element has a place where the vendor takes anything"),
            said("map elements to one of: {records}", records=sorted(records) or ["-"]),
        )
    sent, withheld = [], []
    for use in uses:
        element = use.held.element
        place = bound.places.get(element)
        why = _mapped(record, place) or _held_back(register, vendor, element, columns)
        why = why or _announced(in_effect(vendor, element), on)
        if why or place is None:
            withheld.append(Withheld(element, why or said("it has no place there")))
        else:
            sent.append(Sent(element, place[1], ".".join(place)))
    purpose, population = deliver.purpose, deliver.population
    found = Ceiling(vendor, purpose, population, record, tuple(sent), tuple(withheld))
    return _checked(found, bound.places)


def _held_back(
    register: Register, vendor: str, element: str, columns: Collection[str]
) -> Message | None:
    return (
        _in_source(element, columns)
        or not_per_person(register, vendor, element)
        or _only_an_example(register, element)
    )


def _record(bound: Bound, uses: Collection[Use], records: dict[str, Record]) -> Record | None:
    """Return the kind of record into which most of the elements go."""
    places = [bound.places[one.held.element] for one in uses if one.held.element in bound.places]
    chosen = [name for name, _ in places if name in records]
    return records[max(chosen, key=chosen.count)] if chosen else None


def _mapped(record: Record, place: tuple[str, str] | None) -> Message | None:
    if place is None:
        return said("it has no place there: the connection's map does not name it")
    if place[0] != record.name:
        return said("it lies in {record}, where the vendor takes nothing", record=place[0])
    element = next((one for one in record.elements if one.name == place[1]), None)
    how = record.deliver
    only_names = how is not None and place[1] in how.known_by
    if element is not None and element.write == "never" and not only_names:
        return said("the vendor lets nobody set it")
    return None


def _in_source(element: str, columns: Collection[str]) -> Message | None:
    return None if element in columns else said("the source has no column for it")


def _only_an_example(register: Register, element: str) -> Message | None:
    """A calculation that nobody has confirmed as the company's own is shown, never sent."""
    card = register.scores.get(register.elements[element].score or "")
    if card is None or card.calculation is None or not card.calculation.example:
        return None
    return said("its calculation is an example, not confirmed as the company's own")


def _announced(since: date | None, on: date) -> Message | None:
    """R15, R97: an element flows when it was announced and its period is over, not before."""
    if since is None:
        return said("it is not in effect: nobody was told of it yet")
    if since > on:
        return said("it is in effect from {day}", day=since)
    return None


def _checked(found: Ceiling, places: Mapping[str, tuple[str, str]]) -> Ceiling | Closed:
    how = found.how
    if not found.sent:
        why = said("every element is withheld")
        return Closed(found.vendor, why, said("see below why"), found.withheld)
    known = {one.name for one in found.record.elements}
    if how.match_on in known and found.match is None and not how.reference:
        why = said("the vendor knows people by '{name}', which is not sent", name=how.match_on)
        remedy = said("declare it and map it, or deliver nothing there")
        return Closed(found.vendor, why, remedy, found.withheld)
    late = {one.element for one in found.withheld}
    naming = [one for one, place in places.items() if place == (found.record.name, how.match_on)]
    if how.reference and not late.isdisjoint(naming):
        # Under a reference they would be there a second time, once it is sent.
        why = said("the vendor is to know people by '{name}', which is withheld", name=how.match_on)
        remedy = said("wait until it is sent, or take it out of the connection's map")
        return Closed(found.vendor, why, remedy, found.withheld)
    return found


def still_declared(register: Register, vendor: str) -> frozenset[str]:
    """Return all that a vendor may have, sent or not: what it holds of that is not cleaned up."""
    return frozenset(_declared(register, vendor))


def _declared(register: Register, vendor: str) -> Iterator[str]:
    for use in register.uses_of(vendor):
        yield use.held.element
        yield from use.held.includes
