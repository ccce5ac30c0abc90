import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.zendesk import AGENT, ZendeskStandIn
from tests.testing.standins.zendesk.calling import basic, finish, gone

pytestmark = pytest.mark.network


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
