"""
Vendors' limits, kept by all threads and processes that share a database.

A token bucket limits calls a second and obeys what a vendor says of its own count; a lease limits
how many calls are under way at once. Instants are seconds since 1970, as everywhere in the tables.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from typing import Final

from klarsyn.clock import Clock
from klarsyn.storage.port import Storage

#: Waits are rounded up to whole milliseconds: below a microsecond a clock cannot tell that time
#: has passed, and who waits that long would ask for ever.
_TICKS_A_SECOND: Final = 1000


@dataclass(frozen=True, slots=True)
class _Bucket:
    """What stood in a bucket when it was last looked at."""

    tokens: float
    refilled_at: float
    blocked_until: float

    def wait(self, now: float, cost: float, rate: float, burst: float) -> float:
        """Return in how many seconds `cost` tokens will be there, if nobody else takes any."""
        lacking = (cost - min(self.tokens, burst)) / rate
        wait = max(self.refilled_at + lacking, self.blocked_until) - now
        return max(1, math.ceil(wait * _TICKS_A_SECOND)) / _TICKS_A_SECOND


class Buckets:
    """Token buckets and leases, each under a name such as `hubspot:search`."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep them in a storage; processes on several machines need clocks that agree."""
        self._storage = storage
        self._clock = clock

    def take(self, name: str, rate: float, burst: float, cost: float = 1) -> float:
        """
        Take `cost` tokens and return 0, or take none and return how many seconds to wait.

        A bucket gains `rate` tokens a second and holds at most `burst`, with which it begins.
        """
        if not (rate > 0 and 0 < cost <= burst):
            raise ValueError(f"{name}: a cost of {cost} never fits {rate}/s with burst {burst}")
        now = self._now()
        asked = {"now": now, "cost": float(cost), "rate": float(rate), "burst": float(burst)}
        if self._storage.run("take_tokens", name=name, **asked):
            return 0.0
        (bucket,) = self._storage.read(_Bucket, "bucket", name=name)
        return bucket.wait(**asked)

    def block(self, name: str, until: float) -> None:
        """Let nobody take before an instant: Retry-After, or a day's quota that is used up."""
        self._storage.run("block_bucket", name=name, now=self._now(), until=float(until))

    def seen(self, name: str, remaining: float, resets_at: float | None = None) -> None:
        """
        Believe the vendor: it leaves `remaining` calls until its window is over.

        Where that is less than the bucket holds, tokens fall to it and grow only from
        `resets_at`; more tokens than we count ourselves there never are.
        """
        now = self._now()
        grows_from = max(now, resets_at or now)
        self._storage.run(
            "lower_tokens", name=name, now=now, remaining=float(remaining), grows_from=grows_from
        )

    def lease(self, name: str, most: int, for_seconds: float) -> str | None:
        """
        Return a lease where fewer than `most` are held, else None.

        One that is not released lapses: its holder has died, and others must not wait for ever.
        """
        now, lease = self._now(), secrets.token_hex(16)
        while self._held(name, most, now) < most:
            if self._storage.run(
                "take_slot",
                name=name,
                most=most,
                id=lease,
                now=now,
                expires_at=now + for_seconds,
            ):
                return lease
            # Somebody took the slot between the two statements; each time one of them gets one.
        return None

    def release(self, lease: str) -> None:
        """Give a lease back; one that has lapsed takes nothing from who holds its slot now."""
        self._storage.run("release_slot", id=lease)

    def _held(self, name: str, most: int, now: float) -> int:
        ((held,),) = self._storage.run("held_slots", name=name, most=most, now=now)
        return int(held or 0)

    def _now(self) -> float:
        return self._clock.now().timestamp()
