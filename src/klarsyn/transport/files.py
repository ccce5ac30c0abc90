"""
Files that a vendor hands out, read in pieces: bytes, JSON arrays item by item, JSON lines.

Only the item in hand is held, and an item has a largest size. Whatever is wrong ends in
FileRefused: the file, the place in it, what is wrong, what to do, and nothing of the contents.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import msgspec

from klarsyn.errors import FileRefused, Message, said

#: How much is read at once.
CHUNK = 1 << 16
#: The largest item of an array, and the largest document read whole. A Slack message is at most
#: some hundred kilobytes; decoded, JSON can take twenty times its size.
ITEM = 8 << 20
#: An array up to this size is split by msgspec, ten times as fast as piece by piece.
SMALL = 1 << 20

AGAIN = said("Ask the vendor for the file again, and download it again.")
NOT_OURS = said("Check that it is the vendor's own export, as it was downloaded.")
HARMFUL = said("Do not open it elsewhere; ask the vendor for a new export.")

_SPACE = b" \t\r\n"
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is read: a file, and an entry or a line in it."""

    file: str
    entry: str | Message = ""

    def refused(self, what: Message, remedy: Message = AGAIN) -> FileRefused:
        """Return the error to raise."""
        return FileRefused(self.file, self.entry, what, remedy)

    def at(self, entry: str | Message) -> Place:
        """Return a place inside the same file; a hostile name cannot write to a terminal."""
        return Place(self.file, printable(entry) if isinstance(entry, str) else entry)


def printable(name: str) -> str:
    """Return a name without control characters and not too long, for a message."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in name[: _LONGEST_NAME + 1])
    return shown if len(name) <= _LONGEST_NAME else f"{shown[:_LONGEST_NAME]}..."


def opened(path: Path) -> BinaryIO:
    """Open a regular file; a folder, a pipe or a device is refused, and none is waited for."""
    place = Place(str(path))
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
        if regular:
            return path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise place.refused(
            said("it cannot be opened ({reason})", reason=reason),
            said("Check the path and the rights."),
        ) from None
    raise place.refused(said("it is not a file"), said("Name the file that was downloaded."))


def chunks(path: Path, size: int = CHUNK) -> Iterator[bytes]:
    """Return the bytes of a file, piece by piece."""
    with opened(path) as stream:
        yield from iter(lambda: stream.read(size), b"")


# JSON


def json_items(pieces: Iterable[bytes], place: Place, largest: int = ITEM) -> Iterator[object]:
    """Return the decoded items of a JSON array, one after the other."""
    for raw in raw_items(pieces, place, largest):
        yield decoded(raw, place)


def json_lines(pieces: Iterable[bytes], place: Place, largest: int = ITEM) -> Iterator[object]:
    """Return what the lines of a file hold, each a JSON document; blank lines are passed over."""
    for raw in raw_lines(pieces, place, largest):
        yield decoded(raw, place)


def decoded(raw: bytes, place: Place) -> object:
    """Return what a JSON document says."""
    try:
        return msgspec.json.decode(raw, type=object)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        # Not chained: a decoding error of Python holds the text.
        raise place.refused(said("it holds something that is not JSON")) from None


def raw_lines(pieces: Iterable[bytes], place: Place, largest: int = ITEM) -> Iterator[bytes]:
    """Return the lines that are not blank, without white space around them."""
    buffer, seen = bytearray(), 0
    for piece in chain(pieces, [b"\n"]):
        buffer += piece
        start = 0
        while (end := buffer.find(b"\n", seen)) >= 0:
            refuse_larger(end - start, largest, place)
            if line := bytes(buffer[start:end]).strip(_SPACE):
                yield line
            start = seen = end + 1
        del buffer[:start]
        seen = len(buffer)
        refuse_larger(seen, largest, place)


def raw_items(pieces: Iterable[bytes], place: Place, largest: int = ITEM) -> Iterator[bytes]:
    """
    Return the items of a JSON array as they are written, without white space around them.

    How the bytes come in pieces makes no difference. An array of more than SMALL bytes is handed
    out while it is read, so its first items come before a mistake at its end is seen; and of its
    items only brackets, quotation marks and commas have been looked at.
    """
    pieces, start = iter(pieces), bytearray()
    for piece in pieces:
        start += piece
        if len(start) > SMALL:
            yield from _Splitter(place, largest).items(chain([bytes(start)], pieces))
            return
    for raw in _small_array(bytes(start), place):
        refuse_larger(len(raw), largest, place)
        yield raw


def refuse_larger(size: int, largest: int, place: Place) -> None:
    """Refuse what is larger than a bound."""
    if size > largest:
        raise place.refused(
            said("one item of it is larger than {largest} bytes", largest=largest), NOT_OURS
        )


def _small_array(document: bytes, place: Place) -> Iterator[bytes]:
    try:
        items = msgspec.json.decode(document, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError, ValueError):
        raise _no_array(place) from None
    return map(bytes, items)


def _no_array(place: Place) -> FileRefused:
    return place.refused(said("it is not a JSON array"), NOT_OURS)


# The marks of JSON. The parts of the patterns are possessive, so that no text makes them slow.
_QUOTE, _COMMA = b'",'
_OPENING, _CLOSING = b"[{", b"]}"
# Groups are not repeated possessively: before Python 3.11.5 that matches too little (gh-106052).
_REST_OF_STRING = rb'[^"\\]*+(?:\\.[^"\\]*+)*'
#: Up to the next bracket; whole strings are passed over, half a string is not begun.
_DEEP = re.compile(rb'[^"\[\]{}]*+(?:"' + _REST_OF_STRING + rb'"[^"\[\]{}]*+)*', re.DOTALL)
#: The same, up to the next comma too: in the array itself a comma ends an item.
_SHALLOW = re.compile(rb'[^",\[\]{}]*+(?:"' + _REST_OF_STRING + rb'"[^",\[\]{}]*+)*', re.DOTALL)
_IN_STRING = re.compile(_REST_OF_STRING, re.DOTALL)


class _Splitter:
    """Cuts the items out of an array that comes in pieces; no byte is looked at twice."""

    def __init__(self, place: Place, largest: int) -> None:
        self._place = place
        self._largest = largest
        self._buffer = bytearray()
        self._start = 0  #: where the item in hand begins
        self._at = 0  #: what lies before has been looked at
        self._depth = 0
        self._in_string = False
        self._count = 0
        self._ended = False

    def items(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Return the items, and refuse at the end what has not come to its end."""
        for piece in pieces:
            self._buffer += piece
            while (mark := self._next_mark()) is not None:
                if item := self._item(mark):
                    yield item
            del self._buffer[: self._start]
            self._at -= self._start
            self._start = 0
            refuse_larger(len(self._buffer), self._largest, self._place)
        if not self._ended or self._buffer.strip(_SPACE):
            raise _no_array(self._place)

    def _next_mark(self) -> int | None:
        """Return the next bracket or comma that counts; None if more bytes are needed."""
        while True:
            if self._in_string:
                self._pass_over(_IN_STRING)
                if self._buffer[self._at : self._at + 1] != b'"':
                    return None
                self._at += 1
                self._in_string = False
            self._pass_over(_SHALLOW if self._depth <= 1 else _DEEP)
            if self._at == len(self._buffer):
                return None
            mark = self._buffer[self._at]
            self._at += 1
            if mark != _QUOTE:
                return mark
            self._in_string = True

    def _pass_over(self, pattern: re.Pattern[bytes]) -> None:
        found = pattern.match(self._buffer, self._at)
        self._at = found.end() if found else self._at

    def _item(self, mark: int) -> bytes:
        """Return the item that a mark ends; nothing if it ends none."""
        if self._depth == 0:
            self._begin(mark)
        elif mark == _COMMA:
            return self._cut(last=False)
        elif mark in _OPENING:
            self._depth += 1
        else:
            self._depth -= 1
            if self._depth == 0:
                self._ended = True
                return self._cut(last=True)
        return b""

    def _begin(self, mark: int) -> None:
        before = self._buffer[self._start : self._at - 1]
        if self._ended or mark != _OPENING[0] or before.strip(_SPACE):
            raise _no_array(self._place)
        self._depth = 1
        self._start = self._at

    def _cut(self, *, last: bool) -> bytes:
        item = bytes(self._buffer[self._start : self._at - 1]).strip(_SPACE)
        refuse_larger(len(item), self._largest, self._place)
        if not item and not (last and self._count == 0):
            raise _no_array(self._place)
        self._start = self._at
        self._count += 1
        return item
