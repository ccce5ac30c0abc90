"""
Statements on rows: page after page by the key, looking for a text, and putting a row in once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    cast,
    false,
    func,
    null,
    or_,
    select,
    text,
    types,
)
from sqlalchemy import Connection as Held
from sqlalchemy.dialects import mssql, postgresql, sqlite

from klarsyn.transport.sql import Database, folded
from klarsyn.transport.sqltables import AsGiven, Table

PAGE = 1000
"""Rows a page: each is a transaction of its own, so that no snapshot is held for hours."""
KEY = "@key"
"""Where the key of a row stands in what was read of it."""
_UPPER = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŠŽŐŰŁĄĆĘŃŚŹŻĐŒ"
_SEPARATORS = " -()+./"

Row = dict[str, Any]
Condition = ColumnElement[bool]


# Reading


def pages(database: Database, table: Table, where: Condition | None = None) -> Iterator[list[Row]]:
    """Yield the rows of a table in batches, in the order of its key; without one, by a cursor."""
    statement, size = reading(table, database.dialect), PAGE
    if where is not None:
        statement = statement.where(where)
    if not table.key or not table.ordered:
        for batch in database.stream(table.name, statement, size):
            yield [shown(table, one, database) for one in batch]
        return
    keys = [_columns(table)[one] for one in table.key]
    page = statement.order_by(*keys).limit(size)
    places = [list(table.columns).index(one) for one in table.key]
    following = page
    while rows := database.read(table.name, partial(_all, statement=following)):
        yield [shown(table, one, database) for one in rows]
        if len(rows) < size:
            return
        following = page.where(after(table, [rows[-1][at] for at in places]))


def _all(held: Held, statement: Select[Any]) -> Sequence[Any]:
    return held.execute(statement).all()


def reading(table: Table, dialect: str) -> Select[Any]:
    """Return the question for all columns, in the order of their labels."""
    clause = table.clause
    found = []
    for label, one in table.columns.items():
        value: ColumnElement[Any] = clause.c[one.name]
        if one.kind in {"binary", "withheld"} and label not in table.key:
            value = null()  # pictures are not looked into, passwords never read
        elif dialect == "postgresql" and one.kind == "time":
            value = cast(value, types.Text())  # 'infinity' is a date there and none in Python
        found.append(value)
    return select(*found)


def after(table: Table, last: Sequence[Any]) -> Condition:
    """Return the condition for what comes after a key, column by column."""
    columns = _columns(table)
    keys = [columns[one] for one in table.key]
    steps = [
        and_(*(keys[before] == last[before] for before in range(at)), keys[at] > last[at])
        for at in range(len(keys))
    ]
    # The first column alone again, outside of the choice: an index is found by it.
    return steps[0] if len(keys) == 1 else and_(keys[0] >= last[0], or_(*steps))


def shown(table: Table, values: Sequence[Any], database: Database) -> Row:
    """Return a row by labels as JSON can hold it, its key in one text at `KEY`."""
    row = {label: _plain(value) for label, value in zip(table.columns, values, strict=True)}
    parts = [row[one] for one in table.key]
    if None in parts or not parts:
        row[KEY] = database.seal(json.dumps(row, sort_keys=True, ensure_ascii=False))
    elif len(parts) == 1:
        row[KEY] = str(parts[0])
    else:
        row[KEY] = json.dumps(parts, ensure_ascii=False)
    return row


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; what is neither text nor number becomes text."""
    if value is None or isinstance(value, (bool, int, float, str, dict, list)):
        return value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return str(value)


# Looking


def same(table: Table, row: Mapping[str, Any], only: Sequence[str] = ()) -> Condition:
    """Return the condition for the row that has these values: its key, or the named columns."""
    columns = _columns(table)
    found: list[Condition] = []
    for label in only or table.key:
        value = row[label]
        if table.columns[label].kind == "binary" and isinstance(value, str):
            value = bytes.fromhex(value)
        found.append(columns[label].is_(None) if value is None else columns[label] == value)
    return and_(*found) if found else false()


def equal(table: Table, label: str, value: str, dialect: str) -> Condition:
    """Return the condition for a column that is a text, whatever its case; an index may help."""
    found = _columns(table)[label]
    if dialect == "postgresql" and value.isascii():
        return func.lower(found) == value.lower()
    if dialect == "mssql":  # compares without case, unless its collation says otherwise
        return or_(found == value, func.lower(found) == value.lower())
    return fold(found, dialect) == folded(value)


def holding(table: Table, label: str, value: str, dialect: str) -> Condition:
    """Return the condition for a column in which a text stands somewhere, whatever its case."""
    found = cast(_columns(table)[label], types.Unicode())
    return fold(found, dialect).contains(folded(value), autoescape=True)


def holding_digits(table: Table, label: str, digits: str, dialect: str) -> Condition:
    """Return the condition for a column in which digits stand, however they are set apart."""
    found: ColumnElement[Any] = cast(_columns(table)[label], types.Unicode())
    if dialect == "postgresql":
        found = func.regexp_replace(found, r"\D", "", "g")
    elif dialect == "sqlite":
        found = func.klarsyn_digits(found, type_=types.Unicode())
    else:
        blank = func.translate(found, _SEPARATORS, " " * len(_SEPARATORS))
        found = func.replace(blank, " ", "", type_=types.Unicode())
    return cast(found, types.Unicode()).contains(digits, autoescape=True)


def fold(found: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Return a column without case; PostgreSQL's `lower` may know ASCII only, by its locale."""
    if dialect == "sqlite":
        return func.klarsyn_folded(found, type_=types.Unicode())
    lower = func.lower(found, type_=types.Unicode())
    if dialect == "postgresql":
        spaced = func.regexp_replace(lower, r"\s+", " ", "g")
        return func.translate(spaced, _UPPER, _UPPER.lower(), type_=types.Unicode())
    return lower


def _columns(table: Table) -> Mapping[str, ColumnElement[Any]]:
    clause = table.clause
    return {label: clause.c[one.name] for label, one in table.columns.items()}


# Writing


def named(table: Table, values: Mapping[str, Any]) -> Row:
    """Return values by the columns' own names."""
    return {table.columns[label].name: value for label, value in values.items()}


def upsert(table: Table, match: str, values: Mapping[str, Any], dialect: str) -> Executable:
    """Return the statement that adds a row, or changes the one that has the same `match`."""
    key, given = table.columns[match].name, named(table, values)
    others = [name for name in given if name != key]
    if dialect == "mssql":
        return _merge(table, key, given)
    statement: sqlite.Insert | postgresql.Insert = sqlite.insert(table.clause).values(given)
    if dialect == "postgresql":
        statement = postgresql.insert(table.clause).values(given)
    if not others:
        return statement.on_conflict_do_nothing(index_elements=[key])
    changed = {name: statement.excluded[name] for name in others}
    return statement.on_conflict_do_update(index_elements=[key], set_=changed)


def _merge(table: Table, key: str, given: Mapping[str, Any]) -> Executable:
    """Return a MERGE; without HOLDLOCK two at once could both add the row."""
    quote = mssql.dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]
    sign = {name: f"value_{number}" for number, name in enumerate(given)}
    own = {name: quote(name).replace(":", r"\:") for name in given}
    to = ".".join(quote(one).replace(":", r"\:") for one in (table.schema, table.name) if one)
    others = [f"{own[name]} = given.{own[name]}" for name in given if name != key]
    written = " ".join(
        (
            f"MERGE INTO {to} WITH (HOLDLOCK) AS held",
            f"USING (SELECT {', '.join(f':{sign[name]} AS {own[name]}' for name in given)})",
            f"AS given ON held.{own[key]} = given.{own[key]}",
            f"WHEN MATCHED THEN UPDATE SET {', '.join(others)}" if others else "",
            f"WHEN NOT MATCHED THEN INSERT ({', '.join(own.values())})",
            f"VALUES ({', '.join(f'given.{one}' for one in own.values())});",
        )
    )
    bound = [bindparam(sign[name], value, AsGiven()) for name, value in given.items()]
    return text(written).bindparams(*bound)
