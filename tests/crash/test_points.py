"""Workers that die at every point that has a name, and then somebody else goes on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash import points
from tests.crash.company import VENDORS, founded
from tests.crash.trial import Trial, nursery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.slow]

#: `just crash` looks after each death, at each vendor by itself, on both databases.
THOROUGH = "KLARSYN_KILLS" in os.environ


@pytest.mark.skipif(THOROUGH, reason="each vendor by itself says more")
def test_death_at_one_point_after_the_other(tmp_path: Path) -> None:
    """Whatever was under way at three vendors, all of it is there in the end, and once."""
    with (
        founded(tmp_path / "company") as company,
        nursery(company.folder) as born,
        Trial(company, born) as trial,
    ):
        trial.enrol(12)
        trial.deliver()
        for point in points.SAMPLE:
            die(trial, point)
        trial.heal()
        trial.check()
        assert list(points.SAMPLE) == trial.deaths()


@pytest.mark.skipif(not THOROUGH, reason="`just crash` takes its time")
@pytest.mark.parametrize("vendor", VENDORS)
def test_death_at_each_point_of_each_vendor(url: str, vendor: str, tmp_path: Path) -> None:
    """After each death everything is looked at, before the next."""
    address = url if url.startswith("postgresql") else ""
    with (
        founded(tmp_path / "company", address, (vendor,)) as company,
        nursery(company.folder) as born,
        Trial(company, born, (vendor,)) as trial,
    ):
        trial.enrol(8)
        trial.deliver()
        for point in points.ALL:
            if vendor in points.REACHED_AT.get(point, VENDORS):
                die(trial, point)
                trial.heal()
                trial.check()


def die(trial: Trial, point: str) -> None:
    """Let something change, and a worker die while it is delivered."""
    trial.stir()
    if point.startswith("settle"):
        trial.put_off(trial.vendors[0])
    trial.begin()
    trial.die_at(point)
