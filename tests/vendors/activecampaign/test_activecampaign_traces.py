"""
What contacts did, as ActiveCampaign's sheet reads it, against the stand-in.
"""

import pytest
from msgspec.structs import replace

from klarsyn.errors import ReplyUnread
from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Reply, route
from klarsyn.testing.standins.activecampaign import ActiveCampaignStandIn
from klarsyn.transport.connection import Purpose
from klarsyn.vendors.activecampaign import activecampaign
from klarsyn.vendors.reading import batches, read
from tests.vendors.activecampaign.accounts import delivered, erased, every, found, gone
from tests.vendors.activecampaign.test_activecampaign import row

pytestmark = pytest.mark.network


def texts(seen):
    """Return all the texts of a record, by their places."""
    return {place: text.reveal() for place, text in seen.texts()}


def whose(seen):
    """Return the contact on which a record hangs."""
    return seen.places.get("contact_id") or seen.raw["contact"]


def of_contact(office, record, number):
    """Return the records of a kind that lie below a contact."""
    return [one for one in every(office, record) if one.places["contact_id"] == number]


# Tags


def test_tags_are_read_with_their_contact(office):
    """
    A name of a tag says something of whoever bears it.
    """
    name = office.standin.people[3].name
    (tagged,) = [one for one in every(office, "contact") if one.raw["tags"]]

    assert ("8", f"friend of {name}") == (tagged.key, texts(tagged)["tags[]"])


def test_tags_are_found_with_their_contact(office):
    """
    A search by e-mail leads to the tags, too; one that went meanwhile has no name.
    """
    email = office.standin.people[7].email
    (quick,) = found(office, "contact", thorough=False, email=email)
    assert [f"friend of {office.standin.people[3].name}"] == quick.raw["tags"]

    office.standin.tables["tags"].clear()
    (quick,) = found(office, "contact", thorough=False, email=email)
    assert [] == quick.raw["tags"]


def test_tag_is_not_taken_off_by_a_delivery(office):
    """
    No import can: somebody who is known waits for a person, and the others are imported.
    """
    known = replace(row(1, **{"tags[]": None}), known_as="1")
    refused, made = delivered(office, known, row(2))
    assert ("refused", "created") == (refused.state, made.state)
    assert "by hand" in str(refused.why)


def test_tag_is_delivered_with_a_contact(office):
    """
    A company that keeps an element in a tag has it added; without a value none is added.
    """
    rows = [row(1, **{"tags[]": "partner-7"}), row(2, **{"tags[]": None})]
    first, second = (one.known_as for one in delivered(office, *rows))
    contacts = {one.key: one.raw for one in every(office, "contact")}

    assert (["partner-7"], []) == (contacts[first]["tags"], contacts[second]["tags"])


# Traces


def test_opens_and_clicks_are_read(office):
    """
    What somebody did is told by its kind, and the link that they followed stands beside it.
    """
    rows = of_contact(office, "activity", "3")
    kinds = [one.values()["kind"].reveal() for one in rows if "kind" in one.values()]

    assert ["Log", "LinkData"] == kinds
    assert "open" in [one.values()["action"].reveal() for one in rows if "action" in one.values()]
    told = {place: text for one in rows for place, text in texts(one).items()}
    assert office.standin.people[2].email in told["beside.link"]


def test_campaign_and_place_of_an_opening_are_read(office):
    """
    Which mail was opened, and in which city, is listed beside what was done.
    """
    keys = {one.key: one for one in of_contact(office, "activity", "3")}

    assert "Offer of May" == texts(keys["campaigns/1"])["beside.name"]
    assert "Nordenby" == texts(keys["geoAddresses/1"])["beside.city"]


def test_contact_that_goes_meanwhile_did_nothing(office):
    """
    Somebody who is deleted between the list and their own reading leaves no gap.
    """
    reads = [activecampaign.record(name).read for name in ("activity", "profile")]
    with office.open(Purpose.AUDIT) as connection:
        found = [list(batches(connection, read, {"contact_id": "99"})) for read in reads]

    assert [[], []] == found


class Busy(ActiveCampaignStandIn):
    """An account in which somebody did much."""

    def fill(self):
        """Let the first contact open one mail 250 times."""
        super().fill()
        first = next(self.of("activities", "1"))
        for _ in range(248):
            self.add("activities", **{name: one for name, one in first.items() if name != "id"})


class Untold(Busy):
    """It does not say how many there are."""

    @route("GET", "/api/3/activities")
    def list_activities(self, request):
        """Leave the total out."""
        reply = super().list_activities(request)
        return Reply(200, {**reply.body, "meta": {}})


@pytest.mark.parametrize("kind", [Busy, Untold])
def test_activities_are_read_to_the_end(opened, kind):
    """
    A hundred come at once; the total ends it, or else an empty page.
    """
    with opened(kind) as office:
        rows = of_contact(office, "activity", "1")

    assert 250 == len([one for one in rows if "reference_type" in one.raw])


class Circling(Busy):
    """It knows no offset."""

    def page(self, request, records):
        """Return the first page whatever is asked for."""
        return records[:100] if "activities" in request.path else super().page(request, records)


def test_list_that_leads_in_a_circle_is_told(opened):
    """
    Were the list to take no offset, that would be an error and no endless reading.
    """
    with opened(Circling) as office, pytest.raises(ReplyUnread):
        every(office, "activity")


def test_missing_list_is_told(office):
    """
    A reply without activities is not taken for one that has none.
    """
    office.standin.faults.add(Trouble.RENAMED_FIELD, on="GET /api/3/activities", field="activities")
    with office.open(Purpose.AUDIT) as connection, pytest.raises(ReplyUnread):
        list(read(connection, activecampaign.record("activity")))


def test_profile_is_read(office):
    """
    Where contacts are, and on which networks, is read of all of whom it is known.
    """
    known, other = of_contact(office, "profile", "2")[0], of_contact(office, "profile", "3")[0]
    person = office.standin.people[1]

    assert person.name == texts(known)["contactDatum.fb_name"]
    assert person.first_name in texts(known)["plusAppend.membershipsLinkedin"]
    assert "Nordenby" == texts(other)["contactDatum.geoCity"]
    assert "plusAppend" not in other.raw


def test_events_are_read(office):
    """
    Words of the company's own about what somebody did on its pages can name anybody.
    """
    (event,) = of_contact(office, "event", "3")

    assert f"by {office.standin.people[2].email}" == texts(event)["value"]


def test_automations_are_read_with_their_names(office):
    """
    Which automation a contact went through is told by its name.
    """
    runs = every(office, "automation")

    assert {str(number) for number in range(1, 13)} == {one.raw["contact"] for one in runs}
    assert {"Welcome"} == {texts(one)["name"] for one in runs}


@pytest.mark.parametrize("record", ["activity", "profile", "event", "automation"])
def test_traces_go_along(office, record):
    """
    What cannot be deleted on its own is there until its contact is deleted, and then is not.
    """
    one = next(seen for seen in every(office, record) if whose(seen) == "2")
    assert "refused" == erased(office, one.target).state
    assert not gone(office, one.target)
    erased(office, next(seen.target for seen in every(office, "contact") if seen.key == "2"))

    assert "done" == erased(office, one.target).state
    assert gone(office, one.target)
