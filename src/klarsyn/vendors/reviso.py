"""
Reviso, now TeamSystem "Contabilità in Cloud": books that were split off from e-conomic's.

There is no contract. From the vendor's pages on signing in, its help centre, its samples, and the
code of three integrations, read on 2026-11-22; where these are silent, e-conomic's way is assumed.
Nothing was tried against the live service.
"""

from typing import Any

from klarsyn.errors import said
from klarsyn.vendors.economic_records import (
    FLAGGED,
    agreement,
    customers,
    employee,
    kept_by_law,
    paper,
    suppliers,
    where,
    who,
)
from klarsyn.vendors.economic_whole import Whole, is_theirs
from klarsyn.vendors.economic_wire import TOKENS, away, classify, listed, settings
from klarsyn.vendors.sheet import (
    CHANGES,
    GET,
    PUT,
    Api,
    Assumption,
    Connection,
    Depth,
    Done,
    Element,
    Grade,
    HowFar,
    Job,
    Kind,
    Level,
    Progress,
    Record,
    Residue,
    Target,
    Vendor,
    Within,
)

GRANT = "https://app.reviso.com/api1/requestaccess.aspx"
api = Api(
    base="https://rest.reviso.com",
    # Links of delivery notes lead to another host; no link is followed but that to a next page.
    hosts=("rest.reviso.com",),
    settings=settings(
        "https://help.reviso.com/en/articles/5573892-use-the-apis",
        GRANT,
        said("the role that the app asks for, Superuser as a rule: who grants it has to have it"),
        said("for 360 days; then the company has to grant it again on the same page"),
    ),
    auth=TOKENS,
    classify=classify,
    codes={
        "E04300": Kind.REFUSED,
        "E06000": Kind.ABSENT,
        "S_V_87": Kind.REFUSED,
    },
    hints={
        401: said("a grant stops after 360 days: let the company grant it again"),
        "E04300": said("a field is wrong or missing, or something refers to the record"),
        "S_V_87": said("it is archived: take it out of the archive first"),
    },
    ping=GET("/self"),
    reference="https://api-docs.reviso.com/",
    read_on="2026-11-22",
)

# Quirks


def whole_at(path: str, **more: Any) -> Whole:
    """Return how a record is replaced at its path; idempotency keys are not known here."""
    return Whole(one=GET(path), write=PUT(path, body=CHANGES), **more)


def out_of_archive(connection: Connection, target: Target) -> Progress:
    """Take a paper out of the archive: an archived one cannot be deleted (S_V_87)."""
    how = papers_at(PATHS[target.record.name])
    body = how.now(connection, target.filled)
    if not body or not body.get("isArchived") or not is_theirs(target):
        return Done(0)
    return how.send(connection, target.filled, {**body, "isArchived": False})


def papers_at(path: str) -> Whole:
    """Return how a paper is replaced: without what the vendor counts itself."""
    counted = ("netAmount", "vatAmount", "grossAmount", "pdf", "id", "attachment")
    return whole_at(f"{path}/{{id}}", shown=counted, blank={"recipient.name": "-"})


# Records

OWN = (Element("certified_email", "italianCertifiedEmail", "user.contact.email"),)
ITALIAN = ("countryCode", "province")
FIELDS = (*ITALIAN, "italianCertifiedEmail", "italianCustomerType", "paymentType")
KEPT = Residue(said("booked invoices keep the recipient for as long as the law of the books says"))
customer = customers(KEPT, None, OWN, FIELDS)
supplier = suppliers(KEPT, None, (*ITALIAN, "vatNumber"))
within = Within(customer, {"customer": "customerNumber"})
CONTACT, PLACE = "/customers/{customer}/contacts", "/customers/{customer}/delivery-locations"
CONTACT_FIELDS = ("name", "email", "phone", "eInvoiceId", "notes")
contacts = whole_at(f"{CONTACT}/{{id}}", keeps=CONTACT_FIELDS)
PLACE_FIELDS = ("address", "barred", "city", "country", "postalCode", "termsOfDelivery")
locations = whole_at(f"{PLACE}/{{id}}", keeps=PLACE_FIELDS, blank={})

contact = Record(
    name="contact",
    about=said("who speaks for a customer"),
    within=within,
    read=listed(CONTACT),
    key="customerContactNumber",
    elements=who(),
    open_fields=("notes", "eInvoiceId"),
    rectify=Job(stages=(contacts.rectify,)),
    erase=Job(
        stages=(contacts.anonymise, contacts.delete_blank(away(CONTACT))),
        level=Level.REDACTED,
        proof=contacts.is_gone,
        residue=(FLAGGED,),
    ),
)
delivery_location = Record(
    name="delivery_location",
    about=said("where customers want things delivered"),
    within=within,
    read=listed(PLACE),
    key="deliveryLocationNumber",
    elements=where(postal_code="postalCode"),
    open_fields=("address", "country", "termsOfDelivery"),
    rectify=Job(stages=(locations.rectify,)),
    erase=Job(stages=(locations.erase(away(PLACE)),), proof=locations.is_gone),
)
supplier_contact = Record(
    name="supplier_contact",
    about=said("who speaks for a supplier"),
    within=Within(supplier, {"supplier": "supplierNumber"}),
    read=listed("/suppliers/{supplier}/contacts"),
    key="supplierContactNumber",
    elements=who(),
    open_fields=("notes",),
)
PATHS = {
    "order": "/orders",
    "quotation": "/quotations",
    "delivery_note": "/delivery-notes/sales",
    "invoice_draft": "/v2/invoices/drafts",
    "invoice_booked": "/v2/invoices/booked",
}


def paper_of(name: str) -> Record:
    """Return a kind of paper: all but what is booked can be deleted, once out of the archive."""
    how, path = papers_at(PATHS[name]), PATHS[name]
    if name == "invoice_booked":
        return paper(name, path, "id", erase=kept_by_law(KEPT))
    erase = Job(stages=(out_of_archive, how.erase(away(path))), proof=how.is_gone)
    return paper(name, path, "id", None if name == "delivery_note" else how.rectify, erase)


reviso = Vendor(
    id="reviso",
    name="Reviso",
    api=api,
    records=(
        *(customer, contact, delivery_location, supplier, supplier_contact),
        *(employee, agreement, *map(paper_of, PATHS)),
    ),
    read=HowFar(Depth.FULL, said("archived papers too; three calls for each customer")),
    find=HowFar(Depth.FULL, said("customers by both e-mails; all else through a reading")),
    rectify=HowFar(Depth.FULL, said("what is not booked, nor a delivery note")),
    erase=HowFar(
        Depth.PARTIAL,
        said("what papers refer to is made anonymous and barred; what is booked is kept by law"),
    ),
    deliver=HowFar(Depth.FULL, said("one customer a call; nobody is mailed")),
    unseen=(
        said("bookings and attached files, of which no call is known"),
        said("names of products, of accounts and of provinces"),
    ),
    assumptions=(
        Assumption(said("pages, filters and whole PUTs are as at e-conomic"), Grade.THIRD),
        Assumption(
            said("customers and suppliers to whom nothing refers can be deleted"), Grade.THIRD
        ),
        Assumption(said("contacts, places of delivery and orders can be replaced by a PUT")),
        Assumption(said("a deleted contact is only marked, so it is emptied first")),
        Assumption(said("employees and contacts of suppliers are read as at e-conomic")),
        Assumption(said("an archived order is freed by `isArchived` set to false"), Grade.THIRD),
        Assumption(said("lists have no lines, and archived papers are listed among the others")),
        Assumption(said("no limit is published and no key of a call is known")),
        Assumption(said("an error may come with status 200"), Grade.THIRD),
    ),
)
