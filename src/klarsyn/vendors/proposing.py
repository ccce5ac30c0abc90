"""
Proposing which place at a vendor holds which data element, from the live list of fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from klarsyn.register.register import Register
from klarsyn.vendors.connections import Bound
from klarsyn.vendors.sheet import Vendor

_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place for a data element, and why; no place where nothing fits."""

    element: str
    place: str = ""
    why: str = ""
    """`mapped`, `category` (the same data category), `label` (a field is called alike), or none."""


def propose(
    register: Register, bound: Bound, fields: Sequence[tuple[str, str]]
) -> Iterator[Proposal]:
    """
    Yield a proposal for every element that the vendor may have.

    `fields` are the account's own: place and label. What is mapped already stays; a category or a
    label is only taken once.
    """
    taken = {f"{record}.{name}" for record, name in bound.places.values()}
    for element in sorted({*bound.unmapped, *bound.places}):
        if element in bound.places:
            yield Proposal(element, ".".join(bound.places[element]), "mapped")
            continue
        found = _by_label(register, element, fields, taken) or _by_category(
            register, element, bound.vendor, taken
        )
        if found:
            taken.add(found.place)
        yield found or Proposal(element)


def _by_category(
    register: Register, element: str, vendor: Vendor, taken: set[str]
) -> Proposal | None:
    terms = register.elements[element].fideslang
    fitting = set(terms.terms) if terms.match in {"exact", "close"} else set()
    for record in vendor.records:
        for one in record.elements:
            place = f"{record.name}.{one.name}"
            if one.means in fitting and place not in taken:
                return Proposal(element, place, "category")
    return None


def _by_label(
    register: Register, element: str, fields: Sequence[tuple[str, str]], taken: set[str]
) -> Proposal | None:
    names = {_plain(one) for one in register.elements[element].label.values()}
    names.add(_plain(element.rpartition(".")[2]))
    best, score = "", _ALIKE
    for place, label in fields:
        if place in taken:
            continue
        for own in (_plain(label), _plain(place.rpartition(".")[2])):
            alike = max(SequenceMatcher(None, own, name).ratio() for name in names)
            if alike > score:
                best, score = place, alike
    return Proposal(element, best, "label") if best else None


def _plain(text: str) -> str:
    """Return a label as it is compared: no case, no accents, letters and digits only."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", " ", decomposed.encode("ascii", "ignore").decode()).strip()
