"""
Visma e-conomic: the books of a company, in which a customer may be a person.

From the vendor's contracts (the legacy schemas as OpenAPI; the customers service 3.1.0, suppliers
2.0.0, documents 4.0.1, booked entries 4.0.0, subscriptions 6.0.3, projects 1.1.0), its guides, and
what others saw the live server do, read on 2026-11-22 and 26; nothing was tried live.
"""

from collections.abc import Mapping
from datetime import date

from klarsyn.errors import Message, said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.economic_modules import KEY, MODULES, all_of, newer
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
from klarsyn.vendors.economic_whole import Whole
from klarsyn.vendors.economic_wire import (
    TOKENS,
    away,
    by_email,
    classify,
    listed,
    settings,
)
from klarsyn.vendors.sheet import (
    CHANGES,
    GET,
    PUT,
    Api,
    Assumption,
    Depth,
    Grade,
    HowFar,
    Job,
    Kind,
    Level,
    Limit,
    Record,
    Residue,
    Vendor,
    Walk,
    Within,
)


def calls_left(reply: Reply) -> float | None:
    """Return how many calls are left: `...-per-60-seconds: 147/10000` are tokens used, of all."""
    used, _, most = reply.header("X-RateLimiting").rpartition(": ")[2].partition("/")
    cost = reply.number("X-CallCost")
    known = cost and used.isdecimal() and most.isdecimal()
    return (int(most) - int(used)) // cost if cost and known else None


REFUSALS = ("E04300", "E04810", "BadFilterRequest", "UpdateConflict")
APIS = "https://apis.e-conomic.com"
api = Api(
    base="https://restapi.e-conomic.com",
    bases={
        "customers": f"{APIS}/customersapi/v3.1.0",
        "suppliers": f"{APIS}/suppliersapi/v2.0.0",
        "documents": f"{APIS}/documentsapi/v4.0.1",
        "projects": f"{APIS}/projectsapi/v1.1.0",
        "entries": f"{APIS}/bookedEntriesapi/v4.0.0",
        "subscriptions": f"{APIS}/subscriptionsapi/v6.0.3",
    },
    hosts=("restapi.e-conomic.com", "apis.e-conomic.com"),
    settings=settings(
        "https://www.e-conomic.com/developer/connect",
        "https://secure.e-conomic.com/secure/api1/requestaccess.aspx",
        said("the roles Sales, Bookkeeping and Project employee: a role cannot only read"),
    ),
    auth=TOKENS,
    # 10,000 tokens in 60 seconds for both surfaces; a call costs three.
    limit=Limit(10_000 // 3, 60, left=calls_left),
    classify=classify,
    codes={**dict.fromkeys(REFUSALS, Kind.REFUSED), "E06000": Kind.ABSENT},
    hints={
        "E04300": said("a field is wrong or missing, or something refers to the record"),
        401: said("check both tokens: a company can take back what it granted"),
        403: said("the app lacks a role, or the company lacks the module"),
    },
    ping=GET("/self"),
    reference="https://restdocs.e-conomic.com/",
    read_on="2026-11-22",
)

# Quirks


def end_of_keeping(on: date, _: Mapping[str, object]) -> date:
    """Return until when Danish books of that day are kept: five years after the end of a year."""
    return date(on.year + 5, 12, 31)


# Records

KEPT = Residue(said("booked invoices keep the recipient, as the law says"), end_of_keeping)
BOOKED = kept_by_law(KEPT)
PLACE_AWAY = away("/DeliveryLocations", KEY, "customers")
locations = newer("customers", "/DeliveryLocations", blank={})
details = newer("customers", "/Customers", "/{id}", blank={})
customer_details = Record(
    name="customer_details",
    about=said("what only the newer service shows of customers"),
    read=all_of("customers", "/Customers"),
    key="customerNumber",
    open_fields=(
        *("contactPerson", "address2", "county", "bankAccount", "bankGiroNumber", "iban", "swift"),
        *("recipientPeppol", "voucherNumber", "defaultStatementOfAccountRecipient"),
        *(f"default{one}Recipient" for one in ("Invoice", "Order", "Quote", "Reminder")),
    ),
    erase=Job(stages=(details.anonymise,), level=Level.REDACTED, proof=details.is_gone),
    order=1,
)


def contact_of(name: str, about: Message, service: str) -> Record:
    """Return contacts, which are blanked before they are deleted: a deletion only flags them."""
    how = newer(service, "/Contacts")
    return Record(
        name=name,
        about=about,
        read=all_of(service, "/Contacts"),
        key="number",
        elements=who(),
        open_fields=("notes", "eInvoiceId"),
        find=(by_email(all_of(service, "/Contacts")),),
        rectify=Job(stages=(how.rectify,)),
        erase=Job(
            stages=(how.anonymise, how.delete_blank(away("/Contacts", KEY, service))),
            level=Level.REDACTED,
            proof=how.is_gone,
            residue=(FLAGGED,),
        ),
    )


contact = contact_of("contact", said("who speaks for a customer"), "customers")
supplier_contact = contact_of("supplier_contact", said("who speaks for a supplier"), "suppliers")
delivery_location = Record(
    name="delivery_location",
    about=said("where customers want things delivered"),
    read=all_of("customers", "/DeliveryLocations"),
    key="number",
    elements=where(postal_code="postalCode"),
    open_fields=("address", "country", "termsOfDelivery", "eInvoiceId"),
    rectify=Job(stages=(locations.rectify,)),
    erase=Job(stages=(locations.erase(PLACE_AWAY),), proof=locations.is_gone),
)
DRAFT = (
    *("date", "currency", "exchangeRate", "dueDate", "paymentTerms", "customer", "recipient"),
    *("deliveryLocation", "delivery", "notes", "references", "project", "lines"),
)


def draft(path: str, key: str) -> Record:
    """Return drafts, which are replaced without the company's number: it is read, not written."""
    how = Whole(
        one=GET(f"{path}/{{id}}"),
        write=PUT(f"{path}/{{id}}", body=CHANGES, key=KEY),
        keeps=DRAFT,
        blank={"recipient.name": "-"},
        shown=("recipient.cvr",),
    )
    away = Job(stages=(how.anonymise,), level=Level.REDACTED, proof=how.is_gone)
    return paper(f"{path.split('/')[1][:-1]}_draft", path, key, how.rectify, away)


papers = (
    draft("/invoices/drafts", "draftInvoiceNumber"),
    draft("/orders/drafts", "orderNumber"),
    draft("/quotes/drafts", "quoteNumber"),
    paper("booked_invoice", "/invoices/booked", "bookedInvoiceNumber", erase=BOOKED),
    *(paper(f"{one}_order", f"/orders/{one}", "orderNumber") for one in ("sent", "archived")),
    *(paper(f"{one}_quote", f"/quotes/{one}", "quoteNumber") for one in ("sent", "archived")),
)
sending = Record(
    name="sent_invoice",
    about=said("to whom an invoice was sent by phone or network"),
    read=listed("/invoices/sent"),
    elements=who("", "recipient.mobilePhone", "recipient.name")[1:],
    open_fields=("createdBy", "recipient.ean"),
)
journal = Walk(name="journal", read=listed("/journals"), key="journalNumber")
ENTRY = ("text", "supplierInvoiceNumber", "paymentDetails.fiSupplierNo")
PAID = (
    "message",
    "ocrLine",
    "ocrLineMessage",
    "accountNo",
    "giroAccount",
    "ibanSwift",
    "fiSupplierNo",
)
entry = Record(
    name="journal_entry",
    about=said("who paid or was paid, in words of staff"),
    within=Within(journal, {"journal": "journalNumber"}),
    read=listed("/journals/{journal}/entries"),
    key="journalEntryNumber",
    open_fields=(*ENTRY, *(f"paymentDetails.{one}" for one in PAID)),
)
booked_entry = Record(
    name="booked_entry",
    about=said("who paid or was paid, in words of staff"),
    read=all_of("entries", "/booked-entries"),
    key="entryNumber",
    open_fields=("text", "supplierInvoiceNumber"),
    erase=BOOKED,
)
attached = Record(
    name="attached_document",
    about=said("whoever stands in receipts and invoices that were received"),
    read=all_of("documents", "/AttachedDocuments"),
    key="number",
    open_fields=("note",),
    unread=lambda _: said("the attached PDF is not read"),
    erase=BOOKED,
)

economic = Vendor(
    id="e-conomic",
    name="Visma e-conomic",
    api=api,
    records=(
        *(customers(KEPT, KEY), customer_details, contact, delivery_location),
        *(suppliers(KEPT, KEY), supplier_contact, employee, agreement),
        *(*MODULES, *papers, sending, entry, booked_entry, attached),
    ),
    read=HowFar(Depth.FULL, said("a firm's name is no person's, a sole trader's is: look at each")),
    find=HowFar(Depth.FULL, said("customers and contacts by e-mail; all else through a reading")),
    rectify=HowFar(Depth.FULL, said("what is not booked, sent or archived")),
    erase=HowFar(
        Depth.PARTIAL,
        said("what papers refer to is made anonymous and barred; what is booked is kept by law"),
    ),
    deliver=HowFar(Depth.FULL, said("one customer a call; nobody is mailed")),
    unseen=(
        said(
            "pages of PDF files: of attached documents the notes are read, of drafts' files nothing"
        ),
        said("the CPR number for whom a draft is, which it takes and never tells (q2c 5.3.0)"),
        said("names of products, accounts, departments, activities and kinds of costs"),
    ),
    assumptions=(
        Assumption(said("a deleted contact stays in the list and takes changes")),
        Assumption(said("both surfaces show the same contacts, and list the deleted ones")),
        Assumption(said("a PUT on the older surface leaves what only the newer one shows")),
        Assumption(said("a record that nothing refers to is deleted for good (204)"), Grade.THIRD),
        Assumption(said("these three roles show together all that is read")),
        Assumption(
            said("who lacks a module is refused with 403, and /self names those that are on")
        ),
        Assumption(said("square brackets stand in a filter as they are"), Grade.THIRD),
        Assumption(said("`$like` with a star on both sides finds a part of a field")),
    ),
)
