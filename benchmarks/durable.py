"""
Steps a second: Klarsyn's engine beside bare dbos, in turn, in SQLite; medians of the rounds.

    python benchmarks/durable.py [--steps 1000] [--rounds 3]

One piece of work does nothing but steps that return a small mapping. It is timed inside, so that
neither start nor queue counts. `bare` is dbos as it is shipped, `wal` the same with our connections
but its own pickle, `klarsyn` all of ours: encrypted JSON, ids compared, errors converted.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory

from klarsyn.durable import Json

RESULT: dict[str, Json] = {"vendor": "postdesk", "batch": 17, "accepted": 100, "refused": [3, 14]}


def timed(steps: int, step: Callable[[], object]) -> float:
    """Return how many steps a second are done."""
    began = time.perf_counter()
    for _ in range(steps):
        step()
    return steps / (time.perf_counter() - began)


def bare(folder: str, steps: int, *, wal: bool) -> float:
    """Return the figure of dbos by itself."""
    from dbos import DBOS, DBOSConfig

    from klarsyn.durable.sqlite import StepsConnection

    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": f"sqlite:///{folder}/bare.sqlite",
        "log_level": "ERROR",
    }
    if wal:
        config["db_engine_kwargs"] = {"connect_args": {"factory": StepsConnection}}
    DBOS(config=config)

    @DBOS.workflow()
    def stepping() -> float:
        return timed(steps, lambda: DBOS.run_step({"name": "step"}, lambda: RESULT))

    DBOS.launch()
    figure = float(stepping())
    DBOS.destroy()
    return figure


def klarsyn(folder: str, steps: int) -> float:
    """Return the figure of Klarsyn's engine."""
    from klarsyn import keys
    from klarsyn.clock import SystemClock
    from klarsyn.durable import Engine, Run, Workshop, work

    @work("bench.step", 1)
    def stepping(run: Run[None]) -> float:
        return timed(steps, lambda: run.step("step", lambda: RESULT))

    ours = keys.load({"KLARSYN_KEYS": keys.made("bench")})
    address = f"sqlite:///{folder}/klarsyn.sqlite"
    with Engine(address, SystemClock(), ours, Workshop([stepping], None)) as engine:
        engine.start(stepping, "bench:1")
        return float(engine.follow("bench:1").result)


KINDS: dict[str, Callable[[str, int], float]] = {
    "bare": lambda folder, steps: bare(folder, steps, wal=False),
    "wal": lambda folder, steps: bare(folder, steps, wal=True),
    "klarsyn": klarsyn,
}


def main() -> None:
    """Run every kind in a process of its own, in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=KINDS)
    given = parser.parse_args()
    if given.only:
        with TemporaryDirectory() as folder:
            print(KINDS[given.only](folder, given.steps))
        return
    figures: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(given.rounds):
        for kind, found in figures.items():
            words = [sys.executable, __file__, "--only", kind, "--steps", str(given.steps)]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
            found.append(float(done.stdout.split()[-1]))
    print("| | steps/s | beside bare |\n|---|---|---|")
    base = statistics.median(figures["bare"])
    for kind, found in figures.items():
        print(
            f"| {kind} | {statistics.median(found):.0f} | {statistics.median(found) / base:.1f} |"
        )


if __name__ == "__main__":
    main()
