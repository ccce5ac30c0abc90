"""
Engines: where in a block a rule has to look.

A rule names a trigger, a cheap expression over Latin-1 bytes; what stands there is read by the
rule itself, from the text. Both engines report the same places: Hyperscan (extra `audit`) scans
all triggers in one pass, but for runs of digits, which NumPy finds for less; the `re` module of
Python looks for one after the other.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from klarsyn.recognition.findings import Hit


class Trigger(NamedTuple):
    """
    Where a rule has to look.

    Its reader is called with the text, the first and the last place of the match, and the list of
    hits it may add to.

    `expression` may hold literals, classes, groups and bounded repeats, no assertions: what both
    engines read alike. Letters beyond ASCII stand in both cases, as Latin-1.
    `begins`: expressions, the longest first, one of which stands before the expression; Hyperscan
    knows where a match begins for less if it is told of each.
    """

    expression: bytes
    read: Callable[[str, int, int, list[Hit]], None]
    caseless: bool = False
    run: bool = False  #: a run of digits; of overlapping matches only the first counts
    begins: tuple[bytes, ...] = (b"",)


class Engine(Protocol):
    """Finds the places of all triggers."""

    def places(self, data: bytes) -> list[dict[int, int]]:
        """Return for each trigger where it matches: first byte, and end of the longest match."""
        ...


class PlainEngine:
    """The engine without dependencies: one expression after the other."""

    def __init__(self, triggers: Sequence[Trigger]) -> None:
        self._finders = [
            re.compile(_expression(trigger), re.IGNORECASE if trigger.caseless else 0).finditer
            for trigger in triggers
        ]

    def places(self, data: bytes) -> list[dict[int, int]]:
        """Return for each trigger where it matches."""
        return [
            {found.start(): found.end(found.re.groups) for found in find(data)}
            for find in self._finders
        ]


def _expression(trigger: Trigger) -> bytes:
    whole = b"(?:" + b"|".join(trigger.begins) + b")" + trigger.expression
    return whole if trigger.run else b"(?=(" + whole + b"))"


class HyperscanEngine:
    """The fast engine: all triggers in one pass. One scratch space a thread, as it demands."""

    def __init__(self, triggers: Sequence[Trigger]) -> None:
        import hyperscan  # only with the extra `audit`

        from klarsyn.recognition import digitruns  # NumPy, only with the extra `audit`

        start = hyperscan.HS_FLAG_SOM_LEFTMOST
        caseless = hyperscan.HS_FLAG_CASELESS
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        each = [
            (begin + trigger.expression, n, start | caseless if trigger.caseless else start)
            for n, trigger in enumerate(triggers)
            if not trigger.run
            for begin in trigger.begins
        ]
        expressions, self._owners, flags = map(list, zip(*each, strict=True))
        # An id each: of two with one id that end together only the leftmost would be told.
        self._database.compile(
            expressions=expressions, ids=list(range(len(each))), elements=len(each), flags=flags
        )
        self._scratch: Callable[[], Any] = lambda: hyperscan.Scratch(self._database)
        self._runs = [trigger.run for trigger in triggers]
        self._digits = digitruns.places
        self._own = threading.local()

    def places(self, data: bytes) -> list[dict[int, int]]:
        """Return for each trigger where it matches."""
        if not hasattr(self._own, "scratch"):
            self._own.scratch = self._scratch()
        found = [self._digits(data) if run else dict[int, int]() for run in self._runs]
        kept = [found[owner] for owner in self._owners]

        def note(expression: int, start: int, end: int, _flags: int, _context: object) -> None:
            kept[expression][start] = end  # ends come in ascending order

        self._database.scan(data, match_event_handler=note, scratch=self._own.scratch)
        return found


def has_hyperscan() -> bool:
    """Whether the extra `audit` is installed."""
    try:
        import hyperscan  # noqa: F401  (only asked for)
        import numpy as np  # noqa: F401  (only asked for)
    except ImportError:
        return False
    return True


@cache
def engine(triggers: tuple[Trigger, ...], *, fast: bool) -> Engine:
    """Return the engine for these triggers, made once."""
    return HyperscanEngine(triggers) if fast else PlainEngine(triggers)


def any_of(words: Sequence[str]) -> bytes:
    """Return an expression for any of the words, longest first, in either case beyond ASCII."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return b"(?:" + b"|".join(map(_either_case, ordered)) + b")"


def _either_case(word: str) -> bytes:
    parts = []
    for sign in word:
        if sign.isascii():
            parts.append(re.escape(sign).encode())
        else:
            both = {sign.lower().encode("latin-1"), sign.upper().encode("latin-1")}
            parts.append(b"[" + b"".join(sorted(both)) + b"]")
    return b"".join(parts)
