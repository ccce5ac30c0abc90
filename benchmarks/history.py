"""
A long history measured: 100 vendors and 300 changes over five years, in a real repository.

    .venv/bin/python benchmarks/history.py                       as a table
    .venv/bin/python benchmarks/history.py --languages sv da     in other languages than all six
    .venv/bin/python benchmarks/history.py --profile             where the first one's time goes

Everything runs in this process, after the modules were loaded: reading the history, the first
publication with the whole archive, and a second one after one more change.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.growing import grown
from klarsyn.publication import publish
from klarsyn.register import load
from klarsyn.register.history import history

T = TypeVar("T")

VENDORS, CHANGES = 100, 300
BEGUN, YEARS = date(2021, 11, 22), 5
ON = date(2026, 11, 22)
ALL = ("sv", "da", "nb", "en", "de", "fi")
COUNTRIES = ("DE", "DK", "FI", "FR", "IE", "NL", "SE")
WORDS = ("git", "-c", "user.name=A. Jensen", "-c", "user.email=a@nordlys.example")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: seconds, and what the publications did."""

    vendors: int
    changes: int
    languages: int
    days: int
    history: float
    first: float
    second: float
    files: int
    megabytes: float
    written: int
    """Files of the second publication that are not the first one's."""


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# A register that changes


def made(folder: Path, vendors: int, changes: int, languages: tuple[str, ...] = ALL) -> Path:
    """
    Make a repository with a register that changed so often over five years; return its folder.

    Each change is a commit of its own, spread evenly: a country, a period, a vendor that comes or
    goes, and every fifth one a matter of wording.
    """
    grown(folder, vendors)
    register = folder / "register"
    company = register / "company.yaml"
    text = company.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^languages: .*$", f"languages: [{', '.join(languages)}]", text)
    left = ", ".join({"de", "fi"} & {*languages})
    text = re.sub(r"(?m)^not_reviewed: .*$", f"not_reviewed: [{left}]", text)
    company.write_text(text, encoding="utf-8")
    commit(folder, BEGUN, "init", "--quiet")
    for number in range(changes):
        if number:
            change(register, number)
        day = BEGUN + timedelta(days=(number * 365 * YEARS) // changes)
        commit(folder, day, "add", "--all")
        commit(folder, day, "commit", "--quiet", f"--message={number}")
    return register


def commit(folder: Path, day: date, *words: str) -> None:
    """Run git in a folder, at noon of a day."""
    at = f"{day.isoformat()}T12:00:00Z"
    environment = {**os.environ, "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at}
    subprocess.run([*WORDS, *words], cwd=folder, env=environment, check=True)


def change(register: Path, number: int) -> None:
    """Make the next change, of the same sorts in turn, at the next vendor that it can change."""
    vendors = sorted((register / "vendors").glob("*-*.yaml"))
    for step in range(len(vendors)):
        path = vendors[(number * 7 + step) % len(vendors)]
        old = path.read_text(encoding="utf-8")
        new = changed(old, number)
        if new == old:
            continue
        if new.startswith(old.partition("kind: ")[0]):
            path.write_text(new, encoding="utf-8")
        else:  # another vendor comes in its place
            fresh = f"{path.stem.partition('-')[0]}-new{number}.yaml"
            path.with_name(fresh).write_text(new, encoding="utf-8")
            path.unlink()
        return


def changed(text: str, number: int) -> str:
    """Return a vendor's file after a change."""
    country = COUNTRIES[number % len(COUNTRIES)]
    moved = (r"(?m)^(  storage: \{value: )\[.*?\]", rf"\1[{country}]")
    edits = (
        (r"next: \d{4}", f"next: {2027 + number % 60}"),
        moved,
        moved,
        (r"period: \{value: P\w+", f"period: {{value: P{number}D"),
        (r"(?m)^name: (\S+).*$", rf"name: \1 new {number}"),
    )
    find, replace = edits[number % len(edits)]
    return re.sub(find, replace, text)


# Measured


def measured(work: Path, vendors: int, changes: int, languages: tuple[str, ...] = ALL) -> Figures:
    """Make a repository, publish it, change one thing more, publish it again."""
    name = f"{vendors}-{changes}-{len(languages)}"
    register = made(work / name, vendors, changes, languages)
    cache, out = work / f"cache-{name}", work / f"site-{name}"
    took, past = timed(lambda: history(load(register, cache=cache), ON, cache=cache))
    first, _ = timed(lambda: publish(load(register, cache=cache), out, ON, cache=cache))
    places = {path: path.stat().st_ino for path in out.rglob("*") if path.is_file()}
    change(register, 1)
    commit(work / name, ON, "commit", "--quiet", "--all", "--message=more")
    second, _ = timed(lambda: publish(load(register, cache=cache), out, ON, cache=cache))
    there = [path for path in out.rglob("*") if path.is_file()]
    return Figures(
        vendors=vendors,
        changes=changes,
        languages=len(languages),
        days=len(past.told),
        history=took,
        first=first,
        second=second,
        files=len(there),
        megabytes=sum(path.stat().st_size for path in there) / 1e6,
        written=sum(path.stat().st_ino != places.get(path) for path in there),
    )


def timed(run: Callable[[], T]) -> tuple[float, T]:
    """Return how many seconds something took, and what came of it."""
    began = time.perf_counter()
    result = run()
    return time.perf_counter() - began, result


def profiled(work: Path, languages: tuple[str, ...]) -> None:
    """Print where the time of the first publication goes."""
    register = made(work / "profile", VENDORS, CHANGES, languages)
    profile = cProfile.Profile()
    profile.enable()
    publish(load(register), work / "site-profile", ON)
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


def main() -> None:
    """Measure what was asked for."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--languages", nargs="+", choices=ALL)
    words.add_argument("--vendors", type=int, default=VENDORS)
    words.add_argument("--changes", type=int, default=CHANGES)
    words.add_argument("--profile", action="store_true")
    asked = words.parse_args()
    choices = [tuple(asked.languages)] if asked.languages else [("sv", "en"), ALL]
    with tempfile.TemporaryDirectory(prefix="klarsyn-bench-") as folder:
        if asked.profile:
            profiled(Path(folder), choices[0])
            return
        head = f"{'vendors':>8}{'commits':>8}{'languages':>10}{'days':>6}{'history s':>10}"
        say(f"{head}{'first s':>9}{'second s':>9}{'files':>7}{'MB':>6}{'written':>8}")
        for languages in choices:
            one = measured(Path(folder), asked.vendors, asked.changes, languages)
            say(
                f"{one.vendors:8}{one.changes:8}{one.languages:10}{one.days:6}{one.history:10.2f}"
                f"{one.first:9.2f}{one.second:9.2f}{one.files:7}{one.megabytes:6.0f}{one.written:8}"
            )


if __name__ == "__main__":
    main()
