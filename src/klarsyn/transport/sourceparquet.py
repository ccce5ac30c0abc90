"""
Parquet files, by DuckDB (extra `bulk`).

It is kept from fetching anything: no extensions, no network, no file but the one that is named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from klarsyn.errors import Message, SourceUnread, said
from klarsyn.transport.source import SIZE, Chunk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

MEMORY: Final = "256MB"
_QUIET: Final = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": MEMORY,
    "threads": "1",
}


@contextmanager
def opened_parquet(path: Path) -> Iterator[ParquetTable]:
    """Open a file and read its names of columns."""
    try:
        import duckdb
    except ImportError:
        raise _unread(
            path.name,
            said("Parquet files need DuckDB"),
            said("Run `pip install 'klarsyn[bulk]'`."),
        ) from None
    if not path.is_file():
        remedy = said("The path counts from the folder of klarsyn.yaml.")
        raise _unread(path.name, said("there is no such file"), remedy)
    with duckdb.connect(":memory:", config=dict(_QUIET)) as database:
        database.execute("set allowed_paths = [?]", [str(path)])
        database.execute("set enable_external_access = false")
        yield ParquetTable(database, path)


class ParquetTable:
    """A file whose columns are known."""

    def __init__(self, database: DuckDBPyConnection, path: Path) -> None:
        """Ask for the columns."""
        self._database = database
        self._path = path
        found = self._tried(lambda: self._asked("select * from read_parquet(?) limit 0"))
        self._names = [str(one[0]) for one in found.description or ()]
        self.columns = tuple(unicodedata.normalize("NFC", one) for one in self._names)

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """Yield all rows, numbered from 1, with these columns in this order."""
        names = [self._names[self.columns.index(one)] for one in wanted]
        listed = ", ".join('"{}"'.format(one.replace('"', '""')) for one in names)
        question = f"select {listed} from read_parquet(?)"  # noqa: S608  (names of its own, quoted)
        result = self._tried(lambda: self._asked(question))
        number = 1
        while batch := self._tried(lambda: result.fetchmany(SIZE)):
            every = list(zip(*batch, strict=True))
            yield Chunk(range(number, number + len(batch)), every)
            number += len(batch)

    def _asked(self, question: str) -> DuckDBPyConnection:
        return self._database.execute(question, [str(self._path)])

    def _tried(self, deed: Callable[[], T]) -> T:
        from duckdb import Error

        with suppress(Error):
            return deed()
        # Raised out here, since DuckDB's words may quote a value.
        again = said("Write the file again.")
        raise _unread(self._path.name, said("it is no Parquet file, or is damaged"), again)


def _unread(shown: str, what: Message, remedy: Message) -> SourceUnread:
    return SourceUnread(said("{file}: {what}.", file=shown, what=what), remedy)
