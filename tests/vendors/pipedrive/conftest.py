"""
A company to try the sheet on; the contracts referee all that is said there.
"""

import pytest

from tests.testing.referee import refereed
from tests.vendors.trials import PIPEDRIVE


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of a module, judged when it ends."""
    with refereed("pipedrive") as kept:
        yield kept


@pytest.fixture
def company(exchanges):
    """A company whose clock stands still, and the sheet."""
    with PIPEDRIVE.running() as running:
        yield running
    exchanges.extend(running.standin.exchanges)
