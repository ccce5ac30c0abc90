"""
What has to be known to look for, write and erase at Pipedrive: lists go whole, and search is late.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

from klarsyn.errors import OutcomeUnknown, RecordRefused, said
from klarsyn.personal import Personal
from klarsyn.transport.connection import Connection
from klarsyn.vendors.matching import Identity, Wanted, plain
from klarsyn.vendors.reading import read
from klarsyn.vendors.redacting import blacked, words
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PATCH,
    POST,
    VALUE,
    Call,
    Cursor,
    Done,
    Element,
    Level,
    Lookup,
    Places,
    Progress,
    Record,
    Refused,
    Row,
    RowOutcome,
    Stage,
    Target,
    body_of,
)
from klarsyn.vendors.stages import Proof, Send, away

LAG = 600
"""For how many seconds a search may not know of a change; the vendor does not say."""
PAGES = Cursor("additional_data.next_cursor", "cursor", size="limit", most=500)
V2: dict[str, Any] = {"items": "data", "pages": PAGES}
PERSON = GET("/persons/{id}", items="data")
SET = PATCH("/persons/{id}", body=CHANGES)
ADD = POST("/persons", body=CHANGES)
CHANGED = GET("/persons", query={"updated_since": VALUE, "sort_by": "update_time"}, **V2)
SEARCH = GET(
    "/persons/search",
    query={"term": VALUE, "fields": "email", "exact_match": True},
    items="data.items",
    pages=PAGES,
    limit="searches",
)
THREAD = DELETE("/mailbox/mailThreads/{id}", host="v1")
PERSONS = GET("/persons", **V2)
MANY, OVERLAP = 20, timedelta(seconds=60)
"""New people of whom all are looked for at once; by how much two looks overlap: clocks differ."""
NOBODY = "-"
"""A person has to have a name; this is nobody's."""
SYNCED = ("notes", "im", "birthday", "job_title", "postal_address")
"""Fields that only a company has that syncs contacts; no other may send them."""

# Finding


def searched(connection: Connection, value: str, _places: Places) -> Iterator[Any]:
    """A hit is a summary within what was found, next to a score."""
    for page in connection.pages(SEARCH, value=value):
        yield from (one["item"] for one in page)


def near(inner: Call, owner: Record, person: Record, organization: Record) -> tuple[Lookup, ...]:
    """
    Return lookups of what lies in records that cost a call each, by any kind of data.

    Lists are cheap, so they are read: of what hangs on people of that description, or on their
    firms, or shows it itself, the inside is read, and of nothing else.
    """

    def by(kind: str) -> Callable[[Connection, str, Places], Iterator[Any]]:
        def look(connection: Connection, value: str, _places: Places) -> Iterator[Any]:
            wanted = Wanted(Identity(**{kind: (Personal(value),)}))
            firms = _keys(connection, organization, lambda seen: bool(wanted.by(seen)))
            people = _keys(
                connection,
                person,
                lambda seen: bool(wanted.by(seen)) or seen.raw.get("org_id") in firms,
            )
            links = {"org_id": firms, "person_id": people}
            links |= {"id": people} if owner is person else {}
            links |= {"id": firms} if owner is organization else {}
            for key in _keys(
                connection,
                owner,
                lambda seen: (
                    bool(wanted.by(seen)) or any(seen.raw.get(at) in links[at] for at in links)
                ),
            ):
                for page in connection.pages(inner, owner_id=key):
                    yield from ({**one, "owner_id": key} for one in page)

        return look

    kinds = ("email", "phone", "name", "company", "organisation_number", "reference")
    return tuple(
        Lookup(by=kind, call=by(kind), gives={"owner_id": "owner_id"})  # type: ignore[arg-type]
        for kind in kinds
    )


def _keys(connection: Connection, record: Record, about: Callable[[Any], bool]) -> list[Any]:
    return [
        seen.raw["id"]
        for page in read(connection, record)
        for seen in page
        if about(seen) and not seen.raw.get("is_deleted")
    ]


# Writing


def whole(changes: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return changes as Pipedrive takes them: a list of addresses replaces the one that is there.

    The first address is replaced, others stay; without a value none do. No field of the company's
    own may be empty, so it is null.
    """
    body = dict(changes)
    for name in body.keys() & {"emails", "phones"}:
        value, held = body[name][0]["value"], now.get(name) or []
        first: dict[str, Any] = next((one for one in held if one.get("primary")), {})
        rest = [one for one in held if one is not first and plain(one["value"]) != plain(value)]
        body[name] = [{**first, "value": value, "primary": True}, *rest] if value else []
    if "custom_fields" in body:
        body["custom_fields"] = {key: one or None for key, one in body["custom_fields"].items()}
    return body


def changed(connection: Connection, target: Target) -> Progress:
    """One who was deleted is left alone: a change could bring them back."""
    now = _alive(connection, target.key)
    if now is None:
        return Done(0)
    connection.call(SET, id=target.key, changes=whole(target.filled["changes"], now))
    return Done()


def _alive(connection: Connection, key: str) -> Mapping[str, Any] | None:
    """Return a person, or None who is gone or only kept for thirty days."""
    reply = connection.look(PERSON, id=key)
    now: Mapping[str, Any] = (reply.at("data") if reply else None) or {"is_deleted": True}
    return None if now.get("is_deleted") else now


# Erasing


def blanked(connection: Connection, target: Target) -> Progress:
    """What is deleted is kept for thirty days and can be brought back: there is nothing in it."""
    now = _alive(connection, target.key)
    if now is None:
        return Done(0)
    empty: dict[str, Any] = {"name": NOBODY, "emails": [], "phones": []}
    empty |= {name: [] if name == "im" else None for name in SYNCED if now.get(name)}
    own = now.get("custom_fields") or {}
    if any(value is not None for value in own.values()):
        empty["custom_fields"] = dict.fromkeys(own)
    connection.call(SET, id=target.key, changes=empty)
    return Done()


def thread_away(connection: Connection, target: Target) -> Progress:
    """A message goes with its thread; a message has no deletion of its own."""
    reply = connection.look(THREAD, id=target.raw["data"]["mail_thread_id"])
    return Done(0 if reply is None else 1)


def redaction(path: str, *names: str) -> tuple[Stage, Proof]:
    """Return a stage that blacks out what a record says of somebody, and what proves it."""
    one, deleted = GET(path), away(GET(path), "data.is_deleted")

    def named(connection: Connection, target: Target) -> dict[str, Any]:
        reply, pattern = connection.look(one, id=target.key), words(target.known)
        raw = (reply.at("data") if reply else None) or {}
        changes = _blacked({name: raw.get(name) for name in names}, pattern)
        own = _blacked(raw.get("custom_fields") or {}, pattern)
        return changes | ({"custom_fields": own} if own else {})

    def stage(connection: Connection, target: Target) -> Progress:
        if deleted(connection, target):
            return Done(0, Level.SOFT_DELETED)
        if not target.known:
            why = said("open the record and take out by hand what is about a person")
            return Refused(why, by_hand=True)
        changes = named(connection, target)
        if changes:
            connection.call(PATCH(path, body=CHANGES), id=target.key, changes=changes)
        return Done(len(changes))

    def proof(connection: Connection, target: Target) -> bool:
        return deleted(connection, target) or not named(connection, target)

    return stage, proof


def _blacked(texts: Mapping[str, Any], pattern: re.Pattern[str]) -> dict[str, Any]:
    return {
        name: blacked(text, pattern)
        for name, text in texts.items()
        if isinstance(text, str) and pattern.search(text)
    }


# Delivering


def writing(elements: Sequence[Element]) -> Send:
    """
    Return a delivery that looks first: nobody there is added, one is changed, several are refused.

    What was written in the last minutes is read from a list, since a search does not know it yet.
    """

    def send(connection: Connection, rows: Sequence[Row], _places: Places) -> Iterator[RowOutcome]:
        there = connection.memory.setdefault("people there", _There(connection))
        there.look(sum(not row.known_as for row in rows))
        for row in rows:
            try:
                yield _written(connection, elements, row, there)
            except OutcomeUnknown as error:
                yield RowOutcome(row, "unknown", why=error.message)
            except RecordRefused as error:
                yield RowOutcome(row, "refused", why=error.message)

    return send


def _written(
    connection: Connection, elements: Sequence[Element], row: Row, there: _There
) -> RowOutcome:
    known = _alive(connection, row.known_as) if row.known_as else None
    address = row.values.get("email") or ""
    if known is None and not address:
        return RowOutcome(
            row, "refused", why=said("without an e-mail address nobody is known again")
        )
    found = [known] if known else there.of(address)
    if len(found) > 1:
        why = said("{count} persons have this address: merge them first", count=len(found))
        return RowOutcome(row, "refused", why=why)
    now = found[0] if found else {}
    changes = whole(body_of(elements, row.values), now)
    if now:
        connection.call(SET, id=now["id"], changes=changes)
        return RowOutcome(row, "updated", str(now["id"]))
    made = connection.call(ADD, changes=changes).at("data")
    there.note(made)
    return RowOutcome(row, "created", str(made["id"]))


class _There:
    """
    Who is there already, by address, as far as one connection has come to know.

    A search for one takes 20 of the day's tokens and a page of a list 10: for many at once the
    list of all is read, unless it is so long that searches take fewer.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._keys: dict[str, list[Any]] = {}
        self._since = connection.clock.now().astimezone(UTC) - timedelta(seconds=LAG)
        self._whole: bool | None = None
        """Whether all who are there were read; None where that was not tried."""

    def look(self, new: int) -> None:
        """Read who was written since the last look; of many new ones, look for all at once."""
        now = self._connection.clock.now().astimezone(UTC)
        since = f"{self._since - OVERLAP:%Y-%m-%dT%H:%M:%SZ}"
        if self._whole is None and new >= MANY:
            self._whole = self._read(self._connection.pages(PERSONS), 2 * new)
        self._read(self._connection.pages(CHANGED, value=since))
        self._since = now

    def _read(self, pages: Iterator[list[Any]], most: float = math.inf) -> bool:
        for number, page in enumerate(pages, 1):
            for one in page:
                self.note(one)
            if number >= most:
                return False
        return True

    def note(self, person: Mapping[str, Any]) -> None:
        """Keep whose addresses these are; what is kept is looked at again before it is used."""
        for one in person.get("emails") or ():
            self._keys.setdefault(plain(one["value"]), []).append(person["id"])

    def of(self, address: str) -> list[Any]:
        """Return those who have an address now, whatever a search thinks they have."""
        keys = list(self._keys.get(plain(address), ()))
        if not self._whole:
            keys += [one["id"] for one in searched(self._connection, address, {})]
        found = [_alive(self._connection, str(key)) for key in dict.fromkeys(keys)]
        return [one for one in found if one and _has(one, address)]


def _has(person: Mapping[str, Any], address: str) -> bool:
    return any(plain(one["value"]) == plain(address) for one in person.get("emails") or ())


# What an account is like


def own_fields(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the fields that the company has defined; leads take those of deals."""
    for kind in ("person", "organization", "deal"):
        for page in connection.pages(GET(f"/{kind}Fields", **V2)):
            for one in (one for one in page if one["is_custom_field"]):
                yield f"{kind}.custom_fields.{one['field_code']}", str(one["field_name"])


def probe(connection: Connection) -> Mapping[str, object]:
    """Return whether the key's user is an administrator: others are not shown everything."""
    access = connection.call(GET("/users/me", host="v1")).at("data.access") or ()
    admin = any(one.get("admin") for one in access)
    return {"role": "admin" if admin else "user", "lacking": () if admin else {"admin"}}
