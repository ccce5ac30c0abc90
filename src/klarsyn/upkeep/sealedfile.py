"""
A backup as a file: a head in clear, then parts, each sealed and bound to its place.

Whoever has the file alone reads when it was made, by which schema, under which key, and how big
each part is; nothing can be altered, moved or cut off unseen.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from klarsyn.errors import BackupRefused, KeysMissing, Message, SecretUnreadable, said
from klarsyn.storage import Sealed, Sealing, Value

FIRST_LINE: Final = b"klarsyn-backup 1\n"
_LENGTH_BYTES: Final = 4
#: The head is a few hundred bytes, and a part has at most a thousand rows or one uploaded file.
_LONGEST_HEAD: Final = 1 << 20
_LONGEST_PART: Final = 1 << 28


class Head(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    id: str
    at: str
    """When all that it holds was so, in UTC."""
    migrations: list[tuple[int, str]]
    """Number and hash of each that the database had."""
    key: str
    """The id of the key that seals it."""


class Part(msgspec.Struct, frozen=True):
    """Some rows of a table; the last part has no table, and the counts of all."""

    table: str
    columns: list[str]
    rows: list[list[Any]]  # msgspec takes text and bytes together as this alone
    counts: dict[str, int] = {}

    def as_rows(self) -> list[dict[str, Value]]:
        """Return each row with the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was made."""

    file: Path
    head: Head
    sha256: str
    counts: dict[str, int]


def made_head(at: datetime, migrations: list[tuple[int, str]], sealing: Sealing) -> Head:
    """Return the head of a new backup."""
    return Head(secrets.token_hex(16), at.isoformat(), migrations, sealing.newest)


def write(file: Path, head: Head, parts: Iterable[Part], sealing: Sealing) -> Written:
    """
    Write a file that was not there, for nobody else to read.

    It has its name when it is whole and on the disk. BackupRefused where there is one of that
    name, or one that was begun.
    """
    begun = file.with_name(f"{file.name}.part")
    if file.exists():
        raise _there(file)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(begun, flags, 0o600)
    except FileExistsError:
        raise _there(begun) from None
    except OSError as error:
        raise BackupRefused(
            said("{file} cannot be written: {reason}.", file=str(file), reason=error.strerror)
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            sha256, counts = _written(stream, head, parts, sealing)
            stream.flush()
            os.fsync(stream.fileno())
        _named(begun, file)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise
    return Written(file, head, sha256, counts)


def _named(begun: Path, file: Path) -> None:
    """Give a file that is whole its name; nothing that came there meanwhile is written over."""
    if file.exists():
        raise _there(file)
    begun.rename(file)


def _written(
    stream: IO[bytes], head: Head, parts: Iterable[Part], sealing: Sealing
) -> tuple[str, dict[str, int]]:
    line = msgspec.json.encode(head) + b"\n"
    hashed = hashlib.sha256()

    def put(piece: bytes) -> None:
        stream.write(piece)
        hashed.update(piece)

    put(FIRST_LINE + line)
    counts: dict[str, int] = {}
    number = 0
    for number, part in enumerate(parts, 1):
        counts[part.table] = counts.get(part.table, 0) + len(part.rows)
        put(_sealed(part, line, number, sealing))
    put(_sealed(Part("", [], [], counts), line, number + 1, sealing))
    return hashed.hexdigest(), counts


def _sealed(part: Part, line: bytes, number: int, sealing: Sealing) -> bytes:
    sealed = sealing.seal(msgspec.msgpack.encode(part), _bound(line, number)).sealed
    return len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed


def _bound(line: bytes, number: int) -> str:
    return f"klarsyn backup {hashlib.sha256(line).hexdigest()} {number}"


def _there(file: Path) -> BackupRefused:
    return BackupRefused(
        said("{file} is there already.", file=str(file)),
        said("Nothing is written over: give another name, or take it away."),
    )


class SealedFile:
    """A backup that somebody has; it is read from the beginning as often as is asked."""

    def __init__(self, file: Path, sealing: Sealing) -> None:
        """Name the file; BackupRefused where it is none, KeysMissing where its key is not given."""
        self._file = file
        self._sealing = sealing
        with self._opened() as stream:
            self.head, self._line = self._read_head(stream)

    @cached_property
    def sha256(self) -> str:
        """The hash of the whole file."""
        with self._opened() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def parts(self) -> Iterator[Part]:
        """Yield all parts but the last; BackupRefused where one is missing or altered."""
        counts: dict[str, int] = {}
        with self._opened() as stream:
            self._read_head(stream)
            number = 1
            while True:
                part = self._part(stream, number)
                if not part.table:
                    break
                counts[part.table] = counts.get(part.table, 0) + len(part.rows)
                number += 1
                yield part
            if stream.read(1) or part.counts != counts:
                raise self._refused(said("there is more in it than was written"))

    def _part(self, stream: IO[bytes], number: int) -> Part:
        size = int.from_bytes(stream.read(_LENGTH_BYTES), "big")
        sealed = stream.read(size) if size <= _LONGEST_PART else b""
        if not sealed or len(sealed) != size:
            raise self._refused(said("it was cut off"))
        try:
            found = Sealed(self.head.key, sealed)
            clear = self._sealing.open(found, _bound(self._line, number), str(self._file))
        except SecretUnreadable:
            if not self._sealing.knows(self.head.key):
                raise KeysMissing(
                    said(
                        "The backup lies under the key {key}, which is not given.",
                        key=self.head.key,
                    ),
                    said("Give that key too, before those that are newer."),
                ) from None
            raise self._refused(said("it was altered, or its key is another")) from None
        return msgspec.msgpack.decode(clear, type=Part)

    def _read_head(self, stream: IO[bytes]) -> tuple[Head, bytes]:
        first = stream.read(len(FIRST_LINE))
        line = stream.readline(_LONGEST_HEAD)
        try:
            head = msgspec.json.decode(line, type=Head)
        except msgspec.DecodeError:
            head = None
        if first != FIRST_LINE or head is None:
            raise self._refused(said("it is no backup of Klarsyn's"))
        return head, line

    def _opened(self) -> BufferedReader:
        try:
            return self._file.open("rb")
        except OSError as error:
            raise self._refused(
                said("it cannot be read ({reason})", reason=error.strerror)
            ) from None

    def _refused(self, why: Message) -> BackupRefused:
        return BackupRefused(
            said("{file} is not restored: {why}.", file=str(self._file), why=why),
            said("Take another backup; what is there stays as it is."),
        )
