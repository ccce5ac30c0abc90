"""
Hashes of a person's elements in a few bytes: what a vendor should hold, and what it holds.

An element at its place stands as a number of two bytes, its hash as twelve, and in what is held
the second at which the vendor took it as four more.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Protocol

HASH_BYTES: Final = 12
DIGEST_BYTES: Final = 16
NOTHING: Final = bytes(HASH_BYTES)
"""In the place of a hash where there is no value."""
NONE: Final[frozenset[int]] = frozenset()
"""No numbers: one for all, where Python makes an empty set anew each time."""
_WANTED = struct.Struct(f">H{HASH_BYTES}s")
_HELD = struct.Struct(f">H{HASH_BYTES}sI")


class HashState(Protocol):
    """What of hashlib's objects is used."""

    def copy(self) -> HashState:
        """Return another that has taken the same."""
        ...

    def update(self, more: bytes, /) -> object:
        """Take more; what is returned is always None."""
        ...

    def digest(self) -> bytes:
        """Return the hash."""
        ...


def wanted(hashes: Mapping[int, bytes]) -> bytes:
    """Return hashes by number, packed."""
    return b"".join(_WANTED.pack(number, hashes[number]) for number in sorted(hashes))


def wanted_of_all(columns: Iterable[tuple[int, Sequence[bytes], bool]], people: int) -> list[bytes]:
    """
    Return what `wanted` packs, of so many people: columns of hashes by number, in its order.

    With each column goes whether anybody has `NOTHING` in it, which is left out.
    """
    parts: list[Sequence[bytes]] = []
    form = b""
    for number, column, has_gaps in columns:
        packed = number.to_bytes(2, "big")
        if has_gaps:
            parts.append([packed + one if one != NOTHING else b"" for one in column])
            form += b"%b"
        else:
            parts.append(column)
            form += packed.replace(b"%", b"%%") + b"%b"
    # A format is four times as fast as joining, and there is one for each person and vendor.
    return [form % row for row in zip(*parts, strict=True)] if parts else [b""] * people


def digest(packed: bytes) -> bytes:
    """Return 16 bytes that stand for what `wanted` has packed."""
    return blake2b(packed, digest_size=DIGEST_BYTES).digest()


def digests(packed: Iterable[bytes]) -> list[bytes]:
    """Return the digest of each, in half the time."""
    first: HashState = blake2b(digest_size=DIGEST_BYTES)
    begin = first.copy
    return [(state := begin(), state.update(one), state.digest())[2] for one in packed]


def read_wanted(packed: bytes) -> dict[int, bytes]:
    """Return hashes by number."""
    return dict(_WANTED.iter_unpack(packed))


def numbers(packed: bytes) -> frozenset[int]:
    """Return the numbers of what `wanted` has packed."""
    return _numbers(packed[:: _WANTED.size], packed[1 :: _WANTED.size])


@lru_cache(maxsize=1024)
def _numbers(high: bytes, low: bytes) -> frozenset[int]:
    """Return numbers of two bytes each; of thousands of people they are the same."""
    return frozenset(one << 8 | two for one, two in zip(high, low, strict=True))


def held(hashes: Mapping[int, tuple[bytes, float]]) -> bytes:
    """Return hashes and instants by number, packed."""
    return b"".join(
        _HELD.pack(number, hashes[number][0], int(hashes[number][1])) for number in sorted(hashes)
    )


def held_first(wanted: bytes, at: int) -> bytes:
    """Return what a vendor that held nothing holds now, all of it since one second."""
    size, since = _WANTED.size, at.to_bytes(4, "big")
    parts = [wanted[begin : begin + size] for begin in range(0, len(wanted), size)]
    return since.join([*parts, b""])


def read_held(packed: bytes) -> dict[int, tuple[bytes, int]]:
    """Return hashes and instants by number."""
    return {number: (hash_, at) for number, hash_, at in _HELD.iter_unpack(packed)}


def as_wanted(packed: bytes) -> bytes:
    """Return what is held as `wanted` packs it, without the instants."""
    begins = range(0, len(packed), _HELD.size)
    return b"".join([packed[one : one + _WANTED.size] for one in begins])
