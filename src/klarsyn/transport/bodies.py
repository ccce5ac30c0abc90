"""
Bodies that are not JSON: XML as dicts and lists, and files as they are.
"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from klarsyn.errors import Message, said

_LAST = True
CONTENT = "content"
"""The name under which the text of an element with attributes stands."""


@dataclass(frozen=True, slots=True)
class Xml:
    """
    XML that is read as JSON would be: an element is a text, or a dict of what is in it.

    XML does not say what is a list; `lists` names the elements that are. The root's own name is
    left out. A document type, and so every entity of a document's own, is refused.
    """

    lists: frozenset[str] = frozenset()
    content_type: str = "application/xml"

    def encode(self, body: Any) -> bytes:
        """Return a document that was written already, as it is."""
        return bytes(body)

    def decode(self, content: bytes) -> Any:
        """Return what the document says; ValueError where it is not whole, or declares a type."""
        reading = _Reading(self.lists)
        try:
            reading.parser.Parse(content, _LAST)
        except (expat.ExpatError, UnicodeDecodeError):
            # The parser's own words may quote the document.
            raise ValueError("not XML") from None
        return reading.root


@dataclass(frozen=True, slots=True)
class AsItIs:
    """A file of somebody's, whatever its type says: JSON in it may be broken."""

    content_type: str = "*/*"

    def encode(self, body: Any) -> bytes:
        """Return the file."""
        return bytes(body)

    def decode(self, content: bytes) -> bytes:
        """Return the file."""
        return content


class _Reading:
    """What expat calls; the open elements are a stack."""

    def __init__(self, lists: frozenset[str]) -> None:
        self.root: Any = None
        self._lists = lists
        self._open: list[tuple[str, Any]] = []
        self._pieces: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._pieces.append

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append((name, [] if name in self._lists else attributes))
        self._pieces.clear()

    def _end(self, name: str) -> None:
        _, value = self._open.pop()
        text = "".join(self._pieces)
        self._pieces.clear()
        if value == {}:
            value = text
        elif text.strip() and isinstance(value, dict):
            value[CONTENT] = text
        if not self._open:
            self.root = value
            return
        _, outer = self._open[-1]
        if isinstance(outer, list):
            outer.append(value)
        else:
            outer[name] = value


def _refuse(*_: object) -> None:
    """Refuse a document type: it is where entities that grow are declared."""
    raise ValueError("not XML")


# Texts in files

LARGEST = 8 << 20
"""Of a longer file the text is not read."""
_TEXTS = re.compile(r"text/|.*[/+](json|csv|xml|sql|x-ndjson|ndjson|yaml|javascript)\b")
_NAMED_AS_TEXT = re.compile(r".*\.(txt|csv|tsv|jsonl?|xml|sql|log|md|html?|ya?ml|eml)", re.DOTALL)
_ESCAPED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes) -> tuple[str, str]:
    """
    Return the text of a file and its encoding, in which it can be written again.

    UTF-16 has to bear its mark; what is not UTF-8 either is taken for Western European, which is
    what Excel writes in the Nordic countries.
    """
    encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    encoding = "utf-16" if content.startswith(_UTF_16) else encoding
    for one in (encoding, "cp1252"):
        try:
            return content.decode(one), one
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def unescaped(text: str) -> str:
    """Return a text with the escapes of JSON and XML undone: most programs escape æ in JSON."""
    return html.unescape(_ESCAPED.sub(_undone, text))


def _undone(found: re.Match[str]) -> str:
    pairs = found[0].encode().decode("unicode-escape")
    return pairs.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def why_unread(name: str, kind: str, size: int) -> Message | None:
    """Return why the text of a file is not read; many programs store texts without their type."""
    if not _TEXTS.match(kind.lower()) and not _NAMED_AS_TEXT.fullmatch(name.lower()):
        return said("not a plain text")
    return said("a text of more than 8 MiB") if size > LARGEST else None
