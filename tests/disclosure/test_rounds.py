"""The schedule of deliveries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.rounds import deliver_to_all
from klarsyn.durable import Run
from klarsyn.errors import ConnectionInvalid
from klarsyn.vendors.connections import bind

if TYPE_CHECKING:
    from klarsyn.vendors.connections import Bound
    from tests.disclosure.conftest import Companies

pytestmark = pytest.mark.network

NINE = [
    "activecampaign",
    "mailchimp",
    "pipedrive",
    "plecto",
    "recurly",
    "reviso",
    "teamviewer",
    "zapier",
    "zendesk",
]


def test_each_vendor_gets_a_row_that_is_due(company: Companies) -> None:
    """In its own lane, so that one run at a time is there; the schedule itself sends nothing."""
    found = company("mailchimp")
    assert {"vendors": NINE} == deliver_to_all.do(Run("round-1", found.around))
    due = found.around.due.now()
    assert NINE == sorted(one.subject for one in due)
    assert {("disclosure.deliver", True)} == {(one.what, one.lane == one.subject) for one in due}
    assert {"vendor": due[0].subject, "digest": ""} == due[0].arguments


def test_vendor_that_was_not_enabled_is_left_alone(company: Companies) -> None:
    """One whose connection is wrong is begun with: its own run says what is wrong."""
    found = company("mailchimp")

    def some(vendor: str) -> Bound:
        if vendor == "zendesk":
            raise ConnectionInvalid([])
        return replace(bind(found.register, vendor, {}), enabled=vendor == "mailchimp")

    around = replace(found.around, bind=some)
    assert {"vendors": ["mailchimp", "zendesk"]} == deliver_to_all.do(Run("round-1", around))


def test_schedule_is_called_deliver() -> None:
    """As klarsyn.yaml has it."""
    assert "deliver" == deliver_to_all.schedule
