"""
The company's own people, where they stand: a CSV file, a table or question in SQL, a Parquet file.

This is the only code that opens them. Rows come in chunks of columns, as the file or driver has
them, each with its line; what they mean is the business of `people`. Nothing is ever written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from klarsyn.errors import Message

if TYPE_CHECKING:
    from klarsyn.sourcesettings import Place

SIZE = 1000
"""Rows a chunk."""

Column = Sequence[object]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be parted into its columns, so nobody knows whose it is."""

    line: int
    what: Message


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to `SIZE` rows: their lines, their columns as they were asked for, and broken rows."""

    lines: Sequence[int]
    columns: Sequence[Column]
    broken: Sequence[Broken] = field(default_factory=tuple)


class OpenTable(Protocol):
    """Rows that are ready to be read, once."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in NFC."""
        ...

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """Yield all rows, in the order of the source, with these columns in this order."""
        ...


@contextmanager
def opened(
    place: Place, folder: Path, environ: Mapping[str, str], order: str
) -> Iterator[OpenTable]:
    """
    Open what a place names; files lie beside klarsyn.yaml, in `folder`.

    A database's table is read in the order of the column `order`. Raises SourceUnread.
    """
    if place.sql is not None:
        from klarsyn.transport.sourcesql import opened_sql

        with opened_sql(place.sql, folder, environ, order) as table:
            yield table
    elif place.parquet is not None:
        from klarsyn.transport.sourceparquet import opened_parquet

        with opened_parquet(folder / place.parquet) as table:
            yield table
    elif place.csv is not None and place.form is not None:
        from klarsyn.transport.sourcecsv import opened_csv

        with opened_csv(folder / place.csv, place.form) as table:
            yield table
    else:
        raise ValueError("the settings let a place through that names nothing")
