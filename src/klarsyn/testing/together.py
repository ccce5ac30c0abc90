"""
Two real processes at one vendor: what they share is a database, and with it the vendor's limits.

    python -m klarsyn.testing.together < ERRAND

is the second of them, started by the check below; it prints how many pages it read.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TextIO

import msgspec

from klarsyn import storage
from klarsyn.clock import Clock
from klarsyn.testing.clock import CommonClock
from klarsyn.testing.distantclock import DistantClock, ServedClock
from klarsyn.testing.trials import Running, Trial
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.vendors import sheet
from klarsyn.vendors.reading import read, records_of
from klarsyn.vendors.sheet import Vendor

THREADS = 4
"""In each process."""
ROUNDS = 6
"""How often each thread reads the first page: 48 in all, more than twice what `crowded` allows."""
REFUSALS = frozenset({429, 503})
"""The statuses by which vendors say that it was too much."""


class Common(Clock, Protocol):
    """A clock that moves when all who share it sleep."""

    def leave(self) -> None:
        """Let the others go on without one."""
        ...


@dataclass(frozen=True, slots=True)
class Errand:
    """What a process has to know to take part."""

    sheet: str
    """The id of a fact sheet, or `module:name`."""
    settings: dict[str, Any]
    requests: int
    per: float
    at_once: int
    detour: str
    database: str
    clock: int
    """The port of the common clock."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    pages: tuple[int, int]
    """How many each process read."""
    asked: int
    """How many requests came to the stand-in."""
    refused: int
    """How many of them were too many."""
    waited: int
    """How often somebody held back."""


def check_limits_are_kept_together(trial: Trial) -> None:
    """Two processes of four threads each, which share a database, never make a vendor throttle."""
    if trial.unlimited:
        return
    assert trial.crowded, "say by `crowded` how a limit is met, or by `unlimited` why none can be"
    with TemporaryDirectory(prefix="klarsyn-", ignore_cleanup_errors=True) as folder:
        database = f"sqlite:///{Path(folder) / 'klarsyn.db'}"
        outcome = together(trial, database, database)
    assert outcome.pages == (THREADS * ROUNDS, THREADS * ROUNDS)
    assert outcome.waited, "the limit was not met: make it smaller"
    assert not outcome.refused, f"{outcome.refused} of {outcome.asked} were too many"


def together(trial: Trial, first: str, second: str) -> Outcome:
    """Let this process and another read as fast as they may, each with its database."""
    clock = CommonClock(2 * THREADS)
    with trial.running(limits=True, clock=clock) as running, ServedClock(clock) as served:
        errand = _errand(running, second, served.port)
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(_sent, errand, clock)
            here = take_part(trial.vendor, replace(errand, database=first), clock)
        replies = [one.reply.status for one in running.standin.exchanges]
        refused = sum(status in REFUSALS for status in replies)
        waited = len(clock.slept) - 2 * THREADS  # but for the beginning
        return Outcome((here, other.result()), len(replies), refused, waited)


def _errand(running: Running, database: str, clock: int) -> Errand:
    trial, standin = running.trial, running.standin
    assert trial.crowded
    limit = trial.crowded(standin)
    return Errand(
        trial.sheet or trial.vendor.id,
        {**standin.secrets, **trial.settings},
        limit.requests,
        limit.per,
        limit.at_once,
        standin.url,
        database,
        clock,
    )


def _sent(errand: Errand, clock: CommonClock) -> int:
    """Send another process on an errand; return how many pages it read."""
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=msgspec.json.encode(errand),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if done.returncode:
        for _ in range(THREADS):
            clock.leave()
    assert not done.returncode, done.stderr.decode()
    return int(done.stdout)


def take_part(vendor: Vendor, errand: Errand, clock: Common) -> int:
    """Read the first pages of a vendor's first record, in threads; return how many there were."""
    limit = replace(
        vendor.api.limit, requests=errand.requests, per=errand.per, at_once=errand.at_once
    )
    with storage.open(errand.database) as opened:
        around = Surroundings(
            clock=clock,
            buckets=storage.Buckets(opened, clock),
            detour=errand.detour,
            patience=1e9,
        )
        api = replace(vendor.api, limit=limit)
        connection = Connection(
            vendor.id, api, errand.settings, purpose=Purpose.AUDIT, around=around
        )
        with connection, ThreadPoolExecutor(THREADS) as pool:
            return sum(pool.map(lambda _: _pages(connection, vendor, clock), range(THREADS)))


def _pages(connection: Connection, vendor: Vendor, clock: Common) -> int:
    try:
        # Time moves when all of both processes sleep: nobody begins before the last is there.
        clock.sleep(1)
        record = records_of(vendor, connection)[0]
        return sum(len(list(islice(read(connection, record), 1))) for _ in range(ROUNDS))
    finally:
        clock.leave()


def vendor_at(where: str) -> Vendor:
    """Return a sheet by its id, or by the `module:name` where it stands."""
    module, _, name = where.partition(":")
    found: Vendor = getattr(import_module(module), name) if name else sheet(where)
    return found


def main(told: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
    """Take part as a process of its own."""
    errand = msgspec.json.decode(told.read(), type=Errand)
    with closing(DistantClock(errand.clock)) as clock:
        out.write(f"{take_part(vendor_at(errand.sheet), errand, clock)}\n")


if __name__ == "__main__":
    main()
