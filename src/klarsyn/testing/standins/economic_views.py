"""
Which names the services give to the records of the legacy surface, and by what each is filtered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from klarsyn.testing.standins.economic_filter import OPERATORS
from klarsyn.testing.standins.economic_forms import Shape

ORDER = frozenset({"eq", "ne", "lt", "lte", "gt", "gte"})
LISTS = ORDER | {"in", "nin"}
Filters = Mapping[str, Collection[str]]


@dataclass(frozen=True, kw_only=True)
class View:
    """A collection of a service."""

    table: str
    """The attribute of the stand-in that holds the records."""
    key: str
    own_key: str
    """What the number is called in the service, and in the record."""
    names: Mapping[str, str]
    """The service's name of a field, and where it stands in a record."""
    shape: Shape = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    """Required fields; a collection without any cannot be written."""
    kept: frozenset[str] = frozenset()
    """What a write does not change."""
    filters: Filters = field(default_factory=dict)
    numbered: bool = False
    """Whether the caller gives the number."""
    parent: bool = False
    """Whether a record hangs on a customer."""
    versioned: bool = True


def by(operators: Collection[str], names: str) -> Filters:
    """Return the operators that each of some properties takes."""
    return dict.fromkeys(names.split(), operators)


def same(names: str) -> Mapping[str, str]:
    """Return names that a service and a record have in common."""
    return {name: name for name in names.split()}


_CONTACT_NAMES = {
    "userInterfaceNumber": "_place",
    "name": "name",
    "email": "email",
    "phone": "phone",
    "notes": "notes",
    "lastUpdated": "_updated",
    "isDeleted": "deleted",
}
_CONTACT_SHAPE: Shape = {"name": 255, "email": 255, "phone": 50, "notes": 2000}
_CONTACT_KEPT = frozenset({"_customer", "_supplier", "_place", "_updated", "deleted"})
_CONTACT_FILTERS = {
    **by(LISTS, "number userInterfaceNumber"),
    **by(OPERATORS, "name email"),
    **by(ORDER, "lastUpdated isDeleted active"),
}
_CUSTOMERS = View(
    table="customers",
    key="customerNumber",
    own_key="customerNumber",
    names={
        "customerNumber": "customerNumber",
        "customerGroupNumber": "customerGroup.customerGroupNumber",
        "zone": "vatZone.vatZoneNumber",
        "currency": "currency",
        "name": "name",
        "address1": "address",
        "postCode": "zip",
        "city": "city",
        "country": "country",
        "phone": "telephoneAndFaxNumber",
        "email": "email",
        "cvrNo": "corporateIdentificationNumber",
        "paymentTermId": "paymentTerms.paymentTermsNumber",
        "homepage": "website",
        "mobilePhone": "mobilePhone",
        "vatNo": "vatNumber",
        "pnr": "pNumber",
        "eanLocationNumber": "ean",
        "defaultAttention": "attention.customerContactNumber",
    },
    shape={
        **dict.fromkeys(("customerNumber", "customerGroupNumber", "zone", "paymentTermId"), int),
        **dict.fromkeys(("name", "address1", "phone", "email", "homepage"), 255),
        **dict.fromkeys(("city", "country", "mobilePhone", "vatNo"), 50),
        "defaultAttention": int,
        "currency": 3,
        "postCode": 30,
        "cvrNo": 40,
        "pnr": 40,
        "eanLocationNumber": 13,
    },
    needs=("customerGroupNumber", "zone", "currency", "name", "paymentTermId"),
    filters=by(LISTS, "customerNumber"),
    numbered=True,
)
_EMPLOYEES = View(
    table="employees",
    key="number",
    own_key="employeeNumber",
    names={
        "number": "employeeNumber",
        "groupNumber": "employeeGroup.employeeGroupNumber",
        "name": "name",
        "isBarred": "barred",
        "phone": "phone",
        "email": "email",
    },
    shape={
        "number": int,
        "groupNumber": int,
        "name": 100,
        "isBarred": bool,
        "phone": 20,
        "email": 50,
    },
    needs=("number", "groupNumber", "name", "isBarred"),
    filters={
        **by(LISTS, "number groupNumber phone email"),
        **by(OPERATORS, "name"),
        **by(ORDER, "isBarred"),
    },
    numbered=True,
)
_SUBSCRIBERS = View(
    table="subscribers",
    key="number",
    own_key="number",
    names={
        **{name: name for name in ("number", "subscriptionNumber", "customerNumber", "otherRef")},
        **{name: name for name in ("startDate", "endDate", "extraTextForInvoice", "comments")},
    },
    shape={
        **dict.fromkeys(("number", "subscriptionNumber", "customerNumber"), int),
        **dict.fromkeys(("startDate", "endDate"), 10),
        "otherRef": 250,
        "extraTextForInvoice": 1000,
        "comments": 500,
    },
    needs=("subscriptionNumber", "customerNumber", "startDate", "endDate"),
    filters={
        **by(LISTS, "number subscriptionNumber customerNumber extraTextForInvoice"),
        **by(ORDER, "startDate endDate"),
    },
)

VIEWS: Mapping[str, View] = {
    "/customersapi/v3.1.0/Contacts": View(
        table="contacts",
        key="number",
        own_key="customerContactNumber",
        names={
            "number": "customerContactNumber",
            "customerNumber": "_customer",
            "eInvoiceId": "eInvoiceId",
            **_CONTACT_NAMES,
        },
        shape={**_CONTACT_SHAPE, "number": int, "customerNumber": int, "eInvoiceId": 50},
        needs=("customerNumber", "name"),
        kept=_CONTACT_KEPT - {"_customer"},
        filters={
            **_CONTACT_FILTERS,
            **by(LISTS, "customerNumber"),
            **by(ORDER, "eInvoiceId"),
        },
        parent=True,
    ),
    "/customersapi/v3.1.0/Customers": _CUSTOMERS,
    "/customersapi/v3.1.0/DeliveryLocations": View(
        table="delivery_locations",
        key="number",
        own_key="_number",
        names={
            "number": "_number",
            "customerNumber": "_customer",
            "userInterfaceNumber": "_place",
            "address": "address",
            "city": "city",
            "country": "country",
            "postalCode": "postalCode",
            "termsOfDelivery": "termsOfDelivery",
            "isBarred": "barred",
            "lastUpdated": "_updated",
        },
        shape={
            **dict.fromkeys(("number", "customerNumber"), int),
            **dict.fromkeys(("city", "country"), 50),
            "address": 255,
            "postalCode": 15,
            "termsOfDelivery": 100,
            "isBarred": bool,
        },
        needs=("customerNumber",),
        kept=frozenset({"_place", "_updated"}),
        filters={
            **by(LISTS, "number customerNumber userInterfaceNumber"),
            **by(ORDER, "city country isBarred lastUpdated"),
        },
        parent=True,
    ),
    "/suppliersapi/v2.0.0/Contacts": View(
        table="supplier_contacts",
        key="number",
        own_key="supplierContactNumber",
        names={
            "number": "supplierContactNumber",
            "supplierNumber": "_supplier",
            **_CONTACT_NAMES,
        },
        shape={**_CONTACT_SHAPE, "number": int, "supplierNumber": int},
        needs=("supplierNumber", "name"),
        kept=_CONTACT_KEPT - {"_supplier"},
        filters={**_CONTACT_FILTERS, **by(LISTS, "supplierNumber")},
    ),
    "/documentsapi/v4.0.1/AttachedDocuments": View(
        table="documents",
        key="number",
        own_key="number",
        names={
            name: name
            for name in ("number", "note", "pageCount", "voucherNumber", "accountingYear")
        },
        filters=by(LISTS, "number voucherNumber accountingYear"),
        versioned=False,
    ),
    "/bookedEntriesapi/v4.0.0/booked-entries": View(
        table="booked_entries",
        key="entryNumber",
        own_key="entryNumber",
        names={
            **{name: name for name in ("entryNumber", "accountNumber", "amount", "currencyCode")},
            **{name: name for name in ("date", "text", "type", "voucherNumber")},
        },
        filters={
            **by(LISTS, "entryNumber accountNumber currencyCode voucherNumber"),
            **by(ORDER | {"like"}, "text"),
            **by(ORDER, "amount date"),
            **by(("eq", "ne"), "type"),
        },
    ),
    "/subscriptionsapi/v6.0.3/Subscribers": _SUBSCRIBERS,
    "/projectsapi/v1.1.0/Employees": _EMPLOYEES,
}
