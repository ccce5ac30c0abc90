"""
The dates that a register holds: what is due on which day, each under a key that stays.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.language import mark
from klarsyn.register.facts import Fact, parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Vendor

REVIEW = mark("review is due")
SUPERVISION = mark("supervision is due")
AGREEMENT = mark("data processing agreement ends")
EVIDENCE = mark("evidence lapses")
GROUND = mark("ground of transfer ends")
ASSESSMENT = mark("transfer impact assessment is due again")
END = mark("use ends")
GAPS = mark("facts are to be known")


@dataclass(frozen=True, slots=True)
class Dated:
    """What is due on a day; a key names its subject and not the day."""

    key: tuple[str, ...]
    day: date
    what: str
    vendor: str
    """Empty where it is about the company."""


def dates(register: Register, known: dict[int, list[Dated]] | None = None) -> Iterator[Dated]:
    """
    Yield the dates of a register; `known` keeps those of vendors that were looked at before.

    Vendors are known by identity, so the registers must live as long as `known`.
    """
    yield from _gaps("", register.company)
    for one, vendor in register.vendors.items():
        if known is None:
            yield from _of_vendor(one, vendor)
            continue
        if id(vendor) not in known:
            known[id(vendor)] = list(_of_vendor(one, vendor))
        yield from known[id(vendor)]


def _of_vendor(one: str, vendor: Vendor) -> Iterator[Dated]:
    for day, what, key in _due(vendor):
        if day:
            yield Dated((one, *key), day, what, one)
    yield from _gaps(one, vendor)


def _due(vendor: Vendor) -> Iterator[tuple[date | None, str, tuple[str, ...]]]:
    """Yield each day that a vendor's file may hold, what is due then, and under which key."""
    review, supervision, agreement = vendor.review, vendor.supervision, vendor.agreement.value
    yield review.next if review else None, REVIEW, ("review",)
    yield supervision.next if supervision else None, SUPERVISION, ("supervision",)
    yield agreement.until if agreement else None, AGREEMENT, ("agreement",)
    yield vendor.end.value if vendor.end else None, END, ("end",)
    seen: Counter[tuple[str, ...]] = Counter()
    for transfer in vendor.transfers:
        ground = (transfer.to, transfer.mechanism)
        seen[ground] += 1
        key = (*ground, str(seen[ground]))
        yield transfer.until, GROUND, ("ground", *key)
        assessment = transfer.assessment
        yield assessment.next if assessment else None, ASSESSMENT, ("assessment", *key)
    for processing in vendor.processing:
        for evidence in processing.evidence:
            begun = (processing.purpose, evidence.kind, evidence.on.isoformat())
            seen[begun] += 1
            number = (str(seen[begun]),) if seen[begun] > 1 else ()
            yield evidence.until, EVIDENCE, ("evidence", *begun, *number)


def _gaps(one: str, whole: object) -> Iterator[Dated]:
    """Yield each day until which something may stay unknown, once for a vendor and a day."""
    days = {
        fact.not_yet_known_until
        for _, fact in parts(whole)
        if isinstance(fact, Fact) and fact.not_yet_known_until
    }
    for day in sorted(days):
        yield Dated((one, "gaps", day.isoformat()), day, GAPS, one)
