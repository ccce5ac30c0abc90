"""
Plain HTTP drives the stand-in, as there is no client for Python; a part of the contract referees.
"""

import http.client
import json
from contextlib import closing

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.teamviewer import TeamViewerStandIn
from klarsyn.testing.standins.teamviewer_reports import TEXTS
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

ALWAYS = {
    "GET /api/v1/users": ["users.id", "users.name"],
    "GET /api/v1/contacts": ["contacts.contact_id", "contacts.name", "contacts.description"],
    "GET /api/v1/sessions": ["sessions.code", "sessions_remaining"],
    "GET /api/v1/reports/connections": ["records.id", "records.notes", "records_remaining"],
}
REPORTS = "/reports/connections"
DETAILS = "/sessions?state=open,closed&full_list=true"


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("teamviewer", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A company with twelve customers, whose clock stands still."""
    with TeamViewerStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.fixture
def ask(standin):
    """Return status and body of one exchange; no reply tells when to come back."""

    def exchange(method, path, body=None, token=None):
        headers = {"Authorization": f"Bearer {token or standin.secrets['token']}"}
        content = body if isinstance(body, str | None) else json.dumps(body)
        if content:
            headers["Content-Type"] = "application/json"
        with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as wire:
            wire.request(method, f"/api/v1{path}", content, headers)
            reply = wire.getresponse()
            text = reply.read()
            assert reply.getheader("Retry-After") is None
            picture = reply.getheader("Content-Type", "").startswith("image/")
            return reply.status, text if picture or not text else json.loads(text)

    return exchange


def to_the_end(ask, path, name, offset):
    """Return all records of a list that is paged by an offset."""
    page = ask("GET", path)[1]
    found = page[name]
    mark = "&" if "?" in path else "?"
    while "next_offset" in page:
        page = ask("GET", f"{path}{mark}{offset}={page['next_offset']}")[1]
        found += page[name]
    return found


# Reading


def test_ping_tells_of_the_token(ask):
    """
    A wrong token is told with status 200; every other path refuses it.
    """
    assert (200, {"token_valid": True}) == ask("GET", "/ping")
    assert (200, {"token_valid": False}) == ask("GET", "/ping", token="wrong")
    status, body = ask("GET", "/users", token="wrong")
    assert (401, "invalid_token") == (status, body["error"])


def test_users_are_listed_and_found(standin, ask):
    """
    Without `full_list` there are names only; addresses are found as a whole.
    """
    first = standin.staff[0]
    known = ask("GET", "/users?full_list=true")[1]["users"]

    assert 5 == len(known) == len(ask("GET", "/users")[1]["users"])
    assert {"id", "name"} == set(ask("GET", "/users")[1]["users"][0])
    assert known[:1] == ask("GET", f"/users?email={first.email}&full_list=true")[1]["users"]
    assert [] == ask("GET", f"/users?email={first.email[1:]}")[1]["users"]
    assert known[0] == ask("GET", f"/users/{known[0]['id']}")[1]
    assert first.email == ask("GET", "/account")[1]["email"]


def test_contacts_have_names_and_descriptions(standin, ask):
    """
    They are unpaged, and one is read as a list of one.
    """
    person = standin.people[3]
    everybody = ask("GET", "/contacts")[1]["contacts"]
    (found,) = ask("GET", f"/contacts?email={person.email}&groupid={standin.group}")[1]["contacts"]

    assert [one.name for one in standin.people] == [one["name"] for one in everybody]
    assert f"{person.company}, {person.phone}" == found["description"]
    assert [found] == ask("GET", f"/contacts/{found['contact_id']}")[1]["contacts"]
    assert "Customers" == ask("GET", "/groups")[1]["groups"][0]["name"]
    assert [] == ask("GET", "/contacts?groupid=g1")[1]["contacts"]


def test_default_list_of_cases_is_poor(standin, ask):
    """
    Half of them are closed and stay away; without `full_list` nobody has a name.
    """
    poor = to_the_end(ask, "/sessions", "sessions", "offset")
    full = to_the_end(ask, DETAILS, "sessions", "offset")

    assert (6, 12) == (len(poor), len(full))
    assert {"code", "state", "groupid"} == set(poor[0])
    assert {one.email for one in standin.people} == {one["end_customer"]["email"] for one in full}
    assert full[0] == ask("GET", f"/sessions/{full[0]['code']}")[1]
    assert 400 == ask("GET", "/sessions?state=lost")[0]
    assert 400 == ask("GET", "/sessions?offset=lost")[0]


def test_reports_come_latest_first(standin, ask):
    """
    Ten a page, what remains is told; notes and devices name the customer, `username` does not.
    """
    first = ask("GET", REPORTS)[1]
    found = to_the_end(ask, REPORTS, "records", "offset_id")

    assert (2, 12) == (first["records_remaining"], len(found))
    assert found == sorted(found, key=lambda one: one["end_date"], reverse=True)
    assert all(one.email in found[one.number]["notes"] for one in standin.people)
    assert {standin.staff[0].name} == {one["username"] for one in found}
    assert found[0] == ask("GET", f"{REPORTS}/{found[0]['id']}")[1]


def test_reports_are_filtered_by_fields_only(ask):
    """
    There is no search in notes; instants, users, codes and devices are what can be asked for.
    """
    found = to_the_end(ask, REPORTS, "records", "offset_id")
    one = found[4]
    instants = f"from_date={found[3]['end_date']}&to_date={found[1]['end_date']}"

    assert [one] == ask("GET", f"{REPORTS}?session_code={one['session_code']}")[1]["records"]
    assert [one] == ask("GET", f"{REPORTS}?deviceid={one['deviceid']}")[1]["records"]
    assert found[1:4] == ask("GET", f"{REPORTS}?{instants}")[1]["records"]
    assert 10 == len(ask("GET", f"{REPORTS}?has_code=true")[1]["records"])
    assert [] == ask("GET", f"{REPORTS}?has_code=false")[1]["records"]


def test_texts_hide_behind_reports(standin, ask):
    """
    Summary, chat, voice, call and screenshots name the customer; only half of the reports have any.
    """
    person = standin.people[0]
    numbers = [one["id"] for one in to_the_end(ask, REPORTS, "records", "offset_id")]
    features = ask("POST", f"{REPORTS}/getFeatures", {"SessionReportIds": numbers})[1]
    place = f"{REPORTS}/{numbers[0]}"

    assert 6 == len(features["SessionReportFeatures"])
    assert 5 == len(features["SessionReportFeatures"][0]["Features"])
    texts = {name: ask("GET", f"{place}/{name}")[1] for name in TEXTS}
    assert person.name in texts["ai-summary"]["Summary"]
    assert person.email in texts["chat-transcript"][0]["Content"]
    (shot,) = texts["screenshots"]
    assert b"PNG" in ask("GET", f"{place}/{shot['screenshotId']}/screenshot")[1]
    assert 404 == ask("GET", f"{place}/none/screenshot")[0]
    assert 404 == ask("GET", f"{REPORTS}/{numbers[1]}/ai-summary")[0]


def test_devices_chat_and_log_name_people(standin, ask):
    """
    A device's alias, a chat's text, and the address in the log.
    """
    person = standin.people[4]
    devices = ask("GET", f"/devices?groupid={standin.group}")[1]["devices"]
    managed = ask("GET", "/managed/devices")[1]
    rest = ask("GET", f"/managed/devices?paginationToken={managed['nextPaginationToken']}")[1]
    first, *_ = said = ask("GET", "/chat/Messages?roomId=room-4")[1]["messages"]
    assert 6 == len(devices) == len(managed["resources"] + rest["resources"])
    assert "nextPaginationToken" not in rest
    assert person.name in devices[2]["alias"]
    assert person.name == ask("GET", "/chat/Rooms")[1]["rooms"][1]["name"]
    assert person.phone in first["text"]
    last = f"/chat/Messages?roomId=room-4&lastMessageId={first['id']}&maxResults=1"
    assert said[1:2] == ask("GET", last)[1]["messages"]
    assert 404 == ask("GET", "/chat/Messages?roomId=none")[0]


def test_log_is_paged_by_a_token(standin, ask):
    """
    Start and end must be told; names of events and addresses of authors choose.
    """
    standin.EVENTS_PER_PAGE = 3
    asked = {"StartDate": "2026-11-26T00:00:00Z", "EndDate": "2026-11-27T00:00:00Z"}
    first = ask("POST", "/EventLogging", asked)[1]
    token = {"ContinuationToken": first["ContinuationToken"]}
    second = ask("POST", "/EventLogging", asked | token)[1]

    assert (3, 2) == (len(first["AuditEvents"]), len(second["AuditEvents"]))
    assert "ContinuationToken" not in second
    none = {"EventNames": ["UserDeleted"], "AccountEmails": ["a@example.com"]}
    assert [] == ask("POST", "/EventLogging", asked | none)[1]["AuditEvents"]
    assert 400 == ask("POST", "/EventLogging", {"StartDate": "2026-11-26T00:00:00Z"})[0]


def test_everybody_planted_is_there(standin):
    """
    Every text that can be read holds the people of whom it is said.
    """
    texts = [standin.contacts, standin.sessions, standin.reports, standin.device_reports]
    held = json.dumps([*texts, standin.texts, standin.messages, standin.users], ensure_ascii=False)

    assert 12 == len({one.person for one in standin.planted})
    assert all(one.person.name in held for one in standin.planted)
    assert TeamViewerStandIn(clock=standin.clock).reports == standin.reports
    assert TeamViewerStandIn(seed=2, clock=standin.clock).reports != standin.reports


# Writing and erasing


def test_user_is_made_changed_and_removed(standin, ask):
    """
    Without isPermanentDelete the account lives on, outside of the company.
    """
    given = {"email": "ny@klarpris.example", "name": "Ny Ansat", "language": "da"}
    made = ask("POST", "/users", given)[1]
    place = f"/users/{made['id']}"

    assert 400 == ask("POST", "/users", given)[0]
    assert 204 == ask("PUT", place, {"name": "Anden"})[0]
    assert "Anden" == ask("GET", place)[1]["name"]
    assert 204 == ask("DELETE", place)[0]
    assert {made["id"]} == set(standin.left)
    assert 404 == ask("DELETE", place)[0]
    assert 204 == ask("DELETE", "/users/u1001?isPermanentDelete=true")[0]
    assert {made["id"]} == set(standin.left)


@pytest.mark.parametrize("path", ["/users", "/users/"])
def test_missing_id_deletes_the_whole_company(standin, ask, path):
    """
    It is really done, and counted: a test of ours can prove that we never do it.
    """
    assert 0 == standin.company_deletions
    standin.recording = path == "/users"  # the contract has no path with a slash at the end
    assert 204 == ask("DELETE", path)[0]

    standin.recording = True
    assert 1 == standin.company_deletions
    assert [] == ask("GET", "/users")[1]["users"]
    assert [] == ask("GET", "/contacts")[1]["contacts"]
    assert [] == ask("GET", DETAILS)[1]["sessions"]


def test_contact_is_invited_by_mail_and_deleted(standin, ask):
    """
    Only `invite` sends a mail; there is no change of a contact.
    """
    given = {"email": "a@example.com", "groupid": standin.group}
    made = ask("POST", "/contacts", given | {"invite": False})[1]
    ask("POST", "/contacts", given | {"email": "b@example.com", "invite": True})

    assert ["b@example.com"] == standin.mails
    place = f"/contacts/{made['contact_id']}"
    assert 204 == ask("DELETE", place)[0]
    assert 404 == ask("GET", place)[0]
    assert 404 == ask("POST", "/contacts", given | {"groupid": "g1"})[0]
    assert 400 == ask("POST", "/contacts", {"groupid": standin.group})[0]


def test_case_is_opened_twice_changed_and_deleted(standin, ask):
    """
    Nothing keeps a second request from opening a second case; a group's name opens a group.
    """
    given = {"groupname": "New", "description": "x", "end_customer": {"email": "c@example.com"}}
    one, two = (ask("POST", "/sessions", given)[1] for _ in range(2))
    place = f"/sessions/{one['code']}"

    assert one["code"] != two["code"]
    assert one["groupid"] == two["groupid"] != standin.group
    new = {"state": "closed", "groupid": standin.group, "end_customer": {"name": "", "email": ""}}
    assert 204 == ask("PUT", place, {"waiting_message": "Soon"})[0]
    assert 204 == ask("PUT", place, new)[0]
    assert new == {name: ask("GET", place)[1][name] for name in new}
    assert 204 == ask("DELETE", place)[0]
    assert 404 == ask("GET", place)[0]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"description": "no group"}, 400),
        ({"groupid": "g1"}, 404),
        ({"groupname": "Customers", "custom_api": "x" * 4001}, 400),
        ({"groupname": "Customers", "state": "lost"}, 400),
        ("[", 400),
        ("[]", 400),
    ],
)
def test_wrong_case_is_refused(standin, ask, given, status):
    """
    Group, length, state and body are checked, and nothing is kept.
    """
    got, body = ask("POST", "/sessions", given)

    assert status == got
    assert {"error", "error_description", "error_code", "error_signature"} == set(body)
    assert 12 == len(standin.sessions)


def test_deleted_report_leaves_that_of_the_other_side(standin, ask):
    """
    Notes can be cleared; the texts of the device's own report must be deleted there.
    """
    (first, *_) = ask("GET", REPORTS)[1]["records"]
    (twin, *_) = twins = to_the_end(ask, "/reports/devices", "records", "offset_id")
    place = f"{REPORTS}/{first['id']}"

    assert 204 == ask("PUT", place, {"notes": ""})[0]
    assert "" == ask("GET", place)[1]["notes"]
    assert 204 == ask("DELETE", place)[0]
    assert 404 == ask("GET", place)[0]
    assert 404 == ask("GET", f"{place}/chat-transcript")[0]
    assert (12, True) == (len(twins), standin.people[0].name in twin["targetname"])
    hidden = f"/reports/devices/{twin['Id']}"
    assert 200 == ask("GET", f"{hidden}/chat-transcript")[0]
    assert (204, 404) == (ask("DELETE", hidden)[0], ask("DELETE", hidden)[0])
    assert 404 == ask("GET", f"{hidden}/chat-transcript")[0]


def test_device_is_renamed_and_deleted(standin, ask):
    """
    Alias and description are what a device can be told apart by.
    """
    number = next(iter(standin.devices))
    device = f"/devices/{number}"

    assert 204 == ask("PUT", device, {"alias": "PC", "description": ""})[0]
    assert ("PC", "") == tuple(standin.devices[number][n] for n in ("alias", "description"))
    assert (204, 404) == (ask("DELETE", device)[0], ask("DELETE", device)[0])


# Refusals


def test_rate_is_limited_without_a_hint(standin, ask):
    """
    Nothing tells when to come back; a minute later all is well.
    """
    standin.window.limit = 1
    assert [200, 429] == [ask("GET", "/account")[0] for _ in range(2)]
    standin.clock.move(seconds=60)
    assert 200 == ask("GET", "/account")[0]
    standin.window.limit, standin.limits = 0, False
    assert 200 == ask("GET", "/account")[0]


@pytest.mark.parametrize(
    ("trouble", "status", "kind"),
    [
        (Trouble.THROTTLED, 429, "rate_limit_reached"),
        (Trouble.THROTTLED_SILENTLY, 429, "rate_limit_reached"),
        (Trouble.EXPIRED_KEY, 401, "invalid_token"),
        (Trouble.ERROR_IN_OK, 200, "internal_error"),
    ],
)
def test_troubles_have_the_vendors_shape(standin, ask, trouble, status, kind):
    """
    Every fault has four parts and no Retry-After.
    """
    standin.faults.add(trouble, retry_after=7)
    got, body = ask("GET", "/users")

    assert (status, kind) == (got, body["error"])
    assert {"error_description", "error_code", "error_signature"} < set(body)


def test_unknown_path_and_body_are_refused(standin, ask):
    """
    What is not there is not found; instants and pages that cannot be read are wrong.
    """
    standin.recording = False  # the contract has no such path
    assert (404, "not_found") == (ask("GET", "/nothing")[0], ask("GET", "/nothing")[1]["error"])
    wrong = {"StartDate": "yesterday", "EndDate": "2026-11-27T00:00:00Z"}
    assert 400 == ask("POST", "/EventLogging", wrong)[0]
    assert 400 == ask("GET", "/managed/devices?paginationToken=x")[0]
