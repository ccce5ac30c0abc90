"""Whether somebody has agreed to a plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.plans.agreeing import agreement
from klarsyn.disclosure.plans.plan import VendorPlan
from klarsyn.personal import Secret

if TYPE_CHECKING:
    from klarsyn.tasks import SignedIn
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network

MANY = VendorPlan("mailchimp", "d1" * 32, kinds=Counter(remove=99))


def signed_in(found: World, name: str = "nils") -> SignedIn:
    """Return an approver who has just signed in; the company has two."""
    users, secret = found.around.users, Secret("granite lantern swims at noon")
    if not users.all():
        users.add("freja", secret, "administrator", None)
        users.add("nils", secret, "approver", users.sign_in("freja", secret))
    return users.sign_in(name, secret)


def test_small_plan_needs_nobody(company: Companies) -> None:
    """Nor does one in which there is nothing to do."""
    around = company("mailchimp").around
    assert agreement(around, replace(MANY, kinds=Counter(remove=25)), None) is None
    assert agreement(around, replace(MANY, digest=""), None) is None


def test_large_plan_is_asked_for_once(company: Companies) -> None:
    """However often it is looked at."""
    around = company("mailchimp").around
    first, again = agreement(around, MANY, None), agreement(around, MANY, None)
    assert first
    assert ("open", first) == (first.state, again)
    assert str(first.what).startswith("delivery to mailchimp: 99 people would be removed")


def test_approval_counts_for_this_plan_alone(company: Companies) -> None:
    """The same number of other people is something else."""
    found = company("mailchimp")
    asked = agreement(found.around, MANY, signed_in(found, "freja"))
    assert asked
    found.around.approvals.approve(asked, signed_in(found))
    agreed = agreement(found.around, MANY, None)
    other = agreement(found.around, replace(MANY, digest="d2" * 32), None)
    assert agreed
    assert other
    assert ("approved", "open") == (agreed.state, other.state)


def test_who_asks_again_by_name_puts_it_to_the_request(company: Companies) -> None:
    """What a schedule asked for is theirs from now on, so one other is enough to approve it."""
    found = company("mailchimp")
    first = agreement(found.around, MANY, None)
    again = agreement(found.around, MANY, signed_in(found, "freja"))
    assert first
    assert again
    freja = signed_in(found, "freja").user.pseudonym
    assert (first.id, "", freja) == (again.id, first.asked_by, again.asked_by)
    assert "approved" == found.around.approvals.approve(again, signed_in(found)).state


def test_lapsed_approval_is_asked_for_again(company: Companies) -> None:
    """After two weeks it no longer counts, and nothing is stuck for ever."""
    found = company("mailchimp")
    asked = agreement(found.around, MANY, signed_in(found, "freja"))
    assert asked
    found.around.approvals.approve(asked, signed_in(found))
    found.clock.move(days=15)
    again = agreement(found.around, MANY, None)
    assert again
    assert "open" == again.state
    assert asked.id != again.id


def test_refusal_stands_until_its_time_is_over(company: Companies) -> None:
    """A schedule does not ask every hour what somebody has said no to."""
    found = company("mailchimp")
    asked = agreement(found.around, MANY, None)
    assert asked
    found.around.approvals.refuse(asked, signed_in(found))
    refused = agreement(found.around, MANY, None)
    assert refused
    assert ("refused", asked.id) == (refused.state, refused.id)
    found.clock.move(days=15)
    again = agreement(found.around, MANY, None)
    assert again
    assert "open" == again.state
