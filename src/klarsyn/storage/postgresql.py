"""
PostgreSQL, for several machines that share one database.
"""

from __future__ import annotations

import select
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from klarsyn.errors import StorageConflict, StorageError, said
from klarsyn.storage.port import Row, Value
from klarsyn.storage.queries import Query

_SQLITE_ONLY: Final = " without rowid"
_CONNECT_SECONDS: Final = 10
#: The same patience as with SQLite, and a promise that what is committed is on the disk.
_SETTINGS = "set lock_timeout = '30s'; set synchronous_commit = on; set timezone = 'UTC'"
#: Any number that others do not use: the first bytes of "klarsyn".
_MIGRATION_LOCK: Final = int.from_bytes(b"klarsyn", "big")


class PostgreSQL:
    """A database on a server."""

    begin = Query("begin", "begin")
    begin_reading = Query("begin_reading", "begin isolation level repeatable read read only")
    lock_migrations: Query | None = Query(
        "lock_migrations", f"select pg_advisory_xact_lock({_MIGRATION_LOCK})::text"
    )
    has_migrations = Query("has_migrations", "select 1 where to_regclass('migration') is not null")
    #: Its vacuum frees what was erased when it comes round; the server decides where that lay.
    tidy: Query | None = None
    integrity: Sequence[Query] = (
        Query(
            "invalid_indexes",
            """select 'index ' || indexrelid::regclass::text
            from pg_index join pg_class on pg_class.oid = indrelid
            where not indisvalid and relnamespace = current_schema()::regnamespace""",
        ),
        Query(
            "damaged_pages",
            """select 'pages whose checksum is wrong: ' || checksum_failures
            from pg_stat_database where datname = current_database() and checksum_failures > 0""",
        ),
    )

    def __init__(self, url: str) -> None:
        """Read the address; nothing is reached yet."""
        self._address = _read(url)
        host = self._address.get("host") or "localhost"
        self.shown = f"postgresql://{host}/{self._address.get('dbname') or ''}"

    def connect(self) -> PostgreSQLConnection:
        """
        Open a connection.

        A statement outside of a transaction commits by itself: one journey instead of three.
        """
        usual: dict[str, Any] = {
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "klarsyn",
        }
        try:
            connection = psycopg.connect(**(usual | self._address), autocommit=True)
        except psycopg.Error as error:
            what = said(
                "{database} cannot be reached: {reason}.",
                database=self.shown,
                reason=" ".join(str(error).split()).rstrip("."),
            )
            raise StorageError(what, said("Look whether it runs and lets this user in.")) from None
        connection.execute(_SETTINGS)
        return PostgreSQLConnection(connection, self.shown)

    def understood(self, statement: Query) -> Query:
        """Return it without what concerns SQLite's way of keeping rows."""
        return replace(statement, text=statement.text.removesuffix(";").removesuffix(_SQLITE_ONLY))


class PostgreSQLConnection:
    """One thread's connection to the server."""

    def __init__(self, connection: psycopg.Connection, shown: str) -> None:
        """Take over a connection that is ready."""
        self._connection = connection
        self._shown = shown

    def execute(self, query: Query, values: Row = ()) -> tuple[list[str], list[Row]]:
        """Return the names of columns and all rows."""
        try:
            # The text is ours, from a file; psycopg's type asks for a literal to make sure.
            cursor = self._connection.execute(query.pyformat.encode(), _named(query, values))
            rows = cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise self._told(query, error) from None
        return [column.name for column in cursor.description or ()], rows

    def execute_many(self, query: Query, rows: Iterable[Row]) -> int:
        """Run a query for each row, all on one journey (pipeline mode); return how many hit."""
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(query.pyformat.encode(), [_named(query, one) for one in rows])
                return cursor.rowcount
        except psycopg.Error as error:
            raise self._told(query, error) from None

    def alive(self) -> bool:
        """
        Return whether the server has not hung up.

        Seen without a journey: a connection that is idle has nothing to read but a farewell.
        """
        wire = self._connection.pgconn
        with suppress(psycopg.Error, OSError, ValueError):
            while select.select([wire.socket], [], [], 0)[0]:
                wire.consume_input()
        return not self._connection.closed

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def _told(self, query: Query, error: psycopg.Error) -> StorageError:
        """Return what went wrong without the server's own words, which may hold values."""
        kind = StorageConflict if isinstance(error, psycopg.IntegrityError) else StorageError
        said_by_server = error.diag
        about = said_by_server.constraint_name or said_by_server.table_name
        reason = f"{type(error).__name__}{f' ({about})' if about else ''}"
        return kind(
            said(
                "{database} did not run {query}: {reason}.",
                database=self._shown,
                query=query.name,
                reason=reason,
            )
        )


def _named(query: Query, values: Row) -> dict[str, Value]:
    """Return values by name: a parameter that stands in two places is of one type."""
    return dict(zip(query.order, values, strict=True))


def _read(url: str) -> dict[str, Any]:
    """Return what an address says; one that cannot be read is not repeated, password and all."""
    with suppress(psycopg.ProgrammingError):
        read = conninfo_to_dict(url)
        shown = f"{read.get('host')}{read.get('hostaddr')}{read.get('dbname')}"
        ports = str(read.get("port") or "").replace(",", "")
        # The rest of a password that holds an unescaped sign looks like one of these.
        if "@" not in shown and (not ports or ports.isdecimal()):
            return read
    what = said("The address of the database cannot be read.")
    remedy = said("Write postgresql://USER@HOST/DATABASE, and in a password %40 for @, %2F for /.")
    raise StorageError(what, remedy)
