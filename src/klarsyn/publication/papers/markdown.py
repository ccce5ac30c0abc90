"""
A paper as Markdown (CommonMark with tables), made to be read in a diff.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from klarsyn.publication.papers.document import Bullets, Fields, Heading, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.papers.document import Block, Field, Line, Lines, Paper

BLANK = "\\_" * 30
_SIGNS = re.compile(r"[\\`*_\[\]<>|~#$&{}^]")
_FIRST = re.compile(r"^(?:[-+=:]|\d{1,9}(?=[.)]))")
"""What at the beginning of a paragraph or point would be a list, an underline, a definition."""


def markdown(paper: Paper) -> bytes:
    """Return the paper as Markdown; no text of the register can become a sign of its form."""
    parts = [f"# {escaped(paper.title)}", _fields(paper.edition)]
    parts += [_block(one) for one in paper.blocks]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def escaped(text: str) -> str:
    """Return a text in which every sign of Markdown is a plain character."""
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}", text)


def _first(line: Line) -> str:
    """Return a line that stands at the beginning of a paragraph or of a point."""
    return _FIRST.sub(_shielded, _line(line))


def _shielded(found: re.Match[str]) -> str:
    # A digit cannot be escaped, so an entity stands in for it.
    first = found[0][0]
    return f"&#{ord(first)};{found[0][1:]}" if first.isdigit() else f"\\{found[0]}"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _first(block.line)
    if isinstance(block, Bullets):
        return "\n".join(f"- {_first(one)}" for one in block.lines)
    if isinstance(block, Fields):
        return _fields(block.fields)
    return "\n".join(_table(block))


def _fields(fields: tuple[Field, ...]) -> str:
    return "\n".join(text for one in fields for text in _field(one))


def _field(field: Field) -> Iterator[str]:
    label = f"- **{escaped(field.label)}:**"
    if len(field.lines) == 1:
        yield f"{label} {_line(field.lines[0])}"
        return
    yield label
    yield from (f"  - {_first(one)}" for one in field.lines)


def _table(table: Table) -> Iterator[str]:
    if not table.is_headed:
        yield f"**{escaped(table.caption)}**"
        yield ""
    yield _row(map(escaped, table.header))
    yield "|" + " --- |" * len(table.header)
    for row in table.rows:
        yield _row(map(_cell, row))


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(lines: Lines) -> str:
    return "<br>".join(map(_line, lines))


def _line(line: Line) -> str:
    if line.state == "blank":
        return BLANK
    words = escaped(line.text)
    if line.state == "unknown":
        return f"*{words}*"
    return f"{words} *({escaped(line.doubt)})*" if line.state == "unverified" else words
