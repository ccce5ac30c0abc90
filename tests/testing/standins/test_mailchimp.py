import http.client
import io
import json
import tarfile
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.mailchimp import MailchimpStandIn
from klarsyn.testing.standins.mailchimp_content import NEWS, PARTNERS
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

HOST = "us21.api.mailchimp.com"


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("mailchimp", {"GET /lists": ["lists.id", "total_items", "_links"]}) as exchanges:
        yield exchanges


@pytest.fixture
def standin(judged):
    """A running stand-in whose clock stands still."""
    with MailchimpStandIn(clock=StillClock()) as one:
        yield one
    judged += one.exchanges


@pytest.fixture
def call(standin):
    """Sends a request as Klarsyn's transport would; returns status, headers and body."""

    def send(method, path, body=None, **headers):
        word = b64encode(f"klarsyn:{standin.secrets['api_key']}".encode()).decode()
        named = {"Host": HOST, "Authorization": f"Basic {word}"} | headers
        content = body if isinstance(body, str | None) else json.dumps(body)
        address = standin.url.removeprefix("http://")
        with closing(http.client.HTTPConnection(address)) as connection:
            connection.request(method, path, content, named)
            with connection.getresponse() as reply:
                return reply.status, dict(reply.getheaders()), reply.read()

    return send


def told(reply):
    """Return the body of a reply as an object."""
    return json.loads(reply[2])


# Keys


def test_no_key(standin, call):
    """
    A request without a key is told so.
    """
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request("GET", "/3.0/lists")
        with connection.getresponse() as reply:
            assert (401, "API Key Missing") == (reply.status, json.loads(reply.read())["title"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "us1.api.mailchimp.com"},
        {"Authorization": "Bearer 00000000000000000000000000000000-us21"},
        {"Authorization": "Basic ---"},
        {"Authorization": "Basic /////w=="},
    ],
)
def test_wrong_key_or_data_centre(call, headers):
    """
    A key works in its own data centre only, and unreadable ones never.
    """
    status, received, body = call("GET", "/3.0/lists", **headers)

    assert 401 == status
    assert "application/problem+json" in received["Content-Type"]
    assert {"type", "title", "status", "detail", "instance"} == set(json.loads(body))


def test_bearer_is_taken(standin, call):
    """
    The key may come as a bearer token.
    """
    bearer = f"Bearer {standin.secrets['api_key']}"
    assert 200 == call("GET", "/3.0/ping", Authorization=bearer)[0]


# Account and audiences


def test_root_counts_the_subscribed(call):
    """
    The account's total counts subscribers of all audiences.
    """
    assert 4 + 5 == told(call("GET", "/3.0/"))["total_subscribers"]
    assert "KlarPris ApS" == told(call("GET", "/3.0/?fields=account_name"))["account_name"]


def test_audiences_of_an_address(standin, call):
    """
    `email` restricts the audiences to those in which the address is.
    """
    second = standin.people[1].email
    found = told(call("GET", f"/3.0/lists?email={second}"))

    assert ([NEWS], 1) == ([one["id"] for one in found["lists"]], found["total_items"])
    assert 2 == told(call("GET", "/3.0/lists?count=1"))["total_items"]


def test_columns_differ(call):
    """
    Each audience has tags of its own; an address is of type address, a source may be a choice.
    """
    path = f"/3.0/lists/{NEWS}/merge-fields"
    tags = [one["tag"] for one in told(call("GET", path))["merge_fields"]]
    other = told(call("GET", f"/3.0/lists/{PARTNERS}/merge-fields"))["merge_fields"]

    assert ["FNAME", "LNAME", "ADDRESS", "PHONE", "COMPANY", "SOURCE", "RATING"] == tags
    assert ["FNAME", "LNAME", "MMERGE3", "MOBIL", "KILDE"] == [one["tag"] for one in other]
    assert "ADDRESS" == told(call("GET", f"{path}?type=address"))["merge_fields"][0]["tag"]
    assert ["FNAME"] == [
        one["tag"] for one in told(call("GET", f"{path}?required=true"))["merge_fields"]
    ]


def test_unknown_audience(call):
    """
    An audience that does not exist is a 404.
    """
    assert (404, "Resource Not Found") == (
        (reply := call("GET", "/3.0/lists/0000000000"))[0],
        told(reply)["title"],
    )


def test_partial_replies(call):
    """
    `fields` keeps only what it names, `exclude_fields` drops what it names, in lists too.
    """
    path = f"/3.0/lists/{NEWS}/members"
    kept = told(call("GET", f"{path}?fields=members.email_address,members.stats.avg_open_rate"))
    without = told(call("GET", f"{path}?exclude_fields=_links,members.location,members.stats"))

    assert ["members"] == list(kept)
    assert {"email_address", "stats"} == set(kept["members"][0])
    assert {"avg_open_rate"} == set(kept["members"][0]["stats"])
    assert {"members", "list_id", "total_items"} == set(without)
    assert {"location", "stats"}.isdisjoint(without["members"][0])


@pytest.mark.parametrize("query", ["count=-1", "count=many", "offset=-5"])
def test_pages_are_numbers(call, query):
    """
    A count or an offset that is none is refused.
    """
    reply = call("GET", f"/3.0/lists?{query}")

    assert 400 == reply[0]
    assert query.split("=")[0] == told(reply)["errors"][0]["field"]


def test_a_page_is_capped():
    """
    Whoever asks for 3,000 members gets 1,000.
    """
    people = 1000 - 12
    with MailchimpStandIn(clock=StillClock(), count=12) as standin:
        audience = standin.audiences[NEWS]
        for number in range(people + 50):
            body = {"email_address": f"m{number}@example.com"}
            audience.add(body, "subscribed", standin.clock.now(), skip=True)
        standin.recording = False
        key = f"Bearer {standin.secrets['api_key']}"
        with closing(http.client.HTTPConnection(standin.url[7:])) as connection:
            path = f"/3.0/lists/{NEWS}/members?count=3000&fields=members.id"
            connection.request("GET", path, headers={"Authorization": key})
            with connection.getresponse() as reply:
                assert 1000 == len(json.loads(reply.read())["members"])


def test_paths_and_methods(standin, call):
    """
    A path that is none is a 404; a path with another method is a 405, even to delete an audience.
    """
    standin.recording = False  # no contract knows these

    assert 404 == call("GET", "/2.0/lists")[0]
    assert 404 == call("DELETE", f"/3.0/lists/{NEWS}/members/")[0]
    assert (405, "Method Not Allowed") == (
        (reply := call("DELETE", f"/3.0/lists/{NEWS}"))[0],
        told(reply)["title"],
    )


# Search


def test_search_by_name_and_part(standin, call):
    """
    Exact matches are of a whole address or name; the rest is a part of them.
    """
    person = standin.people[0]
    by_address = told(call("GET", f"/3.0/search-members?query={person.email.upper()}"))
    by_part = told(call("GET", f"/3.0/search-members?query=example&list_id={PARTNERS}"))
    by_name = told(call("GET", f"/3.0/search-members?query={person.first_name}"))

    members = by_address["exact_matches"]["members"]
    assert {NEWS, PARTNERS} == {one["list_id"] for one in members}
    assert 0 == by_part["exact_matches"]["total_items"]
    assert 5 == by_part["full_search"]["total_items"]
    assert person.email in {one["email_address"] for one in by_name["exact_matches"]["members"]}


def test_search_leaves_out_the_archived(standin, call):
    """
    An archived member is not found, though the hash leads to them.
    """
    archived = standin.people[5].email
    found = told(call("GET", f"/3.0/search-members?query={archived}"))

    assert 0 == found["exact_matches"]["total_items"] + found["full_search"]["total_items"]
    assert 200 == call("GET", f"/3.0/lists/{NEWS}/members/{archived}")[0]


def test_search_finds_the_deleted_for_a_while(standin, call):
    """
    The index is stale after a deletion: proof of it is the hash, not the search.
    """
    member = next(iter(standin.audiences[NEWS].members.values()))
    path = f"/3.0/lists/{NEWS}/members/{member.hash}"
    assert 204 == call("POST", f"{path}/actions/delete-permanent")[0]
    query = f"/3.0/search-members?query={member.email}&list_id={NEWS}"

    assert 404 == call("GET", path)[0]
    assert 1 == told(call("GET", query))["exact_matches"]["total_items"]
    standin.clock.move(seconds=30)
    assert 0 == told(call("GET", query))["exact_matches"]["total_items"]


def test_search_needs_a_query(call):
    """
    A search for nothing is refused.
    """
    assert 400 == call("GET", "/3.0/search-members?query=")[0]


# Limits and faults


def test_connections_at_once(standin, call):
    """
    One simultaneous request too many is refused at once, without saying when to come back.
    """
    assert 10 == standin.SIMULTANEOUS
    standin.SIMULTANEOUS = 2
    with ThreadPoolExecutor(4) as pool:
        with standin.lock:
            waiting = [pool.submit(call, "GET", "/3.0/ping") for _ in range(4)]
            until(lambda: sum(one.done() for one in waiting) == 2)
        replies = [one.result() for one in waiting]
    refused = [one for one in replies if one[0] == 429]

    assert (2, True) == (len(refused), standin.most_at_once > 2)
    assert "2 simultaneous connections" in told(refused[0])["detail"]
    assert not [name for name in refused[0][1] if "retry" in name.lower()]


def until(true):
    """Wait for something that happens in other threads."""
    waiting = threading.Event()
    for _ in range(3000):
        if true():
            return
        waiting.wait(0.01)
    raise AssertionError


def test_without_limits_it_takes_all():
    """
    A stand-in without limits refuses nobody, and still counts.
    """
    with MailchimpStandIn(clock=StillClock(), limits=False) as standin:
        standin.SIMULTANEOUS = 1
        with ThreadPoolExecutor(4) as pool:
            with standin.lock:
                waiting = [pool.submit(bare, standin) for _ in range(4)]
                until(lambda: standin.most_at_once == 4)
            assert [401] * 4 == [one.result() for one in waiting]


def bare(standin):
    """Return the status of a request without anything."""
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request("GET", "/3.0/ping")
        with connection.getresponse() as reply:
            reply.read()
            return reply.status


def test_throttled_in_two_forms(standin, call):
    """
    Overload is a 429 without Retry-After, or a 403 without any JSON.
    """
    standin.faults.add(Trouble.THROTTLED)
    standin.faults.add(Trouble.THROTTLED_SILENTLY)
    loud, silent = call("GET", "/3.0/ping"), call("GET", "/3.0/ping")

    assert (429, "Too Many Requests") == (loud[0], told(loud)["title"])
    assert "Retry-After" not in loud[1]
    assert (403, b"", "text/html") == (silent[0], silent[2], silent[1]["Content-Type"])


def test_other_troubles(standin, call):
    """
    A key that expired is a 401; a success may hold a problem, or a batch that took nobody.
    """
    standin.faults.add(Trouble.EXPIRED_KEY)
    standin.faults.add(Trouble.ERROR_IN_OK, times=2)
    expired, problem = call("GET", "/3.0/lists"), call("GET", "/3.0/lists")
    batch = call("POST", f"/3.0/lists/{NEWS}", {"members": []})

    assert (401, "API Key Invalid") == (expired[0], told(expired)["title"])
    assert (200, 500) == (problem[0], told(problem)["status"])
    assert (200, 1) == (batch[0], told(batch)["error_count"])


# Batches


def test_results_of_a_batch(standin, call):
    """
    A finished batch keeps its results as a packed archive, one entry for each operation.
    """
    archived = standin.people[5].email
    operations = [
        {"method": "GET", "path": "lists", "params": {"count": 1}, "operation_id": "one"},
        {"method": "GET", "path": f"/lists/{NEWS}/members/{archived}"},
        {"method": "POST", "path": f"/lists/{NEWS}/members", "body": '{"status": "subscribed"}'},
    ]
    number = told(call("POST", "/3.0/batches", {"operations": operations}))["id"]
    standin.clock.move(seconds=10)
    started = told(call("GET", f"/3.0/batches/{number}"))
    standin.clock.move(seconds=10)
    finished = told(call("GET", f"/3.0/batches/{number}"))
    standin.recording = False  # the archive lies on another host, of which there is no contract
    path = "/" + finished["response_body_url"].rpartition("/")[2]
    with tarfile.open(fileobj=io.BytesIO(call("GET", path)[2])) as tar:
        member = tar.extractfile(f"{number}.json")
        assert member
        results = json.load(member)

    assert ("started", 3, "") == (
        started["status"],
        started["total_operations"],
        started["response_body_url"],
    )
    assert ("finished", 1) == (finished["status"], finished["errored_operations"])
    assert [("one", 200), (None, 200), (None, 400)] == [
        (one["operation_id"], one["status_code"]) for one in results
    ]
    assert archived == json.loads(results[1]["response"])["email_address"]


@pytest.mark.parametrize(
    "operations",
    [
        [],
        "all",
        [{"method": "HEAD", "path": "/lists"}],
        [{"method": "GET", "path": "/ping"}] * 1001,
    ],
)
def test_batch_needs_operations(call, operations):
    """
    A batch without operations, with unknown ones or with too many is refused.
    """
    assert 400 == call("POST", "/3.0/batches", {"operations": operations})[0]


def test_open_batches_are_limited(standin, call):
    """
    So many batches may be open and no more; finished ones do not count.
    """
    standin.MOST_BATCHES = 1
    standin.BATCH_TIME = timedelta(seconds=5)
    body = {"operations": [{"method": "GET", "path": "/ping"}]}

    assert [200, 429] == [call("POST", "/3.0/batches", body)[0] for _ in range(2)]
    standin.clock.move(seconds=5)
    assert 200 == call("POST", "/3.0/batches", body)[0]


def test_unknown_batches(standin, call):
    """
    A batch that does not exist has neither a status nor results.
    """
    assert 404 == call("GET", "/3.0/batches/0000000000")[0]
    standin.recording = False
    assert 404 == call("GET", "/0000000000-response.tar.gz")[0]
