"""
From which day what the register declares as delivered may flow (R15, R97).

Pure. The first time counts as the announcement of all; what is declared later waits until the
longest notice period of the customers is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from klarsyn.errors import Message, said
from klarsyn.register import Register
from klarsyn.register.changes import diff
from klarsyn.register.changes.notice import last_day_to_object
from klarsyn.register.facts import known
from klarsyn.register.register import Use

_DAY: Final = timedelta(days=1)
_OWN: Final = frozenset({"controller", "joint-controller", "third-party"})
"""Roles in which a vendor processes for itself: people are told before (Art. 13(3), 14(4))."""


@dataclass(frozen=True, slots=True)
class Effect:
    """From which day a vendor may have an element; None: the gate stays shut, and why."""

    element: str
    since: date | None
    why: Message | None = None


def effects(
    register: Register, vendor: str, already: Collection[str], announced: date
) -> Iterator[Effect]:
    """
    Yield from when the delivered elements may flow that are not in effect `already`.

    Nothing in effect yet means that the vendor is told of for the first time: at once.
    """
    told: set[str] = set()
    for use in register.uses_of(vendor):
        element = use.held.element
        is_sent = use.held.direction == "delivered" and use.processing.declaration == "listed"
        if not is_sent or element in already or element in told:
            continue
        told.add(element)
        if already:
            yield _later(register, use, announced)
        else:
            yield Effect(element, announced)


def _later(register: Register, use: Use, announced: date) -> Effect:
    element, role = use.held.element, known(use.processing.role)
    if role is None:
        why = said(
            "the role of {vendor} is not known, so nobody knows what is owed (R2)",
            vendor=use.vendor.name,
        )
        return Effect(element, None, why)
    if role in _OWN:
        return Effect(element, announced + _DAY)
    last = last_day_to_object(diff(register, register), announced)
    if last is None:
        return Effect(element, None, said("the company's notice period is not known (R97)"))
    return Effect(element, last + _DAY)
