"""
Plain HTTP asks the stand-in what contacts did; the contract referees it.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.activecampaign import ActiveCampaignStandIn
from tests.testing.referee import refereed
from tests.testing.standins.test_activecampaign import ask, get

pytestmark = pytest.mark.network

INCLUDED = "reference,reference.link,reference.log.campaign"


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("activecampaign") as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """An account of twelve, whose clock stands still and which is not throttled."""
    with ActiveCampaignStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def test_activities_are_made_when_the_contact_is_read(standin):
    """
    The list is empty until somebody asks for the contact on its own.
    """
    assert [] == get(standin, "activities", contact=3)["activities"]
    get(standin, "contacts/3")
    told = get(standin, "activities", contact=3)

    assert ["Log", "LinkData"] == [one["reference_type"] for one in told["activities"]]
    assert "2" == told["meta"]["total"]


def test_what_is_included_comes_beside(standin):
    """
    Links and campaigns are told to whoever asks for them, and to nobody else.
    """
    get(standin, "contacts/3")
    told = get(standin, "activities", contact=3, include=INCLUDED)

    assert standin.people[2].email in told["links"][0]["link"]
    assert "Offer of May" == told["campaigns"][0]["name"]
    assert {"contacts", "activities", "meta"} == set(get(standin, "activities", contact=3))


def test_some_are_known_elsewhere(standin):
    """
    Most contacts are in no network of others; of all, a city is known.
    """
    assert "Nordenby" == get(standin, "contacts/3/contactData")["contactDatum"]["geoCity"]
    assert 404 == ask(standin, "GET", "contacts/3/plusAppend")[0]
    known = get(standin, "contacts/2/plusAppend")["plusAppend"]
    assert known["membershipsLinkedin"].endswith(standin.people[1].first_name)
    assert (
        standin.people[1].name == get(standin, "contacts/2/contactData")["contactDatum"]["fb_name"]
    )


def test_automations_tell_whom_they_hold(standin):
    """
    Every contact went through the automation that welcomes.
    """
    runs = get(standin, "contactAutomations", limit=100)["contactAutomations"]

    assert {str(number) for number in range(1, 13)} == {one["contact"] for one in runs}
    assert "Welcome" == get(standin, "automations")["automations"][0]["name"]
    assert 1 == get(standin, "contacts/3/contactAutomations")["contactAutomations"][0]["completed"]


def test_events_are_in_words_of_the_company(standin):
    """
    An event has a name and a value of the company's own.
    """
    (event,) = get(standin, "contacts/3/trackingLogs")["trackingLogs"]

    assert ("searched", f"by {standin.people[2].email}") == (event["type"], event["value"])


def test_traces_go_with_the_contact(standin):
    """
    Who deletes a contact deletes what it did.
    """
    get(standin, "contacts/3")
    assert 200 == ask(standin, "DELETE", "contacts/3")[0]

    assert [] == get(standin, "activities", contact=3)["activities"]
    assert 404 == ask(standin, "GET", "contacts/3/trackingLogs")[0]
