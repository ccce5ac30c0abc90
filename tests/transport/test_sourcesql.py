import logging
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import mssql

from klarsyn.errors import SourceUnread
from klarsyn.sourcesettings import SourceSql
from klarsyn.transport import sourcesql
from klarsyn.transport.sourcesql import opened_sql
from tests.testing.postgres import fresh_database

DELETE = "delete from people returning *"
ROWS = [("2", "Bo", "1980-12-24"), ("1", "Åsa", None)]


@pytest.fixture
def people(tmp_path):
    """A database of SQLite with two people, and its address."""
    with sqlite3.connect(tmp_path / "crm.db") as database:
        database.execute("create table people (no text, name text, born text)")
        database.executemany("insert into people values (?, ?, ?)", ROWS)
    database.close()
    return "sqlite:///crm.db"


@pytest.fixture(scope="module")
def server():
    """A database of PostgreSQL with two people."""
    with fresh_database() as url:
        engine = create_engine(url)
        with engine.begin() as held:
            held.execute(text("create schema crm"))
            held.execute(text("create table crm.people (no text, name text, born date)"))
            for row in ROWS:
                held.execute(
                    text("insert into crm.people values (:a, :b, :c)"),
                    dict(zip("abc", row, strict=True)),
                )
        engine.dispose()
        yield url


def read(folder, wanted=("no", "name", "born"), environ=None, **given):
    """Return all rows with their numbers."""
    with opened_sql(SourceSql(**given), folder, environ or {}, "no") as table:
        return [
            row
            for chunk in table.chunks(wanted)
            for row in zip(chunk.lines, *chunk.columns, strict=True)
        ]


def test_a_table_is_read_in_the_order_of_its_key(people, tmp_path):
    """
    So that a row has the same number the next time.
    """
    assert [(1, "1", "Åsa", None), (2, "2", "Bo", "1980-12-24")] == read(
        tmp_path, address=people, table="people"
    )


def test_a_question_is_asked_as_it_stands(people, tmp_path):
    """
    With colons and percent signs; its order is its own business.
    """
    question = "select no, name || ':x%' as name, born from people order by no desc"

    assert ["Bo:x%", "Åsa:x%"] == [row[2] for row in read(tmp_path, address=people, query=question)]


def test_names_of_columns(people, tmp_path):
    """
    Those of the result, in NFC.
    """
    source = SourceSql(address=people, query='select 1 as "A\u030ar"')
    with opened_sql(source, tmp_path, {}, "no") as table:
        assert ("År",) == table.columns


@pytest.mark.network
def test_postgresql_streams_from_a_schema(server, tmp_path):
    """
    By a cursor of the server's; dates stay dates.
    """
    assert [(1, "1", "Åsa", None), (2, "2", "Bo", date(1980, 12, 24))] == read(
        tmp_path, address=server, table="crm.people"
    )
    assert 2500 == len(
        read(
            tmp_path,
            wanted=["no"],
            address=server,
            query="select no::text as no from generate_series(1, 2500) as no",
        )
    )


@pytest.mark.network
def test_nothing_can_be_changed(server, people, tmp_path):
    """
    Whatever the question says.
    """
    for address, deed in ((server, "delete from crm.people returning *"), (people, DELETE)):
        with pytest.raises(SourceUnread):
            read(tmp_path, address=address, query=deed)

    assert 2 == len(read(tmp_path, address=people, table="people"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"table": "gone"}, "did not answer"),
        ({"query": "selekt 1"}, "did not answer"),
        ({"address": "oracle://x/y", "table": "x"}, "names no database that is known"),
        ({"address": "?", "table": "x"}, "names no database that is known"),
        ({"address": "sqlite://", "table": "x"}, "no such file"),
        ({"address": "mssql+nothing://x/y", "table": "x"}, "the driver nothing is not installed"),
    ],
)
def test_what_cannot_be_read_is_told_without_its_address(people, tmp_path, given, told):
    """
    With the database's own code, and what to look at.
    """
    with pytest.raises(SourceUnread, match=told) as refusal:
        read(tmp_path, **{"address": people} | given)

    assert refusal.value.remedy


def test_an_error_while_rows_come_quotes_none(people, tmp_path):
    """
    A driver's words may hold a value.
    """
    question = "select abs(-9223372036854775808) as no, name, born from people"
    with pytest.raises(SourceUnread) as refusal:
        read(tmp_path, address=people, query=question)

    assert "9223372036854775808" not in str(refusal.value)


def test_the_password_comes_from_the_environment():
    """
    It is put into the address only when the database is called.
    """
    url = sourcesql._address("postgresql://reader@db.example/crm", Path(), "p@ss")

    assert ("p@ss", "postgresql+psycopg") == (url.password, url.drivername)
    assert "p@ss" not in repr(url)


def test_sql_server_is_told_to_read_only():
    """
    By the driver that knows the word; nothing is reached.
    """
    pytest.importorskip("pymssql")
    url = sourcesql._address("mssql://reader@db.example/crm", Path(), "")

    assert "mssql+pymssql" == url.drivername
    sourcesql._engine(url).dispose()


def test_words_for_sql_server():
    """
    None can be installed by pip, so its text is compared.
    """
    source = SourceSql(address="mssql://x", table="crm.Order Lines")
    written = sourcesql._question(source, "no").compile(dialect=mssql.dialect())

    assert "SELECT * FROM crm.[Order Lines] ORDER BY no" == " ".join(str(written).split())


def test_rows_reach_no_log(people, tmp_path, caplog):
    """
    Not even where everything is logged.
    """
    caplog.set_level(logging.DEBUG)
    read(tmp_path, address=people, table="people")

    assert "Bo" not in caplog.text
