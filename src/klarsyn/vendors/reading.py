"""
The generic reader: every record that a sheet knows of, page by page, element by element.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from klarsyn.errors import FileRefused, Message, VendorError, said
from klarsyn.personal import Personal, wrapped
from klarsyn.transport.connection import Connection
from klarsyn.transport.paging import Capped
from klarsyn.transport.paths import at, getter, named, steps, texts
from klarsyn.transport.words import Call
from klarsyn.vendors.elements import TEXT
from klarsyn.vendors.sheet import Element, Places, Reader, Record, Target, Vendor, Walk, Within

_Where = tuple[tuple[tuple[str, str], ...], tuple[Element, ...]]


def _where(record: Record) -> _Where:
    """Return the elements that are a plain text in one field, with that field, and the others."""
    plain = tuple((one.name, one.paths[0]) for one in record.elements if _plain(one))
    return plain, tuple(one for one in record.elements if not _plain(one))


def _plain(element: Element) -> bool:
    path, *more = element.paths
    return not more and element.wire.read is TEXT.read and steps(path) == ((path, None),)


class Seen:
    """A record as it was read. Its repr tells what kind it is and nothing else."""

    __slots__ = ("places", "raw", "record", "where")

    def __init__(
        self, record: Record, raw: Any, places: Places, where: _Where | None = None
    ) -> None:
        """Keep the record of the sheet, what came, and the ids of what it lies within."""
        self.record = record
        self.raw = raw
        self.places = places
        self.where = where

    def __repr__(self) -> str:
        """Return the kind of record."""
        return f"<Seen {self.record.name}>"

    @property
    def key(self) -> str:
        """The vendor's key."""
        found = at(self.raw, self.record.key)
        return "" if found is None else str(found)

    @property
    def target(self) -> Target:
        """What a job needs to know of it."""
        return Target(self.record, self.key, self.raw, self.places)

    def value(self, element: Element) -> Personal[str] | None:
        """Return the value of an element, or None where there is none."""
        parts = [element.wire.read(at(self.raw, path)) for path in element.paths]
        text = " ".join(part for part in parts if part)
        return Personal(text) if text else None

    def values(self) -> dict[str, Personal[str]]:
        """Return the values of all elements that have one, by the element's name."""
        plain, others = self.where or _where(self.record)
        found = wrapped(self.raw, plain) if isinstance(self.raw, dict) else {}
        for element in others:
            value = self.value(element)
            if value is not None:
                found[element.name] = value
        return found

    def texts(self) -> Iterator[tuple[str, Personal[str]]]:
        """Yield every text in the open fields, with the path to it."""
        elements = (element for element in self.record.elements if not element.free)
        own = {path for element in elements for path in element.paths}
        ignored = set(self.record.ignored)
        for open_field in self.record.open_fields:
            root = "" if open_field == "*" else open_field.removesuffix(".*")
            for at_root, value in named(self.raw, root):
                for path, text in texts(value, at_root):
                    if path not in own and path not in ignored:
                        yield path, Personal(text)


_NOTHING = next(one.default for one in fields(Record) if one.name == "unread")
"""Says of every record that no part of it was left out."""


@dataclass(slots=True)
class Coverage:
    """What a reading covered, and what it did not: the second is a finding, never a pass."""

    read: dict[str, int] = field(default_factory=dict)
    """How many records, by kind."""
    missed: list[tuple[str, Message]] = field(default_factory=list)
    """Kinds of records that could not be read to the end, and why."""
    unread: dict[tuple[str, str], tuple[Message, int]] = field(default_factory=dict)
    """By kind and reason: of how many records a part was left out, pictures say; for findings."""

    @property
    def complete(self) -> bool:
        """Whether everything was read."""
        return not self.missed

    def count(self, record: Record, page: list[Any]) -> None:
        """Count records that were read, and those of which a part was not."""
        self.read[record.name] += len(page)
        if record.unread is _NOTHING:
            return
        for why in filter(None, map(record.unread, page)):
            _, before = self.unread.get((record.name, why.text), (why, 0))
            self.unread[record.name, why.text] = (why, before + 1)


def records_of(
    vendor: Vendor, connection: Connection, coverage: Coverage | None = None
) -> tuple[Record, ...]:
    """Return the records of a sheet, those too that exist only once the connection is read."""
    if vendor.api.protocol == "none" and coverage:
        coverage.missed.append((vendor.id, said("nobody can read there; it has to be attested")))
    if vendor.catalogue is None:
        return vendor.records
    try:
        return (*vendor.records, *vendor.catalogue(connection, vendor.own))
    except VendorError as error:
        if not coverage:
            raise
        coverage.missed.append((vendor.id, error.message))
        return vendor.records


def read(
    connection: Connection, record: Record, coverage: Coverage | None = None
) -> Iterator[list[Seen]]:
    """
    Yield the records of one kind, batch by batch, walking first what they lie within.

    With a coverage, what cannot be read is noted there and the rest goes on; without, it raises.
    """
    if coverage:
        coverage.read.setdefault(record.name, 0)
    where = _where(record)
    for places in _outer(connection, record.within, coverage):
        for page in _noting(batches(connection, record.read, places), record.name, coverage):
            if coverage:
                coverage.count(record, page)
            yield [Seen(record, raw, places, where) for raw in page]


def batches(connection: Connection, how: Call | Reader, places: Places) -> Iterator[list[Any]]:
    """Yield what a call or a reader of a sheet yields."""
    if isinstance(how, Call):
        return connection.pages(how, **places)
    return how(connection, places)


def outer_places(connection: Connection, within: Within | None) -> Iterator[dict[str, Any]]:
    """Yield the places that outer records fill; whatever cannot be read is raised."""
    return _outer(connection, within, None)


def _noting(
    pages: Iterator[list[Any]], name: str, coverage: Coverage | None
) -> Iterator[list[Any]]:
    """Yield pages; where they end too early, note it, or raise where nobody takes note."""
    try:
        yield from pages
    except Capped:
        if not coverage:
            raise
        coverage.missed.append((name, said("the vendor shows no more of the list")))
    except (VendorError, FileRefused) as error:
        if not coverage:
            raise
        coverage.missed.append((name, error.message))


def _outer(
    connection: Connection, within: Within | None, coverage: Coverage | None
) -> Iterator[dict[str, Any]]:
    """Yield the places that each outer record fills."""
    if within is None:
        yield {}
        return
    gives = {place: getter(path) for place, path in within.gives.items()}
    for places in _outer(connection, within.of.within, coverage):
        for page in _noting(_walked(connection, within.of, places), within.of.name, coverage):
            for raw in page:
                if within.where is None or within.where(raw):
                    yield {**places, **{place: get(raw) for place, get in gives.items()}}


def _walked(connection: Connection, of: Walk | Record, places: Places) -> Iterator[list[Any]]:
    only = connection.settings.get(of.only) if isinstance(of, Walk) and of.only else None
    if not only:
        yield from batches(connection, of.read, places)
        return
    wanted = {str(one) for one in only}
    for page in batches(connection, of.read, places):
        yield [raw for raw in page if str(at(raw, of.key)) in wanted]
