"""
Plain HTTP drives the stand-in: nobody offers a client for Python, and there is no contract.
"""

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.reviso import RevisoStandIn
from tests.testing.standins.test_economic import NEEDED, Caller

pytestmark = pytest.mark.network

PAPERS = [
    "orders",
    "quotations",
    "delivery-notes/sales",
    "v2/invoices/drafts",
    "v2/invoices/booked",
]


@pytest.fixture
def standin():
    """An agreement with twelve people, whose clock stands still."""
    with RevisoStandIn(clock=StillClock()) as standin:
        yield standin


@pytest.fixture
def call(standin):
    """A caller with both tokens."""
    return Caller(standin, *RevisoStandIn.hosts)


# Reading


def test_customers_have_fields_of_their_own(standin, call):
    """
    Country, province, certified address: the last is personal and is filtered.
    """
    person = standin.people[0]
    found = call.get(f"/customers?filter=italianCertifiedEmail$eq:{person.email}")["collection"]

    assert 24 == len(call.all("/customers", size=10))
    assert {person.company, person.name} == {one["name"] for one in found}
    assert "IT" == found[0]["countryCode"]["code"]
    assert 1 == found[0]["province"]["provinceNumber"]


def test_rest_is_as_at_the_twin(standin, call):
    """
    Contacts, places of delivery, suppliers, groups, terms and zones; filters too.
    """
    person = standin.people[4]
    (contact,) = call.get("/customers/5/contacts")["collection"]

    assert (person.name, person.phone) == (contact["name"], contact["phone"])
    assert contact["self"].startswith("https://rest.reviso.com/customers/5/contacts/")
    assert 1 == len(call.get("/customers/5/delivery-locations")["collection"])
    for path in ("suppliers", "customer-groups", "payment-terms", "vat-zones", "products"):
        assert call.get(f"/{path}")["collection"]
    assert standin.staff[0].name == call.get("/self")["user"]["name"]
    assert 2 == len(call.get("/provinces/IT")["collection"])
    assert 404 == call.status("GET", "/app-settings/agreement/none")


@pytest.mark.parametrize("path", PAPERS)
def test_papers_name_people(standin, call, path):
    """
    Recipients and notes, archived or not, lie in one list.
    """
    (first, *_) = found = call.all(f"/{path}")
    names = {one.person.name for one in standin.planted if one.place.startswith(path)}

    assert names == {one["recipient"]["name"] for one in found}
    assert first == call.get(f"/{path}/1")
    host = "notes" if path.startswith("delivery") else "rest"
    assert first["self"] == f"https://{host}.reviso.com/{path}/1"


# Writing


def test_customer_is_made_replaced_and_deleted(call):
    """
    A replacement clears what is not sent, and one on an unknown number makes a customer.
    """
    given = NEEDED | {"italianCertifiedEmail": "ny@pec.example.com"}
    made = call("POST", "/customers", given)[2]
    place = f"/customers/{made['customerNumber']}"

    assert "ny@pec.example.com" == call.get(place)["italianCertifiedEmail"]
    after = call("PUT", place, NEEDED | {"countryCode": {"code": "DK"}})[2]
    assert ("DK", False) == (after["countryCode"]["code"], "italianCertifiedEmail" in after)
    assert 201 == call.status("PUT", "/customers/500", NEEDED)
    assert 204 == call.status("DELETE", place)
    status, _, said = call("DELETE", "/customers/1")
    assert (400, "E04300") == (status, said["errorCode"])


def test_archived_order_refuses_deletion(call):
    """
    The refusal comes with status 200; out of the archive the order can go.
    """
    archived = next(one for one in call.all("/orders") if one.get("isArchived"))
    place = f"/orders/{archived['id']}"
    status, _, said = call("DELETE", place)

    assert (200, "S_V_87") == (status, said["errorCode"])
    open_ = {"customer": archived["customer"], "recipient": {"name": "-"}, "isArchived": False}
    assert "isArchived" not in call("PUT", place, open_)[2]
    assert 204 == call.status("DELETE", place)
    assert 404 == call.status("DELETE", place)


def test_errors_hide_behind_200(call):
    """
    Where Reviso denies its errors, only the body tells; elsewhere the status does.
    """
    status, _, said = call("PUT", "/orders/1", {})

    assert (200, 400, "E04300") == (status, said["httpStatusCode"], said["errorCode"])
    assert {"customer", "recipient"} == {one["propertyName"] for one in said["errors"]}
    assert 400 == call.status("POST", "/customers", {})


def test_booked_invoices_stay(call):
    """
    What is booked cannot be replaced or deleted.
    """
    assert 405 == call.status("PUT", "/v2/invoices/booked/1", {})
    assert 405 == call.status("DELETE", "/v2/invoices/booked/1")
    assert 204 == call.status("DELETE", "/v2/invoices/drafts/1")


# Gates


def test_grant_stops_after_360_days(standin, call):
    """
    The reply is the vendor's own; a renewed token goes on, and the old one does not.
    """
    old = standin.secrets["grant_token"]
    standin.clock.move(days=359)
    assert 200 == call.status("GET", "/self")
    standin.clock.move(days=1)
    status, _, said = call("GET", "/self")

    assert (401, "Login to API server failed.") == (status, said["message"])
    assert {"message", "developerHint", "httpStatusCode", "logId", "logTime"} == set(said)
    assert standin.renew() == standin.secrets["grant_token"]
    assert 200 == call.status("GET", "/self")
    assert 401 == call.status("GET", "/self", X_AgreementGrantToken=old)


def test_demo_reads_only(call):
    """
    The demo's tokens, or the word in the query, see everything and change nothing.
    """
    demo = {"X_AppSecretToken": "demo", "X_AgreementGrantToken": "demo"}
    none = {"X_AppSecretToken": "", "X_AgreementGrantToken": ""}

    assert 200 == call.status("GET", "/customers", **demo)
    assert 200 == call.status("GET", "/customers?demo=true", **none)
    assert 403 == call.status("POST", "/customers", NEEDED, **demo)
    assert 401 == call.status("GET", "/customers", **none)


@pytest.mark.parametrize(
    ("trouble", "status", "told"),
    [
        (Trouble.THROTTLED, 429, None),
        (Trouble.EXPIRED_KEY, 401, 401),
        (Trouble.ERROR_IN_OK, 200, 500),
    ],
)
def test_troubles_have_the_vendors_shape(standin, call, trouble, status, told):
    """
    Of limits Reviso says nothing; a lost key and a hidden error have its form.
    """
    standin.faults.add(trouble, on="GET /customers")
    got, _, said = call("GET", "/customers")

    assert (status, told) == (got, said.get("httpStatusCode"))


def test_same_seed_same_agreement():
    """
    Two agreements of one seed hold the same, another holds others.
    """
    first, second = (RevisoStandIn(seed=3, clock=StillClock()) for _ in range(2))

    assert first.tables == second.tables
    assert first.tables != RevisoStandIn(seed=4, clock=StillClock()).tables
