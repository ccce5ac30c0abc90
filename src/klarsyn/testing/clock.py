"""
Clocks for tests and trials: one that only moves when it is told to, and others like it.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from klarsyn.clock import Clock, SystemClock

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


class StillClock:
    """Stands still; sleeping moves it at once, for every thread that reads it."""

    def __init__(self, start: datetime = START) -> None:
        """Stand at an instant (UTC)."""
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []
        """How long each sleep was, in seconds."""

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Move by that many seconds and remember it."""
        with self._lock:
            self.slept.append(seconds)
            self._now += timedelta(seconds=max(0.0, seconds))

    def move(self, *, days: float = 0, seconds: float = 0) -> None:
        """Let time pass while nobody waits for it."""
        with self._lock:
            self._now += timedelta(days=days, seconds=seconds)


class HurriedClock:
    """
    Runs so many times as fast as the machine's own; processes that name the same begin share it.

    So limits of a vendor are kept to the second between us and a stand-in, and a trial takes
    seconds where the vendor would take minutes.
    """

    def __init__(self, times: int, began: float, system: Clock | None = None) -> None:
        """Run ahead of the system's clock since an instant (seconds since 1970)."""
        self._times = times
        self._began = began
        self._system = system or SystemClock()

    @classmethod
    def read(cls, text: str) -> HurriedClock:
        """Return the clock that another one is written as."""
        times, _, began = text.partition("@")
        return cls(int(times), float(began))

    def __str__(self) -> str:
        """Return what `read` reads: `30@1795683600.0`."""
        return f"{self._times}@{self._began!r}"

    def now(self) -> datetime:
        """Return the instant that it is in a hurry."""
        passed = self._system.now().timestamp() - self._began
        return datetime.fromtimestamp(self._began + passed * self._times, UTC)

    def sleep(self, seconds: float) -> None:
        """Come back when that many of its own seconds have passed."""
        self._system.sleep(seconds / self._times)


class CommonClock(StillClock):
    """
    A clock for several threads: it moves when all of them sleep, to the first who wakes.

    By one that moves at every sleep, a request of one thread arrives late by what others slept.
    """

    def __init__(self, threads: int, start: datetime = START) -> None:
        """Wait for so many threads; each of them calls `leave` when it is through."""
        super().__init__(start)
        self._turn = threading.Condition()
        self._threads = threads
        self._wakings: list[datetime] = []

    def sleep(self, seconds: float) -> None:
        """Sleep until the clock has come that far, and remember for how long."""
        with self._turn:
            self.slept.append(seconds)
            waking = self.now() + timedelta(seconds=max(0.0, seconds))
            self._wakings.append(waking)
            self._go_on()
            self._turn.wait_for(lambda: self.now() >= waking)
            self._wakings.remove(waking)

    def leave(self) -> None:
        """Let the others go on without one."""
        with self._turn:
            self._threads -= 1
            self._go_on()

    def _go_on(self) -> None:
        """Move to the first waking, if nobody is awake."""
        if self._wakings and len(self._wakings) >= self._threads:
            self.move(seconds=max(0.0, (min(self._wakings) - self.now()).total_seconds()))
            self._turn.notify_all()
