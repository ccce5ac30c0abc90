"""
Spoil register files and load them: nothing but a RegisterError may ever come out (R12).

    .venv/bin/python scripts/fuzz.py --count 100000 [--seed N] [--seconds S] [--only CASE]

Every case is a real register of examples/ with one file spoilt: bytes flipped, lines dropped,
doubled or swapped, values exchanged between files, odd characters, deep nesting. What still loads
is examined, and every sentence about it is said. The same seed and case number give the same
bytes; a failure prints both.
"""

from __future__ import annotations

import argparse
import difflib
import os
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from klarsyn.errors import RegisterError
from klarsyn.register import examine
from klarsyn.register.loading import assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Mutation = Callable[[Random, bytes, bytes], bytes]

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 22)
CHUNK = 250  # cases that one process takes at a time
VENDORS_KEPT = 2  # beside the spoilt file: a whole register of 16 would only cost time
HOW_MANY = (1, 1, 1, 2, 3)  # mutations; few of them, so that some files still load

ODD_TEXTS = (
    "\u202e", "\u200b", "\ufeff", "\x00", "\x85", "\u2028", "\u00a0", "²", "\U0001f600", "\t", "\r",
    "~", "null", "NO", "yes", "1e3", "1_000", ".inf", "0x10", "2026-02-30", "2026-11-22T10:00:00Z",
    "''", '""', "[]", "{}", "[[]]", "{a: {b: c}}", "? ", "- ", ": ", "&a ", "*a", "!!int ", "!x ",
    "<<: {}", "|", ">-", "%YAML 1.1", "---", "...", "#", '"\\ud800"', '"\\U00110000"', '"\\0"',
    "{0}", "%s", "../../etc", "a" * 3_000, "9" * 400, "-1", "0", "11", "P9Y", "P999999Y",
)  # fmt: skip


# Mutations: a source of chance, the file to spoil and another file in; spoilt bytes out.


def flip_bytes(rng: Random, content: bytes, _: bytes) -> bytes:
    """Change up to four bytes."""
    spoilt = bytearray(content)
    for _n in range(rng.randint(1, 4)):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def drop_line(rng: Random, content: bytes, _: bytes) -> bytes:
    """Leave a line out."""
    lines = content.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def double_line(rng: Random, content: bytes, _: bytes) -> bytes:
    """Write a line twice, near or far."""
    lines = content.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return b"".join(lines)


def swap_lines(rng: Random, content: bytes, _: bytes) -> bytes:
    """Exchange two lines."""
    lines = content.splitlines(keepends=True)
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def cut_off(rng: Random, content: bytes, _: bytes) -> bytes:
    """End the file early."""
    return content[: rng.randrange(len(content))]


def indent_line(rng: Random, content: bytes, _: bytes) -> bytes:
    """Move a line to the right or to the left."""
    lines = content.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    right = b" " * rng.randint(1, 3) + lines[at]
    lines[at] = rng.choice((right, lines[at].removeprefix(b" ")))
    return b"".join(lines)


def odd_value(rng: Random, content: bytes, _: bytes) -> bytes:
    """Put something odd in the place of a value."""
    lines = content.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    key, colon, _value = lines[at].partition(b": ")
    lines[at] = key + (colon or b": ") + rng.choice(ODD_TEXTS).encode() + b"\n"
    return b"".join(lines)


def odd_key(rng: Random, content: bytes, _: bytes) -> bytes:
    """Put something odd in the place of a key."""
    lines = content.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    line = lines[at]
    space = line[: len(line) - len(line.lstrip())]
    lines[at] = space + rng.choice(ODD_TEXTS).encode() + b": " + line.partition(b": ")[2]
    return b"".join(lines)


def insert_odd(rng: Random, content: bytes, _: bytes) -> bytes:
    """Put something odd anywhere, between the bytes of a letter too."""
    at = rng.randrange(len(content))
    return content[:at] + rng.choice(ODD_TEXTS).encode() + content[at:]


def exchange_words(rng: Random, content: bytes, other: bytes) -> bytes:
    """Replace every occurrence of a word by a word of another file."""
    return content.replace(rng.choice(content.split()), rng.choice(other.split()), 1)


def borrow_value(rng: Random, content: bytes, other: bytes) -> bytes:
    """Give a key the value that some key has in another file."""
    lines = content.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    value = rng.choice(other.splitlines()).partition(b": ")[2]
    lines[at] = lines[at].partition(b": ")[0] + b": " + value + b"\n"
    return b"".join(lines)


def borrow_fitting_value(rng: Random, content: bytes, other: bytes) -> bytes:
    """Give a key the value that the same key has elsewhere: it often still loads."""
    lines = content.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    key = lines[at].partition(b": ")[0].strip(b" -")
    found = [line for line in (content + other).splitlines() if line.strip(b" -").startswith(key)]
    value = rng.choice(found).partition(b": ")[2] if found else b""
    lines[at] = lines[at].partition(b": ")[0] + b": " + value + b"\n"
    return b"".join(lines)


def age(rng: Random, content: bytes, _: bytes) -> bytes:
    """Move every date with one year by some years."""
    year = rng.choice((b"2022", b"2026", b"2027"))
    return content.replace(
        year, rng.choice((b"0001", b"1999", b"2016", b"2025", b"9999", b"10000"))
    )


def borrow_lines(rng: Random, content: bytes, other: bytes) -> bytes:
    """Write a few lines of another file into this one."""
    lines, lent = content.splitlines(keepends=True), other.splitlines(keepends=True)
    at, start = rng.randrange(len(lines)), rng.randrange(len(lent))
    return b"".join([*lines[:at], *lent[start : start + rng.randint(1, 6)], *lines[at:]])


def nest_deeply(rng: Random, content: bytes, _: bytes) -> bytes:
    """Open far more brackets than anybody closes."""
    at = content.find(b": ", rng.randrange(len(content))) + 2
    return content[:at] + rng.choice((b"[", b"{", b"{a: ", b"- ")) * rng.choice((19, 21, 2_000))


def empty(rng: Random, content: bytes, _: bytes) -> bytes:
    """Leave nothing, or nothing but white space."""
    return rng.choice((b"", b"\n\n", b"# nothing\n", b"---\n", content[:10]))


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes, drop_line, double_line, swap_lines, cut_off, indent_line, odd_value, odd_key,
    insert_odd, exchange_words, borrow_value, borrow_fitting_value, age, borrow_lines, nest_deeply,
    empty,
)  # fmt: skip


# One case: a register with one file spoilt, and what came out.


@cache
def real_registers() -> tuple[Mapping[str, bytes], ...]:
    """Return the files of every register in examples/, by name."""
    folders = sorted(ROOT.glob("examples/*/register"))
    return tuple(
        {
            path.relative_to(one).as_posix(): path.read_bytes()
            for path in sorted(one.rglob("*.yaml"))
        }
        for one in folders
    )


def spoilt(rng: Random) -> tuple[str, dict[str, bytes], bytes]:
    """Return the name of the file that was spoilt, the whole register, and the file as it was."""
    files = rng.choice(real_registers())
    name = rng.choice(sorted(files))
    vendors = [one for one in files if one.startswith("vendors/")]
    left_out = set(rng.sample(vendors, max(0, len(vendors) - VENDORS_KEPT))) - {name}
    contents = {one: content for one, content in files.items() if one not in left_out}
    for _ in range(rng.choice(HOW_MANY)):
        if contents[name].split():
            other = files[rng.choice(sorted(files))]
            contents[name] = rng.choice(MUTATIONS)(rng, contents[name], other)
    return name, contents, files[name]


def attempt(contents: Mapping[str, bytes], parsed: Path | None = None) -> str:
    """Load, examine, and say every sentence; return "refused" or "accepted"."""
    try:
        register = assemble(contents, Path("register"), cache=parsed)
    except RegisterError as refusal:
        str(refusal).encode()
        return "refused"
    outcome = examine(register, DAY)
    for finding in (*outcome.open, *outcome.accepted):
        f"{register.line(finding.place)} {finding.what} {finding.remedy}".encode()
    return "accepted"


@dataclass
class Tally:
    """How many cases ended how, and what went wrong."""

    endings: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.endings += other.endings
        self.failures += other.failures


def try_cases(seed: int, cases: range, parsed: Path | None = None) -> Tally:
    """Try some cases; `parsed` is a folder for files that were read before."""
    tally = Tally()
    for case in cases:
        name, contents, whole = spoilt(Random(f"{seed}-{case}"))  # noqa: S311  (chance, no secret)
        try:
            tally.endings[attempt(contents, parsed)] += 1
        except Exception:  # noqa: BLE001  (what else may come out is the question)
            tally.endings["failed"] += 1
            tally.failures.append(_told(seed, case, name, whole, contents[name]))
    return tally


def _told(seed: int, case: int, name: str, whole: bytes, content: bytes) -> str:
    before, after = (one.decode(errors="backslashreplace") for one in (whole, content))
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    changed = [line[:120] for line in lines][2:12]
    head = f"--seed {seed} --only {case}: {name}"
    return "\n".join([head, *changed, traceback.format_exc(limit=-3)])


def _chunks(count: int, seconds: float | None) -> Iterator[range]:
    end = time.monotonic() + seconds if seconds else None
    for first in range(0, count, CHUNK):
        if end and time.monotonic() > end:
            return
        yield range(first, min(first + CHUNK, count))


def fuzz(seed: int, count: int, seconds: float | None, processes: int) -> Tally:
    """Try `count` cases, or as many as the seconds allow."""
    total = Tally()
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(processes) as pool:
        running = []
        for cases in _chunks(count, seconds):
            running.append(pool.submit(try_cases, seed, cases, Path(folder)))
            if len(running) > 2 * processes:
                total.add(running.pop(0).result())
        for one in running:
            total.add(one.result())
    return total


def main() -> int:
    """Fuzz as asked on the command line; 1 where something else than a refusal came out."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument(
        "--only", type=int, metavar="CASE", help="try one case, as a failure named it"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    started = time.monotonic()
    if asked.only is None:
        total = fuzz(asked.seed, asked.count, asked.seconds, asked.processes)
    else:
        total = try_cases(asked.seed, range(asked.only, asked.only + 1))
    for failure in total.failures[:10]:
        print(failure)
    taken = time.monotonic() - started
    ended = ", ".join(f"{total.endings[one]:,} {one}" for one in ("refused", "accepted", "failed"))
    print(f"{total.endings.total():,} files: {ended}; seed {asked.seed}, {taken:.0f} seconds")
    return 1 if total.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
