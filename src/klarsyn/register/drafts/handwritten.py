"""
Read a page kept by hand: its vendors, what it says of each, and a use for every line of it.

Nothing is lost: a line that is not understood is told as such, with its number, and a draft made
from the page lists it as an open point.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from klarsyn.errors import SourcePageError, said
from klarsyn.language import LANGUAGES, foreign, mismatch
from klarsyn.register.drafts.pageblocks import text_blocks
from klarsyn.register.drafts.pagehtml import html_blocks
from klarsyn.register.drafts.pagerows import PrintedVendor, date_in
from klarsyn.register.drafts.pagetables import Line
from klarsyn.register.drafts.pagewalk import Walk
from klarsyn.register.facts import Language
from klarsyn.yamlfiles.nodes import NO_CHARACTER

LARGEST_PAGE = 2 << 20  # bytes; a page of a hundred vendors has about 100,000
_GUESSED_FROM = 20_000  # letters
UNREADABLE = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class HandwrittenPage:
    """A page kept by hand as it was read."""

    language: Language
    language_given: bool
    title: str | None
    updated: date | None
    updated_as_printed: str | None
    intro: tuple[str, ...]
    vendors: tuple[PrintedVendor, ...]
    outro: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def not_understood(self) -> tuple[Line, ...]:
        """The lines that nobody used."""
        return tuple(line for line in self.lines if line.use == "not-understood")


def read_file(content: bytes, name: str, language: Language | None = None) -> HandwrittenPage:
    """
    Read the file of a page: plain text, Markdown or HTML, told apart by content.

    Raises SourcePageError where it is no text, is too large, or names no vendor.
    """
    if len(content) > LARGEST_PAGE:
        what = said("{file} is larger than {limit} bytes.", file=name, limit=LARGEST_PAGE)
        raise SourcePageError(what, said("Save the list of vendors alone, as text or HTML."))
    text = _decoded(content, name)
    html = re.search(
        r"<(?:!doctype html|html|body|table|div|h[1-6]|p|ul|dl)\b", text, re.IGNORECASE
    )
    page = read_page(text, html=bool(html), language=language)
    if not page.vendors:
        what = said("No vendor was found in {file}.", file=name)
        remedy = said(
            "Write each as a heading 'Name (purpose)' with bullets, or as a row of a table whose "
            "columns are headed (name, purpose, data, country); or name them with --vendor."
        )
        raise SourcePageError(what, remedy)
    return page


def _decoded(content: bytes, name: str) -> str:
    if not content.strip():
        remedy = said("Save the page again as text or HTML, or name vendors with --vendor.")
        raise SourcePageError(said("{file} is empty.", file=name), remedy)
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f]", text):
            return text
    remedy = said("Save the page as text or HTML first: a PDF or document cannot be read.")
    raise SourcePageError(said("{file} is no text.", file=name), remedy)


def _readable(found: re.Match[str]) -> str:
    return found[0] if found[0].isspace() else UNREADABLE


def read_page(text: str, *, html: bool, language: Language | None) -> HandwrittenPage:
    """
    Read a page; without a language it is guessed from the whole text.

    Nothing is refused: where no vendor is recognised there are none, and every line says so.
    A control, which no file of a register may hold, becomes the sign for an unreadable one.
    """
    text = NO_CHARACTER.sub(_readable, text)
    blocks = html_blocks(text) if html else text_blocks(text)
    walk = Walk(blocks)
    walk.all()
    declared = re.search(r"<html[^>]*\blang=[\"']?([a-z]{2})", text[:5000], re.IGNORECASE)
    prose = "\n".join(one.text for one in walk.lines if one.use not in {"ignored", "markup"})
    return HandwrittenPage(
        language=language or _guessed(prose, declared[1].lower() if declared and html else ""),
        language_given=language is not None,
        title=walk.title,
        updated=date_in(walk.updated) if walk.updated else None,
        updated_as_printed=walk.updated,
        intro=tuple(walk.intro),
        vendors=tuple(walk.vendors),
        outro=tuple(walk.outro),
        lines=tuple(sorted(walk.lines, key=lambda line: line.number)),
    )


def _guessed(text: str, declared: str) -> Language:
    """Return the language that the words speak for, then what the page declares."""
    text = text[:_GUESSED_FROM]
    votes = Counter(winner for one in LANGUAGES if (winner := mismatch(text, one)))
    order: tuple[Language, ...] = ("en", "sv", "da", "nb", "de", "fi")
    named: dict[str, Language] = {one: one for one in order} | {"no": "nb", "nn": "nb"}
    if votes and (winner := named.get(votes.most_common(1)[0][0])):
        return winner
    fewest = min(order, key=lambda one: len(foreign(text, one)))
    return named.get(declared, fewest)
