"""
What a legal paper is made of: a title, facts about the edition, and blocks in the law's order.

A paper is plain data. The renderers (markdown, html, pdf) put it into words and signs of their
own format; none of them knows what the paper is about.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.publication.voice import Shown

State = Literal["known", "unverified", "unknown", "blank"]
"""
A fact that is known; known but not verified; not yet known; or left blank, to be filled in by
hand or signed.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paper: its words, and how far they carry."""

    text: str
    state: State = "known"
    doubt: str = ""
    """What is said of a line that is not verified."""
    is_name: bool = False
    """Whether it is a name or an address, the same in every language."""

    @property
    def words(self) -> str:
        """The line as plain text, with its mark."""
        return f"{self.text} ({self.doubt})" if self.state == "unverified" else self.text


BLANK = Line("", "blank")
Lines: TypeAlias = tuple[Line, ...]


def line(text: str) -> Line:
    """Return a line of the program's or the register's own words."""
    return Line(clean(text))


def shown(fact: Shown) -> Line:
    """Return a fact as a line, with the mark that a page would give it."""
    return Line(clean(fact.text), fact.state, fact.doubt, fact.language_free)


def together(text: str, *facts: Line) -> Line:
    """Return a line made of several facts: it carries no further than the weakest of them."""
    weakest = max(facts, key=lambda one: _WEAKNESS.index(one.state))
    return Line(clean(text), weakest.state, weakest.doubt)


_WEAKNESS: tuple[State, ...] = ("blank", "known", "unverified", "unknown")


def clean(text: str) -> str:
    """
    Return a text on one line, without control characters.

    Marks that turn the direction of writing go too: a name could otherwise reverse the words
    that follow it. Letters that are written from right to left keep their own direction.
    """
    kept = (" " if unicodedata.category(one) in _SPACES else one for one in text)
    spaced = "".join(one for one in kept if one not in _TURNING)
    return " ".join(spaced.split())


_SPACES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 stands below the title, 3 and 4 below that."""

    text: str
    level: Literal[2, 3, 4] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: a sentence of the form, or a note."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """Points of equal rank."""

    lines: Lines


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form and what is filled in."""

    label: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields that belong together, in the order of the form."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names the row. `widths` are shares of the page."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Lines, ...], ...]
    widths: tuple[int, ...]
    is_headed: bool = False
    """Whether a heading of the caption's words stands right above, so that it is not repeated."""


Block: TypeAlias = Heading | Paragraph | Bullets | Fields | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A legal paper in one language as of a day."""

    name: str
    """The file's name without its ending: `scc-2021-914-relaygrove`."""
    language: str
    title: str
    company: str
    on: date
    edition: tuple[Field, ...]
    """Facts about this edition: whose it is, as of which day, what is still open in it."""
    blocks: tuple[Block, ...] = field(default=())
    page_of: str = "{page} / {pages}"
    """How a page's number is printed."""


def lines_of(blocks: tuple[Block, ...]) -> Iterator[Line]:
    """Yield every line of some blocks."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.line
        elif isinstance(block, Bullets):
            yield from block.lines
        elif isinstance(block, Fields):
            yield from (one for each in block.fields for one in each.lines)
        elif isinstance(block, Table):
            yield from (one for row in block.rows for cell in row for one in cell)
