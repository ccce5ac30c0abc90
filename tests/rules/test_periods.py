from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.rules.periods import after, before

# Received, one month later, three months later: the dates before they are rolled to a working
# day, computed by hand from Regulation 1182/71.
MONTHS = [
    (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
    (date(2026, 3, 5), date(2026, 4, 5), date(2026, 6, 5)),
    (date(2026, 5, 6), date(2026, 6, 6), date(2026, 8, 6)),
    (date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30)),
    (date(2026, 11, 25), date(2026, 12, 25), date(2027, 2, 25)),
    (date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 28)),
    (date(2026, 12, 6), date(2027, 1, 6), date(2027, 3, 6)),
    (date(2027, 2, 25), date(2027, 3, 25), date(2027, 5, 25)),
    (date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30)),
]


@pytest.mark.parametrize(("day", "one", "three"), MONTHS, ids=[str(row[0]) for row in MONTHS])
def test_period_in_months_ends_on_the_same_number(day, one, three):
    """
    Or on the last day of a shorter month; the day of the event is not counted.
    """
    assert (one, three) == (after(day, "P1M"), after(day, "P3M"))


def test_thirty_days_from_the_23rd_of_november():
    """
    R97: the last day to object is 23 December, so it may take effect on the 24th.
    """
    assert date(2026, 12, 23) == after(date(2026, 11, 23), "P30D")


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        (date(2026, 11, 23), "P6M", date(2027, 5, 23)),
        (date(2026, 8, 31), "P6M", date(2027, 2, 28)),
        (date(2027, 8, 31), "P6M", date(2028, 2, 29)),
        (date(2028, 2, 29), "P1Y", date(2029, 2, 28)),
        (date(2028, 2, 29), "P4Y", date(2032, 2, 29)),
        (date(2028, 2, 28), "P1D", date(2028, 2, 29)),
        (date(2028, 2, 29), "P1M", date(2028, 3, 29)),
        (date(2026, 12, 31), "P2M", date(2027, 2, 28)),
        (date(2026, 11, 23), "P12M", date(2027, 11, 23)),
        (date(2026, 11, 23), "P25M", date(2028, 12, 23)),
        (date(2026, 11, 23), "P1W", date(2026, 11, 30)),
        (date(2026, 11, 23), "P6W", date(2027, 1, 4)),
        (date(2026, 11, 23), "P0D", date(2026, 11, 23)),
        (date(2026, 1, 31), "P1M1D", date(2026, 3, 1)),  # 28 February and a day
        (date(2026, 1, 31), "P1D1M", date(2026, 3, 1)),  # months first, wherever they stand
        (date(2026, 1, 31), "P1Y1M2W3D", date(2027, 3, 17)),  # 28 February 2027 and 17 days
        (date(2026, 1, 30), "P1D1D", date(2026, 2, 1)),
    ],
)
def test_period_ends_on_the_day_counted_by_hand(day, period, expected):
    """
    Leap days, weeks, and parts of several sorts: years and months first, then the days.
    """
    assert expected == after(day, period)


@pytest.mark.parametrize("period", ["P999Y", "P8000Y", "P999Y999Y999Y999Y999Y999Y999Y999Y"])
def test_period_beyond_all_calendars_is_an_overflow(period):
    """
    What ends after the year 9999 has no day.
    """
    with pytest.raises(OverflowError):
        after(date(9500, 1, 1), period)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 999))
def test_days_and_weeks_are_days(day, count):
    """
    A week is seven days; days are counted from the day after.
    """
    assert day + timedelta(days=count) == after(day, f"P{count}D")
    assert after(day, f"P{7 * count}D") == after(day, f"P{count}W")


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 300))
def test_months_end_in_their_month(day, count):
    """
    Never in the month after, as 31 days from January would; and a year is twelve months.
    """
    ends = after(day, f"P{count}M")
    months = (ends.year - day.year) * 12 + ends.month - day.month

    assert count == months
    assert ends.day <= day.day
    assert ends.day == day.day or (ends + timedelta(days=1)).day == 1
    assert after(day, f"P{count}Y") == after(day, f"P{12 * count}M")


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        (date(2026, 11, 26), "P1D", date(2026, 11, 25)),
        (date(2026, 11, 26), "P90D", date(2026, 8, 28)),
        (date(2026, 11, 26), "P2W", date(2026, 11, 12)),
        (date(2026, 11, 26), "P1Y", date(2025, 11, 26)),
        (date(2026, 3, 31), "P1M", date(2026, 2, 28)),
        (date(2028, 2, 29), "P1Y", date(2027, 2, 28)),
        (date(2026, 3, 31), "P1M1D", date(2026, 2, 27)),  # months first, then the days
        (date(2026, 11, 26), "P999Y999Y999Y", date.min),
        (date(2026, 11, 26), "P2025Y10M999D", date.min),
    ],
)
def test_period_before_a_day_begins_on_the_day_counted_by_hand(day, period, expected):
    """
    The day itself is not in it; nothing begins before the calendar does.
    """
    assert expected == before(day, period)


@given(st.dates(min_value=date(100, 1, 1)), st.integers(0, 900))
def test_period_of_days_before_a_day_has_that_many(day, count):
    """
    P90D looks back on ninety days.
    """
    assert count == (day - before(day, f"P{count}D")).days
