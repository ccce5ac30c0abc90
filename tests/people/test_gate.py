from datetime import date

import pytest

from klarsyn.people.gate import GateFacts
from klarsyn.personal import Personal
from tests.people.builders import batch, hashes

DAY = date(2026, 11, 22)


def test_nothing_is_in_effect_by_itself():
    """
    A new vendor or element starts undelivered (R15), and the day itself counts.
    """
    facts = GateFacts(effective={("mailchimp", "person.email"): DAY})

    assert facts.in_effect("mailchimp", "person.email", DAY)
    assert not facts.in_effect("mailchimp", "person.email", date(2026, 11, 21))
    assert not facts.in_effect("mailchimp", "person.name", DAY)


def test_an_objection_holds_an_element_or_all_of_a_vendor():
    """
    For the customer that objects, and nobody else.
    """
    facts = GateFacts(holds=frozenset({("k-1", "slack", ""), ("k-2", "slack", "person.name")}))

    assert facts.held("k-1", "slack", "person.email")
    assert facts.held("k-2", "slack", "person.name")
    assert not facts.held("k-2", "slack", "person.email")
    assert not facts.held("k-1", "zendesk", "person.email")
    assert not GateFacts().held("k-1", "slack", "person.email")


def test_without_facts_nobody_is_hashed(tmp_path):
    """
    A million people cost nothing where nobody was erased.
    """
    (anna,) = batch(tmp_path, "no;mail\n1;a@example.org\n")

    assert frozenset() == GateFacts().hashes_of_person(hashes(), anna.key)
    assert frozenset() == GateFacts().hashes_of_identities(hashes(), anna.identities)


def test_who_is_restricted_erased_or_has_opted_out():
    """
    One hash that matches is enough.
    """
    facts = GateFacts(
        restricted=frozenset({b"1"}),
        tombstones=frozenset({b"2"}),
        opt_outs={"marketing": frozenset({b"3"})},
    )

    assert facts.is_restricted({b"0", b"1"})
    assert facts.erased({b"2"})
    assert facts.opted_out({b"3"})
    assert not facts.opted_out({b"3"}, "analytics")
    assert not facts.erased({b"3"})


def test_hashes_are_made_under_the_keys_that_occur():
    """
    And under no others.
    """
    made = hashes()
    facts = GateFacts(person_keys=frozenset({"a"}))

    assert {made.person(Personal("1"))} == facts.hashes_of_person(made, Personal("1"))


def test_facts_are_told_as_counts():
    """
    Not as hashes.
    """
    shown = repr(GateFacts(tombstones=frozenset({b"2"}), opt_outs={"x": frozenset({b"3"})}))

    assert "0 in effect, 0 holds, 0 restricted, 1 opt-outs, 1 tombstones" in shown


@pytest.mark.parametrize("facts", [GateFacts()])
def test_facts_never_change(facts):
    """
    A run decides by what it began with.
    """
    with pytest.raises(AttributeError):
        facts.holds = frozenset()
