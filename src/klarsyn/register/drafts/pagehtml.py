"""
The blocks of an HTML page: what a reader sees of it, by line of the source.

Scripts, styles, navigation and footers are blocks of the kind "ignored", bare markup is another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from klarsyn.register.drafts.pageblocks import Block, BlockKind, Cell, Piece, markup

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
        markup(Piece(number, line.strip()))
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
