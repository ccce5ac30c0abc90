"""
What an agreement at e-conomic or Reviso holds, and how its records look on the legacy surface.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from klarsyn.testing.people import InventedPerson, draw
from klarsyn.testing.serving import Planted, StandIn
from klarsyn.testing.standins.economic_wire import Record, missing, stamp

Table = dict[int, Record]

#: Which path a reference leads to, by the one key that it has.
_PLACES = {
    "accountNumber": "accounts",
    "bookedInvoiceNumber": "invoices/booked",
    "code": "currencies",
    "customerGroupNumber": "customer-groups",
    "customerNumber": "customers",
    "employeeGroupNumber": "employee-groups",
    "employeeNumber": "employees",
    "journalNumber": "journals",
    "layoutNumber": "layouts",
    "paymentTermsNumber": "payment-terms",
    "productNumber": "products",
    "supplierGroupNumber": "supplier-groups",
    "supplierNumber": "suppliers",
    "unitNumber": "units",
    "vatZoneNumber": "vat-zones",
    "year": "accounting-years",
}


class EconomicBooks(StandIn):
    """The people of one agreement: customers, suppliers, contacts, employees, the operator."""

    BASE: ClassVar[str]
    """How `self` links begin."""
    DEFAULT_PAGE: ClassVar[int] = 20

    def fill(self) -> None:
        """Give everybody a firm and a contact, some a trade of their own, some a supplier."""
        self.customers: Table = {}
        self.contacts: Table = {}
        self.delivery_locations: Table = {}
        self.suppliers: Table = {}
        self.supplier_contacts: Table = {}
        self.opened = self.clock.now() - timedelta(days=200)
        self.staff = tuple(_colleague(one) for one in draw(2, seed=360))
        """The operator's own people: the one who signed up, and an employee."""
        self.employees: Table = {n: _employee(n, one) for n, one in enumerate(self.staff, 1)}
        self.plant(self.staff[0], "self.user.name")
        for colleague in self.staff:
            self.plant(colleague, "employees.name")
        self.groups: Table = {
            1: {"customerGroupNumber": 1, "name": "Indland", "account": {"accountNumber": 5600}}
        }
        self.terms: Table = {
            1: {"paymentTermsNumber": 1, "daysOfCredit": 14, "name": "Netto 14 dage"}
            | {"paymentTermsType": "net"}
        }
        zones = {1: "Domestic", 2: "EU", 3: "Abroad"}
        self.zones: Table = {
            number: {"vatZoneNumber": number, "name": name, "enabledForCustomer": True}
            for number, name in zones.items()
        }
        self.tables = {
            "customer-groups": self.groups,
            "customers": self.customers,
            "employees": self.employees,
            "payment-terms": self.terms,
            "suppliers": self.suppliers,
            "vat-zones": self.zones,
        }
        for person in self.people:
            self._open_firm(person)
        for person in self.people:
            self._open_trade(person)
        for person in self.people[1::4]:
            self._open_supplier(person)

    # Making records

    def keep(self, table: Table, key: str, record: Record, number: int = 0) -> Record:
        """Keep a record under its number, or the lowest free one: numbers are used again."""
        number = number or next(n for n in range(1, len(table) + 2) if n not in table)
        table[number] = {key: number, **record}
        self.touch(table[number])
        return table[number]

    def touch(self, record: Record) -> None:
        """Note that a record has changed; only some show when."""
        now = self.clock.now() if self._server else self.opened
        record["lastUpdated" if "lastUpdated" in record else "_updated"] = stamp(now)

    def plant(self, person: InventedPerson, place: str, *, expected: bool = True) -> None:
        """Note where somebody stands."""
        self.planted.append(Planted(person, place, expected))

    def customer_fields(self, person: InventedPerson) -> Record:
        """Return what every customer of that person's has beside a name."""
        return {
            "email": person.email,
            "telephoneAndFaxNumber": person.phone,
            "address": person.street,
            "zip": person.postal_code,
            "city": person.city,
            "country": "Danmark",
            "corporateIdentificationNumber": person.organisation_number,
            "currency": "DKK",
            "customerGroup": {"customerGroupNumber": 1},
            "paymentTerms": {"paymentTermsNumber": 1},
            "vatZone": {"vatZoneNumber": 1},
            "salesPerson": {"employeeNumber": 2},
            "lastUpdated": "",
        }

    def _open_firm(self, person: InventedPerson) -> None:
        fields = {"name": person.company} | self.customer_fields(person)
        firm = self.keep(self.customers, "customerNumber", fields)
        number = firm["customerNumber"]
        contact = self.new_contact(number, name=person.name, email=person.email, phone=person.phone)
        firm["attention"] = {"customerContactNumber": contact["customerContactNumber"]}
        where = {"address": f"Att. {person.name}, {person.street}", "city": person.city}
        self.new_delivery(number, postalCode=person.postal_code, country="Danmark", **where)
        self.plant(person, "customers.email")
        self.plant(person, "contacts.name")
        self.plant(person, "delivery-locations.address", expected=False)

    def _open_trade(self, person: InventedPerson) -> None:
        """A sole trader: the firm bears the person's own name, and may be deleted."""
        fields = {"name": person.name, "mobilePhone": person.phone} | self.customer_fields(person)
        self.keep(self.customers, "customerNumber", fields)
        self.plant(person, "customers.name")

    def _open_supplier(self, person: InventedPerson) -> None:
        supplier = {
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "address": person.street,
            "bankAccount": f"9999-{person.organisation_number}",
            "currency": "DKK",
            "layout": {"layoutNumber": 1},
            "paymentTerms": {"paymentTermsNumber": 1},
            "supplierGroup": {"supplierGroupNumber": 1},
            "vatZone": {"vatZoneNumber": 1},
        }
        number = self.keep(self.suppliers, "supplierNumber", supplier)["supplierNumber"]
        contact: Record = {"_supplier": number, "_place": 1, "name": person.name}
        contact |= {"email": person.email, "phone": person.phone}
        self.keep(self.supplier_contacts, "supplierContactNumber", contact)
        self.plant(person, "suppliers.name")
        self.plant(person, "suppliers.contacts.name")

    def new_contact(self, customer: int, **fields: Any) -> Record:
        """Return a contact of a customer's, kept; its number is the agreement's."""
        contact = {"_customer": customer, "_place": self._next_place(self.contacts, customer)}
        return self.keep(self.contacts, "customerContactNumber", contact | fields)

    def new_delivery(self, customer: int, **fields: Any) -> Record:
        """Return a place of delivery, kept; its number counts within the customer."""
        place = self._next_place(self.delivery_locations, customer)
        known = {"_customer": customer, "_place": place, "deliveryLocationNumber": place}
        return self.keep(self.delivery_locations, "_number", known | fields)

    def _next_place(self, table: Table, customer: int) -> int:
        return max((one["_place"] for one in self.of(table, customer)), default=0) + 1

    # Looking

    def of(self, table: Table, customer: int) -> list[Record]:
        """Return the records that hang on a customer."""
        return [one for one in table.values() if one["_customer"] == customer]

    def find(self, table: Table, number: str, path: str) -> Record:
        """Return a record by the number in a path, or refuse."""
        if not number.isdigit() or int(number) not in table:
            raise missing(path)
        return table[int(number)]

    def find_delivery(self, customer: int, number: str, path: str) -> Record:
        """Return a place of delivery by its number within the customer, or refuse."""
        for one in self.of(self.delivery_locations, customer):
            if str(one["deliveryLocationNumber"]) == number:
                return one
        raise missing(path)

    def referring(self, customer: int) -> list[str]:
        """Return what keeps a customer from being deleted."""
        return [
            path
            for path, table in self.tables.items()
            if path not in {"customers", "sent"}
            for one in table.values()
            if one.get("customer") == {"customerNumber": customer}
        ]

    # Showing

    def shown(self, node: Any) -> Any:
        """Return a value as a reply has it: references lead somewhere; what is false is absent."""
        if isinstance(node, list):
            return [self.shown(one) for one in node]
        if not isinstance(node, dict):
            return node
        kept = {
            name: self.shown(value)
            for name, value in node.items()
            if value is not None and value is not False and not name.startswith("_")
        }
        if len(kept) == 1 and (place := self._place(node)):
            kept["self"] = f"{self.BASE}/{place}"
        return kept

    def _place(self, reference: Record) -> str:
        """Return the path that a reference leads to; empty where a record is none."""
        ((key, number),) = reference.items()
        if key == "customerContactNumber":
            customer = self.contacts[number]["_customer"] if number in self.contacts else 0
            return f"customers/{customer}/contacts/{number}"
        return f"{_PLACES[key]}/{number}" if key in _PLACES else ""

    def shown_at(self, path: str, record: Record) -> Record:
        """Return a record as it stands at a path."""
        own: Record = {"self": f"{self.BASE}/{path}"}
        if path.startswith("customers/") and path.count("/") == 1:
            for name in ("contacts", "delivery-locations"):
                label = "deliveryLocations" if "-" in name else name
                own[label] = f"{self.BASE}/{path}/{name}"
            own |= {"balance": 0.0, "dueAmount": 0.0}
            if "defaultDeliveryLocation" in record:
                link = f"{self.BASE}/{path}/delivery-locations"
                number = record["defaultDeliveryLocation"]["deliveryLocationNumber"]
                own["defaultDeliveryLocation"] = {
                    "deliveryLocationNumber": number,
                    "self": f"{link}/{number}",
                }
        if path.startswith("suppliers/") and path.count("/") == 1:
            own["contacts"] = f"{self.BASE}/{path}/contacts"
        shown: Record = self.shown(record)
        return shown | own

    def shown_contact(self, contact: Record) -> Record:
        """Return a contact of a customer's; `deleted` is there only when it is."""
        customer = contact["_customer"]
        path = f"customers/{customer}/contacts/{contact['customerContactNumber']}"
        own = {"customer": self.shown({"customerNumber": customer}), "sortKey": contact["_place"]}
        return self.shown_at(path, contact) | own

    def shown_delivery(self, delivery: Record) -> Record:
        """Return a place of delivery."""
        customer = delivery["_customer"]
        path = f"customers/{customer}/delivery-locations/{delivery['deliveryLocationNumber']}"
        own = {"customer": self.shown({"customerNumber": customer}), "sortKey": delivery["_place"]}
        return self.shown_at(path, delivery) | own


def _colleague(person: InventedPerson) -> InventedPerson:
    """Return somebody who cannot be mistaken for a customer: numbers are drawn from 0."""
    phone = f"+44 7700 90099{person.number}"
    return replace(person, email=f"colleague-{person.number}@operator.example", phone=phone)


def _employee(number: int, person: InventedPerson) -> Record:
    return {
        "employeeNumber": number,
        "employeeGroup": {"employeeGroupNumber": 1},
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "barred": False,
    }
