"""
Zendesk Support: people who wrote to the help desk, their tickets, and what agents noted.

From the contract of the Support API 2.0.0 (of spring 2025) and the vendor's documents, read on
2026-11-22; nothing was tried against the live service.
"""

from dataclasses import replace

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.sheet import (
    DELETE,
    GET,
    VALUE,
    Api,
    Assumption,
    Basic,
    Bearer,
    Beside,
    Call,
    Clear,
    Delivery,
    Depth,
    EitherKey,
    Element,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    Level,
    Limit,
    Lookup,
    Numbered,
    Place,
    Record,
    Residue,
    Setting,
    Vendor,
    Walk,
    Within,
)
from klarsyn.vendors.stages import wait_for
from klarsyn.vendors.zendesk_erasure import (
    COMMENTS,
    EXPORT,
    IDENTITIES,
    PAGES,
    TICKETS,
    comment_is_redacted,
    comment_redacted,
    organization_is_redacted,
    organization_redacted,
    ticket_erased,
    ticket_is_erased,
    tickets_erased,
)
from klarsyn.vendors.zendesk_users import (
    IDENTITY,
    address_added,
    address_made_primary,
    is_purged,
    old_ones_removed,
    own_fields,
    probe,
    rest_changed,
    user_deleted,
    writing,
)


def classify(reply: Reply) -> Failure | None:
    """A search that is out of order says so where its results should be, with status 200."""
    word = str(reply.at("error.title") or reply.at("error") or "")
    if reply.status < 400:
        return Failure(Kind.DOWN, word) if word else None
    return Failure(Kind.REFUSED, word) if word in api.codes else None


ADMIN = said("use an administrator's key; for a delivery, ask Zendesk Support for bulk imports")
KEYS = "https://{subdomain}.zendesk.com/admin/apps-integrations/apis"

api = Api(
    base="https://{subdomain}.zendesk.com/api/v2",
    hosts=("*.zendesk.com",),
    settings=(
        Setting("subdomain", said("what stands before .zendesk.com"), form="[a-z0-9][a-z0-9-]*"),
        Setting("email", said("the address of the API token's user"), required=False),
        Setting(
            "api_token",
            said("the API token of an administrator"),
            secret=True,
            made_at=f"{KEYS}/zendesk-api",
            rights=said("an administrator's: nobody else may export users and tickets"),
            instead="token",
        ),
        Setting(
            "token",
            said("an OAuth token of an administrator, in place of the API token"),
            secret=True,
            made_at=f"{KEYS}/zendesk-api",
            rights=said("read; to correct, erase and deliver, write too"),
            lasts=said("until the day that `klarsyn doctor` tells"),
            required=False,
        ),
    ),
    auth=EitherKey({"api_token": Basic("{email}/token", "{api_token}"), "token": Bearer("token")}),
    limit=Limit(200, remaining="x-rate-limit-remaining", resets="ratelimit-reset"),
    limits={
        "exports": Limit(10),
        "tickets deleted": Limit(400),
        "users purged": Limit(700, per=600),
        "trash": Limit(5),
    },
    classify=classify,
    codes={"RecordInvalid": Kind.REFUSED, "Forbidden": Kind.RIGHTS, "unavailable": Kind.DOWN},
    hints={403: ADMIN, "Forbidden": ADMIN},
    ping=GET("/users/me"),
    reference="https://developer.zendesk.com/api-reference/",
    read_on="2026-11-22",
)

# Records

WITH_ORGANIZATION = {
    "items": "users",
    "beside": (Beside("organizations", "organization", "organization_id"),),
}
EXPORTED = {"start_time": 0, "include": "organizations"}
FOUND = Numbered("per_page", 100, more="next_page", cap=10_000)
PURGE = (
    DELETE("/deleted_users/{id}", limit="users purged"),
    wait_for(is_purged, 60, said("Zendesk is deleting the user for good")),
)
STUB = Residue(said("the id, as that of a permanently deleted user"))
SHARED = Residue(said("of tickets that others have a part in: subject, sender's address, IP"))
VIA = ("via.source.from.id", "via.source.rel")
PERSON = (
    Element("name", means="user.name"),
    Element("email", means="user.contact.email"),
    Element("phone", means="user.contact.phone_number"),
)
PERSON_AS_IT_IS = tuple(replace(one, write="never") for one in PERSON)
ELEMENTS = (
    *PERSON,
    Element("company", "organization.name", "user.contact.organization"),
    Element("reference", "external_id", "user.unique_id", clear=Clear.NULL),
)


def search(**what: Place) -> Call:
    """Return a search for users."""
    query = {**what, "include": "organizations"}
    return GET("/users/search", query=query, pages=FOUND, **WITH_ORGANIZATION)


user = Record(
    name="user",
    about=said("customers who wrote, agents, and those deleted in the last 30 days"),
    read=GET(
        "/incremental/users/cursor",
        query=EXPORTED,
        pages=EXPORT,
        limit="exports",
        **WITH_ORGANIZATION,
    ),
    elements=ELEMENTS,
    open_fields=(
        *("alias", "details", "notes", "tags", "signature", "user_fields.*", "photo.file_name"),
    ),
    find=(
        Lookup(by="email", call=search(query=VALUE), lag=600),
        Lookup(by="reference", call=search(external_id=VALUE), lag=600),
    ),
    rectify=Job(
        stages=(address_added, address_made_primary, old_ones_removed, rest_changed), lag=60
    ),
    erase=Job(
        stages=(tickets_erased, user_deleted, *PURGE), proof=is_purged, residue=(STUB, SHARED)
    ),
    deliver=Delivery(send=writing(ELEMENTS), most=100, creates=("skip_verify_email",)),
    order=3,
)
deleted_user = Record(
    name="deleted_user",
    about=said("those who were deleted, but not yet for good"),
    read=GET("/deleted_users", items="deleted_users", pages=PAGES),
    elements=PERSON_AS_IT_IS,
    erase=Job(stages=(tickets_erased, *PURGE), proof=is_purged, residue=(STUB, SHARED)),
    order=4,
)
identity = Record(
    name="identity",
    about=said("further addresses and numbers of a user"),
    within=Within(
        Walk(name="active user", read=GET("/users", items="users", pages=PAGES)), {"user_id": "id"}
    ),
    read=IDENTITIES,
    open_fields=("value",),
    erase=Job(stages=(DELETE(IDENTITY),), proof=GET(IDENTITY)),
    order=5,
)
organization = Record(
    name="organization",
    about=said("customers' firms, and whom the notes on them name"),
    read=GET("/organizations", items="organizations", pages=PAGES),
    elements=(Element("company", "name", "user.contact.organization"),),
    open_fields=(
        *("details", "notes", "external_id", "domain_names", "tags", "organization_fields.*"),
    ),
    erase=Job(
        stages=(organization_redacted,),
        level=Level.REDACTED,
        proof=organization_is_redacted,
        by_hand=said("delete the organization itself where it is one person's firm"),
    ),
)
ticket = Record(
    name="ticket",
    about=said("who asked, who got a copy, and whom the subject names; deleted tickets too"),
    read=TICKETS,
    open_fields=(
        *("subject", "description", "recipient", "via.source", "tags", "external_id"),
        *("custom_fields[id=*].value", "satisfaction_rating.comment"),
        *("people[].name", "people[].email", "people[].phone"),
    ),
    ignored=VIA,
    erase=Job(stages=(ticket_erased,), proof=ticket_is_erased, residue=(SHARED,)),
    order=1,
)
comment = Record(
    name="comment",
    about=said("who wrote it, and whom it names; internal notes too"),
    within=Within(ticket, {"ticket_id": "id"}, where=lambda one: one["status"] != "deleted"),
    read=COMMENTS,
    open_fields=(
        *("body", "html_body", "via.source", "attachments[].file_name", "metadata.system"),
        *("author.name", "author.email", "author.phone"),
    ),
    ignored=VIA,
    erase=Job(
        stages=(comment_redacted,),
        level=Level.REDACTED,
        proof=comment_is_redacted,
        residue=(SHARED,),
    ),
    order=2,
)
suspended_ticket = Record(
    name="suspended_ticket",
    about=said("senders of mail that was kept out, for the most part strangers"),
    read=GET("/suspended_tickets", items="suspended_tickets", pages=PAGES),
    elements=tuple(replace(one, at=f"author.{one.name}") for one in PERSON_AS_IT_IS[:2]),
    open_fields=("subject", "content", "recipient", "via.source", "attachments[].file_name"),
    ignored=VIA,
    erase=Job(stages=(DELETE("/suspended_tickets/{id}"),), proof=GET("/suspended_tickets/{id}")),
)


zendesk = Vendor(
    id="zendesk",
    name="Zendesk",
    api=api,
    records=(user, deleted_user, identity, organization, ticket, comment, suspended_ticket),
    read=HowFar(Depth.FULL, said("deleted users and tickets, internal notes, suspended mail")),
    find=HowFar(Depth.FULL, said("a search for the user; everything else is looked through")),
    rectify=HowFar(Depth.FULL, said("four calls for another address; nobody is mailed")),
    erase=HowFar(Depth.FULL, said("their own tickets too; where others have a part, redacted")),
    deliver=HowFar(Depth.FULL, said("100 a job; nobody is mailed")),
    unseen=(
        said("chats, calls, custom objects, the help center, and what is inside attachments"),
        said("what has changed in the last minute"),
    ),
    assumptions=(
        Assumption(said("an export from the beginning may start at 0")),
        Assumption(said("exports list users and organizations beside, if asked"), Grade.DOCS),
        Assumption(said("200 requests a minute, the least of any plan"), Grade.THIRD),
        Assumption(said("a search finds a new user after ten minutes at most"), Grade.THIRD),
        Assumption(said("an identity takes skip_verify_email among its own fields")),
        Assumption(said("users with open tickets are kept, told as RecordInvalid")),
        Assumption(said("each product that deletes a user tells when it begins and is through")),
    ),
    fields=own_fields,
    probe=probe,
)
