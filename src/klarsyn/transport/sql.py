"""
A database behind a `Connection`: whole transactions, read-only where nothing may be changed.

What a driver says in an error may quote a row, so none of its words leave this file: every failure
becomes an error of the tree with a table's name and the database's own code. Statements are
SQLAlchemy Core with bound parameters, and no logger is told parameters or rows.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection as Held
from sqlalchemy import Engine, Select, create_engine, event, func, make_url, select, text, true
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from klarsyn.errors import CallRefused, KeyRefused, Message, VendorError, said
from klarsyn.transport import failures, sqlfailures
from klarsyn.transport.connection import Connection
from klarsyn.transport.words import Call, Failure, Kind

T = TypeVar("T")

DRIVERS = {"postgresql": "psycopg", "sqlite": "pysqlite", "mssql": "pymssql"}
"""The databases that are known, each with the driver that is taken where the address has none."""
LOCK_SECONDS = 5
"""How long a lock of somebody else's is waited for before the transaction is tried anew."""
_MEMORY = "database"
_QUIET = "klarsyn"
_TROUBLE = (SQLAlchemyError, UnicodeError, OSError)
_LOGGERS = ("sqlalchemy.engine.Engine", "sqlalchemy.pool.impl.QueuePool")


def database(connection: Connection) -> Database:
    """Return the database of a connection; it is reached on first use and closes with it."""
    found = connection.memory.get(_MEMORY)
    if not isinstance(found, Database):
        made = Database(connection)
        found = connection.memory.setdefault(_MEMORY, made)
        if found is made:
            connection.held.callback(made.close)
    return found


class Database:
    """
    The tables behind the setting `database_url`, as far as the connection's purpose goes.

    A transaction may be run again: after a deadlock, a lost connection, or when nobody knows
    whether it was committed. So whoever writes looks first at what is there.
    """

    def __init__(self, connection: Connection) -> None:
        """Read the address; nothing is reached yet."""
        self.connection = connection
        self.reads_only = connection.purpose.reads_only
        url = _address(connection)
        self.dialect = url.get_backend_name()
        self._engine = _engine(connection, url, reads_only=self.reads_only)
        address = url.render_as_string(hide_password=False)
        self._sealing = hashlib.sha256(address.encode()).digest()

    def __repr__(self) -> str:
        """Return the kind of database; its address holds a password."""
        return f"<Database {self.dialect}>"

    def close(self) -> None:
        """Let go of every connection to it."""
        self._engine.dispose()

    def seal(self, content: str) -> str:
        """Return a name for a row that has no key; without the address it tells nothing."""
        return hashlib.blake2b(content.encode(), key=self._sealing, digest_size=12).hexdigest()

    def read(self, what: str, deed: Callable[[Held], T]) -> T:
        """Return what a deed reads within one transaction, which is rolled back."""
        return self._carried_out(Call("read", what, reads=True), deed)

    def write(self, what: str, deed: Callable[[Held], T]) -> T:
        """Run a deed within one transaction and commit it; what the deed raises undoes all."""
        call = Call("change", what)
        if self.reads_only:
            message = said(
                "{vendor}: {call} is not made on a connection that was opened to {purpose}",
                vendor=self.connection.name,
                call=call.template,
                purpose=self.connection.purpose.value,
            )
            raise CallRefused(message)
        return self._carried_out(call, deed)

    def stream(self, what: str, statement: Select[Any], size: int) -> Iterator[list[Any]]:
        """Yield rows in batches by a cursor of the server's, in one transaction to its end."""
        failure = None
        try:
            with self._engine.connect() as held:
                self._begin(held)
                options = {"stream_results": True, "max_row_buffer": size}
                with held.execute(statement, execution_options=options) as result:
                    for batch in result.partitions(size):
                        yield list(batch)
        except _TROUBLE as error:
            failure = sqlfailures.failure(error)
        if failure:
            raise self._error(Call("read", what, reads=True), failure)

    # One transaction

    def _carried_out(self, call: Call, deed: Callable[[Held], T]) -> T:
        """Run a transaction, again as long as it is right to; raise what remains."""
        around, clock = self.connection.around, self.connection.clock
        begun, attempt = clock.now().timestamp(), 0
        while True:
            attempt += 1
            found: list[T] = []
            failure, committing = self._attempt(call, deed, found)
            if failure is None:
                return found[0]
            wait = min(60.0, 2.0 ** min(attempt - 1, 6)) * (0.75 + around.chance.random() / 4)
            passes = failure.kind in {Kind.THROTTLED, Kind.DOWN}
            if not passes or clock.now().timestamp() + wait - begun > around.patience:
                raise (
                    failures.unknown(self.connection.name, call)
                    if committing and passes
                    else self._error(call, failure)
                )
            clock.sleep(wait)

    def _attempt(
        self, call: Call, deed: Callable[[Held], T], found: list[T]
    ) -> tuple[Failure | None, bool]:
        """Run a transaction once; tell what failed, and whether it was the commit."""
        committing = False
        try:
            with self._engine.connect() as held:
                self._begin(held)
                found.append(deed(held))
                if not call.reads:
                    committing = True
                    held.commit()
        except _TROUBLE as error:
            return sqlfailures.failure(error), committing
        return None, committing

    def _begin(self, held: Held) -> None:
        """Set what holds for one transaction: read-only, how long to wait, no notices."""
        if self.dialect == "mssql":
            held.execute(text(f"SET LOCK_TIMEOUT {LOCK_SECONDS * 1000}"))
        if self.dialect != "postgresql":
            return
        if self.reads_only:
            held.execute(text("SET TRANSACTION READ ONLY"))
        seconds = self.connection.around.seconds or self.connection.api.seconds
        limits = {
            "lock_timeout": f"{int(min(LOCK_SECONDS, seconds) * 1000)}ms",
            "statement_timeout": f"{int(seconds * 1000)}ms",
            "client_min_messages": "error",  # a notice of a trigger's may quote a row
        }
        held.execute(select(*(func.set_config(*one, true()) for one in limits.items())))

    def _error(self, call: Call, failure: Failure) -> VendorError:
        return self.connection.error(call, failure, None)


# The way in


def _address(connection: Connection) -> URL:
    """Return the setting `database_url`, with a driver; raises KeyRefused without repeating it."""
    found = None
    with suppress(ArgumentError, ValueError):
        found = make_url(str(connection.settings.get("database_url") or ""))
    if found is None:
        raise _unusable(connection, said("the address of the database cannot be read"))
    backend = found.get_backend_name()
    if backend not in DRIVERS:
        raise _unusable(connection, said("this kind of database is not known"))
    if backend == "sqlite" and not _is_file(found):
        raise _unusable(connection, said("there is no such file"))
    if "+" not in found.drivername:
        found = found.set(drivername=f"{backend}+{DRIVERS[backend]}")
    if found.drivername == "mssql+mssqlpython" and connection.purpose.reads_only:
        found = found.update_query_dict({"ApplicationIntent": "ReadOnly"})
    return found


def _unusable(connection: Connection, what: Message) -> KeyRefused:
    message = said("{vendor}: database_url: {what}", vendor=connection.name, what=what)
    form = "postgresql://USER:PASSWORD@HOST/DATABASE"
    return KeyRefused(message, said("write {form}, and in a password %40 for @", form=form))


def _is_file(url: URL) -> bool:
    """Return whether a file is there: SQLite would make an empty one and find nobody in it."""
    return bool(url.database) and Path(str(url.database)).is_file()


def _engine(connection: Connection, url: URL, *, reads_only: bool) -> Engine:
    """Return an engine that keeps its secrets; raises CallRefused where its driver is missing."""
    seconds = max(1, int(connection.around.seconds or connection.api.seconds))
    options: dict[str, dict[str, Any]] = {
        "sqlite": {"connect_args": {"timeout": min(LOCK_SECONDS, seconds)}},
        "postgresql": {
            "connect_args": {"connect_timeout": seconds, "application_name": "klarsyn"},
            "isolation_level": "REPEATABLE READ",
        },
        "mssql": {
            "connect_args": _mssql(url, seconds, reads_only=reads_only),
            "isolation_level": "READ COMMITTED" if reads_only else "SERIALIZABLE",
        },
    }
    for name in _LOGGERS:
        logging.getLogger(f"{name}.{_QUIET}").setLevel(logging.CRITICAL)
    made, lacking = None, False
    try:
        made = create_engine(
            url,
            hide_parameters=True,
            logging_name=_QUIET,
            pool_logging_name=_QUIET,
            pool_timeout=seconds,
            pool_pre_ping=True,
            **options[url.get_backend_name()],
        )
    except (ImportError, NoSuchModuleError):
        lacking = True
    except (SQLAlchemyError, TypeError, ValueError):
        pass
    # Raised out here, since what was caught above knows the whole address.
    if lacking:
        raise _driverless(connection, url)
    if made is None:
        raise _unusable(connection, said("the address of the database cannot be read"))
    if url.get_backend_name() == "sqlite":
        _prepare_sqlite(made, reads_only=reads_only)
    return made


def _driverless(connection: Connection, url: URL) -> CallRefused:
    message = said(
        "{vendor}: the driver {driver} is not installed",
        vendor=connection.name,
        driver=url.get_driver_name(),
    )
    return CallRefused(message, said("run `pip install 'klarsyn[mssql]'`"))


def _mssql(url: URL, seconds: int, *, reads_only: bool) -> dict[str, Any]:
    """Return what pymssql is told; the other driver reads it from its address."""
    if url.drivername != "mssql+pymssql":
        return {}
    return {"login_timeout": seconds, "timeout": seconds, "read_only": reads_only}


def _prepare_sqlite(engine: Engine, *, reads_only: bool) -> None:
    """Mind foreign keys, refuse changes where nothing may be changed, compare as Python does."""

    def connected(raw: Any, _: object) -> None:
        raw.isolation_level = None  # transactions begin where SQLAlchemy says, not at an INSERT
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute(f"PRAGMA query_only = {'ON' if reads_only else 'OFF'}")
        raw.create_function("klarsyn_folded", 1, folded, deterministic=True)
        raw.create_function("klarsyn_digits", 1, _digits, deterministic=True)

    def begun(held: Held) -> None:
        held.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def folded(value: object) -> str | None:
    """Return a text as it is compared: NFC, casefolded, single spaces."""
    if value is None:
        return None
    return " ".join(unicodedata.normalize("NFC", str(value)).casefold().split())


def _digits(value: object) -> str | None:
    return None if value is None else "".join(filter(str.isdecimal, str(value)))
