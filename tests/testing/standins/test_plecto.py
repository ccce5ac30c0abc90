"""
Plain HTTP drives the stand-in: nobody offers a client for Plecto, and there is no contract.
"""

import base64
import http.client
import json
from contextlib import closing
from datetime import timedelta

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.plecto import PlectoStandIn

pytestmark = pytest.mark.network

ALL = "/registrations/"


@pytest.fixture
def standin():
    """An organisation that rates twelve, whose clock stands still."""
    with PlectoStandIn(clock=StillClock()) as standin:
        yield standin


@pytest.fixture
def ask(standin):
    """Return status, headers and body of one exchange."""

    def exchange(method, path, body=None, login=None):
        user = login or f"{standin.secrets['email']}:{standin.secrets['password']}"
        headers = {"Authorization": f"Basic {base64.b64encode(user.encode()).decode()}"}
        content = body if isinstance(body, str | None) else json.dumps(body)
        with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as wire:
            wire.request(method, f"/api/v2{path}", content, headers if login != "-" else {})
            reply = wire.getresponse()
            text = reply.read()
            return reply.status, dict(reply.getheaders()), json.loads(text) if text else None

    return exchange


@pytest.fixture
def given(standin):
    """A registration of the first member's."""
    member = next(iter(standin.members))
    date = "2026-11-01T09:00:00"
    return {"data_source": standin.ratings, "date": date, "member": member, "Company": "Ny ApS"}


def place(one):
    """Return the path of a registration."""
    return f"/registrations/{one['data_source']}/{one['uuid']}/"


# Reading


def test_pages_lead_to_the_end(standin, ask):
    """
    Three comments, twelve ratings, fifteen registrations: two pages, linked by whole addresses.
    """
    first, found = ask("GET", ALL)[2], []
    page = first
    while page["next"]:
        found += page["results"]
        page = ask("GET", page["next"].removeprefix("https://app.plecto.com/api/v2"))[2]
    found += page["results"]

    assert 15 == first["count"] == len({one["uuid"] for one in found})
    assert page["previous"].endswith("/api/v2/registrations/?page=1")
    assert {one.name for one in standin.people} == {one["member_name"] for one in found}
    assert (404, {"detail": "Invalid page."}) == ask("GET", f"{ALL}?page=3")[::2]


def test_registrations_are_found_by_source_reference_and_time(standin, ask):
    """
    `reference` and `external_id` are one; a name finds nobody.
    """
    person = standin.people[3]
    (found,) = ask("GET", f"{ALL}?reference=kp-4")[2]["results"]
    now = standin.clock.now()
    start, end = (now - timedelta(days=3)).isoformat()[:19], now.isoformat()[:19]

    assert (person.company, person.name) == (found["Company"], found["member_name"])
    assert "4" == found["Company rating"]
    assert [found] == ask("GET", f"{ALL}?external_id=kp-4")[2]["results"]
    assert 3 == ask("GET", f"{ALL}?data_source={standin.deals}")[2]["count"]
    assert 5 == ask("GET", f"{ALL}?start_date={start}&end_date={end}")[2]["count"]
    assert 400 == ask("GET", f"{ALL}?start_date=yesterday")[0]
    assert found == ask("GET", place(found))[2]
    assert 404 == ask("GET", place(found | {"data_source": standin.deals}))[0]


def test_members_teams_and_sources_are_plain_lists(standin, ask):
    """
    They have no envelope; inactive members are among them.
    """
    members = ask("GET", "/members/")[2]

    assert [one.name for one in standin.people] == [one["name"] for one in members]
    assert {True, False} == {one["is_active"] for one in members}
    assert ["Ratings", "Deals"] == [one["title"] for one in ask("GET", "/datasources/")[2]]
    assert ["Support"] == [one["name"] for one in ask("GET", "/teams/")[2]]


def test_what_is_planted_is_there(standin, ask):
    """
    Every planted place holds the person's name, address, phone or company.
    """
    text = json.dumps(
        [ask("GET", f"{ALL}?page={page}")[2] for page in (1, 2)] + ask("GET", "/members/")[2],
        ensure_ascii=False,
    )

    for one in standin.planted:
        assert one.person.name in text
    assert {"registrations.Comment", "registrations.Contact"} == {
        one.place for one in standin.planted if not one.expected and "registr" in one.place
    }
    assert PlectoStandIn(clock=standin.clock).registrations == standin.registrations


# Writing


def test_registration_is_made_overwritten_and_deleted(standin, ask, given):
    """
    The reference makes a second POST an update; deletion is for ever.
    """
    status, _, made = ask("POST", ALL, given | {"reference": "kp-99", "Unknown": "x"})
    again = ask("POST", ALL, given | {"external_id": "kp-99", "Company": "Senere ApS"})[2]

    assert (201, False) == (status, "Unknown" in made)
    assert (made["uuid"], "Senere ApS") == (again["uuid"], again["Company"])
    put = ask("PUT", place(made), {"date": given["date"], "member": given["member"]})[2]
    assert ("", "kp-99") == (put["Company"], put["external_id"])
    assert 204 == ask("DELETE", place(made))[0]
    assert 404 == ask("DELETE", place(made))[0]
    assert made["uuid"] not in standin.registrations


def test_post_takes_a_hundred_or_none(standin, ask, given):
    """
    One wrong registration refuses all, and its place in the list tells which.
    """
    many = [given | {"external_id": f"new-{number}"} for number in range(100)]

    status, _, errors = ask("POST", ALL, [*many[:2], {"member": "nobody", "date": "soon"}])
    assert (400, {}) == (status, errors[0])
    assert {"data_source", "member", "date"} == set(errors[2])
    assert 15 == len(standin.registrations)
    assert 400 == ask("POST", ALL, [*many, given])[0]
    assert 100 == len(ask("POST", ALL, many)[2])
    assert ["This field is required."] == ask("POST", ALL, {"date": "2026-01-01"})[2]["member"]
    assert 400 == ask("POST", ALL, given | {"data_source": "none"})[0]
    assert 400 == ask("PUT", f"{ALL}{standin.ratings}/{next(iter(standin.registrations))}/", {})[0]


def test_unknown_member_is_made_silently(standin, ask, given):
    """
    A registration copies its member's name into Plecto, once; it does not rename anybody.
    """
    named = {"member_api_provider": "crm", "member_api_id": "7", "member_name": "Tove Ny"}
    first = ask("POST", ALL, given | named | {"member": ""})[2]
    second = ask("POST", ALL, given | named | {"member": "", "member_name": "Other"})[2]

    assert [first["member"]] == [second["member"]] == standin.created_silently
    assert "Tove Ny" == second["member_name"]
    assert "Tove Ny" in [one["name"] for one in ask("GET", "/members/")[2]]


def test_member_is_overwritten_but_for_the_address(standin, ask):
    """
    Provider and number mean the member; a sent address stays, an empty one can be filled.
    """
    keys = {"updating_api_provider": "KlarPris", "updating_api_provider_id": "2"}
    known = standin.people[1].email
    sent = keys | {"name": "Anonym", "is_active": False}

    status, _, found = ask("POST", "/members/", sent | {"updating_api_provider_email": "x@y.se"})
    assert (200, "Anonym", False) == (status, found["name"], found["is_active"])
    assert known == found["updating_api_provider_email"]
    keys["updating_api_provider_id"] = "99"
    assert 400 == ask("POST", "/members/", keys)[0]
    assert 201 == ask("POST", "/members/", keys | {"name": "Ny"})[0]
    assert 405 == ask("DELETE", "/members/")[0]


def test_data_source_is_opened_with_its_fields(ask, given):
    """
    What a registration sends beside them is dropped.
    """
    fields = [{"name": "Company", "default_value": "-"}]
    status, _, made = ask("POST", "/datasources/", {"title": "New", "fields": fields})
    kept = ask("POST", ALL, {**given, "data_source": made["uuid"], "Company": "A", "B": "C"})[2]

    assert (201, "TextInput") == (status, made["fields"][0]["input"])
    assert ("A", False) == (kept["Company"], "B" in kept)
    assert {"fields"} == set(ask("POST", "/datasources/", {"title": "No"})[2])


def test_what_an_integration_fills_is_read_only(standin, ask, given):
    """
    Its registrations are seen and cannot be written or deleted.
    """
    (deal, *_) = ask("GET", f"{ALL}?data_source={standin.deals}")[2]["results"]

    assert 403 == ask("POST", ALL, given | {"data_source": standin.deals})[0]
    assert 403 == ask("PUT", place(deal), given)[0]
    assert 403 == ask("DELETE", place(deal))[0]
    assert deal == ask("GET", place(deal))[2]


# Refusals


def test_requests_are_checked(ask):
    """
    Slash, login, password, body and path, each in the framework's words.
    """
    status, headers, _ = ask("DELETE", "/registrations")
    assert (301, True) == (status, headers["Location"].endswith("/api/v2/registrations/"))
    assert "not provided" in ask("GET", ALL, login="-")[2]["detail"]
    assert (401, {"detail": "Invalid username/password."}) == ask("GET", ALL, login="a:b")[::2]
    assert "Basic" in ask("GET", ALL, login="a:b")[1]["WWW-Authenticate"]
    assert "JSON parse" in ask("POST", ALL, "{")[2]["detail"]
    assert "dictionary" in str(ask("POST", ALL, ["x"])[2])
    assert (404, {"detail": "Not found."}) == ask("GET", "/nothing/")[::2]


def test_login_must_be_base64(standin):
    """
    A header that cannot be read is a wrong one.
    """
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as wire:
        wire.request("GET", "/api/v2/teams/", None, {"Authorization": "Basic ~"})
        assert 401 == wire.getresponse().status


def test_hour_has_so_many_requests(standin, ask):
    """
    Registrations are counted by themselves; after an hour all is well again.
    """
    standin.window.limit = 2
    codes = [ask("GET", ALL)[0] for _ in range(3)]

    assert [200, 200, 429] == codes
    assert 200 == ask("GET", "/members/")[0]
    standin.clock.move(seconds=3600)
    assert 200 == ask("GET", ALL)[0]
    standin.window.limit, standin.limits = 0, False
    assert 200 == ask("GET", ALL)[0]


@pytest.mark.parametrize(
    ("trouble", "status", "said"),
    [
        (Trouble.THROTTLED, 429, "available in 7 seconds"),
        (Trouble.THROTTLED_SILENTLY, 429, "throttled."),
        (Trouble.EXPIRED_KEY, 401, "Invalid username"),
        (Trouble.ERROR_IN_OK, 200, "error occurred"),
    ],
)
def test_troubles_have_the_frameworks_shape(standin, ask, trouble, status, said):
    """
    Every fault tells its `detail`; only the loud one says when to come back.
    """
    standin.faults.add(trouble, retry_after=7)
    got, headers, body = ask("GET", ALL)

    assert (status, True) == (got, said in body["detail"])
    assert (trouble is Trouble.THROTTLED) == (headers.get("Retry-After") == "7")
