import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.economic import EconomicStandIn
from tests.testing.standins.test_economic import NEEDED, Caller, judging

pytestmark = pytest.mark.network

DRAFT = {
    "date": "2026-11-01",
    "currency": "DKK",
    "layout": {"layoutNumber": 1},
    "paymentTerms": {"paymentTermsNumber": 1},
    "customer": {"customerNumber": 2},
    "recipient": {"name": "Ny", "vatZone": {"vatZoneNumber": 1}},
}
REPLACEMENT = {name: value for name, value in DRAFT.items() if name != "layout"}
LINES = [{"description": "Two", "quantity": 2, "unitNetPrice": 100}]
PAPERS = [
    f"{name}/{state}" for name in ("orders", "quotes") for state in ("drafts", "sent", "archived")
]


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


# Reading


def test_booked_invoices_keep_their_recipient(standin, call):
    """
    Everybody has one; a list has no lines, and nothing changes or deletes what is booked.
    """
    found = call.all("/invoices/booked")
    first = call.get("/invoices/booked/1")

    assert {one.name for one in standin.people} == {one["recipient"]["name"] for one in found}
    assert "lines" not in found[0]
    assert "Repair" == first["lines"][0]["description"]
    standin.recording = False
    assert 405 == call.status("DELETE", "/invoices/booked/1")
    booking = {"draftInvoice": {"draftInvoiceNumber": 1}}
    assert 400 == call.status("PUT", "/invoices/booked/1", booking)
    assert first == call.get("/invoices/booked/1")


def test_booked_invoice_has_a_pdf(standin, call):
    """
    The link of an invoice leads to a paper with the recipient on it.
    """
    link = call.get("/invoices/booked/1")["pdf"]["download"]
    paper = call.get(link.removeprefix(standin.BASE))

    assert paper.startswith(b"%PDF-")
    assert standin.people[0].name.encode("latin-1") in paper


def test_invoices_are_found_by_customer_and_by_text(standin, call):
    """
    A customer's invoices stand in a list of their own; free text is filtered as well.
    """
    person = standin.people[1]
    (one,) = call.get("/customers/2/invoices/booked")["collection"]
    found = call.get(f"/invoices/booked?filter=references.other$like:{person.last_name}")

    assert person.name == one["recipient"]["name"]
    assert f"Ref. {person.name}" in [each["references"]["other"] for each in found["collection"]]
    assert [] == call.get("/customers/2/invoices/drafts")["collection"]
    standin.recording = False
    assert 404 == call.status("GET", "/customers/2/invoices/none")


@pytest.mark.parametrize("path", PAPERS)
def test_papers_are_read_state_by_state(call, path):
    """
    Orders and quotes lie apart by state, four of each.
    """
    found = call.get(f"/{path}")["collection"]
    whole = call.get(f"/{path}/1")

    assert 4 == len(found)
    assert whole["recipient"] == found[0]["recipient"]
    assert whole["lines"]


def test_sendings_hold_a_phone_number(standin, call):
    """
    What was sent by phone is a record with the recipient's number.
    """
    found = call.get("/invoices/sent")["collection"]

    assert standin.people[0].phone == found[0]["recipient"]["mobilePhone"]
    assert found[0] == call.get("/invoices/sent/1")
    assert 404 == call.status("GET", "/invoices/sent/99")


# Writing


@pytest.mark.parametrize("path", ["/invoices/drafts", "/orders/drafts", "/quotes/drafts"])
def test_draft_is_made_replaced_and_deleted(standin, call, path):
    """
    The server counts the sums; a replacement clears lines; deletion of a draft is 200.
    """
    status, headers, made = call("POST", path, DRAFT | {"lines": LINES})
    place = headers["Location"].removeprefix(standin.BASE)

    assert (201, 200, 250) == (status, made["netAmount"], made["grossAmount"])
    assert "Two" == call.get(place)["lines"][0]["description"]
    changed = call("PUT", place, REPLACEMENT | {"notes": {"heading": "Hej"}})[2]
    assert (0, "Hej") == (changed["netAmount"], changed["notes"]["heading"])
    assert 200 == call.status("DELETE", place)
    assert 404 == call.status("DELETE", place)


def test_draft_needs_a_customer(call):
    """
    Six fields are required, and the customer must exist.
    """
    said = call("POST", "/invoices/drafts", {"lines": [1]})[2]

    assert {"currency", "customer", "date", "layout", "paymentTerms", "recipient", "lines"} == {
        one["propertyName"] for one in said["errors"]
    }
    status, _, said = call("POST", "/orders/drafts", DRAFT | {"customer": {"customerNumber": 99}})
    assert (400, "customer") == (status, said["errors"][0]["propertyName"])
    assert 400 == call.status("POST", "/orders/drafts", DRAFT | {"recipient": "Ny"})


def test_customer_is_held_by_a_draft_only_while_it_lasts(call):
    """
    A referenced customer cannot be deleted until the draft is gone.
    """
    number = call("POST", "/customers", NEEDED)[2]["customerNumber"]
    customer = {"customer": {"customerNumber": number}}
    draft = call("POST", "/invoices/drafts", DRAFT | customer)[2]["draftInvoiceNumber"]

    assert 400 == call.status("DELETE", f"/customers/{number}")
    call("DELETE", f"/invoices/drafts/{draft}")
    assert 204 == call.status("DELETE", f"/customers/{number}")


def test_booking_takes_the_draft_away(call):
    """
    A draft becomes an invoice with a number of its own, or one that the caller gives.
    """
    first = call("POST", "/invoices/drafts", DRAFT)[2]["draftInvoiceNumber"]
    booking = {"draftInvoice": {"draftInvoiceNumber": first}}
    status, _, made = call("POST", "/invoices/booked", booking)

    assert (201, 13) == (status, made["bookedInvoiceNumber"])
    assert 404 == call.status("GET", f"/invoices/drafts/{first}")
    assert 404 == call.status("POST", "/invoices/booked", booking)
    again = call("POST", "/invoices/drafts", DRAFT)[2]["draftInvoiceNumber"]
    booking = {"draftInvoice": {"draftInvoiceNumber": again}}
    assert 500 == call("PUT", "/invoices/booked/500", booking)[2]["bookedInvoiceNumber"]
