"""
Plain HTTP drives the stand-in: nobody offers a client for Python. The contracts referee it.
"""

import http.client
import json
from contextlib import closing

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.economic import EconomicStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

LEGACY, SERVICES = EconomicStandIn.hosts
ALWAYS = {
    "GET /customers": ["collection.customerNumber", "collection.name", "pagination.results"],
    "GET /customers/{customerNumber}": ["customerNumber", "name", "contacts", "lastUpdated"],
    "GET /customers/{customerNumber}/contacts": ["collection.name", "collection.customer.self"],
    "GET /employees": ["collection.name", "collection.email"],
    "GET /invoices/booked": ["collection.recipient.name", "collection.customer.customerNumber"],
    "GET /self": ["user.name", "user.email", "company.name"],
    "GET /Contacts": ["items.number", "items.objectVersion"],
}
NEEDED = {
    "name": "Ny ApS",
    "currency": "DKK",
    "customerGroup": {"customerGroupNumber": 1},
    "paymentTerms": {"paymentTermsNumber": 1},
    "vatZone": {"vatZoneNumber": 1},
}


def judging():
    """Judge at the end all exchanges put into the list."""
    return refereed("e-conomic", always=ALWAYS)


class Caller:
    """Asks a stand-in with both tokens, at the host that a path belongs to."""

    def __init__(self, standin, host=LEGACY):
        self.standin = standin
        self.host = host

    def __call__(self, method, path, body=None, **headers):
        """Return status, headers and body; a name's underscores are dashes on the wire."""
        secrets = self.standin.secrets
        given = {"X-AppSecretToken": secrets["app_secret"], "Host": self.host}
        given["X-AgreementGrantToken"] = secrets["grant_token"]
        if body is not None:
            given["Content-Type"] = "application/json"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if body is None or isinstance(body, str) else json.dumps(body)
        with closing(http.client.HTTPConnection(self.standin.url[len("http://") :])) as connection:
            connection.request(method, path.replace(" ", "%20"), content, given)
            reply = connection.getresponse()
            text = reply.read()
            plain = "json" not in reply.headers.get("Content-Type", "")
            return reply.status, reply.headers, text if plain or not text else json.loads(text)

    def get(self, path, **headers):
        """Return the body of what is read."""
        return self("GET", path, **headers)[2]

    def status(self, method, path, body=None, **headers):
        """Return the status only."""
        return self(method, path, body, **headers)[0]

    def all(self, path, size=5):
        """Return a list to its end, following `nextPage`."""
        page = self.get(f"{path}?pagesize={size}")
        found = page["collection"]
        while following := page["pagination"].get("nextPage"):
            assert following.startswith(f"https://{self.host}/")
            page = self.get(following.removeprefix(f"https://{self.host}"))
            found += page["collection"]
        return found


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with judging() as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """An agreement with twelve people, whose clock stands still."""
    with EconomicStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.fixture
def call(standin):
    """A caller of the legacy surface."""
    return Caller(standin)


def test_both_tokens_are_checked(call):
    """
    A wrong or missing token is 401 in the form of the surface that was asked.
    """
    status, _, said = call("GET", "/customers", X_AppSecretToken="wrong")

    assert (401, 401) == (status, said["httpStatusCode"])
    assert {"message", "logId", "logTime"} <= set(said)
    assert 401 == call.status("GET", "/customers", X_AgreementGrantToken="")
    services = Caller(call.standin, SERVICES)
    headers, said = services("GET", "/customersapi/v3.1.0/Contacts", X_AppSecretToken="wrong")[1:]
    assert ("application/problem+json", 401) == (headers["Content-Type"], said["status"])


def test_demo_reads_only(call):
    """
    The public tokens see everything and change nothing.
    """
    demo = {"X_AppSecretToken": "demo", "X_AgreementGrantToken": "demo"}

    assert 200 == call.status("GET", "/customers", **demo)
    assert 403 == call.status("POST", "/customers", NEEDED, **demo)
    assert 401 == call.status("GET", "/customers", X_AppSecretToken="demo")


def test_paths_belong_to_their_hosts(standin, call):
    """
    A path of one surface is unknown at the other; a known path refuses other methods.
    """
    standin.recording = False

    assert 404 == call.status("GET", "/customersapi/v3.1.0/Contacts")
    assert 404 == call.status("GET", "/nothing")
    assert 404 == Caller(standin, SERVICES).status("GET", "/customers")
    assert 405 == call.status("DELETE", "/customers")
    assert 415 == call.status("POST", "/customers", "x", Content_Type="text/plain")


def test_a_key_makes_a_write_safe_to_repeat(standin, call):
    """
    Within an hour the same key gets the same reply and nothing is done twice, not even a DELETE.
    """
    first = call("POST", "/customers", NEEDED, Idempotency_Key="k-1")
    again = call("POST", "/customers", NEEDED, Idempotency_Key="k-1")

    assert (first[0], first[2]) == (again[0], again[2])
    assert (None, "true") == tuple(one[1]["X-ResultFromCache"] for one in (first, again))
    gone = [call.status("DELETE", "/customers/13", Idempotency_Key="k-2") for _ in range(2)]
    assert [204, 204] == gone
    assert 404 == call.status("DELETE", "/customers/13")
    standin.clock.move(seconds=3600)
    assert 404 == call.status("DELETE", "/customers/13", Idempotency_Key="k-2")
    assert 13 == call("POST", "/customers", NEEDED)[2]["customerNumber"]


def test_reply_that_was_lost_is_found_by_its_key(standin, call):
    """
    The connection broke, the deed was done, and the key finds the reply.
    """
    standin.faults.add(Trouble.CUT_OFF)
    with pytest.raises(http.client.IncompleteRead):
        call("POST", "/customers", NEEDED, Idempotency_Key="k")

    status, headers, _ = call("POST", "/customers", NEEDED, Idempotency_Key="k")
    assert (201, "true") == (status, headers["X-ResultFromCache"])


def test_both_surfaces_draw_on_one_budget(standin, call):
    """
    A call costs three tokens; beyond the budget is 429 with a time to wait.
    """
    assert "3" == call("GET", "/self")[1]["X-CallCost"]
    headers = Caller(standin, SERVICES)("GET", "/customersapi/v3.1.0/Contacts/count")[1]
    assert "token-limit-10000-per-60-seconds: 6/10000" == headers["X-RateLimiting"]
    standin.window.limit = 6
    status, headers, said = call("GET", "/self")
    assert (429, "60", 429) == (status, headers["Retry-After"], said["httpStatusCode"])
    standin.clock.move(seconds=61)
    assert 200 == call.status("GET", "/self")
    standin.limits = False
    standin.window.limit = 0
    assert 200 == call.status("GET", "/self")


@pytest.mark.parametrize(
    ("trouble", "status", "told", "after"),
    [
        (Trouble.THROTTLED, 429, 429, "7"),
        (Trouble.THROTTLED_SILENTLY, 429, 429, None),
        (Trouble.EXPIRED_KEY, 401, 401, None),
        (Trouble.ERROR_IN_OK, 200, 500, None),
    ],
)
def test_troubles_have_the_vendors_shape(standin, call, trouble, status, told, after):
    """
    Every fault comes as a legacy error, with the number of a log.
    """
    standin.faults.add(trouble, retry_after=7)
    got, headers, said = call("GET", "/customers")

    assert (status, told, after) == (got, said["httpStatusCode"], headers["Retry-After"])
    assert {"message", "logId"} <= set(said)


def test_same_seed_same_agreement():
    """
    Two agreements of one seed hold the same, another holds others.
    """
    first, second = (EconomicStandIn(seed=3, clock=StillClock()) for _ in range(2))

    assert first.tables == second.tables
    assert first.planted == second.planted
    assert first.tables != EconomicStandIn(seed=4, clock=StillClock()).tables
