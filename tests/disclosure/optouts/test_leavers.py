"""Who has left a vendor, as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.optouts.leavers import known_by, left_at
from klarsyn.errors import VendorError
from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from tests.disclosure.newsletters import leave, member

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


@pytest.mark.parametrize("vendor", ["mailchimp", "activecampaign"])
def test_only_who_left_is_told(readers: World, vendor: str) -> None:
    """By the vendor's key and the address; the list of all is not read."""
    leave(readers, vendor)
    (leaver,) = left_at(readers.around, vendor) or []
    assert ("unsubscribed", known_by(Personal("FREJA.1@example.com "))) == (
        leaver.why,
        leaver.identities,
    )


def test_bounce_is_told_apart(readers: World) -> None:
    """No mail reaches the address, which is no word of the person's."""
    member(readers).status = "cleaned"
    assert ["bounced"] == [one.why for one in left_at(readers.around, "mailchimp") or ()]


def test_vendor_that_cannot_tell_is_no_vendor_that_nobody_left(company: Companies) -> None:
    """Nothing is concluded from silence: no sheet says it, or no key is there."""
    found = company("mailchimp", "reviso")
    found.environ.pop("KLARSYN_MAILCHIMP_API_KEY")
    assert [None, None] == [left_at(found.around, one) for one in ("reviso", "mailchimp")]


def test_half_a_list_is_an_error(readers: World) -> None:
    """Who stands in the other half would be taken for subscribed."""
    readers.standins["mailchimp"].faults.add(Trouble.DOWN, on="GET *members", times=1000, after=1)
    with pytest.raises(VendorError):
        left_at(readers.around, "mailchimp")


def test_record_without_an_address_is_known_by_its_key(readers: World) -> None:
    """As the company's own people are, whom the ledger knows by it."""
    assert () == known_by(Personal("none"))
