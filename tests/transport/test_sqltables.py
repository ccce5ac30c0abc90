"""
Catalogues and statements: what SQL Server would be asked, word for word, and what names mean.
"""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.dialects import mssql, postgresql, sqlite

from klarsyn.transport import sql, sqlrows, sqltables
from klarsyn.transport.sqltables import Column, Table

KEYED = Table(
    "seats",
    "crm",
    {
        "room": Column("room", "number", nullable=False),
        "seat": Column("seat", "number", nullable=False),
        "e_mail": Column("e.mail", "text", most=99),
        "code": Column("code", "binary"),
    },
    key=("room", "seat"),
)
DIALECTS = {"mssql": mssql, "postgresql": postgresql, "sqlite": sqlite}


def compiled(statement, dialect="mssql"):
    """Return a statement as a database would get it, on one line, and its values."""
    made = statement.compile(dialect=DIALECTS[dialect].dialect())
    return " ".join(str(made).split()), made.params


# Statements for SQL Server


def test_page_is_read_by_the_key():
    """
    The next page begins behind the last key: no OFFSET, and an index leads there.
    """
    statement = sqlrows.reading(KEYED, "mssql").where(sqlrows.after(KEYED, [4, 7]))
    written, values = compiled(statement.order_by("room", "seat").limit(1000))

    assert "SELECT TOP" in written
    assert "OFFSET" not in written
    behind = "(crm.seats.room > :room_2 OR crm.seats.room = :room_3 AND crm.seats.seat > :seat_1)"
    assert f"WHERE crm.seats.room >= :room_1 AND {behind} ORDER BY" in written
    assert {4, 7, 1000} == set(values.values())


def test_text_is_looked_for_with_its_value_bound():
    """
    What is looked for is a parameter, folded; signs of patterns in it are escaped.
    """
    equal, values = compiled(sqlrows.equal(KEYED, "e_mail", "Å_1@x.dk", "mssql"))
    assert "lower(crm.seats.[e.mail]) = " in equal
    assert {"Å_1@x.dk", "å_1@x.dk"} == set(values.values())

    holding, values = compiled(sqlrows.holding(KEYED, "e_mail", "Å_1@x.dk", "mssql"))
    assert "lower(CAST(crm.seats.[e.mail] AS NVARCHAR(max))) LIKE" in holding
    assert {"å/_1@x.dk"} == set(values.values())


def test_digits_are_looked_for_whatever_sets_them_apart():
    """
    SQL Server has no regular expressions: what stands between digits is translated away.
    """
    written, values = compiled(sqlrows.holding_digits(KEYED, "e_mail", "00900003", "mssql"))

    assert "replace(translate(CAST(crm.seats.[e.mail] AS NVARCHAR(max))" in written
    assert "00900003" in values.values()


def test_row_is_told_by_its_whole_key():
    """
    A change or a deletion names every column of the key; what was null is asked for as null.
    """
    row = {"room": 4, "seat": 7, "e_mail": None, "code": "0aff"}
    written, _ = compiled(delete(KEYED.clause).where(sqlrows.same(KEYED, row)))
    assert written.startswith("DELETE FROM crm.seats WHERE crm.seats.room = ")
    assert "AND crm.seats.seat = " in written

    changed = update(KEYED.clause).values(sqlrows.named(KEYED, {"e_mail": "x"}))
    written, values = compiled(changed.where(sqlrows.same(KEYED, row, ("e_mail", "code"))))
    assert "crm.seats.[e.mail] IS NULL" in written
    assert b"\x0a\xff" in values.values()


def test_nothing_is_hit_without_a_key():
    """
    A table without a key and without columns to compare gives a condition that is never true.
    """
    bare = Table("bare", None, {})
    statement = delete(bare.clause).where(sqlrows.same(bare, {}))

    assert "DELETE FROM bare WHERE 0 = 1" == compiled(statement)[0]


def test_row_is_merged_while_the_range_is_held():
    """
    MERGE holds the range it looked at, so that two at once do not both insert.
    """
    written, values = compiled(sqlrows.upsert(KEYED, "e_mail", {"e_mail": "x", "room": 4}, "mssql"))

    assert (
        "MERGE INTO crm.seats WITH (HOLDLOCK) AS held"
        " USING (SELECT :value_0 AS [e.mail], :value_1 AS room)"
        " AS given ON held.[e.mail] = given.[e.mail]"
        " WHEN MATCHED THEN UPDATE SET room = given.room"
        " WHEN NOT MATCHED THEN INSERT ([e.mail], room)"
        " VALUES (given.[e.mail], given.room);"
    ) == written
    assert {"value_0": "x", "value_1": 4} == values
    assert "MATCHED THEN UPDATE" not in compiled(
        sqlrows.upsert(KEYED, "e_mail", {"e_mail": "x"}, "mssql")
    )[0].replace("NOT MATCHED THEN", "")


def test_history_tables_are_asked_for_with_their_time():
    """
    SQL Server tells which tables it keeps histories in, of what and for how long.
    """
    written, values = compiled(sqltables.temporal("crm"))

    assert "base.history_retention_period_unit" in written
    assert "base.history_table_id = history.object_id" in written
    assert ["crm"] == list(values.values())
    assert "sys.schemas" not in compiled(sqltables.temporal(None))[0]


def test_history_of_the_database_is_read_in_its_units():
    """
    A period of months is one; an infinite one has no end.
    """
    rows = [("a_history", "a", 6, 5), ("b_history", "b", -1, -1)]
    held: Any = SimpleNamespace(dialect=SimpleNamespace(name="mssql"), execute=lambda _: rows)
    found = dict(sqltables._kept(held, None))

    assert ("a", (6, "months")) == found["a_history"]
    assert ("b", None) == found["b_history"]


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_triggers_are_asked_for(dialect):
    """
    Each kind of database tells its triggers by table and name.
    """
    written, _ = compiled(sqltables.triggers(dialect, None), dialect)

    assert {"mssql": "sys.triggers", "postgresql": "pg_trigger", "sqlite": "sqlite_master"}[
        dialect
    ] in written


def test_sql_server_is_told_how_long_to_wait():
    """
    A transaction there begins with the patience for locks.
    """
    said: list[Any] = []
    held: Any = SimpleNamespace(execute=said.append)
    db: Any = SimpleNamespace(dialect="mssql")
    sql.Database._begin(db, held)

    assert ["SET LOCK_TIMEOUT 5000"] == [str(one) for one in said]


# Names and values


def test_letters_have_as_many_capitals():
    """
    Each capital that is folded has one small letter: translate() goes by position.
    """
    assert len(sqlrows._UPPER) == len(sqlrows._UPPER.lower())


def test_labels_are_never_alike():
    """
    Two names that differ only in signs that break paths get different labels.
    """
    assert {"a.b": "a_b", "a_b": "a_b_", "a[b": "a_b__"} == sqltables.labels(["a.b", "a_b", "a[b"])


@pytest.mark.parametrize(
    ("name", "columns", "base"),
    [
        ("people_history", ("id", "mail"), "people"),
        ("audit_people", ("id", "mail"), "people"),
        ("people_old", ("id", "mail", "at"), "people"),
        ("people_history", ("number", "mail"), ""),
        ("people_notes", ("id", "mail"), ""),
        ("history", ("id", "mail"), ""),
        ("people_log", ("id", "at"), ""),
    ],
)
def test_table_of_copies_is_known_by_name_and_columns(name, columns, base):
    """
    A table is taken for copies of another by its name, if it has its key and half its columns.
    """
    people = {one: Column(one, "text") for one in ("id", "mail", "name", "phone")}
    tables = {
        "people": Table("people", None, people, key=("id",)),
        name: Table(name, None, {one: Column(one, "text") for one in columns}),
    }

    assert base == sqltables._copied(name, tables)


def test_instants_are_written_as_everybody_writes_them():
    """
    A driver's instant becomes a text that the same database reads again.
    """
    assert "2026-11-26T09:00:00" == sqlrows._plain(datetime(2026, 11, 26, 9))  # noqa: DTZ001


def test_type_without_conversion_has_no_name():
    """
    No table is ever made of it.
    """
    assert "" == sqltables.AsGiven().get_col_spec()
