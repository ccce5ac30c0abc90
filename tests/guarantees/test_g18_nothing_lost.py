"""G18. Nothing is lost when a process dies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash import points
from tests.crash.company import founded
from tests.crash.trial import Trial, nursery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.slow]


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
            trial.change_and_die(point)
        trial.heal()
        trial.check()
        assert list(points.SAMPLE) == trial.deaths()
