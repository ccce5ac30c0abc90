from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from klarsyn.durable import Schedules, Works, work
from klarsyn.durable.schedules import following
from klarsyn.errors import UnknownName
from klarsyn.settings import Schedule

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@work("press.daily", 1, schedule="print")
def printing(run):
    """Print the day's pages."""


@work("press.sweep", 1, schedule="sweep")
def sweeping(run):
    """Sweep the floor."""


WORKS = Works([printing, sweeping]).scheduled()


def at(day, hour, minute=0):
    """Return an instant of November 2026, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def armed(due, clock):
    """Arms schedules, and returns when what is due."""

    def arm(**schedules):
        Schedules(due, clock, schedules, COPENHAGEN).arm(WORKS)
        return {one.what: one.at for one in due.waiting()}

    return arm


@pytest.mark.parametrize(
    ("every", "now", "expected"),
    [
        ("PT1H", at(26, 9, 59), at(26, 10)),
        ("PT1H", at(26, 10), at(26, 11)),  # after, not at
        ("PT20M", at(26, 9, 1), at(26, 9, 20)),
        ("P1D", at(26, 9), at(27, 0)),
    ],
)
def test_every_is_counted_from_one_instant(every, now, expected):
    """
    So all workers agree, and a restart moves nothing.
    """
    assert expected == following(Schedule(every=every), now, COPENHAGEN)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(26, 1), at(26, 2)),  # 03:00 in Copenhagen in winter
        (at(26, 2), at(27, 2)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # summer
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC)),  # winter
    ],
)
def test_daily_is_by_the_company_s_clock(now, expected):
    """
    Three in the morning stays three in the morning when summer comes.
    """
    assert expected == following(Schedule(daily="03:00"), now, COPENHAGEN)


def test_skipped_time_of_day_is_an_hour_later():
    """
    On the night to summer time half past two does not exist.
    """
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert datetime(2026, 3, 29, 1, 30, tzinfo=UTC) == following(
        Schedule(daily="02:30"), now, COPENHAGEN
    )


def test_schedule_puts_its_next_time(armed):
    """
    The still clock stands at nine, UTC.
    """
    assert {"press.daily": at(26, 10), "press.sweep": at(27, 2)} == armed(
        print=Schedule(every="PT1H"), sweep=Schedule(daily="03:00")
    )


def test_armed_again_it_stays(armed, due):
    """
    A worker arms with every beat.
    """
    for _ in range(3):
        armed(print=Schedule(every="PT1H"))

    assert [1] == [one.number for one in due.waiting()]


def test_overdue_time_stays_until_it_is_started(armed, clock, due):
    """
    What a night without a worker missed is done once, then comes the next.
    """
    armed(print=Schedule(every="PT1H"))
    clock.move(days=1)
    assert {"press.daily": at(26, 10)} == armed(print=Schedule(every="PT1H"))
    due.started(due.now()[0])

    assert {"press.daily": at(27, 10)} == armed(print=Schedule(every="PT1H"))


def test_changed_schedule_moves_the_next_time(armed):
    """
    The time of the older one would be false.
    """
    armed(print=Schedule(every="PT1H"))

    assert {"press.daily": at(27, 2)} == armed(print=Schedule(daily="03:00"))


def test_what_is_no_longer_scheduled_is_called_off(armed, due, clock):
    """
    Other rows of the same work stay.
    """
    armed(print=Schedule(every="PT1H"))
    due.put(printing, "by hand", clock.now())
    armed()

    assert ["by hand"] == [one.subject for one in due.waiting()]


def test_schedule_of_nothing_is_refused(armed):
    """
    A misspelt name would never be done, and nobody would notice.
    """
    with pytest.raises(UnknownName, match=r"schedules pint, which there is not\..*print, sweep"):
        armed(pint=Schedule(every="PT1H"))
