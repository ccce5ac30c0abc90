"""
An agreement to try the sheet on; the contract referees all that is said there.
"""

import pytest

from tests.testing.referee import refereed
from tests.vendors.trials import ECONOMIC


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of a module, judged when it ends."""
    with refereed("e-conomic") as kept:
        yield kept


@pytest.fixture
def books(exchanges):
    """An agreement whose clock stands still, and the sheet."""
    with ECONOMIC.running() as running:
        yield running
    exchanges.extend(running.standin.exchanges)
