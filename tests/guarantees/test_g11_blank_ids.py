"""G11. A call that could hit more than one record cannot be made."""

import pytest

from klarsyn.testing import contract
from klarsyn.vendors.sheet import DELETE, VALUE
from tests.vendors.trials import TRIALS

pytestmark = pytest.mark.network


@pytest.mark.parametrize("path", ["/users", "/users/", "/stores/{id}/records", "/"])
def test_deletion_without_a_record_cannot_be_written(path):
    """
    `DELETE /users` removes a whole company at one vendor, `DELETE /records` a whole store.
    """
    with pytest.raises(ValueError, match="names no single record"):
        DELETE(path)


@pytest.mark.parametrize(
    "call", [("/users/{id}", {}), ("/users/{id}/", {}), ("/records", {"query": {"key": VALUE}})]
)
def test_deletion_of_one_record_can(call):
    """
    The last step of the path, or a value of the query, names it.
    """
    path, more = call

    assert "DELETE" == DELETE(path, **more).method


@pytest.mark.parametrize("trial", TRIALS.values(), ids=list(TRIALS))
def test_blank_id_is_refused_at_every_vendor(trial):
    """
    Nothing is sent.
    """
    contract.check_blank_id_is_refused(trial)
