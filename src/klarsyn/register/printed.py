"""
A register as the page kept by hand told it: where the history of the register begins.

Only what that page printed is known: vendors, purposes, data elements, statements. Who they are,
where they are and on which grounds was not told, so it is not yet known then (D19).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from msgspec.structs import replace

from klarsyn.register.facts import Fact
from klarsyn.register.vendor import Countries, Entity, Retention

if TYPE_CHECKING:
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Processing, Vendor


def as_printed(register: Register) -> Register:
    """Return the register of the day of the printed page: its rows, and nothing that came later."""
    rows = {one: _row(vendor) for one, vendor in register.vendors.items() if vendor.printed}
    return dataclasses.replace(register, vendors=rows, accepted=())


def _row(vendor: Vendor) -> Vendor:
    return replace(
        vendor,
        status=Fact(),
        start=Fact(),
        end=None,
        service=None,
        applies_to=None,
        processing=[_processing(one) for one in vendor.processing],
        entity=Entity(name=Fact(), address=Fact(), contact=Fact(), country=Fact()),
        countries=Countries(storage=Fact(), access=Fact()),
        transfers=[],
        plan_used=None,
        agreement=Fact(),
        agreement_terms=None,
        own_list=Fact(),
        chain=[],
        notice=None,
        measures=[],
        device_access=Fact(),
        risk=Fact(),
        supervision=None,
        review=None,
    )


def _processing(processing: Processing) -> Processing:
    """Return what the page printed of a purpose: elements without a printed label came later."""
    printed = [one for one in processing.elements if one.printed]
    return replace(
        processing,
        role=Fact(),
        elements=printed or processing.elements,
        access=Fact(),
        storage=Fact(),
        retention=Retention(),
        nature=None,
        frequency=None,
        rule=None,
        conduit_for=None,
    )
