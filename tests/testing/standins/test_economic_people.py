import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.economic import EconomicStandIn
from tests.testing.standins.test_economic import NEEDED, Caller, judging

pytestmark = pytest.mark.network


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


def test_everybody_is_listed_to_the_end(standin, call):
    """
    Everybody has a firm and a trade; links lead from page to page, and past the end is nothing.
    """
    found = call.all("/customers")

    assert 24 == len(found) == len({one["customerNumber"] for one in found})
    assert {one.email for one in standin.people} == {one["email"] for one in found}
    assert 20 == len(call.get("/customers")["collection"])
    past = call.get("/customers?skippages=9")
    assert [] == past["collection"]
    assert "nextPage" not in past["pagination"]


def test_pages_hold_a_thousand_at_most(call):
    """
    1001 is refused by name; a size that is no number, too.
    """
    status, _, said = call("GET", "/customers?pagesize=1001")

    assert (400, "E04810", 400) == (status, said["errorCode"], said["httpStatusCode"])
    assert 200 == call.status("GET", "/customers?pagesize=1000")
    standin = call.standin
    standin.recording = False
    assert 400 == call.status("GET", "/customers?pagesize=0")
    assert 400 == call.status("GET", "/customers?skippages=x")


def test_lists_are_sorted(call):
    """
    Several names, a minus for the other way, a tilde for numbers as text.
    """
    numbers = [one["customerNumber"] for one in call.get("/customers?sort=-name,zip")["collection"]]
    names = [one["name"].casefold() for one in call.get("/customers?sort=-name")["collection"]]
    textual = call.get("/customers?sort=~customerNumber")["collection"]

    assert sorted(names, reverse=True) == names
    assert 20 == len(set(numbers))
    assert [1, 10, 11] == [one["customerNumber"] for one in textual][:3]


def test_customer_is_found_by_each_of_its_keys(standin, call):
    """
    By mail address, phone and number of the firm: firm and trade of the one person.
    """
    person = standin.people[3]

    for text in (
        f"email$eq:{person.email.upper()}",
        f"telephoneAndFaxNumber$like:{person.phone[-6:]}",
        f"corporateIdentificationNumber$eq:{person.organisation_number}",
    ):
        found = call.get(f"/customers?filter={text.replace('+', '%2B')}")["collection"]
        assert {person.company, person.name} == {one["name"] for one in found}


def test_wrong_filter_names_the_right_ones(call):
    """
    The reply to a filter on the unknown lists what may be filtered.
    """
    status, _, said = call("GET", "/customers?filter=nonsense$eq:1")

    assert (400, ["Filtering is not allowed on property 'nonsense'."]) == (status, said["errors"])
    assert "email" in said["allowedFilteringFields"]


def test_people_hang_on_a_customer(standin, call):
    """
    Contacts, places of delivery; a supplier has contacts as well.
    """
    person = standin.people[0]
    customer = call.get("/customers/1")
    (contact,) = call.get("/customers/1/contacts")["collection"]
    (place,) = call.get("/customers/1/delivery-locations")["collection"]

    assert (person.name, person.phone) == (contact["name"], contact["phone"])
    assert contact["self"] == customer["attention"]["self"]
    assert contact == call.get("/customers/1/contacts/1")
    assert place == call.get("/customers/1/delivery-locations/1")
    assert person.name in place["address"]
    supplier = call.get("/suppliers")["collection"][0]
    (other,) = call.get(supplier["contacts"].removeprefix(standin.BASE))["collection"]
    assert (standin.people[1].name,) * 2 == (supplier["name"], other["name"])
    assert supplier == call.get("/suppliers/1")


def test_operator_is_there_too(standin, call):
    """
    Who signed up, and the employees, are people nobody thinks of.
    """
    owner, _ = standin.staff

    assert (owner.name, owner.email) == tuple(
        call.get("/self")["user"][n] for n in ("name", "email")
    )
    assert {one.name for one in standin.staff} == {one["name"] for one in call.all("/employees")}
    assert owner.phone == call.get("/employees/1")["phone"]
    for path in ("customer-groups", "payment-terms", "vat-zones"):
        assert call.get(f"/{path}/1") == call.get(f"/{path}")["collection"][0]


# Writing


def test_customer_is_made_under_the_lowest_free_number(call):
    """
    A creation is 201 with the whole record and its place; a number is used again.
    """
    assert 204 == call.status("DELETE", "/customers/20")
    status, headers, made = call("POST", "/customers", NEEDED | {"email": "ny@example.com"})

    assert (201, 20) == (status, made["customerNumber"])
    assert "https://restapi.e-conomic.com/customers/20" == headers["Location"] == made["self"]
    assert made == call.get("/customers/20")
    assert 99 == call("POST", "/customers", NEEDED | {"customerNumber": 99})[2]["customerNumber"]
    assert 400 == call.status("POST", "/customers", NEEDED | {"customerNumber": 99})


def test_put_replaces_whole(call):
    """
    What is not sent is cleared, and a customer who was barred is barred no more.
    """
    call("PUT", "/customers/1", NEEDED | {"barred": True, "email": "ny@example.com"})
    before = call.get("/customers/1")
    status, _, after = call("PUT", "/customers/1", NEEDED)

    assert (True, "ny@example.com") == (before["barred"], before["email"])
    assert 200 == status
    assert not {"email", "barred", "address", "telephoneAndFaxNumber"} & set(after)


def test_put_on_an_unknown_number_makes_one(call):
    """
    An update is an upsert, for customers and suppliers.
    """
    supplier = {"supplierGroup": {"supplierGroupNumber": 1}, "supplierNumber": 77}
    needed = {name: one for name, one in NEEDED.items() if name != "customerGroup"} | supplier

    assert 201 == call.status("PUT", "/customers/500", NEEDED)
    assert "Ny ApS" == call.get("/customers/500")["name"]
    assert 201 == call.status("PUT", "/suppliers/77", needed)
    assert 200 == call.status("PUT", "/suppliers/77", needed)
    assert 404 == call.status("PUT", "/customers/0", NEEDED)


def test_supplier_is_made_and_deleted(standin, call):
    """
    A supplier goes with its contacts.
    """
    needed = {name: one for name, one in NEEDED.items() if name != "customerGroup"}
    needed |= {"supplierGroup": {"supplierGroupNumber": 1}}
    made = call("POST", "/suppliers", needed)[2]

    assert 4 == made["supplierNumber"]
    assert 400 == call.status("POST", "/suppliers", needed | {"supplierNumber": 4})
    assert 204 == call.status("DELETE", "/suppliers/1")
    assert 404 == call.status("GET", "/suppliers/1")
    assert 2 == len(standin.supplier_contacts)


# Deleting


def test_customer_with_papers_stays(call):
    """
    A customer to whom nothing refers is deleted with contacts; an invoiced one is refused.
    """
    status, _, said = call("DELETE", "/customers/1")

    assert (400, True) == (status, "invoices/booked" in said["developerHint"])
    assert 204 == call.status("DELETE", "/customers/13")
    assert 404 == call.status("DELETE", "/customers/13")
    made = call("POST", "/customers", NEEDED)[2]["customerNumber"]
    call("POST", f"/customers/{made}/contacts", {"name": "Ny"})
    before = len(call.standin.contacts)
    assert 204 == call.status("DELETE", f"/customers/{made}")
    assert before - 1 == len(call.standin.contacts)


def test_contact_is_deleted_by_a_flag(standin, call):
    """
    Name and address of a deleted contact stay readable, and can be changed no more.
    """
    assert 204 == call.status("DELETE", "/customers/1/contacts/1")
    gone = call.get("/customers/1/contacts/1")

    assert (True, standin.people[0].email) == (gone["deleted"], gone["email"])
    assert [gone] == call.get("/customers/1/contacts")["collection"]
    assert 404 == call.status("DELETE", "/customers/1/contacts/1")
    blank = {"name": "-", "customerContactNumber": 1}
    assert 404 == call.status("PUT", "/customers/1/contacts/1", blank)
    assert 404 == call.status("GET", "/customers/2/contacts/1")


def test_contact_is_made_and_blanked(call):
    """
    A contact's notes hold 2,000 characters; a replacement clears what is not sent.
    """
    given = {"name": "Ny", "notes": "x" * 2000, "email": "ny@example.com"}
    made = call("POST", "/customers/1/contacts", given)[2]
    place = f"/customers/1/contacts/{made['customerContactNumber']}"
    number = {"customerContactNumber": made["customerContactNumber"]}

    assert "deleted" not in made
    after = call("PUT", place, {"name": "-"} | number)[2]
    assert not {"notes", "email"} & set(after)
    assert 400 == call.status("PUT", place, {"name": "-", "notes": "x" * 2001} | number)


def test_place_of_delivery_is_changed_and_deleted(standin, call):
    """
    A place of delivery is numbered within its customer and deleted for good.
    """
    made = call("POST", "/customers/2/delivery-locations", {"address": "Vej 9"})[2]
    place = f"/customers/2/delivery-locations/{made['deliveryLocationNumber']}"

    assert 2 == made["deliveryLocationNumber"]
    assert "By" == call("PUT", place, {"city": "By"})[2]["city"]
    default = {"defaultDeliveryLocation": {"deliveryLocationNumber": 2}}
    shown = call("PUT", "/customers/2", NEEDED | default)[2]
    assert shown["defaultDeliveryLocation"]["self"].endswith(place)
    assert "address" not in call.get(place)
    assert 204 == call.status("DELETE", place)
    assert 404 == call.status("GET", place)
    assert 12 == len(standin.delivery_locations)
