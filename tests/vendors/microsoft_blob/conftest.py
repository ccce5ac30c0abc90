"""
An account for each test, of which every exchange is refereed.
"""

from dataclasses import replace

import pytest

from klarsyn.testing.standins.azureblob import AzureBlobStandIn
from tests.testing.referee import refereed
from tests.testing.standins.azure_accounts import judgeable
from tests.vendors.trials import MICROSOFT_BLOB


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("microsoft") as kept:
        yield kept


@pytest.fixture
def kind(request):
    """Which account; a versioned one unless the test is parametrised."""
    return getattr(request, "param", AzureBlobStandIn)


@pytest.fixture
def running(kind, exchanges):
    """An account whose clock stands still, and the sheet."""
    with replace(MICROSOFT_BLOB, standin=kind).running() as one:
        yield one
    exchanges.extend(map(judgeable, one.standin.exchanges))
