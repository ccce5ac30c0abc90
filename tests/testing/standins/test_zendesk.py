import base64
import http.client
import json
from contextlib import closing

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.zendesk import AGENT, ZendeskStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network
SKIP = {"skip_verify_email": True}
#: What a reply on a user or a ticket never lacks.
USER = [
    *("id", "url", "name", "email", "role", "active", "phone", "alias", "details", "notes", "tags"),
    *("external_id", "organization_id", "user_fields", "photo", "locale", "time_zone", "verified"),
    *("created_at", "updated_at", "last_login_at", "suspended"),
]
TICKET = [
    *(
        "id",
        "url",
        "subject",
        "description",
        "status",
        "requester_id",
        "submitter_id",
        "via",
        "tags",
    ),
    *("assignee_id", "custom_fields", "satisfaction_rating", "created_at", "updated_at"),
]
ALWAYS = {
    "GET /api/v2/users": [f"users.{name}" for name in USER],
    "GET /api/v2/users/search": [f"users.{name}" for name in USER],
    "GET /api/v2/users/{user_id}": [f"user.{name}" for name in USER],
    "GET /api/v2/incremental/users/cursor": [
        *("after_cursor", "after_url", "end_of_stream"),
        *(f"users.{name}" for name in USER),
    ],
    "GET /api/v2/tickets": [f"tickets.{name}" for name in TICKET],
    "GET /api/v2/tickets/{ticket_id}": [f"ticket.{name}" for name in TICKET],
    "GET /api/v2/tickets/{ticket_id}/comments": [
        f"comments.{name}"
        for name in ("id", "author_id", "body", "html_body", "public", "attachments", "metadata")
    ],
}


def basic(email, token):
    """Return the credentials of an API token."""
    return "Basic " + base64.b64encode(f"{email}/token:{token}".encode()).decode()


class Caller:
    """Speaks HTTP to the stand-in as if it were Zendesk."""

    def __init__(self, desk):
        self.desk = desk
        self.key = basic(desk.secrets["email"], desk.secrets["api_token"])
        self.host = "klarpris.zendesk.com"

    def __call__(self, method, path, body=None, **headers):
        """Return status, headers and JSON (or text) of one exchange."""
        sent = {"Host": self.host, "Authorization": self.key, **headers}
        sent["Content-Type"] = "application/json"
        raw = body if isinstance(body, str | None) else json.dumps(body)
        with closing(http.client.HTTPConnection(self.desk.url[7:])) as connection:
            connection.request(method, f"/api/v2{path}", raw, sent)
            with connection.getresponse() as reply:
                content = reply.read().decode()
                is_json = "json" in (reply.getheader("Content-Type") or "") and content
                said = json.loads(content) if is_json else content
                return reply.status, dict(reply.getheaders()), said

    def get(self, path):
        """Return the JSON of a path, or of a link to klarpris.zendesk.com."""
        return self("GET", path.removeprefix("https://klarpris.zendesk.com/api/v2"))[2]


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("zendesk", ALWAYS) as exchanges:
        yield exchanges


@pytest.fixture
def desk(judged):
    """A running stand-in whose clock stands still."""
    with ZendeskStandIn(clock=StillClock()) as standin:
        yield standin
    judged += [one for one in standin.exchanges if "nonsense" not in one.request.path]


@pytest.fixture
def call(desk):
    """A caller with the administrator's token."""
    return Caller(desk)


@pytest.fixture
def user(desk):
    """The first person's user."""
    return desk.user_of(desk.people[0].email)


@pytest.fixture
def ticket(desk, user):
    """The first person's ticket."""
    return desk.tickets_of(user["id"], "requested")[0]


def field(reply, name):
    """Return which error a refused field is told to have."""
    status, _, said = reply
    assert (422, "RecordInvalid") == (status, said["error"])
    return said["details"][name][0].get("error")


def gone(reply):
    """Return whether a reply says that there is no such record."""
    return (404, "RecordNotFound") == (reply[0], reply[2]["error"])


def finish(desk, call, reply):
    """Let a job be done and return its results."""
    job = reply[2]["job_status"]
    assert "queued" == job["status"]
    desk.clock.move(seconds=desk.job_seconds[1])
    done = call.get(f"/job_statuses/{job['id']}")["job_status"]
    assert "completed" == done["status"]
    return done["results"]


def everything(desk, call):
    """Return all tickets of the incremental export."""
    found, path = [], "/incremental/tickets/cursor?start_time=1"
    while True:
        page = call.get(path)
        found += page["tickets"]
        if page["end_of_stream"]:
            return found
        path = page["after_url"]


# Keys, hosts, limits, faults


@pytest.mark.parametrize(
    "key", ["", "Basic ?", "Basic /w==", basic("admin@klarpris.example", "x"), "Bearer x"]
)
def test_unknown_keys_are_refused(call, key):
    """
    No key, a broken one and a wrong one are all 401.
    """
    call.key = key
    status, _, said = call("GET", "/users/me")

    assert (401, "invalid_token" if key == "Bearer x" else "Couldn't authenticate you") == (
        status,
        said["error"],
    )


def test_oauth_token_has_scopes(desk, call, user):
    """
    A Bearer token that may only read cannot write.
    """
    desk.oauth["reader"] = {"read"}
    call.key = "Bearer reader"

    assert 200 == call("GET", "/users/me")[0]
    assert 403 == call("DELETE", f"/users/{user['id']}")[0]
    assert user["active"]


def test_agent_is_no_administrator(desk, call):
    """
    Exports and bulk deletion are closed to an agent with the same token.
    """
    call.key = basic(AGENT, desk.secrets["api_token"])

    assert "agent" == call.get("/users/me")["user"]["role"]
    assert 403 == call("GET", "/incremental/users/cursor?start_time=1")[0]
    assert 403 == call("DELETE", "/users/destroy_many?ids=1")[0]


def test_other_help_desks_are_not_here(call):
    """
    A subdomain that is not the account's has no desk; loopback is taken for the right one.
    """
    call.host = "other.zendesk.com"
    assert "No help desk at other.zendesk.com" == call.get("/users/me")["error"]["title"]
    call.host = "127.0.0.1"
    assert "user" in call.get("/users/me")


def test_unknown_paths_and_ids(call, user):
    """
    A path, a record and an id that is no number each have their own refusal.
    """
    assert "InvalidEndpoint" == call("GET", "/nonsense")[2]["error"]
    assert "InvalidEndpoint" == call("GET", f"/users/{user['id']}/tickets/nonsense")[2]["error"]
    assert gone(call("GET", "/users/1"))
    assert gone(call("GET", "/job_statuses/1"))
    assert (400, "Invalid attribute") == (
        (reply := call("GET", "/users/abc"))[0],
        reply[2]["error"]["title"],
    )
    assert 400 == call("POST", "/users", "{")[0]


def test_limits_are_counted_and_told(desk, call):
    """
    Each reply says what is left of the minute; after that it is 429 until the minute is over.
    """
    desk.per_minute = 2

    assert "1" == call("GET", "/users/me")[1]["X-Rate-Limit-Remaining"]
    assert "0" == call("GET", "/users/me")[1]["X-Rate-Limit-Remaining"]
    status, headers, _ = call("GET", "/users/me")
    assert (429, "61") == (status, headers["Retry-After"])
    desk.clock.move(seconds=61)
    assert 200 == call("GET", "/users/me")[0]


def test_endpoints_have_their_own_limits(desk, call, user, ticket):
    """
    Exports, ticket deletion, deletion for good and changes of one ticket are limited by themselves.
    """
    desk.incremental_per_minute = desk.exports_per_minute = desk.ticket_deletes_per_minute = 0
    desk.erasures_per_10_minutes = desk.ticket_updates_per_10_minutes = 0

    for method, path in (
        ("GET", "/incremental/users/cursor?start_time=1"),
        ("GET", "/search/export?query=a&filter%5Btype%5D=user"),
        ("DELETE", f"/tickets/{ticket['id']}"),
        ("DELETE", f"/deleted_users/{user['id']}"),
    ):
        assert 429 == call(method, path)[0]
    status, headers, _ = call("PUT", f"/tickets/{ticket['id']}", {"ticket": {"status": "open"}})
    assert (429, "text/html") == (status, headers["Content-Type"])


def test_thirty_jobs_at_once(desk, call, ticket):
    """
    A job too many is refused, and let in when another is done; without limits never.
    """
    desk.jobs_at_once = 1
    path = f"/tickets/destroy_many?ids={ticket['id']}"
    first = call("DELETE", path)

    assert (429, "TooManyJobs") == ((reply := call("DELETE", path))[0], reply[2]["error"])
    finish(desk, call, first)
    assert 200 == call("DELETE", path)[0]
    desk.limits = False
    assert 200 == call("DELETE", path)[0]


@pytest.mark.parametrize(
    ("trouble", "status", "error"),
    [
        (Trouble.THROTTLED, 429, "APIRateLimitExceeded"),
        (Trouble.THROTTLED_SILENTLY, 429, "APIRateLimitExceeded"),
        (Trouble.EXPIRED_KEY, 401, "Couldn't authenticate you"),
        (Trouble.ERROR_IN_OK, 200, "unavailable"),
    ],
)
def test_troubles_speak_zendesk(desk, call, trouble, status, error):
    """
    Faults come in the vendor's shape, and once.
    """
    desk.faults.add(trouble)
    got, headers, said = call("GET", "/users/me")

    assert (status, error) == (got, said["error"])
    assert (trouble is Trouble.THROTTLED) == ("Retry-After" in headers)
    assert "user" in call.get("/users/me")


def test_planted_people(desk):
    """
    Everybody lies somewhere, and careless places are marked as such.
    """
    assert {*desk.people} == {one.person for one in desk.planted}
    assert {"user.notes", "comment.body"} <= {one.place for one in desk.planted if one.expected}
    assert "comment.body" not in {one.place for one in desk.planted if one.person.number == 9}
    assert {"suspended_ticket.author", "deleted_user.email", "user.tags"} <= {
        one.place for one in desk.planted if not one.expected
    }


@pytest.mark.parametrize("count", [0, 1, 3, 4])
def test_small_desks(count):
    """
    A desk of few people holds together; the same seed makes the same desk.
    """
    desk, twin = (ZendeskStandIn(clock=StillClock(), count=count) for _ in range(2))

    assert (desk.users, desk.tickets, desk.comments) == (twin.users, twin.tickets, twin.comments)
    assert count + 2 - (count > 3) == len(desk.users)
