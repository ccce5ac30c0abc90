"""
What e-conomic and Reviso have in common: a PUT that replaces a record whole.

What is not sent is cleared, `barred` too, and null is an error. So a change reads the record,
changes it, and sends all of it that may be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from klarsyn.errors import RecordRefused, said
from klarsyn.transport.connection import Connection
from klarsyn.transport.paths import put
from klarsyn.transport.words import Call
from klarsyn.vendors.progress import Done, Later, Level, Progress
from klarsyn.vendors.reading import Seen
from klarsyn.vendors.redacting import blacked, words
from klarsyn.vendors.sheet import Places, Stage, Target
from klarsyn.vendors.stages import cleared

NOBODY = "-"
"""The name of somebody who was erased: a name is required, and this one is in no language."""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A record that a PUT replaces whole, and the stages that come of it."""

    one: Call
    write: Call
    keeps: tuple[str, ...] = ()
    """What may be written; () for all that is read."""
    shown: tuple[str, ...] = ()
    """What is shown and not written: what the vendor counts or sets itself."""
    blank: Mapping[str, Any] = field(default_factory=lambda: {"name": NOBODY})
    """What a record has of which nothing personal is left."""
    loose: tuple[str, ...] = ()
    """What an erasure clears beside elements and open fields."""
    mended: Callable[[dict[str, Any]], None] = lambda _body: None
    """Sets right what is read under another name than it is written."""

    def now(self, connection: Connection, places: Places) -> dict[str, Any] | None:
        """Return what may be written of a record, as it stands, without links and null."""
        reply = connection.look(self.one, **places)
        if reply is None:
            return None
        read = _bare(reply.json)
        body = {name: one for name, one in read.items() if not self.keeps or name in self.keeps}
        for path in self.shown:
            set_text(body, path, None)
        self.mended(body)
        return body

    def send(self, connection: Connection, places: Places, body: dict[str, Any]) -> Progress:
        """Replace a record; whoever was faster made another version of it."""
        try:
            connection.call(self.write, **{**places, "changes": body})
        except RecordRefused as refusal:
            if refusal.status != _CONFLICT:
                raise
            return Later(1, said("somebody else has changed it meanwhile"))
        return Done()

    def rectify(self, connection: Connection, target: Target) -> Progress:
        """Set elements to other values; what has none any more is left out."""
        body = self.now(connection, target.filled)
        if body is None:
            return Done(0)
        for name, value in target.changes.items():
            for path in target.record.element(name).paths:
                set_text(body, path, value)
        return self.send(connection, target.filled, body)

    def anonymise(self, connection: Connection, target: Target) -> Progress:
        """
        Clear all that a record says of people, and bar it.

        In a record that is another's, only what the person is known by is blacked out.
        """
        body = self.now(connection, target.filled)
        if body is None:
            return Done(0)
        if not is_theirs(target):
            return self._blacked_out(connection, target, body)
        for path in (*_paths(target), *self.loose):
            set_text(body, path, None)
        _black_out(body, target)
        for path, value in self.blank.items():
            put(body, path, value)
        return self._anonymised(connection, target, body)

    def delete_blank(self, away: Call) -> Stage:
        """Return a stage that deletes a record that was made anonymous, if the vendor lets it."""

        def stage(connection: Connection, target: Target) -> Progress:
            body = self.now(connection, target.filled)
            if body is None or any(body.get(name) != one for name, one in self.blank.items()):
                return Done(0)
            try:
                connection.look(away, **target.filled)
            except RecordRefused:
                return Done(0)
            return Done()

        return stage

    def erase(self, away: Call) -> Stage:
        """
        Return a stage that deletes a record, or makes it anonymous where something refers to it.

        Numbers are used again: who has another's number by now is left alone.
        """

        def stage(connection: Connection, target: Target) -> Progress:
            if not is_theirs(target):
                return self.anonymise(connection, target)
            if self.is_gone(connection, target):
                return Done(0)
            try:
                reply = connection.look(away, **target.filled)
            except RecordRefused:
                return self.anonymise(connection, target)
            return Done(0 if reply is None else 1)

        return stage

    def is_gone(self, connection: Connection, target: Target) -> bool:
        """Return whether a record is gone, or says of the person nothing that it said."""
        reply = connection.look(self.one, **target.filled)
        if reply is None or not is_theirs(target):
            return reply is None or not _names(Seen(target.record, reply.json, {}), target)
        created = [one.name for one in target.record.elements if one.write == "create"]
        listed = [one for one in target.record.open_fields if "[]" in one]
        is_cleared = cleared(self.one, (*created, *listed))(connection, target)
        return is_cleared and not _names(Seen(target.record, reply.json, {}), target)

    def _blacked_out(
        self, connection: Connection, target: Target, body: dict[str, Any]
    ) -> Progress:
        before = deepcopy(body)
        _black_out(body, target)
        if body == before:
            return Done(0, Level.REDACTED)
        return self._anonymised(connection, target, body)

    def _anonymised(self, connection: Connection, target: Target, body: dict[str, Any]) -> Progress:
        sent = self.send(connection, target.filled, body)
        return Done(1, Level.REDACTED) if isinstance(sent, Done) else sent


_CONFLICT = 409


def is_theirs(target: Target) -> bool:
    """Return whether a record is the person's: its elements name them, not a note in it."""
    pattern = words(target.known)
    values = Seen(target.record, target.raw, {}).values().values()
    return not target.known or any(pattern.search(one.reveal()) for one in values)


def _bare(value: Any) -> Any:
    """Return a value without links to itself, and without what is null."""
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _bare(one)
        for name, one in value.items()
        if one is not None and name not in {"self", "lastUpdated"}
    }


def set_text(body: dict[str, Any], path: str, value: str | None) -> None:
    """Set a place to a text, or take it out: nothing is written as null."""
    if value:
        put(body, path, value)
        return
    *outer, last = path.split(".")
    for name in outer:
        body = body.get(name) or {}
    body.pop(last, None)


def _paths(target: Target) -> Iterator[str]:
    """Yield the places of a record that can be cleared: elements, and texts that are no list's."""
    for element in target.record.elements:
        if element.write != "create":
            yield from element.paths
    yield from (one for one in target.record.open_fields if "[]" not in one)


def _black_out(body: dict[str, Any], target: Target) -> None:
    """Black out what the person is known by in every open field."""
    pattern = words(target.known)
    for path in target.record.open_fields:
        outer, inner = path.split("[].") if "[]." in path else ("", path)
        for item in body.get(outer) or () if outer else (body,):
            *within, last = inner.split(".")
            holder: Any = item
            for name in within:
                holder = holder.get(name) or {}
            if isinstance(holder.get(last), str):
                holder[last] = blacked(holder[last], pattern)


def _names(seen: Seen, target: Target) -> bool:
    """Return whether a record has something that the person is known by."""
    pattern = words(target.known)
    return any(pattern.search(text.reveal()) for _, text in seen.texts())
