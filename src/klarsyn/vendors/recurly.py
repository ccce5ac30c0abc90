"""
Recurly: subscriptions, their invoices, and the accounts of those who pay.

From the contract of the API v2021-02-25 (in the vendor's own client 4.81.0) and the vendor's
documents, read on 2026-11-22; nothing was tried against the live service.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from klarsyn.errors import Message, said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.elements import Elements, Write
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    POST,
    PUT,
    VALUE,
    Api,
    Assumption,
    Basic,
    Call,
    Connection,
    Delivery,
    Depth,
    Done,
    Element,
    Failure,
    HowFar,
    IdempotencyKey,
    Job,
    Kind,
    Level,
    Limit,
    Link,
    Lookup,
    Progress,
    Record,
    Refused,
    Repeat,
    Residue,
    Setting,
    Target,
    Vendor,
    Within,
)
from klarsyn.vendors.stages import cleared, each_away, only_if, set_or_add, set_whole, wait_for


def host(settings: Mapping[str, str]) -> Mapping[str, str]:
    """Return the host of a site's region; a key opens one site, in one region."""
    return {"host": "v3.recurly.com" if settings.get("region") == "us" else "v3.eu.recurly.com"}


def classify(reply: Reply) -> Failure | None:
    """An error tells its type within `error`, whatever the status says."""
    word = reply.at("error.type")
    return Failure(Kind.DOWN, word) if word in api.codes or (word and reply.status < 400) else None


api = Api(
    base="https://{host}",
    hosts=("v3.recurly.com", "v3.eu.recurly.com"),
    settings=(
        Setting(
            "api_key",
            said("a private API key of the site"),
            secret=True,
            made_at="https://app.recurly.com/go/developer/api_keys",
            rights=said("reading for audits; writing for the rest: a key has no finer scopes"),
        ),
        Setting("region", said("where the site is"), default="eu", choices=("eu", "us")),
    ),
    derive=host,
    auth=Basic("{api_key}"),
    headers={"Accept": "application/vnd.recurly.v2021-02-25"},
    # A sandbox allows 400, a site in production 1,000 GETs, which the company's own software needs.
    limit=Limit(400, 60, remaining="X-RateLimit-Remaining", resets="X-RateLimit-Reset"),
    classify=classify,
    codes={"validation": Kind.REFUSED, "simultaneous_request": Kind.DOWN},
    hints={
        401: said("check the key and the region: a key opens one site"),
        403: said("the key may only read, or the site's plan lacks this"),
        406: said("the vendor no longer knows this version of its API"),
    },
    ping=Call("HEAD", "/accounts", reads=True),
    reference="https://recurly.com/developers/api/v2021-02-25/",
    read_on="2026-11-22",
)

# Calls

flat = chain.from_iterable
KEY = IdempotencyKey("Idempotency-Key", 3600)
PAGES = Link("next", size="limit", most=200, more="has_more")
UNSIZED = Link("next", more="has_more")
ONE, OF = "/accounts/{id}", "/accounts/{account_id}"
ACCOUNTS = GET("/accounts", items="data", pages=PAGES)
NOTES = GET(f"{OF}/notes", items="data", pages=UNSIZED)
NOTE_AWAY = DELETE(f"{OF}/notes/{{id}}", key=KEY)
DEFINED = GET("/custom_field_definitions", items="data", pages=PAGES)
CHARGES = GET(f"{ONE}/line_items", query={"state": "pending"}, items="data", pages=PAGES)
BILLS = GET(f"{ONE}/invoices", items="data", pages=PAGES)
SET = PUT(ONE, body=CHANGES, key=KEY)
REDACT = PUT(f"{ONE}/redact", key=KEY)
ADD = POST("/accounts", body=CHANGES, key=KEY)
# A change of a card's details may reach its holder by mail.
SET_CARD = PUT(f"{OF}/billing_infos/{{id}}", body=CHANGES, key=KEY, notifies="the card's holder")

# Quirks


def unless_busy(connection: Connection, target: Target) -> Progress:
    """Refuse before anything is deleted what the vendor would refuse afterwards."""
    account_id = target.places.get("account_id", target.key)
    if connection.call(GET(ONE), id=account_id).at("has_active_subscription"):
        return Refused(said("the account has an active subscription: it has to end first"))
    if any(connection.pages(CHARGES, id=account_id)):
        return Refused(said("the account has charges that are not invoiced yet"))
    if any(0 < one["paid"] < one["total"] for one in flat(connection.pages(BILLS, id=account_id))):
        return Refused(said("the account has an invoice that is paid in part"))
    return Done(0)


def own_fields_away(connection: Connection, target: Target) -> Progress:
    """Clear the company's own fields, of which a redaction says nothing."""
    fields = connection.call(GET(ONE), id=target.key).at("custom_fields") or ()
    empty = [{"name": one["name"], "value": ""} for one in fields if one["value"]]
    if empty:
        connection.call(SET, id=target.key, changes={"custom_fields": empty})
    return Done(len(empty))


STAYS = {"code", "country", "language", "exemption_certificate"}
"""What the books may go on saying of a redacted account; of nobody on its own."""
notes_away = each_away(NOTES, NOTE_AWAY, "account_id")
is_redacted = cleared(GET(ONE), STAYS)
WAIT = said("the vendor has accepted the redaction and not finished it")
KEPT = said("kept for the books; the redaction of its account clears what it can")


def own_fields(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the fields that the company has defined for its accounts and subscriptions."""
    for one in flat(connection.pages(DEFINED)):
        if one["related_type"] in {"account", "subscription"} and not one["deleted_at"]:
            path = f"{one['related_type']}.custom_fields[name={one['name']}].value"
            yield path, one["display_name"]


# Records

OWN = "custom_fields[name=*].value"
NO_WORDS = ("id", "object", "account_id", "created_at", "updated_at", "card_type", "gateway_code")


def party(who: str, where: str, email: str, write: Write = "always") -> Elements:
    """Return the elements of somebody who is named at one place and lives at another."""
    return (
        Element("email", email, "user.contact.email", write=write),
        Element("name", (f"{who}first_name", f"{who}last_name"), "user.name", write=write),
        Element("company", f"{who}company", "user.contact.organization", write=write),
        Element("phone", f"{where}phone", "user.contact.phone_number", write=write),
        Element("organisation_number", "vat_number", "user.government_id", write=write, most=20),
        Element("street", f"{where}street1", "user.contact.address", write=write),
        *(Element(one, f"{where}{one}", write=write) for one in ("postal_code", "city", "country")),
    )


ISSUED = Residue(said("invoices already issued keep the name and address that they were sent to"))
BOOKED = Residue(said("the account with its code, and its bookings, for the books"))
WHO = (
    Element("code", means="user.unique_id", write="create", most=50),
    *party("", "address.", "email"),
    Element("language", "preferred_locale"),
)
ADDED = set_or_add(SET, ADD, WHO, "code", "code-{}")
account = Record(
    name="account",
    about=said("customers who pay, open and closed accounts"),
    order=-1,  # before all that hangs on it
    read=ACCOUNTS,
    elements=WHO,
    open_fields=(
        *("username", "cc_emails", "address.*", OWN, "exemption_certificate"),
        "external_accounts[].external_account_code",
    ),
    find=(
        Lookup(by="email", call=ACCOUNTS.but(query={"email": VALUE})),
        Lookup(by="reference", call=GET("/accounts/code-{value}")),
    ),
    rectify=Job(stages=(set_whole(SET, "address"),), residue=(ISSUED,)),
    erase=Job(
        stages=(unless_busy, notes_away, own_fields_away, REDACT, wait_for(is_redacted, 60, WAIT)),
        level=Level.REDACTED,
        proof=is_redacted,
        residue=(ISSUED, BOOKED, Residue(said("what staff wrote on invoices and subscriptions"))),
    ),
    deliver=Delivery(ADDED, match_on="code", reference=True, repeat=Repeat.LOOK_FIRST, by_key=True),
)
in_account = Within(account, {"account_id": "id"})

billing_info = Record(
    name="billing_info",
    about=said("who pays, and by which card or account"),
    within=in_account,
    read=GET(f"{OF}/billing_infos", items="data", pages=UNSIZED),
    elements=party("", "address.", "")[1:],
    open_fields=("address.*", "payment_method.*", "updated_by.ip"),
    ignored=tuple(f"payment_method.{name}" for name in NO_WORDS),
    rectify=Job(stages=(set_whole(SET_CARD, "address"),)),
    erase=Job(stages=(unless_busy, DELETE(f"{OF}/billing_infos/{{id}}", key=KEY))),
)
shipping_address = Record(
    name="shipping_address",
    about=said("who receives the goods"),
    within=in_account,
    read=GET(f"{OF}/shipping_addresses", items="data", pages=PAGES),
    elements=party("", "", "email"),
    open_fields=("nickname", "street2", "region", "geo_code"),
    rectify=Job(stages=(PUT(f"{OF}/shipping_addresses/{{id}}", body=CHANGES, key=KEY),)),
    erase=Job(stages=(DELETE(f"{OF}/shipping_addresses/{{id}}", key=KEY),)),
)
note = Record(
    name="note",
    about=said("customers, in the words of staff; and who wrote them"),
    within=in_account,
    read=NOTES,
    open_fields=("message", "user.email", "user.first_name", "user.last_name"),
    erase=Job(stages=(NOTE_AWAY,)),
)


def book(name: str, about: Message, who: Elements, *places: str, one: str = "") -> Record:
    """Return a kind of record that is read for the whole site, and that nobody can delete."""
    look = only_if(cleared(GET(one or f"/{name}s/{{id}}"), STAYS, account_id="account.id"), KEPT)
    return Record(
        name=name,
        about=about,
        read=GET(f"/{name}s", items="data", pages=PAGES),
        elements=who,
        open_fields=places,
        ignored=tuple(f"{place}.{name}" for place in places for name in NO_WORDS),
        erase=Job(stages=(look,), level=Level.REDACTED),
    )


HOLDER = (Element("email", "account.email", "user.contact.email", write="never"),)
BILLED = party("address.", "address.", "account.email", "never")
PAID = party("billing_address.", "billing_address.", "account.email", "never")
CHARGED = tuple(one for one in PAID if one.name != "company")

SENT = ("shipping_address",)
TERMS = ("po_number", "customer_notes", "terms_and_conditions", OWN)
INVOICED = (*TERMS, *SENT, "address.*", "vat_reverse_charge_notes")
CLEARING = ("billing_address.*", "payment_method", "ip_address_v4", "gateway_response_values")
CHANGING = ("pending_change.shipping.address", f"pending_change.{OWN}")
BROUGHT, ACQUIRED = ("channel", "subchannel", "campaign"), f"{OF}/acquisition"

BOOKS = (
    book("invoice", said("customers, as they were when it was issued"), BILLED, *INVOICED),
    book("transaction", said("who paid, from where"), CHARGED, "description", *CLEARING),
    book("subscription", said("customers"), HOLDER, *TERMS, "shipping.address", *CHANGING),
    book("line_item", said("customers, in words of staff"), HOLDER, "description", *SENT, OWN),
    book("acquisition", said("customers, and what brought them"), HOLDER, *BROUGHT, one=ACQUIRED),
)

recurly = Vendor(
    id="recurly",
    name="Recurly",
    api=api,
    records=(account, billing_info, shipping_address, note, *BOOKS),
    read=HowFar(Depth.FULL, said("closed accounts too; three calls for each account")),
    find=HowFar(Depth.FULL, said("by e-mail and by code; by anything else through a reading")),
    rectify=HowFar(Depth.FULL, said("accounts, billing and shipping; what was issued stays")),
    erase=HowFar(Depth.FULL, said("for good, but not while a subscription or a charge is open")),
    deliver=HowFar(
        Depth.FULL, said("one account a call; its code is a reference, or what is declared")
    ),
    unseen=(said("recipients of gift cards, exported files, and mails that were sent"),),
    assumptions=(
        Assumption(said("an account that is redacted shows empty fields, and no other sign")),
        Assumption(said("a redaction touches neither notes nor the company's own fields")),
        Assumption(said("an address that a delivery sends in part keeps its other fields")),
        Assumption(said("a card's name and address can be set without its number")),
        Assumption(said("the list of billing details works on sites with one card an account")),
        Assumption(said("a change of billing details may be mailed to their holder")),
        Assumption(said("a new or changed account makes the vendor mail nobody")),
        Assumption(said("an address is found however it is capitalised")),
    ),
    fields=own_fields,
)
