"""
Erasing somebody's row with all that hangs on it, in one transaction, or nothing of it.

What refers to a row goes before it. What the law keeps, and what the schema lets live on, stays
without the person's data. A row that only mentions somebody stays too, and they are blacked out.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection as Held
from sqlalchemy import delete, func, select, update

from klarsyn.errors import RecordRefused, said
from klarsyn.personal import Personal
from klarsyn.transport.connection import Connection
from klarsyn.transport.sql import Database, database
from klarsyn.transport.sqlrows import KEY, Row, named, reading, same, shown
from klarsyn.transport.sqltables import Column, Reference, Table
from klarsyn.vendors.redacting import blacked, words
from klarsyn.vendors.sheet import Done, Job, Level, Progress, Refused, Residue, Target
from klarsyn.vendors.tables import MEANINGS, Own, Tables, identity, row_now, tables

MOST_ROWS = 10_000
"""More hangs on no person: a plan that grows beyond is a wrong turn in the references."""
ERASED = "[erased]"
"""What stands where there was a text, in a column that takes no null."""
_DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 366}

_MEANT = tuple(sorted({meaning for each in MEANINGS.values() for meaning in each}))
Mark = tuple[str, str]
"""Table and key of a row."""


def erasure(own: Own, read: Tables, name: str, leaves: tuple[Residue, ...] = ()) -> Job:
    """Return how a table's rows are erased, with what is left of them and what else leaves some."""
    stage = _kept_by_database if read[name].system_kept else partial(erase, own)
    return Job(
        stages=(stage,),
        level=Level.PURGED,
        proof=partial(erased, own),
        residue=(*_left(read, name), *leaves),
    )


def erasure_of_any(own: Own, leaves: tuple[Residue, ...] = ()) -> Job:
    """Return how a row of whatever table is erased, before anything is known of the tables."""
    stages = (partial(erase, own),)
    return Job(stages=stages, level=Level.PURGED, proof=partial(erased, own), residue=leaves)


def erase(own: Own, connection: Connection, target: Target) -> Progress:
    """
    Erase a person's row with its children, or black them out in one that only mentions them.

    Every statement has to hit as many rows as were planned, else all is undone.
    """
    db, read = database(connection), tables(connection, own)
    name = target.record.name

    def deed(held: Held) -> Progress:
        row = row_now(held, db, read[name], target.raw)
        if row is None:
            return Done(0)
        if not target.known and _changed(read, name, target.raw, row):
            return Refused(said("the row was changed meanwhile; look at it again"))
        known, stays = words(target.known), True
        if target.known and not _is_theirs(read, name, row, known):
            plan = _Plan(held, db, read, _kept(connection), known)
            plan.black_out(name, row)
        else:
            plan = _Plan(held, db, read, _kept(connection), _pattern(read, name, target))
            stays = plan.remove(name, row)
        return Done(plan.carry_out(), Level.REDACTED if stays else None)

    return db.write(name, deed)


def erased(own: Own, connection: Connection, target: Target) -> bool:
    """Return whether a row is gone, or says nothing of the person any more."""
    db, read = database(connection), tables(connection, own)
    name = target.record.name
    row = db.read(name, lambda held: row_now(held, db, read[name], target.raw))
    if row is None:
        return True
    pattern = _pattern(read, name, target)
    seen = read[name].of_kind("text", "other", "number")
    return not any(pattern.search(_text(row[one])) for one in seen if one not in read[name].linking)


def _kept_by_database(_: Connection, __: Target) -> Progress:
    why = said("the database keeps this table of earlier rows itself, until its time is over")
    return Refused(why)


# What is left


def _left(read: Tables, name: str) -> Iterator[Residue]:
    """Yield what keeps a table's rows although they are deleted."""
    table = read[name]
    if table.triggers:
        triggers = list(table.triggers)
        yield Residue(
            said("copies that triggers on {table} make: {names}", table=name, names=triggers)
        )
    for copy in read.catalogue.copies(name):
        kept = read[copy]
        if kept.system_kept:
            what = said("{copy}, until its HISTORY_RETENTION_PERIOD is over", copy=copy)
            yield Residue(what, partial(_until, kept.kept_for))
        elif not set(table.key) <= set(kept.columns):
            yield Residue(said("{copy}: it cannot be told whose rows these are", copy=copy))


def _until(kept_for: tuple[int, str] | None, on: date, _: Mapping[str, Any]) -> date | None:
    """Return the day on which a history table has forgotten; none where it keeps for ever."""
    return on + timedelta(days=kept_for[0] * _DAYS[kept_for[1]]) if kept_for else None


# Whose row it is


@dataclass(frozen=True)
class _Kept:
    """What the company says of its tables."""

    by_law: frozenset[str]
    people: frozenset[str]
    blanked: frozenset[str]
    """Columns that are blanked beside the mapped ones, in rows that stay: `table.column`."""


def _kept(connection: Connection) -> _Kept:
    names = ("kept_by_law", "person_table", "anonymise")
    return _Kept(*(frozenset(connection.settings.get(one) or ()) for one in names))


def _pattern(read: Tables, name: str, target: Target) -> re.Pattern[str]:
    """Return a pattern of all that the person is known by; without a search, what the row says."""
    told = [
        Personal(str(value))
        for one in read.elements[name]
        if one.means.startswith(_MEANT) and (value := target.raw.get(one.name))
    ]
    known = words(target.known)
    theirs = not target.known or _is_theirs(read, name, target.raw, known)
    return words([*target.known, *told]) if theirs else known


def _is_theirs(read: Tables, name: str, row: Mapping[str, Any], pattern: re.Pattern[str]) -> bool:
    """Return whether a mapped column says that a row is the person's own; a firm has many rows."""
    elements = read.elements[name]
    firm = MEANINGS["company"][-1]
    telling = [one for one in elements if one.means.startswith(_MEANT) and one.means != firm]
    return any(
        pattern.fullmatch(_text(row.get(one.name)).strip()) is not None
        for one in telling or elements
    )


def _changed(read: Tables, name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Return whether a row says something else of somebody than when it was read."""
    return any(
        now[one.name] != before.get(one.name) and not _is_blank(now[one.name])
        for one in read.elements[name]
    )


def _is_blank(value: Any) -> bool:
    return not value or str(value).startswith(ERASED[:-1])


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


# The plan


@dataclass
class _Plan:
    """What one transaction does: rows to change, then rows to delete, children first."""

    held: Held
    db: Database
    read: Tables
    kept: _Kept
    pattern: re.Pattern[str]
    rows: dict[Mark, Row] = field(default_factory=dict)
    changes: dict[Mark, Row] = field(default_factory=dict)
    deletions: list[Mark] = field(default_factory=list)
    stays: dict[Mark, bool] = field(default_factory=dict)
    """Of each row that was decided on, whether it stays; of one that is being decided on, no."""

    def remove(self, name: str, row: Row) -> bool:
        """Plan to delete a row and what hangs on it; return whether it has to stay."""
        mark = self._note(name, row)
        self.stays[mark] = False
        stays, links = name in self.kept.by_law, []
        for reference in self.read.catalogue.children.get(name, ()):
            for child in self._children(reference, row):
                if self._follow(reference, child):
                    stays = stays or not self._loose(reference)
                    links.append((reference, child))
        self.stays[mark] = stays
        if stays:
            self.blank(name, row)
            return True
        for reference, child in links:
            self._cut(reference, child)
        self.deletions.append(mark)
        return False

    def _follow(self, reference: Reference, child: Row) -> bool:
        """Decide on a row that refers to one; return whether it stays and its link is to be cut."""
        name = reference.table
        mark = self._note(name, child)
        if mark in self.deletions:
            return False
        if mark in self.stays:
            return True
        somebody = name in self.kept.people or any(
            one.means.startswith(("user.contact.email", "user.name"))
            for one in self.read.elements[name]
        )
        if name == reference.to or (
            somebody and self._loose(reference) and reference.on_delete != "CASCADE"
        ):
            return True
        if reference.on_delete in {"SET NULL", "SET DEFAULT"}:
            self.blank(name, child)
            return True
        return self.remove(name, child)

    def _loose(self, reference: Reference) -> list[str]:
        """Return the columns of a reference that can be emptied."""
        table = self.read[reference.table]
        return [
            one for one in reference.columns if table.columns[one].nullable and one not in table.key
        ]

    def _cut(self, reference: Reference, child: Row) -> None:
        """Plan to empty a reference."""
        changes = self.changes.setdefault((reference.table, str(child[KEY])), {})
        changes.update(dict.fromkeys(self._loose(reference)))

    def _children(self, reference: Reference, row: Row) -> list[Row]:
        """Return the rows that refer to a row."""
        values = [row[one] for one in reference.to_columns]
        if None in values:
            return []
        table = self.read[reference.table]
        where = same(table, dict(zip(reference.columns, values, strict=True)), reference.columns)
        found = self.held.execute(reading(table, self.db.dialect).where(where))
        return [shown(table, one, self.db) for one in found]

    def _note(self, name: str, row: Row) -> Mark:
        mark = (name, str(row[KEY]))
        self.rows.setdefault(mark, row)
        if len(self.rows) > MOST_ROWS:
            message = said("{table}: {count} rows hang on one", table=name, count=MOST_ROWS)
            raise RecordRefused(message, said("look at what refers to it"))
        return mark

    # What stays

    def blank(self, name: str, row: Row) -> None:
        """Plan to empty all mapped columns of a row, and black the person out in its texts."""
        table, mark = self.read[name], self._note(name, row)
        mapped = {one.name for one in self.read.elements[name]}
        mapped |= {one for one in table.columns if f"{name}.{one}" in self.kept.blanked}
        changes = self.changes.setdefault(mark, {})
        for label in mapped:
            if label in table.key:
                raise RecordRefused(said("{table}: the key itself is personal", table=name))
            column = table.columns[label]
            if column.kind == "withheld" or not _is_blank(row[label]):
                unique = any(label in one for one in table.unique)
                changes[label] = _nothing(column, name, unique=unique)
        self.black_out(name, row, but=frozenset(mapped))

    def black_out(self, name: str, row: Row, but: frozenset[str] = frozenset()) -> None:
        """Plan to black the person out in the texts of a row."""
        table, mark = self.read[name], self._note(name, row)
        changes = self.changes.setdefault(mark, {})
        for label in table.of_kind("text", "other", "number"):
            text = _text(row[label])
            if label in but or label in table.linking or not self.pattern.search(text):
                continue
            if label in table.key:
                raise RecordRefused(said("{table}: the key itself is personal", table=name))
            column = table.columns[label]
            number = isinstance(row[label], (int, float))
            changes[label] = _nothing(column, name) if number else blacked(text, self.pattern)

    # Carrying out

    def carry_out(self) -> int:
        """Change, then delete, then clear the tables of copies; return how many rows were hit."""
        hit = 0
        for mark, values in self.changes.items():
            table = self.read[mark[0]]
            statement = update(table.clause).values(named(table, values))
            hit += self._hit(statement, table, self.rows[mark]) if values else 0
        for mark in self.deletions:
            table = self.read[mark[0]]
            row = self.rows[mark]
            if not table.key:
                row = {**row, **self.changes.get(mark, {})}
            hit += self._hit(delete(table.clause), table, row)
        return hit + sum(self._clear_copies(mark) for mark in {**self.stays, **self.changes})

    def _clear_copies(self, mark: Mark) -> int:
        """Erase what tables of copies say of a row, also what triggers have just written."""
        name, row = mark[0], self.rows[mark]
        plan = _Plan(self.held, self.db, self.read, self.kept, self.pattern)
        key = self.read[name].key
        for copy in self.read.catalogue.copies(name):
            table = self.read[copy]
            if table.system_kept or not key or not set(key) <= set(table.columns):
                continue
            where = same(table, row, key)
            for one in self.held.execute(reading(table, self.db.dialect).where(where)):
                earlier = shown(table, one, self.db)
                if mark in self.stays:
                    plan.remove(copy, earlier)
                else:
                    plan.black_out(copy, earlier)
        return plan.carry_out() if plan.rows else 0

    def _hit(self, statement: Any, table: Table, row: Row) -> int:
        """Run a statement on one row; where it hits another number of rows, all is undone."""
        where = identity(table, row)
        planned = 1
        if not table.key:
            alike = select(func.count()).select_from(table.clause).where(where)
            planned = self.held.execute(alike).scalar_one()
        hit = self.held.execute(statement.where(where)).rowcount
        if hit != planned or not hit:
            message = said("{table}: rows were changed meanwhile", table=table.name)
            raise RecordRefused(message, said("look again and begin anew; nothing was changed"))
        return int(hit)


def _nothing(column: Column, table: str, *, unique: bool = False) -> Any:
    """Return what a column holds when it says nothing."""
    if column.nullable:
        return None
    if column.kind in {"text", "withheld"}:
        said_so = f"{ERASED[:-1]} {uuid.uuid4().hex}]" if unique else ERASED
        return said_so[: column.most or None]
    if column.kind == "number":
        return 0
    message = said("{table}: {column} cannot be emptied", table=table, column=column.name)
    raise RecordRefused(message)
