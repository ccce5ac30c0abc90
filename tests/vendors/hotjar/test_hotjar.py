"""
What is special about Hotjar: one call deletes or mails, and only the first can be written.
"""

from dataclasses import replace
from datetime import date

import pytest

from klarsyn.errors import CallRefused, KeyRefused, RightsMissing, VendorDown
from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.hotjar import DELETE_ALL_HITS, hotjar, probe
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Level
from tests.testing.referee import refereed
from tests.vendors.trials import HOTJAR

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("hotjar") as kept:
        yield kept


@pytest.fixture
def site(exchanges):
    """A site whose clock stands still, and the sheet."""
    with HOTJAR.running() as running:
        yield running
    exchanges.extend(running.standin.exchanges)


def lookups(site):
    """Return what was sent to the lookup."""
    sent = [one.request for one in site.standin.exchanges]
    return [one.json() for one in sent if one.path.endswith("/user-lookup")]


def erased(site, target):
    """Return what became of an erasure."""
    with site.open(Purpose.ERASE) as connection:
        return jobs.erase(connection, target)


@pytest.mark.parametrize("address", [None, "somebody.else@example.org"])
def test_nothing_is_deleted_unless_a_person_confirms_it(site, address):
    """
    Hotjar deletes by an address: it must be one of this person's, and somebody must mean it.
    """
    _, target = site.somebody()
    confirmed = Personal(address) if address else None
    outcome = erased(site, replace(target, confirmed=confirmed))

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)
    assert [] == lookups(site)


def test_confirmed_erasure_mails_nobody(site):
    """
    The lookup is told to delete, by the confirmed address alone, and no letter goes out.
    """
    person, target = site.somebody()
    outcome = erased(site, target)

    assert "done" == outcome.state
    assert [{"data_subject_email": person.email, "delete_all_hits": True}] == lookups(site)
    assert [] == site.standin.mails


def test_lookup_that_mails_cannot_be_written():
    """
    `delete_all_hits` is a constant of the only call there is.
    """
    assert DELETE_ALL_HITS.body["delete_all_hits"] is True
    assert ("email",) == DELETE_ALL_HITS.places


def test_nobody_is_looked_up_in_an_audit(site):
    """
    Neither reading nor finding touches the lookup, and a blank address is refused.
    """
    site.everything()
    site.find(site.standin.people[0], "email")
    with site.open(Purpose.FIND) as connection, pytest.raises(CallRefused):
        connection.call(DELETE_ALL_HITS, email="someone@example.org")
    with site.open(Purpose.ERASE) as connection, pytest.raises(CallRefused):
        connection.call(DELETE_ALL_HITS, email=" ")

    assert [] == lookups(site)


def test_answer_without_consent_is_left_to_a_person(site):
    """
    The lookup does not know an address that was given without consent; nobody says it is gone.
    """
    person = next(one for one in site.standin.people if (one.number + 1) % 4 == 0)
    match = next(
        one for one in site.find(person, "email").matches if one.seen.record.name == "response"
    )
    outcome = erased(site, replace(match.target, confirmed=Personal(person.email)))

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)
    with site.open(Purpose.FIND) as connection:
        assert not jobs.gone(connection, match.target)


def test_lost_reply_of_a_deletion_is_asked_for_again(site):
    """
    To delete once more changes nothing, so a lost reply ends as done.
    """
    _, target = site.somebody()
    site.standin.faults.add(Trouble.CUT_OFF, on="POST *user-lookup")

    assert "done" == erased(site, target).state
    assert 2 == len(lookups(site))


def test_only_the_named_sites_are_read(site):
    """
    The API lists no sites: a site that is not there is not covered.
    """
    settings = replace(HOTJAR, settings={"site_id": ["3110001", "9"]})
    found, coverage = replace(site, trial=settings).everything()

    assert found
    assert {"survey"} == {name for name, _ in coverage.missed}


def test_plan_without_responses_is_told(site):
    """
    Responses need a plan; without it they count as not read, and the hint says so.
    """
    site.standin.plans = {"observe-scale"}
    _, coverage = site.everything()
    with site.open(Purpose.AUDIT) as connection, pytest.raises(RightsMissing) as caught:
        list(read(connection, hotjar.record("response")))

    assert {"response"} == {name for name, _ in coverage.missed}
    assert "Ask Scale" in str(caught.value.remedy)


def test_key_dies_after_a_year(site):
    """
    The doctor can tell until when, where the register says since when.
    """
    with site.open(Purpose.AUDIT) as connection:
        connection.call(hotjar.api.ping)
        assert {} == probe(connection)
        connection.settings["key_made_on"] = "2026-01-10"
        assert {"until": date(2027, 1, 10)} == probe(connection)
    site.clock.move(days=366)
    with site.open(Purpose.AUDIT) as connection, pytest.raises(KeyRefused):
        connection.call(hotjar.api.ping)


def test_error_with_status_200_is_an_error(site):
    """
    An error has a word of its own, whatever the status says.
    """
    site.standin.faults.add(Trouble.ERROR_IN_OK, on="GET *", times=99)
    with site.open(Purpose.AUDIT, patience=5) as connection, pytest.raises(VendorDown):
        connection.call(hotjar.api.ping)
    site.standin.exchanges.clear()  # no contract has a 200 that is an error


def test_correction_is_a_persons(site):
    """
    Answers cannot be changed.
    """
    _, target = site.somebody()
    with site.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, target, {"email": "nyt@example.org"})

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)
