"""G14. What could not be read is never told as empty."""

import pytest

from klarsyn.testing import contract
from tests.vendors.trials import TRIALS

pytestmark = pytest.mark.network


@pytest.mark.parametrize("trial", TRIALS.values(), ids=list(TRIALS))
@pytest.mark.parametrize(
    "check", [contract.check_lasting_fault_is_told, contract.check_lasting_fault_is_not_covered]
)
def test_fault_is_not_an_empty_list(trial, check):
    """
    Throttled, down, cut off, garbled, renamed, refused, an error in a success, a bomb.
    """
    check(trial)
