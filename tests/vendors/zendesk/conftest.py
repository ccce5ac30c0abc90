"""
A help desk to try the sheet on; the contract referees all that is said there.
"""

import pytest

from tests.testing.referee import refereed
from tests.vendors.trials import ZENDESK


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of a module, judged when it ends."""
    with refereed("zendesk") as kept:
        yield kept


@pytest.fixture
def desk(exchanges):
    """A desk whose clock stands still, and the sheet."""
    with ZENDESK.running() as running:
        yield running
    exchanges.extend(running.standin.exchanges)
