"""
Evernote's notes: walked, read whole, searched, and changed only as they were read.

What the fact sheet `evernote` cannot say in facts: a note takes several calls, its text is markup,
and no other program than the vendor's deletes one.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from klarsyn.errors import FileRefused, said
from klarsyn.transport import enml
from klarsyn.transport.files import Place as Where
from klarsyn.transport.paging import Capped
from klarsyn.transport.thrift import METHOD, Interface
from klarsyn.vendors.sheet import (
    Connection,
    Done,
    Place,
    Places,
    Progress,
    Reader,
    Refused,
    Repeat,
    Target,
    body_of,
)

NOTES = Interface("evernote", "NoteStore", host="notes")
ID = Place("id")

CHUNK = METHOD(
    NOTES,
    "getFilteredSyncChunk",
    reads=True,
    afterUSN=Place("after"),
    maxEntries=256,
    filter=Place("wanted"),
)
NOTE = METHOD(
    NOTES,
    "getNoteWithResultSpec",
    reads=True,
    guid=ID,
    resultSpec={
        "includeContent": True,
        "includeSharedNotes": True,
        "includeNoteAppDataValues": True,
        "includeResourceAppDataValues": True,
    },
)
SEARCH_TEXT = METHOD(
    NOTES, "getNoteSearchText", reads=True, guid=ID, noteOnly=False, tokenizeForIndexing=False
)
TAGS = METHOD(NOTES, "listTags", reads=True)
FILE = METHOD(NOTES, "getResource", reads=True, guid=ID, withData=True)
VERSIONS = METHOD(NOTES, "listNoteVersions", reads=True, noteGuid=ID)
VERSION = METHOD(NOTES, "getNoteVersion", reads=True, noteGuid=ID, updateSequenceNum=Place("usn"))
FIND = METHOD(
    NOTES,
    "findNotesMetadata",
    reads=True,
    filter=Place("wanted"),
    offset=Place("offset"),
    maxNotes=250,
    resultSpec={},
)
_PARTS = ("title", "content", "tagGuids", "resources", "attributes")
UPDATE = METHOD(
    NOTES,
    "updateNoteIfUsnMatches",
    repeat=Repeat.SAFE,
    note={"guid": ID, "updateSequenceNum": Place("usn")} | {one: Place(one) for one in _PARTS},
)
TRASH = METHOD(NOTES, "deleteNote", repeat=Repeat.SAFE, guid=ID)

LONGEST_FILE = 1 << 20
"""Bytes of a text file that is read; a larger one is no note's text."""
MOST_WORDS = 16
"""Of a query, which may have 1,024 characters."""

# Reading


def synced(kind: str, **wanted: bool) -> Reader:
    """Return a reader of all entries of a kind, by the number of their last change."""

    def walk(connection: Connection, _places: Places) -> Iterator[list[Any]]:
        """Yield chunks; a filtered walk may end with an empty one that has no highest number."""
        after = 0
        while True:
            chunk = connection.call(CHUNK, after=after, wanted=wanted).at("success")
            yield chunk.get(kind) or []
            high = chunk.get("chunkHighUSN")
            if not high or high >= chunk["updateCount"]:
                return
            if high <= after:
                raise Capped
            after = high

    return walk


every_note = synced("notes", includeNotes=True)


def notes(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield every note, those in the trash too; chunks hold no contents, so each is read alone."""
    for chunk in every_note(connection, places):
        for one in chunk:
            yield whole(connection, one["guid"])


def whole(connection: Connection, guid: str) -> list[dict[str, Any]]:
    """Return a note with the texts of its content, pictures, PDFs and text files, if it exists."""
    reply = connection.look(NOTE, id=guid)
    if reply is None:
        return []
    note = with_words(connection, reply.at("success"))
    if note.get("resources"):
        text = connection.look(SEARCH_TEXT, id=guid)
        note["recognised"] = text.at("success") if text else None
    for one in note.get("resources") or ():
        small = one.get("data", {}).get("size", 0) <= LONGEST_FILE
        if small and str(one.get("mime")).startswith("text/"):
            file = connection.look(FILE, id=one["guid"])
            body = file.at("success.data.body") if file else None
            one["text"] = (body or b"").decode(errors="replace")
    return [note]


def with_words(connection: Connection, note: dict[str, Any]) -> dict[str, Any]:
    """
    Return a note with its content as plain text, and its tags by name.

    What is built to do harm stays markup; it is searched all the same.
    """
    content = note.get("content") or ""
    try:
        text, _ = enml.plain_text(content, Where("content"))
    except FileRefused:
        text = content
    tags = [tag_names(connection).get(guid, "") for guid in note.get("tagGuids") or ()]
    return {**note, "text": text, "tagNames": tags}


def tag_names(connection: Connection) -> dict[str, str]:
    """Return the names of all tags by guid, asked for once a connection."""
    if "tags" not in connection.memory:
        listed = connection.call(TAGS).at("success")
        connection.memory["tags"] = {one["guid"]: one["name"] for one in listed}
    found: dict[str, str] = connection.memory["tags"]
    return found


def versions(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield what notes held before; an account without that is refused at its first note."""
    for chunk in every_note(connection, places):
        for one in chunk:
            listed = connection.look(VERSIONS, id=one["guid"])
            for each in listed.at("success") if listed else ():
                usn = each["updateSequenceNum"]
                reply = connection.look(VERSION, id=one["guid"], usn=usn)
                if reply:
                    version = with_words(connection, reply.at("success"))
                    yield [version | {"key": f"{one['guid']}/{usn}"}]


def search(connection: Connection, value: str, _places: Places) -> Iterator[Any]:
    """
    Yield notes that have words which begin so, then those in the trash: no query finds both.

    With the star it does not matter whether the service takes every word for a beginning.
    """
    words = " ".join(f"{word}*" for word in re.findall(r"\w+", value)[:MOST_WORDS])
    for inactive in (False, True) if words else ():
        wanted, offset = {"words": words, "inactive": inactive}, 0
        while True:
            page = connection.call(FIND, wanted=wanted, offset=offset).at("success")
            for one in page["notes"]:
                yield from whole(connection, one["guid"])
            offset += len(page["notes"])
            if not page["notes"] or offset >= page["totalNotes"]:
                break


# Writing

UNTITLED = "Untitled"
ERASED: Mapping[str, Any] = {
    "title": UNTITLED,
    "content": enml.markup(""),
    "tagGuids": [],
    "resources": [],
    "attributes": {
        **dict.fromkeys(("author", "source", "sourceURL", "sourceApplication", "placeName")),
        "applicationData": {"fullMap": {}},
    },
}
_LISTS = frozenset({"tagGuids", "resources"})


def change(connection: Connection, target: Target) -> Progress:
    """Set what changes; the title always goes along, and attributes go all together."""
    changes = body_of(target.record.elements, target.changes)
    wanted = {"title": changes.get("title", target.raw["title"]) or UNTITLED}
    if "text" in changes:
        wanted["content"] = enml.markup(changes["text"], target.raw.get("content") or "")
    if "attributes" in changes:
        wanted["attributes"] = target.raw.get("attributes", {}) | changes["attributes"]
    return put(connection, target, wanted)


def overwrite(connection: Connection, target: Target) -> Progress:
    """Replace all that a note holds, since it can only be moved to the trash."""
    return put(connection, target, ERASED)


def put(connection: Connection, target: Target, wanted: Mapping[str, Any]) -> Progress:
    """
    Set parts of a note, unless somebody has changed it since it was read.

    A note with a contentClass belongs to another program and is read-only by contract.
    """
    if target.raw.get("attributes", {}).get("contentClass"):
        return Refused(said("the note belongs to another program, in which a person changes it"))
    usn = target.raw["updateSequenceNum"]
    result = connection.call(UPDATE, id=target.key, usn=usn, **wanted).at("success")
    if result.get("updated"):
        return Done()
    if holds(result["note"], wanted):
        return Done(0)
    return Refused(said("somebody has changed the note since it was read; find it again"))


def holds(note: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return whether a note is as it was to become; its content is told by its hash."""
    digest = hashlib.md5(wanted.get("content", "").encode(), usedforsecurity=False).digest()
    held = note.get("attributes", {})
    attributes = wanted.get("attributes", {})
    return (
        note["title"] == wanted["title"]
        and ("content" not in wanted or note.get("contentHash") == digest)
        and all((note.get(one) or []) == wanted[one] for one in _LISTS & set(wanted))
        and all(held.get(k) == v for k, v in attributes.items() if not isinstance(v, dict))
    )


def overwritten(connection: Connection, target: Target) -> bool:
    """Return whether a note is gone, or in the trash with nothing left in it."""
    reply = connection.look(NOTE, id=target.key)
    return reply is None or (not reply.at("success.active") and holds(reply.at("success"), ERASED))
