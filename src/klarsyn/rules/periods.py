"""
Periods of days, weeks, months and years, counted as European law counts them.

Source: Regulation (EEC, Euratom) 1182/71, Art. 3: the day of the event is not counted; a period
in months or years ends on the same date, or on the last day of a shorter month. Not re-read.
Holidays are another matter: they move the end of a period to act in, not of a notice (R97).
"""

from __future__ import annotations

import calendar
import re
from datetime import MAXYEAR, MINYEAR, date, timedelta

_PARTS = re.compile(r"(\d+)([YMWD])")


def after(day: date, period: str) -> date:
    """
    Return the last day of a period that an event on `day` sets off.

    `period` is one of ISO 8601 in years, months, weeks and days, such as P30D or P6M; years and
    months are counted first. OverflowError beyond the year 9999.
    """
    months, days = length(period)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if year > MAXYEAR:
        raise OverflowError(period)
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last)) + timedelta(days=days)


def before(day: date, period: str) -> date:
    """
    Return the first day of the period that ends with the day before `day`.

    P90D are the ninety days before it; a month or a year begins on the same date, or on the last
    day of a shorter month. What would begin before the year 1 begins with it.
    """
    months, days = length(period)
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    month += 1
    if year < MINYEAR:
        return date.min
    start = date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return date.fromordinal(max(date.min.toordinal(), start.toordinal() - days))


def length(period: str) -> tuple[int, int]:
    """Return a period's months and days: two years are 24 months, a week is seven days."""
    counts = dict.fromkeys("YMWD", 0)
    for number, unit in _PARTS.findall(period):
        counts[unit] += int(number)
    return counts["Y"] * 12 + counts["M"], counts["W"] * 7 + counts["D"]
