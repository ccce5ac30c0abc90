"""Customers who share what a vendor knows them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure.delivering import begin, resume
from klarsyn.disclosure.plans.plan import Limits
from klarsyn.disclosure.plans.words import sentences
from klarsyn.disclosure.sending.rows import Preparing
from klarsyn.durable import Run
from klarsyn.errors import said
from klarsyn.personal import Personal
from tests.disclosure.served import opened
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from klarsyn.people.ledger import Person
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network

SAME = "shared@example.com"


def person(found: World, number: int) -> Person:
    """Return the hash of a customer."""
    return found.around.hashes.person(Personal(str(number)))


def in_order(found: World) -> tuple[int, int]:
    """Return two customers: the one who is sent where the vendor has neither, and the other."""
    first, second = sorted((1, 2), key=lambda one: person(found, one))
    return first, second


def members(found: World) -> dict[str, str]:
    """Return the last names at Mailchimp, which end in the customer's number, by address."""
    every = found.standins["mailchimp"].audiences.values()
    found_there = [one for each in every for one in each.members.values()]
    return {one.email: one.merge_fields["LNAME"] for one in found_there}


def resumed(found: World, vendor: str, hours: float) -> dict[str, Any]:
    """Go on after a while."""
    found.clock.move(seconds=3600 * hours)
    found.runs += 1
    ended: Any = resume.do(Run(f"run-{found.runs}", found.around), vendor=vendor)
    return dict(ended["ends"])


def test_one_of_two_is_sent_whatever_the_order_of_rows(company: Companies) -> None:
    """The other is passed over with the reason, also where the address is written otherwise."""
    found = company("mailchimp")
    both = [customer(1, email=SAME), customer(2, email="SHARED@Example.com")]
    found.write(*both)
    plan = found.plan("mailchimp")
    found.write(*reversed(both))
    assert ({"create": 1}, {"shared": 1}) == (dict(plan.kinds), dict(plan.skipped))
    assert plan.digest == found.plan("mailchimp").digest
    found.deliver("mailchimp")
    first, _ = in_order(found)
    assert [str(first)] == list(members(found).values())
    assert {} == dict(found.plan("mailchimp").kinds)


def test_reason_names_the_vendor(company: Companies) -> None:
    """Where a reference is known there, another value than an address is shared."""
    found = company("mailchimp")
    found.write(customer(1, email=SAME), customer(2, email=SAME))
    plan = found.plan("mailchimp")
    reason = (
        "people passed over: 1 (another customer has the same e-mail address, "
        "and mailchimp knows people by it)"
    )
    assert reason in map(str, sentences(plan, Limits()))
    plan.known_there = said("known there by a name")
    other = "people passed over: 1 (another customer is known there by the same value)"
    assert other in map(str, sentences(plan, Limits()))


def test_who_is_known_there_keeps_the_record(company: Companies) -> None:
    """Also where the hash of the newcomer is smaller."""
    found = company("mailchimp")
    newcomer, known = in_order(found)
    found.write(customer(known, email=SAME))
    found.deliver("mailchimp")
    found.write(customer(newcomer, email=SAME), customer(known, email=SAME, name="Ny Lyngholt"))
    plan = found.plan("mailchimp")
    assert ({"update": 1}, {"shared": 1}) == (dict(plan.kinds), dict(plan.skipped))
    found.deliver("mailchimp")
    assert {SAME: "Lyngholt"} == members(found)


def test_vendor_that_knows_people_by_its_own_key_is_sent_both(company: Companies) -> None:
    """Recurly has an account for each."""
    found = company("recurly")
    found.write(customer(1, email=SAME), customer(2, email=SAME))
    plan = found.plan("recurly")
    assert ({"create": 2}, {}) == (dict(plan.kinds), dict(plan.skipped))


def test_who_left_the_newsletter_lets_the_other_one_in(company: Companies) -> None:
    """With the plan after the one that removes them: the record is never that of both."""
    found = company("activecampaign")
    first, second = in_order(found)
    found.write(customer(first, email=SAME), customer(second, email=SAME))
    found.deliver("activecampaign")
    found.write(customer(first, email=SAME, status="closed"), customer(second, email=SAME))
    plan = found.plan("activecampaign")
    assert ({"remove": 1}, {"shared": 1}) == (dict(plan.kinds), dict(plan.skipped))
    assert {"removed": 1} == found.deliver("activecampaign")["ends"]
    plan = found.plan("activecampaign")
    assert ({"create": 1}, {}) == (dict(plan.kinds), dict(plan.skipped))


def test_who_left_the_source_lets_the_other_one_in(company: Companies) -> None:
    """First they are removed; until then the other waits, and the reason is told."""
    found = company("activecampaign")
    first, second = in_order(found)
    found.write(customer(first, email=SAME))
    found.deliver("activecampaign")
    found.write(customer(second, email=SAME))
    assert {"removed": 1} == found.deliver("activecampaign")["ends"]
    (waiting,) = found.around.ledger.all("activecampaign", "waiting")
    assert "the vendor still knows another customer by the same" in str(waiting.reason)
    assert (0, None) == (waiting.attempts, found.standins["activecampaign"].by_email(SAME))
    assert {"created": 1} == resumed(found, "activecampaign", 1)
    assert found.standins["activecampaign"].by_email(SAME)


def test_who_changed_the_address_lets_the_other_one_in(company: Companies) -> None:
    """The record of the first is corrected, and only then there is another one."""
    found = company("mailchimp")
    first, second = in_order(found)
    found.write(customer(first, email=SAME))
    found.deliver("mailchimp")
    found.write(customer(first, email="ny@example.org"), customer(second, email=SAME))
    assert {"updated": 1} == found.deliver("mailchimp")["ends"]
    assert {"created": 1} == resumed(found, "mailchimp", 1)
    there = {"ny@example.org": str(first), SAME: str(second)}
    assert there == members(found)


def test_record_of_somebody_whose_row_is_wrong_stays_theirs(company: Companies) -> None:
    """What their address is by now cannot be told, so the newcomer waits."""
    found = company("mailchimp")
    found.write(customer(1, email=SAME))
    found.deliver("mailchimp")
    found.write(customer(1, email="shared at example.com"), customer(2, email=SAME))
    assert {} == found.deliver("mailchimp")["ends"]
    assert {SAME: "1"} == members(found)


def test_record_of_somebody_who_is_restricted_stays_theirs(company: Companies) -> None:
    """Art. 18: nobody else's values are written over it either."""
    found = company("mailchimp")
    first, second = in_order(found)
    found.write(customer(second, email=SAME))
    found.deliver("mailchimp")
    found.around.facts.restrict(Personal(str(second)), by="test")
    found.write(customer(first, email=SAME), customer(second, email=SAME))
    plan = found.plan("mailchimp")
    assert ({}, {"restricted": 1, "shared": 1}) == (dict(plan.kinds), dict(plan.skipped))


def test_somebody_who_takes_over_an_address_keeps_their_own_record(company: Companies) -> None:
    """Both are there; the change of the second would make one record of two."""
    found = company("mailchimp")
    found.write(customer(1), customer(2, email=SAME))
    found.deliver("mailchimp")
    found.write(customer(1, email=SAME), customer(2, email=SAME))
    plan = found.plan("mailchimp")
    assert ({}, {"shared": 1}) == (dict(plan.kinds), dict(plan.skipped))


def test_two_who_move_to_one_address_do_not_meet_there(company: Companies) -> None:
    """One goes, and the other stays where they are."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, email=SAME), customer(2, email=SAME))
    plan = found.plan("mailchimp")
    assert ({"update": 1}, {"shared": 1}) == (dict(plan.kinds), dict(plan.skipped))
    found.deliver("mailchimp")
    first, second = in_order(found)
    there = {SAME: str(first), f"freja.{second}@example.com": str(second)}
    assert there == members(found)


@pytest.mark.parametrize(
    ("died", "keeps"),
    [
        pytest.param(False, 0, id="whose turn had not come is not sent any more"),
        pytest.param(True, 1, id="who may be there keeps the record"),
    ],
)
def test_somebody_appears_before_a_row_is_sent(
    company: Companies, *, died: bool, keeps: int
) -> None:
    """Unless a worker died in the midst of the call: nobody knows whether that row arrived."""
    found = company("mailchimp")
    both = in_order(found)
    found.write(customer(both[1], email=SAME))
    begin(found.around, "run", "mailchimp", "")
    if died:
        found.around.ledger.claim("mailchimp", [person(found, both[1])])
    found.write(*(customer(one, email=SAME) for one in both))
    begin(found.around, "run", "mailchimp", "")
    rows = Preparing(found.around, opened(found, "mailchimp")).ready()
    assert [person(found, both[keeps])] == [one.change.person for one in rows]


def test_nobody_shares_nothing(company: Companies) -> None:
    """Who has no address is not taken for somebody else who has none."""
    found = company("mailchimp")
    found.write(customer(1, email=""), customer(2, email=""))
    assert {} == dict(found.plan("mailchimp").skipped)


def test_hundreds_of_shared_addresses_are_found(company: Companies) -> None:
    """Whichever vendor is looked at: of each address one is sent."""
    found = company("mailchimp", "pipedrive")
    every = ((one, f"of.{one % 510}@example.com") for one in range(1020))
    found.write(*(customer(one, email=email, phone="") for one, email in every))
    plans = [found.plan(vendor) for vendor in ("mailchimp", "pipedrive")]
    assert [(510, 510)] * 2 == [(one.kinds["create"], one.skipped["shared"]) for one in plans]
