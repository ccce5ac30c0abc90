"""
The list of entries at the end of a ZIP file, checked as a whole before one entry is read.

Our own reader instead of the standard library's, which builds its list before one can count it, and
does not look for overlapping entries in every Python that we support.

Format: PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import BinaryIO

import msgspec

from klarsyn.errors import FileRefused, said
from klarsyn.transport.files import AGAIN, HARMFUL, ITEM, Place

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_LISTED = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_SATURATED = 0xFFFFFFFF  # the real number stands in the ZIP64 field
_ZIP64_FIELD = 0x0001
ENCRYPTED = 0x0001 | 0x0040 | 0x2000  # the entry, strongly, and the list itself
STORED, DEFLATED = 0, 8
_LONGEST_NAME = 1024
_LARGEST_LIST = 64 << 20
#: Below this size a high ratio says nothing: an empty day compresses well.
_SMALL = 1 << 20
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an archive may hold; beyond it nothing is read."""

    entries: int = 200_000
    total: int = 64 << 30  #: bytes of all entries, inflated
    ratio: int = 250  #: inflated to deflated, of an entry; text stays below 100, a bomb nears 1,000
    item: int = ITEM  #: bytes of one item of an array, or of a document read whole


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One file in an archive, as the list at the archive's end describes it."""

    name: str
    size: int
    packed: int
    method: int
    checksum: int
    offset: int


class Directory:
    """The list of entries at the end of a ZIP file, read one by one and checked."""

    def __init__(self, stream: BinaryIO, place: Place, bounds: Bounds) -> None:
        """Find the list; one that is too long is refused before it is read."""
        self._stream = stream
        self._place = place
        self._bounds = bounds
        self.count, size, self.start = self._end()
        self.offsets: list[int] = []
        if self.count > bounds.entries:
            raise place.refused(
                said("it has more than {number} entries", number=bounds.entries), HARMFUL
            )
        if size > _LARGEST_LIST:
            raise place.refused(said("its list of entries is too large"), HARMFUL)
        self._stop = self.start + size

    def _end(self) -> tuple[int, int, int]:
        """Return number of entries, size and start of the list."""
        length = self._stream.seek(0, 2)
        first = max(0, length - _END.size - _LONGEST_COMMENT)
        tail = exactly(self._stream, first, length - first, self._place)
        found = tail.rfind(b"PK\5\6")
        if found < 0 or len(tail) - found < _END.size:
            raise self._place.refused(said("it is not a whole ZIP file"), AGAIN)
        position = first + found
        _, disk, list_disk, here, count, size, start, comment = _END.unpack_from(tail, found)
        if position + _END.size + comment != length:
            raise damaged(self._place)
        if position >= _LOCATOR.size:
            locator = exactly(self._stream, position - _LOCATOR.size, _LOCATOR.size, self._place)
            signature, _, offset, _ = _LOCATOR.unpack(locator)
            if signature == b"PK\6\7":
                position = offset
                raw = exactly(self._stream, offset, _END_64.size, self._place)
                signature, *_, disk, list_disk, here, count, size, start = _END_64.unpack(raw)
                if signature != b"PK\6\6":
                    raise damaged(self._place)
        if disk or list_disk or here != count or start + size != position:
            raise damaged(self._place)
        return count, size, start

    def entries(self) -> dict[str, Entry]:
        """Return the entries by name, without folders; a mistake in any refuses the archive."""
        files: dict[str, Entry] = {}
        folders: list[Entry] = []
        total = 0
        for entry in self._listed():
            total += entry.size
            place = self._place.at(entry.name)
            if total > self._bounds.total:
                raise place.refused(
                    said("all in all it holds more than {size} bytes", size=self._bounds.total),
                    HARMFUL,
                )
            if entry.name.endswith("/"):
                folders.append(entry)
            elif files.setdefault(entry.name, entry) is not entry:
                raise place.refused(said("two entries have the same name"), HARMFUL)
        self._refuse_overlaps(sorted(chain(files.values(), folders), key=lambda one: one.offset))
        return files

    def _refuse_overlaps(self, ordered: list[Entry]) -> None:
        for one, following in pairwise(ordered):
            if one.offset + LOCAL.size + one.packed > following.offset:
                raise overlapping(self._place.at(following.name))
        if ordered and ordered[-1].offset + LOCAL.size + ordered[-1].packed > self.start:
            raise damaged(self._place.at(ordered[-1].name))
        self.offsets = [one.offset for one in ordered]

    def _listed(self) -> Iterator[Entry]:
        at = self.start
        for _ in range(self.count):
            header = exactly(self._stream, at, _LISTED.size, self._place)
            name_size, extra_size, comment_size = struct.unpack_from("<3H", header, 28)
            rest = name_size + extra_size
            at += _LISTED.size
            if at + rest + comment_size > self._stop:
                raise damaged(self._place)
            yield self._entry(header, exactly(self._stream, at, rest, self._place), name_size)
            at += rest + comment_size
        if at != self._stop:
            raise damaged(self._place)

    def _entry(self, header: bytes, rest: bytes, name_size: int) -> Entry:
        fields = _LISTED.unpack(header)
        signature, _, _, flags, method, _, _, checksum, packed, size = fields[:10]
        disk, _, attributes, offset = fields[13:]
        if signature != b"PK\1\2" or disk:
            raise damaged(self._place)
        name = decoded_name(rest[:name_size], self._place)
        place = self._place.at(name)
        refuse_path(name, place)
        size, packed, offset = _with_zip64((size, packed, offset), rest[name_size:], place)
        if flags & ENCRYPTED:
            raise encrypted(place)
        if stat.S_IFMT(attributes >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise place.refused(said("it is a link or a device, not a file"), HARMFUL)
        entry = Entry(name, size, packed, method, checksum, offset)
        _refuse_sizes(entry, self._bounds, place)
        return entry


def _refuse_sizes(entry: Entry, bounds: Bounds, place: Place) -> None:
    if entry.method not in {STORED, DEFLATED}:
        raise place.refused(
            said(
                "it is compressed in a way that is not read (method {number})", number=entry.method
            ),
            said("Pack it again as an ordinary ZIP file."),
        )
    if entry.method == STORED and entry.size != entry.packed:
        raise damaged(place)
    if entry.size > max(_SMALL, entry.packed * bounds.ratio):
        raise place.refused(
            said("it inflates to more than {ratio} times its size", ratio=bounds.ratio), HARMFUL
        )


def refuse_path(name: str, place: Place) -> None:
    """Refuse a name that would lead out of a folder, or that two systems read differently."""
    parts = name.removesuffix("/").split("/")
    if "\\" in name or _CONTROL.search(name) or _DRIVE.match(name):
        raise place.refused(said("its name is not a plain path"), HARMFUL)
    if not {"", ".", ".."}.isdisjoint(parts):  # an empty first part is an absolute path
        raise place.refused(said("its name leads out of the archive"), HARMFUL)


def decoded_name(raw: bytes, place: Place) -> str:
    """
    Return an entry's name, in NFC.

    Many programs write UTF-8 without saying so (flag 11); what is not UTF-8 is CP437 (D.1).
    """
    if len(raw) > _LONGEST_NAME:
        raise place.refused(said("the name of an entry is too long"), HARMFUL)
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        name = raw.decode("cp437")
    return unicodedata.normalize("NFC", name)


def _with_zip64(numbers: tuple[int, ...], extra: bytes, place: Place) -> tuple[int, int, int]:
    """Return size, packed size and offset; those too large for 32 bits stand in an extra field."""
    wide = iter(_zip64_numbers(extra, place))
    size, packed, offset = (
        next(wide, None) if number == _SATURATED else number for number in numbers
    )
    if size is None or packed is None or offset is None:
        raise damaged(place)
    return size, packed, offset


def _zip64_numbers(extra: bytes, place: Place) -> tuple[int, ...]:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        at += 4
        if at + size > len(extra):
            raise damaged(place)
        if kind == _ZIP64_FIELD:
            return struct.unpack_from(f"<{size // 8}Q", extra, at)
        at += size
    return ()


# What both sides of the list share


def exactly(stream: BinaryIO, offset: int, size: int, place: Place) -> bytes:
    """Return bytes of the file; a file that ends too soon is damaged."""
    try:
        stream.seek(offset)
        found = stream.read(size)
    except (OSError, OverflowError, ValueError):
        raise damaged(place) from None
    if len(found) != size:
        raise damaged(place)
    return found


def damaged(place: Place) -> FileRefused:
    """Return the refusal of bytes that are not what they should be."""
    return place.refused(said("it is damaged"), AGAIN)


def encrypted(place: Place) -> FileRefused:
    """Return the refusal of what needs a password."""
    return place.refused(
        said("it is encrypted"), said("Unlock it, or export it without a password.")
    )


def overlapping(place: Place) -> FileRefused:
    """Return the refusal of entries that share bytes, so that a small file holds much."""
    return place.refused(said("it shares bytes with another entry"), HARMFUL)
