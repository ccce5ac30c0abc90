import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

import pytest

from tests.acceptance.processes import ROOT
from tests.durable.crashing import STEPS, engine, writing

pytestmark = pytest.mark.slow

#: `just crash` kills two hundred times.
KILLS = int(os.environ.get("KLARSYN_KILLS", "5"))
AT_ONCE = 8


class Nursery:
    """Workers in processes of their own, to be killed."""

    def __init__(self, process):
        """Speak with a process that forks them."""
        self._process = process
        self.living = []

    def bear(self):
        """Let one begin."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.living.append(int(self._process.stdout.readline()))

    def kill_one(self, number):
        """Kill one of them in the midst of whatever it does."""
        os.kill(self.living.pop(number % len(self.living)), signal.SIGKILL)


@contextmanager
def nursery(address, file):
    """Open a nursery; whatever still lives in it is killed afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.durable.crashing", address, file],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Coverage of a process that is killed is never written, so it need not begin.
        env={name: value for name, value in os.environ.items() if "COV" not in name},
    )
    opened = Nursery(process)
    try:
        yield opened
    finally:
        for one in opened.living:
            os.kill(one, signal.SIGKILL)
        process.communicate(timeout=60)


@pytest.mark.parametrize("workers", [1, 3])
def test_no_work_is_lost_when_workers_are_killed(url, workers, tmp_path):
    """
    Every step is done, and repeated where it was under way at a kill (traps 1d.2, 1d.6 and 1d.9).
    """
    file = tmp_path / "lines"
    runs = [f"w:{number}" for number in range(12 * KILLS)]
    with engine(url, file) as opened, nursery(url, file) as born:
        for number, run in enumerate(runs):
            opened.start(writing, run, lane=f"lane {number % 20}")
        for _ in range(workers):
            born.bear()
        for kill in range(KILLS):
            wait_for_lines(file, 15)
            time.sleep(0.37 * kill % 0.3)
            born.kill_one(kill)
            born.bear()
        # The last one has to find what the others left.
        for _ in range(workers - 1):
            born.kill_one(0)
        while opened.unfinished():
            time.sleep(0.2)
        stages = Counter(opened.state(run).stage for run in runs)
    done, kills = Counter(file.read_text().splitlines()), KILLS + workers - 1
    repeated = done.total() - len(done)
    sys.stdout.write(f"{len(runs)} works, {kills} kills, {repeated} steps repeated\n")

    assert {"done": len(runs)} == stages
    assert {f"{run} {step}" for run in runs for step in range(STEPS)} == set(done)
    assert repeated <= AT_ONCE * kills
    assert max(done.values()) <= 1 + kills


def wait_for_lines(file, count):
    """Wait until there are so many more lines than now; at most ten seconds, if all is done."""
    before = file.stat().st_size
    for _ in range(500):
        if file.stat().st_size >= before + count * len("w:1 1\n"):
            return
        time.sleep(0.02)
