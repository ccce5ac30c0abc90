"""
The records that e-conomic and Reviso have in common: customers, suppliers, staff, papers.
"""

from __future__ import annotations

from typing import Any

from klarsyn.errors import said
from klarsyn.transport.connection import Connection
from klarsyn.transport.words import GET, PUT, IdempotencyKey
from klarsyn.vendors.economic_given import customers_at, customers_given
from klarsyn.vendors.economic_whole import NOBODY, Whole
from klarsyn.vendors.economic_wire import away, by_email, each_whole, listed, the_agreement
from klarsyn.vendors.elements import CHANGES, NUMBER, Element, Elements
from klarsyn.vendors.progress import Done, Level, Progress
from klarsyn.vendors.sheet import Delivery, Job, Record, Repeat, Residue, Stage, Target

# Elements


def who(email: str = "email", phone: str = "phone", name: str = "name") -> Elements:
    """Return the elements of somebody who can be reached."""
    return (
        Element("email", email, "user.contact.email", most=255),
        Element("name", name, "user.name", most=255),
        Element("phone", phone, "user.contact.phone_number"),
    )


def where(within: str = "", postal_code: str = "zip") -> Elements:
    """Return the elements of an address."""
    return (
        Element("street", f"{within}address", "user.contact.address", free=True),
        Element("postal_code", f"{within}{postal_code}", "user.contact.address"),
        Element("city", f"{within}city", "user.contact.address"),
    )


_CVR = "corporateIdentificationNumber"
_CUSTOMER: Elements = (
    # Where a company numbers its customers itself, the number may be that of a phone.
    Element("number", "customerNumber", "user.unique_id", NUMBER, write="create"),
    *who(phone="telephoneAndFaxNumber"),
    Element("mobile", "mobilePhone", "user.contact.phone_number"),
    *where(),
    Element("organisation_number", _CVR, "user.government_id"),
)
_SUPPLIER: Elements = (
    Element("number", "supplierNumber", "user.unique_id", NUMBER, write="create"),
    *who(),
    *where(),
    Element("organisation_number", _CVR, "user.government_id"),
    Element("bank_account", "bankAccount", "user.financial.bank_account"),
)

# Fields

_BOTH = (
    *("address", "attention", "barred", "city", "corporateIdentificationNumber", "country"),
    *("currency", "email", "layout", "name", "paymentTerms", "salesPerson", "vatZone", "zip"),
)
_CUSTOMER_FIELDS = (
    *_BOTH,
    *("creditLimit", "customerContact", "customerGroup", "defaultDeliveryLocation", "ean"),
    *("eInvoicingDisabledByDefault", "mobilePhone", "pNumber", "publicEntryNumber"),
    *("telephoneAndFaxNumber", "vatNumber", "website"),
)
_SUPPLIER_FIELDS = (
    *_BOTH,
    *("bankAccount", "costAccount", "defaultInvoiceText", "phone", "remittanceAdvice"),
    *("supplierContact", "supplierGroup", "supplierNumber"),
)
_WORDS = (
    *(f"recipient.{one}" for one in ("country", "ean", "publicEntryNumber", "cvr")),
    *(f"delivery.{one}" for one in ("address", "zip", "city", "country", "deliveryTerms")),
    *("notes.heading", "notes.textLine1", "notes.textLine2"),
    *("references.other", "lines[].description"),
)
NUMBERED = Residue(said("the number, if papers refer to it; it may be that of a phone"))
FLAGGED = Residue(said("an empty contact that is marked as deleted"))

# Records


def customers(
    kept: Residue,
    key: IdempotencyKey | None = None,
    own: Elements = (),
    fields: tuple[str, ...] = (),
) -> Record:
    """Return customers, with elements and fields that only one of the vendors has."""
    elements, how = (*_CUSTOMER, *own), customers_at(key, (*_CUSTOMER_FIELDS, *fields))
    emails = [one.paths[0] for one in elements if one.means == "user.contact.email"]
    return Record(
        name="customer",
        about=said("customers: firms, and people who trade under their own name"),
        read=listed("/customers"),
        key="customerNumber",
        elements=elements,
        open_fields=("country", "ean", "pNumber", "publicEntryNumber", "vatNumber", "website"),
        find=tuple(by_email(listed("/customers"), one) for one in emails),
        rectify=Job(stages=(how.rectify,), residue=(kept,)),
        erase=Job(
            stages=(how.erase(away("/customers", key)),),
            level=Level.PURGED,
            proof=how.is_gone,
            residue=(kept, NUMBERED),
        ),
        deliver=Delivery(
            send=customers_given(elements, how),
            creates=("currency", "customerGroup", "paymentTerms", "vatZone"),
            repeat=Repeat.LOOK_FIRST,
            by_key=True,
        ),
        order=2,
    )


def suppliers(
    kept: Residue, key: IdempotencyKey | None = None, fields: tuple[str, ...] = ()
) -> Record:
    """Return suppliers, with fields that only one of the vendors has."""
    how = Whole(
        one=GET("/suppliers/{id}"),
        write=PUT("/suppliers/{id}", body=CHANGES, key=key),
        keeps=(*_SUPPLIER_FIELDS, *fields),
        blank={"name": NOBODY, "barred": True},
        loose=("attention", "supplierContact", "remittanceAdvice"),
        mended=_vouched,
    )
    return Record(
        name="supplier",
        about=said("suppliers: firms, and people who trade under their own name"),
        read=listed("/suppliers"),
        key="supplierNumber",
        elements=_SUPPLIER,
        open_fields=("country", "defaultInvoiceText", "remittanceAdvice.creditorId", "vatNumber"),
        rectify=Job(stages=(how.rectify,)),
        erase=Job(
            stages=(how.erase(away("/suppliers", key)),),
            proof=how.is_gone,
            residue=(kept, NUMBERED),
        ),
        order=2,
    )


def _vouched(body: dict[str, Any]) -> None:
    """A supplier's contacts are read by `number` and written by `supplierContactNumber`."""
    for name in ("attention", "supplierContact"):
        if "number" in body.get(name, {}):
            body[name] = {"supplierContactNumber": body[name]["number"]}


employee = Record(
    name="employee",
    about=said("the company's own people"),
    read=listed("/employees"),
    key="employeeNumber",
    elements=who(),
)
agreement = Record(
    name="agreement",
    about=said("the company itself, and who signed up for it"),
    read=the_agreement,
    key="agreementNumber",
    elements=who("user.email", "company.phoneNumber", "user.name"),
    open_fields=("userName", "user.loginId", "company", "bankInformation"),
)


def paper(
    name: str, path: str, key: str, rectify: Stage | None = None, erase: Job | None = None
) -> Record:
    """Return a kind of paper, each of which is read on its own: lists have no lines."""
    return Record(
        name=name,
        about=said("to whom it goes, and whom its words name"),
        read=each_whole(path, key),
        key=key,
        elements=(Element("name", "recipient.name", "user.name"), *where("recipient.")),
        open_fields=_WORDS,
        rectify=Job(stages=(rectify,)) if rectify else None,
        erase=erase,
    )


def kept_by_law(kept: Residue) -> Job:
    """Return the erasure of what is booked: nobody can change it, and the law forbids to."""
    return Job(stages=(_left,), level=Level.RETAINED, residue=(kept,))


def _left(_: Connection, __: Target) -> Progress:
    return Done(0)
