"""What may go to a vendor at all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.plans.ceiling import Ceiling, Closed
from klarsyn.disclosure.plans.planning import ceilings

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def opened(found: World, vendor: str = "mailchimp") -> Ceiling:
    """Return the ceiling of a vendor that has one."""
    (one,) = ceilings(found.around, [vendor], found.around.facts.load())
    assert isinstance(one, Ceiling)
    return one


def closed(found: World, vendor: str = "mailchimp") -> Closed:
    """Return why a vendor has none."""
    (one,) = ceilings(found.around, [vendor], found.around.facts.load())
    assert isinstance(one, Closed)
    return one


def withheld(found: World, vendor: str = "mailchimp") -> dict[str, str]:
    """Return why elements wait."""
    return {one.element: str(one.why) for one in opened(found, vendor).withheld}


def test_declared_elements_with_a_place_are_sent(company: Companies) -> None:
    """Each under the name that the fact sheet has for it; nothing else is in the ceiling."""
    found = opened(company("mailchimp"))
    assert {"name", "email", "status", "merge_fields.SOURCE"} == found.names
    assert "customer.rating" not in found.elements


def test_element_that_the_vendor_computes_waits(company: Companies) -> None:
    """Mailchimp rates its members itself."""
    assert {"customer.rating": "the vendor lets nobody set it"} == withheld(company("mailchimp"))


def test_element_at_another_place_waits(company: Companies) -> None:
    """Who pays is set by the payer; Klarsyn delivers accounts."""
    found = withheld(company("recurly"), "recurly")
    assert "billing_info" in found["company.contact_person"]


def test_vendor_without_deliver_gets_nothing(company: Companies) -> None:
    """A declaration is a ceiling, not an order."""
    found = company("mailchimp")
    found.rewrite("mailchimp", "deliver:", "#deliver:")
    assert "nothing is sent there by Klarsyn" == str(closed(found).why)


def test_part_of_what_is_declared_can_be_named(company: Companies) -> None:
    """The rest is neither sent nor taken back."""
    found = company("mailchimp")
    found.rewrite(
        "mailchimp", "population: subscribers", "population: subscribers, elements: [person.email]"
    )
    assert {"person.email"} == opened(found).elements


def test_population_has_to_be_defined(company: Companies) -> None:
    """Nobody is sent on the strength of a misspelt name."""
    found = company("mailchimp")
    found.rewrite("mailchimp", "population: subscribers", "population: subscriber")
    assert "there is no population 'subscriber'" == str(closed(found).why)


def test_element_that_nobody_announced_waits(company: Companies) -> None:
    """R15: a new element starts undelivered; the others go on."""
    found = company("mailchimp")
    found.around.facts.end_effect("mailchimp", "customer.source_partner")
    assert "nobody was told of it" in withheld(found)["customer.source_partner"]
    assert "person.email" in opened(found).elements


def test_element_waits_until_its_day(company: Companies) -> None:
    """R97: it flows from the day on which the notice period is over, not the day before."""
    found = company("mailchimp")
    found.announce("mailchimp", on=date(2026, 11, 27))
    assert "every element is withheld" == str(closed(found).why)
    assert all("2026-11-27" in str(one.why) for one in closed(found).withheld[:3])
    found.clock.move(days=1)
    assert "person.email" in opened(found).elements


def test_vendor_that_knows_people_by_address_needs_it(company: Companies) -> None:
    """Without the e-mail address Mailchimp could not tell one member from another."""
    found = company("mailchimp")
    found.rewrite(
        "mailchimp", "population: subscribers", "population: subscribers, elements: [person.name]"
    )
    assert "the vendor knows people by 'email', which is not sent" == str(closed(found).why)


def test_score_of_a_person_is_not_shown_on_a_dashboard(company: Companies) -> None:
    """R48: only where the card says so; what has no column is told as such."""
    found = withheld(company("plecto"), "plecto")
    assert "the source has no column for it" == found["user.rating"]


def test_map_that_leads_nowhere_closes_a_vendor(company: Companies) -> None:
    """Where no element has a place that takes anything, it is said where one could be."""
    found = company("zendesk")
    found.rewrite("zendesk", "person.name: user.name", "person.name: ticket.subject")
    found.rewrite("zendesk", "person.email: user.email", "person.email: ticket.description")
    found.rewrite(
        "zendesk", "support.internal_notes: user.notes", "support.internal_notes: ticket.tags"
    )
    assert "no element has a place where the vendor takes anything" == str(
        closed(found, "zendesk").why
    )
