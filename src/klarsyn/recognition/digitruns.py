"""
Runs of digits in a whole block at once (NumPy, extra `audit`).

The same places as the expression of `digits.RUNS` finds, for a fifth of what Hyperscan takes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FEWEST: Final = 7
"""Digits of a run, at least."""

_MIDDLE, _CLOSING, _LONE, _SPACE, _DASH = 1, 2, 4, 8, 16  # bits: what a sign may be between digits
_BETWEEN = np.zeros(256, np.uint8)
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


def places(data: bytes) -> dict[int, int]:
    """Return where runs begin and the end of the sign after each; `data` ends in a NUL."""
    signs: Signs = np.frombuffer(data, np.uint8)
    inside = np.zeros(len(signs) + 1, np.bool_)
    np.less(signs - np.uint8(ord("0")), 10, out=inside[1:])  # what is below "0" wraps around
    edges: Places = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return {}
    first = np.flatnonzero(np.concatenate([[True], ~_joined(signs, ends[:-1], starts[1:])]))
    last = np.append(first[1:], len(starts)) - 1
    enough = np.add.reduceat(ends - starts, first) >= FEWEST
    begun, ended = starts[first[enough]], ends[last[enough]] + 1
    return dict(zip(begun.tolist(), ended.tolist(), strict=True))


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
