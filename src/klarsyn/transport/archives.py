"""
ZIP files that a vendor hands out, read in place: nothing is ever written to a disk.

The list of entries is checked as a whole before one is read, and what is inflated is counted, so a
size that lies is found out. Entries are stored or deflated; an archive inside an archive is bytes
like any other.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from klarsyn.errors import said
from klarsyn.transport.files import (
    CHUNK,
    HARMFUL,
    NOT_OURS,
    Place,
    decoded,
    json_items,
    opened,
    refuse_larger,
)
from klarsyn.transport.zipdirectory import (
    ENCRYPTED,
    LOCAL,
    STORED,
    Bounds,
    Directory,
    Entry,
    damaged,
    decoded_name,
    encrypted,
    exactly,
    overlapping,
)

__all__ = ["Archive", "Bounds", "Entry", "open_archive"]


def open_archive(path: Path, bounds: Bounds | None = None) -> Archive:
    """Open a ZIP file and check its list of entries."""
    return Archive(path, bounds or Bounds())


class Archive:
    """
    An open ZIP file. It is closed by `with`; one thread reads it at a time.

    An entry's checksum is known to be right only at its end: what was handed out before may be
    damaged, and then the end says so.
    """

    def __init__(self, path: Path, bounds: Bounds) -> None:
        """Read and check the list of entries."""
        self.bounds = bounds
        self._place = Place(str(path))
        self._stream: BinaryIO = opened(path)
        try:
            directory = Directory(self._stream, self._place, bounds)
            self._entries = directory.entries()
            self._offsets = array("Q", [*directory.offsets, directory.start])
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def entries(self) -> Iterator[Entry]:
        """Return the files of the archive, in its order; folders are left out."""
        return iter(self._entries.values())

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def place(self, name: str) -> Place:
        """Return what an error about an entry calls it."""
        return self._place.at(name)

    def read_chunks(self, name: str) -> Iterator[bytes]:
        """Return the bytes of an entry, piece by piece."""
        place = self.place(name)
        entry = self._entries.get(name)
        if entry is None:
            raise place.refused(said("there is no such entry"), NOT_OURS)
        packed = _read_pieces(self._stream, self._begin(entry, place), entry.packed, place)
        plain = packed if entry.method == STORED else _inflated(packed, place)
        return _counted(plain, entry, place)

    def read(self, name: str) -> bytes:
        """Return a small entry as a whole."""
        entry = self._entries.get(name)
        refuse_larger(entry.size if entry else 0, self.bounds.item, self.place(name))
        return b"".join(self.read_chunks(name))

    def read_json(self, name: str) -> object:
        """Return what a small JSON document says."""
        return decoded(self.read(name), self.place(name))

    def read_json_items(self, name: str) -> Iterator[object]:
        """Return the items of a JSON array, one after the other, however long the array is."""
        return json_items(self.read_chunks(name), self.place(name), self.bounds.item)

    def _begin(self, entry: Entry, place: Place) -> int:
        """Return where an entry's bytes begin; the header before them must agree with the list."""
        header = exactly(self._stream, entry.offset, LOCAL.size, place)
        signature, _, flags, method, *_, name_size, extra_size = LOCAL.unpack(header)
        if signature != b"PK\3\4":
            raise damaged(place)
        if flags & ENCRYPTED:
            raise encrypted(place)
        raw = exactly(self._stream, entry.offset + LOCAL.size, name_size, place)
        if method != entry.method or decoded_name(raw, place) != entry.name:
            raise place.refused(said("it is listed as something else than it is"), HARMFUL)
        begin: int = entry.offset + LOCAL.size + name_size + extra_size
        if begin + entry.packed > self._offsets[bisect_right(self._offsets, entry.offset)]:
            raise overlapping(place)
        return begin


# Bytes


def _read_pieces(stream: BinaryIO, offset: int, size: int, place: Place) -> Iterator[bytes]:
    for at in range(offset, offset + size, CHUNK):
        yield exactly(stream, at, min(CHUNK, offset + size - at), place)


def _inflated(packed: Iterator[bytes], place: Place) -> Iterator[bytes]:
    """Return what deflated bytes hold, never more than CHUNK at once."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            waiting = piece
            while plain := inflater.decompress(waiting, CHUNK):
                yield plain
                waiting = inflater.unconsumed_tail
            if inflater.unused_data:  # refused at once, since zlib would gather it
                raise damaged(place)
    except zlib.error:
        raise damaged(place) from None
    if not inflater.eof:
        raise damaged(place)


def _counted(plain: Iterator[bytes], entry: Entry, place: Place) -> Iterator[bytes]:
    """Return the bytes of an entry as long as it keeps to its size, and check them at the end."""
    size = checksum = 0
    for piece in plain:
        size += len(piece)
        if size > entry.size:
            raise place.refused(said("it is larger than it says"), HARMFUL)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if size != entry.size or checksum != entry.checksum:
        raise damaged(place)
