"""
Who has what: every data element at every vendor for every purpose, and what vendors pass on.

Pure and free of language: pages, pictures and files for machines all count from here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from klarsyn.register.facts import known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Declaration, Direction

Way = Literal[
    "delivered",
    "entered-by-staff",
    "generated-at-vendor",
    "held-by-us-at-the-host",
    "passed-on",
]
"""How data get to a vendor: the register's directions, and from another vendor."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One data element that one vendor may have for one purpose."""

    vendor_id: str
    number: int
    """Of the vendor's processing."""
    element: str
    direction: Direction
    declaration: Declaration
    within: str = ""
    """The group under whose name it is listed, where it is listed so."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What one vendor passes on to another: the elements that both are declared to have."""

    conduit: str
    number: int
    """Of the conduit's processing."""
    target: str
    elements: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Holdings:
    """All of them, secrets apart: a secret is never data that are shared (R11)."""

    every: tuple[Holding, ...]
    secrets: tuple[Holding, ...]
    passings: tuple[Passing, ...]
    by_element: Mapping[str, Sequence[Holding]]
    by_vendor: Mapping[str, Sequence[Holding]]


def holdings(register: Register) -> Holdings:
    """Return who has what, vendors by name, elements as declared, parts after their group."""
    shared: list[Holding] = []
    secrets: list[Holding] = []
    for one in _all(register):
        is_secret = register.elements[one.element].sensitivity == "secret"
        (secrets if is_secret else shared).append(one)
    by_element: dict[str, list[Holding]] = defaultdict(list)
    by_vendor: dict[str, list[Holding]] = defaultdict(list)
    for one in shared:
        by_element[one.element].append(one)
        by_vendor[one.vendor_id].append(one)
    passings = tuple(_passings(register, by_vendor))
    return Holdings(tuple(shared), tuple(secrets), passings, by_element, by_vendor)


def _all(register: Register) -> Iterator[Holding]:
    for use in register.uses():
        where = (use.vendor_id, use.number)
        how = (use.held.direction, use.processing.declaration)
        yield Holding(*where, use.held.element, *how)
        for part in use.held.includes:
            yield Holding(*where, part, *how, within=use.held.element)


def _passings(register: Register, by_vendor: Mapping[str, Sequence[Holding]]) -> Iterator[Passing]:
    for one, vendor in register.vendors.items():
        for number, processing in enumerate(vendor.processing):
            fact = processing.conduit_for
            carried = {held.element for held in by_vendor.get(one, ()) if held.number == number}
            for target in (known(fact) or []) if fact else []:
                delivered = [
                    held.element
                    for held in by_vendor.get(target, ())
                    if held.direction == "delivered" and held.element in carried
                ]
                verified = fact is not None and register.is_verified(one, fact)
                yield Passing(one, number, target, tuple(dict.fromkeys(delivered)), verified)
