"""
What no backup may undo: who was erased, who opted out or objected, whose data rest.

A small file beside the database, or on another disk, holds it too: a line of JSON for each row,
only ever added to. People stand in it as the same keyed hashes as in the database, whose key is
in neither; customers by their ids.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import msgspec

from klarsyn.errors import BackupRefused, said
from klarsyn.people.facts import PERSON
from klarsyn.storage import Storage, Value
from klarsyn.upkeep.tables import FACTS, Row

_TABLES: Final = {one.name: one for one in FACTS}
Key = tuple[Value, ...]


class _Line(msgspec.Struct, frozen=True):
    """A line of the file; hashes stand in hexadecimal."""

    table: str
    row: dict[str, str | int | float | None]


@dataclass(slots=True)
class Erased:
    """The rows of these tables, each once and as the last word on it has it."""

    rows: dict[str, dict[Key, Row]] = field(default_factory=lambda: {one: {} for one in _TABLES})

    @classmethod
    def of(cls, storage: Storage) -> Erased:
        """Return what a database says."""
        found = cls()
        for table in FACTS:
            for page in table.pages(storage):
                found.add(table.name, page)
        return found

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Take rows over, where none of the same key says something later."""
        known = self.rows[table]
        for row in rows:
            key = tuple(row[one] for one in _TABLES[table].key)
            if key not in known or _when(row) > _when(known[key]):
                known[key] = row

    def merge(self, other: Erased) -> None:
        """Take over what another says."""
        for table, rows in other.rows.items():
            self.add(table, rows.values())

    def beyond(self, other: Erased) -> Erased:
        """Return what another does not say, or says an older word on."""
        found = Erased()
        for table, rows in self.rows.items():
            known = other.rows[table]
            found.rows[table] = {
                key: row
                for key, row in rows.items()
                if key not in known or _when(row) > _when(known[key])
            }
        return found

    def identities(self) -> dict[bytes, str]:
        """Return who was erased: each hash and what it is of."""
        rows = self.rows["tombstone"].items()
        return {cast("bytes", key[0]): str(row["kind"]) for key, row in rows}

    def put(self, storage: Storage) -> None:
        """Write all into tables that have none of it; a row may have columns that others lack."""
        for table in FACTS:
            alike: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
            for row in self.rows[table.name].values():
                alike[tuple(row)].append(row)
            for columns, rows in alike.items():
                table.put(storage, columns, rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each table."""
        return {table: len(rows) for table, rows in self.rows.items()}


def people(found: dict[bytes, str]) -> set[bytes]:
    """Return those hashes that are of a person as such."""
    return {one for one, kind in found.items() if kind == PERSON}


def _when(row: Row) -> float:
    """Return the last instant that a row speaks of."""
    told = [row.get(one) for one in ("since", "lifted_at", "entered_at")]
    return max(float(one) for one in told if one is not None)


# The file


def remember(storage: Storage, file: Path) -> int:
    """
    Add to a file what it does not say yet, and return how many lines that were.

    It is made where there is none. A line that a crash left unfinished is taken away first. That
    something ended is not added: who is restored from it rests once more, rather than not.
    """
    new = Erased.of(storage).beyond(_read(file, torn=True))
    lines = [_Line(table, _plain(row)) for table, rows in new.rows.items() for row in rows.values()]
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as stream:
            whole = stream.read()
            stream.truncate(whole.rfind(b"\n") + 1)
            stream.seek(0, os.SEEK_END)
            stream.write(b"".join(msgspec.json.encode(one) + b"\n" for one in lines))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise BackupRefused(
            said("{file} cannot be written: {reason}.", file=str(file), reason=error.strerror)
        ) from None
    return len(lines)


def remembered(file: Path) -> Erased:
    """Return what a file says; BackupRefused where it is none, or was altered or cut off."""
    if not file.is_file():
        raise BackupRefused(said("There is no file {file}.", file=str(file)))
    return _read(file, torn=False)


def _read(file: Path, *, torn: bool) -> Erased:
    found = Erased()
    for number, line in enumerate(_lines(file), 1):
        if not line.endswith(b"\n"):
            if torn:
                break
            line = b""  # noqa: PLW2901
        try:
            one = msgspec.json.decode(line, type=_Line)
            table, row = _TABLES[one.table], _row(one.row)
            _when(row)
            found.add(table.name, [row])
        except (msgspec.DecodeError, ValueError, KeyError, TypeError):
            raise BackupRefused(
                said(
                    "{file}:{number}: this says of nobody that they were erased.",
                    file=str(file),
                    number=number,
                ),
                said("Take another copy of it; a last line that a crash cut off may be deleted."),
            ) from None
    return found


def _lines(file: Path) -> Iterator[bytes]:
    if not file.is_file():
        return
    with file.open("rb") as stream:
        yield from stream


_HASHES: Final = frozenset({"identity", "person"})


def _plain(row: Row) -> dict[str, str | int | float | None]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}


def _row(plain: dict[str, str | int | float | None]) -> Row:
    return {
        name: bytes.fromhex(str(value)) if name in _HASHES else value
        for name, value in plain.items()
    }
