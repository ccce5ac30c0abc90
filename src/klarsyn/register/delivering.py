"""
What a register lets Klarsyn send to a vendor: never more than is declared as delivered there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.register.register import Register, Use


def deliverable(register: Register, vendor_id: str) -> Iterator[Use]:
    """Yield what is declared as delivered for the purpose of a vendor's `deliver:`."""
    deliver = register.vendors[vendor_id].deliver
    for use in register.uses_of(vendor_id) if deliver else ():
        if (
            deliver
            and use.processing.purpose == deliver.purpose
            and use.processing.declaration == "listed"
            and use.held.direction == "delivered"
        ):
            yield use


def to_deliver(register: Register, vendor_id: str) -> tuple[Use, ...]:
    """Return what is to be sent to a vendor: all that may be, or the part that is named."""
    deliver = register.vendors[vendor_id].deliver
    named = deliver.elements if deliver else []
    found = deliverable(register, vendor_id)
    return tuple(use for use in found if not named or use.held.element in named)
