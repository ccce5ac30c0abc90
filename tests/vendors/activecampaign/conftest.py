"""
An account to try the sheet on; the contract referees all that is said there.
"""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.testing.referee import refereed
from tests.vendors.trials import ACTIVECAMPAIGN


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of a module, judged when it ends."""
    with refereed("activecampaign") as kept:
        yield kept


@pytest.fixture
def opened(exchanges):
    """Opens an account of some kind, whose clock stands still, and the sheet."""

    @contextmanager
    def opening(kind=ACTIVECAMPAIGN.standin, **how):
        with replace(ACTIVECAMPAIGN, standin=kind).running(**how) as running:
            yield running
        exchanges.extend(running.standin.exchanges)

    return opening


@pytest.fixture
def office(opened):
    """An account as it is usual."""
    with opened() as running:
        yield running
