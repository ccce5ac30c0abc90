"""
Workers to be killed: a nursery that has imported everything, and forks one for each word it reads.

    python -m tests.durable.crashing ADDRESS FILE

Each worker carries until it is killed, and is answered with its process id. Every step adds a
line to FILE.
"""

import os
import signal
import sys
import time
from pathlib import Path

from klarsyn import keys as klarsyn_keys
from klarsyn.clock import SystemClock
from klarsyn.durable import Engine, Workshop, below, carrying, work

STEPS = 10
MODULES = (below, carrying)
KEY = f"crash:{'A' * 43}"


@work("crash.write", 1)
def writing(run):
    """Write a line a step."""
    for step in range(STEPS):
        run.step(f"step {step}", lambda step=step: line(run, step))
    return STEPS


def line(run, step):
    """Add a line in one write, so that it is whole or not there."""
    time.sleep(0.01)
    os.write(run.around, f"{run.id} {step}\n".encode())
    return step


def engine(address, file):
    """Open the engine on the lines of a file."""
    lines = os.open(file, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    keys = klarsyn_keys.load({"KLARSYN_KEYS": KEY})
    return Engine(address, SystemClock(), keys, Workshop([writing], lines))


def main(address, file):
    """Fork a worker for each word."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            with engine(address, Path(file)) as opened:
                opened.work()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
