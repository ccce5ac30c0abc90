"""
CSV files as companies export them (RFC 4180, with the delimiter and encoding that are declared).

A row that is broken stops no other. Where a quotation mark was never closed, only the row that it
stands in is lost: the lines that it ran over are read again.
"""

from __future__ import annotations

import codecs
import csv
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from klarsyn.errors import Message, SourceUnread, said
from klarsyn.transport.files import printable
from klarsyn.transport.source import SIZE, Broken, Chunk

if TYPE_CHECKING:
    from klarsyn.sourcesettings import SourceForm

LONGEST_LINE: Final = 1 << 20
"""Characters; what is longer is no table."""
_PIECE = 1 << 17
MOST_LINES: Final = 100
"""Of one row, whose values may hold line ends."""
_DELIMITERS = {"tab": "\t", "pipe": "|"}
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

_UNQUOTED = said("a quotation mark is not closed, or stands in the middle of a value")
_SWALLOWED = said("a quotation mark is not closed: the value goes on over whole rows")


@contextmanager
def opened_csv(path: Path, form: SourceForm) -> Iterator[CsvTable]:
    """Open a file and read its header."""
    if not path.is_file():
        raise _unread(path.name, said("there is no such file"), _BESIDE)
    _refuse_other_mark(path, form.encoding)
    with _stream(path, form.encoding) as stream:
        yield CsvTable(stream, path.name, _DELIMITERS.get(form.delimiter, form.delimiter))


def _stream(path: Path, encoding: str) -> TextIO:
    """
    Open a file as text.

    What is no letter in its encoding is kept as a sign that no text holds, and refuses its row.
    """
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    return path.open(encoding=encoding, errors=errors, newline="")


_BESIDE = said("The path counts from the folder of klarsyn.yaml.")
_DECLARE = said("Declare how the file is written: `form.encoding`.")


def _refuse_other_mark(path: Path, encoding: str) -> None:
    try:
        with path.open("rb") as stream:
            begin = stream.read(4)
    except OSError as error:
        raise _unreadable(path.name, error) from None
    for mark, means in _MARKS.items():
        if begin.startswith(mark) and means != encoding:
            what = said("it begins with the mark of {means}", means=means)
            raise _unread(path.name, what, _DECLARE)


def _unreadable(shown: str, error: OSError) -> SourceUnread:
    reason = said("it cannot be read ({reason})", reason=error.strerror or "?")
    return _unread(shown, reason, said("Check its rights, and the disk."))


def _unread(shown: str, what: Message, remedy: Message) -> SourceUnread:
    return SourceUnread(said("{file}: {what}.", file=shown, what=what), remedy)


class CsvTable:
    """A file whose header was read."""

    def __init__(self, stream: TextIO, shown: str, delimiter: str) -> None:
        """Read the header; SourceUnread where there is none, or it names a column twice."""
        self._lines = _Lines(stream, shown)
        self._delimiter = delimiter
        # Python 3.11 takes a NUL for a character like others, and so do we: see `people.cells`.
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        try:
            header: list[str] = next(self._reader, [])
        except (csv.Error, _TooManyLines):
            raise _unread(shown, said("its first line is no header"), _DECLARE) from None
        self.columns = tuple(unicodedata.normalize("NFC", one).strip() for one in header)
        twice = [one for one in self.columns if one and self.columns.count(one) > 1]
        if twice:
            what = said("two columns are called '{name}'", name=printable(twice[0]))
            raise _unread(shown, what, said("Rename one in the first line."))
        if not any(self.columns):
            raise _unread(
                shown,
                said("it has no header"),
                said("The first line names the columns."),
            )

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """Yield all rows, with these columns in this order."""
        places = [self.columns.index(one) for one in wanted]
        while block := self._lines.block():
            if records := self._plain(block):
                yield _chunk(self._lines.passed(len(block)), records, places, [])
            else:
                yield self._careful(len(block), places)

    def _plain(self, block: list[str]) -> list[list[str]]:
        """Return the rows of a block where each is one line and right; nothing else, else."""
        try:
            records = list(csv.reader(block, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return []
        expected = len(self.columns)
        is_plain = len(records) == len(block) and all(len(one) == expected for one in records)
        return records if is_plain else []

    def _careful(self, least: int, places: list[int]) -> Chunk:
        """Return the next rows one by one, until they have so many lines."""
        lines: list[int] = []
        records: list[list[str]] = []
        broken: list[Broken] = []
        until = self._lines.number + least
        for found in self._rows():
            if isinstance(found, Broken):
                broken.append(found)
            else:
                lines.append(found.line)
                records.append(found.values)
            if self._lines.number >= until:
                break
        return _chunk(lines, records, places, broken)

    def _rows(self) -> Iterator[_Row | Broken]:
        lines, reader, expected = self._lines, self._reader, len(self.columns)
        while True:
            lines.keep()
            try:
                values = next(reader, None)
            except csv.Error:
                yield self._broken(_UNQUOTED)
                continue
            except _TooManyLines:
                yield self._broken(_SWALLOWED)
                continue
            if values is None:
                return
            if len(values) == expected and (lines.single or not self._swallows(values)):
                yield _Row(lines.first, values)
            elif values:  # an empty line is none
                yield self._broken(self._miscounted(len(values)))

    def _broken(self, what: Message) -> Broken:
        """Give up the row in hand, but for the lines after its first."""
        first = self._lines.first
        self._lines.again()
        return Broken(first, what)

    def _swallows(self, values: list[str]) -> bool:
        """Whether a value holds lines that look like whole rows."""
        least = len(self.columns) - 1
        return least > 0 and any(
            line.count(self._delimiter) >= least
            for value in values
            for line in value.splitlines()[1:-1]
        )

    def _miscounted(self, found: int) -> Message:
        expected = len(self.columns)
        if found == expected:
            return _SWALLOWED
        return said(
            "the row has {found} values, the header {expected}", found=found, expected=expected
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """The line that a row begins on, and its values."""

    line: int
    values: list[str]


def _chunk(
    lines: Sequence[int], records: list[list[str]], places: list[int], broken: list[Broken]
) -> Chunk:
    every = list(zip(*records, strict=True))
    columns = [every[place] for place in places] if every else [() for _ in places]
    return Chunk(lines, columns, broken)


class _TooManyLines(Exception):
    """A value ran over more lines than a row may have."""


class _Lines:
    """The lines of a file; those that a broken row ran over can be read again."""

    def __init__(self, stream: TextIO, shown: str) -> None:
        self._stream = stream
        self._shown = shown
        self._waiting: deque[str] = deque()
        self.held: list[str] = []
        """The lines of the row in hand."""
        self.number = 0
        """How many lines were given out."""

    @property
    def first(self) -> int:
        """The line on which the row in hand begins, from 1."""
        return self.number - len(self.held) + 1

    @property
    def single(self) -> bool:
        """Whether the row in hand has one line."""
        return len(self.held) == 1

    def keep(self) -> None:
        """Let go of the row in hand."""
        self.held = []

    def again(self) -> None:
        """Read again all lines of the row in hand but the first."""
        self._waiting.extendleft(reversed(self.held[1:]))
        self.number -= len(self.held) - 1

    def block(self) -> list[str]:
        """Return the next lines, up to `SIZE`, without giving them out; nothing at the end."""
        while len(self._waiting) < SIZE and self._read():
            pass
        return list(islice(self._waiting, SIZE))

    def passed(self, count: int) -> range:
        """Give out so many lines at once, and return their numbers."""
        for _ in range(count):
            self._waiting.popleft()
        self.number += count
        return range(self.number - count + 1, self.number + 1)

    def __iter__(self) -> Iterator[str]:
        """Go on where it is."""
        return self

    def __next__(self) -> str:
        """Give out a line; after the end there are some again where a row is read anew."""
        if len(self.held) >= MOST_LINES:
            raise _TooManyLines
        if not self._waiting and not self._read():
            raise StopIteration
        line = self._waiting.popleft()
        self.number += 1
        self.held.append(line)
        return line

    def _read(self) -> bool:
        """Read some more whole lines; False at the end of the file."""
        try:
            text = self._stream.read(_PIECE)
            rest = self._stream.readline(LONGEST_LINE)
        except UnicodeError:  # a file of UTF-16 without its mark
            what = said("its letters cannot be read after line {number}", number=self.number)
            raise _unread(self._shown, what, _DECLARE) from None
        except OSError as error:
            raise _unreadable(self._shown, error) from None
        if len(rest) >= LONGEST_LINE:
            what = said("a line after line {number} is too long for a table", number=self.number)
            raise _unread(self._shown, what, _DECLARE)
        # Split as a file is: at line ends only, which are kept.
        self._waiting.extend(StringIO(text + rest, newline=""))
        return bool(text)
