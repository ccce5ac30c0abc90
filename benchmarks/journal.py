"""
The journal measured beside raw inserts, in turn, on one SQLite file with synchronous=FULL.

    .venv/bin/python benchmarks/journal.py                        as a table
    .venv/bin/python benchmarks/journal.py --postgresql ADDRESS   on an empty database instead

Each row is so many operations of one kind; rounds are taken in turn, medians of rounds. A raw
insert is the same text and hashes into the same columns, without lock, chain, tree and head.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from klarsyn import keys as klarsyn_keys
from klarsyn import storage as storages
from klarsyn.clock import SystemClock
from klarsyn.journal import Journal, Json, Selection, export, public_keys, verify, verify_file
from klarsyn.storage import Storage
from klarsyn.storage.queries import Query

ROUNDS, APPENDS, BATCHES, PEOPLE, LONG = 5, 400, 10, 500, 20_000
FACTS: dict[str, Json] = {
    "batch": 7,
    "rows": 500,
    "created": 480,
    "updated": 20,
    "digest": "ab" * 32,
}
ROW: dict[str, Json] = {"kind": "create", "elements": ["contact.email", "contact.phone"]}
RAW = Query(
    "raw",
    "insert into raw (number, key, kind, vendor, at, entry, hashes) "
    "values (:number, :key, :kind, :vendor, :at, :entry, :hashes)",
)
TABLE = """create table raw (
    number bigint not null primary key, key text not null unique, kind text not null,
    vendor text not null, at text not null, entry text not null, hashes bytea not null)"""


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def timed(run: Callable[[], object]) -> float:
    """Return how many seconds something took."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


class Bench:
    """What is measured, on one storage."""

    def __init__(self, storage: Storage, keys: klarsyn_keys.Keys) -> None:
        self.storage, self.keys = storage, keys
        self.journal = Journal(storage, SystemClock(), keys)
        self.subjects = [self.journal.subject(secrets.token_bytes(16)) for _ in range(PEOPLE)]
        self.number = 0
        storage.run(Query("table", TABLE))

    def raw(self) -> None:
        """Insert a row as an entry is, each in a transaction of its own."""
        for _ in range(APPENDS):
            self.number += 1
            self.storage.run(
                RAW,
                number=self.number,
                key=secrets.token_hex(12),
                kind="delivery.sent",
                vendor="slack",
                at="2026-11-26T09:00:00.000000Z",
                entry="x" * 480,
                hashes=b"x" * 64,
            )

    def append(self) -> None:
        """Append, each in a transaction of its own."""
        for _ in range(APPENDS):
            key = f"deliver:{secrets.token_hex(8)}:ok"
            self.journal.append(key, "delivery.sent", vendor="slack", facts=FACTS)

    def together(self) -> None:
        """Append as many in one transaction."""
        with self.storage.transaction():
            self.append()

    def raw_together(self) -> None:
        """Insert as many in one transaction."""
        with self.storage.transaction():
            self.raw()

    def batches(self) -> None:
        """Append entries with 500 rows of people each."""
        people = [(one, ROW) for one in self.subjects]
        for _ in range(BATCHES):
            key = f"deliver:{secrets.token_hex(8)}:ok"
            self.journal.append(key, "delivery.sent", vendor="slack", facts=FACTS, people=people)

    def raw_batches(self) -> None:
        """Insert as many such rows, 500 in a transaction."""
        for _ in range(BATCHES):
            self.number += 1
            self.storage.run_many(
                Query("raw_row", "insert into raw_row values (:number, :position, :text)"),
                {"position": list(range(PEOPLE))},
                number=self.number,
                text="x" * 110,
            )


def main() -> None:
    """Measure, and print a table."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--postgresql", default="")
    asked = words.parse_args()
    keys = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("k1")})
    with tempfile.TemporaryDirectory(prefix="klarsyn-bench-") as folder:
        address = asked.postgresql or f"sqlite:///{folder}/klarsyn.sqlite"
        with storages.open(address) as storage:
            bench = Bench(storage, keys)
            storage.run(
                Query(
                    "table",
                    "create table raw_row (n bigint, at bigint, facts text, primary key (n, at))",
                )
            )
            beside(bench)
            long(bench, Path(folder) / "evidence.jsonl")


def beside(bench: Bench) -> None:
    """Print rates of the journal and of raw inserts, taken in turn."""
    pairs = (
        ("appends, each committed", APPENDS, bench.append, bench.raw),
        ("appends, one transaction", APPENDS, bench.together, bench.raw_together),
        (f"people's rows, {PEOPLE} an entry", BATCHES * PEOPLE, bench.batches, bench.raw_batches),
    )
    say(f"{'':34}{'journal /s':>12}{'raw /s':>10}{'share':>8}")
    for name, count, ours, raw in pairs:
        took = [(timed(ours), timed(raw)) for _ in range(ROUNDS)]
        mine, theirs = (count / statistics.median(one) for one in zip(*took, strict=True))
        say(f"{name:34}{mine:12,.0f}{theirs:10,.0f}{mine / theirs:8.2f}")


def long(bench: Bench, file: Path) -> None:
    """Print what a long journal costs to sign, verify and export."""
    with bench.storage.transaction():
        while bench.journal.append(secrets.token_hex(8), "delivery.sent", facts=FACTS) < LONG:
            pass
    public = public_keys(bench.keys)
    bench.journal.checkpoint()
    bench.journal.append("last", "delivery.sent")
    say(f"{LONG:,} entries: checkpoint {1000 * timed(bench.journal.checkpoint):.1f} ms")
    say(f"    verify {timed(lambda: verify(bench.storage, public)):.2f} s")
    say(f"    export all {timed(lambda: export(bench.journal, file, Selection())):.2f} s")
    say(f"    verify that file, {file.stat().st_size / 1e6:.0f} MB,")
    say(f"        {timed(lambda: verify_file(file, public)):.2f} s")


if __name__ == "__main__":
    main()
