"""
Keeping a vendor's limits: buckets of tokens that threads, and with a database processes, share.
"""

from __future__ import annotations

import itertools
import math
import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from klarsyn.clock import Clock
from klarsyn.transport.failures import MOST_SECONDS
from klarsyn.transport.words import Limit

if TYPE_CHECKING:
    from klarsyn.transport.replies import Reply

_EPOCH = 1_000_000_000
"""A reset that is larger is an instant in epoch seconds, a smaller one so many seconds away."""
_UNLIMITED = 1e6
"""Tokens a second where no limit is published: only blocks count."""
_TICKS_A_SECOND = 1000
"""Waits are rounded up to milliseconds: a shorter one may not move a clock at all."""
_A_MOMENT = 0.02
"""For how many seconds a place is waited for before it is asked for again."""


class Buckets(Protocol):
    """Where tokens are kept: in this process, or in Klarsyn's database for all of them."""

    def take(self, name: str, rate: float, burst: float, cost: float = 1) -> float:
        """Take tokens; return 0, or after how many seconds to ask again."""
        ...

    def block(self, name: str, until: float) -> None:
        """Give out nothing before an instant (epoch seconds)."""
        ...

    def seen(self, name: str, remaining: float, resets_at: float | None = None) -> None:
        """Believe the vendor: it leaves so many calls until then."""
        ...

    def lease(self, name: str, most: int, for_seconds: float) -> str | None:
        """Return the id of one of `most` places, or None where all are taken."""
        ...

    def release(self, lease: str) -> None:
        """Give a place back."""
        ...


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float
    blocked: float = 0.0


@dataclass
class LocalBuckets:
    """Buckets of one process, for when there is no database."""

    clock: Clock
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _leases: dict[str, dict[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def take(self, name: str, rate: float, burst: float, cost: float = 1) -> float:
        """Take tokens; return 0, or after how many seconds to ask again."""
        now = self.clock.now().timestamp()
        with self._lock:
            bucket = self._buckets.setdefault(name, _Bucket(burst, now))
            if bucket.filled < now:
                bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled) * rate)
                bucket.filled = now
            if bucket.blocked <= now and bucket.tokens >= cost:
                bucket.tokens -= cost
                return 0.0
            full = bucket.filled + max(0.0, cost - bucket.tokens) / rate
            wait = max(full, bucket.blocked) - now
            return max(1, math.ceil(wait * _TICKS_A_SECOND)) / _TICKS_A_SECOND

    def block(self, name: str, until: float) -> None:
        """Give out nothing before an instant (epoch seconds)."""
        with self._lock:
            bucket = self._buckets.setdefault(name, _Bucket(0.0, self.clock.now().timestamp()))
            bucket.blocked = max(bucket.blocked, until)

    def seen(self, name: str, remaining: float, resets_at: float | None = None) -> None:
        """Lower the tokens to what the vendor leaves; they grow only from when it resets."""
        now = self.clock.now().timestamp()
        with self._lock:
            bucket = self._buckets.get(name)
            if bucket and bucket.tokens > remaining:
                bucket.tokens = remaining
                bucket.filled = max(now, resets_at or now)

    def lease(self, name: str, most: int, for_seconds: float) -> str | None:
        """Return the id of one of `most` places, or None where all are taken."""
        now = self.clock.now().timestamp()
        with self._lock:
            held = {one: end for one, end in self._leases.get(name, {}).items() if end > now}
            self._leases[name] = held
            if len(held) >= most:
                return None
            lease = f"{name}#{next(self._numbers)}"
            held[lease] = now + for_seconds
            return lease

    def release(self, lease: str) -> None:
        """Give a place back."""
        with self._lock:
            self._leases.get(lease.rpartition("#")[0], {}).pop(lease, None)


def pace(limit: Limit) -> tuple[float, float]:
    """
    Return rate (tokens a second) and burst of a limit.

    What is saved up and what flows in during one window are together nine tenths of the limit,
    however the vendor counts its windows: what leaves evenly does not arrive evenly.
    """
    if not limit.requests:
        return _UNLIMITED, _UNLIMITED
    burst = max(1.0, limit.requests // 10)
    return max(limit.requests * 0.9 - burst, 0.5) / limit.per, burst


def backoff(attempt: int, chance: random.Random) -> float:
    """Return 1, 2, 4 ... 60 seconds, shortened by chance so that many do not come at once."""
    return float(min(60, 2 ** min(attempt - 1, 6)) * (0.75 + chance.random() / 4))


class Turnstile:
    """Lets calls through as fast as the vendor's limits allow, and no faster."""

    def __init__(self, buckets: Buckets, clock: Clock, account: str) -> None:
        """Count for one account at a vendor: limits are theirs, not ours."""
        self.buckets = buckets
        self.clock = clock
        self.account = account

    @contextmanager
    def through(
        self, limits: Mapping[str, Limit], cost: int, seconds: float, patience: float
    ) -> Iterator[float]:
        """
        Let a call through every limit in turn; hold its place, where a limit has so many at once.

        Yields 0, or for how long it would still take, or was waited in vain for a place. Nothing
        is waited for that lies beyond `patience` seconds. Who dies holds a place for that long
        and `seconds` more.

        A place comes before its tokens: calls that wait with tokens in hand may all leave in one
        moment, and pass the limit. So those that leave late are no more than there are places.
        """
        deadline = self.clock.now().timestamp() + patience
        held: list[str] = []
        late = 0.0
        try:
            for name, limit in limits.items():
                if limit.at_once:
                    place = f"{name}/at-once"
                    lease = self._lease(place, limit.at_once, patience + seconds, deadline)
                    held += [lease] if lease else []
                    late = 0.0 if lease else patience
                late = late or self._paid(name, limit, cost, deadline)
                if late:
                    break
            yield late
        finally:
            for lease in held:
                self.buckets.release(lease)

    def _paid(self, name: str, limit: Limit, cost: int, deadline: float) -> float:
        """
        Take a call's tokens, waiting for them; return 0, or how long it would still take.

        What costs more than can be saved up is paid in parts.
        """
        rate, burst = pace(limit)
        owed = float(cost)
        while owed > 0:
            part = min(owed, burst)
            seconds = self.buckets.take(f"{self.account}/{name}", rate, burst, part)
            if not seconds:
                owed -= part
            elif self.clock.now().timestamp() + seconds > deadline:
                return seconds
            else:
                self.clock.sleep(seconds)
        return 0.0

    def block(self, name: str, seconds: float) -> None:
        """Hold everybody back: the vendor said so."""
        self.buckets.block(f"{self.account}/{name}", self.clock.now().timestamp() + seconds)

    def heed(self, name: str, limit: Limit, reply: Reply) -> None:
        """Go by what the vendor itself counts, where its replies tell: nothing left is a block."""
        left = reply.number(limit.remaining) if limit.remaining else None
        left = limit.left(reply) if limit.left else left
        if left is None or not math.isfinite(left):
            return
        now = self.clock.now().timestamp()
        resets = reply.number(limit.resets) if limit.resets else None
        if resets is None or not math.isfinite(resets):
            resets = limit.per
        away = resets - now if resets > _EPOCH else resets
        until = now + min(max(0.0, away), MOST_SECONDS)
        if left < 1:
            self.buckets.block(f"{self.account}/{name}", until)
        else:
            self.buckets.seen(f"{self.account}/{name}", left, until)

    @contextmanager
    def alone(self, name: str, seconds: float) -> Iterator[None]:
        """Be the only one, of all processes, for at most `seconds`; who waits longer goes on."""
        lease = self._lease(name, 1, seconds, self.clock.now().timestamp() + seconds)
        try:
            yield
        finally:
            if lease:
                self.buckets.release(lease)

    def _lease(self, name: str, most: int, seconds: float, deadline: float) -> str | None:
        while True:
            lease = self.buckets.lease(f"{self.account}/{name}", most, seconds)
            if lease or self.clock.now().timestamp() >= deadline:
                return lease
            self.clock.sleep(_A_MOMENT)
