"""
Runs of digits, judged with what NumPy tells of all of them at once (extra `audit`).

The signs on both sides rule most runs out or in, and shapes and digits are written for all runs
together. What is left is judged as in `digits`, with the same forms and checks; a run that these
signs alone do not decide is read there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from klarsyn.recognition import context, digits
from klarsyn.recognition.digitruns import Places, Signs, columns
from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit

_PASS, _REFUSE, _ASK = 0, 1, 2  # what the signs beside a run say
_PLUS, _BRACKET, _DASH = b"+(-"

Says = NDArray[np.uint8]


def _table(refused: Callable[[str], bool], asked: bytes) -> Says:
    """Return what each sign says: one that Latin-1 lacks stands there as "?"."""
    signs = bytes(range(256)).decode("latin-1")
    table = np.array([_REFUSE if refused(sign) else _PASS for sign in signs], np.uint8)
    table[list(asked + b"?")] = _ASK
    return table


_BEFORE: Final = _table(lambda sign: sign.isalnum() or sign in digits.GLUED, b"(")
_AFTER: Final = _table(lambda sign: sign.isalpha() or sign in digits.NOT_AFTER, b"Mmxe")
_WORD: Final = _table(lambda sign: sign.isalnum() or sign == "_", b"")
_DIGIT: Final = _table(str.isdigit, b"")
_JOINS_BEFORE, _JOINS_AFTER = np.zeros((2, 256), np.bool_)
_JOINS_BEFORE[list(b"-.:,")] = _JOINS_AFTER[list(b".,:")] = True


def read(text: str, data: bytes, runs: dict[int, int], hits: list[Hit]) -> None:
    """Judge all runs of digits in a block; `data` is the text in Latin-1."""
    signs: Signs = np.frombuffer(data, np.uint8)
    starts, stops = columns(runs)
    states, plus = _states(signs, starts, stops)
    alone = np.flatnonzero(states == _PASS)
    begins, ends = starts[alone] - plus[alone], stops[alone]
    spans = [*zip(begins.tolist(), ends.tolist(), strict=True)]
    numbers, shapes = digits.written([data[begin:end] for begin, end in spans])
    for (begin, end), number, shape in zip(spans, numbers, shapes, strict=True):
        told = context.before(text, begin) or digits.beside(text, begin, end)
        for confidence, check, category, rule in digits.options(shape, told):
            if check(number):
                hits.append(as_hit((begin, end, category, rule, confidence, UNKNOWN)))
                break
        else:
            if b" " in shape:
                digits.read_parts(text, begin, end, hits)
    for n in np.flatnonzero(states == _ASK).tolist():
        digits.read(text, int(starts[n]), int(stops[n]) + 1, hits)


def _states(signs: Signs, starts: Places, ends: Places) -> tuple[Says, NDArray[np.bool_]]:
    """Return what the signs on both sides say of each run, and which have a "+" in front."""
    first, last = signs[starts - 1], signs[ends]
    before = np.where(_JOINS_BEFORE[first], _WORD[signs[starts - 2]], _BEFORE[first])
    plus = first == _PLUS
    before[plus & (signs[starts - 2] == _BRACKET)] = _ASK
    following = signs[ends + 1]
    goes_on = _JOINS_AFTER[last] & ~(plus & (last != ord(".")))
    after = np.where(goes_on, _DIGIT[following], _AFTER[last])
    dashed = (last == _DASH) & (_WORD[following] != _PASS)
    after[dashed & (following != ord("_"))] = _ASK
    ask = (before == _ASK) | (after == _ASK)
    refuse = (before == _REFUSE) | ((after == _REFUSE) & (before != _ASK))
    return np.where(refuse, _REFUSE, np.where(ask, _ASK, _PASS)), plus
