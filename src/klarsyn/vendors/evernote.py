"""
Evernote: notes of colleagues, in which customers turn up.

From the vendor's own Thrift IDL of EDAM 1.28 (2018) and what others have published since, read on
2026-11-22; nothing was tried against the live service.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.transport.thrift import METHOD, Interface, KeyArgument
from klarsyn.vendors.evernote_notes import (
    NOTES,
    TAGS,
    TRASH,
    change,
    notes,
    overwrite,
    overwritten,
    search,
    synced,
    versions,
)
from klarsyn.vendors.sheet import (
    Api,
    Assumption,
    Clear,
    Connection,
    Depth,
    Element,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    Level,
    Lookup,
    Places,
    Record,
    Residue,
    Setting,
    Vendor,
)

USERS = Interface("evernote", "UserStore", path="/edam/user")
USER = METHOD(USERS, "getUser", reads=True)
URLS = METHOD(USERS, "getUserUrls", reads=True)


def note_store(connection: Connection) -> str:
    """Return where the account's notes are: each lies in a part of the service that it tells."""
    if "note_store" not in connection.memory:
        connection.memory["note_store"] = connection.call(URLS).at("success.noteStoreUrl")
    return str(connection.memory["note_store"])


def classify(reply: Reply) -> Failure | None:
    """Every failure comes with status 200, as an exception that the method declares."""
    if reply.at("notFoundException") is not None:
        return Failure(Kind.ABSENT)
    if reply.at("applicationException") is not None:
        return Failure(Kind.DOWN)
    told, kind = reply.at("userException"), Kind.REFUSED
    if told is None:
        told, kind = reply.at("systemException"), Kind.DOWN
    if told is None:
        return None
    code, parameter = str(told["errorCode"]), told.get("parameter")
    if (code, parameter) == ("DATA_CONFLICT", "Note.guid"):
        return Failure(Kind.DONE)  # it was in the trash already
    if parameter == "authenticationToken" and code in {"BAD_DATA_FORMAT", "DATA_REQUIRED"}:
        return Failure(Kind.KEY)
    return Failure(kind, code, told.get("rateLimitDuration"))


api = Api(
    protocol="thrift",
    base="https://www.evernote.com",
    bases={"notes": note_store},
    hosts=("*.evernote.com",),
    settings=(
        Setting(
            "token",
            said("the access token of the account, which the company has to hold already"),
            secret=True,
            made_at="https://dev.evernote.com/",
            rights=said("to read and to update notes; to delete for good is granted to nobody"),
            lasts=said("about a year; the token itself tells its end"),
            form=r"S=\w+:U=[0-9a-f]+:E=[0-9a-f]+:.+",
        ),
    ),
    auth=KeyArgument("{token}"),
    classify=classify,
    codes={
        "INVALID_AUTH": Kind.KEY,
        "AUTH_EXPIRED": Kind.KEY,
        "BUSINESS_SECURITY_LOGIN_REQUIRED": Kind.KEY,
        "PERMISSION_DENIED": Kind.RIGHTS,
        "RATE_LIMIT_REACHED": Kind.THROTTLED,
        "QUOTA_REACHED": Kind.REFUSED,
        "ENML_VALIDATION": Kind.REFUSED,
    },
    hints={
        "AUTH_EXPIRED": said("no new keys are issued: use exports, with the sheet evernote-enex"),
        "BUSINESS_SECURITY_LOGIN_REQUIRED": said("sign in to the business account once"),
        "QUOTA_REACHED": said("the month's upload quota is used up; wait until it is renewed"),
    },
    ping=USER,
    reference="https://github.com/evernote/evernote-thrift",
    read_on="2026-11-22",
    seconds=60,
)


def ends(token: str) -> datetime | None:
    """Return when a token ends, which it tells itself: `:E=` and milliseconds in hexadecimal."""
    found = re.search(r":E=([0-9a-f]+)", token)
    return datetime.fromtimestamp(int(found[1], 16) / 1000, UTC) if found else None


# Records

CONTENT = (
    Element("title", means="user.content.private", most=255),
    Element("text", means="user.content.private"),
    Element("author", "attributes.author", "user.name", clear=Clear.NULL, most=4096),
    Element("source", "attributes.sourceURL", clear=Clear.NULL, most=4096),
    Element("place", "attributes.placeName", clear=Clear.NULL, most=4096),
)
ANYWHERE = (
    "attributes",
    "recognised",
    "resources[].attributes",
    "resources[].text",
    "sharedNotes[].recipientIdentity.contact",
    "tagNames",
    "tasks",
)
NUMBERS = (
    "attributes.subjectDate",
    "attributes.shareDate",
    "attributes.reminderOrder",
    "attributes.reminderDoneTime",
    "attributes.reminderTime",
    "attributes.creatorId",
    "attributes.lastEditorId",
    "attributes.conflictSourceNoteGuid",
    "attributes.noteTitleQuality",
)

erasure = Job(
    stages=(overwrite, TRASH),
    level=Level.SOFT_DELETED,
    proof=overwritten,
    residue=(
        Residue(said("the note in the trash, overwritten, until somebody empties it")),
        Residue(said("older versions of it and with whom it was shared, until then")),
    ),
    by_hand=said("empty the trash in Evernote: that is granted to no other program"),
)

note = Record(
    name="note",
    about=said("whoever colleagues have written about"),
    read=notes,
    key="guid",
    elements=CONTENT,
    open_fields=ANYWHERE,
    ignored=NUMBERS,
    find=tuple(Lookup(by=kind, call=search) for kind in ("email", "name", "company")),
    rectify=Job(stages=(change,)),
    erase=erasure,
)

version = Record(
    name="version",
    about=said("whoever colleagues had written about before they changed a note"),
    read=versions,
    key="key",
    elements=(Element("title", write="never"), Element("text", write="never")),
    open_fields=ANYWHERE,
    ignored=NUMBERS,
)

tag = Record(
    name="tag",
    about=said("whomever colleagues have named a tag after"),
    read=TAGS,
    key="guid",
    elements=(Element("name", write="never"),),
)

notebook = Record(
    name="notebook",
    about=said("whomever colleagues have named a notebook after"),
    read=METHOD(NOTES, "listNotebooks", reads=True),
    key="guid",
    elements=(Element("name", write="never"),),
    open_fields=("stack", "publishing", "businessNotebook", "contact"),
)

share = Record(
    name="share",
    about=said("those with whom a notebook is shared"),
    read=METHOD(NOTES, "listSharedNotebooks", reads=True),
    elements=(Element("email", means="user.contact.email", write="never"),),
    open_fields=("username", "recipientUsername"),
)

saved_search = Record(
    name="search",
    about=said("whomever colleagues search for again and again"),
    read=synced("searches", includeSearches=True),
    key="guid",
    open_fields=("name", "query"),
)


def account(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield the one user whose account it is."""
    yield [connection.call(USER).at("success")]


owner = Record(
    name="owner",
    about=said("the colleague whose account it is"),
    read=account,
    elements=(Element("email", means="user.contact.email", write="never"),),
    open_fields=("name", "username", "attributes"),
)


def probe(connection: Connection) -> Mapping[str, object]:
    """Return the plan, and when the token ends."""
    plan = connection.call(USER).at("success.serviceLevel")
    return {"plan": plan, "until": ends(connection.settings["token"])}


evernote = Vendor(
    id="evernote",
    name="Evernote",
    api=api,
    records=(note, version, tag, notebook, share, saved_search, owner),
    read=HowFar(Depth.FULL, said("the trash too; older versions where the plan shows them")),
    find=HowFar(Depth.FULL, said("its search leaves out files and attributes: search thoroughly")),
    rectify=HowFar(
        Depth.FULL,
        said("notes, without their formatting; a person renames tags, notebooks and searches"),
    ),
    erase=HowFar(
        Depth.PARTIAL,
        said(
            "notes go to the trash, overwritten; a person empties it, and renames tags and the like"
        ),
    ),
    deliver=HowFar(Depth.NONE, said("nothing about customers belongs there")),
    unseen=(
        said("passages that somebody has encrypted"),
        said("files that are neither text (up to 1 MB), PDF nor picture"),
        said("tasks, which the interface does not know"),
        said("notebooks of other accounts that are shared with this one"),
    ),
    assumptions=(
        Assumption(said("no new keys are issued; a company needs a token already"), Grade.THIRD),
        Assumption(said("a chunk has 256 entries at most, whatever is asked for"), Grade.THIRD),
        Assumption(said("the number of calls an hour is not published"), Grade.THIRD),
        Assumption(said("the token tells its end in the part E"), Grade.THIRD),
        Assumption(said("older versions go when the trash is emptied")),
        Assumption(said("the hash of a content that was set is the MD5 of what was sent")),
        Assumption(said("a plan without versions is refused with PERMISSION_DENIED")),
    ),
    probe=probe,
)
