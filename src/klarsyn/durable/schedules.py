"""
Schedules of klarsyn.yaml, as due rows that are put again for the next time.

The next time is a function of the clock alone: every hour is on the hour (UTC), every day at the
company's time of day. So all workers agree, and a row that is missing or of an older schedule is
seen and put right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from klarsyn.clock import Clock
from klarsyn.durable.due import Due
from klarsyn.durable.works import Work
from klarsyn.errors import UnknownName, said
from klarsyn.settings import Schedule

SUBJECT: Final = "schedule"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Schedules:
    """What recurs, and when."""

    def __init__(
        self, due: Due, clock: Clock, schedules: Mapping[str, Schedule], zone: ZoneInfo
    ) -> None:
        """Read times of day in the company's zone."""
        self._due = due
        self._clock = clock
        self._schedules = schedules
        self._zone = zone

    def arm(self, works: Mapping[str, Work[Any]]) -> None:
        """
        See to it that each has its next time, and nothing else that was scheduled any.

        `works` holds what can be scheduled, by name; UnknownName for a schedule of none. What was
        missed while no worker lived is started once, not as often as it was missed.
        """
        for name in self._schedules:
            if name not in works:
                raise UnknownName(
                    said("klarsyn.yaml schedules {name}, which there is not.", name=name),
                    said("There are: {names}.", names=sorted(works) or "-"),
                )
        now = self._clock.now()
        wanted = {works[name].name: one for name, one in self._schedules.items()}
        waiting = {one.what: one.at for one in self._due.waiting() if one.subject == SUBJECT}
        for what in waiting.keys() - wanted:
            self._due.cancel(what, SUBJECT)
        for what, schedule in wanted.items():
            expected = following(schedule, now, self._zone)
            at = waiting.get(what)
            if at is None or (at > now and at != expected):
                self._due.put(what, SUBJECT, expected, lane=what)


def following(schedule: Schedule, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first time after now; a time of day that a day skips is the one an hour later."""
    if period := schedule.period:
        return _EPOCH + period * ((now - _EPOCH) // period + 1)
    day = now.astimezone(zone).date()
    while True:
        at = datetime.combine(day, schedule.time_of_day, tzinfo=zone).astimezone(UTC)
        if at > now:
            return at
        day += timedelta(days=1)
