"""
Workers to be killed: a nursery that has imported everything, and forks one for each line it reads.

    python -m tests.crash.workers FOLDER

A line is the point at which that worker dies, or empty; it is answered with the process id. What
the workers tell goes to stderr, one line an event.
"""

from __future__ import annotations

import ctypes
import faulthandler
import logging
import os
import resource
import signal
import sys
from pathlib import Path

from klarsyn.disclosure import delivering
from klarsyn.disclosure.sending import readback
from klarsyn.durable import Engine, Workshop, below, carrying
from tests.crash import points
from tests.crash.company import KEYS, Company, opened

PR_SET_PDEATHSIG = 1
"""prctl(2): no worker outlives the nursery, however that ends."""
MODULES = (below, carrying)
WORKS = (delivering.deliver, delivering.resume, readback.read_back)


def engine(company: Company, *, talkative: bool = False) -> Engine[object]:
    """Open the engine of a company, for whoever starts work or carries it."""
    around = company.around
    shop = Workshop(WORKS, around, due=around.due, tell=told if talkative else _silent)
    return Engine(company.address, company.clock, KEYS, shop)


def told(event: str, /, **facts: str | float) -> None:
    """Write an event as a line."""
    words = " ".join(f"{name}={fact}" for name, fact in facts.items())
    os.write(2, f"{os.getpid()} {event} {words}\n".encode())


def _silent(event: str, /, **facts: str | float) -> None:
    del event, facts


def carry(folder: Path, point: str) -> None:
    """Be a worker until SIGTERM, or until death."""
    with opened(folder) as company, engine(company, talkative=True) as worker:
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        points.arm(point, folder / "deaths")
        worker.work()


def main(folder: Path) -> None:
    """Fork a worker for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    faulthandler.enable()
    # As permissive a machine as there is: whoever crashes may leave a core where it works.
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    os.chdir(folder / "cores")
    logging.basicConfig(level=logging.DEBUG)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            carry(folder, line.strip())
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
