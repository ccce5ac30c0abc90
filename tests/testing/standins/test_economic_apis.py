import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.economic import EconomicStandIn
from klarsyn.testing.standins.economic_apis import SERVED as VIEWS
from tests.testing.standins.test_economic import NEEDED, SERVICES, Caller, judging

pytestmark = pytest.mark.network

CONTACTS = "/customersapi/v3.1.0/Contacts"
CUSTOMERS = "/customersapi/v3.1.0/Customers"
PLACES = "/customersapi/v3.1.0/DeliveryLocations"
SUPPLIERS = "/suppliersapi/v2.0.0/Contacts"
DOCUMENTS = "/documentsapi/v4.0.1/AttachedDocuments"
ENTRIES = "/bookedEntriesapi/v4.0.0/booked-entries"
SUBSCRIBERS = "/subscriptionsapi/v6.0.3/Subscribers"
EMPLOYEES = "/projectsapi/v1.1.0/Employees"
CUSTOMER = {"customerGroupNumber": 1, "zone": 1, "currency": "DKK", "paymentTermId": 1}


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
    """A caller of the services."""
    return Caller(standin, SERVICES)


# Reading


@pytest.mark.parametrize("path", VIEWS)
def test_list_is_read_by_cursor_page_and_count(call, monkeypatch, path):
    """
    A cursor leads on until it is absent; pages are bare arrays; a count is a bare number.
    """
    monkeypatch.setattr(EconomicStandIn, "CURSOR_PAGE", 2)
    page = call.get(path)
    found = page["items"]
    while cursor := page.get("cursor"):
        page = call.get(f"{path}?cursor={cursor}")
        found += page["items"]

    assert len(found) == call.get(f"{path}/count")
    assert found[:20] == call.get(f"{path}/paged?pageSize=20&skipPages=0")
    assert [] == call.get(f"{path}/paged?skipPages=99")


def test_pages_are_small_and_sorted(call):
    """
    A page holds a hundred at most; a sort is obeyed there and ignored with a cursor.
    """
    status, headers, said = call("GET", f"{CONTACTS}/paged?pageSize=101")

    assert (400, "application/problem+json") == (status, headers["Content-Type"])
    assert "The field PageSize must be between 1 and 100" in said["title"]
    first = call.get(f"{CONTACTS}/paged?sort=-number&pageSize=1")
    assert 15 == first[0]["number"]
    call.standin.recording = False
    assert 1 == call.get(f"{CONTACTS}?sort=-number")["items"][0]["number"]


def test_contact_is_found_across_customers(standin, call):
    """
    A mail address finds every contact, deleted ones too.
    """
    person = standin.people[2]
    found = call.get(f"{CONTACTS}?filter=email$eq:{person.email}")["items"]

    assert [None, True] == [one.get("isDeleted") for one in found]
    assert found[0] == call.get(f"{CONTACTS}/{found[0]['number']}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("phone$eq:1", "Filtering is not allowed on property 'phone'."),
        ("number$like:1", "Operator $like: not supported on property number"),
    ],
)
def test_wrong_filter_is_told_without_the_right_ones(call, text, told):
    """
    Each property takes operators of its own; the reply does not list them.
    """
    said = call.get(f"{CONTACTS}?filter={text}")

    assert ("BadFilterRequest", told) == (said["errorCode"], said["errors"][0]["message"])
    assert "allowedFilteringFields" not in said


def test_customers_are_filtered_by_number_only(call):
    """
    The other surface's filters do not work here.
    """
    assert 1 == len(call.get(f"{CUSTOMERS}?filter=customerNumber$in:[3]")["items"])
    assert "BadFilterRequest" == call.get(f"{CUSTOMERS}?filter=email$eq:x")["errorCode"]


def test_texts_and_papers_name_people(standin, call):
    """
    Notes of attached papers, the papers, booked entries, subscriptions, employees.
    """
    person = standin.people[3]

    assert f"Receipt from {person.name}" == call.get(f"{DOCUMENTS}/2")["note"]
    paper = call.get(f"{DOCUMENTS}/2/pdf")
    assert person.email.encode() in paper
    assert f"Refund {person.name}" == call.get(ENTRIES)["items"][1]["text"]
    assert f"Signed by {person.name}" == call.get(f"{SUBSCRIBERS}/2")["comments"]
    assert standin.staff[0].name == call.get(f"{EMPLOYEES}/1")["name"]
    assert 404 == call.status("GET", f"{DOCUMENTS}/99/pdf")


# Writing


def test_caller_numbers_a_customer(call):
    """
    A creation tells the number alone, and the other surface has the customer by its own names.
    """
    given = CUSTOMER | {"name": "Ny", "customerNumber": 5000, "phone": "1", "address1": "Vej 9"}
    status, _, made = call("POST", CUSTOMERS, given)

    assert (201, {"customerNumber": 5000}) == (status, made)
    legacy = Caller(call.standin).get("/customers/5000")
    assert ("1", "Vej 9") == (legacy["telephoneAndFaxNumber"], legacy["address"])
    assert 400 == call.status("POST", CUSTOMERS, given)
    (error,) = call("POST", CUSTOMERS, CUSTOMER | {"name": "Ny"})[2]["errors"]
    assert "must be between 1 and 999999999" in error["message"]


def test_replacement_needs_a_fresh_version(call):
    """
    Without `objectVersion`, or with one that is stale, a PUT is 409; with it what is not sent goes.
    """
    before = call.get(f"{CUSTOMERS}/1")
    given = CUSTOMER | {"name": "Ny", "customerNumber": 1}

    assert 409 == call.status("PUT", f"{CUSTOMERS}/1", given)
    fresh = given | {"objectVersion": before["objectVersion"]}
    assert 204 == call.status("PUT", f"{CUSTOMERS}/1", fresh)
    after = call.get(f"{CUSTOMERS}/1")
    assert ("Ny", False) == (after["name"], "email" in after)
    assert after["objectVersion"] != before["objectVersion"]
    status, _, said = call("PUT", f"{CUSTOMERS}/1", fresh)
    assert (409, "UpdateConflict") == (status, said["errorCode"])
    assert 404 == call.status("PUT", f"{CUSTOMERS}/999", fresh)


def test_contact_is_made_replaced_and_flagged(call):
    """
    A PUT names its contact in the body; a deleted contact stays with its flag.
    """
    number = call("POST", CONTACTS, {"customerNumber": 4, "name": "Ny", "email": "x"})[2]["number"]
    before = call.get(f"{CONTACTS}/{number}")
    given = {"number": number, "customerNumber": 4, "name": "-"}
    given["objectVersion"] = before["objectVersion"]

    assert 204 == call.status("PUT", CONTACTS, given)
    after = call.get(f"{CONTACTS}/{number}")
    assert ("-", False, 2) == (after["name"], "email" in after, after["userInterfaceNumber"])
    assert 204 == call.status("DELETE", f"{CONTACTS}/{number}")
    assert call.get(f"{CONTACTS}/{number}")["isDeleted"]
    assert 404 == call.status("DELETE", f"{CONTACTS}/{number}")
    assert 400 == call.status("POST", CONTACTS, {"customerNumber": 999, "name": "Ny"})


def test_place_of_delivery_is_made_replaced_and_deleted(call):
    """
    A place of delivery is gone when it is deleted.
    """
    number = call("POST", PLACES, {"customerNumber": 3, "address": "Vej 9"})[2]["number"]
    given = {"number": number, "customerNumber": 3, "city": "By", "isBarred": True}
    given["objectVersion"] = call.get(f"{PLACES}/{number}")["objectVersion"]

    assert 204 == call.status("PUT", PLACES, given)
    after = call.get(f"{PLACES}/{number}")
    assert ("By", True, False) == (after["city"], after["isBarred"], "address" in after)
    assert 204 == call.status("DELETE", f"{PLACES}/{number}")
    assert 404 == call.status("GET", f"{PLACES}/{number}")


def test_suppliers_contact_is_made_and_flagged(call):
    """
    The suppliers' service has contacts, and no suppliers.
    """
    number = call("POST", SUPPLIERS, {"supplierNumber": 1, "name": "Ny"})[2]["number"]

    assert 204 == call.status("DELETE", f"{SUPPLIERS}/{number}")
    assert call.get(f"{SUPPLIERS}/{number}")["isDeleted"]
    call.standin.recording = False
    assert 404 == call.status("GET", "/suppliersapi/v2.0.0/Suppliers")


def test_employee_is_made_under_a_number_of_the_callers(call):
    """
    The legacy surface only reads employees; the projects' service writes them.
    """
    given = {"number": 9, "groupNumber": 1, "name": "Ny", "isBarred": False}

    assert {"number": 9} == call("POST", EMPLOYEES, given)[2]
    assert "Ny" == Caller(call.standin).get("/employees/9")["name"]
    assert 204 == call.status("DELETE", f"{EMPLOYEES}/9")


def test_subscriber_and_paper_are_deleted(call):
    """
    A subscription holds its customer until it is deleted; an attached paper can go.
    """
    given = CUSTOMER | {"name": "Ny", "customerNumber": 5000}
    call("POST", CUSTOMERS, given)
    dates = {"startDate": "2026-01-01", "endDate": "2026-12-31"}
    number = {"subscriptionNumber": 1, "customerNumber": 5000}
    made = call("POST", SUBSCRIBERS, number | dates)[2]["number"]

    assert 400 == call.status("DELETE", f"{CUSTOMERS}/5000")
    assert 204 == call.status("DELETE", f"{SUBSCRIBERS}/{made}")
    assert 204 == call.status("DELETE", f"{CUSTOMERS}/5000")
    assert 204 == call.status("DELETE", f"{DOCUMENTS}/1")
    assert 404 == call.status("GET", f"{DOCUMENTS}/1/pdf")


def test_name_of_the_other_surface_is_lost_without_a_word(standin, call):
    """
    A field that is named as on the legacy surface is ignored, and then missing.
    """
    standin.recording = False
    given = {**CUSTOMER, "customerNumber": 5000, "name": "Ny", "paymentTermsNumber": 1}
    del given["paymentTermId"]
    (error,) = call("POST", CUSTOMERS, given)[2]["errors"]

    assert ("paymentTermId", "E04300") == (error["property"], error["errorCode"])
    assert 201 == Caller(standin).status("POST", "/customers", NEEDED)


@pytest.mark.parametrize(
    ("trouble", "status", "told"),
    [
        (Trouble.THROTTLED, 429, 429),
        (Trouble.THROTTLED_SILENTLY, 429, 429),
        (Trouble.EXPIRED_KEY, 401, 401),
        (Trouble.ERROR_IN_OK, 200, 500),
    ],
)
def test_troubles_have_the_services_shape(standin, call, trouble, status, told):
    """
    Every fault comes as a problem, with the number of a trace.
    """
    standin.faults.add(trouble, retry_after=7)
    got, headers, said = call("GET", CONTACTS)

    assert (status, told) == (got, said["status"])
    assert "application/problem+json" == headers["Content-Type"]
    assert "traceId" in said
