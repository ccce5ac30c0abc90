"""
The port to Klarsyn's own database: named queries, transactions, one connection a thread.

What SQLite and PostgreSQL do differently is hidden behind `Database` and `Connection`.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext
from itertools import chain, starmap
from typing import Protocol, Self, TypeVar

from klarsyn.errors import StorageError, said
from klarsyn.storage.queries import SIZES, Query, known

Value = str | float | bytes | None
"""What a column holds: text, numbers (int too), bytes, nothing. Neither truth nor time."""
Row = tuple[Value, ...]
R = TypeVar("R")
V = TypeVar("V")

COMMIT = Query("commit", "commit")
ROLLBACK = Query("rollback", "rollback")


def _each(into: Callable[..., R], columns: Sequence[str], rows: Sequence[Row]) -> list[R]:
    if tuple(columns) == getattr(into, "__match_args__", ())[: len(columns)]:
        return list(starmap(into, rows))  # by their places, in a twentieth of the time
    return [into(**dict(zip(columns, row, strict=True))) for row in rows]


class Connection(Protocol):
    """One thread's way to the database. It raises StorageError and nothing else."""

    def execute(self, query: Query, values: Row = ()) -> tuple[list[str], list[Row]]:
        """Return the names of columns and all rows; values stand as the query's `order` does."""
        ...

    def execute_many(self, query: Query, rows: Iterable[Row]) -> int:
        """Run a query once for each row of values, in its `order`; return how many rows it hit."""
        ...

    def alive(self) -> bool:
        """Return whether it can still be used, as far as this side knows."""
        ...

    def close(self) -> None:
        """Let go of it; never fails."""
        ...


class Database(Protocol):
    """A kind of database, at an address."""

    shown: str
    """What messages call it: the address without user or password."""
    begin: Query
    """Begins a transaction that may write."""
    begin_reading: Query
    """Begins a transaction that reads all of one instant, and keeps nobody from writing."""
    lock_migrations: Query | None
    """Within a transaction, keeps other processes from migrating; None where `begin` does."""
    has_migrations: Query
    """Returns a row where the table `migration` is there."""
    tidy: Query | None
    """After much was erased, lets nothing of it stay in files beside; None where nothing would."""
    integrity: Sequence[Query]
    """Each returns a row, with a word of what it is, for all that is damaged below our tables."""

    def connect(self) -> Connection:
        """Open a connection."""
        ...

    def understood(self, statement: Query) -> Query:
        """Return a statement of the schema as this database has it."""
        ...


class _Session:
    """One thread's connection, and how far it is in transactions."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.depth = 0
        self.failed = False
        # The thread may end without a word; what it held is closed then, but not by a process
        # that was forked off and holds a copy.
        self.close = weakref.finalize(self, _close_in, os.getpid(), connection)

    def words(self, begin: Query) -> tuple[Query, Query, Query]:
        """Return how to begin, keep and undo, at the depth reached."""
        if not self.depth:
            return begin, COMMIT, ROLLBACK
        mark = f"level_{self.depth}"
        return (
            Query("savepoint", f"savepoint {mark}"),
            Query("release", f"release savepoint {mark}"),
            Query("undo", f"rollback to savepoint {mark}"),
        )


def _close_in(process: int, connection: Connection) -> None:
    if process == os.getpid():
        connection.close()


class Storage:
    """
    Klarsyn's own database.

    Any thread may use it; each gets a connection of its own. A process that was forked off must
    open its own: SQLite's locks and PostgreSQL's connections do not survive a fork.
    """

    def __init__(
        self,
        database: Database,
        queries: Mapping[str, Query] | None = None,
        afterwards: Callable[[], object] = lambda: None,
    ) -> None:
        """Stand ready to connect; `afterwards` is called when all connections are closed."""
        self.database = database
        self._queries = known() if queries is None else queries
        self._afterwards = afterwards
        self._process = os.getpid()
        self._threads = threading.local()
        self._sessions: weakref.WeakSet[_Session] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._closed = False

    def run(self, query: str | Query, /, **values: Value) -> list[Row]:
        """
        Return the rows of a named query, as tuples.

        Outside of a transaction it is one of its own, and durable when this returns.
        """
        return self._answer(query, values)[1]

    def read(self, into: Callable[..., R], query: str | Query, /, **values: Value) -> list[R]:
        """Return each row as what `into` makes of its columns, given by name."""
        return _each(into, *self._answer(query, values))

    def run_for(self, query: str | Query, these: Sequence[Value], /, **values: Value) -> list[Row]:
        """
        Return the rows of a query with `(:names...)`, which stands for these; any number of them.

        One question for hundreds of them. All are kept, or none; read as of one instant.
        """
        return self._answer_for(query, these, values)[1]

    def read_for(
        self, into: Callable[..., R], query: str | Query, these: Sequence[Value], /, **values: Value
    ) -> list[R]:
        """Return each row of such a query as what `into` makes of its columns, given by name."""
        return _each(into, *self._answer_for(query, these, values))

    def run_many(
        self, query: str | Query, columns: Mapping[str, Sequence[Value]], /, **values: Value
    ) -> int:
        """
        Run a named query once for each row of columns of one length: all are kept, or none.

        The other values are the same for every row. Return how many rows were written.
        """
        asked = self._named(query, {*columns, *values})
        if asked.returns:  # SQLite under Python 3.12 and later takes no such query many times
            raise TypeError(f"{asked.name} returns rows, of which nobody would hear")
        count = len(next(iter(columns.values())))
        if not count:
            return 0
        every = {**columns, **{name: [one] * count for name, one in values.items()}}
        rows = zip(*(every[one] for one in asked.order), strict=True)
        with self.transaction():
            session = self._session()
            return self._carefully(session, asked, session.connection.execute_many, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """
        Keep all that is run inside, or nothing.

        One inside another can be undone alone. After an error the innermost is over: nothing
        more runs in it, and it is never kept, even where the error was swallowed. PostgreSQL
        lets others write between two statements, so begin with a write to the row that decides.
        """
        with self._within(self.database.begin):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all that is read inside be as it was at one instant; nothing is written in it."""
        with self._within(self.database.begin_reading):
            yield

    def tidy(self) -> None:
        """Let nothing that was erased stay in files beside the database, as far as it can be."""
        if self.database.tidy:
            self.run(self.database.tidy)

    @contextmanager
    def _within(self, first: Query) -> Iterator[None]:
        session = self._session()
        begin, keep, undo = session.words(first)
        self._execute(session, begin)
        session.depth += 1
        try:
            yield
            self._execute(session, keep)
        except BaseException:
            self._undo(session, undo)
            raise
        finally:
            session.depth -= 1

    def close(self) -> None:
        """Close every thread's connection; what is not kept yet is undone."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for session in list(self._sessions):
                session.close()
            self._afterwards()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(
        self, asked: str | Query, values: Mapping[str, Value]
    ) -> tuple[list[str], list[Row]]:
        query = self._named(asked, values.keys())
        return self._execute(self._session(), query, tuple(values[one] for one in query.order))

    def _answer_for(
        self, asked: str | Query, these: Sequence[Value], values: Mapping[str, Value]
    ) -> tuple[list[str], list[Row]]:
        query = self._named(asked, values.keys())
        columns: list[str] = []
        found: list[Row] = []
        alone = len(these) <= SIZES[-1]  # a statement is whole by itself
        several = self.snapshot if query.reads else self.transaction
        with nullcontext() if alone else several():
            for begin in range(0, len(these), SIZES[-1]):
                part = these[begin : begin + SIZES[-1]]
                size = next(one for one in SIZES if one >= len(part))
                padded = [*part, *[part[-1]] * (size - len(part))]  # twice the same is once
                places = (padded if one == query.many else [values[one]] for one in query.order)
                told = tuple(chain.from_iterable(places))
                columns, rows = self._execute(self._session(), query.spread[size], told)
                found += rows
        return columns, found

    def _named(self, asked: str | Query, given: AbstractSet[str]) -> Query:
        query = self._queries[asked] if isinstance(asked, str) else asked
        if query.parameters != given:
            raise TypeError(f"{query.name} takes {sorted(query.parameters)}, not {sorted(given)}")
        return query

    def _execute(
        self, session: _Session, query: Query, values: Row = ()
    ) -> tuple[list[str], list[Row]]:
        return self._carefully(session, query, session.connection.execute, values)

    def _carefully(
        self, session: _Session, query: Query, do: Callable[[Query, V], R], values: V
    ) -> R:
        """Do something with a query; after an error, let nothing more run in the transaction."""
        if session.failed:
            what = said(
                "{query} was not run in {database}: the transaction failed before.",
                query=query.name,
                database=self.database.shown,
            )
            raise StorageError(what)
        try:
            return do(query, values)
        except StorageError:
            session.failed = session.depth > 0
            raise

    def _undo(self, session: _Session, undo: Query) -> None:
        """Undo; a connection that cannot even do that is closed, and the database undoes it."""
        session.failed = False
        try:
            session.connection.execute(undo)
        except StorageError:
            session.connection.close()

    def _session(self) -> _Session:
        if self._process != os.getpid():
            raise RuntimeError("this storage was opened by another process; open it again")
        session: _Session | None = getattr(self._threads, "session", None)
        if session and (session.depth or (session.connection.alive() and not self._closed)):
            return session
        if session:
            session.close()
        with self._lock:
            if self._closed:
                raise RuntimeError("this storage is closed")
            session = _Session(self.database.connect())
            self._threads.session = session
            self._sessions.add(session)
        return session
