"""
What may be written to e-conomic's legacy surface, and to Reviso: names, lengths, references.

What is not named here is ignored without a word; null and 0 are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from klarsyn.testing.standins.economic_wire import Record, invalid, wrong


class Ref(NamedTuple):
    """A reference: an object with a number, or with the `self` of what is meant."""

    key: str
    textual: bool = False


#: A number is the length of a text; `int` is an identifier, from 1; a list holds objects.
Shape = Mapping[str, object]

_EMPLOYEE, _CONTACT = Ref("employeeNumber"), Ref("customerContactNumber")
_CUSTOMER, _TERMS = Ref("customerNumber"), Ref("paymentTermsNumber")
_ZONE, _LAYOUT = Ref("vatZoneNumber"), Ref("layoutNumber")

CUSTOMER: Shape = {
    "address": 510,
    "attention": _CONTACT,
    "barred": bool,
    "city": 50,
    "corporateIdentificationNumber": 40,
    "country": 50,
    "creditLimit": float,
    "currency": 3,
    "customerContact": _CONTACT,
    "customerGroup": Ref("customerGroupNumber"),
    "customerNumber": int,
    "defaultDeliveryLocation": Ref("deliveryLocationNumber"),
    "ean": 13,
    "eInvoicingDisabledByDefault": bool,
    "email": 255,
    "layout": _LAYOUT,
    "mobilePhone": 50,
    "name": 255,
    "paymentTerms": _TERMS,
    "pNumber": 10,
    "publicEntryNumber": 50,
    "salesPerson": _EMPLOYEE,
    "telephoneAndFaxNumber": 255,
    "vatNumber": 20,
    "vatZone": _ZONE,
    "website": 255,
    "zip": 30,
}
CUSTOMER_NEEDS = ("currency", "customerGroup", "name", "paymentTerms", "vatZone")
CONTACT: Shape = {"email": 255, "name": 255, "phone": 50, "eInvoiceId": 50, "notes": 2000}
DELIVERY: Shape = {
    "address": 255,
    "barred": bool,
    "city": 50,
    "country": 50,
    "postalCode": 15,
    "termsOfDelivery": 100,
}
SUPPLIER: Shape = {
    "address": 255,
    "bankAccount": 50,
    "barred": bool,
    "city": 50,
    "corporateIdentificationNumber": 40,
    "country": 50,
    "currency": 3,
    "defaultInvoiceText": 100,
    "email": 100,
    "layout": _LAYOUT,
    "name": 255,
    "paymentTerms": _TERMS,
    "phone": 20,
    "supplierGroup": Ref("supplierGroupNumber"),
    "supplierNumber": int,
    "vatZone": _ZONE,
    "zip": 10,
}
SUPPLIER_NEEDS = ("currency", "name", "paymentTerms", "supplierGroup", "vatZone")
LINE: Shape = {
    "description": 2500,
    "discountPercentage": float,
    "lineNumber": int,
    "product": Ref("productNumber", textual=True),
    "quantity": float,
    "sortKey": int,
    "unit": Ref("unitNumber"),
    "unitCostPrice": float,
    "unitNetPrice": float,
}
#: Drafts of invoices, orders and quotes alike.
DOCUMENT: Shape = {
    "currency": 3,
    "customer": _CUSTOMER,
    "date": 10,
    "delivery": {
        "address": 255,
        "city": 50,
        "country": 50,
        "deliveryDate": 10,
        "deliveryTerms": 100,
        "zip": 30,
    },
    "deliveryLocation": Ref("deliveryLocationNumber"),
    "dueDate": 10,
    "exchangeRate": float,
    "layout": _LAYOUT,
    "lines": [LINE],
    "notes": {"heading": 250, "textLine1": 1000, "textLine2": 1000},
    "paymentTerms": _TERMS,
    "recipient": {
        "address": 250,
        "attention": _CONTACT,
        "city": 250,
        "country": 50,
        "ean": 13,
        "name": 250,
        "publicEntryNumber": 40,
        "vatZone": _ZONE,
        "zip": 50,
    },
    "references": {
        "customerContact": _CONTACT,
        "other": 250,
        "salesPerson": _EMPLOYEE,
        "vendorReference": _EMPLOYEE,
    },
}
DOCUMENT_NEEDS = ("currency", "customer", "date", "layout", "paymentTerms", "recipient")


def taken(given: Record, shape: Shape, needs: Iterable[str] = ()) -> Record:
    """Return what of a body is kept, or refuse the whole with one error for each wrong field."""
    errors = [
        wrong(name, f"Required property {name} is missing") for name in needs if name not in given
    ]
    kept = _object(given, shape, errors, "")
    if errors:
        raise invalid(*errors)
    return kept


def _object(given: Any, shape: Shape, errors: list[Record], at: str) -> Record:
    if not isinstance(given, dict):
        errors.append(wrong(at, f"Expected Object but got {_kind(given)}", given))
        return {}
    return {
        name: _value(value, shape[name], errors, f"{at}.{name}" if at else name)
        for name, value in given.items()
        if name in shape
    }


def _value(value: Any, rule: object, errors: list[Record], at: str) -> Any:
    if isinstance(rule, Ref):
        return _reference(value, rule, errors, at)
    if isinstance(rule, Mapping):
        return _object(value, rule, errors, at)
    if isinstance(rule, list):
        items = value if isinstance(value, list) else [value]
        return [_object(one, rule[0], errors, at) for one in items]
    if told := _told(value, rule):
        errors.append(wrong(at, told, value))
    return value


def _told(value: Any, rule: object) -> str:
    """Say what is wrong with a plain value, if anything is."""
    if rule is bool:
        return "" if isinstance(value, bool) else f"Expected Boolean but got {_kind(value)}"
    if rule in (int, float):
        wanted = int if rule is int else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted):
            return f"Expected {'Integer' if rule is int else 'Number'} but got {_kind(value)}"
        low = rule is int and value < 1
        return f"Integer {value} is less than minimum value of 1" if low else ""
    if not isinstance(value, str):
        return f"Expected String but got {_kind(value)}"
    too_long = isinstance(rule, int) and len(value) > rule
    return f"The maximum length is {rule}" if too_long else ""


def _reference(value: Any, rule: Ref, errors: list[Record], at: str) -> Record:
    if not isinstance(value, dict):
        errors.append(wrong(at, f"Expected Object but got {_kind(value)}", value))
        return {}
    found = value.get(rule.key)
    if found is None and isinstance(value.get("self"), str):
        last = value["self"].rpartition("/")[2]
        found = int(last) if last.isdigit() and not rule.textual else last
    if told := _told(found, 25 if rule.textual else int):
        errors.append(wrong(f"{at}.{rule.key}", told, found))
    return {rule.key: found}


def _kind(value: Any) -> str:
    """Return what the vendor calls the type of a JSON value."""
    names = {type(None): "Null", bool: "Boolean", int: "Integer", float: "Number", str: "String"}
    names |= {list: "Array", dict: "Object"}
    return names[type(value)]
