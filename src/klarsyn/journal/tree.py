"""
The tree over the entries: leaves, roots and proofs as RFC 6962, section 2.1, has them.

Pure. A proof is verified with the size and the root that somebody signed; whoever wants to check
it with other software finds the same algorithms in RFC 9162.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

BYTES: Final = 32
EMPTY: Final = sha256(b"").digest()
"""The root over nothing."""

Hashes = Callable[[int, int], bytes]
"""Gives the hash of the subtree of 2**level leaves at a position; level 0 is a leaf."""


class ProofWrong(ValueError):
    """A proof has too few or too many hashes for the place that it is for."""


def leaf(content: bytes) -> bytes:
    """Return the hash of a leaf; the leading byte tells it from a node."""
    return sha256(b"\0" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash above two others."""
    return sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """
    What is needed to add a leaf: the roots of the full subtrees, largest first.

    There are as many as the size has ones in binary, so twenty serve a million entries.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, added: bytes) -> tuple[Frontier, tuple[bytes, ...]]:
        """Return it with one leaf more, and the hashes that became known: leaf first, then up."""
        peaks, made, size = list(self.peaks), [added], self.size
        while size & 1:
            made.append(node(peaks.pop(), made[-1]))
            size >>= 1
        return Frontier(self.size + 1, (*peaks, made[-1])), tuple(made)

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        if not self.peaks:
            return EMPTY
        *left, root = self.peaks
        for peak in reversed(left):
            root = node(peak, root)
        return root


def in_memory(leaves: Sequence[bytes]) -> Hashes:
    """Return the full subtrees over leaves that fit into memory."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node(a, b) for a, b in zip(below[::2], below[1::2], strict=False)])
    return lambda level, position: levels[level][position]


def root(hashes: Hashes, size: int) -> bytes:
    """Return the root over the first `size` leaves."""
    return _over(hashes, 0, size) if size else EMPTY


def inclusion(hashes: Hashes, index: int, size: int) -> list[bytes]:
    """Return the proof that the leaf at an index (from 0) is one of the first `size`."""
    if not 0 <= index < size:
        raise IndexError(f"there is no leaf {index} among {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_over(hashes, middle, end))
            end = middle
        else:
            path.append(_over(hashes, begin, middle))
            begin = middle
    return path[::-1]


def consistency(hashes: Hashes, old: int, size: int) -> list[bytes]:
    """Return the proof that the tree over `size` leaves begins with that over the first `old`."""
    if not 0 <= old <= size:
        raise IndexError(f"a tree of {size} does not begin with one of {old}")
    if old in {0, size}:
        return []
    path: list[bytes] = []
    begin, end = 0, size
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_over(hashes, middle, end))
            end = middle
        else:
            path.append(_over(hashes, begin, middle))
            begin = middle
    # A subtree at the very left is the old root itself, which whoever verifies has.
    return ([_over(hashes, begin, end)] if begin else []) + path[::-1]


def root_by_inclusion(found: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that a leaf's proof leads to (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofWrong(f"there is no leaf {index} among {size}")
    at, last = index, size - 1
    for hashed in proof:
        if not last:
            raise ProofWrong("the proof is too long")
        if at & 1 or at == last:
            found = node(hashed, found)
            at, last = _above_left(at, last)
        else:
            found = node(found, hashed)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is too short")
    return found


def roots_by_consistency(
    old: int, old_root: bytes, size: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the older and the newer root that a proof leads to (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size:
        raise ProofWrong(f"a tree of {size} does not begin with one of {old}")
    is_left = old & (old - 1) == 0 or old == size
    path = [old_root, *proof] if is_left else list(proof)
    if not path:
        raise ProofWrong("the proof is too short")
    if old == size:
        old, size = 1, 1  # nothing is hashed to it
    at, last = _above_left(old - 1, size - 1, while_right=True)
    older = newer = path[0]
    for hashed in path[1:]:
        if not last:
            raise ProofWrong("the proof is too long")
        if at & 1 or at == last:
            older, newer = node(hashed, older), node(hashed, newer)
            at, last = _above_left(at, last)
        else:
            newer = node(newer, hashed)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is too short")
    return older, newer


def _above_left(at: int, last: int, *, while_right: bool = False) -> tuple[int, int]:
    """Climb while the place is a left one (or a right one) that nothing is hashed to."""
    while at and bool(at & 1) == while_right:
        at, last = at >> 1, last >> 1
    return at, last


def _over(hashes: Hashes, begin: int, end: int) -> bytes:
    """Return the root over a range that begins at a multiple of the next power of two."""
    width = end - begin
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return hashes(level, begin >> level)
    middle = begin + _split(width)
    return node(_over(hashes, begin, middle), _over(hashes, middle, end))


def _split(width: int) -> int:
    """Return the largest power of two below a width."""
    return 1 << ((width - 1).bit_length() - 1)
