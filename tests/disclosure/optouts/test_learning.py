"""An opt-out in one newsletter system ends mail from both (D20), and nothing brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.optouts import learning
from klarsyn.people.facts import OURSELVES
from klarsyn.personal import Personal
from klarsyn.stored import from_json
from klarsyn.testing.faults import Trouble
from tests.disclosure.newsletters import (
    BOTH,
    FREJA,
    has_left,
    kinds,
    leave,
    member,
    run,
    statuses,
)
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


# One opt-out, both newsletters


@pytest.mark.parametrize(("vendor", "stops"), [("mailchimp", 1), ("activecampaign", 2)])
def test_who_left_one_is_stopped_in_the_other(readers: World, vendor: str, stops: int) -> None:
    """Whichever it was, and on its other lists; the other customer goes on getting both."""
    leave(readers, vendor)
    ended = run(readers)
    assert ({vendor: 1}, {"stopped": stops}) == (ended["noted"], ended["ends"])
    assert {"mailchimp": True, "activecampaign": True} == has_left(readers)
    assert "subscribed" == member(readers, "freja.2@example.com").status
    assert set() == statuses(readers, "freja.2@example.com")


@pytest.mark.parametrize("vendor", BOTH)
def test_next_plan_leaves_them_alone_at_both(readers: World, vendor: str) -> None:
    """Nothing is sent, nothing is removed, and the reason is told."""
    leave(readers, vendor)
    run(readers)
    plans = {one: readers.plan(one) for one in BOTH}
    assert [{}, {}] == [dict(one.kinds) for one in plans.values()]
    assert [1, 1] == [one.skipped["opted-out"] for one in plans.values()]


def test_journal_has_subjects_and_no_address(readers: World) -> None:
    """Noted where it was said, stopped where it was not, with its proof."""
    leave(readers, "mailchimp")
    run(readers)
    noted, stopped = [
        one for one in readers.around.journal.entries() if one.kind.startswith("optout")
    ]
    subject = readers.around.journal.subject(readers.around.hashes.person(Personal("1")))
    assert ("optout.noted", "mailchimp") == (noted.kind, noted.vendor)
    assert ("optout.stopped", "activecampaign") == (stopped.kind, stopped.vendor)
    (row,) = readers.around.journal.rows(stopped.number)
    assert (subject, '{"outcome":"stopped","proof":"verified"}') == (row.subject, row.facts)


def test_second_run_writes_nothing(readers: World) -> None:
    """Neither to the journal nor to a vendor, whose whole list is not read again either."""
    leave(readers, "mailchimp")
    run(readers)
    for one in readers.standins.values():
        one.exchanges.clear()
    ended = run(readers)
    assert ({}, {}) == (ended["noted"], ended["ends"])
    assert ["optout.noted", "optout.stopped"] == kinds(readers)
    calls = [x.request for one in readers.standins.values() for x in one.exchanges]
    assert {"GET"} == {one.method for one in calls}
    assert "subscribed" not in {one.param("status") for one in calls}


def test_stranger_who_left_is_noted_too(readers: World) -> None:
    """Somebody who subscribed by a form, and becomes a customer later: nobody sends them one."""
    audience = readers.standins["mailchimp"].audiences["3f9a1c07be"]
    audience.add(
        {"email_address": "freja.3@example.com"}, "unsubscribed", readers.clock.now(), skip=1
    )
    assert {"mailchimp": 1} == run(readers)["noted"]
    readers.write(customer(1), customer(2), customer(3))
    assert {"opted-out": 1} == dict(readers.plan("activecampaign").skipped)


# Never back


@pytest.mark.parametrize("vendor", BOTH)
def test_source_that_says_subscribed_brings_nobody_back(readers: World, vendor: str) -> None:
    """Whatever else changes in their row, and under whichever number they come."""
    leave(readers, vendor)
    run(readers)
    readers.write(
        customer(1, name="Ny Lyngholt", newsletter="subscribed"),
        customer(2),
        customer(9, email=FREJA.upper()),
    )
    for one in BOTH:
        assert {} == readers.deliver(one)["ends"]
    assert {"mailchimp": True, "activecampaign": True} == has_left(readers)


def test_delivery_looks_for_opt_outs_before_it_plans(company: Companies) -> None:
    """Who left Mailchimp a minute ago is not sent to ActiveCampaign now; the rest follows soon."""
    found = company(*BOTH)
    found.deliver("mailchimp")
    leave(found, "mailchimp")
    assert {"created": 1} == found.deliver("activecampaign", digest="")["ends"]
    assert None is found.standins["activecampaign"].by_email(FREJA)
    assert "disclosure.opt-outs" in [one.what for one in found.around.due.waiting()]


def test_delivery_waits_while_the_other_newsletter_cannot_tell(readers: World) -> None:
    """In doubt the gate is shut; it comes back by itself."""
    readers.standins["mailchimp"].faults.add(Trouble.DOWN, times=1000)
    readers.write(customer(1), customer(2), customer(3))
    ended = readers.deliver("activecampaign")
    assert "opt-outs" == ended["stopped"]
    assert "mailchimp" in str(from_json(ended["why"]))
    assert "disclosure.deliver" in [one.what for one in readers.around.due.waiting()]


def test_new_address_of_somebody_who_left_is_blocked_too(readers: World) -> None:
    """They left, not their mailbox."""
    leave(readers, "mailchimp")
    readers.write(customer(1, email="ny@example.org"), customer(2))
    assert {"mailchimp": 2} == run(readers)["noted"]
    assert [{}, {}] == [dict(readers.plan(one).kinds) for one in BOTH]


def test_bounce_ends_mail_to_that_address_only(readers: World) -> None:
    """A corrected address is another."""
    member(readers).status = "cleaned"
    assert {"stopped": 1} == run(readers)["ends"]
    assert {"2"} == statuses(readers)
    readers.write(customer(1, email="rettet@example.org"), customer(2))
    assert {} == run(readers)["noted"]
    assert {"update": 1} == dict(readers.plan("activecampaign").kinds)


# The source


def test_unsubscribed_in_the_source_is_stopped_in_both_and_kept(readers: World) -> None:
    """No removal, which would forget who wants no mail or block the address for ever."""
    readers.write(customer(1, newsletter="unsubscribed"), customer(2))
    assert [{}, {}] == [dict(readers.plan(one).kinds) for one in BOTH]
    ended = run(readers)
    assert ({OURSELVES: 1}, {"stopped": 2}) == (ended["noted"], ended["ends"])
    assert {"mailchimp": True, "activecampaign": True} == has_left(readers)
    assert [{}, {}] == [dict(readers.plan(one).kinds) for one in BOTH]


def test_source_that_tells_no_opt_outs_is_read_for_addresses_only(readers: World) -> None:
    """Without `opted_out:` nothing is to be noted there; while nobody left, nothing looked up."""
    settings = readers.folder / "klarsyn.yaml"
    text = settings.read_text(encoding="utf-8").replace("  opted_out: unsubscribed\n", "")
    settings.write_text(text, encoding="utf-8")
    readers.write(customer(1, newsletter="unsubscribed"), customer(2))
    assert {} == run(readers)["noted"]
    assert {"remove": 1} == dict(readers.plan("mailchimp").kinds)
    leave(readers, "mailchimp")
    assert {"mailchimp": 1} == run(readers)["noted"]
    assert {} == dict(readers.plan("mailchimp").kinds)


def test_who_leaves_the_population_otherwise_is_removed(readers: World) -> None:
    """Somebody who is no customer any more has not opted out, and need not be held."""
    readers.write(customer(1, status="deregistered"), customer(2))
    assert {"remove": 1} == dict(readers.plan("mailchimp").kinds)


def test_who_has_no_status_is_not_taken_for_subscribed(company: Companies) -> None:
    """Mailchimp would make them a subscriber by default."""
    found = company("mailchimp")
    found.rewrite("mailchimp", "population: subscribers", "population: customers")
    found.write(customer(1, newsletter=""), customer(2))
    plan = found.plan("mailchimp")
    assert ({"create": 1}, {"no-consent": 1}) == (dict(plan.kinds), dict(plan.skipped))


def test_who_is_in_no_population_is_never_sent(company: Companies) -> None:
    """To belong to the newsletter's population is the consent."""
    found = company("mailchimp")
    found.write(customer(1, newsletter="unsubscribed"), customer(2))
    assert {"created": 1} == found.deliver("mailchimp")["ends"]
    assert "freja.1" not in str(found.standins["mailchimp"].audiences)


def test_invoices_go_on(company: Companies) -> None:
    """An opt-out is of marketing, and of nothing else."""
    found = company(*BOTH, "reviso")
    for vendor in (*BOTH, "reviso"):
        found.deliver(vendor)
    leave(found, "mailchimp")
    run(found)
    found.write(customer(1, name="Ny Lyngholt", newsletter="unsubscribed"), customer(2))
    assert {"updated": 1} == found.deliver("reviso")["ends"]


# What goes wrong


def test_worker_that_dies_between_noting_and_stopping_loses_nothing(readers: World) -> None:
    """Whoever comes next sees that somebody who opted out is mailed still."""
    leave(readers, "mailchimp")
    learning.note(readers.around, "dead")
    assert {"stopped": 1} == run(readers)["ends"]
    assert ["optout.noted", "optout.stopped"] == kinds(readers)
