"""
Plain HTTP drives persons, organizations, deals and activities; the contracts referee.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from klarsyn.testing.standins.pipedrive_filling import (
    CUSTOMER_TYPE,
    INTERESTS,
    ORGANISATION_NUMBER,
    OTHER_EMAIL,
)
from tests.testing.referee import refereed
from tests.testing.standins.pipedrive_asking import ALWAYS, V2, ask, everything, find, get

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("pipedrive", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A company of twelve customers, whose clock stands still and which does not throttle."""
    with PipedriveStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def test_every_person_is_listed_to_the_end(standin):
    """
    Cursors lead through all pages: twelve customers and a double, without the deleted one.
    """
    found = everything(standin, f"{V2}/persons", limit=5)

    assert 13 == len(found) == len({one["id"] for one in found})
    assert {one.email for one in standin.people} == {one["emails"][0]["value"] for one in found}
    assert [1, 2, 3] == [one["id"] for one in found[:3]]


def test_neither_address_nor_name_is_unique(standin):
    """
    The same customer may be there twice, and a third time after a careless POST.
    """
    person = standin.people[0]
    body = {"name": person.name, "emails": [{"value": person.email}]}
    status, _, made = ask(standin, "POST", f"{V2}/persons", body)
    standin.clock.move(seconds=standin.SEARCH_LAG_SECONDS)

    assert (200, 15) == (status, made["data"]["id"])
    assert {1, 13, 15} == {
        one["id"] for one in find(standin, person.email, fields="email", exact_match="true")
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"ids": "1,2,14,99"}, 2),
        ({"org_id": 1}, 2),
        ({"owner_id": 2}, 0),
        ({"deal_id": 1}, 1),
        ({"updated_since": "2026-08-28T14:00:00Z"}, 8),
        ({"updated_since": "2026-08-28T16:00:00+02:00"}, 8),
        ({"updated_until": "2026-08-28T10:00:00Z"}, 1),
    ],
)
def test_lists_are_filtered(standin, query, count):
    """
    By ids, owner, organization, deal and the time of the last change.
    """
    assert count == len(get(standin, f"{V2}/persons", **query))


def test_lists_are_sorted(standin):
    """
    By id, or by time, in either direction.
    """
    query = {"sort_by": "update_time", "sort_direction": "desc"}
    times = [one["update_time"] for one in get(standin, f"{V2}/persons", **query)]

    assert sorted(times, reverse=True) == times
    assert 1 == len(get(standin, f"{V2}/activities", sort_by="due_date"))


def test_fields_are_shown_when_asked_for(standin):
    """
    Counts come by `include_fields`, and `custom_fields` narrows to the keys named.
    """
    wanted = "notes_count,files_count,marketing_status,smart_bcc_email,last_activity_id"
    person = get(standin, f"{V2}/persons/2", include_fields=wanted, custom_fields=CUSTOMER_TYPE)

    assert (1, 0, "no_consent") == tuple(person[one] for one in wanted.split(",")[:3])
    assert {CUSTOMER_TYPE: 2} == person["custom_fields"]
    assert "marketing_status" not in get(standin, f"{V2}/persons/2")
    assert 2 == get(standin, f"{V2}/organizations/1", include_fields="people_count")["people_count"]


def test_attendees_are_hidden_until_asked_for(standin):
    """
    An activity names strangers by address only where `include_fields` says so.
    """
    (shown,) = get(standin, f"{V2}/activities", person_id=1)
    (full,) = get(standin, f"{V2}/activities", person_id=1, include_fields="attendees")

    assert "attendees" not in shown
    assert standin.people[6].email == full["attendees"][0]["email"]
    assert [] == get(standin, f"{V2}/activities", person_id=6, done="false")
    assert [] == get(standin, f"{V2}/activities", lead_id="none")


def test_archived_and_deleted_deals_are_apart(standin):
    """
    The list has what is open; archived deals are another list, deleted ones another status.
    """
    assert [1] == [one["id"] for one in get(standin, f"{V2}/deals")]
    assert [2] == [one["id"] for one in get(standin, f"{V2}/deals/archived")]
    ask(standin, "DELETE", f"{V2}/deals/1")
    assert [] == get(standin, f"{V2}/deals", status="open")
    assert [1] == [one["id"] for one in get(standin, f"{V2}/deals", status="won,deleted")]
    assert [] == get(standin, f"{V2}/deals", pipeline_id=1, stage_id=1)


def test_contact_sync_shows_more(standin):
    """
    Job title, birthday and the like exist only where contacts are synced.
    """
    assert not {"job_title", "im"} & set(get(standin, f"{V2}/persons/1"))
    standin.contact_sync = True
    standin.records["persons"][1] |= {"job_title": "Mester", "birthday": "1970-01-01"}
    assert "Mester" == get(standin, f"{V2}/persons/1")["job_title"]


@pytest.mark.parametrize("kind", ["person", "organization", "deal"])
def test_own_fields_have_keys_of_40_digits(standin, kind):
    """
    The fields of a kind tell what a key means.
    """
    fields = get(standin, f"{V2}/{kind}Fields")
    own = [one for one in fields if one["is_custom_field"]]

    assert {40} == {len(one["field_code"]) for one in own}
    assert own[0] == get(standin, f"{V2}/{kind}Fields/{own[0]['field_code']}")
    assert 404 == ask(standin, "GET", f"{V2}/{kind}Fields/none")[0]


def test_arrays_are_replaced_whole(standin):
    """
    A PATCH of e-mails keeps none of the old ones, and the first becomes the primary one.
    """
    rows = [{"value": "a@example.com"}, {"value": "b@example.com", "label": "home"}]
    _, _, body = ask(standin, "PATCH", f"{V2}/persons/2", {"emails": rows, "org_id": None})

    assert [True, False] == [one["primary"] for one in body["data"]["emails"]]
    assert standin.people[1].phone == body["data"]["phones"][0]["value"]
    assert body["data"]["org_id"] is None
    _, _, body = ask(standin, "PATCH", f"{V2}/persons/2", {"phones": []})
    assert [] == body["data"]["phones"]


def test_own_fields_are_set_and_cleared(standin):
    """
    Null clears; keys that are not given stay.
    """
    custom = {OTHER_EMAIL: "hjem@example.com", INTERESTS: [1, 2], CUSTOMER_TYPE: 1}
    ask(standin, "PATCH", f"{V2}/persons/1", {"custom_fields": custom})
    path, body = f"{V2}/persons/1", {"custom_fields": {INTERESTS: None}}
    _, _, reply = ask(standin, "PATCH", path, body)

    assert custom | {INTERESTS: None} == reply["data"]["custom_fields"]


def test_organizations_and_deals_are_made(standin):
    """
    A firm with its address, a deal with its person; names that nobody knows are passed over.
    """
    body = {"name": "Ny ApS", "address": {"value": "Vej 1"}, "custom_fields": None}
    body["custom_fields"] = {ORGANISATION_NUMBER: "12345678"}
    _, _, firm = ask(standin, "POST", f"{V2}/organizations", body)
    deal = {"title": "Ny", "org_id": firm["data"]["id"], "person_id": 1, "value": 10.5}
    status, _, made = ask(standin, "POST", f"{V2}/deals", deal)

    assert (200, 13, 10.5) == (status, made["data"]["org_id"], made["data"]["value"])
    assert 1 == get(standin, f"{V2}/deals", org_id=13)[0]["person_id"]
    standin.recording = False
    assert 200 == ask(standin, "PATCH", f"{V2}/deals/1", {"titel": "x"})[0]


def test_activities_follow_their_primary_participant(standin):
    """
    The person of an activity is its primary participant, however it was said.
    """
    path = f"{V2}/activities"
    _, _, one = ask(standin, "POST", path, {"subject": "Møde", "person_id": 2})
    rows = [{"person_id": 3, "primary": False}, {"person_id": 4, "primary": True}]
    _, _, two = ask(standin, "PATCH", f"{path}/2", {"participants": rows, "note": None})

    assert [{"person_id": 2, "primary": True}] == one["data"]["participants"]
    assert 4 == two["data"]["person_id"]
    assert 200 == ask(standin, "DELETE", f"{path}/2")[0]
    assert 400 == ask(standin, "POST", path, {"participants": [1]})[0]


def test_fields_of_contact_sync_cannot_be_written_without_it(standin):
    """
    A 403 with a code, where the company has no such feature.
    """
    standin.recording = False
    status, _, body = ask(standin, "PATCH", f"{V2}/persons/1", {"job_title": "Mester"})

    assert (403, True) == (status, body["code"].startswith("feature_capping"))
    standin.contact_sync = True
    assert 200 == ask(standin, "PATCH", f"{V2}/persons/1", {"job_title": "Mester"})[0]
