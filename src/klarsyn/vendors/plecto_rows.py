"""
Rows for Plecto: registrations of members who are known, a hundred a call.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from klarsyn.errors import RecordRefused, said
from klarsyn.vendors.sheet import (
    GET,
    POST,
    Connection,
    Link,
    Place,
    Places,
    Repeat,
    Row,
    RowOutcome,
    RowState,
    body_of,
)

MEMBERS = GET("/members/")
OF_SOURCE = {"data_source": Place("source")}
LIST = GET("/registrations/", query=OF_SOURCE, items="results", pages=Link("next"))
# Whoever sends a reference again overwrites the registration that has it.
ADD = POST("/registrations/", body=Place("rows"), repeat=Repeat.SAFE)
MOST = 100

SHOWN = {"uuid", "reference", "member_name", "member_api_provider", "member_api_id"}
"""What a registration shows and is not sent back."""
NAMING = {"member", "name", "reference", "date"}
"""What a row tells beside the fields of the data source."""
UNKNOWN = said("Plecto knows no such member, and would make one of it without a word")
MANY = said("Plecto knows several members by this: name one by its uuid")
NO_SOURCE = said("name the data source: `source`, or one alone in the setting `data_sources`")


def kept(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has to be sent of a registration so that all of it stays; a PUT is whole."""
    return {name: value for name, value in raw.items() if name not in SHOWN}


def send(connection: Connection, rows: Sequence[Row], places: Places) -> Iterator[RowOutcome]:
    """
    Write registrations of members who are known, a hundred a call.

    Members go by their uuid, so that none is made. One wrong row may refuse the whole call; then
    each goes alone.
    """
    listed: list[str] = connection.settings.get("data_sources") or []
    source = places.get("source") or (listed[0] if len(listed) == 1 else "")
    if not source:
        yield from (RowOutcome(row, "refused", why=NO_SOURCE) for row in rows)
        return
    members, known = connection.call(MEMBERS).json, references(connection, source)
    ready: list[tuple[Row, dict[str, Any]]] = []
    for row in rows:
        meant = {one["uuid"] for one in members if is_meant(one, row.values)}
        if len(meant) != 1:
            yield RowOutcome(row, "refused", why=MANY if meant else UNKNOWN)
            continue
        reference = row.values.get("reference") or _reference(row, known)
        own = {name: value for name, value in row.values.items() if name not in NAMING}
        before = known.get(reference, {})
        date = row.values.get("date") or before.get("date") or connection.clock.now().isoformat()
        told = {"data_source": source, "external_id": reference, "member": meant.pop()}
        body: dict[str, Any] = {**kept(before), **body_of((), own), **told, "date": date}
        ready.append((row, body))
    yield from written(connection, ready, known)


def is_meant(member: Mapping[str, Any], values: Mapping[str, str | None]) -> bool:
    """Return whether a row means a member: by uuid or a provider's number, else by name."""
    if values.get("member"):
        return values["member"] in {member["uuid"], member.get("updating_api_provider_id")}
    return bool(values.get("name")) and member["name"] == values["name"]


def _reference(row: Row, known: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a row's reference: that of its registration, or the one that a new one is to have."""
    if row.key in known or not row.known_as:
        return row.key
    theirs = (one for one in known if known[one].get("uuid") == row.known_as)
    return next(theirs, row.key)


def references(connection: Connection, source: str) -> dict[str, dict[str, Any]]:
    """Return the registrations of a data source by reference, read once a connection."""
    name = f"registrations of {source}"
    if name not in connection.memory:
        pages = connection.pages(LIST, source=source)
        connection.memory[name] = {
            one["external_id"]: one for page in pages for one in page if one["external_id"]
        }
    found: dict[str, dict[str, Any]] = connection.memory[name]
    return found


def written(
    connection: Connection,
    ready: Sequence[tuple[Row, dict[str, Any]]],
    known: dict[str, dict[str, Any]],
) -> Iterator[RowOutcome]:
    """Send rows together; where they are refused together, alone."""
    if not ready:
        return
    try:
        reply = connection.call(ADD, rows=[body for _, body in ready])
    except RecordRefused as refusal:
        if len(ready) == 1:
            yield RowOutcome(ready[0][0], "refused", why=refusal.message)
            return
        for one in ready:
            yield from written(connection, [one], known)
        return
    told = reply.at("")
    listed = told if isinstance(told, list) else ()
    keys = {one.get("external_id"): str(one.get("uuid") or "") for one in listed}
    for row, body in ready:
        reference = body["external_id"]
        state: RowState = "updated" if reference in known else "created"
        key = keys.get(reference) or known.get(reference, {}).get("uuid", "")
        yield RowOutcome(row, state, key)
        known.setdefault(reference, body)
