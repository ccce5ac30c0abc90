"""
Rows that were refused: where they stand and why, never what they hold.

Whoever stands in one is neither sent anywhere nor removed anywhere: a slip in a file is no wish to
be forgotten. Whose row it is is told where its key could be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from klarsyn.errors import Message
from klarsyn.personal import Personal


@dataclass(frozen=True, slots=True)
class Rejected:
    """One thing that is wrong with a row; a row with two mistakes is told twice."""

    line: int
    column: str
    """The column in the source; empty where the whole row is meant."""
    reason: Message
    key: Personal[str] | None = None
    """Whose row it is; None where that cannot be told, so it may be anybody's."""
    source: str = ""
    """The file or table, as klarsyn.yaml calls it."""


Reject = Callable[[Rejected], object]
"""Takes one that was refused; reading goes on after it."""


@dataclass(slots=True)
class Rejections:
    """Counts rows that were refused, keeping the first few and their keys; call it with each."""

    most: int = 50
    first: list[Rejected] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By column and reason."""
    keys: set[Personal[str]] = field(default_factory=set)
    """Of the people who are neither sent nor removed."""
    rows: int = 0
    nameless: int = 0
    """Rows of nobody knows whom: while there are any, nobody may be removed for being absent."""
    _last: tuple[str, int] = ("", 0)

    def __call__(self, one: Rejected) -> None:
        """Take one; those of a row come one after the other."""
        if len(self.first) < self.most:
            self.first.append(one)
        self.counts[one.column, str(one.reason)] += 1
        new = (one.source, one.line) != self._last
        self._last = (one.source, one.line)
        self.rows += new
        if one.key is not None:
            self.keys.add(one.key)
        else:
            self.nameless += new
