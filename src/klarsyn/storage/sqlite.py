"""
SQLite, in a file of ours on a local disk.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from klarsyn.clock import Clock
from klarsyn.errors import StorageConflict, StorageError, said
from klarsyn.storage.mounts import network_mount
from klarsyn.storage.port import Row
from klarsyn.storage.queries import Query

#: The oldest that the tests run on; `returning` and `is distinct from` need 3.39.
OLDEST: Final = (3, 40, 0)
BUSY_SECONDS: Final = 30.0
_MOUNTS = Path("/proc/mounts")
_PRAGMAS = (
    # A commit is on the disk when it returns; WAL alone promises that only with FULL.
    "synchronous = full",
    "foreign_keys = on",
    # Who is erased is overwritten, not only unlinked.
    "secure_delete = on",
    # Hashes come in no order, so a batch changes pages all over: they are kept in memory, 32 MB of
    # them, and copied from the log once for several batches: a tenth of a plan's time, about.
    "cache_size = -32000",
    "wal_autocheckpoint = 8000",
    # A file that somebody altered may not call functions through its schema.
    "trusted_schema = off",
)

# Python 3.11 asks each `bytes` twice, in vain, how it is to be written, unless it was told: a
# fifth of what it takes to insert four of them. Newer ones ask faster.
if sys.version_info < (3, 12):
    sqlite3.register_adapter(bytes, bytes)


class SQLite:
    """A database in one file, for all processes of one machine."""

    begin = Query("begin", "begin immediate")
    #: Its first question takes a snapshot, which the write-ahead log keeps.
    begin_reading = Query("begin_reading", "begin deferred")
    lock_migrations: Query | None = None
    has_migrations = Query(
        "has_migrations",
        "select 1 from sqlite_schema where type = 'table' and name = 'migration'",
    )
    #: What was erased is overwritten in the database; the log still has the pages of before.
    tidy: Query | None = Query("tidy", "pragma wal_checkpoint(truncate)")
    integrity: Sequence[Query] = (
        Query(
            "integrity_check",
            "select integrity_check from pragma_integrity_check(20) where integrity_check <> 'ok'",
        ),
        Query(
            "foreign_key_check",
            """select 'rows of ' || "table" || ' without their ' || parent
            from pragma_foreign_key_check group by "table", parent""",
        ),
    )

    def __init__(self, path: Path, clock: Clock) -> None:
        """Name the file; it is made with the first connection."""
        self._path = path
        self._clock = clock
        self.shown = str(path)

    def connect(self) -> SQLiteConnection:
        """Open a connection; a file on a network is refused, since its locks cannot be trusted."""
        self._refuse_unfit()
        try:
            # Nobody else on the machine may read it, nor the files that SQLite puts beside it.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unopened(str(error)) from error
        try:
            self._prepare(connection)
        except sqlite3.Error as error:
            connection.close()
            raise self._unopened(str(error)) from error
        return SQLiteConnection(connection, self.shown)

    def understood(self, statement: Query) -> Query:
        """Return it as it is."""
        return statement

    def _refuse_unfit(self) -> None:
        if sqlite3.sqlite_version_info < OLDEST:
            raise self._unopened(f"SQLite {sqlite3.sqlite_version} < {'.'.join(map(str, OLDEST))}")
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace") if _MOUNTS.is_file() else ""
        if mount := network_mount(Path(os.path.realpath(self._path)), mounts):
            what = said(
                "{database} lies on a network file system ({type} at {place}).",
                database=self.shown,
                type=mount.type,
                place=mount.place,
            )
            remedy = said("Put it on a local disk, or use PostgreSQL.")
            raise StorageError(what, remedy)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        self._use_wal(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")

    def _use_wal(self, connection: sqlite3.Connection) -> None:
        """Switch to WAL; two who do it at once are told `locked` at once, whatever the timeout."""
        waited = 0.0
        while True:
            try:
                (mode,) = connection.execute("pragma journal_mode = wal").fetchone()
            except sqlite3.OperationalError:
                if waited >= BUSY_SECONDS:
                    raise
                self._clock.sleep(0.02)
                waited += 0.02
                continue
            if mode != "wal":
                raise sqlite3.OperationalError(f"no write-ahead log there (journal_mode {mode})")
            return

    def _unopened(self, reason: str) -> StorageError:
        what = said("{database} cannot be opened: {reason}.", database=self.shown, reason=reason)
        return StorageError(what, said("Look whether its folder is there and may be written to."))


class SQLiteConnection:
    """One thread's connection to the file."""

    def __init__(self, connection: sqlite3.Connection, shown: str) -> None:
        """Take over a connection that is ready."""
        self._connection = connection
        self._shown = shown
        self._open = True

    def execute(self, query: Query, values: Row = ()) -> tuple[list[str], list[Row]]:
        """Return the names of columns and all rows."""
        try:
            cursor = self._connection.execute(query.marked, values)
            rows = cursor.fetchall()
        except sqlite3.Error as error:
            raise self._told(query, error) from None
        return [column[0] for column in cursor.description or ()], rows

    def execute_many(self, query: Query, rows: Iterable[Row]) -> int:
        """Run a query once for each row of values; return how many rows it hit."""
        try:
            return self._connection.executemany(query.marked, rows).rowcount
        except sqlite3.Error as error:
            raise self._told(query, error) from None

    def alive(self) -> bool:
        """Return whether it is open; a file does not hang up."""
        return self._open

    def close(self) -> None:
        """Close it."""
        self._open = False
        self._connection.close()

    def _told(self, query: Query, error: sqlite3.Error) -> StorageError:
        """Return what went wrong; SQLite names tables and columns, never values."""
        kind = StorageConflict if isinstance(error, sqlite3.IntegrityError) else StorageError
        return kind(
            said(
                "{database} did not run {query}: {reason}.",
                database=self._shown,
                query=query.name,
                reason=str(error),
            )
        )
