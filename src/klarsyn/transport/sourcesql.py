"""
A database of the company's, read in one transaction that may change nothing.

Rows come by a cursor of the server's, so that memory does not grow with the table. What a driver
says in an error may quote a row, so only the database's own code is told.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Select,
    TextClause,
    column,
    create_engine,
    event,
    make_url,
    select,
    table,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from klarsyn.errors import Message, SourceUnread, said
from klarsyn.sourcesettings import SourceSql
from klarsyn.transport import sqlfailures
from klarsyn.transport.source import SIZE, Chunk
from klarsyn.transport.sql import DRIVERS

T = TypeVar("T")

VARIABLE = "KLARSYN_SOURCE_PASSWORD"
_SECONDS = 30
_QUIET = "klarsyn-source"
_TROUBLE = (SQLAlchemyError, UnicodeError, OSError)
_FORM = said("Write {form}.", form="postgresql://USER@HOST/DATABASE")


@contextmanager
def opened_sql(
    source: SourceSql, folder: Path, environ: Mapping[str, str], order: str
) -> Iterator[SqlTable]:
    """Begin to read; the first row is asked for, so that a mistake in the question shows now."""
    engine = _engine(_address(source.address, folder, environ.get(VARIABLE, "")))
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        yield SqlTable(_tried(lambda: _begun(stack.enter_context(engine.connect()), source, order)))


def _tried(deed: Callable[[], T]) -> T:
    """Return what a deed returns; SourceUnread, with the database's own code, where it fails."""
    try:
        return deed()
    except _TROUBLE as error:
        code = sqlfailures.failure(error).code
    # Raised out here, since what was caught knows address and rows.
    raise _unread(
        said("the database did not answer ({code})", code=code),
        said("Look at the address, the rights, and at `table` or `query`."),
    )


class SqlTable:
    """Rows of a result that is being read."""

    def __init__(self, result: CursorResult[Any]) -> None:
        """Take over a result of SQLAlchemy's."""
        self._result = result
        names = list(result.keys())
        self.columns = tuple(unicodedata.normalize("NFC", one) for one in names)

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """Yield all rows, numbered from 1, with these columns in this order."""
        places = [self.columns.index(one) for one in wanted]
        number = 1
        batches = self._result.partitions(SIZE)
        while batch := _tried(lambda: next(batches, ())):
            every = list(zip(*batch, strict=True))
            lines = range(number, number + len(batch))
            yield Chunk(lines, [every[place] for place in places])
            number += len(batch)


def _begun(held: Connection, source: SourceSql, order: str) -> CursorResult[Any]:
    if held.dialect.name == "postgresql":
        held.execute(text("SET TRANSACTION READ ONLY"))
    options = {"stream_results": True, "max_row_buffer": SIZE}
    return held.execute(_question(source, order), execution_options=options)


def _question(source: SourceSql, order: str) -> TextClause | Select[Any]:
    if source.query is not None:
        # A colon is no parameter of ours: there are none.
        return text(source.query.replace(":", r"\:"))
    schema, _, name = str(source.table).rpartition(".")
    return select(text("*")).select_from(table(name, schema=schema or None)).order_by(column(order))


def _address(address: str, folder: Path, password: str) -> URL:
    url = None
    with suppress(ArgumentError, ValueError):
        url = make_url(address)
    if url is None or url.get_backend_name() not in DRIVERS:
        raise _unread(said("its address names no database that is known"), _FORM)
    if url.get_backend_name() == "sqlite":
        file = folder / str(url.database)
        # SQLite would make an empty one and find nobody in it.
        if not url.database or not file.is_file():
            raise _unread(said("there is no such file"), said("Its path counts from klarsyn.yaml."))
        url = url.set(database=str(file))
    if "+" not in url.drivername:
        url = url.set(drivername=f"{url.drivername}+{DRIVERS[url.get_backend_name()]}")
    return url.set(password=password) if password else url


def _engine(url: URL) -> Engine:
    options: dict[str, dict[str, Any]] = {
        "sqlite": {},
        "postgresql": {
            "connect_args": {"connect_timeout": _SECONDS, "application_name": "klarsyn"},
            "isolation_level": "REPEATABLE READ",
        },
        "mssql": {"connect_args": {"login_timeout": _SECONDS, "read_only": True}},
    }
    backend = url.get_backend_name()
    if not url.drivername.endswith("pymssql"):
        options["mssql"] = {}
    logging.getLogger(f"sqlalchemy.engine.Engine.{_QUIET}").setLevel(logging.CRITICAL)
    try:
        made = create_engine(url, hide_parameters=True, logging_name=_QUIET, **options[backend])
    except (ImportError, NoSuchModuleError):
        made = None
    if made is None:
        extra = said("Run `pip install 'klarsyn[mssql]'`.")
        driver = re.sub(r".*\+", "", url.drivername)
        raise _unread(said("the driver {driver} is not installed", driver=driver), extra)
    if backend == "sqlite":
        event.listen(made, "connect", _read_only)
    return made


def _read_only(raw: Any, _: object) -> None:
    raw.execute("PRAGMA query_only = ON")


def _unread(what: Message, remedy: Message) -> SourceUnread:
    return SourceUnread(said("The source in SQL: {what}.", what=what), remedy)
