from datetime import date, timedelta

import pytest

from klarsyn.errors import said
from klarsyn.tasks import NewTask, Task, reminders

DUE = date(2026, 12, 15)


def task(due=DUE, state="open"):
    """Return a task that is due on a day."""
    asked = NewTask(key="k", kind="manual", vendor="signifly", what=said("do it"), due=due)
    return Task("t", asked, state, 0.0)


@pytest.mark.parametrize("days", [7, 1, 0, -7, -14, -70])
def test_there_are_days_of_reminding(days):
    """
    A week before, the day before, on the day, and every week after.
    """
    today = DUE - timedelta(days=days)

    assert [-days] == [one.overdue for one in reminders([task()], today)]


@pytest.mark.parametrize("days", [30, 8, 6, 2, -1, -6, -8])
def test_on_other_days_there_is_peace(days):
    """
    Who is told every day stops reading.
    """
    assert [] == reminders([task()], DUE - timedelta(days=days))


@pytest.mark.parametrize("state", ["done", "failed", "attested"])
def test_nobody_is_reminded_of_what_has_ended(state):
    """
    Only open tasks wait for somebody.
    """
    assert [] == reminders([task(state=state)], DUE)


def test_day_that_was_missed_is_told_later():
    """
    The machine was off on the day: once it is on again, it tells, and tells once.
    """
    assert 1 == len(reminders([task()], DUE + timedelta(days=3), last=DUE - timedelta(days=1)))
    assert [] == reminders([task()], DUE + timedelta(days=3), last=DUE)
    assert [] == reminders([task()], DUE, last=DUE)


def test_most_overdue_comes_first():
    """
    Whoever reads one line reads the worst.
    """
    late, soon = task(DUE - timedelta(days=14)), task(DUE + timedelta(days=7))

    assert [14, 0, -7] == [one.overdue for one in reminders([soon, task(), late], DUE)]
