"""Workers that are killed at any moment, three at a time, while customers change."""

from __future__ import annotations

import os
import random
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.crash.company import founded
from tests.crash.trial import Trial, nursery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.slow]

#: `just crash` kills two hundred times on each database.
ENVIRON = dict(os.environ)
KILLS = int(ENVIRON.get("KLARSYN_KILLS", "4"))
WORKERS, CUSTOMERS = 3, 60


def test_nothing_is_lost_when_workers_are_killed(url: str, tmp_path: Path) -> None:
    """Everybody is at each vendor once, as they are now; what nobody knows is shown as that."""
    address = url if url.startswith("postgresql") else ""
    if not address and "KLARSYN_KILLS" not in ENVIRON:
        pytest.skip("G18 kills on SQLite, one by one; `just crash` does so at random")
    draw, began = random.Random(KILLS), time.monotonic()  # noqa: S311  (moments, not secrets)
    with (
        founded(tmp_path / "company", address) as company,
        nursery(company.folder) as born,
        Trial(company, born) as trial,
    ):
        trial.enrol(CUSTOMERS)
        for _ in range(WORKERS):
            born.bear()
        for _ in range(KILLS):
            trial.wait_until_busy()
            time.sleep(draw.uniform(0, draw.choice((0.2, 0.6, 2))))
            # Where all of them have ended meanwhile, whoever begins the next is killed.
            born.kill(draw.choice(trial.busy() or trial.wait_until_busy()))
            born.bear()
            trial.stir(draw.choice((0, 0, 1, 3)))
        born.kill_all()
        trial.busy()
        trial.heal()
        trial.check()
        sys.stdout.write(
            f"{KILLS} kills, {trial.died_busy} of them in the midst of work; {trial.begun} "
            f"deliveries, {trial.newest} customers, {time.monotonic() - began:.0f} s\n"
        )
    assert trial.died_busy > KILLS / 4
