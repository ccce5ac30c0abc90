"""
Vendors to which nothing is sent for now.
"""

from __future__ import annotations

from dataclasses import dataclass

from klarsyn.clock import Clock
from klarsyn.errors import Message
from klarsyn.storage import Storage
from klarsyn.stored import from_json, to_json


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when (seconds since 1970), by whose word, and why."""

    vendor: str
    since: float
    by: str
    why: Message


class Pauses:
    """The pauses in a storage."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep them there."""
        self._storage = storage
        self._clock = clock

    def pause(self, vendor: str, by: str, why: Message) -> None:
        """Send nothing to a vendor; who is paused already stays as they are."""
        now = self._clock.now().timestamp()
        self._storage.run("pause_delivery", vendor=vendor, now=now, paused_by=by, why=to_json(why))

    def resume(self, vendor: str) -> bool:
        """Send again; False where it was not paused."""
        return bool(self._storage.run("resume_delivery", vendor=vendor))

    def all(self) -> dict[str, Pause]:
        """Return every pause by its vendor."""
        rows = self._storage.run("paused_deliveries")
        return {
            str(vendor): Pause(str(vendor), float(since or 0), str(by), from_json(str(why)))
            for vendor, since, by, why in rows
        }
