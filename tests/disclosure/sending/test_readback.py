"""A sample that is read back after a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure.sending.readback import read_back, sample_of
from klarsyn.durable import Run
from klarsyn.people.ledger import Person

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def looked(found: World, vendor: str) -> dict[str, Any]:
    """Deliver, wait until the sample is due, and read it back."""
    found.deliver(vendor)
    (due,) = [one for one in found.around.due.waiting() if one.what == "disclosure.read-back"]
    found.clock.move(seconds=(due.at - found.clock.now()).total_seconds() + 1)
    told: Any = read_back.do(Run("read", found.around), **due.arguments)
    return dict(told)


@pytest.mark.parametrize(
    "vendor", ["mailchimp", "zendesk", "pipedrive", "reviso", "recurly", "activecampaign"]
)
def test_what_arrived_is_found_again(company: Companies, vendor: str) -> None:
    """Everybody of the sample is there with every element that was sent."""
    assert {"looked": 2, "found": 2, "dropped": {}} == looked(company(vendor), vendor)


def test_field_that_a_server_drops_is_noticed(company: Companies) -> None:
    """It said yes and has not kept it: told element by element, and recorded."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    for audience in found.standins["mailchimp"].audiences.values():
        for member in audience.members.values():
            member.merge_fields["SOURCE"] = ""
    (due,) = [one for one in found.around.due.waiting() if one.what == "disclosure.read-back"]
    told = read_back.do(Run("read", found.around), **due.arguments)
    assert {"looked": 2, "found": 2, "dropped": {"customer.source_partner": 2}} == told
    rows = found.storage.run("dropped_elements")
    assert ("mailchimp", "customer.source_partner") in [one[:2] for one in rows if one[4]]
    assert "delivery.read-back" in [one.kind for one in found.around.journal.entries()]


def test_sample_is_spread_over_the_run() -> None:
    """Five of many, the first among them."""
    found = sample_of([Person(bytes([one // 4])) for one in range(1000)])
    assert [0, 50, 100, 150, 200] == [one[0] for one in found]
