"""
Planning deliveries measured beside a bare anti-join, over the same hashes, turn by turn.

    .venv/bin/python benchmarks/planning.py                    1,000,000 people, nine vendors
    .venv/bin/python benchmarks/planning.py --people 100000    fewer

The people are invented, in a CSV file of sixteen columns; register and vendors are those of
examples/klarpris. The bare contestant is the simplest that finds what differs: each person and
vendor with a digest, put by `executemany` into a table without rowid, and two anti-joins in
SQL against a ledger of the same size, with our settings of SQLite but for `synchronous = off`.
Ours is measured twice: from the hashes of elements on, which is what the bare one does too, and
whole, with the file read, checked, judged and hashed. Each turn is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from klarsyn import keys, settings
from klarsyn import register as registers
from klarsyn import storage as storages
from klarsyn.clock import SystemClock
from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans import planning
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.people import packed
from klarsyn.people.ledger import Person
from klarsyn.people.rejected import Rejections
from klarsyn.people.snapshot import WANTED, Snapshot
from klarsyn.people.source import Source
from klarsyn.storage import Value
from klarsyn.storage.queries import known
from klarsyn.transport.connection import Surroundings
from klarsyn.vendors.connections import Bound, bind

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "klarpris"
VENDORS = (
    *("activecampaign", "mailchimp", "pipedrive", "plecto", "recurly"),
    *("reviso", "teamviewer", "zapier", "zendesk"),
)
PEOPLE, TURNS, BATCH = 1_000_000, 3, 1000
AT = 1_750_000_000
"""When everything was delivered."""
WITHOUT_PHONE = 7
"""Of so many people one has no phone number."""
PUT = known()["put_delivery"].text
CHANGED = 100
"""Of so many people one has another phone number in the second file; one in ten of these is gone,
and another one new."""
KEYS = keys.load({keys.VARIABLE: f"bench:{'k' * 43}"})
COUNTRIES = ("DK", "SE", "NO")


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# The company


def person(number: int, *, later: bool, gone: bool = True) -> str:
    """Return an invented customer as a line of the file; `later` says which of two days it is."""
    changed = number % CHANGED == 0
    if gone and later and changed and number % (10 * CHANGED) == 0:
        number += 100_000_000  # somebody is gone, and somebody else is there
    country = COUNTRIES[number % 3]
    # Sweden's authority keeps these numbers for films and books.
    ends = f"174 06 {5 + (number + (later and changed)) % 95:02}"
    phone = f"070-{ends}" if country == "SE" else f"+46 70 {ends}"
    phone = phone if number % WITHOUT_PHONE else ""
    org = {"DK": f"{number % 10**8:08}", "SE": f"5570{number % 10**6:06}", "NO": ""}[country]
    return (
        f"{number};Freja Lyngholt {number};freja.{number}@example.com;{phone};"
        f"Lyngholt VVS {number} ApS;+46 8 465 004 {number % 100:02};{org};"
        f"Polarlysvej {number % 300}, 9999 Nordenby;Freja Lyngholt {number};{country};no;"
        f"Ordrestyring;basic;registered;freja.{number};subscribed\n"
    )


def write(folder: Path, people: int, *, later: bool, gone: bool = True) -> None:
    """Write the customers of one day; unless `gone`, nobody has left on the later one."""
    file = folder / "customers.csv"
    with (EXAMPLE / "customers.csv").open(encoding="utf-8") as example:
        header = example.readline()
    with file.open("w", encoding="utf-8") as out:
        out.write(header)
        out.writelines(person(one, later=later, gone=gone) for one in range(1, people + 1))


Bind = Callable[[str], Bound]
Surround = Callable[[str], Surroundings]


@contextmanager
def company(
    folder: Path, database: str, ways: tuple[Bind, Surround] | None = None
) -> Iterator[Around]:
    """Yield what plans are made with; `ways` lead to vendors, where any are to be reached."""
    register = registers.load(folder / "register")
    clock = SystemClock()
    with storages.open(f"sqlite:///{folder / database}", clock) as storage:
        yield Around(
            register=register,
            source=Source.of(settings.load(folder), register),
            storage=storage,
            clock=clock,
            keys=KEYS,
            bind=ways[0] if ways else lambda vendor: bind(register, vendor, {}),
            surroundings=ways[1] if ways else lambda _: Surroundings(clock=clock),
        )


def announce(around: Around, vendors: Sequence[str] = VENDORS) -> None:
    """Let all that is declared be in effect."""
    day = date(2022, 1, 25)
    for vendor in vendors:
        elements = [one.held.element for one in around.register.uses_of(vendor)]
        around.facts.put_in_effect(vendor, elements, since=day, announced=day, by="bench")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is sent where: all elements in order, and by vendor their numbers."""

    elements: list[str]
    numbers: dict[str, dict[str, int]]


def shape(around: Around) -> Shape:
    """Return it as a plan has it."""
    opened = planning.ceilings(around, VENDORS, around.facts.load())
    ceilings = [one for one in opened if isinstance(one, Ceiling)]
    assert len(ceilings) == len(VENDORS), opened
    numbers = {
        one.vendor: around.ledger.numbers(
            one.vendor, {each.element: each.place for each in one.sent}
        )
        for one in ceilings
    }
    return Shape(sorted({name for one in ceilings for name in one.elements}), numbers)


def hashed(around: Around, found: Shape) -> Iterator[tuple[list[Person], dict[str, list[bytes]]]]:
    """Yield everybody, a thousand at a time, with the hashes of their elements."""
    for batch in around.source.read(Rejections()):
        people = around.hashes.people(batch)
        yield people, around.hashes.elements(batch, people, found.elements)


def wanted(found: Shape, columns: dict[str, list[bytes]]) -> list[list[bytes]]:
    """Return by vendor what it should hold of each person of a batch, packed."""
    nothing = bytes(packed.HASH_BYTES)
    return [
        [
            b"".join(no + one for no, one in zip(numbers, row, strict=True) if one != nothing)
            for row in zip(*(columns[name] for name in names), strict=True)
        ]
        for names, numbers in map(_packed_numbers, found.numbers.values())
    ]


def _packed_numbers(numbers: dict[str, int]) -> tuple[list[str], list[bytes]]:
    """Return elements and their numbers as a packed row has them, in its order."""
    names = sorted(numbers, key=numbers.__getitem__)
    return names, [numbers[name].to_bytes(2, "big") for name in names]


# What is there before anybody takes a turn


MISSING = (
    """select vendor, person from staged s where not exists (select 1 from ledger l
    where l.vendor = s.vendor and l.person = s.person and l.digest = s.digest)""",
    """select vendor, person from ledger l where not exists (select 1 from staged s
    where l.vendor = s.vendor and l.person = s.person)""",
)
LEDGER = """create table {name} (vendor int, person blob, digest blob, primary key (vendor, person))
without rowid"""


def prepare(folder: Path, people: int) -> None:
    """Write both days, fill both ledgers with the first, and keep the hashes of the second."""
    shutil.copytree(EXAMPLE, folder)
    with company(folder, "empty.sqlite") as around:
        announce(around)
        shape(around)
    shutil.copy(folder / "empty.sqlite", folder / "full.sqlite")
    write(folder, people, later=False)
    opened_bare(folder / "bare-empty.sqlite").close()
    with (
        company(folder, "full.sqlite") as around,
        filling(folder / "full.sqlite") as ours,
        filling(folder / "bare-full.sqlite") as bare,
    ):
        found = shape(around)
        for who, columns in hashed(around, found):
            _fill(ours, bare, found, who, columns)
    write(folder, people, later=True)
    with (
        company(folder, "full.sqlite") as around,
        (folder / "elements.bin").open("wb") as elements,
        (folder / "digests.bin").open("wb") as digests,
    ):
        for who, columns in hashed(around, found):
            every = zip(who, *(columns[name] for name in found.elements), strict=True)
            elements.writelines(b"".join(row) for row in every)
            each = [[packed.digest(one) for one in rows] for rows in wanted(found, columns)]
            digests.writelines(b"".join(row) for row in zip(who, *each, strict=True))


def opened_bare(path: Path) -> sqlite3.Connection:
    """Return the bare contestant's database, with an empty ledger where it is new."""
    there = path.exists()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma cache_size = -32000")
    connection.execute("pragma wal_autocheckpoint = 8000")
    connection.execute("pragma synchronous = off")
    if not there:  # ours is made by Klarsyn
        connection.execute(LEDGER.format(name="ledger"))
    return connection


@contextmanager
def filling(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that fills a ledger fast, in one transaction."""
    connection = opened_bare(path)
    connection.execute("pragma cache_size = -2000000")
    connection.execute("begin")
    yield connection
    connection.execute("commit")
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


def _fill(
    ours: sqlite3.Connection,
    bare: sqlite3.Connection,
    found: Shape,
    who: list[Person],
    columns: dict[str, list[bytes]],
) -> None:
    """Note everybody as held by everyone, as deliveries would."""
    same: dict[str, Value] = {"key_id": KEYS.newest, "at": AT}
    instant = AT.to_bytes(4, "big")
    for number, (vendor, every) in enumerate(
        zip(found.numbers, wanted(found, columns), strict=True)
    ):
        digests = [packed.digest(one) for one in every]
        rows: list[dict[str, Value]] = [
            {
                "vendor": vendor,
                "person": person,
                "known_as": person[:5].hex(),
                "held": b"".join(one[at : at + 14] + instant for at in range(0, len(one), 14)),
                "digest": digest,
                **same,
            }
            for person, one, digest in zip(who, every, digests, strict=True)
        ]
        ours.executemany(PUT, rows)
        plain = [(number, person, one) for person, one in zip(who, digests, strict=True)]
        bare.executemany("insert into ledger values (?, ?, ?)", plain)


# The contestants: each returns how many differences there are


def bare_join(folder: Path, ledger: str) -> dict[str, float]:
    """Stage each person and vendor with a digest, and ask for what is missing on either side."""
    connection = opened_bare(folder / f"bare-{ledger}.sqlite")
    connection.execute("begin")
    connection.execute(LEDGER.format(name="staged"))
    began = time.process_time()
    for block in _blocks(folder / "digests.bin", 16 + 16 * len(VENDORS)):
        connection.executemany(
            "insert into staged values (?, ?, ?)",
            [
                (number, one[:16], one[16 + 16 * number : 32 + 16 * number])
                for one in block
                for number in range(len(VENDORS))
            ],
        )
    staged = time.process_time()
    count = 0
    for text in MISSING:
        count += sum(1 for _ in connection.execute(text))
    joined = time.process_time()
    connection.execute("rollback")
    return {"found": count, "staging": staged - began, "comparing": joined - staged}


def from_hashes(folder: Path, ledger: str) -> dict[str, float]:
    """Klarsyn's snapshot, from the hashes of elements on."""
    with company(folder, f"{ledger}.sqlite") as around:
        found = shape(around)
        names, width = found.elements, packed.HASH_BYTES
        began = time.process_time()
        states = bytes([WANTED]) * len(VENDORS)
        with Snapshot(around.storage, names, found.numbers) as snapshot:
            for block in _blocks(folder / "elements.bin", 16 + width * len(names)):
                columns = {
                    name: [one[16 + at * width : 16 + (at + 1) * width] for one in block]
                    for at, name in enumerate(names)
                }
                people = [Person(one[:16]) for one in block]
                snapshot.stage(people, columns, [states] * len(block))
            snapshot.in_order()
            staged = time.process_time()
            count = sum(1 for _ in snapshot.differences())
            joined = time.process_time()
    return {"found": count, "staging": staged - began, "comparing": joined - staged}


def whole(folder: Path, ledger: str) -> dict[str, float]:
    """Klarsyn's whole plan: the file read, checked, judged, hashed, staged, compared, counted."""
    with company(folder, f"{ledger}.sqlite") as around:
        plan = planning.make(around, VENDORS)
    return {"found": sum(one.people for one in plan.vendors)}


CONTESTANTS: dict[str, Callable[[Path, str], dict[str, float]]] = {
    "bare": bare_join,
    "from hashes": from_hashes,
    "whole": whole,
}


def _blocks(file: Path, size: int) -> Iterator[list[bytes]]:
    """Yield records of a fixed size, as many as a batch has."""
    with file.open("rb") as stream:
        while block := stream.read(size * BATCH):
            yield [block[at : at + size] for at in range(0, len(block), size)]


# Turns


def work(name: str, folder: Path, ledger: str) -> None:
    """Take one turn, and print what it took."""
    sys.path.insert(0, str(EXAMPLE.parents[1]))
    from benchmarks.memory import peak

    before = peak()
    began, used = time.perf_counter(), time.process_time()
    told = CONTESTANTS[name](folder, ledger)
    told |= {"wall": time.perf_counter() - began, "cpu": time.process_time() - used}
    told |= {"peak": peak()}
    print(json.dumps(told | {"before": before}))


def turn(name: str, folder: Path, ledger: str) -> dict[str, float]:
    """Let a process take a turn."""
    words = [sys.executable, __file__, "--worker", name, "--folder", str(folder)]
    done = subprocess.run([*words, "--ledger", ledger], stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def main() -> None:
    """Take turns and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--folder", type=Path, help="made, or used again where it is there")
    parser.add_argument("--ledger", choices=("full", "empty"))
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        work(asked.worker, asked.folder, asked.ledger)
        return
    with tempfile.TemporaryDirectory(prefix="klarsyn-bench-") as made:
        folder = asked.folder or Path(made) / "company"
        if not folder.exists():
            prepare(folder, asked.people)
        for ledger in (asked.ledger,) if asked.ledger else ("full", "empty"):
            compare(folder, ledger, asked.people, asked.turns)


def compare(folder: Path, ledger: str, people: int, turns: int) -> None:
    """Let everybody take turns, and print medians and ratios within a turn."""
    every: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTESTANTS}
    for _ in range(turns):
        for name, took in every.items():
            took.append(turn(name, folder, ledger))
    rows = people * len(VENDORS)
    say(f"\nledger {ledger}: {people:,} people x {len(VENDORS)} vendors, {turns} turns, medians")
    say(f"{'':14}{'found':>9}{'CPU s':>8}{'wall s':>8}{'rows/s':>10}{'MB':>6}{'x bare':>22}")
    for name, took in every.items():
        cpu, wall, peak = (
            statistics.median(one[key] for one in took) for key in ("cpu", "wall", "peak")
        )
        ratios = sorted(a["cpu"] / b["cpu"] for a, b in zip(took, every["bare"], strict=True))
        spread = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        found = took[0]["found"]
        rate = f"{rows / wall:10,.0f}"
        say(f"{name:14}{found:9,.0f}{cpu:8.1f}{wall:8.1f}{rate}{peak:6.0f}{spread:>22}")
        for part in ("staging", "comparing"):
            if part in took[0]:
                seconds = statistics.median(one[part] for one in took)
                say(f"  {part:12}{'':9}{seconds:8.1f}")


if __name__ == "__main__":
    main()
