"""
The blocks of text of a rendered page, each with the language in force where it stands.

The reader itself is imported at first use: the command line does without an HTML parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from klarsyn.language.reader import Reader


# A line of whole tags of these names, with attributes that say nothing of language or reading
# aloud: its text can be had without a parser. Any other line goes through the reader.
_NAMES = "title|p|li|ul|ol|dl|dt|dd|div|section|table|thead|tbody|tr|td|th|caption|h1|h2|h3|br"
_INLINE_NAMES = "a|span|strong|em|time|small"
_ATTRIBUTE = r' (?:class|id|href|rel|scope|datetime|data-\w+|aria-labelledby|hreflang)="[^"<>]*"'
_ONE_TAG = rf"</?(?:{_NAMES}|{_INLINE_NAMES})(?:{_ATTRIBUTE})*>"
_PLAIN = re.compile(rf"\s*{_ONE_TAG}(?:[^<>]*{_ONE_TAG})*\s*")
_BREAK = re.compile(rf"</?(?:{_NAMES})(?: [^<>]*)?>")
_TAG = re.compile("<[^<>]*>")
# A line of a drawing: what stands there in words stands beside it as prose.
_SHAPE = r"</?(?:svg|g|path|rect|polygon|circle|text)\b[^<>]*>"
_DRAWING = re.compile(rf"\s*{_SHAPE}(?:[^<>]*{_SHAPE})*\s*")
_LINK = re.compile("<link [^<>]*>")
_NOT_TRANSLATED = re.compile(r"<(a|span|q|h1)\b[^<>]* translate=\"no\"[^<>]*>[^<>]*</\1>")


class Block(NamedTuple):
    """A run of text in one language, with its inline elements joined."""

    language: str  #: as the nearest lang attribute says
    text: str
    line: int  #: of the page's source, where the text begins


def blocks(html: str, page_language: str, seen: set[str] | None = None) -> Iterator[Block]:
    """
    Yield the text a reader meets, block by block, in the order of the page.

    A word with a lang attribute of its own leaves its sentence and becomes a block of its own.
    Left out: translate="no" and what is not prose (code, script, style, drawings). Counted:
    the title, the description, and the attributes that are read aloud. With `seen`, lines that
    other pages in this language had already are left out too, and new ones are entered.
    """
    read = set() if seen is None else seen
    fresh: list[Block] = []
    for number, line in enumerate(html.split("\n"), start=1):
        if seen is not None and line in read:
            continue
        found = _line_alone(line, page_language)
        if found is None:
            yield from _read(html, page_language).found
            return
        read.add(line)
        fresh.extend(Block(one.language, one.text, number) for one in found)
    yield from fresh


def _read(html: str, page_language: str) -> Reader:
    from klarsyn.language.reader import Reader

    reader = Reader(page_language)
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader


@lru_cache(maxsize=200_000)
def _line_alone(line: str, page_language: str) -> tuple[Block, ...] | None:
    """
    Return the blocks of a line that means the same wherever it stands, or None.

    The pages of a site share most of their lines, and reading HTML is slow. A line stands alone
    if it closes what it opens, or if it has tags only and none that says a language.
    """
    if not line.strip() or _LINK.fullmatch(line) or _DRAWING.fullmatch(line):
        return ()
    spoken = _NOT_TRANSLATED.sub(" … ", line)  # the words around are not neighbours
    if _PLAIN.fullmatch(spoken):
        texts = (" ".join(unescape(_TAG.sub("", part)).split()) for part in _BREAK.split(spoken))
        return tuple(Block(page_language, text, 1) for text in texts if text)
    reader = _read(line, page_language)
    other = line.replace(f' lang="{page_language}"', "", 1)
    says_language = " lang=" in other or " translate=" in other
    if reader.balanced or not (reader.has_text or says_language):
        return tuple(reader.found)
    return None
