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
                trial.change_and_die(point)
                trial.heal()
                trial.check()
