"""
The blocks of a page kept by hand: headings, bullets, paragraphs and rows, each with its lines.

Plain text, Markdown and HTML come out alike, and no line that holds anything is left out: what is
no text for a reader (scripts, navigation, bare markup) is a block too, of the kind that says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
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
_SEPARATOR = re.compile(r"[\s:|-]*-[\s:|-]*")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_MARKED = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_TAB = "    "


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
    if table and _SEPARATOR.fullmatch(line) and "|" in line:
        if last and last.kind == "row":
            blocks[-1] = Block("row", last.cells, header=True, table=last.table)
        blocks.append(Block("markup", (Cell((kept.text,), (kept,)),)))
    elif table:
        blocks.append(_pipe_row(kept, table))
    elif _RULE.fullmatch(line):
        if joined and last and last.kind == "text":  # Markdown's other way to write a heading
            blocks[-1] = Block("heading", last.cells, level=1 if "=" in line else 2)
        blocks.append(Block("markup", (Cell((kept.text,), (kept,)),)))
    elif found := _HEADING.fullmatch(line.strip()):
        blocks.append(Block("heading", (_cell(found[2], kept),), level=len(found[1])))
    elif found := _BULLET.fullmatch(line):
        blocks.append(Block("bullet", (_cell(found[2], kept),), level=len(found[1])))
    elif joined and last and last.kind == "bullet" and line.startswith("  "):
        before, more = last.cells[0], _cell(line, kept)
        whole = Cell(
            (f"{before.text} {more.text}",), (*before.pieces, kept), before.link or more.link
        )
        blocks[-1] = Block("bullet", (whole,), level=last.level)
    else:
        blocks.append(Block("text", (_cell(line, kept),)))


def _cell(text: str, *pieces: Piece) -> Cell:
    link = _LINK.search(text)
    read = _MARKED.sub(r"\2", _LINK.sub(r"\1", text)).strip()
    return Cell((read or text.strip(),), pieces, link[2] if link else None)


def _table_lines(lines: list[str]) -> dict[int, int]:
    """Return the lines of pipe tables, each with the number of its table."""
    found: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        follows = (
            number < len(lines) and "|" in lines[number] and _SEPARATOR.fullmatch(lines[number])
        )
        goes_on = number - 1 in found
        if "|" in line and (line.lstrip().startswith("|") or follows or goes_on):
            found[number] = found.get(number - 1, number)
    return found


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


# HTML.

_BREAKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_IGNORED = frozenset(
    [
        "nav",
        "footer",
        "script",
        "style",
        "template",
        "svg",
        "noscript",
        "button",
        "select",
        "textarea",
    ]
)
_ENDS_IGNORED = frozenset(["main", "article", "h1", "table"])  # whoever forgot to close a nav
_CELLS = frozenset({"td", "th"})
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "summary"), "heading"),
    "li": "bullet",
    "dt": "term",
    "dd": "text",
    "title": "page-title",
}


def html_blocks(text: str) -> list[Block]:
    """Return the blocks of an HTML page; broken markup is read as far as it goes."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader()
    # html.parser stops at a marked section that it does not know.
    reader.feed(lines.replace("<![", "<!x"))
    reader.finish()
    seen = {piece.line for block in reader.blocks for cell in block.cells for piece in cell.pieces}
    bare = [
        Block("markup", (Cell((line.strip(),), (Piece(number, line.strip()),)),))
        for number, line in enumerate(lines.split("\n"), 1)
        if line.strip() and number not in seen
    ]
    return [*reader.blocks, *bare]


@dataclass(slots=True)
class _Run:
    """The text that is being read, by part and by line."""

    parts: list[list[str]] = field(default_factory=lambda: [[]])
    pieces: dict[int, list[str]] = field(default_factory=dict)
    link: str | None = None
    rows: int = 1

    def add(self, line: int, text: str) -> None:
        self.parts[-1].append(text)
        for number, one in enumerate(text.split("\n"), line):
            if one.strip():
                self.pieces.setdefault(number, []).append(one)

    def cell(self) -> Cell:
        parts = tuple(text for part in self.parts if (text := _on_one_line("".join(part))))
        pieces = (Piece(line, _on_one_line("".join(texts))) for line, texts in self.pieces.items())
        return Cell(parts, tuple(pieces), self.link, self.rows)


def _on_one_line(text: str) -> str:
    return re.sub(r"[ \t\n\f]+", " ", text).strip()


class _Reader(HTMLParser):
    """One walk over a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[Block] = []
        self._run = _Run()
        self._kind: BlockKind = "text"
        self._level = 0
        self._lists = 0
        self._ignoring: list[str] = []
        self._ignored = _Run()
        self._tables: list[int] = []
        self._row: list[tuple[str, _Run]] | None = None

    def finish(self) -> None:
        """End what the page left open."""
        self.close()
        self._end_ignored()
        while self._tables:
            self._end_table()
        self._end_row()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _ENDS_IGNORED:
            self._end_ignored()
        if tag in _IGNORED:
            self._end_block()
            self._ignoring.append(tag)
        elif self._ignoring:
            return
        elif tag == "a" and given.get("href"):
            self._run.link = self._run.link or given["href"]
        elif tag in {"table", "tr", *_CELLS}:
            self._begin_in_table(tag, given)
        elif tag in _BREAKS or tag == "title":
            self._begin(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._ignoring:
            while self._ignoring.pop() != tag:
                pass
            if not self._ignoring:
                self._end_ignored()
        elif self._ignoring:
            return
        elif tag == "table":
            self._end_table()
        elif tag == "tr":
            self._end_row()
        elif tag in _BREAKS or tag == "title":
            self._end_block()
            self._lists -= tag in {"ul", "ol"} and self._lists > 0

    def handle_data(self, data: str) -> None:
        run = self._ignored if self._ignoring else self._run
        run.add(self.getpos()[0], data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(unescape(f"&{name};").replace("\n", " "))

    def handle_charref(self, name: str) -> None:
        self.handle_data(unescape(f"&#{name};").replace("\n", " "))

    def _begin(self, tag: str) -> None:
        if tag not in _KINDS and not any(self._run.pieces):
            return  # a paragraph inside a bullet or heading is that bullet or heading
        self._end_block()
        self._lists += tag in {"ul", "ol"}
        if tag in _KINDS:
            self._kind = _KINDS[tag]
            self._level = self._lists if tag == "li" else int(tag[1]) if tag[1:].isdigit() else 4

    def _begin_in_table(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self._end_block()
            self._tables.append(self.getpos()[0] * 1000 + len(self.blocks))
        elif len(self._tables) > 1:  # a table inside a cell: more parts of that cell
            self._end_block()
        elif tag == "tr":
            self._end_row()
            self._row = []
        else:
            self._end_block()
            self._row = [] if self._row is None else self._row
            rows = given.get("rowspan", "")
            self._run = _Run(rows=min(int(rows), 500) if re.fullmatch(r"[1-9]\d{0,3}", rows) else 1)
            self._row.append((tag, self._run))

    def _end_block(self) -> None:
        """End the block at hand; in a cell of a table only a part ends."""
        if self._row:
            self._run.parts.append([])
            return
        cell = self._run.cell()
        if cell.parts:
            self.blocks.append(Block(self._kind, (cell,), level=self._level))
        self._run, self._kind, self._level = _Run(), "text", 0

    def _end_ignored(self) -> None:
        self._ignoring.clear()
        cell, self._ignored = self._ignored.cell(), _Run()
        if cell.parts:
            self.blocks.append(Block("ignored", (cell,)))

    def _end_row(self) -> None:
        if len(self._tables) > 1:
            self._end_block()
            return
        row, self._row = self._row, None
        cells = tuple(run.cell() for _, run in row or ())
        if any(cell.parts for cell in cells):
            header = all(tag == "th" for tag, _ in row or ())
            table = self._tables[-1] if self._tables else 0
            self.blocks.append(Block("row", cells, header=header, table=table))
        if row:
            self._run = _Run()
        self._end_block()

    def _end_table(self) -> None:
        self._end_row()
        if self._tables:
            self._tables.pop()
