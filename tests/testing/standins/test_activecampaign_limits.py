"""
What is imported into the ActiveCampaign stand-in, and what it refuses.
"""

from typing import Any

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.activecampaign import ActiveCampaignStandIn
from tests.testing.referee import refereed
from tests.testing.standins.test_activecampaign import ask, exchange, get, ids

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("activecampaign") as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """An account of twelve, whose clock stands still and which is not throttled."""
    with ActiveCampaignStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.fixture
def limited(exchanges):
    """An account with the vendor's limits."""
    with ActiveCampaignStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


# Imports


def test_import_arrives_later(standin):
    """
    An import is queued, and a minute later its contacts are there with all that was said.
    """
    row: dict[str, Any] = {
        "email": "i@example.com",
        "first_name": "Ida",
        "customer_acct_name": "Ida VVS",
    }
    row |= {"tags": ["partner", "two", "Two"], "fields": [{"id": 1, "value": "x"}]}
    row |= {"subscribe": [{"listid": "1"}], "unsubscribe": [{"listid": "2"}]}
    known = {"email": standin.people[0].email, "customer_acct_name": "Other", "phone": "5"}
    status, queued = ask(standin, "POST", "import/bulk_import", {"contacts": [row, known]})
    path = {"path": "import/info", "batchId": queued["batchId"]}

    assert (200, 2) == (status, queued["queued_contacts"])
    assert "waiting" == get(standin, **path)["status"]
    assert [] == ids(get(standin, "contacts", email="i@example.com"))
    assert "2" == get(standin, "import/bulk_import")["outstanding"][0]["contacts"]
    standin.clock.move(seconds=60)
    told = get(standin, **path)
    assert ("completed", ["14", "1"]) == (told["status"], told["success"])
    assert "1" == get(standin, "import/bulk_import")["recentlyCompleted"][0]["batches"]
    contact = get(standin, "contacts/14")
    assert ["1", "2"] == [one["status"] for one in contact["contactLists"]]
    assert "Ida" == contact["contact"]["firstName"]
    (tie,) = get(standin, "contacts/14/accountContacts")["accountContacts"]
    assert "Ida VVS" == get(standin, f"accounts/{tie['account']}")["account"]["name"]
    assert 1 == len(get(standin, "contacts/1/accountContacts")["accountContacts"])


@pytest.mark.parametrize(
    "row",
    [
        {"email": "nobody"},
        {"email": "i@example.com", "firstName": "Ida"},
        {"email": "i@example.com", "subscribe": [{"listid": "9"}]},
        {"email": "i@example.com", "fields": [{"id": 9, "value": ""}]},
        "i@example.com",
    ],
)
def test_one_bad_contact_rejects_all(standin, row):
    """
    The index of a bad contact is told, and no one is imported.
    """
    rows = [{"email": "good@example.com"}, row]
    status, told = ask(standin, "POST", "import/bulk_import", {"contacts": rows})

    assert (400, 0, [1]) == (
        status,
        told["success"],
        [one["contact"] for one in told["failureReasons"]],
    )
    assert {} == standin.imports


@pytest.mark.parametrize("body", ["{", "[]", {"contacts": [{"email": "a@example.com"}] * 251}])
def test_import_that_is_none(standin, body):
    """
    No JSON, no contacts and more than 250 are refused.
    """
    assert 400 == ask(standin, "POST", "import/bulk_import", body)[0]


def test_info_needs_a_batch(standin):
    """
    Without a batch, or with an invented one, there is no information.
    """
    for path in ("import/info", "import/info?batchId=x"):
        status, told = ask(standin, "GET", path)
        assert (400, 0) == (status, told["success"])


# Limits and refusals


def test_five_a_second(limited):
    """
    The sixth request in a second waits as long as Retry-After says.
    """
    told = [exchange(limited, "GET", "users") for _ in range(6)]

    assert [200] * 5 + [429] == [status for status, _, _ in told]
    assert ("5", "4") == (told[0][1]["RateLimit-Limit"], told[0][1]["RateLimit-Remaining"])
    assert ("1", "0") == (told[5][1]["Retry-After"], told[5][1]["RateLimit-Remaining"])
    limited.clock.move(seconds=1)
    assert 200 == ask(limited, "GET", "users")[0]


def test_imports_a_minute(limited):
    """
    Too many imports are refused with 400, as a bad import is.
    """
    limited.import_window.limit = 1
    body = {"contacts": [{"email": "i@example.com"}]}
    told = [ask(limited, "POST", "import/bulk_import", body) for _ in range(2)]

    assert [200, 400] == [status for status, _ in told]
    assert "Rate limit exceeded." == told[1][1]["message"]


def test_wrong_key_and_wrong_account(standin):
    """
    A key of nobody's, or of another account, is forbidden everything.
    """
    told = {"message": "Forbidden"}
    assert (403, told) == exchange(standin, "GET", "users", Api_Token="x")[::2]
    assert 403 == exchange(standin, "GET", "users", Host="other.api-us1.com")[0]
    assert "https://klarpris.api-us1.com" == standin.secrets["url"]


def test_path_of_nothing():
    """
    Paths and records that are none are told so in a message; no contract knows them.
    """
    paths = ("GET x", "GET x/1", "DELETE x/1", "PUT contacts/", "GET users/9")
    with ActiveCampaignStandIn(clock=StillClock(), limits=False) as standin:
        for method, path in map(str.split, paths):
            assert 404 == ask(standin, method, path)[0]


@pytest.mark.parametrize(
    ("trouble", "status", "shape"),
    [
        (Trouble.THROTTLED, 429, {"message"}),
        (Trouble.THROTTLED_SILENTLY, 429, {"message"}),
        (Trouble.EXPIRED_KEY, 403, {"message"}),
        (Trouble.ERROR_IN_OK, 200, {"success", "message", "failureReasons"}),
    ],
)
def test_troubles(standin, trouble, status, shape):
    """
    Each trouble has the vendor's shape; only a silent one lacks Retry-After.
    """
    standin.faults.add(trouble)
    told = exchange(standin, "GET", "users")

    assert (status, shape) == (told[0], set(told[2]))
    assert (trouble is Trouble.THROTTLED) == ("Retry-After" in told[1])
