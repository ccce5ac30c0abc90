"""
What is found: columns of equal length, one row a finding.

Rows are ordered by record, then by start. Offsets count characters (code points) of the record as
it was given, or bytes if it was given as bytes; `start` is inside, `end` is the first outside.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

CATEGORIES: Final = (
    "PERSON",
    "ORG",
    "EMAIL",
    "PHONE",
    "ADDRESS",
    "ORGNR",
    "NATID",
    "SECRET",
    "IP",
    "BANK",
    "VAT",
)
"""The eleven categories."""

UNKNOWN: Final = -1  # in the column `known`: nobody of the known people

_SHORT: Final = 4  # a text up to this length is masked wholly


class Hit(NamedTuple):
    """A finding inside a block of text, before it is given to its record."""

    start: int
    end: int
    category: str
    rule: str
    confidence: float
    known: int = UNKNOWN


as_hit: Final[Callable[[tuple[int, int, str, str, float, int]], Hit]] = partial(tuple.__new__, Hit)
"""Makes a hit of its columns for less than half of what the class takes: there are many."""


class Finding(NamedTuple):
    """One row of the findings."""

    record: int  #: the record's place in the batch, from 0
    start: int  #: first character (or byte) of the finding in the record
    end: int  #: first character (or byte) after it
    category: str  #: one of CATEGORIES
    rule: str  #: which rule found it, such as "natid-se"
    confidence: float  #: 0 to 1: how sure the rule is; an order, not a probability
    known: int  #: the row in KnownPeople, or -1


@dataclass(frozen=True, slots=True)
class Findings:
    """
    The findings of a batch, in columns.

    The numeric columns are arrays with the buffer protocol: NumPy and Arrow take them uncopied.
    """

    record: array[int] = field(default_factory=lambda: array("q"))  #: int64
    start: array[int] = field(default_factory=lambda: array("q"))  #: int64
    end: array[int] = field(default_factory=lambda: array("q"))  #: int64
    category: list[str] = field(default_factory=list)
    rule: list[str] = field(default_factory=list)
    confidence: array[float] = field(default_factory=lambda: array("d"))  #: float64
    known: array[int] = field(default_factory=lambda: array("q"))  #: int64, -1 for nobody known

    def __len__(self) -> int:
        return len(self.category)

    def __iter__(self) -> Iterator[Finding]:
        columns = (self.record, self.start, self.end, self.category, self.rule)
        return map(Finding, *columns, self.confidence, self.known)

    def extend(
        self,
        record: list[int],
        start: list[int],
        end: list[int],
        facts: tuple[Sequence[str], Sequence[str], Sequence[float], Sequence[int]],
    ) -> None:
        """Add rows, column by column; `facts` are category, rule, confidence and known."""
        category, rule, confidence, known = facts
        self.record.fromlist(record)
        self.start.fromlist(start)
        self.end.fromlist(end)
        self.category.extend(category)
        self.rule.extend(rule)
        self.confidence.fromlist(list(confidence))
        self.known.fromlist(list(known))

    def counts(self) -> dict[str, int]:
        """Return how many findings each category has, in the order of CATEGORIES, without zeros."""
        counted = Counter(self.category)
        return {category: counted[category] for category in CATEGORIES if counted[category]}


def masked(text: str) -> str:
    """
    Return the text with its inside hidden, so that it may be printed.

    The first and the last letter or digit stay if there are more than four; punctuation stays, so
    that the form can be seen: "a***@e******.**m". What is shorter is hidden wholly, and so is
    whatever a terminal would not print.
    """
    shown = [place for place, sign in enumerate(text) if sign.isalnum()]
    kept = {shown[0], shown[-1]} if len(shown) > _SHORT else set()
    return "".join(
        sign if n in kept and sign.isprintable() else _mask(sign) for n, sign in enumerate(text)
    )


def _mask(sign: str) -> str:
    if sign.isspace():
        return " "
    return sign if sign.isascii() and sign.isprintable() and not sign.isalnum() else "*"


def settled(hits: list[Hit]) -> list[Hit]:
    """
    Return the hits in order of place, none overlapping another.

    Of two that overlap, the known customer stays, then the surer, then the longer one.
    """
    kept: list[Hit] = []
    keep = kept.append
    reached = 0
    for hit in sorted(hits):
        start = hit[0]
        if start < reached:
            while kept and kept[-1].end > start and _rank(hit) > _rank(kept[-1]):
                kept.pop()
            if kept and kept[-1].end > start:
                continue
        keep(hit)
        reached = hit[1]
    return kept


def _rank(hit: Hit) -> tuple[int, float, int, str]:
    length = hit.end - hit.start
    return (length if hit.known != UNKNOWN else 0, hit.confidence, length, hit.category)
