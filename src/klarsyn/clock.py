"""
Time, as it is handed to whatever needs it.

Nothing else in Klarsyn asks the machine what time it is or lets it wait, so tests can move time.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells an instant and waits."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Come back when that many seconds have passed."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(max(0.0, seconds))
