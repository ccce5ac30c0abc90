"""
What a blob says of somebody, now and in the past, and how that goes.

A blob of one person's own is deleted, in all its states. Where others are in a text too, it stays
and what it says of the person is blacked out; its past states that say it are deleted.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from klarsyn.errors import NotThere, RecordRefused, ReplyUnread, said
from klarsyn.personal import Personal
from klarsyn.transport.azureblob import (
    ONE,
    READ,
    REMOVE,
    carried,
    family,
    held,
    is_past,
    learn_soft_delete,
    let_go,
    which,
)
from klarsyn.transport.bodies import LARGEST, decoded, unescaped, why_unread
from klarsyn.transport.connection import Connection
from klarsyn.vendors.redacting import BLOCK, blacked, words
from klarsyn.vendors.sheet import PUT, Done, Level, Places, Progress, Refused, Target

_ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_BESIDE = ("Name", "Metadata", "Tags")
"""Where words stand beside the text."""

# Reading


def with_text(connection: Connection, raw: dict[str, Any], places: Places) -> dict[str, Any]:
    """Add the text of a state, as it is and with escapes undone, or why it is not read."""
    properties = raw["Properties"]
    why = why_unread(raw["Name"], properties.get("Content-Type") or "", _size(raw))
    if raw.get("Deleted") == "true":
        why = said("deleted softly: its text cannot be read")
    if why:
        return raw | {"unread": why}
    try:
        reply = connection.call(READ.but(query=which(raw)), **places, name=raw["Name"])
    except (NotThere, RecordRefused, ReplyUnread):
        why = said("archived, encrypted by a key of its own, packed, or just gone")
        return raw | {"unread": why}
    text = decoded(reply.content)[0]
    plain = unescaped(text)
    return raw | {"text": text} | ({"unescaped": plain} if plain != text else {})


def _size(raw: Mapping[str, Any]) -> int:
    return int(raw["Properties"].get("Content-Length") or 0)


def concerned(connection: Connection, target: Target) -> list[dict[str, Any]]:
    """Return the states that an erasure is about: one of the past, or all of a blob."""
    wanted, every = which(target.raw), not is_past(target.raw)
    found = family(connection, target.places["container"], target.raw["Name"])
    return [one for one in found if every or (is_past(one) and which(one) == wanted)]


def alone(connection: Connection, target: Target) -> bool:
    """
    Return whether nobody else is in a blob, by the addresses in it; a long one may hold anybody.

    The company's own addresses are nobody's. Where the person's is not known, one is theirs.
    """
    own = {one.casefold() for one in connection.settings.get("own_domains") or ()}
    known = {one.reveal().casefold() for one in target.known if "@" in one.reveal()}
    found = _ADDRESS.finditer(str(target.raw.get("text", "")).casefold())
    others = {one[0] for one in found if one[1] not in own} - known
    return _size(target.raw) <= LARGEST and len(others) <= (0 if known else 1)


def _pattern(target: Target) -> re.Pattern[str]:
    """Return what somebody is known by, also as JSON and XML escape it."""
    known = [one.reveal() for one in target.known]
    escaped = [json.dumps(one)[1:-1] for one in known] + [html.escape(one) for one in known]
    return words(map(Personal, (*known, *escaped)))


def _says(pattern: re.Pattern[str], state: Mapping[str, Any]) -> bool:
    texts = (str(state.get(one, "")) for one in ("text", "unescaped", *_BESIDE))
    return any(pattern.search(text) for text in texts)


# Rectifying


def overwrite(connection: Connection, target: Target) -> Progress:
    """
    Write a whole blob anew, with its metadata and tags, unless somebody changed it meanwhile.

    A reply that was lost is followed by a look: what is there already is not written twice.
    """
    places, etag = {**target.places, "name": target.key}, target.raw["Properties"]["Etag"]
    changes = target.filled["changes"]
    for _ in range(2):
        now = connection.call(READ, **places)
        text, encoding = decoded(now.content)
        wanted = carried(connection, now, places, changes)
        if (changes.get("text", text), wanted) == (text, carried(connection, now, places, {})):
            return Done(0)
        if now.header("etag").strip('"') != etag or now.header("x-ms-blob-type") != "BlockBlob":
            break
        try:
            body = changes["text"].encode(encoding) if "text" in changes else now.content
            call = PUT(ONE, body=body, headers={**wanted, "If-Match": f'"{etag}"'})
            connection.call(call, **places)
        except UnicodeEncodeError:
            return Refused(said("its encoding or a header lacks signs of the new values"))
        except RecordRefused as refusal:
            if refusal.code != "ConditionNotMet":
                raise
        else:
            return Done()
    return Refused(said("it was changed after it was read, or programs append to it"))


# Erasing


def unprotected(connection: Connection, target: Target) -> bool:
    """Return whether no hold and no policy would stop a deletion half-way."""
    return not held(connection, concerned(connection, target))


def remove(connection: Connection, target: Target) -> Progress:
    """Delete a blob of one person's own and its snapshots; black out what one of several says."""
    if not alone(connection, target):
        return _black_out(connection, target)
    match = {"If-Match": f'"{target.raw["Properties"]["Etag"]}"'}
    call = REMOVE.but(headers={"x-ms-delete-snapshots": "include"} | match)
    return Done(int(connection.look(call, **target.places, name=target.key) is not None))


def _black_out(connection: Connection, target: Target) -> Progress:
    pattern, text = _pattern(target), target.raw.get("text", "")
    # Every encoding has an asterisk.
    left = {"text": blacked(text, pattern).replace(BLOCK, "*")}
    rest = {name: target.raw.get(name, "") for name in _BESIDE}
    rest["unescaped"] = unescaped(left["text"])
    if left["text"] == text or _says(pattern, rest):
        return Refused(said("others are in it too, and it cannot be blacked out"), by_hand=True)
    done = overwrite(connection, replace(target, changes=left))
    return Done(done.count, Level.REDACTED) if isinstance(done, Done) else done


def delete_past(connection: Connection, target: Target) -> Progress:
    """Delete what is left of the past, and for good where the account allows it."""
    learn_soft_delete(connection)
    places = {**target.places, "name": target.raw["Name"]}
    found = [one for one in concerned(connection, target) if is_past(one)]
    if not is_past(target.raw) and not alone(connection, target):
        pattern = _pattern(target)
        read = (with_text(connection, one, target.places) for one in found)
        found = [one for one in read if one.get("Deleted") == "true" or _says(pattern, one)]
    for one in found:
        let_go(connection, places, one)
    kept = found and connection.memory["kept_days"] and not connection.memory["at_once"]
    return Done(len(found), Level.SOFT_DELETED if kept else None)


def says_no_more(connection: Connection, target: Target) -> bool:
    """Return whether no state is left but what soft delete keeps, or none that says anything."""
    left = [one for one in concerned(connection, target) if one.get("Deleted") != "true"]
    if is_past(target.raw) or alone(connection, target):
        return not left
    pattern = _pattern(target)
    return not any(_says(pattern, with_text(connection, one, target.places)) for one in left)
