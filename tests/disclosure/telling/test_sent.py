"""What a vendor was sent, in numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.telling.sent import Sent, sent_to
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def told(found: World) -> Sent:
    """Return what Mailchimp was sent."""
    return sent_to("mailchimp", found.around.ledger, found.around.journal)


def test_elements_are_counted_with_first_and_last(company: Companies) -> None:
    """A name that changed on the next day is the last that was sent."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.clock.move(days=1)
    found.write(customer(1, name="Freja Holm"), customer(2, partner=""))
    found.deliver("mailchimp")
    elements = {one.element: one for one in told(found).elements}
    assert (2, 1) == (elements["person.name"].people, elements["customer.source_partner"].people)
    assert 86_400 == elements["person.name"].last_at - elements["person.name"].first_at


def test_runs_are_told_with_what_was_planned_and_arrived(company: Companies) -> None:
    """From the journal, so also those of people who are held no more."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.deliver("mailchimp")
    sent = told(found)
    assert (1, 1) == (sent.people, sent.past)
    assert [("run-1", {"create": 2}, 2, 0), ("run-2", {"remove": 1}, 0, 1)] == [
        (one.run, one.planned, one.arrived, one.removed) for one in sent.runs
    ]


def test_nothing_was_sent(company: Companies) -> None:
    """No element, no run."""
    assert Sent("mailchimp", 0, 0, (), ()) == told(company("mailchimp"))


def test_plain_form_is_json(company: Companies) -> None:
    """With instants in UTC."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    plain = json.loads(json.dumps(told(found).plain()))
    assert plain["elements"][0]["first_at"].startswith("2026-11-26T09:00:00")
    assert 2 == plain["runs"][0]["arrived"]
