"""
Where data may go without more, and since when: the EEA and the adequacy decisions (R82-R84).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

# Agreement on the European Economic Area; the United Kingdom was treated as a member state until
# the end of the transition period.
_MEMBERS = """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO
"""
EEA = frozenset(_MEMBERS.split())
_LEFT = {"GB": date(2020, 12, 31)}


@dataclass(frozen=True, slots=True)
class Adequacy:
    """A decision under Art. 45 that a country, or part of it, protects data adequately."""

    country: str
    since: date
    until: date | None
    only: Literal["dpf-certified", "privacy-shield-certified", "commercial"] | None
    source: str
    grade: Literal["S", "OJ", "M"]


ADEQUACY = (
    Adequacy("CH", date(2000, 7, 26), None, None, "Decision 2000/518/EC", "OJ"),
    Adequacy("CA", date(2001, 12, 20), None, "commercial", "Decision 2002/2/EC", "OJ"),
    Adequacy("AR", date(2003, 6, 30), None, None, "Decision 2003/490/EC", "OJ"),
    Adequacy("GG", date(2003, 11, 21), None, None, "Decision 2003/821/EC", "OJ"),
    Adequacy("IM", date(2004, 4, 28), None, None, "Decision 2004/411/EC", "OJ"),
    Adequacy("JE", date(2008, 5, 8), None, None, "Decision 2008/393/EC", "OJ"),
    Adequacy("FO", date(2010, 3, 5), None, None, "Decision 2010/146/EU", "OJ"),
    Adequacy("AD", date(2010, 10, 19), None, None, "Decision 2010/625/EU", "OJ"),
    Adequacy("IL", date(2011, 1, 31), None, None, "Decision 2011/61/EU", "OJ"),
    Adequacy("UY", date(2012, 8, 21), None, None, "Decision 2012/484/EU", "OJ"),
    Adequacy("NZ", date(2012, 12, 19), None, None, "Decision 2013/65/EU", "OJ"),
    Adequacy("JP", date(2019, 1, 23), None, None, "Decision (EU) 2019/419", "OJ"),
    Adequacy("KR", date(2021, 12, 17), None, None, "Decision (EU) 2022/254", "OJ"),
    # Renewed on 19 December 2025 until 27 December 2031 (R83).
    Adequacy("GB", date(2021, 6, 28), date(2031, 12, 27), None, "Decision (EU) 2021/1772", "S"),
    Adequacy(
        "US",
        date(2016, 8, 1),
        date(2020, 7, 16),
        "privacy-shield-certified",
        "Decision (EU) 2016/1250, annulled by C-311/18",
        "OJ",
    ),
    Adequacy("US", date(2023, 7, 10), None, "dpf-certified", "Decision (EU) 2023/1795", "S"),
)
"""Not in the table: decisions after 2025 that no source at hand confirms (Brazil: not verified)."""


def in_eea(country: str, on: date) -> bool:
    """Tell whether the country's data protection is the EEA's own on that day (R91)."""
    return country in EEA or on <= _LEFT.get(country, date.min)


def adequacy(country: str, on: date) -> Adequacy | None:
    """Return the decision in force for a country on that day; it may hold for some firms only."""
    for decision in ADEQUACY:
        if decision.country == country and decision.since <= on <= (decision.until or date.max):
            return decision
    return None


def needs_ground(country: str, on: date) -> bool:
    """Tell whether a transfer there needs a ground of its own on that day (Art. 44)."""
    if in_eea(country, on):
        return False
    decision = adequacy(country, on)
    return decision is None or decision.only is not None
