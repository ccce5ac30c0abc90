"""
What of a register a customer is told about when it changes; all else is editorial (R98).

Vendors, purposes, data, countries, entities and grounds of transfer are substance. Labels,
explanations, order, sources, remarks, reviews and the look of the page are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from klarsyn.register.facts import known

if TYPE_CHECKING:
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Processing, Vendor


def substance(register: Register) -> bytes:
    """Return the substance of a register; two registers are alike where these bytes are."""
    vendors = {one: _vendor(vendor) for one, vendor in register.vendors.items()}
    return msgspec.json.encode(vendors, order="deterministic")


def _vendor(vendor: Vendor) -> dict[str, object]:
    return {
        "entity": known(vendor.entity.name),
        "group": known(vendor.entity.group),
        "countries": [
            sorted(known(vendor.entity.country) or []),
            sorted(known(vendor.countries.storage) or []),
            sorted(known(vendor.countries.access) or []),
        ],
        "transfers": sorted({(one.to, one.mechanism) for one in vendor.transfers}),
        "end": known(vendor.end),
        "processing": sorted((_processing(one) for one in vendor.processing), key=repr),
    }


def _processing(processing: Processing) -> dict[str, object]:
    return {
        "purpose": processing.purpose,
        "role": known(processing.role),
        "declaration": processing.declaration,
        "elements": sorted(
            one for held in processing.elements for one in (held.element, *held.includes)
        ),
    }
