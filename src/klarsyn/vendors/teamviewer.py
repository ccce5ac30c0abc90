"""
TeamViewer: customers who were helped, in cases, reports, and the texts that hide behind reports.

From a transcribed part of the contract of the Web API v1, the vendor's own PowerShell module and
its documents, read on 2026-11-22; nothing was tried against the live service.

`DELETE /users` without an id deletes the whole company: no call can say it.
"""

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PUT,
    VALUE,
    Api,
    Assumption,
    Bearer,
    Connection,
    Cursor,
    Delivery,
    Depth,
    Element,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    LastKey,
    Level,
    Limit,
    Lookup,
    Place,
    Record,
    Repeat,
    Residue,
    Setting,
    Target,
    Vendor,
    Within,
)
from klarsyn.vendors.stages import set_whole
from klarsyn.vendors.teamviewer_cases import CASE, CUSTOMER, DETAILS, SESSIONS, SET_CASE, send
from klarsyn.vendors.teamviewer_reports import LOG, REPORTS

CODES = {
    "invalid_request": Kind.REFUSED,
    "invalid_token": Kind.KEY,
    "token_expired": Kind.KEY,
    "invalid_permission": Kind.RIGHTS,
    "not_found": Kind.ABSENT,
    "rate_limit_reached": Kind.THROTTLED,
    "too_many_retries": Kind.THROTTLED,
    "internal_error": Kind.DOWN,
}


def classify(reply: Reply) -> Failure | None:
    """An error tells its word whatever the status; a ping says of a wrong token that it is."""
    if reply.at("token_valid") is False:
        return Failure(Kind.KEY, "invalid_token")
    word = reply.at("error")
    if isinstance(word, str) and word in CODES:
        return Failure(CODES[word], word)
    return Failure(Kind.DOWN) if reply.status < 300 and reply.at("error_signature") else None


api = Api(
    base="https://webapi.teamviewer.com/api/v1",
    hosts=("webapi.teamviewer.com",),
    settings=(
        Setting(
            "token",
            said("a script token of the company, or of one user for that user's own"),
            secret=True,
            made_at="https://login.teamviewer.com/",
            rights=said(
                "to view users, contacts, devices, sessions, connection reports and chats; "
                "to edit and delete those that are to be changed"
            ),
        ),
        Setting("group", said("the group in which cases are opened, by its name"), required=False),
    ),
    auth=Bearer("token"),
    # The vendor throttles and publishes no numbers; this one is ours.
    limit=Limit(600, 60),
    classify=classify,
    codes=CODES,
    hints={
        "invalid_permission": said("give the token this right, or take a plan that has this API"),
    },
    ping=GET("/ping"),
    reference="https://webapi.teamviewer.com/api/v1/docs/index",
    read_on="2026-11-22",
)

# Calls

USERS = GET("/users", query=DETAILS, items="users")
# A new address has to be confirmed by its owner, it is thought.
SET_USER = PUT("/users/{id}", body=CHANGES, notifies="the user whose address changes")
USER_AWAY = DELETE("/users/{id}", query={"isPermanentDelete": True})
DEVICES = GET("/devices", items="devices")
NOBODY = "-"

# Quirks


def device_is_nobodys(connection: Connection, target: Target) -> bool:
    """Return whether a device is off the list, or says nothing any more."""
    pages = connection.pages(DEVICES)
    left = [one for page in pages for one in page if one["device_id"] == target.key]
    return all(one["alias"] == NOBODY and not one.get("description") for one in left)


# Records

user = Record(
    name="user",
    about=said("staff, and whoever else has an account in the company"),
    read=USERS,
    elements=(Element("email", means="user.contact.email"), Element("name", means="user.name")),
    open_fields=("*",),
    ignored=("id", "userRoleId", "last_access_date"),
    find=(Lookup(by="email", call=USERS.but(query={"email": VALUE, **DETAILS})),),
    rectify=Job(stages=(SET_USER,), residue=(LOG,)),
    erase=Job(stages=(USER_AWAY,), proof=GET("/users/{id}"), residue=(LOG,)),
)
contact = Record(
    name="contact",
    about=said("customers and others in a list of contacts"),
    read=GET("/contacts", items="contacts"),
    key="contact_id",
    elements=(
        Element("name", means="user.name", write="never"),
        Element("email", means="user.contact.email", write="never"),
    ),
    open_fields=("*",),
    ignored=("contact_id", "user_id", "groupid"),
    erase=Job(stages=(DELETE("/contacts/{id}"),), proof=GET("/contacts/{id}"), residue=(LOG,)),
)
session = Record(
    name="session",
    about=said("customers who asked for help, in cases that are open or closed"),
    read=SESSIONS,
    key="code",
    elements=CUSTOMER,
    open_fields=("*",),
    ignored=("code", "groupid", "created_at", "valid_until", "supporter_link", "end_customer_link"),
    rectify=Job(stages=(set_whole(SET_CASE, "end_customer"),)),
    erase=Job(stages=(DELETE(CASE),), proof=GET(CASE), residue=(LOG,)),
    deliver=Delivery(send=send, most=100, alone=True, repeat=Repeat.LOOK_FIRST),
)


device = Record(
    name="device",
    about=said("customers after whom a computer in the list is called"),
    read=DEVICES,
    key="device_id",
    elements=(Element("alias", free=True), Element("description", free=True)),
    open_fields=("*",),
    ignored=("device_id", "remotecontrol_id", "teamviewer_id", "groupid"),
    rectify=Job(stages=(PUT("/devices/{id}", body=CHANGES),)),
    erase=Job(
        stages=(PUT("/devices/{id}", body={"alias": NOBODY, "description": ""}),),
        level=Level.REDACTED,
        proof=device_is_nobodys,
        residue=(Residue(said("the computer in the list, under no name")), LOG),
    ),
)
managed = Record(
    name="managed_device",
    about=said("customers after whom a managed computer is called"),
    read=GET(
        "/managed/devices",
        items="resources",
        pages=Cursor("nextPaginationToken", "paginationToken"),
    ),
    open_fields=("*",),
    ignored=("id", "teamviewerId"),
)
room = Record(
    name="room",
    about=said("whoever takes part in a chat of the token's user"),
    read=GET("/chat/Rooms", items="rooms"),
    key="room_id",
    open_fields=("*",),
    ignored=("room_id",),
)
message = Record(
    name="message",
    about=said("whoever writes in a chat, and whomever they write of"),
    within=Within(room, {"room": "room_id"}),
    read=GET(
        "/chat/Messages",
        query={"roomId": Place("room")},
        items="messages",
        pages=LastKey("lastMessageId", "id"),
    ),
    open_fields=("*",),
    ignored=("id", "room_id", "created_at", "sender.endpoint_id"),
)

teamviewer = Vendor(
    id="teamviewer",
    name="TeamViewer",
    api=api,
    records=(user, contact, session, *REPORTS, device, managed, room, message),
    read=HowFar(Depth.FULL, said("five calls for each report: for the texts behind it")),
    find=HowFar(Depth.PARTIAL, said("what screenshots show, and the event log, is not searched")),
    rectify=HowFar(Depth.PARTIAL, said("users, cases, notes, names of devices; the rest by hand")),
    erase=HowFar(Depth.PARTIAL, said("chats, names of managed devices and the event log stay")),
    deliver=HowFar(Depth.FULL, said("cases, one for each address; nobody is invited")),
    unseen=(
        said("with a user's token: what belongs to others"),
        said("the event log, meetings, names of groups, and what screenshots show"),
        said("chats of others than the token's user"),
    ),
    assumptions=(
        Assumption(said("without dates all reports are listed, however old")),
        Assumption(said("the list of cases and its pages have this form"), Grade.THIRD),
        Assumption(said("reports of the other side are listed and deleted like one's own")),
        Assumption(said("a contact, and a report, may tell an address or a customer")),
        Assumption(said("a text that was not kept is told by status 404")),
        Assumption(said("texts behind a report go with it")),
        Assumption(said("messages are listed after the last one that was read")),
        Assumption(said("a case that is opened or changed mails nobody")),
        Assumption(said("a user whose address changes may be told by mail")),
        Assumption(said("a ping with a wrong token has status 200"), Grade.THIRD),
        Assumption(said("600 requests a minute are not too many")),
        Assumption(said("a device can be renamed and its description emptied"), Grade.DOCS),
    ),
)
