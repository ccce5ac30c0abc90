"""
When a vendor ends: everybody whom it still holds is removed, after an approval, and it is shown.

The ceiling of a vendor that has ended is empty: nothing is sent, and nobody belongs there (R62,
GDPR Art. 28(3)(g)).
"""

from __future__ import annotations

from collections.abc import Sequence

from klarsyn.disclosure.plans.ceiling import Ceiling, Closed
from klarsyn.errors import said
from klarsyn.people.ledger import Placed
from klarsyn.register import Register
from klarsyn.vendors.connections import Bound


def has_ended(register: Register, vendor: str) -> bool:
    """Tell whether the register says that a vendor is no longer used."""
    return register.vendors[vendor].status.value == "ended"


def emptied(bound: Bound, placed: Sequence[Placed]) -> Ceiling | Closed:
    """Return the empty ceiling of a vendor that has ended; `placed` is what it was ever sent."""
    records = {one.name: one for one in bound.vendor.records if one.deliver}
    for one in placed:
        if record := records.get(one.place.partition(".")[0]):
            return Ceiling(bound.vendor_id, "", "", record, ())
    return Closed(
        bound.vendor_id,
        said("it has ended, and Klarsyn never sent anything there"),
        said("what it holds from elsewhere is asked for by hand: see its tasks"),
    )
