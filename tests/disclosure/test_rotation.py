"""A new key: the ledger is brought under it, and nobody is sent anything for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn import keys
from klarsyn.errors import KeysMissing
from klarsyn.people.identities import Identity
from klarsyn.personal import Personal
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies

pytestmark = pytest.mark.network
OLD, NEW = f"test:{'k' * 43}", f"next:{'n' * 43}"
BOTH = keys.load({keys.VARIABLE: f"{OLD} {NEW}"})


def test_new_key_sends_nothing(company: Companies) -> None:
    """Everybody is hashed anew, and agrees."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.keys = BOTH
    assert {} == dict(found.plan("mailchimp").kinds)
    assert [("next",)] == found.storage.run("delivery_keys")


def test_value_that_changed_meanwhile_is_sent(company: Companies) -> None:
    """It agrees under neither key."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.keys = BOTH
    found.write(customer(1, name="Ny Lyngholt"), customer(2))
    plan = found.plan("mailchimp")
    assert ({"update": 1}, {"person.name": 1}) == (dict(plan.kinds), dict(plan.sets))


def test_who_left_meanwhile_is_still_removed(company: Companies) -> None:
    """They stay under the old key, and are found there."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.keys = BOTH
    found.write(customer(2))
    assert {"removed": 1} == found.deliver("mailchimp")["ends"]


def test_person_is_found_by_address_under_the_new_key(company: Companies) -> None:
    """Who asks afterwards is answered all the same."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.keys = BOTH
    found.plan("mailchimp")
    identity = Identity("email", Personal("freja.1@example.com"), "", about_person=True)
    (hashed,) = found.around.hashes.identities([identity])
    assert 1 == len(found.around.ledger.people_known_by(hashed))


def test_old_key_that_is_gone_stops_the_plan(company: Companies) -> None:
    """Else everybody would be taken for somebody new, and for somebody who left."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.keys = keys.load({keys.VARIABLE: NEW})
    with pytest.raises(KeysMissing, match="test"):
        found.plan("mailchimp")
