"""
Whether a change is owed prior notice, and from which day it may take effect.

Source: Art. 28(2), 13(3) and 14(4) GDPR; SCC 2021/915 clause 7.7(a); R2, R19, R51, R54, R97, R98.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from klarsyn.register.facts import known
from klarsyn.rules.periods import after

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.register.changes.difference import Difference
    from klarsyn.register.changes.kinds import Change
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Vendor

Owed = Literal["prior", "information", "none"]
"""Prior notice with the chance to object; information before the processing; nothing."""

_DAY = timedelta(days=1)
_OWN = frozenset({"controller", "joint-controller", "third-party"})
"""The roles in which a vendor processes for itself."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is owed for a change that is announced on a day."""

    owed: Owed
    last_day_to_object: date | None
    effective: date | None
    """The first day on which it may take effect; None where no notice period is known."""


def notice(change: Change, difference: Difference, announced: date) -> Notice:
    """Return what is owed for one change of a difference, announced on a day."""
    if change.kind == "editorial" or change.first_told:
        return Notice("none", None, announced)
    if not _is_processing_for_customers(change, difference):
        return Notice("information", None, announced + _DAY)
    last = last_day_to_object(difference, announced)
    return Notice("prior", last, last + _DAY if last else None)


def last_day_to_object(difference: Difference, announced: date) -> date | None:
    """
    Return the end of the longest notice period: the customers' contracts, and the company's own.

    What the company promised until that day holds for what it announces on it, so of its own
    period the longer one counts where the same version shortens it. None where the company's own
    is not yet known: some customer may have a longer one.
    """
    own = [known(one.company.notice_period) for one in (difference.old, difference.new)]
    if own[1] is None:
        return None
    contracts = [one.notice_period for one in difference.new.customers.values()]
    return max(after(announced, period) for period in (*own, *contracts) if period)


def must_agree_first(register: Register) -> int:
    """Return how many customers' silence is a refusal: those with a specific authorisation."""
    return sum(one.authorisation == "specific" for one in register.customers.values())


def _is_processing_for_customers(change: Change, difference: Difference) -> bool:
    """Tell whether both the company and the vendor process on behalf, or may do so (R2)."""
    ours = [known(one.company.acts_as) for one in (difference.old, difference.new)]
    if all(one is not None and "processor" not in one for one in ours):
        return False
    former = {new: old for old, new in difference.renames.vendors.items()}
    vendors = (
        difference.new.vendors.get(change.vendor),
        difference.old.vendors.get(former.get(change.vendor, change.vendor)),
        difference.old.vendors.get(change.subject) if change.kind == "replaced" else None,
    )
    return any(_may_be_processor(one, change) for one in vendors if one)


def _may_be_processor(vendor: Vendor, change: Change) -> bool:
    """Tell whether a vendor is, or may be, a processor; where a purpose changes, for that one."""
    concerned = [one for one in vendor.processing if one.purpose in change.subject.split()]
    return any(one.role.value not in _OWN for one in concerned or vendor.processing)
