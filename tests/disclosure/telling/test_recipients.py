"""Who received a person's data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.telling.recipients import Found, who_has
from klarsyn.errors import UnknownName
from klarsyn.personal import Personal
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network

FREJA = "freja.1@example.com"


def asked(found: World, address: str = FREJA) -> Found:
    """Return who has something of whoever has an address."""
    around = found.around
    return who_has(Personal(address), around.source, around.ledger, around.hashes, around.journal)


def test_every_vendor_that_holds_something(company: Companies) -> None:
    """Element by element, with its place and since when; others' data are not among it."""
    found = company("mailchimp", "zendesk")
    found.deliver("mailchimp")
    found.clock.move(days=1)
    found.deliver("zendesk")
    told = asked(found)
    assert (1, 0) == (told.in_source, told.past)
    mailchimp, zendesk = told.recipients
    assert ("mailchimp", "zendesk") == (mailchimp.vendor, zendesk.vendor)
    assert ["person.name", "person.email"] == [one.element for one in zendesk.holds]
    assert "user.email" == zendesk.holds[1].place
    assert 1 == (zendesk.first_at - mailchimp.first_at).days


def test_address_counts_however_it_is_written(company: Companies) -> None:
    """Without case, and without blanks around it."""
    found = company("zendesk")
    found.deliver("zendesk")
    assert 1 == len(asked(found, "  FREJA.1@Example.com ").recipients)


def test_past_recipient_is_told_with_the_day_of_removal(company: Companies) -> None:
    """With what it once had, from the journal (C-154/21); nobody is in the source any more."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.clock.move(days=3)
    found.deliver("mailchimp")
    told = asked(found)
    (one,) = told.recipients
    assert (0, 1, ()) == (told.in_source, told.past, one.holds)
    assert one.removed_at == one.last_at
    assert "person.email" in one.once
    assert {"vendor": "mailchimp", "removed_at": one.last_at.isoformat()}.items() <= (
        one.plain().items()
    )


def test_former_address_leads_to_the_same_person(company: Companies) -> None:
    """They were delivered under it, so it is known; now they have another."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, email="ny@example.org"), customer(2))
    found.deliver("mailchimp")
    old, new = asked(found), asked(found, "ny@example.org")
    assert (0, 1) == (old.in_source, old.past)
    assert (1, 0) == (new.in_source, new.past)
    assert old.recipients == new.recipients


def test_cleared_element_is_told_as_once_sent(company: Companies) -> None:
    """It is not held any more, and was disclosed all the same."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, partner=""), customer(2))
    found.deliver("mailchimp")
    (one,) = asked(found).recipients
    assert ("customer.source_partner",) == one.once
    assert one.removed_at is None


def test_nobody_is_known_by_it(company: Companies) -> None:
    """That is an answer, too."""
    found = company("mailchimp")
    assert Found(0, 0, ()) == asked(found, "somebody@example.net")


def test_what_is_no_address_is_refused_without_repeating_it(company: Companies) -> None:
    """A name typed by mistake does not get into a log."""
    with pytest.raises(UnknownName) as refusal:
        asked(company("mailchimp"), "Freja Lyngholt")
    assert "Freja" not in str(refusal.value)


def test_no_value_is_in_the_answer(company: Companies) -> None:
    """Not even the address that was asked for."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    told = json.dumps([one.plain() for one in asked(found).recipients])
    assert not [one for one in (FREJA, "freja", "Lyngholt") if one in told]
