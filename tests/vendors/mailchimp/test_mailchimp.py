"""
Mailchimp's sheet beyond what the suite for all sheets tries: who is subscribed, and who never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import Row
from tests.vendors.trials import MAILCHIMP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.testing.trials import Running

pytestmark = pytest.mark.network


@pytest.fixture
def account() -> Iterator[Running]:
    """An account as it is usual."""
    with MAILCHIMP.running() as running:
        yield running


def delivered(account: Running, member: Any, status: str) -> str:
    """Deliver somebody who is there already, and return which status they have then."""
    values = {"email": member.email, "name": member.name, "status": status}
    rows = [Row("1", {name: value for name, value in values.items() if value})]
    with account.open(Purpose.DELIVER) as connection:
        places = {"list_id": member.list_id}
        record = MAILCHIMP.vendor.record("member")
        list(jobs.deliver(connection, record, rows, frozenset(values), places))
    return str(member.status)


def somebody(account: Running, status: str) -> Any:
    """Return a member of the first audience with a status."""
    audience = next(iter(account.standin.audiences.values()))
    return next(one for one in audience.members.values() if one.status == status)


@pytest.mark.parametrize("status", ["unsubscribed", "cleaned", "pending", "transactional"])
@pytest.mark.parametrize("says", ["subscribed", ""])
def test_who_is_there_is_never_subscribed_by_a_row(
    account: Running, status: str, says: str
) -> None:
    """Whatever the row says: that is for the person to do."""
    assert status == delivered(account, somebody(account, status), says)


def test_row_that_says_unsubscribed_counts_for_who_is_there(account: Running) -> None:
    """Less mail needs no consent."""
    member = somebody(account, "subscribed")
    assert "unsubscribed" == delivered(account, member, "unsubscribed")
