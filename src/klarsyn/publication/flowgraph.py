"""
Where data flow: from the company to vendors, from vendor to vendor, grouped by where they go.

Pure and free of language: the picture and the words beside it are both made from this one graph.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from klarsyn.publication import words
from klarsyn.register.facts import known
from klarsyn.register.papers import grounds, vendor_countries
from klarsyn.rules.transfers import adequacy, in_eea

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from klarsyn.publication.holdings import Holdings, Way
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Vendor

Reach = Literal["eea", "eea-as-known", "third", "ungrounded", "unknown"]
"""How far data go: in the EEA, outside it with or without a ground on record, or not known."""

_REACHES: tuple[Reach, ...] = ("eea", "eea-as-known", "third", "ungrounded", "unknown")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where data go, as far as it is known: the same for all vendors of a group."""

    reach: Reach
    mechanisms: tuple[str, ...] = ()
    """The grounds of transfer, where data leave the EEA and there are some."""
    verified: bool = True

    @property
    def order(self) -> tuple[int, bool, tuple[int, ...]]:
        """Nearest first."""
        places = tuple(words.MECHANISMS).index
        return (
            _REACHES.index(self.reach),
            not self.verified,
            tuple(places(one) for one in self.mechanisms),
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """Data elements that get to a vendor in one way."""

    source: str
    """A vendor's id, or nothing for the company itself."""
    target: str
    way: Way
    incidental: bool
    """Written in at times, normally not at all."""
    elements: tuple[str, ...]
    verified: bool = True
    """Of what is passed on: whether that is."""

    @property
    def kind(self) -> str:
        """The way, and what else a reader has to see: the classes of its look."""
        style = "incidental" if self.incidental else "listed"
        return f"{self.way} {style}" if self.verified else f"{self.way} {style} doubtful"


@dataclass(frozen=True, slots=True)
class Graph:
    """All flows, and the vendors by where data go."""

    groups: Sequence[tuple[Destination, Sequence[str]]]
    """Vendors to which anything flows."""
    flows: Mapping[str, Sequence[Flow]]
    """By target."""
    still: Sequence[str]
    """Vendors to which nothing flows that is declared."""
    sources: Sequence[str]
    """Where the master copy lies."""


def graph(register: Register, holdings: Holdings, on: date) -> Graph:
    """Return what flows where on a day; a vendor no longer used has no flows."""
    flows = {
        one: tuple(_flows(one, holdings))
        for one, vendor in register.vendors.items()
        if not vendor.is_over(on)
    }
    flows = {one: found for one, found in flows.items() if found}
    for passing in holdings.passings:
        if passing.elements and passing.target in flows and passing.conduit in flows:
            ends = passing.conduit, passing.target
            passed = Flow(*ends, "passed-on", False, passing.elements, passing.verified)  # noqa: FBT003
            flows[passing.target] += (passed,)
    groups: dict[Destination, list[str]] = defaultdict(list)
    for one in flows:
        groups[destination(register, one, on)].append(one)
    return Graph(
        groups=sorted(groups.items(), key=lambda group: group[0].order),
        flows=flows,
        still=[one for one in register.vendors if one not in flows],
        sources=[
            one
            for one, vendor in register.vendors.items()
            if any(processing.is_source for processing in vendor.processing)
        ],
    )


def _flows(one: str, holdings: Holdings) -> Iterator[Flow]:
    """Yield what gets to a vendor, way by way, what is listed before what is incidental."""
    found: dict[tuple[bool, Way], dict[str, None]] = defaultdict(dict)
    for held in holdings.by_vendor.get(one, ()):
        found[held.declaration == "incidental", held.direction][held.element] = None
    ways = tuple(words.FLOWS).index
    for incidental, way in sorted(found, key=lambda one: (one[0], ways(one[1]))):
        source = one if way == "generated-at-vendor" else ""
        yield Flow(source, one, way, incidental, tuple(found[incidental, way]))


def destination(register: Register, vendor_id: str, on: date) -> Destination:
    """Return where a vendor's data go: its three countries, and the grounds for those outside."""
    vendor = register.vendors[vendor_id]
    countries = vendor_countries(vendor, on)
    outside = [one for one in countries if not in_eea(one, on)]
    if outside:
        return _outside(register, vendor_id, outside, on)
    facts = (vendor.entity.country, vendor.countries.storage, vendor.countries.access)
    if all(fact.known for fact in facts):
        return Destination("eea")
    return Destination("eea-as-known" if countries else "unknown")


def _outside(register: Register, vendor_id: str, outside: list[str], on: date) -> Destination:
    mechanisms, verified = set(), True
    for country in outside:
        decision = adequacy(country, on)
        if decision and decision.only is None:
            mechanisms.add("adequacy")
            continue
        proved = grounds(register, vendor_id, country, on)
        claimed = _claimed(register.vendors[vendor_id], country, on)
        if not proved and not claimed:
            return Destination("ungrounded")
        mechanisms |= {one.mechanism for one in proved} or claimed
        verified = verified and bool(proved)
    order = tuple(one for one in words.MECHANISMS if one in mechanisms)
    return Destination("third", order, verified)


def _claimed(vendor: Vendor, country: str, on: date) -> set[str]:
    """Return the grounds that are written down for a country, whether they are proved or not."""
    return {
        one.mechanism
        for one in vendor.transfers
        if one.to == country
        and (one.since is None or one.since <= on)
        and (one.until is None or on <= one.until)
    }


def countries(register: Register, vendor_id: str, on: date) -> tuple[list[str], bool]:
    """Return the countries known of a vendor on a day, and whether all of them are verified."""
    vendor = register.vendors[vendor_id]
    facts = (vendor.entity.country, vendor.countries.storage, vendor.countries.access)
    verified = all(register.is_verified(vendor_id, fact) for fact in facts if known(fact))
    return vendor_countries(vendor, on), verified
