"""G12. A connection makes no call beyond its purpose."""

import pytest

from klarsyn.errors import CallRefused
from klarsyn.testing import contract
from klarsyn.transport.connection import Purpose, Surroundings
from klarsyn.transport.sending import refuse_foreign_host
from klarsyn.vendors import names, sheet
from klarsyn.vendors.connections import Bound
from tests.vendors.trials import TRIALS

pytestmark = pytest.mark.network
WRITING = [one for one in Purpose if not one.reads_only]


@pytest.mark.parametrize("trial", TRIALS.values(), ids=list(TRIALS))
def test_audit_only_reads(trial):
    """
    Every other call of the sheet is refused before it is sent.
    """
    contract.check_reading_changes_nothing(trial)


@pytest.mark.parametrize("purpose", WRITING)
@pytest.mark.parametrize("name", names())
def test_connection_that_was_not_enabled_is_read_only(name, purpose):
    """
    It cannot even be opened to write.
    """
    bound = Bound(name, sheet(name), {}, {})

    with pytest.raises(CallRefused, match="read-only"):
        bound.open(purpose, Surroundings())


@pytest.mark.parametrize(
    "address",
    [
        "http://us1.api.mailchimp.com/3.0",
        "https://us1.api.mailchimp.com.example.org/3.0",
        "https://us1.api.mailchimp.com@example.org/",
        "https://example.org/us1.api.mailchimp.com",
        "https://us1.api.mailchimp.com:8443/",
        "file:///etc/passwd",
        "//us1.api.mailchimp.com/",
        "",
    ],
)
def test_nothing_goes_to_another_host(address):
    """
    Whatever a vendor tells as the next address.
    """
    with pytest.raises(CallRefused, match="not the vendor's"):
        refuse_foreign_host(address, sheet("mailchimp").api.hosts, "mailchimp")
