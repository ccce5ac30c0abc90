"""
ENML, the XML of Evernote's notes: written, checked as the service does, and read as text.

The rules are those of the vendor's page "Understanding the Evernote Markup Language".
"""

from __future__ import annotations

import html
import io
import re
from xml.parsers import expat

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd">'
)
_NAMES = """
applet base basefont bgsound blink body button dir embed fieldset form frame frameset head html
iframe ilayer input isindex label layer legend link marquee menu meta noframes noscript object
optgroup option param plaintext script select style textarea xml
"""
_PROHIBITED = frozenset(_NAMES.split())
_INLINE_NAMES = "a abbr b big code em font i s small span strike strong sub sup u"
_PROHIBITED_ATTRIBUTES = re.compile(r"(id|class|accesskey|data|dynsrc|tabindex|on\w+)")
_INLINE = frozenset(_INLINE_NAMES.split())


class Invalid(Exception):
    """Content that the service would not take."""


def note(*paragraphs: str) -> str:
    """Return the content of a note with these paragraphs of plain text."""
    lines = "".join(f"<div>{html.escape(one, quote=False)}</div>" for one in paragraphs)
    return f"{_HEAD}<en-note>{lines}</en-note>"


def text(content: str) -> str:
    """Return the visible text, a line for each block; Invalid where it is not ENML."""
    if "<!DOCTYPE en-note" not in content:
        raise Invalid("the document type is not en-note")
    found: list[str] = []
    depth: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not depth and name != "en-note":
            raise Invalid(f"{name} is not en-note")
        if name in _PROHIBITED or any(map(_PROHIBITED_ATTRIBUTES.fullmatch, attributes)):
            raise Invalid(f"{name} may not stand there")
        depth.append(name)
        end(name, leave=False)

    def end(name: str, *, leave: bool = True) -> None:
        if name not in _INLINE:
            found.append("\n")
        if leave:
            depth.pop()

    def entity(*declared: object) -> None:
        raise Invalid(f"entity {declared[0]} is declared")

    parser = expat.ParserCreate()
    parser.UseForeignDTD()  # it names &nbsp; and the like; it is not read
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = found.append
    parser.SkippedEntityHandler = lambda name, _: found.append(html.unescape(f"&{name};"))
    parser.EntityDeclHandler = entity
    try:
        parser.ParseFile(io.BytesIO(content.encode()))
    except expat.ExpatError as error:
        raise Invalid(str(error)) from error
    return re.sub(r"\n+", "\n", "".join(found)).strip()
