"""
Pipedrive's key, plan, limits and faults.
"""

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from tests.testing.referee import refereed
from tests.testing.standins.pipedrive_asking import ALWAYS, V1, V2, ask, find

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("pipedrive", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A company of twelve customers, whose clock stands still."""
    with PipedriveStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.mark.parametrize(
    "headers",
    [{"x_api_token": "other"}, {"x_api_token": ""}, {"Host": "another.pipedrive.com"}],
)
def test_key_and_company_are_checked(standin, headers):
    """
    Without the key, or at another company's host, nothing is served.
    """
    status, _, body = ask(standin, "GET", f"{V1}/users/me", **headers)

    assert (401, {"success", "error", "errorCode"}) == (status, set(body))
    assert 200 == ask(standin, "GET", f"{V1}/users/me", Host="api.pipedrive.com")[0]


def test_company_must_have_paid(standin):
    """
    An account that is not open is 402 for everything.
    """
    standin.paid = False
    assert 402 == ask(standin, "GET", f"{V2}/persons")[0]


def test_moved_and_unknown_paths(standin):
    """
    What v1 had before v2 is gone; the rest was never there.
    """
    standin.recording = False
    assert 410 == ask(standin, "GET", f"{V1}/persons")[0]
    assert 404 == ask(standin, "GET", f"{V1}/nothing")[0]
    assert 404 == ask(standin, "GET", "/")[0]
    standin.recording = True
    assert 404 == ask(standin, "GET", f"{V2}/persons?filter_id=1")[0]


def test_requests_are_limited_in_two_seconds(standin):
    """
    The burst is a sliding window; headers tell how many are left and when it opens.
    """
    standin.burst.limit = 2
    ask(standin, "GET", f"{V2}/persons/1")
    _, headers, _ = ask(standin, "GET", f"{V2}/persons/1")
    status, refused, body = ask(standin, "GET", f"{V2}/persons/1")

    assert ("20", "0") == (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"])
    assert (429, "2", 429) == (status, refused["x-ratelimit-reset"], body["errorCode"])
    assert "0" != refused["x-daily-ratelimit-token-remaining"]
    standin.clock.move(seconds=2)
    assert 200 == ask(standin, "GET", f"{V2}/persons/1")[0]


def test_searches_are_limited_more(standin):
    """
    Ten searches in two seconds, whatever the plan.
    """
    for _ in range(10):
        find(standin, "example")

    assert 429 == ask(standin, "GET", f"{V2}/itemSearch?term=example")[0]
    assert 200 == ask(standin, "GET", f"{V2}/persons/1")[0]


def test_daily_budget_lasts_until_midnight(standin, monkeypatch):
    """
    Spent is spent: 429 with nothing remaining, until the day ends.
    """
    monkeypatch.setattr(PipedriveStandIn, "TOKENS_A_SEAT", 6)
    _, headers, _ = ask(standin, "GET", f"{V2}/persons")
    assert "2" == headers["x-daily-ratelimit-token-remaining"]
    assert "12" == headers["x-daily-ratelimit-token-limit"]
    status, headers, _ = ask(standin, "GET", f"{V2}/persons")
    assert (429, "0") == (status, headers["x-daily-ratelimit-token-remaining"])
    assert "x-ratelimit-reset" not in headers
    standin.clock.move(seconds=14 * 3600)
    assert 429 == ask(standin, "GET", f"{V2}/persons/1")[0]
    standin.clock.move(seconds=3600)
    assert 200 == ask(standin, "GET", f"{V2}/persons/1")[0]


def test_who_ignores_refusals_is_shut_out(standin):
    """
    Too many 429 end in a page of Cloudflare's, which is no JSON.
    """
    standin.burst.limit, standin.refusals.limit = 0, 2
    codes = [ask(standin, "GET", f"{V2}/persons/1")[0] for _ in range(4)]
    status, headers, page = ask(standin, "GET", f"{V2}/persons/1")

    assert [429, 429, 429, 403] == codes
    assert (403, "text/html", "cloudflare") == (status, headers["Content-Type"], headers["server"])
    assert "<title>Access denied" in page
    standin.burst.limit = 20
    standin.clock.move(seconds=standin.SHUT_OUT_SECONDS)
    assert 200 == ask(standin, "GET", f"{V2}/persons/1")[0]


@pytest.mark.parametrize(
    ("trouble", "status", "error"),
    [
        (Trouble.THROTTLED, 429, "Rate limit exceeded"),
        (Trouble.THROTTLED_SILENTLY, 429, "Rate limit exceeded"),
        (Trouble.EXPIRED_KEY, 401, "unauthorized access"),
        (Trouble.ERROR_IN_OK, 200, "Internal server error"),
    ],
)
def test_troubles_have_the_vendors_shape(standin, trouble, status, error):
    """
    Every fault comes with `success` false and the id of the request.
    """
    standin.faults.add(trouble, retry_after=7)
    got, headers, body = ask(standin, "GET", f"{V2}/persons")

    assert (status, False, error) == (got, body["success"], body["error"])
    assert "x-correlation-id" in headers
    assert (trouble is Trouble.THROTTLED) == (headers.get("x-ratelimit-reset") == "7")
