"""
The tables of a page kept by hand: which row is the heading, a vendor, or one fact of a vendor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from klarsyn.register.drafts import vocabulary
from klarsyn.register.drafts.pageblocks import Block, Cell
from klarsyn.register.drafts.pagerows import PrintedColumn, PrintedVendor, take_field
from klarsyn.register.drafts.vocabulary import Column

_PAIR = 2  # cells: a heading and its value; headings of a table, at least

Use = Literal[
    "title", "updated", "intro", "group", "heading", "row", "purpose", "element", "statement",
    "column", "outro", "table-header", "ignored", "markup", "not-understood",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of the page was used for, and of which vendor it speaks."""

    number: int
    text: str
    use: Use
    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a table was read as, and the use of each of its cells."""

    uses: tuple[tuple[Cell, Use], ...] = ()
    vendor: PrintedVendor | None = None
    field: tuple[str, Column, Cell] | None = None  #: heading, kind and value below a vendor's name


@dataclass(slots=True)
class Tables:
    """Reads rows one after the other, and remembers the headings that they stand under."""

    headings: tuple[Cell, ...] = ()
    abouts: tuple[Column | None, ...] = ()
    table: int = -1
    reaching: dict[int, tuple[int, Cell]] = field(default_factory=dict)
    """Cells that reach down into later rows, by column, and into how many."""

    def read(self, block: Block, *, within: bool) -> Row:
        """Return what a row says; `within` a vendor's part of the page it may be a single fact."""
        if block.table != self.table:
            self._begin_table(block)
        abouts = tuple(vocabulary.column(cell.text) for cell in block.cells)
        about = abouts[0]
        if within and about and is_fact(block) and not self._named:
            return Row(field=(block.cells[0].text, about, block.cells[1]))
        if self._is_header(block, abouts):
            self.headings, self.abouts = block.cells, _first_of_each(abouts)
            return _all_as(block, "table-header")
        if self._is_group(block):
            return _all_as(block, "group")
        return self._vendor(block) if self._named else _all_as(block, "not-understood")

    def _begin_table(self, block: Block) -> None:
        self.table = block.table
        self.reaching.clear()
        if len(block.cells) != len(self.abouts):
            # A table without headings has those of the table above only if it is as wide.
            self.headings, self.abouts = (), ()

    @property
    def _named(self) -> bool:
        return bool({"name", "entity"} & set(self.abouts))

    def _is_header(self, block: Block, abouts: tuple[Column | None, ...]) -> bool:
        recognised = sum(about is not None for about in abouts)
        first = not self._named or abouts[0] is not None
        return (recognised >= _PAIR and first) or (block.header and recognised > 0)

    def _is_group(self, block: Block) -> bool:
        filled = sum(bool(cell.parts) for cell in block.cells)
        return filled == 1 and len(self.abouts) > 1 and not self.reaching

    def _vendor(self, block: Block) -> Row:
        cells = self._with_reaching(block)
        at = self.abouts.index("name" if "name" in self.abouts else "entity")
        if at >= len(cells) or not cells[at].text:
            return _all_as(block, "not-understood")
        name = cells[at].text
        vendor = PrintedVendor(name=name, heading=name, line=block.line)
        uses = [(cell, self._take(vendor, number, cell, at)) for number, cell in enumerate(cells)]
        own = [(cell, use) for cell, use in uses if any(cell is one for one in block.cells)]
        if not any(cell.pieces for cell in block.cells[1:]):  # the whole row is one line
            too_many = len(cells) > len(self.abouts)
            own = [(block.cells[0], "not-understood" if too_many else "row")]
        return Row(tuple(own), vendor)

    def _take(self, vendor: PrintedVendor, number: int, cell: Cell, at: int) -> Use:
        if number >= len(self.abouts):
            return "not-understood"
        about, heading = self.abouts[number] or "other", self.headings[number].text
        if number != at:
            take_field(vendor, heading, about, cell)
            return _USES.get(about, "column")
        if cell.link and cell.link.startswith("https://"):
            vendor.columns.append(PrintedColumn("", "other", cell.link))
        if about == "entity":
            take_field(vendor, heading, "entity", cell)
        return "heading"

    def _with_reaching(self, block: Block) -> list[Cell]:
        """Return a row's cells with those that reach down from rows above."""
        cells = list(block.cells)
        for column, (rows, cell) in sorted(self.reaching.items()):
            cells.insert(column, cell)
            self.reaching[column] = rows - 1, cell
        self.reaching = {column: left for column, left in self.reaching.items() if left[0] > 0}
        for column, cell in enumerate(cells):
            if cell.rows > 1 and any(cell is one for one in block.cells):
                self.reaching[column] = cell.rows - 1, cell
        return cells


def is_fact(block: Block) -> bool:
    """Tell whether a row is a heading and its value, such as "Purpose" and "Chat"."""
    abouts = [vocabulary.column(cell.text) for cell in block.cells]
    is_pair = block.kind == "row" and len(abouts) == _PAIR
    return is_pair and abouts[0] is not None and abouts[1] is None


_USES: dict[Column, Use] = {"data": "element", "purpose": "purpose"}


def _all_as(block: Block, use: Use) -> Row:
    return Row(tuple((cell, use) for cell in block.cells))


def _first_of_each(abouts: tuple[Column | None, ...]) -> tuple[Column | None, ...]:
    """Keep one column of each kind; a second "name" or "purpose" is a further fact."""
    return tuple(
        about if about is None or about not in abouts[:number] else "other"
        for number, about in enumerate(abouts)
    )
