"""
A database behind a connection: what goes wrong there ends in the tree of errors, and says nobody.
"""

import io
import logging
import sys
import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DatabaseError

from klarsyn.errors import (
    CallRefused,
    KeyRefused,
    OutcomeUnknown,
    RecordRefused,
    RightsMissing,
    Throttled,
    VendorDown,
    VendorError,
    said,
)
from klarsyn.testing.clock import StillClock
from klarsyn.transport import sql, sqlfailures
from klarsyn.transport.auth import NoAuth
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.transport.sql import database
from klarsyn.transport.words import Api, Kind, Setting
from tests.testing.postgres import fresh_database
from tests.vendors.hosted_databases import sqlite_file

API = Api(
    base="",
    hosts=(),
    auth=NoAuth(),
    protocol="sql",
    settings=(Setting("database_url", said("the address"), secret=True),),
    reference="",
    read_on="2026-11-22",
    seconds=20,
)
SECRET = "hemmelig-nøgle"
SOMEBODY = ("Freja Lyngholt", "freja.lyngholt@example.org")
PLACES = {"sqlite": sqlite_file, "postgresql": fresh_database}


@pytest.fixture(params=list(PLACES))
def address(request):
    """The address of a database with one person in it."""
    with PLACES[request.param]() as found:
        run(
            found,
            "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, mail TEXT UNIQUE NOT NULL)",
            "INSERT INTO people VALUES (1, :name, :mail)",
        )
        yield found


@pytest.fixture
def postgres():
    """The address of the same on PostgreSQL, for what only a server does."""
    with fresh_database() as found:
        run(
            found,
            "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, mail TEXT UNIQUE NOT NULL)",
            "INSERT INTO people VALUES (1, :name, :mail)",
        )
        yield found


def run(address, *statements):
    """Run statements as somebody else."""
    engine = create_engine(address)
    with engine.begin() as held:
        for one in statements:
            held.execute(text(one), {"name": SOMEBODY[0], "mail": SOMEBODY[1]})
    engine.dispose()


@contextmanager
def opened(address, purpose=Purpose.ERASE, **around):
    """Open the database for a purpose; nothing is waited for unless told otherwise."""
    surroundings = Surroundings(clock=StillClock(), **{"patience": 0, **around})
    settings = {"database_url": address}
    with Connection("host", API, settings, purpose=purpose, around=surroundings) as connection:
        yield database(connection)


def names(held):
    """Return who is there."""
    return list(held.execute(text("SELECT name FROM people ORDER BY id")).scalars())


def said_by(error):
    """Return all that an error and whatever it came from could print."""
    parts = []
    while error is not None:
        parts.append(f"{error!r} {error} {error.args} {vars(error)}")
        error = error.__cause__ or error.__context__
    return " ".join(parts)


# Purposes


@pytest.mark.parametrize("purpose", [Purpose.AUDIT, Purpose.FIND])
def test_nothing_is_changed_while_reading(address, purpose):
    """
    An audit refuses to write, and so does the database itself, should the first refusal fail.
    """
    with opened(address, purpose) as db:
        with pytest.raises(CallRefused):
            db.write("people", names)
        with pytest.raises(RightsMissing) as caught:
            db.read("people", lambda held: held.execute(text("DELETE FROM people")))
        assert [SOMEBODY[0]] == db.read("people", names)

    assert caught.value.code in {"25006", "SQLITE_READONLY"}


def test_reading_is_rolled_back(address):
    """
    What is written in a reading of a connection that may write is undone all the same.
    """
    with opened(address) as db:
        db.read("people", lambda held: held.execute(text("DELETE FROM people")))

        assert [SOMEBODY[0]] == db.read("people", names)


def test_whatever_raises_undoes_all(address):
    """
    A deed that gives up half way leaves nothing of it.
    """

    def deed(held):
        held.execute(text("DELETE FROM people"))
        raise RecordRefused(said("no"))

    with opened(address) as db:
        with pytest.raises(RecordRefused):
            db.write("people", deed)
        assert [SOMEBODY[0]] == db.read("people", names)


def test_references_are_minded_by_sqlite_too(address):
    """
    A row that others need is not deleted.
    """
    run(address, "CREATE TABLE notes (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people)")
    run(address, "INSERT INTO notes VALUES (1, 1)")
    with opened(address) as db, pytest.raises(RecordRefused):
        db.write("people", lambda held: held.execute(text("DELETE FROM people")))


# Troubles


def test_nobody_listens():
    """
    A server that cannot be reached is down, and its address is not repeated.
    """
    address = f"postgresql://frida:{SECRET}@127.0.0.1:9/crm"
    with opened(address) as db, pytest.raises(VendorDown) as caught:
        db.read("people", names)

    assert SECRET not in said_by(caught.value)


@pytest.mark.parametrize("wrong", ["role", "database"])
def test_wrong_address_is_no_outage(postgres, wrong):
    """
    A user or a database that does not exist is a wrong address, not an outage.
    """
    changed = {"role": ("postgres@", "nobody@"), "database": ("/fresh", "/none")}[wrong]
    with opened(postgres.replace(*changed)) as db, pytest.raises(KeyRefused):
        db.read("people", names)


def test_server_that_stops_in_the_middle_is_tried_again(postgres):
    """
    The connection is cut within a transaction: nothing of it stays, and the second try is whole.
    """
    tries = []

    def deed(held):
        held.execute(text("UPDATE people SET name = name || '!'"))
        tries.append(held.execute(text("SELECT pg_backend_pid()")).scalar_one())
        if len(tries) == 1:
            run(postgres, f"SELECT pg_terminate_backend({tries[0]}, 5000)")
        return names(held)

    with opened(postgres, patience=60) as db:
        assert [f"{SOMEBODY[0]}!"] == db.write("people", deed)
        assert 2 == len(set(tries))
    tries.clear()
    with opened(postgres) as db, pytest.raises(VendorDown):
        db.write("people", deed)


def test_server_that_stops_at_the_commit_leaves_it_unknown(postgres):
    """
    When the connection is lost while it commits, nobody knows; that is what is said.
    """
    run(
        postgres,
        "CREATE FUNCTION stop() RETURNS trigger AS $$ BEGIN"
        " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE CONSTRAINT TRIGGER stops AFTER UPDATE ON people"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stop()",
    )
    with opened(postgres) as db, pytest.raises(OutcomeUnknown):
        db.write("people", lambda held: held.execute(text("UPDATE people SET name = 'x'")))


def test_deadlock_is_tried_again(postgres):
    """
    Two who wait for each other: one is sent back, and comes again.
    """
    run(postgres, "INSERT INTO people VALUES (2, 'b', 'b@example.org')")
    both = threading.Barrier(2, timeout=20)
    met = set()

    def change(db, first, second):
        def deed(held):
            held.execute(text("UPDATE people SET name = 'x' WHERE id = :id"), {"id": first})
            if first not in met:
                met.add(first)
                both.wait()
            held.execute(text("UPDATE people SET name = 'x' WHERE id = :id"), {"id": second})

        db.write("people", deed)

    with opened(postgres, patience=600) as db:
        other = threading.Thread(target=change, args=(db, 2, 1))
        other.start()
        change(db, 1, 2)
        other.join()

        assert ["x", "x"] == db.read("people", names)


def test_lock_of_anothers_is_not_waited_for_long(address, monkeypatch):
    """
    A row that somebody else holds: the transaction is given back after a while, with its code.
    """
    monkeypatch.setattr(sql, "LOCK_SECONDS", 1)
    engine = create_engine(address)
    with engine.connect() as other:
        other.execute(text("UPDATE people SET name = 'theirs'"))
        with opened(address) as db, pytest.raises(Throttled) as caught:
            db.write("people", lambda held: held.execute(text("UPDATE people SET name = 'ours'")))
        other.rollback()
    engine.dispose()

    assert any(code in str(caught.value) for code in ("55P03", "SQLITE_BUSY"))


def test_endless_statement_is_ended(postgres):
    """
    A statement that takes longer than a reply may is given up by the server.
    """
    with opened(postgres, seconds=3) as db, pytest.raises(Throttled, match="57014"):
        db.read("people", lambda held: held.execute(text("SELECT pg_sleep(20)")))


def test_full_pool_is_waited_for(address):
    """
    More threads than connections: each gets its turn, or is told that there is none.
    """
    with opened(address, seconds=3) as db:

        def nested(depth):
            return db.read("people", lambda held: names(held) if not depth else nested(depth - 1))

        assert [SOMEBODY[0]] == nested(3)
        with pytest.raises(Throttled, match="pool"):
            nested(40)


def test_stream_that_breaks_is_told(postgres):
    """
    A list that ends too early is an error, never a short list.
    """
    run(postgres, "INSERT INTO people SELECT n, 'x', 'm' || n FROM generate_series(2, 5000) n")
    statement = select(text("id, pg_backend_pid() AS pid")).select_from(text("people"))
    with opened(postgres) as db:
        pages = db.stream("people", statement, 100)
        run(postgres, f"SELECT pg_terminate_backend({next(pages)[0][1]}, 5000)")
        with pytest.raises(VendorDown) as caught:
            list(pages)

    assert "terminat" not in said_by(caught.value)


# Silence


def test_nobody_is_printed(address):
    """
    Whatever a driver says of a row, no log, no error and no repr repeats it.
    """
    stream = io.StringIO()
    root, shown = logging.getLogger(), logging.StreamHandler(stream)
    before = root.level
    root.addHandler(shown)
    root.setLevel(logging.DEBUG)
    try:
        told = "".join(_everything_that_is_said(address))
    finally:
        root.removeHandler(shown)
        root.setLevel(before)

    assert "people" in told
    for one in (*SOMEBODY, "Lyngholt", address):
        assert one not in told + stream.getvalue()


def _everything_that_is_said(address):
    if address.startswith("postgresql"):
        run(
            address,
            "CREATE FUNCTION shout() RETURNS trigger AS $$ BEGIN"
            " RAISE NOTICE 'row %', OLD; RETURN NEW; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER shouts BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION shout()",
        )
    with opened(address) as db:
        yield repr(db)
        deeds = (
            "INSERT INTO people VALUES (2, :name, :mail)",
            "INSERT INTO people VALUES (3, :name, NULL)",
            "SELECT CAST(name AS INTEGER) + missing FROM people WHERE name = :name",
            "SELECT CAST(name AS JSON)::int FROM people WHERE mail = :mail",
        )
        values = {"name": SOMEBODY[0], "mail": SOMEBODY[1]}
        db.write("people", lambda held: held.execute(text("UPDATE people SET id = 1")))
        db.read("people", names)
        for deed in deeds:
            with pytest.raises(VendorError) as caught:
                db.write("people", lambda held, sql=deed: held.execute(text(sql), values).all())
            yield said_by(caught.value)


# Addresses and drivers


@pytest.mark.parametrize(
    "address",
    [
        "",
        f"no address {SECRET}",
        f"mysql://frida:{SECRET}@127.0.0.1/crm",
        f"sqlite:///nowhere/{SECRET}.db",
        "sqlite://",
        f"sqlite:///\0{SECRET}",
        f"postgresql://frida:{SECRET}@127.0.0.1:no/crm",
        f"sqlite:///{__file__}?timeout={SECRET}",
    ],
)
def test_address_that_is_none_is_refused(address):
    """
    A wrong address is told without being repeated, with the form that is right.
    """
    with pytest.raises(KeyRefused) as caught, opened(address):
        pass

    assert SECRET not in said_by(caught.value)
    assert "USER:PASSWORD@HOST" in str(caught.value)


@pytest.mark.parametrize("driver", ["mssql", "mssql+mssqlpython"])
@pytest.mark.parametrize("purpose", [Purpose.AUDIT, Purpose.ERASE])
def test_missing_driver_names_its_extra(driver, purpose, monkeypatch):
    """
    The driver of SQL Server is an extra; whoever lacks it is told how to get it.
    """
    for module in ("pymssql", "mssql_python"):
        monkeypatch.setitem(sys.modules, module, None)
    address = f"{driver}://frida:{SECRET}@127.0.0.1/crm"
    with pytest.raises(CallRefused) as caught, opened(address, purpose):
        pass

    assert "klarsyn[mssql]" in str(caught.value)
    assert SECRET not in said_by(caught.value)


def test_engine_closes_with_the_connection(address):
    """
    A closed connection holds nothing open, and one connection has one engine.
    """
    surroundings = Surroundings(clock=StillClock())
    connection = Connection("host", API, {"database_url": address}, around=surroundings)
    with connection:
        db = database(connection)
        db.read("people", names)
        assert db is database(connection)
        assert "Connections in pool: 1" in db._engine.pool.status()

    assert "Connections in pool: 0" in db._engine.pool.status()


# Codes


class DriverError(Exception):
    """What a driver raises, in the forms that drivers of SQL Server have."""

    driver_error = ""
    sqlstate = ""
    sqlite_errorname = ""


@pytest.mark.parametrize(
    ("args", "words", "code"),
    [
        ((1205, b"Transaction was deadlocked"), "", "1205"),
        (((20009, b"Unable to connect"),), "", "20009"),
        (("no number",), "Serialization failure", "1205"),
        (("no number",), "", ""),
        ((True,), "", ""),
    ],
)
def test_code_is_read_in_each_drivers_form(args, words, code):
    """
    The number of an error is found, whichever driver tells it; its words are not.
    """
    error = DriverError(*args)
    error.driver_error = words

    assert code == sqlfailures.code_of(error)


CODES = {
    Kind.THROTTLED: """10928 10929 40501 49918 49919 49920 1205 1222
                       40001 40P01 SQLITE_BUSY_SNAPSHOT""",
    Kind.DOWN: "40197 40613 4060 08006 57P01 SQLITE_IOERR_READ",
    Kind.REFUSED: "23505 22001 2627 40544 SQLITE_CONSTRAINT_UNIQUE",
    Kind.RIGHTS: "42501 25006 229 3906 SQLITE_READONLY_DBMOVED",
    Kind.KEY: "28P01 18456",
    Kind.ABSENT: "42P01 208",
}
#: They are numbers of SQL Server's; PostgreSQL's codes of digits alone are not.
NUMBERS = "10928 10929 40501 49918 49919 49920 1205 1222 40197 40613 4060 40544 2627 229 3906"


@pytest.mark.parametrize(
    ("code", "kind"), [(code, kind) for kind, codes in CODES.items() for code in codes.split()]
)
def test_code_has_its_kind(code, kind):
    """
    What passes is tried again, what does not is told: by the databases' own codes.
    """
    error = DriverError(int(code)) if code in f"{NUMBERS} 18456 208".split() else DriverError()
    if code.startswith("SQLITE"):
        error.sqlite_errorname = code
    elif not error.args:
        error.sqlstate = code

    assert (kind, code) == (sqlfailures.failure(error).kind, sqlfailures.failure(error).code)


def test_broken_connection_is_an_outage():
    """
    Where SQLAlchemy says that the connection is gone, it is, even without a code.
    """
    error = DatabaseError("", {}, DriverError(), connection_invalidated=True)

    assert Kind.DOWN == sqlfailures.failure(error).kind


def test_value_is_no_statement(address):
    """
    What is bound as a value is never read as SQL.
    """
    values = {"name": "'); DROP TABLE people; --"}
    with opened(address) as db:
        db.write(
            "people", lambda held: held.execute(text("UPDATE people SET name = :name"), values)
        )

        assert [values["name"]] == db.read("people", names)
