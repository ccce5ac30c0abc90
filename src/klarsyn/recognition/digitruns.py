"""
Runs of digits in a whole block at once (NumPy, extra `audit`).

The same places as the expression of `digits.RUNS` finds, for a fifth of what Hyperscan takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from klarsyn.recognition import native

FEWEST: Final = 7
"""Digits of a run, at least."""

_AFTER: Final = 2  # digits that a VAT number adds after those of the company
_WIDEST: Final = 3  # signs between two groups of a run, at most
_MIDDLE, _CLOSING, _LONE, _SPACE, _DASH = 1, 2, 4, 8, 16  # bits: what a sign may be between digits
_BETWEEN: Final = np.zeros(256, np.uint8)
for _bit, _signs in (
    (_MIDDLE, b"-/("),
    (_CLOSING, b")"),
    (_LONE, b" .+"),
    (_SPACE, b" "),
    (_DASH, b"-"),
):
    _BETWEEN[list(_signs)] |= _bit

Places = NDArray[np.int64]
Signs = NDArray[np.uint8]
Marks = NDArray[np.bool_]


class Runs(dict[int, int]):
    """Where runs begin, each with the end of the sign after it; the same in columns."""

    def __init__(self, starts: Places, ends: Places) -> None:
        super().__init__(zip(starts.tolist(), (ends + 1).tolist(), strict=True))
        self.starts, self.ends = starts, ends  #: `ends` is after the last digit


class Grouped(Runs):
    """Runs of which the groups of digits are known too."""

    def __init__(self, starts: Places, ends: Places, groups: Groups) -> None:
        super().__init__(starts, ends)
        self.groups = groups


class Groups(NamedTuple):
    """Groups of digits, with other signs between them."""

    starts: Places
    ends: Places
    first: Places  #: which of them each run begins with
    last: Places  #: which of them each run ends with

    def counts(self) -> Places:
        """Return how many digits each run has."""
        upto = np.append(0, np.cumsum(self.ends - self.starts))
        counts: Places = upto[self.last + 1] - upto[self.first]
        return counts

    def endings(self, signs: Signs) -> tuple[Places, Places]:
        """Return the numbers that each run's last seven digits make, and the seven two before."""
        length = self.ends - self.starts
        upto = np.cumsum(length)
        where = np.arange(length.sum()) + np.repeat(self.ends - upto, length)
        digits = signs[where] - np.uint8(ord("0"))
        after = np.stack([upto[self.last], upto[self.last] - _AFTER])
        sevens = np.zeros_like(after)
        for n in range(FEWEST, 0, -1):
            sevens = sevens * 10 + digits[after - n]
        return sevens[0], sevens[1]

    def hold(self, signs: Signs, wanted: bytes) -> Marks:
        """Return which runs have one of these signs between their groups, first or second there."""
        table = np.zeros(256, np.bool_)
        table[list(wanted)] = True
        held = table[signs[self.ends]] | table[signs[self.ends + 1]]
        upto = np.append(0, np.cumsum(held))
        marks: Marks = upto[self.last] > upto[self.first]
        return marks


def columns(runs: dict[int, int]) -> tuple[Places, Places]:
    """Return where runs begin, and where their last digits end."""
    if isinstance(runs, Runs):
        return runs.starts, runs.ends
    both = np.array([*runs.items()], np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1] - 1


def told(columns: Sequence[bytes]) -> tuple[NDArray[np.int64], ...]:
    """Return what C tells as NumPy's columns."""
    return tuple(np.frombuffer(one, np.int64) for one in columns)


def places(data: bytes) -> Runs:
    """Return where runs begin and the end of the sign after each; `data` ends in a NUL."""
    if native.SIGNS is not None:
        return Runs(*told(native.SIGNS.digit_runs(data)))
    return grouped(data)


def grouped(data: bytes) -> Grouped:
    """Return the same, with the groups of digits, as NumPy finds it."""
    signs: Signs = np.frombuffer(data, np.uint8)
    inside = np.zeros(len(signs) + 1, np.bool_)
    np.less(signs - np.uint8(ord("0")), 10, out=inside[1:])  # what is below "0" wraps around
    edges: Places = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = _promising(edges[::2], edges[1::2])
    if not len(starts):
        return Grouped(starts, ends, Groups(starts, ends, starts, starts))
    first = np.flatnonzero(np.concatenate([[True], ~_joined(signs, ends[:-1], starts[1:])]))
    last = np.append(first[1:], len(starts)) - 1
    enough = np.add.reduceat(ends - starts, first) >= FEWEST
    first, last = first[enough], last[enough]
    return Grouped(starts[first], ends[last], Groups(starts, ends, first, last))


def _promising(starts: Places, ends: Places) -> tuple[Places, Places]:
    """Leave out the groups that are too short and far from any other: most, and cheaply told."""
    kept = ends - starts >= FEWEST
    near = starts[1:] - ends[:-1] <= _WIDEST
    kept[1:] |= near
    kept[:-1] |= near
    return starts[kept], ends[kept]


def _joined(signs: Signs, begin: Places, end: Places) -> NDArray[np.bool_]:
    """Return which gaps between digits may lie inside one number: "-", " / ", ") "."""
    width = end - begin
    one, two, three = (_BETWEEN[signs[np.minimum(begin + n, len(signs) - 1)]] for n in range(3))
    spaced = (one & _SPACE != 0) & (two & _MIDDLE != 0)
    pair = (
        spaced
        | ((one & _MIDDLE != 0) & (two & _SPACE != 0))
        | ((one & _CLOSING != 0) & (two & (_SPACE | _DASH) != 0))
    )
    joined: NDArray[np.bool_] = (
        ((width == 1) & (one & (_MIDDLE | _CLOSING | _LONE) != 0))
        | ((width == 2) & pair)  # noqa: PLR2004  (signs)
        | ((width == 3) & spaced & (three & _SPACE != 0))  # noqa: PLR2004  (signs)
    )
    return joined
