"""
What has to be known to change, erase and write users of Zendesk: identities, two deletions, jobs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from klarsyn.errors import NotThere, RecordRefused, said
from klarsyn.transport.connection import Connection
from klarsyn.vendors.matching import plain
from klarsyn.vendors.sheet import (
    DELETE,
    GET,
    POST,
    PUT,
    VALUE,
    Done,
    Element,
    Place,
    Places,
    Progress,
    Refused,
    Repeat,
    Row,
    RowOutcome,
    Target,
    body_of,
)
from klarsyn.vendors.stages import Send, awaited
from klarsyn.vendors.zendesk_erasure import ENDED, IDENTITIES, JOB, PAGES

IDENTITY = "/users/{user_id}/identities/{id}"
QUIET = {"skip_verify_email": True}
ADD = {"identity": {"type": "email", "value": VALUE, **QUIET}}
WRITE_MANY = POST(
    "/users/create_or_update_many", body={"users": Place("users")}, repeat=Repeat.SAFE
)
STATUSES = "compliance_deletion_statuses"


def same(connection: Connection, target: Target, kind: str, value: str | None) -> list[Any]:
    """Return a user's identities of one kind that say the same as a value."""
    pages = connection.pages(IDENTITIES, user_id=target.key)
    mine = [one for page in pages for one in page if one["type"] == kind]
    return [one for one in mine if plain(one["value"]) == plain(value or "")]


def address_added(connection: Connection, target: Target) -> Progress:
    """Writing `email` to a user adds an address as well, but cannot be kept from mailing it."""
    new = target.changes.get("email")
    if not new or same(connection, target, "email", new):
        return Done(0)
    connection.call(POST("/users/{user_id}/identities", body=ADD), user_id=target.key, value=new)
    return Done()


def address_made_primary(connection: Connection, target: Target) -> Progress:
    """A user shows the primary address; only that of no other kind can be made so."""
    found = same(connection, target, "email", target.changes.get("email"))
    waiting = [one["id"] for one in found if not one["primary"]]
    for one in waiting:
        connection.call(PUT(f"{IDENTITY}/make_primary"), user_id=target.key, id=one)
    return Done(len(waiting))


def old_ones_removed(connection: Connection, target: Target) -> Progress:
    """An address or a number that was replaced stays among the user's identities."""
    count = 0
    for name, kind in (("email", "email"), ("phone", "phone_number")):
        old, new = target.raw.get(name), target.changes.get(name)
        if name in target.changes and old and plain(old) != plain(new or ""):
            for one in same(connection, target, kind, old):
                connection.look(DELETE(IDENTITY), user_id=target.key, id=one["id"])
                count += 1
    return Done(count)


def rest_changed(connection: Connection, target: Target) -> Progress:
    """Everything but the address goes in one call."""
    rest = {name: value for name, value in target.changes.items() if name != "email"}
    if rest:
        call = PUT("/users/{id}", body={"user": body_of(target.record.elements, rest) | QUIET})
        connection.call(call, id=target.key)
    return Done(len(rest))


def user_deleted(connection: Connection, target: Target) -> Progress:
    """Who is deleted already can only be deleted for good; agents with tickets are kept."""
    if target.raw.get("active") is False:
        return Done(0)
    try:
        reply = connection.look(DELETE("/users/{id}"), id=target.key)
    except RecordRefused:
        why = said("Zendesk keeps a user with open tickets: give those to somebody else first")
        return Refused(why, by_hand=True)
    return Done(0 if reply is None else 1)


def is_purged(connection: Connection, target: Target) -> bool:
    """Each of Zendesk's products tells on its own when it has begun and when it is through."""
    call = GET(f"/users/{{id}}/{STATUSES}", items=STATUSES, pages=PAGES)
    try:
        found = [one for page in connection.pages(call, id=target.key) for one in page]
    except NotThere:
        return True
    begun, through = (
        {one["application"] for one in found if one["action"] == action}
        for action in ("started", "complete")
    )
    return bool(through) and begun <= through


def writing(elements: Sequence[Element]) -> Send:
    """Return a delivery by a job, whose results come in the order of its users, or tell which."""

    def send(connection: Connection, rows: Sequence[Row], _places: Places) -> Iterator[RowOutcome]:
        users = [body_of(elements, row.values) | QUIET for row in rows]
        job = awaited(connection, connection.call(WRITE_MANY, users=users), JOB, ENDED)
        results = {one.get("index", at): one for at, one in enumerate(job.get("results") or ())}
        for at, row in enumerate(rows):
            yield outcome(row, results.get(at), over=job.get("status") in ENDED)

    return send


def outcome(row: Row, result: Mapping[str, Any] | None, *, over: bool) -> RowOutcome:
    """Return what became of a row; the vendor's own words may quote it, so they are not told."""
    if result is None:
        why = said("Zendesk has not told what became of this row")
        return RowOutcome(row, "refused" if over else "unknown", why=why)
    if "error" in result or result.get("success") is False:
        return RowOutcome(row, "refused", why=said("the vendor refuses this row"))
    was_there = str(result.get("status") or result.get("action")).lower().startswith("update")
    return RowOutcome(row, "updated" if was_there else "created", str(result["id"]))


def own_fields(connection: Connection) -> Iterator[tuple[str, str]]:
    """Users and organizations name their fields by key, tickets by id."""
    for kind, path in _OWN.items():
        call = GET(f"/{kind}_fields", items=f"{kind}_fields", pages=PAGES)
        for page in connection.pages(call):
            yield from ((f"{kind}.{path.format_map(one)}", str(one["title"])) for one in page)


_OWN = {
    "user": "user_fields.{key}",
    "organization": "organization_fields.{key}",
    "ticket": "custom_fields[id={id}].value",
}


def probe(connection: Connection) -> Mapping[str, object]:
    """Return the role of the key's user; for an OAuth token its scopes, and the day it ends."""
    role = connection.call(GET("/users/me")).at("user.role")
    found: dict[str, object] = {"role": role, "lacking": () if role == "admin" else {"admin"}}
    token = str(connection.settings.get("token") or "")
    if role == "admin" and token:
        pages = connection.pages(GET("/oauth/tokens", items="tokens", pages=PAGES))
        for one in (one for page in pages for one in page if token.startswith(one["token"])):
            until = str(one.get("expires_at") or "")[:10]
            found |= {
                "scopes": one["scopes"],
                "until": date.fromisoformat(until) if until else None,
            }
    return found
