"""
Of which tasks somebody is reminded today. Pure: tasks and dates in, tasks out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from klarsyn.tasks.work import Task

BEFORE: Final = (7, 1, 0)
"""So many days before a task is due, somebody is reminded of it."""
OVERDUE_EVERY: Final = 7
"""And every so many days after, as long as it stays open."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A task of which somebody is to be reminded, and how many days it is overdue."""

    task: Task
    overdue: int
    """Negative where there is time left."""


def reminders(tasks: Iterable[Task], today: date, last: date | None = None) -> Sequence[Reminder]:
    """
    Return what to remind of today, the most overdue first.

    `last` is the day on which this was last asked: a task whose day fell between, while nobody
    asked, is told once today.
    """
    since = today - timedelta(days=1) if last is None else last
    due = [one for one in tasks if one.state == "open" and _falls(one.asked.due, since, today)]
    told = [Reminder(one, (today - one.asked.due).days) for one in due]
    return sorted(told, key=lambda one: -one.overdue)


def _falls(due: date, since: date, today: date) -> bool:
    """Tell whether a day of reminding lies after `since` and not after `today`."""
    days = range((since - due).days + 1, (today - due).days + 1)
    return any(-day in BEFORE or (day > 0 and day % OVERDUE_EVERY == 0) for day in days)
