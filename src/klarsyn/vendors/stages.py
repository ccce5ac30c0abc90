"""
Stages, proofs and deliveries that more than one sheet needs, made from calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from klarsyn.errors import Message, RecordRefused, said
from klarsyn.transport.connection import Connection
from klarsyn.transport.paths import at
from klarsyn.transport.replies import Reply
from klarsyn.transport.words import GET, Call
from klarsyn.vendors.elements import Element, body_of
from klarsyn.vendors.reading import Seen
from klarsyn.vendors.sheet import (
    Done,
    Later,
    Places,
    Progress,
    Record,
    Refused,
    Row,
    RowOutcome,
    RowState,
    Stage,
    Target,
)

Proof = Callable[[Connection, Target], bool]
"""Looks whether a job was done."""
Send = Callable[[Connection, Sequence[Row], Places], Iterator[RowOutcome]]

# Stages


def set_whole(call: Call, *parts: str) -> Stage:
    """
    Return a stage that sets changed fields, and sends the objects `parts` whole.

    For vendors that replace an object, or do not say whether the rest of one sent in part stays.
    """

    def stage(connection: Connection, target: Target) -> Progress:
        changes = target.filled["changes"]
        if not changes.keys().isdisjoint(parts):
            now = connection.call(GET(call.path), **target.filled)
            for part in changes.keys() & set(parts):
                kept = {name: one for name, one in (now.at(part) or {}).items() if one is not None}
                changes[part] = kept | changes[part]
        reply = connection.look(call, **{**target.filled, "changes": changes})
        return Done(0 if reply is None else 1)

    return stage


def or_by_hand(call: Call, address: Callable[[Connection, Target], str]) -> Stage:
    """Return a stage whose refusal tells a person why, and at which address they can do it."""

    def stage(connection: Connection, target: Target) -> Progress:
        filled = target.filled
        try:
            reply = connection.look(call, **{**filled["changes"], **filled})
        except RecordRefused as error:
            why, where = error.remedy or error.message, address(connection, target)
            return Refused(said("{why}: {where}", why=why, where=where), by_hand=True)
        return Done(0 if reply is None else 1)

    return stage


def each_away(listing: Call, deletion: Call, within: str) -> Stage:
    """Return a stage that deletes all that hangs on a record, whose key fills `within`."""

    def stage(connection: Connection, target: Target) -> Progress:
        places = {**target.places, within: target.key}
        pages = list(connection.pages(listing, **places))
        keys = [one["id"] for page in pages for one in page]
        for key in keys:
            connection.look(deletion, **places, id=key)
        return Done(len(keys))

    return stage


def wait_for(proof: Proof, after: float, why: Message) -> Stage:
    """Return a stage that is through when a proof is there, and looks again after a while."""
    return lambda connection, target: Done(0) if proof(connection, target) else Later(after, why)


def only_if(proof: Proof, otherwise: Message) -> Stage:
    """Return a stage that changes nothing and tells what stands in the way of a proof."""
    return lambda connection, target: Done(0) if proof(connection, target) else Refused(otherwise)


# Jobs of the vendor's own


def awaited(
    connection: Connection, reply: Reply, show: Call, ended: Iterable[str], *, patience: float = 120
) -> Mapping[str, Any]:
    """
    Return a job of the vendor's once its `status` is one of `ended`, or as it stands after a while.

    `reply` started it; `show` reads it by its id, at the same place in the reply.
    """
    ends, until = set(ended), connection.clock.now() + timedelta(seconds=patience)
    job: Mapping[str, Any] = reply.at(show.items) or {}
    key = job.get("id")
    while key and job.get("status") not in ends and connection.clock.now() < until:
        connection.clock.sleep(_POLL)
        job = connection.call(show, id=key).at(show.items) or {}
    return job


_POLL = 3.0
"""Seconds between two looks at a job."""


# Proofs


def cleared(read: Call, stays: Iterable[str] = (), **places: str) -> Proof:
    """
    Return a proof that a record is gone, or says nothing any more of what it said.

    `stays` names elements and open fields that may go on saying it; `places` are filled from the
    record as it was first read.
    """
    staying = frozenset(stays)

    def proof(connection: Connection, target: Target) -> bool:
        more = {place: at(target.raw, path) for place, path in places.items()}
        now = connection.look(read, **{**target.filled, **more})
        if now is None:
            return True
        before = _says(target.record, target.raw, staying)
        return not before & _says(target.record, now.json, staying)

    return proof


def away(read: Call, sign: str, shown: Iterable[object] = (True,)) -> Proof:
    """Return a proof that a record is gone, or only read any more as one that was deleted."""
    signs = tuple(shown)

    def proof(connection: Connection, target: Target) -> bool:
        now = connection.look(read, **target.filled)
        return now is None or now.at(sign) in signs

    return proof


def _says(record: Record, raw: object, staying: frozenset[str]) -> set[tuple[str, str]]:
    """Return all that a record says of people, place by place."""
    seen = Seen(record, raw, {})
    found = [*seen.values().items(), *seen.texts()]
    return {(place, value.reveal()) for place, value in found if place not in staying}


# Deliveries


def set_or_add(
    change: Call, add: Call, elements: Sequence[Element], key: str, named: str = "{}"
) -> Send:
    """
    Return a delivery by a key of ours: add a record, or change the one of that key.

    `change` has a place `id`, which the vendor's key fills, or ours as it is `named` there. `add`
    sends the key, as the element `key`; both take `changes`. The key is the row's reference, unless
    the company has mapped an element of its own to it. Who is not known yet is added first: most
    are new, and where that is refused, a look tells whether the key is taken.
    """

    def send(connection: Connection, rows: Sequence[Row], places: Places) -> Iterator[RowOutcome]:
        for row in rows:
            values = {key: row.key, **row.values}
            rest = {name: value for name, value in values.items() if name != key}
            known = row.known_as or named.format(values[key])
            there = {**places, "id": known, "changes": body_of(elements, rest)}
            new = {**places, "changes": body_of(elements, values)}
            state: RowState = "updated"
            try:
                if row.known_as:
                    reply = connection.call(change, **there)
                else:
                    state, reply = added(connection, new, there)
                yield RowOutcome(row, state, str(reply.at("id") or row.known_as))
            except RecordRefused as refusal:
                yield RowOutcome(row, "refused", why=refusal.message)

    def added(
        connection: Connection, new: Mapping[str, Any], there: Mapping[str, Any]
    ) -> tuple[RowState, Reply]:
        try:
            return "created", connection.call(add, **new)
        except RecordRefused:
            if connection.look(GET(change.path), **there) is None:
                raise
            return "updated", connection.call(change, **there)

    return send
