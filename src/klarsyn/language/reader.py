"""
How a page is read for `blocks`: elements, languages, and what is silent.

With the standard library's tolerant parser: pages are ours and valid, a page that is not must
still be checked rather than crash.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

from klarsyn.language.blocks import Block

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite data del dfn em font i img ins label mark output q s slot "
    "small span strong sub sup time tt u wbr"
)
_VOID_TAGS = "area base br col embed hr img input link meta param source track wbr"
_SILENT_TAGS = "code kbd math noscript pre samp script style svg template textarea var"
_INLINE, _VOID, _SILENT = (
    frozenset(tags.split()) for tags in (_INLINE_TAGS, _VOID_TAGS, _SILENT_TAGS)
)
_CLOSED_BY_THE_NEXT = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option"})
_SPOKEN_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder")
_DESCRIPTIONS = frozenset({"description", "og:description", "og:title", "og:image:alt"})


class _Open(NamedTuple):
    tag: str
    language: str
    silent: bool


class Reader(HTMLParser):
    """Feed it a page, close it, end the last block: then `found` holds the blocks."""

    def __init__(self, page_language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self.has_text = False
        self._strays = False
        self._open = [_Open("", page_language, silent=False)]
        self._texts: dict[str, list[str]] = {}
        self._lines: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element: a block ends unless the element is inline; its language begins."""
        given = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self.end_block()
            self._close_implied(tag)
        above = self._open[-1]
        language = _primary(given["lang"]) if given.get("lang") else above.language
        silent = above.silent or tag in _SILENT
        if (translate := given.get("translate")) is not None:
            silent = tag in _SILENT or translate.lower() == "no"
        here = _Open(tag, language, silent)
        self._attributes(tag, given, here)
        if tag not in _VOID:
            self._open.append(here)

    def handle_endtag(self, tag: str) -> None:
        """Close the element and all left open inside it; a stray end tag closes nothing."""
        if tag not in _INLINE:
            self.end_block()
        if any(element.tag == tag for element in self._open[1:]):
            while self._open.pop().tag != tag:
                pass
        else:
            self._strays = True

    def handle_data(self, data: str) -> None:
        """Take the text, or leave a gap where it is silent."""
        here = self._open[-1]
        self.has_text = self.has_text or bool(data.strip())
        if here.silent:
            for language in self._lines:
                self._texts[language].append(" … ")  # the words around are not neighbours
            return
        if data.strip() and here.language not in self._lines:
            blank = data[: len(data) - len(data.lstrip())].count("\n")
            self._lines[here.language] = self.getpos()[0] + blank
        self._texts.setdefault(here.language, []).append(data)

    @property
    def balanced(self) -> bool:
        """Whether every element that was opened was closed, and the other way round."""
        return len(self._open) == 1 and not self._strays

    def end_block(self) -> None:
        """Close the block at hand: one for each language that was used in it."""
        for language, line in self._lines.items():
            text = " ".join("".join(self._texts[language]).split())
            self.found.append(Block(language, text, line))
        self._texts.clear()
        self._lines.clear()

    def parse_marked_section(self, i: int, *report: bool) -> int:
        """Read <![...]> as the comment that a browser sees; the library stops at unknown ones."""
        try:
            return super().parse_marked_section(i, *report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def _close_implied(self, tag: str) -> None:
        """End a paragraph or an item whose end tag was left out, and with it its language."""
        above = self._open[-1].tag
        if (above == "p" and tag != "br") or (above == tag and tag in _CLOSED_BY_THE_NEXT):
            self._open.pop()

    def _attributes(self, tag: str, given: dict[str, str], here: _Open) -> None:
        if here.silent:
            return
        spoken = [given.get(name, "") for name in _SPOKEN_ATTRIBUTES]
        if tag == "meta" and (given.get("name") or given.get("property")) in _DESCRIPTIONS:
            spoken.append(given.get("content", ""))
        for text in spoken:
            if text.strip():
                block = Block(here.language, " ".join(text.split()), self.getpos()[0])
                self.found.append(block)


def _primary(tag: str) -> str:
    return tag.partition("-")[0].strip().lower()
