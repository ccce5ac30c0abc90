"""
Checks of lineage: what others receive is declared where it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.language import mark
from klarsyn.register.facts import known
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.register.register import Register

LINEAGE_GAP = Rule(
    id="lineage-gap",
    requirement="R7",
    severity="high",
    seen_as="D13",
    title=mark("Vendors receive what the source does not declare"),
    what=mark("{element} goes to {vendors}, and {source} is not declared to have it"),
    why=mark(
        "Data come from somewhere. If the place where the master copy lies does not list an "
        "element, either its list is too short or the element comes from where nobody looks. "
        "Source: GDPR Art. 5(1)(b), 5(2)."
    ),
    remedy=mark("declare it at the source, or name where it comes from"),
)

CONDUIT_GAP = Rule(
    id="conduit-gap",
    requirement="R7",
    severity="medium",
    seen_as="D13",
    title=mark("A conduit is not declared to have what it carries"),
    what=mark("{element} reaches {target} through {conduit}, which is not declared to have it"),
    why=mark("What passes through a vendor is processed by it. Source: GDPR Art. 4(2), 28(3)."),
    remedy=mark("declare it at the conduit, or correct `conduit_for:`"),
)


def gaps(register: Register, on: date) -> Iterator[Finding]:
    """R7: each delivered element is declared at the source; a conduit has what it carries."""
    del on
    source_ids = [
        one
        for one, vendor in register.vendors.items()
        if any(processing.is_source for processing in vendor.processing)
    ]
    if source_ids:
        yield from _missing_at_source(register, source_ids)
    for one, vendor in register.vendors.items():
        for number, processing in enumerate(vendor.processing):
            for target in known(processing.conduit_for) or []:
                place = Place(f"vendors/{one}.yaml", f"processing/{number}/conduit_for")
                yield from _missing_at_conduit(register, one, target, place)


def _missing_at_source(register: Register, source_ids: list[str]) -> Iterator[Finding]:
    held = {element for one in source_ids for element in held_ids(register, one)}
    receivers: dict[str, list[str]] = {}
    for use in register.uses():
        is_received = use.held.direction == "delivered" and use.processing.declaration == "listed"
        if is_received and use.held.element not in held:
            receivers.setdefault(use.held.element, []).append(use.vendor.name)
    file = f"vendors/{source_ids[0]}.yaml"
    sources = [register.vendors[one].name for one in source_ids]
    for element, vendors in receivers.items():
        label = register.elements[element].label
        place = Place(file, f"processing/0/elements/{element}")
        yield Finding(LINEAGE_GAP, place, {"element": label, "vendors": vendors, "source": sources})


def _missing_at_conduit(
    register: Register, conduit: str, target: str, place: Place
) -> Iterator[Finding]:
    held = held_ids(register, conduit)
    names = {
        "conduit": register.vendors[conduit].name,
        "target": register.vendors[target].name,
    }
    for use in register.uses_of(target):
        if use.held.direction == "delivered" and use.held.element not in held:
            label = register.elements[use.held.element].label
            spot = Place(place.file, f"{place.path}/{target}/{use.held.element}")
            yield Finding(CONDUIT_GAP, spot, {**names, "element": label})


def held_ids(register: Register, vendor_id: str) -> set[str]:
    """Return the elements that a vendor is declared to have."""
    return {
        one
        for processing in register.vendors[vendor_id].processing
        for held in processing.elements
        for one in (held.element, *held.includes)
    }
