"""
Zapier's stand-in, asked over HTTP: hooks, Storage and the Partner API, which has a contract.
"""

import http.client
import json
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins import standin as standin_of
from klarsyn.testing.standins.zapier import ZapierStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

STORE, HOOKS, API = ZapierStandIn.hosts
SECRET = ZapierStandIn.STORE
RECORDS = f"/api/records?secret={SECRET}"
HOOK = f"/hooks/catch/{ZapierStandIn.USER}/3abcdef/"
ALWAYS = {
    "GET /v2/zap-runs": ["links.next", "meta.count", "data.id", "data.data_in", "data.steps"],
    "GET /v2/zaps": ["links.next", "meta.count", "data.id", "data.steps"],
}


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module with the host that has a contract, judged when it ends."""
    with refereed("zapier", ALWAYS) as kept:
        yield kept


@pytest.fixture
def zapier(exchanges):
    """An account whose clock stands still."""
    with ZapierStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(in_a_list(one) for one in standin.exchanges if "/v2/zap" in one.request.path)


def in_a_list(exchange):
    """Return an exchange with a list's envelope as the contract has it, to be judged inside."""
    reply = exchange.reply
    envelope = isinstance(reply.body, dict) and "links" in reply.body
    return replace(exchange, reply=replace(reply, body=[reply.body] if envelope else reply.body))


def ask(standin, method, path, body=None, host=API, **headers):
    """Return status and body of one exchange."""
    given = {"Host": host, "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body) if isinstance(body, dict | list) else body
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request(method, path, content, given)
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text else None


def call(standin, path, **query):
    """Return status and body of one question to the Partner API."""
    bearer = f"Bearer {standin.BEARER}"
    return ask(standin, "GET", f"{path}?{urlencode(query)}", Authorization=bearer)


def runs(standin, **query):
    """Return all runs that are found, page by page."""
    query = {"limit": 5} | query
    _, page = call(standin, "/v2/zap-runs", **query)
    found = page["data"]
    while page["links"]["next"]:
        query["offset"] = query.get("offset", 0) + query["limit"]
        _, page = call(standin, "/v2/zap-runs", **query)
        found += page["data"]
    return found


def store(standin, method, body=None, path=RECORDS, **headers):
    """Return status and body of one exchange with Storage."""
    return ask(standin, method, path, body, STORE, **headers)


def send(standin, body, path=HOOK, **headers):
    """Return status and body of one delivery to a hook."""
    return ask(standin, "POST", path, body, HOOKS, **headers)


def test_vendor_is_at_home():
    """
    The class is found by the vendor's name, and everything lies at a host of its own.
    """
    assert ZapierStandIn is standin_of("zapier")
    with ZapierStandIn(clock=StillClock()) as zapier:
        assert 404 == ask(zapier, "GET", RECORDS, host=API)[0]
        assert {STORE, HOOKS, API} == set(zapier.hosts)
        assert {"access_token", "storage_secret", "hook_url"} == set(zapier.secrets)


# Runs and Zaps


def test_runs_of_the_last_30_days_by_default(zapier):
    """
    Older ones need `from_date`; all pages together hold each once, newest first.
    """
    recent, found = runs(zapier), runs(zapier, from_date="2026-09-17")
    times = [one["start_time"] for one in found]

    assert 12 == len(found) == len({one["id"] for one in found})
    assert recent == found[: len(recent)]
    assert 9 == len(recent)
    assert sorted(times, reverse=True) == times
    assert {one.email for one in zapier.people} == {one["data_in"]["email"] for one in found}


def test_links_lead_on_and_back(zapier):
    """
    An envelope tells how many there are, and where the next and the former page lie.
    """
    _, first = call(zapier, "/v2/zap-runs", from_date="2026-09-17")
    _, second = call(zapier, "/v2/zap-runs", from_date="2026-09-17", offset=10)

    assert {"count": 12, "limit": 10, "offset": 0} == first["meta"]
    assert first["links"]["next"].startswith(f"https://{API}/v2/zap-runs?from_date=2026-09-17")
    assert (None, 2) == (second["links"]["next"], len(second["data"]))
    assert second["links"]["prev"].endswith("offset=0&limit=10")


def test_search_looks_at_title_and_data(zapier):
    """
    An address is found whatever its case in what went in and came out; 150 characters at most.
    """
    person = zapier.people[11]

    assert [person.email] == [
        one["data_in"]["email"] for one in runs(zapier, search=person.email.upper())
    ]
    assert 9 == len(runs(zapier, search="nyhedsbrev"))
    assert [] == runs(zapier, search="nobody@example.com")
    assert 400 == call(zapier, "/v2/zap-runs", search="x" * 151)[0]


def test_runs_are_sifted(zapier):
    """
    By Zap, by statuses with commas between, and until a date that is itself outside.
    """
    zapier.runs[-1].status = "error"
    end = zapier.runs[-1].started.isoformat()

    assert 9 == len(runs(zapier, zap_id=104445735))
    assert [] == runs(zapier, zap_id=104445736)
    assert 1 == len(runs(zapier, statuses="error,halted"))
    assert 8 == len(runs(zapier, to_date=end))


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"offset": "x"}, {"from_date": "soon"}, {"zap_id": "x"}]
)
def test_question_that_cannot_be_read_is_refused(zapier, query):
    """
    400, and a list of errors.
    """
    status, body = call(zapier, "/v2/zap-runs", **query)

    assert (400, 400) == (status, body["errors"][0]["status"])


def test_zaps_tell_which_app_gets_which_field(zapier):
    """
    Steps show their inputs; actions are ids unless they are asked for in full.
    """
    _, plain = call(zapier, "/v2/zaps")
    _, full = call(zapier, "/v2/zaps", expand="steps.action,steps.inputs")
    steps = full["data"][0]["steps"]

    assert all(isinstance(one["action"], str) for one in plain["data"][0]["steps"])
    assert ["WebHookCLIAPI", "StorageCLIAPI", "MailchimpCLIAPI"] == [
        one["action"]["app"] for one in steps
    ]
    assert {"name", "email", "status", "source", "rating"} < set(steps[2]["inputs"])
    assert [True, False] == [one["is_enabled"] for one in full["data"]]


def test_token_and_scope_are_needed(zapier):
    """
    Without a token 401, without the scope 403: most companies get no further.
    """
    assert 401 == ask(zapier, "GET", "/v2/zaps")[0]
    zapier.scopes = {"zap"}
    status, body = call(zapier, "/v2/zap-runs")
    assert (403, "Forbidden") == (status, body["errors"][0]["title"])
    assert 200 == call(zapier, "/v2/zaps")[0]


def test_run_cannot_be_deleted(zapier):
    """
    There is no such path; what went through leaves only with time.
    """
    zapier.recording = False
    run = zapier.runs[0].id

    bearer = f"Bearer {zapier.BEARER}"
    assert 404 == ask(zapier, "DELETE", f"/v2/zap-runs/{run}", Authorization=bearer)[0]


def test_content_goes_on_first_mondays(zapier):
    """
    On 7 December everything older than 29 days is purged, and nothing on the day before.
    """
    zapier.clock.move(days=10)
    before = len(runs(zapier, from_date="2026-09-17"))
    zapier.clock.move(days=1)
    left = runs(zapier, from_date="2026-09-17")

    assert (12, 5) == (before, len(left))
    assert all(one["start_time"] >= "2026-11-08" for one in left)


def test_people_are_planted_where_they_are_found(zapier):
    """
    Each place of runs, Zaps, samples and Storage has somebody; some of it was never declared.
    """
    places = {one.place for one in zapier.planted if not one.expected}

    assert {
        "zap-run.data_in.note",
        "zap.title",
        "zap.steps.inputs",
        "zap.sample",
        "storage.phone",
    } == places
    assert 12 == len({one.person for one in zapier.planted if one.place == "zap-run.data_in.email"})
    assert zapier.people[-1].email in json.dumps(call(zapier, "/v2/zaps")[1])
    assert 0 == len(ZapierStandIn(count=0).planted)


# Hooks


def test_success_of_a_hook_means_queued(zapier):
    """
    The run appears two minutes later, not before.
    """
    status, body = send(zapier, {"email": "new@example.com"})

    assert (200, "success") == (status, body["status"])
    assert {"attempt", "id", "request_id", "status"} == set(body)
    assert [] == runs(zapier, search="new@example.com")
    zapier.clock.move(seconds=120)
    assert [{"email": "new@example.com"}] == [
        one["data_in"] for one in runs(zapier, search="new@example.com")
    ]


def test_array_makes_a_run_of_each_item(zapier):
    """
    Two items, one of them sent again: three runs, since nothing is told apart.
    """
    send(zapier, [{"email": "a@example.com"}, {"email": "b@example.com"}])
    send(zapier, {"email": "a@example.com"})
    zapier.clock.move(seconds=120)

    assert 2 == len(runs(zapier, search="a@example.com"))
    assert 1 == len(runs(zapier, search="b@example.com"))


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("POST", HOOK, "email=f%40example.com", "application/x-www-form-urlencoded", 200),
        ("POST", HOOK.rstrip("/"), '{"email": "f@example.com"}', "application/json", 200),
        ("POST", f"{HOOK}silent/", '{"email": "f@example.com"}', "application/json", 200),
        ("GET", f"{HOOK}?email=f%40example.com", None, "application/json", 200),
        ("POST", HOOK, "{", "application/json", 400),
        ("POST", "/hooks/catch/1/3abcdef/", "{}", "application/json", 404),
        ("POST", f"/hooks/catch/{ZapierStandIn.USER}/3/", "{}", "application/json", 404),
        ("POST", f"/hooks/catch/{ZapierStandIn.USER}/3/silent/", "{}", "application/json", 404),
    ],
)
def test_hook_takes_forms_queries_and_json(zapier, method, path, body, kind, status):
    """
    An item is caught in any form; a hook that is nobody's is not found.
    """
    got, answer = ask(zapier, method, path, body, HOOKS, Content_Type=kind)

    assert status == got
    assert ("silent" in path and status == 200) == (answer is None)
    assert ([{"email": "f@example.com"}] if status == 200 else []) == [
        one.item for one in zapier.queue
    ]


def test_hook_of_a_zap_that_is_off_drops_it(zapier):
    """
    It says success all the same.
    """
    path = f"/hooks/catch/{zapier.USER}/3fedcba/"

    assert "success" == send(zapier, {"email": "x@example.com"}, path)[1]["status"]
    zapier.clock.move(seconds=120)
    assert [] == runs(zapier, search="x@example.com")
    assert [] == zapier.queue


def test_hook_takes_30_a_second_and_10_megabytes(zapier):
    """
    The 31st gets 429 without a time to come back; the next second is free.
    """
    for _ in range(30):
        zapier.window.take("3abcdef")

    assert (429, {"status": "throttled"}) == send(zapier, {})
    zapier.clock.move(seconds=1)
    assert 200 == send(zapier, {})[0]
    assert 413 == send(zapier, json.dumps({"x": "x" * 10_000_000}))[0]


# Storage


def test_store_is_one_flat_object(zapier):
    """
    By query or header; one key alone when it is named; another UUID opens an empty store.
    """
    person = zapier.people[0]
    _, everything = store(zapier, "GET")
    other = "/api/records?secret=7d0a1c54-3b1f-4f59-8a39-0c5b8c1a2e11"

    assert 13 == len(everything)
    assert {"name": person.name, "email": person.email} == everything["customer_0"]
    assert everything == store(zapier, "GET", path="/api/records", X_Secret=SECRET)[1]
    assert {"counter": 12} == store(zapier, "GET", path=f"{RECORDS}&key=counter")[1]
    assert {} == store(zapier, "GET", path=f"{RECORDS}&key=none")[1]
    assert (200, {}) == store(zapier, "GET", path=other)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("secret", ["", "x", "0b5f3a52-6d0e-1c0f-9a51-5c2f7e9d4b10"])
def test_secret_is_a_uuid(zapier, method, secret):
    """
    Nothing else opens any store, a UUID of version 1 neither.
    """
    assert 401 == store(zapier, method, {}, f"/api/records?secret={secret}")[0]
    assert 0 == zapier.wipes


def test_post_merges(zapier):
    """
    Given keys are set, the others stay.
    """
    assert (200, {"a": 1, "counter": 2}) == store(zapier, "POST", {"a": 1, "counter": 2})
    assert 14 == len(store(zapier, "GET")[1])


@pytest.mark.parametrize(
    "body",
    [
        {"k" * 32: 1},
        {"k": "v" * 2499},
        {f"k{number}": 1 for number in range(490)},
        [],
        "{",
    ],
)
def test_store_has_limits(zapier, body):
    """
    Keys below 32 characters, values below 2,500 bytes, 500 keys: or nothing of it is kept.
    """
    status, told = store(zapier, "POST", body)

    assert (400, {"error"}) == (status, set(told))
    assert 13 == len(zapier.stores[SECRET])
    kept = {"k" * 31: "v" * 2490} | {f"k{number}": 1 for number in range(486)}
    assert 200 == store(zapier, "POST", kept)[0]


def test_patch_sets_if_and_counts(zapier):
    """
    `only_if_value` guards a value, null an absent one; numbers grow from nothing.
    """
    data: dict[str, object] = {"key": "a", "value": 1, "only_if_value": None}
    change = {"action": "set_value_if", "data": data}

    assert (200, {"a": 1}) == store(zapier, "PATCH", change)
    data["value"] = 2
    assert (200, {"a": 1}) == store(zapier, "PATCH", change)
    del data["only_if_value"]
    assert (200, {"a": 2}) == store(zapier, "PATCH", change)
    grown = {"action": "increment_by", "data": {"key": "n", "amount": 3}}
    assert (200, {"n": 3}) == store(zapier, "PATCH", grown)
    assert (200, {"n": 6}) == store(zapier, "PATCH", grown)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"action": "set_value_if", "data": {"key": ""}},
        {"action": "dance", "data": {"key": "a"}},
        {"action": "increment_by", "data": {"key": "customer_0"}},
        {"action": "set_value_if", "data": {"key": "a", "value": "v" * 2500}},
        {"action": "increment_by", "data": {"key": "k" * 32}},
    ],
)
def test_patch_that_means_nothing_is_refused(zapier, body):
    """
    400, and the store is as it was.
    """
    before = dict(zapier.stores[SECRET])

    assert 400 == store(zapier, "PATCH", body)[0]
    assert before == zapier.stores[SECRET]


def test_delete_takes_one_key(zapier):
    """
    Twice is as good as once.
    """
    path = f"{RECORDS}&key=customer_3"

    assert [(200, {}), (200, {})] == [store(zapier, "DELETE", path=path) for _ in range(2)]
    assert (12, 0) == (len(zapier.stores[SECRET]), zapier.wipes)


@pytest.mark.parametrize("path", [RECORDS, f"{RECORDS}&key="])
def test_delete_without_a_key_wipes_the_store(zapier, path):
    """
    Everything is gone, a blank key being none; it is counted.
    """
    assert (200, {}) == store(zapier, "DELETE", path=path)
    assert {} == store(zapier, "GET")[1]
    assert (1, 13) == (zapier.wipes, zapier.wiped)


def test_store_that_nobody_touches_expires(zapier):
    """
    Three months without a request, and it is empty.
    """
    zapier.clock.move(days=90)
    assert 13 == len(store(zapier, "GET")[1])
    zapier.clock.move(days=91)
    assert {} == store(zapier, "GET")[1]


# Troubles


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (Trouble.THROTTLED, 429),
        (Trouble.THROTTLED_SILENTLY, 429),
        (Trouble.EXPIRED_KEY, 401),
        (Trouble.ERROR_IN_OK, 200),
    ],
)
def test_troubles_have_the_form_of_each_host(zapier, trouble, status):
    """
    The Partner API has a list of errors, Storage an error, a hook a status.
    """
    zapier.faults.add(trouble, times=2)
    got, body = call(zapier, "/v2/zaps")
    assert (status, {"errors"}) == (got, set(body))
    got, body = store(zapier, "GET")
    assert (status, {"error"}) == (got, set(body))

    if trouble is not Trouble.EXPIRED_KEY:
        zapier.faults.add(trouble)
        got, body = send(zapier, {})
        assert (status, {"status"}) == (got, set(body))
        assert "success" != body["status"]
