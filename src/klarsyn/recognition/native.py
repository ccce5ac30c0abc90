"""
What is built from C, where a wheel was built with it (CONTRIBUTING.md); None elsewhere.

Columns are 64-bit integers: NumPy's arrays go in, bytes come out.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column: TypeAlias = NDArray[np.int64] | NDArray[np.uint64]
    Bitmap: TypeAlias = tuple[NDArray[np.uint8], int]
    """A bitmap, and how far a number is shifted to its bit."""
    Prints: TypeAlias = tuple[NDArray[np.uint8], int, NDArray[np.uint64]]
    """A set of fingerprints: the same, and the ordered numbers."""


class Signs(Protocol):
    """The functions of _signs.c. ValueError where columns do not fit together or to their text."""

    def uncommon(self, records: list[str], /) -> list[int]:
        """Return which records hold what Latin-1 lacks, but for a dash, or a soft hyphen."""
        ...

    def joined(self, records: list[str], /) -> tuple[str, bytes, list[int]]:
        """Return records between NULs, the same in Latin-1, and where each begins."""
        ...

    def digit_runs(self, data: bytes, /) -> tuple[bytes, bytes]:
        """Return where runs of seven digits or more begin and end in a text in Latin-1."""
        ...

    def likely(
        self, data: bytes, starts: Column, ends: Column, endings: bytearray, /
    ) -> list[tuple[int, int]]:
        """Return the runs of digits that may be a known number."""
        ...


class Words(Protocol):
    """The functions of _words.c. ValueError where columns do not fit together or to their text."""

    def words(self, text: str, codes: Column, /) -> tuple[bytes, bytes, bytes]:
        """Return where words begin and end, and their fingerprints."""
        ...

    def names(
        self,
        text: str,
        words: tuple[Column, Column, Column],
        tables: tuple[Column, NDArray[np.bool_]],
        sets: tuple[Prints, Prints, Bitmap],
        initials: Column,
        limits: tuple[bool, int, int],
        /,
    ) -> tuple[bytes, bytes, bytes, bytes]:
        """Return the words with which a known name may begin; see knownfast.py."""
        ...


def _built(name: str) -> ModuleType | None:
    try:
        return import_module(f"klarsyn.recognition.{name}")
    except ImportError:
        return None


SIGNS: Final = cast("Signs | None", _built("_signs"))
WORDS: Final = cast("Words | None", _built("_words"))
