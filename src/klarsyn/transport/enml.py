"""
ENML, the markup of an Evernote note, as plain text, and plain text as ENML.

Nothing that a person can have written is lost: link targets, descriptions of images and hints of
encrypted passages are text too. What the markup only draws is left out.
"""

from __future__ import annotations

import html
import re
from html.entities import html5
from xml.parsers import expat

from klarsyn.errors import said
from klarsyn.transport.files import HARMFUL, Place

#: Elements that begin and end on lines of their own.
_BLOCKS = frozenset({"address", "blockquote", "br", "center", "dd", "div", "dl", "dt", "hr"}) | {
    *("h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "table", "tr", "ul")
}
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "en-crypt"})
#: Attributes that hold words; `hint` belongs to an encrypted passage.
_WORDS = ("alt", "title", "hint")
_XML_NAMES = frozenset({"amp", "apos", "gt", "lt", "quot"})
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_TAG = re.compile(r"<[^<>]*>")
_VALUE = re.compile(r"""\b(?:href|alt|title|hint)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TO_SPACES = str.maketrans("\t\r\n", "   ")
_SPACES = re.compile(r"  +")
_EMPTY_LINES = re.compile(r"\n{3,}")
LAST = True  # expat: nothing follows
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd">'
)
_NOT_TEXT = re.compile(
    r"<en-crypt\b.*?</en-crypt>|<en-media\b[^>]*?(?:/>|>.*?</en-media>)", re.DOTALL
)


def plain_text(markup: str, place: Place) -> tuple[str, bool]:
    """
    Return the text of a note, and whether its markup was whole.

    Broken markup (other programs write such exports too) is read as if its tags were spaces, so
    its text is still there. Declarations of entities are refused (a "billion laughs").
    """
    reader = _Reader(place)
    try:
        reader.parser.Parse(_NAMED.sub(_character, markup), LAST)
    except (expat.ExpatError, ValueError):
        return _text_of_broken(markup), False
    return _tidied("".join(reader.pieces)), True


def markup(text: str, before: str = "") -> str:
    """
    Return plain text as the content of a note, a paragraph a line.

    Pictures, files and encrypted passages of the content that it had before come after the text.
    """
    lines = "".join(f"<div>{html.escape(one) or '<br/>'}</div>" for one in text.splitlines())
    return f"{_HEAD}<en-note>{lines}{''.join(_NOT_TEXT.findall(before))}</en-note>"


def refuse_declarations(parser: expat.XMLParserType, place: Place) -> None:
    """Let a parser refuse entities, and whatever else a document declares in itself."""

    def doctype(_name: str, _system: str | None, _public: str | None, has_own: int) -> None:
        if has_own:
            raise place.refused(said("it declares entities of its own"), HARMFUL)

    parser.StartDoctypeDeclHandler = doctype


def _character(name: re.Match[str]) -> str:
    """Return what a name of HTML stands for; ENML takes its names from a DTD that is not read."""
    return name[0] if name[1] in _XML_NAMES else html5.get(f"{name[1]};", name[0])


class _Reader:
    """Gathers the pieces of a note's text while expat reads it."""

    def __init__(self, place: Place) -> None:
        self.pieces: list[str] = []
        self._silent = 0
        self._links: list[tuple[str, int]] = []
        self.parser = expat.ParserCreate("utf-8", intern=None)
        self.parser.buffer_text = True
        refuse_declarations(self.parser, place)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _BLOCKS:
            self.pieces.append("\n")
        elif name in _CELLS:
            self.pieces.append(" ")
        elif name == "a":
            self._links.append((attributes.get("href", ""), len(self.pieces)))
        elif name == "en-todo":
            self.pieces.append("[x] " if attributes.get("checked") == "true" else "[ ] ")
        elif name in _SILENT:
            self._silent += 1
        if attributes:
            self.pieces += (f" {attributes[word]} " for word in _WORDS if attributes.get(word))

    def _end(self, name: str) -> None:
        if name in _BLOCKS:
            self.pieces.append("\n")
        elif name == "a":
            target, begin = self._links.pop()
            shown = "".join(self.pieces[begin:]).strip()
            if target and shown not in {target, target.removeprefix("mailto:")}:
                self.pieces.append(f" <{target}>")
        elif name in _SILENT:
            self._silent -= 1

    def _text(self, text: str) -> None:
        if not self._silent:
            self.pieces.append(text.translate(_TO_SPACES) if "\n" in text or "\t" in text else text)


def _text_of_broken(markup: str) -> str:
    def kept(tag: re.Match[str]) -> str:
        return " ".join(["", *(one[1] or one[2] for one in _VALUE.finditer(tag[0])), ""]) or " "

    return _tidied(html.unescape(_TAG.sub(kept, markup)).translate(_TO_SPACES))


def _tidied(text: str) -> str:
    text = _SPACES.sub(" ", text).replace(" \n", "\n").replace("\n ", "\n")
    return _EMPTY_LINES.sub("\n\n", text).strip()
