"""
An agreement at Reviso to try the sheet on; there is no contract to referee it.
"""

import pytest

from tests.vendors.trials import REVISO


@pytest.fixture
def books():
    """An agreement whose clock stands still, and the sheet."""
    with REVISO.running() as running:
        yield running
