"""
Statutes that forbid erasure before a date: bookkeeping law (R36).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Statute:
    """A duty to keep, counted from the end of the financial year."""

    id: str
    country: str
    years: int
    counted_from: Literal["end-of-financial-year", "end-of-calendar-year-of-financial-year"]
    source: str
    grade: Literal["S", "OJ", "M"]


STATUTES = {
    one.id: one
    for one in (
        Statute(
            "se-bookkeeping",
            "SE",
            7,
            "end-of-calendar-year-of-financial-year",
            "7 kap. 2 § bokföringslagen (1999:1078)",
            "S",
        ),
        Statute("dk-bookkeeping", "DK", 5, "end-of-financial-year", "bogføringsloven § 12", "M"),
        Statute("no-bookkeeping", "NO", 5, "end-of-financial-year", "bokføringsloven § 13", "M"),
    )
}
