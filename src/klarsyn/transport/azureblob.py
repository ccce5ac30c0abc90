"""
The wire of Azure's blob service: its calls, and a blob in its states.

A blob is there as it is and as it was: snapshots, earlier versions, and states that are deleted
softly. Each is a dict as the service lists it, with `Name` in plain words and a `key`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

from klarsyn.errors import RecordRefused, RightsMissing
from klarsyn.transport.bodies import CONTENT, AsItIs, Xml
from klarsyn.transport.failures import unexpected
from klarsyn.transport.words import DELETE, GET, Call, Cursor

if TYPE_CHECKING:
    from klarsyn.transport.connection import Connection
    from klarsyn.transport.replies import Reply

XML = Xml(frozenset({"Containers", "Blobs", "TagSet"}))
BY_MARKER = Cursor("NextMarker", "marker", "maxresults", 5000)
CURRENT = "metadata,tags,legalhold,immutabilitypolicy"
ONE = "/{container}/{name}"
READ = GET(ONE, codec=AsItIs())
REMOVE = DELETE(ONE)


def listing(comp: str, items: str, path: str = "/{container}", **query: Any) -> Call:
    """Return a call that lists by marker; that of blobs is one of a container."""
    query |= {"restype": "container"} if path != "/" else {}
    return GET(path, query={"comp": comp, **query}, items=items, pages=BY_MARKER, codec=XML)


BLOBS = listing("list", "Blobs", include=CURRENT)
STATES = listing("list", "Blobs", include=f"{CURRENT},snapshots,versions,deleted")

_UNWRITABLE = re.compile("[\x00-\x1f\ufffe\uffff]")
MOST_DAYS = 365
"""Soft delete keeps nothing for longer."""
KEPT = {
    "content-type": "x-ms-blob-content-type",
    "content-language": "x-ms-blob-content-language",
    "content-disposition": "x-ms-blob-content-disposition",
    "cache-control": "x-ms-blob-cache-control",
}


def which(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return what names a state among those of a blob: nothing names the current one."""
    if raw.get("Snapshot"):
        return {"snapshot": raw["Snapshot"]}
    past = raw.get("VersionId") and raw.get("IsCurrentVersion") != "true"
    return {"versionid": raw["VersionId"]} if past else {}


def is_past(raw: Mapping[str, Any]) -> bool:
    """Return whether a state is a snapshot, an earlier version, or deleted softly."""
    return bool(which(raw)) or raw.get("Deleted") == "true"


def plain_name(raw: Mapping[str, Any]) -> str:
    """Return the name of a blob; one that XML cannot hold comes percent-encoded."""
    name = raw["Name"]
    return unquote(name[CONTENT]) if isinstance(name, dict) else str(name)


def states(
    connection: Connection, call: Call, places: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield states of blobs; an entry that is none makes the list one that cannot be read."""
    for page in connection.pages(call, **places):
        for raw in page:
            if not isinstance(raw, dict) or not {"Name", "Properties"} <= raw.keys():
                raise unexpected(connection.name, call, "Name")
            plain = plain_name(raw)
            key = "?".join([plain, *(f"{k}={v}" for k, v in which(raw).items())])
            yield raw | {"Name": plain, "key": key + "?deleted" * (raw.get("Deleted") == "true")}


def family(connection: Connection, container: Any, name: str) -> list[dict[str, Any]]:
    """
    Return every state of one blob.

    A prefix finds those of longer names too, and ends before a sign that XML cannot hold: the
    reply repeats it.
    """
    prefix = _UNWRITABLE.split(name)[0] or None
    call = STATES.but(query={**STATES.query, "prefix": prefix})
    found = states(connection, call, {"container": container})
    return [raw for raw in found if raw["Name"] == name]


def held(connection: Connection, states_: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether a legal hold or a policy keeps one of some states from being deleted."""
    now = connection.clock.now()
    for properties in (one["Properties"] for one in states_):
        until = properties.get("ImmutabilityPolicyUntilDate")
        if properties.get("LegalHold") == "true" or (until and parsedate_to_datetime(until) > now):
            return True
    return False


def let_go(connection: Connection, places: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Delete a state of the past, and for good where the account and the key allow it."""
    named = which(state)
    if not named:  # what was deleted without versions cannot be told from a blob of that name
        connection.memory["at_once"] = False
        return
    if state.get("Deleted") != "true":
        connection.look(REMOVE.but(query=named), **places)
    if connection.memory["at_once"]:
        try:
            query = {**named, "deletetype": "permanent"}
            connection.look(REMOVE.but(query=query), **places)
        except (RecordRefused, RightsMissing):
            connection.memory["at_once"] = False


def learn_soft_delete(connection: Connection) -> None:
    """Learn for how many days deleted states are kept, and whether they may be let go at once."""
    if "kept_days" in connection.memory:
        return
    days, at_once = MOST_DAYS, False
    query = {"restype": "service", "comp": "properties"}
    try:
        policy = connection.call(GET("/", query=query, codec=XML)).at("DeleteRetentionPolicy") or {}
        days = int(policy.get("Days") or 0) if policy.get("Enabled") == "true" else 0
        at_once = policy.get("AllowPermanentDelete") == "true"
    except RightsMissing:
        pass  # a key for containers only; the most that the service keeps is told instead
    connection.memory.update(kept_days=days, at_once=at_once)


def kept_until(on: date, known: Mapping[str, Any]) -> date | None:
    """Return until when what was deleted can be brought back, if that was learnt."""
    if "kept_days" not in known:
        return None
    return on + timedelta(days=0 if known["at_once"] else known["kept_days"])


def carried(
    connection: Connection, now: Reply, places: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, str]:
    """Return headers that keep what a new body would take away: type, metadata, tags."""
    own = {name.lower(): value for name, value in now.headers.items()}
    headers = {theirs: own[name] for name, theirs in KEPT.items() if own.get(name)}
    headers["x-ms-blob-type"] = "BlockBlob"
    headers |= {name: value for name, value in own.items() if name.startswith("x-ms-meta-")}
    for name, value in changes.get("Metadata", {}).items():
        headers[f"x-ms-meta-{name}".lower()] = value
    tags = list(changes.get("Tags", {}).get("TagSet", ()))
    if own.get("x-ms-tag-count"):
        reply = connection.call(GET(ONE, query={"comp": "tags"}, codec=XML), **places)
        tags = [*reply.at("TagSet"), *tags]
    if tags:
        headers["x-ms-tags"] = urlencode({one["Key"]: one["Value"] for one in tags})
    return {name: value for name, value in headers.items() if value}
