"""
The legacy surface's people: customers, contacts, places of delivery, suppliers, employees.

Reviso, which was split from e-conomic, has the same. What no source tells and is settled here: a
deleted contact is still listed, with its flag, and takes no more changes; a customer takes its
contacts and places of delivery along; and a refusal to delete has the code of a failed validation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins import economic_forms as forms
from klarsyn.testing.standins.economic_books import EconomicBooks
from klarsyn.testing.standins.economic_wire import (
    EconomicRefusal,
    Record,
    body_of,
    filtered,
    missing,
    ordered,
    page,
    routes,
)

_CUSTOMER_FILTERS = """
address balance barred city corporateIdentificationNumber country creditLimit currency
customerNumber dueAmount ean email lastUpdated name publicEntryNumber telephoneAndFaxNumber
mobilePhone pNumber vatNumber website zip customerGroup.customerGroupNumber
"""
_SUPPLIER_FILTERS = """
address bankAccount barred city corporateIdentificationNumber country currency defaultInvoiceText
email name supplierGroup.supplierGroupNumber supplierNumber zip
"""
#: Properties by which each list is filtered.
FILTERS = {
    "contacts": "customerContactNumber email name phone eInvoiceId customer.customerNumber sortKey",
    "customer-groups": "customerGroupNumber name account.accountNumber",
    "customers": _CUSTOMER_FILTERS,
    "delivery-locations": "address city country deliveryLocationNumber postalCode sortKey barred",
    "employees": "employeeNumber employeeGroup.employeeGroupNumber name email phone barred",
    "payment-terms": "paymentTermsNumber daysOfCredit name paymentTermsType",
    "suppliers": _SUPPLIER_FILTERS,
    "vat-zones": "vatZoneNumber name",
}


class EconomicPeople(EconomicBooks):
    """Routes to people, for both vendors."""

    CUSTOMER: ClassVar[forms.Shape] = forms.CUSTOMER
    CUSTOMER_FILTERS: ClassVar[str] = ""
    """Further properties by which customers are filtered."""

    def listed(self, request: Request, records: Iterable[Record], filters: str) -> Reply:
        """Return a page of records, filtered and ordered."""
        shown = list(records)
        found = ordered(filtered(request, shown, filters.split()), request.param("sort"))
        return Reply(200, page(request, found, len(shown), self.BASE, self.DEFAULT_PAGE))

    def made(self, shown: Record) -> Reply:
        """Return a new record whole, with where it is."""
        return Reply(201, shown, {"Location": shown["self"]})

    # Lists and records that need no more than their number

    @routes("GET", "/customers", "/suppliers", "/employees")
    @routes("GET", "/customer-groups", "/payment-terms", "/vat-zones")
    def read_list(self, request: Request) -> Reply:
        """A list of everything of a kind."""
        path = request.path[1:]
        filters = FILTERS[path] + (self.CUSTOMER_FILTERS if path == "customers" else "")
        table = self.tables[path]
        return self.listed(
            request, (self.shown_at(f"{path}/{n}", table[n]) for n in sorted(table)), filters
        )

    @routes("GET", "/customers/{number}", "/suppliers/{number}", "/employees/{number}")
    @routes("GET", "/customer-groups/{number}", "/payment-terms/{number}", "/vat-zones/{number}")
    def read_record(self, request: Request, number: str) -> Reply:
        """One of a kind."""
        path = request.path[1:]
        table = self.tables[path.partition("/")[0]]
        return Reply(200, self.shown_at(path, self.find(table, number, path)))

    # The operator

    @route("GET", "/self")
    def read_self(self, request: Request) -> Reply:
        """The agreement itself, and who signed up for it."""
        del request
        person = self.staff[0]
        user = {"loginId": "owner", "email": person.email, "name": person.name}
        company = {
            "name": person.company,
            "addressLine1": person.street,
            "zip": person.postal_code,
            "city": person.city,
            "country": "Danmark",
            "attention": person.name,
            "email": person.email,
            "phoneNumber": person.phone,
            "companyIdentificationNumber": person.organisation_number,
        }
        body = {
            "agreementNumber": 360360,
            "userName": "owner",
            "signupDate": self.opened.date().isoformat(),
            "user": user | {"agreementNumber": 360360},
            "company": company,
            "settings": {"baseCurrency": "DKK"},
            "self": f"{self.BASE}/self",
        }
        return Reply(200, body)

    # Customers and suppliers

    @route("POST", "/customers")
    def create_customer(self, request: Request) -> Reply:
        """Make a customer; the server gives the number unless the caller does."""
        kept = forms.taken(body_of(request), self.CUSTOMER, forms.CUSTOMER_NEEDS)
        number = kept.pop("customerNumber", 0)
        if number in self.customers:
            raise in_use("customerNumber", number)
        made = self.keep(self.customers, "customerNumber", kept | {"lastUpdated": ""}, number)
        return self.made(self.shown_at(f"customers/{made['customerNumber']}", made))

    @route("PUT", "/customers/{number}")
    def replace_customer(self, request: Request, number: str) -> Reply:
        """Replace a customer whole, or make one: what is not sent is cleared, `barred` too."""
        kept = forms.taken(body_of(request), self.CUSTOMER, forms.CUSTOMER_NEEDS)
        return self._replaced("customers", "customerNumber", number, kept | {"lastUpdated": ""})

    @route("DELETE", "/customers/{number}")
    def delete_customer(self, request: Request, number: str) -> Reply:
        """Delete a customer to whom nothing refers."""
        self.find(self.customers, number, request.path[1:])
        self.remove_customer(int(number))
        return Reply(204)

    def remove_customer(self, number: int) -> None:
        """Forget a customer with contacts and places of delivery, or refuse."""
        if used := self.referring(number):
            hint = f"Delete what refers to it first: {', '.join(sorted(set(used)))}."
            text = "The customer is in use and cannot be deleted."
            raise EconomicRefusal(400, text, "E04300", developerHint=hint, errors=[text])
        del self.customers[number]
        for table in (self.contacts, self.delivery_locations):
            for key in [key for key, one in table.items() if one["_customer"] == number]:
                del table[key]

    @route("POST", "/suppliers")
    def create_supplier(self, request: Request) -> Reply:
        """Make a supplier."""
        kept = forms.taken(body_of(request), forms.SUPPLIER, forms.SUPPLIER_NEEDS)
        number = kept.pop("supplierNumber", 0)
        if number in self.suppliers:
            raise in_use("supplierNumber", number)
        kept.setdefault("layout", {"layoutNumber": 1})
        made = self.keep(self.suppliers, "supplierNumber", kept, number)
        return self.made(self.shown_at(f"suppliers/{made['supplierNumber']}", made))

    @route("PUT", "/suppliers/{number}")
    def replace_supplier(self, request: Request, number: str) -> Reply:
        """Replace a supplier whole, or make one."""
        kept = forms.taken(body_of(request), forms.SUPPLIER, forms.SUPPLIER_NEEDS)
        kept.setdefault("layout", {"layoutNumber": 1})
        return self._replaced("suppliers", "supplierNumber", number, kept)

    @route("DELETE", "/suppliers/{number}")
    def delete_supplier(self, request: Request, number: str) -> Reply:
        """Delete a supplier with its contacts."""
        self.find(self.suppliers, number, request.path[1:])
        del self.suppliers[int(number)]
        for key, one in list(self.supplier_contacts.items()):
            if one["_supplier"] == int(number):
                del self.supplier_contacts[key]
        return Reply(204)

    @route("GET", "/suppliers/{number}/contacts")
    def read_supplier_contacts(self, request: Request, number: str) -> Reply:
        """The contacts of a supplier."""
        self.find(self.suppliers, number, request.path[1:])
        found = [one for one in self.supplier_contacts.values() if str(one["_supplier"]) == number]
        path = request.path[1:]
        shown = [self.shown_at(f"{path}/{one['supplierContactNumber']}", one) for one in found]
        return self.listed(request, shown, "supplierContactNumber name email phone")

    def _replaced(self, path: str, key: str, number: str, kept: Record) -> Reply:
        if not number.isdigit() or int(number) < 1:
            raise missing(f"{path}/{number}")
        table, known = self.tables[path], int(number) in self.tables[path]
        made = self.keep(table, key, kept | {key: int(number)}, int(number))
        shown = self.shown_at(f"{path}/{number}", made)
        return Reply(200, shown) if known else self.made(shown)

    # Contacts

    @route("GET", "/customers/{number}/contacts")
    def read_contacts(self, request: Request, number: str) -> Reply:
        """The contacts of a customer, deleted ones too."""
        self.find(self.customers, number, request.path[1:])
        found = map(self.shown_contact, self.of(self.contacts, int(number)))
        return self.listed(request, found, FILTERS["contacts"])

    @route("POST", "/customers/{number}/contacts")
    def create_contact(self, request: Request, number: str) -> Reply:
        """Make a contact."""
        self.find(self.customers, number, request.path[1:])
        kept = forms.taken(body_of(request), forms.CONTACT, ["name"])
        return self.made(self.shown_contact(self.new_contact(int(number), **kept)))

    @route("GET", "/customers/{number}/contacts/{contact}")
    def read_contact(self, request: Request, number: str, contact: str) -> Reply:
        """A contact, deleted or not."""
        return Reply(200, self.shown_contact(self._contact(request, number, contact)))

    @route("PUT", "/customers/{number}/contacts/{contact}")
    def replace_contact(self, request: Request, number: str, contact: str) -> Reply:
        """Replace what is not deleted; what is not sent is cleared."""
        record = self._contact(request, number, contact, living=True)
        self.rewrite(record, forms.taken(body_of(request), forms.CONTACT, ["name"]), forms.CONTACT)
        return Reply(200, self.shown_contact(record))

    @route("DELETE", "/customers/{number}/contacts/{contact}")
    def delete_contact(self, request: Request, number: str, contact: str) -> Reply:
        """Flag a contact as deleted; its name and address stay."""
        record = self._contact(request, number, contact, living=True)
        record["deleted"] = True
        self.touch(record)
        return Reply(204)

    def _contact(
        self, request: Request, number: str, contact: str, *, living: bool = False
    ) -> Record:
        record = self.find(self.contacts, contact, request.path[1:])
        if str(record["_customer"]) != number or (living and record.get("deleted")):
            raise missing(request.path[1:])
        return record

    def rewrite(self, record: Record, kept: Record, shape: Iterable[str]) -> None:
        """Replace in place the fields that may be written."""
        for name in shape:
            record.pop(name, None)
        record |= kept
        self.touch(record)

    # Places of delivery

    @route("GET", "/customers/{number}/delivery-locations")
    def read_deliveries(self, request: Request, number: str) -> Reply:
        """Where a customer wants things delivered."""
        self.find(self.customers, number, request.path[1:])
        found = map(self.shown_delivery, self.of(self.delivery_locations, int(number)))
        return self.listed(request, found, FILTERS["delivery-locations"])

    @route("POST", "/customers/{number}/delivery-locations")
    def create_delivery(self, request: Request, number: str) -> Reply:
        """Make a place of delivery."""
        self.find(self.customers, number, request.path[1:])
        kept = forms.taken(body_of(request), forms.DELIVERY)
        return self.made(self.shown_delivery(self.new_delivery(int(number), **kept)))

    @route("GET", "/customers/{number}/delivery-locations/{place}")
    def read_delivery(self, request: Request, number: str, place: str) -> Reply:
        """A place of delivery."""
        self.find(self.customers, number, request.path[1:])
        found = self.find_delivery(int(number), place, request.path[1:])
        return Reply(200, self.shown_delivery(found))

    @route("PUT", "/customers/{number}/delivery-locations/{place}")
    def replace_delivery(self, request: Request, number: str, place: str) -> Reply:
        """Replace a place of delivery."""
        self.find(self.customers, number, request.path[1:])
        record = self.find_delivery(int(number), place, request.path[1:])
        self.rewrite(record, forms.taken(body_of(request), forms.DELIVERY), forms.DELIVERY)
        return Reply(200, self.shown_delivery(record))

    @route("DELETE", "/customers/{number}/delivery-locations/{place}")
    def delete_delivery(self, request: Request, number: str, place: str) -> Reply:
        """Delete a place of delivery for good."""
        self.find(self.customers, number, request.path[1:])
        record = self.find_delivery(int(number), place, request.path[1:])
        del self.delivery_locations[record["_number"]]
        return Reply(204)


def in_use(name: str, number: int) -> EconomicRefusal:
    """Return what to raise where a number is taken."""
    text = f"The {name} {number} is in use."
    return EconomicRefusal(400, text, "E04300", errors=[text])
