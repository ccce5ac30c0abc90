"""
From the blocks of a page kept by hand to its vendors, with a use for every line.

A vendor is a heading with bullets, fields or paragraphs below it, a row of a table whose headings
are known, or a bullet of a list of vendors.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from klarsyn.register.drafts import vocabulary
from klarsyn.register.drafts.pageblocks import Block, Cell
from klarsyn.register.drafts.pagerows import (
    PrintedVendor,
    dated_line,
    field_of,
    is_statement,
    names_a_vendor,
    take_field,
    take_items,
    vendor_from_heading,
)
from klarsyn.register.drafts.pagetables import Line, Tables, Use, is_fact
from klarsyn.register.drafts.vocabulary import Column

_HEADING_LETTERS = 100
_NAME_LETTERS = 160  # of a heading with its purpose, at most


@dataclass(frozen=True, slots=True)
class _Pending:
    """A heading such as "Purpose:" whose value stands in the next block."""

    heading: str
    about: Column
    block: Block


class Walk:
    """One walk over the blocks of a page."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = [one for one in blocks if one.kind not in {"ignored", "markup"}]
        self.lines: list[Line] = []
        self.vendors: list[PrintedVendor] = []
        self.intro: list[str] = []
        self.outro: list[str] = []
        self.title: str | None = None
        self.updated: str | None = None
        self._vendor: PrintedVendor | None = None
        self._pending: _Pending | None = None
        self._tables = Tables()
        self._title_block: Block | None = None
        self._starts = list(_starts_of_bullets(self.blocks))
        self._listing: dict[int, bool] = {}
        self._later: list[Block] = []  # texts that are outro if no vendor follows
        for one in blocks:
            if one.kind in {"ignored", "markup"}:
                self._use(one, "ignored" if one.kind == "ignored" else "markup")

    def all(self) -> None:
        """Walk over every block."""
        self._find_title()
        for number, block in enumerate(self.blocks):
            if block.kind == "row":
                self._take_row(block)
            elif block.kind != "page-title" and block is not self._title_block:
                self._take(number, block)
        for block in self._later:
            self._use(block, "outro")
            self.outro.append(block.text)

    def _use(self, block: Block, use: Use, vendor: PrintedVendor | None = None) -> None:
        for cell in block.cells:
            self._use_cell(cell, use, vendor)

    def _use_cell(self, cell: Cell, use: Use, vendor: PrintedVendor | None = None) -> None:
        name = vendor.name if vendor else None
        self.lines.extend(Line(piece.line, piece.text, use, name) for piece in cell.pieces)

    def _find_title(self) -> None:
        shown = [one for one in self.blocks if one.kind != "page-title"]
        heads = [one for one in shown if one.kind == "heading" and one.level == 1]
        names = [one for one in self.blocks if one.kind == "page-title"]
        first = next((one for one in (*heads[:1], *shown[:1])), None)
        if first and first.kind in {"heading", "text"} and self._could_be_title(first):
            self._title_block = first
            self.title = first.text
            self._use(first, "title")
        elif names:
            self.title = names[0].text
        for one in names:
            self._use(one, "title" if one.text == self.title else "ignored")

    def _could_be_title(self, block: Block) -> bool:
        if (
            len(block.text) > _HEADING_LETTERS
            or dated_line(block.text)
            or names_a_vendor(block.text)
        ):
            return False
        number = self.blocks.index(block)
        if block.kind == "heading":
            return block.level == 1 or not self._begins_vendor(number, block)
        follower = next(iter(self.blocks[number + 1 : number + 2]), None)
        is_vendor = vocabulary.vendor(block.text) or field_of(block.text)
        return not (is_vendor or (follower and follower.kind == "bullet"))

    # Blocks outside of tables.

    def _take(self, number: int, block: Block) -> None:
        if self.updated is None and block.kind != "bullet" and dated_line(block.text):
            self.updated = block.text
            self._use(block, "updated")
        elif self._vendor and self._take_fact(number, block):
            return
        elif self._begins_vendor(number, block):
            self._begin(vendor_from_heading(block.text, block.line), block, "heading")
        elif block.kind == "bullet":
            self._take_bullet(number, block)
        else:
            self._take_text(block)

    def _take_fact(self, number: int, block: Block) -> bool:
        """Take "Purpose: ..." or what stands below "Purpose:"; tell whether it was one of them."""
        about = vocabulary.column(block.text) if block.kind == "term" else None
        found = (block.text, about, "") if about else field_of(block.text)
        if found and found[2]:
            cell = Cell((found[2],), link=block.cells[0].link)
            self._take_field(block, found[0], found[1], cell)
        elif found:
            self._pending = _Pending(found[0], found[1], block)
            self._use(block, "column", self._vendor)
        elif self._pending and self._is_value(number, block, self._pending):
            self._take_field(block, self._pending.heading, self._pending.about, block.cells[0])
            self._pending = self._pending if block.kind == "bullet" else None
        else:
            self._pending = None
            return False
        return True

    def _is_value(self, number: int, block: Block, pending: _Pending) -> bool:
        if block.kind == "bullet":
            above = pending.block
            below = above.kind != "bullet" or above.level < block.level
            return below and pending.about != "data"  # bullets of data are elements anyway
        follower = next(iter(self.blocks[number + 1 : number + 2]), None)
        is_heading = names_a_vendor(block.text) and follower and follower.kind == "bullet"
        return block.kind == "text" and not is_heading

    def _begin(self, vendor: PrintedVendor, block: Block | None, use: Use) -> None:
        for one in self._later:  # what stands between vendors belongs to the page
            self._use(one, "intro")
            self.intro.append(one.text)
        self._later.clear()
        self._vendor = vendor
        self.vendors.append(vendor)
        if block:
            self._use(block, use, vendor)

    def _take_field(self, block: Block, heading: str, about: Column, cell: Cell) -> None:
        if self._vendor is None:
            self._use(block, "not-understood")
            return
        take_field(self._vendor, heading, about, cell)
        uses: dict[Column, Use] = {"data": "element", "purpose": "purpose"}
        self._use(block, uses.get(about, "column"), self._vendor)

    def _take_bullet(self, number: int, block: Block) -> None:
        if self._lists_vendors(number):
            self._begin(vendor_from_heading(block.text, block.line), block, "row")
            self._vendor = None  # each bullet is one vendor, whole
        elif self._vendor:
            take_items(self._vendor, block.cells[0].parts, split=False)
            use: Use = "statement" if is_statement(block.text) else "element"
            self._use(block, use, self._vendor)
        else:
            self._use(block, "not-understood")

    def _take_text(self, block: Block) -> None:
        if block.kind in {"heading", "term"}:
            self._vendor = None
            self._use(block, "group")
        elif self._vendor and not self._vendor.elements and not self._vendor.columns:
            self._vendor.statements.append(block.text)
            self._use(block, "statement", self._vendor)
        elif self.vendors:
            self._later.append(block)
        else:
            self.intro.append(block.text)
            self._use(block, "intro")

    # Which block names a vendor.

    def _following(self, number: int) -> list[Block]:
        """Return the next two blocks, if no heading or table comes between."""
        found: list[Block] = []
        for block in self.blocks[number + 1 : number + 3]:
            if block.kind in {"heading", "row"} or (
                names_a_vendor(block.text) and block.kind == "text"
            ):
                break
            found.append(block)
        return found

    def _begins_vendor(self, number: int, block: Block) -> bool:
        text = block.text.strip()
        below = self._following(number)
        is_prose = block.kind == "text" and not _is_short(text)
        if is_prose or len(text) > _NAME_LETTERS or vocabulary.column(text):
            return False
        if not below:
            return block.kind == "heading" and any(
                map(is_fact, self.blocks[number + 1 : number + 2])
            )
        next_one = below[0]
        if block.kind in {"term", "bullet"}:
            deeper = next_one.kind == "bullet" and next_one.level > block.level
            return deeper or (block.kind == "term" and next_one.kind != "term")
        known = vocabulary.vendor(text.split("(")[0]) is not None
        if next_one.kind == "bullet":
            return (known or not text.endswith(":")) and not self._lists_vendors(number + 1)
        near = below if block.kind == "heading" else below[:1]
        fields = [one for one in near if field_of(one.text)]
        if fields or (next_one.kind == "term" and vocabulary.column(next_one.text)):
            return True
        return block.kind == "heading" and (known or names_a_vendor(text))

    def _lists_vendors(self, number: int) -> bool:
        """Tell a list of vendors from a vendor's list of data, by the bullets around."""
        start = self._starts[number]
        if start not in self._listing:
            self._listing[start] = self._group_lists_vendors(start)
        return self._listing[start]

    def _group_lists_vendors(self, start: int) -> bool:
        group = itertools.takewhile(
            lambda one: one.kind == "bullet", self.blocks[start : start + 40]
        )
        texts = [one.text for one in group]
        if not texts or any(field_of(text) for text in texts):
            return False
        vendors = sum(
            vocabulary.vendor(vendor_from_heading(one, 0).name) is not None for one in texts
        )
        elements = sum(_is_element(text) for text in texts)
        if elements or vendors:
            return vendors > elements
        above = self.blocks[start - 1] if start else None
        if above is None or above is self._title_block:
            return True
        words = set(vocabulary.normal(above.text).split())
        known = {vocabulary.normal(word) for word in vocabulary.page_words()["page"]["vendors"]}
        introduced = above.text.endswith((".", ":")) and not self.vendors
        return introduced or (bool(words & known) and not names_a_vendor(above.text))

    # Tables.

    def _take_row(self, block: Block) -> None:
        row = self._tables.read(block, within=self._vendor is not None)
        if row.field and self._vendor:
            self._take_field(block, *row.field)
            return
        self._vendor, self._pending = None, None
        if row.vendor:
            self._begin(row.vendor, None, "row")
            self._vendor = None  # a row is one vendor, whole
        for cell, use in row.uses:
            self._use_cell(cell, use, row.vendor)


def _is_short(text: str) -> bool:
    return len(text) <= _HEADING_LETTERS and not text.endswith((".", "!", "?"))


def _is_element(text: str) -> bool:
    label = re.split(r"\s*[(:–]", text, maxsplit=1)[0]
    return is_statement(text) or vocabulary.element(label) is not None


def _starts_of_bullets(blocks: list[Block]) -> Iterator[int]:
    """Yield for each block where the bullets begin that it stands among."""
    start = 0
    for number, block in enumerate(blocks):
        if block.kind != "bullet" or not number or blocks[number - 1].kind != "bullet":
            start = number
        yield start
