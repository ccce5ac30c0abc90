from datetime import UTC, date, datetime, timedelta

import pytest

from klarsyn.errors import KeysMissing
from klarsyn.people.facts import Facts, Hold, InEffect
from klarsyn.people.identities import Identity
from klarsyn.personal import Personal
from tests.people.builders import KEY, OLDER_AND_NEWER, hashes

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
BY = "pseudonym-7"
ANNA = Personal("anna-1")


def known_by(form, kind="email"):
    """Return what somebody is known by."""
    return Identity(kind, Personal(form), "person.email", about_person=True)


@pytest.fixture
def facts(storage, clock):
    """Facts in an empty storage, of each kind in turn."""
    return Facts(storage, clock, hashes())


@pytest.fixture
def rotated(storage, clock):
    """The same facts after a newer key came into use."""
    return Facts(storage, clock, hashes(OLDER_AND_NEWER))


def erased(facts, *identities):
    """Tell whether the gate is shut for somebody known by these."""
    gate = facts.load()
    return gate.erased(gate.hashes_of_identities(facts._hashes, identities))


def opted_out(facts, *identities, family="marketing"):
    """Tell whether somebody known by these is sent nothing of a family."""
    gate = facts.load()
    return gate.opted_out(gate.hashes_of_identities(facts._hashes, identities), family)


def restricted(facts, key):
    """Tell whether somebody is restricted."""
    gate = facts.load()
    return gate.is_restricted(gate.hashes_of_person(facts._hashes, key))


def test_elements_come_into_effect_on_their_day(facts):
    """
    A later word replaces an earlier one.
    """
    facts.put_in_effect("mailchimp", ["person.email", "person.name"], DAY, DAY, BY)
    later = DAY + timedelta(31)
    facts.put_in_effect("mailchimp", ["person.name"], later, DAY, BY)

    assert [
        InEffect("mailchimp", "person.email", DAY, DAY),
        InEffect("mailchimp", "person.name", later, DAY),
    ] == facts.elements_in_effect()
    assert facts.load().in_effect("mailchimp", "person.email", DAY)
    assert not facts.load().in_effect("mailchimp", "person.name", DAY)


def test_an_element_is_taken_back_at_once(facts):
    """
    Twice makes no difference.
    """
    facts.put_in_effect("mailchimp", ["person.email"], DAY, DAY, BY)

    assert [True, False] == [facts.end_effect("mailchimp", "person.email") for _ in range(2)]
    assert not facts.load().in_effect("mailchimp", "person.email", DAY)


def test_holds_begin_and_end(facts):
    """
    The customer counts without case; the first reason stays.
    """
    facts.hold("K-1", "slack", "", "objection-4", BY)
    facts.hold("k-1", "slack", "", "objection-5", BY)

    assert [Hold("k-1", "slack", "", "objection-4")] == facts.holds()
    assert facts.load().held("k-1", "slack", "person.name")
    assert [True, False] == [facts.end_hold("K-1", "slack", "") for _ in range(2)]


def test_restrictions_begin_and_end(facts):
    """
    Under whatever case the key is written.
    """
    facts.restrict(ANNA, BY)
    facts.restrict(Personal("ANNA-1"), BY)

    assert restricted(facts, ANNA)
    assert not restricted(facts, Personal("bo-2"))
    assert [True, False] == [facts.end_restriction(ANNA) for _ in range(2)]
    assert not restricted(facts, ANNA)


def test_an_opt_out_concerns_the_purpose_and_not_the_vendor(facts):
    """
    Told to one newsletter system, it stops both (D20); other families go on.
    """
    facts.opt_out([known_by("a@example.org")], NOW, origin="mailchimp")

    assert opted_out(facts, known_by("a@example.org"))
    assert not opted_out(facts, known_by("a@example.org"), family="service")
    assert not opted_out(facts, known_by("b@example.org"))


def test_an_opt_in_lifts_every_opt_out_before_it(facts):
    """
    Wherever they were told; one that comes after it counts again.
    """
    anna = [known_by("a@example.org")]
    for origin in ("mailchimp", "self"):
        facts.opt_out(anna, NOW, origin=origin)

    assert not facts.opt_in(anna, NOW - timedelta(1), "form-8")
    assert facts.opt_in(anna, NOW + timedelta(1), "form-9")
    assert not opted_out(facts, *anna)
    facts.opt_out(anna, NOW, origin="mailchimp")
    assert not opted_out(facts, *anna)
    facts.opt_out(anna, NOW + timedelta(2), origin="mailchimp")
    assert opted_out(facts, *anna)


def test_the_erased_are_known_by_any_form(facts):
    """
    Another spelling of the mailbox, another form of the number; never by a name.
    """
    phone = known_by("+4522345678", "phone")
    facts.bury([known_by("an.na@gmail.com"), phone], NOW)

    assert erased(facts, known_by("anna+news@googlemail.com"))
    assert erased(facts, known_by("z@example.org"), phone)
    assert not erased(facts, known_by("z@example.org"))
    assert not erased(facts)


def test_who_comes_back_is_let_in_until_erased_again(facts, clock):
    """
    By an approval; the tombstone and the lift stay as rows.
    """
    anna = [known_by("a@example.org")]
    facts.bury(anna, clock.now())
    clock.sleep(60)

    assert facts.lift(anna, "approval-3", BY)
    assert not erased(facts, *anna)
    clock.sleep(60)
    facts.bury(anna, clock.now())
    assert erased(facts, *anna)
    assert 1 == len(facts._storage.run("tombstones"))


def test_nobody_is_lifted_who_was_not_erased(facts):
    """
    It is told.
    """
    assert not facts.lift([known_by("a@example.org")], "approval-3", BY)


def test_facts_under_an_older_key_still_count(facts, rotated):
    """
    Also where some lie under the newer one already.
    """
    facts.bury([known_by("a@example.org")], NOW)
    facts.opt_out([known_by("c@example.org")], NOW)
    facts.restrict(ANNA, BY)
    rotated.bury([known_by("b@example.org")], NOW)

    assert erased(rotated, known_by("a@example.org"))
    assert erased(rotated, known_by("b@example.org"))
    assert opted_out(rotated, known_by("c@example.org"))
    assert restricted(rotated, ANNA)


def test_facts_under_an_older_key_are_lifted_and_ended_too(facts, rotated):
    """
    Whoever lifts need not know under which key it was noted.
    """
    anna = [known_by("a@example.org")]
    facts.bury(anna, NOW)
    facts.opt_out(anna, NOW)
    facts.restrict(ANNA, BY)

    assert rotated.lift(anna, "approval-3", BY)
    assert rotated.opt_in(anna, NOW, "form-9")
    assert rotated.end_restriction(ANNA)


def test_a_lost_key_stops_the_run(storage, clock, rotated):
    """
    What lies under it would be overlooked.
    """
    rotated.bury([known_by("a@example.org")], NOW)
    with pytest.raises(KeysMissing, match="under the key b"):
        Facts(storage, clock, hashes(KEY)).load()


def test_no_value_reaches_the_database(facts, storage):
    """
    Hashes and words of ours only.
    """
    facts.bury([known_by("a@example.org")], NOW)
    facts.opt_out([known_by("a@example.org")], NOW)
    facts.restrict(ANNA, BY)
    rows = [storage.run(one) for one in ("tombstones", "opt_outs", "restrictions")]

    assert "example" not in str(rows)
    assert "anna" not in str(rows)


def test_what_an_origin_told_of_is_known_to_be_lifted(facts):
    """
    So that the same state of a vendor is not taken for a new word after an opt-in.
    """
    anna, bo = known_by("a@example.org"), known_by("b@example.org")
    facts.opt_out([anna, bo], NOW, origin="mailchimp")
    facts.opt_in([anna], NOW, "form-9")

    assert [False, True] == sorted(facts.told_by("mailchimp").values())
    assert {} == facts.told_by("activecampaign")


def test_forgotten_lifted_opt_out_lets_the_next_one_count(facts):
    """
    One that stands is not forgotten, whoever asks.
    """
    anna, bo = known_by("a@example.org"), known_by("b@example.org")
    facts.opt_out([anna, bo], NOW, origin="mailchimp")
    facts.opt_in([anna], NOW, "form-9")
    facts.forget_lifted(facts.told_by("mailchimp"), "mailchimp")

    assert [False] == list(facts.told_by("mailchimp").values())
    assert opted_out(facts, bo)


def test_opt_in_lifts_what_else_the_person_is_known_by(facts):
    """
    Given as hashes: nobody knows the other addresses any more.
    """
    old, new = known_by("old@example.org"), known_by("new@example.org")
    facts.opt_out([old], NOW, origin="mailchimp")

    assert facts.opt_in([new], NOW, "form-9", also=facts.told_by("mailchimp"))
    assert not opted_out(facts, old)
