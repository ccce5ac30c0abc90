"""
Mailchimp: newsletters to the members of audiences.

From the contract of the Marketing API 3.0 (3.0.85) and the vendor's documents, read on
2026-11-22; nothing was tried against the live service.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Literal

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.reading import outer_places
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PATCH,
    POST,
    Api,
    Assumption,
    Basic,
    Connection,
    Delivery,
    Depth,
    Element,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    Left,
    Level,
    Limit,
    Lookup,
    Offset,
    Places,
    Record,
    Repeat,
    Residue,
    Row,
    RowOutcome,
    RowState,
    Setting,
    Vendor,
    Walk,
    Within,
    body_of,
)

UNSUBSCRIBED, CLEANED = "unsubscribed", "cleaned"
STATUSES = ("subscribed", UNSUBSCRIBED, CLEANED, "pending", "transactional", "archived")


def data_centre(settings: Mapping[str, str]) -> Mapping[str, str]:
    """Return the data centre, which a key tells at its end: `...-us21`."""
    return {"dc": settings.get("api_key", "").rpartition("-")[2]}


def classify(reply: Reply) -> Failure | None:
    """Overload is 429, or a 403 whose body is not the JSON that every other refusal has."""
    if reply.status == 403 and not reply.header("content-type").startswith(_PROBLEM):
        return Failure(Kind.THROTTLED)
    title = reply.at("title") if reply.status >= 400 else None
    return Failure(Kind.REFUSED, str(title)) if title in api.codes else None


_PROBLEM = "application/problem+json"

api = Api(
    base="https://{dc}.api.mailchimp.com/3.0",
    hosts=("*.api.mailchimp.com",),
    settings=(
        Setting(
            "api_key",
            said("the API key of a user who may manage the audiences"),
            secret=True,
            made_at="https://admin.mailchimp.com/account/api/",
            rights=said("Manager of the account; keys have no scopes of their own"),
            form=r"[0-9a-f]{32}-[a-z]+\d+",
        ),
        Setting("audiences", said("ids of the audiences to look at"), many=True, required=False),
    ),
    derive=data_centre,
    auth=Basic("klarsyn", "{api_key}"),
    limit=Limit(at_once=10),
    classify=classify,
    codes={
        "Forgotten Email Not Subscribed": Kind.REFUSED,
        "Member In Compliance State": Kind.REFUSED,
        "API Key Invalid": Kind.KEY,
        "User Disabled": Kind.KEY,
    },
    hints={
        "Forgotten Email Not Subscribed": said(
            "it was erased for good; only the person can come back, by a form of Mailchimp's"
        ),
        "Member In Compliance State": said(
            "the person has unsubscribed or bounced; only they can subscribe again"
        ),
        404: said("check the ids of the audiences"),
    },
    ping=GET("/ping"),
    reference="https://mailchimp.com/developer/marketing/api/",
    read_on="2026-11-22",
    seconds=120,
)

# Quirks


def hash_of(address: str) -> str:
    """Return the vendor's key of an address: MD5 of it in lower case."""
    return hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()


def subscribe(connection: Connection, rows: Sequence[Row], places: Places) -> Iterator[RowOutcome]:
    """
    Add members, and change those who are there already.

    Who is there keeps the status they have: a status is sent for new members only, so nobody who
    has left is subscribed again. Who is known from an earlier delivery is changed at once.
    """
    state: RowState = "created"
    refusal = said("the vendor refuses this row")
    pending = [row for row in rows if not row.known_as]
    there = [row for row in rows if row.known_as]
    for new in (True, False):
        taken, refused = _sent(connection, pending, places, new=new) if pending else ({}, {})
        for row in pending:
            address = str(row.values["email"]).casefold()
            if address in taken:
                yield RowOutcome(row, state, hash_of(address))
            elif new and refused.get(address) == "ERROR_CONTACT_EXISTS":
                there.append(row)
            elif address in refused:
                yield RowOutcome(row, "refused", why=refusal)
            else:
                yield RowOutcome(row, "unknown", why=UNTOLD)
        state, pending = "updated", there


UNTOLD = said("the vendor's reply names this address nowhere")


def _sent(
    connection: Connection, rows: Sequence[Row], places: Places, *, new: bool
) -> tuple[dict[str, object], dict[str, object]]:
    """Send members, all new or all there; return who was taken and who refused, by address."""
    members = [_member(row, new=new) for row in rows]
    body = {"members": members, "update_existing": not new}
    reply = connection.call(ADD.but(body=body), **places)
    told: list[dict[str, object]] = [{}, {}]
    for at, lists in enumerate((("new_members", "updated_members"), ("errors",))):
        for one in chain.from_iterable(reply.at(name) or () for name in lists):
            told[at][str(one["email_address"]).casefold()] = one.get("error_code")
    return told[0], told[1]


def _member(row: Row, *, new: bool) -> dict[str, object]:
    body = body_of(member.elements, row.values)
    status = body.pop("status", "subscribed")
    return body | ({"status": status} if new or status == UNSUBSCRIBED else {})


def left(raw: Mapping[str, Any]) -> Literal["", "unsubscribed", "bounced"]:
    """Return whether a member has left; `cleaned` is what Mailchimp calls who cannot be reached."""
    if raw["status"] == UNSUBSCRIBED:
        return "unsubscribed"
    return "bounced" if raw["status"] == CLEANED else ""


ADD = POST("/lists/{list_id}", repeat=Repeat.SAFE)

# Records

audience = Walk(
    name="audience",
    read=GET("/lists", items="lists", pages=Offset("count", 1000, total="total_items")),
    only="audiences",
)
in_audience = Within(audience, {"list_id": "id"})
ONE = "/lists/{list_id}/members/{id}"
# Without the mark, somebody who lacks a field that is required could not be unsubscribed.
UNSUBSCRIBE = PATCH(ONE, query={"skip_merge_validation": True}, body={"status": UNSUBSCRIBED})
MEMBERS = GET(
    "/lists/{list_id}/members",
    items="members",
    pages=Offset("count", 1000, total="total_items"),
    each={"status": STATUSES},
)

member = Record(
    name="member",
    about=said("subscribers, and those who have left"),
    within=in_audience,
    read=MEMBERS,
    elements=(
        Element("email", "email_address", "user.contact.email"),
        Element("name", ("merge_fields.FNAME", "merge_fields.LNAME"), "user.name"),
        Element("phone", "merge_fields.PHONE", "user.contact.phone_number"),
        Element("status", means="user.privacy_preferences", write="create"),
        Element("source", write="never"),
        Element("rating", "member_rating", write="never"),
    ),
    open_fields=(
        "full_name",
        "merge_fields.*",
        "tags[].name",
        "last_note.note",
        "ip_signup",
        "ip_opt",
        "location",
        "sms_phone_number",
        "stats.ecommerce_data",
    ),
    find=(
        Lookup(by="email", call=GET("/lists/{list_id}/members/{hash}"), compute={"hash": hash_of}),
    ),
    rectify=Job(stages=(PATCH(ONE, body=CHANGES),)),
    erase=Job(
        stages=(POST(f"{ONE}/actions/delete-permanent", repeat=Repeat.SAFE),),
        level=Level.PURGED,
        proof=GET(ONE),
        residue=(Residue(said("a mark that keeps the address from being imported again")),),
    ),
    deliver=Delivery(send=subscribe, most=500, creates=("status",), consent="status"),
    left=Left(read=MEMBERS.but(each={"status": (UNSUBSCRIBED, CLEANED)}), tells=left),
    stop=Job(stages=(UNSUBSCRIBE,), proof=GET(ONE)),
    order=1,
)

note = Record(
    name="note",
    about=said("subscribers"),
    within=Within(member, {"hash": "id"}),
    read=GET(
        "/lists/{list_id}/members/{hash}/notes",
        items="notes",
        pages=Offset("count", 1000, total="total_items"),
    ),
    open_fields=("note", "created_by"),
    rectify=None,
    erase=Job(stages=(DELETE("/lists/{list_id}/members/{hash}/notes/{id}"),)),
)


def merge_fields(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the merge fields of every audience: each has its own."""
    fields = GET(
        "/lists/{list_id}/merge-fields",
        items="merge_fields",
        pages=Offset("count", 1000, total="total_items"),
    )
    for places in outer_places(connection, in_audience):
        for page in connection.pages(fields, **places):
            yield from ((f"member.merge_fields.{one['tag']}", one["name"]) for one in page)


def probe(connection: Connection) -> Mapping[str, object]:
    """Return the role of the user whose key it is, and how many contacts the plan holds."""
    account = connection.call(GET("/", query={"fields": "role,pricing_plan_type"}))
    return {"role": account.at("role"), "plan": account.at("pricing_plan_type")}


mailchimp = Vendor(
    id="mailchimp",
    name="Mailchimp",
    api=api,
    records=(member, note),
    read=HowFar(Depth.FULL, said("every status, archived members too")),
    find=HowFar(Depth.FULL),
    rectify=HowFar(Depth.FULL, said("another address gives the member another key")),
    erase=HowFar(Depth.FULL, said("for good: the address can never be imported again")),
    deliver=HowFar(Depth.FULL, said("500 a call; nobody is subscribed again")),
    unseen=(
        said("the members' activity in campaigns, beyond the last 1,000 events"),
        said("contacts of the newer contact model that are in no audience"),
    ),
    assumptions=(
        Assumption(said("a search finds a new member only after a while; it is not used")),
        Assumption(said("a 403 without JSON is overload"), Grade.DOCS),
        Assumption(said("who is unsubscribed by a call is mailed nothing about it")),
        Assumption(said("an archived member can be unsubscribed, and stays away then")),
    ),
    fields=merge_fields,
    probe=probe,
)
