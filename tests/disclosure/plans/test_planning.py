"""From source and register to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.plans.planning import make
from klarsyn.errors import StorageError
from klarsyn.people.identities import Identity
from klarsyn.personal import Personal
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies

pytestmark = pytest.mark.network


def test_first_plan_creates_everybody(company: Companies) -> None:
    """With each element counted, in as few calls as the vendor's batches allow."""
    plan = company("mailchimp").plan("mailchimp")
    assert ({"create": 2}, 1) == (dict(plan.kinds), plan.calls)
    assert (2, 2) == (plan.sets["person.email"], plan.sets["person.name"])


def test_second_plan_finds_nothing_to_do(company: Companies) -> None:
    """What was delivered is known; the plan has no digest, since there is nothing to apply."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    plan = make(found.around, ["mailchimp"])
    assert plan.empty
    assert "" == plan.vendors[0].digest


def test_source_is_read_once_for_all_vendors(company: Companies) -> None:
    """Each vendor has its own population, elements and numbers in one plan."""
    found = company("mailchimp", "zendesk")
    found.write(customer(1), customer(2, newsletter="unsubscribed"))
    mailchimp, zendesk = make(found.around, ["mailchimp", "zendesk"]).vendors
    assert (1, 2) == (mailchimp.people, zendesk.people)
    assert "person.phone" not in zendesk.sets


def test_changed_phone_concerns_those_who_have_the_phone(company: Companies) -> None:
    """One update at Pipedrive, none at Zendesk."""
    found = company("pipedrive", "zendesk")
    found.deliver("pipedrive")
    found.deliver("zendesk")
    found.write(customer(1, phone="+44 7700 900555"), customer(2))
    pipedrive, zendesk = make(found.around, ["pipedrive", "zendesk"]).vendors
    assert ({"update": 1}, {"person.phone": 1}) == (dict(pipedrive.kinds), dict(pipedrive.sets))
    assert {} == dict(zendesk.kinds)


def test_same_number_written_otherwise_is_no_change(company: Companies) -> None:
    """Numbers and addresses are compared in their normal form."""
    found = company("pipedrive")
    found.deliver("pipedrive")
    found.write(customer(1, phone="+447700900001", email="Freja.1@EXAMPLE.com"), customer(2))
    assert {} == dict(found.plan("pipedrive").kinds)


def test_row_that_is_wrong_changes_nothing_at_the_vendor(company: Companies) -> None:
    """A slip in the file is no wish to be forgotten: they are neither sent nor removed."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, email="freja at example.com"), customer(2))
    plan = make(found.around, ["mailchimp"])
    assert ({}, {"row-wrong": 1}) == (dict(plan.vendors[0].kinds), dict(plan.vendors[0].skipped))
    assert (1, 0) == (plan.rejected, plan.nameless)


def test_row_of_nobody_knows_whom_lets_nobody_be_removed(company: Companies) -> None:
    """It may be anybody's, so who is absent may only be misspelt."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1), customer(2) | {"customer_no": ""})
    plan = make(found.around, ["mailchimp"])
    assert ({}, 1) == (dict(plan.vendors[0].kinds), plan.nameless)


def test_who_is_restricted_is_left_as_they_are(company: Companies) -> None:
    """Art. 18: no update, and no removal either."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.around.facts.restrict(Personal("1"), by="test")
    found.write(customer(1, name="Ny Lyngholt"), customer(2))
    plan = found.plan("mailchimp")
    assert ({}, {"restricted": 1}) == (dict(plan.kinds), dict(plan.skipped))


def test_erased_person_is_never_sent_again(company: Companies) -> None:
    """Under another key, with another spelling of the address."""
    found = company("zendesk")
    identity = Identity("email", Personal("freja.1@example.com"), "person.email", about_person=True)
    found.around.facts.bury([identity], found.clock.now())
    found.write(customer(77, email="FREJA.1@example.com"))
    plan = found.plan("zendesk")
    assert ({}, {"erased": 1}) == (dict(plan.kinds), dict(plan.skipped))


def test_opt_out_stops_every_vendor_of_marketing_and_no_other(company: Companies) -> None:
    """D20: opted out once, stopped in both newsletter systems; the invoice still goes out."""
    found = company("mailchimp", "activecampaign", "reviso")
    identity = Identity("email", Personal("freja.1@example.com"), "person.email", about_person=True)
    found.around.facts.opt_out([identity], found.clock.now(), origin="activecampaign")
    plans = make(found.around, ["mailchimp", "activecampaign", "reviso"]).vendors
    assert [{"opted-out": 1}, {"opted-out": 1}, {}] == [dict(one.skipped) for one in plans]


def test_objection_holds_a_vendor_for_that_customer(company: Companies) -> None:
    """The first reason counts: the objection comes before the opt-out."""
    found = company("mailchimp")
    found.around.facts.hold("1", "mailchimp", "", reason="objection-1", by="test")
    identity = Identity("email", Personal("freja.1@example.com"), "person.email", about_person=True)
    found.around.facts.opt_out([identity], found.clock.now())
    plan = found.plan("mailchimp")
    assert ({"create": 1}, {"objection": 1}) == (dict(plan.kinds), dict(plan.skipped))


def test_objection_to_one_element_holds_the_row(company: Companies) -> None:
    """What the customer objects to is part of the row."""
    found = company("mailchimp")
    found.around.facts.hold("1", "mailchimp", "person.name", reason="objection-1", by="test")
    assert {"objection": 1} == dict(found.plan("mailchimp").skipped)


def test_number_of_a_swedish_sole_trader_is_left_out(company: Companies) -> None:
    """R90, D16: it is a personnummer; the rest of the row is sent."""
    found = company("recurly")
    trader = customer(1, country="SE", sole_trader="yes", org_number="900101-0017")
    found.write(trader, customer(2, org_number="12345674"))
    plan = found.plan("recurly")
    assert ({"create": 2}, {"company.org_number": 1}) == (dict(plan.kinds), dict(plan.left_out))
    assert 1 == plan.sets["company.org_number"]


def test_many_removals_wait_for_a_person(company: Companies) -> None:
    """More than the ceiling of removals, and the change of most people, need an approval."""
    found = company("zendesk")
    found.write(*(customer(one) for one in range(1, 31)))
    found.deliver("zendesk")
    found.write(customer(1))
    plan = found.plan("zendesk")
    assert 29 == plan.kinds["remove"]
    assert "29 people would be removed" in str(plan.needs(found.around.limits))
    ended = found.deliver("zendesk")
    assert "approval" == ended["stopped"]
    assert found.around.approvals.get(str(ended["request"])).kind == "delivery"


def test_changes_that_differ_from_the_plan_are_refused(company: Companies) -> None:
    """What somebody looked at is what is carried out, or nothing."""
    found = company("mailchimp")
    digest = found.plan("mailchimp").digest
    found.write(customer(1), customer(2), customer(3))
    assert "changed" == found.deliver("mailchimp", digest)["stopped"]
    assert [] == [
        one for one in found.standins["mailchimp"].exchanges if one.request.method != "GET"
    ]


def test_plan_says_nothing_of_anybody(company: Companies) -> None:
    """It can stand in a pull request: counts and elements, neither values nor hashes of people."""
    found = company("mailchimp")
    text = str(make(found.around, ["mailchimp"]).to_json())
    assert "person.email" in text
    for value in customer(1).values():
        assert len(value) < 4 or value not in text


def test_snapshot_is_gone_afterwards(company: Companies) -> None:
    """Nothing of the source stays staged."""
    found = company("mailchimp")
    found.plan("mailchimp")
    with pytest.raises(StorageError, match="did not run staged"):
        found.storage.run("staged", after=b"", most=1)
