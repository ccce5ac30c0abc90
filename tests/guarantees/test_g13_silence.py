"""G13. What a vendor holds is never printed by accident."""

import pytest

from klarsyn.testing import contract
from tests.vendors.trials import TRIALS

pytestmark = pytest.mark.network


@pytest.mark.parametrize("trial", TRIALS.values(), ids=list(TRIALS))
def test_nobody_is_printed(trial):
    """
    Logs at DEBUG, errors with all their causes, reprs of everything: no value, no key.
    """
    contract.check_nobody_is_printed(trial)
