"""
Tables of a database as records of a fact sheet: read, looked through, rectified and delivered to.

Which tables there are is known once the connection is read; what their columns mean, a company
says in the map of its register: `customers.email`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection as Held
from sqlalchemy import or_, update

from klarsyn.errors import CallRefused, NotThere, OutcomeUnknown, RecordRefused, said
from klarsyn.transport.connection import Connection
from klarsyn.transport.sql import Database, database
from klarsyn.transport.sqlrows import (
    KEY,
    Condition,
    equal,
    holding,
    holding_digits,
    named,
    pages,
    reading,
    same,
    shown,
    upsert,
)
from klarsyn.transport.sqltables import Catalogue, Table, catalogue
from klarsyn.vendors.matching import digits, tail
from klarsyn.vendors.sheet import (
    Clear,
    Delivery,
    Done,
    Element,
    Job,
    Lookup,
    Places,
    Progress,
    Record,
    Refused,
    Residue,
    Row,
    RowOutcome,
    RowState,
    Target,
    body_of,
)

Sought = Literal["email", "phone", "name", "company", "organisation_number", "reference"]
_ADDRESS = "user.contact.email"
_NAMES = ("user.name", "user.contact.organization")
"""A customer who is a firm has its name where others have theirs."""
MEANINGS: Mapping[Sought, tuple[str, ...]] = {
    "email": (_ADDRESS,),
    "phone": ("user.contact.phone_number",),
    "name": _NAMES,
    "company": _NAMES,
    "organisation_number": ("user.government_id",),
    "reference": ("user.unique_id",),
}
"""By what people are looked for -> the data category of the columns that hold it."""
Own = Mapping[str, tuple[Element, ...]]
"""By table: the places of the company's elements, as its register maps them."""
_PASSWORD = re.compile(r"(?i)passw|pwd")
_MEMORY = "tables"


@dataclass(frozen=True, slots=True)
class Tables:
    """The catalogue of a connection, with what its columns mean."""

    catalogue: Catalogue
    own: Own
    elements: Own
    """A table of copies has the places of the table that it copies."""

    def __getitem__(self, name: str) -> Table:
        """Return a table; raises NotThere where the catalogue has none of this name."""
        found = self.catalogue.tables.get(name)
        if found is None:
            raise NotThere(said("there is no table {table}", table=name))
        return found


def tables(connection: Connection, own: Own) -> Tables:
    """Return the tables of a connection; they are read once, with the company's own places."""
    found = connection.memory.get(_MEMORY)
    if not isinstance(found, Tables) or found.own != own:
        found = connection.memory[_MEMORY] = _read(connection, own)
    return found


def _read(connection: Connection, own: Own) -> Tables:
    schema = connection.settings.get("schema") or None
    pairs = (one.partition(":") for one in connection.settings.get("copies") or ())
    copies = {copy: base for copy, _, base in pairs}
    read = database(connection).read("catalogue", lambda held: catalogue(held, schema, copies))
    elements = {}
    for name, table in read.tables.items():
        mapped = own.get(name) or own.get(table.copy_of) or ()
        elements[name] = tuple(_element(one, table) for one in mapped if one.name in table.columns)
    withheld = {name: _withheld(table, elements[name]) for name, table in read.tables.items()}
    return Tables(Catalogue(withheld), own, elements)


def _element(one: Element, table: Table) -> Element:
    """Return an element as its column takes it."""
    column = table.columns[one.name]
    fixed = one.name in table.key or column.kind == "withheld"
    return replace(
        one,
        clear=Clear.NULL if column.nullable else Clear.EMPTY,
        write="never" if fixed else one.write,
        most=column.most,
    )


def _withheld(table: Table, elements: Sequence[Element]) -> Table:
    """Return a table whose columns of passwords are not read."""
    secret = {one.name for one in elements if one.means.startswith("user.authorization")}
    secret |= {label for label in table.columns if _PASSWORD.search(label)}
    columns = {
        label: replace(one, kind="withheld") if label in secret - set(table.key) else one
        for label, one in table.columns.items()
    }
    return replace(table, columns=columns)


# Records


def records(
    connection: Connection, own: Own, erasure: Callable[[Own, Tables, str], Job]
) -> tuple[Record, ...]:
    """Return a record for each table that is to be looked at."""
    read = tables(connection, own)
    wanted = set(connection.settings.get("tables") or read.catalogue.tables)
    people = connection.settings.get("person_table") or ()
    return tuple(
        _record(read, own, name, erasure(own, read, name), people=name in people)
        for name in read.catalogue.tables
        if name in wanted
    )


def _record(read: Tables, own: Own, name: str, erase: Job, *, people: bool) -> Record:
    table = read[name]
    changeable = not table.system_kept
    kept = Job(stages=(partial(rectify, own),), residue=copies(read, name))
    return Record(
        name=name,
        about=said("people") if people else said("whoever stands in the table {table}", table=name),
        read=partial(_rows, own, name),
        key=KEY,
        elements=read.elements[name],
        open_fields=tuple(
            label
            for label, one in table.columns.items()
            if label not in table.linking and one.kind not in {"binary", "withheld"}
        ),
        find=tuple(Lookup(by=kind, call=partial(_look, own, name, kind)) for kind in MEANINGS),
        rectify=kept if changeable else None,
        erase=erase,
        deliver=Delivery(send=partial(_deliver, own, name)) if changeable else None,
        # Whoever is deleted is written into the table of copies at that moment.
        order=1 if table.copy_of else 0,
    )


def receiving(own: Own, erase: Callable[[Own], Job]) -> tuple[Record, ...]:
    """
    Return a record for each table of which columns are mapped, as a delivery needs it.

    What the tables are like is looked up when there is a connection.
    """
    return tuple(
        Record(
            name=name,
            about=said("whoever stands in the table {table}", table=name),
            read=partial(_rows, own, name),
            key=KEY,
            elements=elements,
            find=tuple(Lookup(by=kind, call=partial(_look, own, name, kind)) for kind in MEANINGS),
            rectify=Job(stages=(partial(rectify, own),)),
            erase=erase(own),
            deliver=Delivery(
                send=partial(_deliver, own, name),
                match_on=next((one.name for one in elements if one.means == _ADDRESS), ""),
            ),
        )
        for name, elements in own.items()
    )


def copies(read: Tables, name: str) -> tuple[Residue, ...]:
    """Return what keeps earlier values of a table's rows."""
    found = [
        Residue(said("{copy} keeps what a row was before", copy=one))
        for one in read.catalogue.copies(name)
    ]
    if read[name].triggers:
        what = said(
            "triggers on {table} may have written copies: {triggers}",
            table=name,
            triggers=list(read[name].triggers),
        )
        found.append(Residue(what))
    return tuple(found)


def _rows(own: Own, name: str, connection: Connection, _: Places) -> Iterator[list[Any]]:
    """Yield the rows of a table, page by page."""
    return pages(database(connection), tables(connection, own)[name])


# Find


def _look(
    own: Own, name: str, kind: Sought, connection: Connection, value: str, _: Places
) -> Iterator[Any]:
    """Yield the rows in which a value stands: whole in a column of this meaning, or anywhere."""
    read, db = tables(connection, own), database(connection)
    table = read[name]
    meanings = {one.name: one.means for one in read.elements[name]}
    conditions = [
        one
        for label in table.columns
        if label not in table.linking
        for one in _conditions(table, label, (kind, value), db.dialect, meanings.get(label))
    ]
    if conditions:
        for page in pages(db, table, or_(*conditions)):
            yield from page


def _conditions(
    table: Table, label: str, wanted: tuple[Sought, str], dialect: str, means: str | None
) -> Iterator[Condition]:
    """Yield how a column is looked through; one that is mapped to something else is left out."""
    kind, value = wanted
    meant = means is not None and means.startswith(MEANINGS[kind])
    if means and not meant:
        return
    numbers = kind in {"phone", "organisation_number"}
    # SQLite lets any column hold a text, whatever type it was given.
    kinds = {"text", "other"} | ({"number", "time"} if numbers or dialect == "sqlite" else set())
    if table.columns[label].kind not in kinds:
        return
    if numbers:
        sought = tail(value) if kind == "phone" else digits(value)
        if sought:
            yield holding_digits(table, label, sought, dialect)
    elif meant and table.columns[label].kind == "text":
        yield equal(table, label, value, dialect)
    else:
        yield holding(table, label, value, dialect)


# Rectify


def row_now(
    held: Held, db: Database, table: Table, raw: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return a row as it stands, or None where it is gone."""
    found = held.execute(reading(table, db.dialect).where(identity(table, raw))).first()
    return None if found is None else shown(table, found, db)


def identity(table: Table, raw: Mapping[str, Any]) -> Condition:
    """Return the condition for a row that was read: its key, or all that can be compared."""
    comparable = table.of_kind("text", "number", "truth", "time")
    return same(table, raw, () if table.key else comparable)


def rectify(own: Own, connection: Connection, target: Target) -> Progress:
    """
    Change a row only where it still holds the values that were read.

    Run again after a lost reply it finds the new values, and that is as good.
    """
    db, table = database(connection), tables(connection, own)[target.record.name]
    changes = target.filled["changes"]

    def deed(held: Held) -> Progress:
        before = same(table, target.raw, tuple(changes))
        where = identity(table, target.raw) & before
        changed = held.execute(update(table.clause).where(where).values(named(table, changes)))
        if changed.rowcount == 1:
            return Done()
        if changed.rowcount > 1:
            raise RecordRefused(said("{table}: more than one row would change", table=table.name))
        now = row_now(held, db, table, target.raw if table.key else {**target.raw, **changes})
        if now is None:
            return Refused(said("the row is no longer there"))
        if all(str(now[one]) == str(value) for one, value in changes.items()):
            return Done(0)
        return Refused(said("the row was changed meanwhile; look at it again"))

    return db.write(table.name, deed)


# Deliver


def _deliver(
    own: Own, name: str, connection: Connection, rows: Sequence[Row], _: Places
) -> Iterator[RowOutcome]:
    """
    Add rows, or change those that are there, each in a transaction of its own.

    Only mapped columns are written. The database from which data come is never delivered to.
    """
    if connection.settings.get("source") == "true":
        message = said("{vendor} is where the data come from", vendor=connection.name)
        raise CallRefused(message, said("nothing is delivered to the source itself"))
    read, db = tables(connection, own), database(connection)
    elements, table = read.elements[name], read[name]
    match = _matching(connection, table, elements)
    for row in rows:
        if unmapped := sorted(set(row.values) - {one.name for one in elements}):
            message = said("{table}: {columns} is not mapped", table=name, columns=unmapped)
            raise CallRefused(
                message, said("run `klarsyn vendors map {vendor}`", vendor=connection.name)
            )
        try:
            state, key = db.write(
                name, partial(_put, db, table, match, body_of(elements, row.values))
            )
        except RecordRefused as refused:
            yield RowOutcome(row, "refused", why=refused.message)
        except OutcomeUnknown as unknown:
            yield RowOutcome(row, "unknown", why=unknown.message)
        else:
            yield RowOutcome(row, state, key)


def _matching(connection: Connection, table: Table, elements: Sequence[Element]) -> str:
    """Return the column by which somebody is known again; two rows must not have the same."""
    mapped = next((one.name for one in elements if one.means == _ADDRESS), "")
    match = str(connection.settings.get("match_column") or mapped)
    if frozenset({match}) not in table.unique:
        message = said("{table}: {column} may stand twice", table=table.name, column=match)
        remedy = said("make a unique index on it, or name another column in match_column")
        raise CallRefused(message, remedy)
    return match


def _put(
    db: Database, table: Table, match: str, values: Mapping[str, Any], held: Held
) -> tuple[RowState, str]:
    """Add a row or change the one that is there; tell which, and its key."""
    if not values.get(match):
        raise RecordRefused(said("{table}: a row has no {column}", table=table.name, column=match))
    where = equal(table, match, str(values[match]), db.dialect)
    looking = reading(table, db.dialect).where(where).limit(2)
    before = held.execute(looking).all()
    if len(before) > 1:
        message = said("{table}: two rows have this {column}", table=table.name, column=match)
        raise RecordRefused(message)
    if before:
        known = identity(table, shown(table, before[0], db))
        held.execute(update(table.clause).where(known).values(named(table, values)))
    else:
        held.execute(upsert(table, match, values, db.dialect))
    row = held.execute(looking).one()
    return "updated" if before else "created", str(shown(table, row, db)[KEY])
