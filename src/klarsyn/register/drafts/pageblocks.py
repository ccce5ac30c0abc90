"""
The blocks of a page kept by hand: headings, bullets, paragraphs and rows, each with its lines.

Plain text and Markdown are read here, HTML in pagehtml.py. No line that holds anything is left out:
what is no text for a reader (scripts, navigation, bare markup) is a block of the kind that says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["page-title", "heading", "bullet", "text", "term", "row", "ignored", "markup"]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one line of the source has of a block."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in one or more parts (by line breaks, list items, paragraphs), and a link in it."""

    parts: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()
    link: str | None = None
    rows: int = 1  #: that it spans

    @property
    def text(self) -> str:
        """The whole text."""
        return " ".join(self.parts)


@dataclass(frozen=True, slots=True)
class Block:
    """One block; only a row has more than one cell."""

    kind: BlockKind
    cells: tuple[Cell, ...]
    level: int = 0  #: of a heading, or how deep a bullet stands
    header: bool = False  #: a row that is marked as the headings of its table
    table: int = 0

    @property
    def text(self) -> str:
        """The text of a block that is no row."""
        return self.cells[0].text

    @property
    def line(self) -> int:
        """The first line of the source that has something of it."""
        return next((piece.line for cell in self.cells for piece in cell.pieces), 0)


# Plain text and Markdown.

_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?\s*")
_BULLET = re.compile(r"(\s*)(?:[•·▪◦‣*+–-]|\d{1,3}[.)])\s+(.*\S)\s*")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}")
_LONGEST_LINE = 4000  # letters that are looked at for marks; nobody writes a longer heading
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_MARKED = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")


def text_blocks(text: str) -> list[Block]:
    """Return the blocks of a plain text or Markdown page, one a line that is not empty."""
    lines = re.split(r"\r\n|\r|\n", text)
    blocks: list[Block] = []
    tables = _table_lines(lines)
    above = ""
    for number, line in enumerate(lines, 1):
        if line.strip():
            _add_line(
                blocks, Piece(number, line), tables.get(number, 0), joined=bool(above.strip())
            )
        above = line
    return blocks


def _add_line(blocks: list[Block], piece: Piece, table: int, *, joined: bool) -> None:
    line = piece.text.expandtabs(4)
    kept = Piece(piece.line, piece.text.strip())
    last = blocks[-1] if blocks else None
    if table and _is_separator(line):
        if last and last.kind == "row":
            blocks[-1] = Block("row", last.cells, header=True, table=last.table)
        blocks.append(markup(kept))
    elif _RULE.fullmatch(line) and not table:
        if joined and last and last.kind == "text":  # Markdown's other way to write a heading
            blocks[-1] = Block("heading", last.cells, level=1 if "=" in line else 2)
        blocks.append(markup(kept))
    elif joined and last and last.kind == "bullet" and _goes_on(line):
        before, more = last.cells[0], _cell(line, kept)
        text = f"{before.text} {more.text}"
        whole = Cell((text,), (*before.pieces, kept), before.link or more.link)
        blocks[-1] = Block("bullet", (whole,), level=last.level)
    else:
        blocks.append(_line_block(line, kept, table))


def _line_block(line: str, kept: Piece, table: int) -> Block:
    if len(line) > _LONGEST_LINE:
        return Block("text", (Cell((kept.text,), (kept,)),))
    if table:
        return _pipe_row(kept, table)
    if found := _HEADING.fullmatch(line.strip()):
        return Block("heading", (_cell(found[2], kept),), level=len(found[1]))
    if found := _BULLET.fullmatch(line):
        return Block("bullet", (_cell(found[2], kept),), level=len(found[1]))
    return Block("text", (_cell(line, kept),))


def _goes_on(line: str) -> bool:
    """Tell whether a line is the rest of the bullet above."""
    return line.startswith("  ") and len(line) <= _LONGEST_LINE and not _BULLET.fullmatch(line)


def markup(piece: Piece) -> Block:
    """Return the block of a line that is no text for a reader."""
    return Block("markup", (Cell((piece.text,), (piece,)),))


def _cell(text: str, *pieces: Piece) -> Cell:
    link = _LINK.search(text)
    read = _MARKED.sub(r"\2", _LINK.sub(r"\1", text)).strip()
    return Cell((read or text.strip(),), pieces, link[2] if link else None)


def _table_lines(lines: list[str]) -> dict[int, int]:
    """Return the lines of pipe tables, each with the number of its table."""
    found: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        follows = number < len(lines) and _is_separator(lines[number])
        goes_on = number - 1 in found
        if "|" in line and (line.lstrip().startswith("|") or follows or goes_on):
            found[number] = found.get(number - 1, number)
    return found


def _is_separator(line: str) -> bool:
    return {"|", "-"} <= set(line) <= set("|-: \t")


def _pipe_row(piece: Piece, table: int) -> Block:
    inner = re.sub(r"^\||(?<!\\)\|$", "", piece.text)
    texts = [one.replace("\\|", "|") for one in re.split(r"(?<!\\)\|", inner)]
    cells = [_cell_in_parts(one) for one in texts]
    # The line is accounted for once, with the first cell of the row.
    first = Cell(cells[0].parts, (piece,), cells[0].link)
    return Block("row", (first, *cells[1:]), table=table)


def _cell_in_parts(text: str) -> Cell:
    cells = [_cell(part) for part in re.split(r"<br\s*/?>", text) if part.strip()]
    link = next((one.link for one in cells if one.link), None)
    return Cell(tuple(one.text for one in cells), (), link)
