"""
The blocks of text of a rendered page, each with the language in force where it stands.

The reader itself is imported at first use: the command line does without an HTML parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from klarsyn.language.reader import Reader


class Block(NamedTuple):
    """A run of text in one language, with its inline elements joined."""

    language: str  #: as the nearest lang attribute says
    text: str
    line: int  #: of the page's source, where the text begins


def blocks(html: str, page_language: str) -> Iterator[Block]:
    """
    Yield the text a reader meets, block by block, in the order of the page.

    A word with a lang attribute of its own leaves its sentence and becomes a block of its own.
    Left out: translate="no" and what is not prose (code, script, style, drawings). Counted:
    the title, the description, and the attributes that are read aloud.
    """
    lines = html.split("\n")
    alone = [_line_alone(line, page_language) for line in lines]
    if all(found is not None for found in alone):
        for number, found in enumerate(alone, start=1):
            for block in found or ():
                yield block._replace(line=number)
        return
    yield from _read(html, page_language).found


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
    if "<" not in line and not line.strip():
        return ()
    reader = _read(line, page_language)
    other = line.replace(f' lang="{page_language}"', "", 1)
    says_language = " lang=" in other or " translate=" in other
    if reader.balanced or not (reader.has_text or says_language):
        return tuple(reader.found)
    return None
