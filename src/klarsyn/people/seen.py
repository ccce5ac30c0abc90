"""
Which keys were read already, and on which line: 18 to 36 bytes a person.

A set of Python's takes five times as much, a database in a file four times as long. Keys are kept
as 64-bit hashes that differ from run to run; that two of a million keys are taken for one, and a
right row is refused, happens once in 40 million runs.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

_BEGIN: Final = 1 << 10
_FILLED: Final = 2 / 3


class Seen:
    """A table of hashes with open addressing, that doubles when it is two thirds full."""

    def __init__(self) -> None:
        """Begin empty."""
        self._hashes, self._lines = _empty(_BEGIN)
        self._count = 0

    def add(self, keys: Sequence[str], lines: Sequence[int]) -> dict[int, int]:
        """Take keys; return, for each that was there before, its place among them and its line."""
        before: dict[int, int] = {}
        if self._count + len(keys) > len(self._hashes) * _FILLED:
            self._grow(self._count + len(keys))
        hashes, mask = self._hashes, len(self._hashes) - 1
        for at, key in enumerate(keys):
            if not key:
                continue
            one = hash(key) or 1  # 0 is an empty place
            place = one & mask
            while found := hashes[place]:
                if found == one:
                    before[at] = self._lines[place]
                    break
                place = (place + 1) & mask
            else:
                hashes[place] = one
                self._lines[place] = lines[at]
                self._count += 1
        return before

    def _grow(self, least: int) -> None:
        size = len(self._hashes)
        while least > size * _FILLED:
            size *= 2
        hashes, lines = _empty(size)
        mask = size - 1
        for one, line in zip(self._hashes, self._lines, strict=True):
            if one:
                place = one & mask
                while hashes[place]:
                    place = (place + 1) & mask
                hashes[place], lines[place] = one, line
        self._hashes, self._lines = hashes, lines


def _empty(size: int) -> tuple[array[int], array[int]]:
    return array("q", bytes(8 * size)), array("I", bytes(4 * size))
