"""
Write YAML that a person goes on writing by hand: one fact a line, comments where to fill in.

Any text is read back as it was by klarsyn.yamlfiles: what a reader cannot see is written as an
escape, and what another YAML reader could mistake for a number or a truth value is quoted. Controls
alone, which no file of a register may hold, become spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from klarsyn.yamlfiles.nodes import NO_CHARACTER

_PLAIN = re.compile(r"[^\W\d_](?:[\w .()/'+&;!-]*[\w.)!])?")
_SHORT_ESCAPE = 0xFFFF
_TAKEN = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Note:
    """A comment; stands as a key in a mapping, whose value is not written."""

    text: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A mapping or list that is written in one line."""

    value: Mapping[str, object] | Sequence[object]


def emit(whole: Mapping[str | Note, object]) -> bytes:
    """Return a mapping as a YAML file; keys stay in their order."""
    return "".join(f"{line}\n" for line in _mapping(whole)).encode()


def _mapping(whole: Mapping[str | Note, object]) -> Iterator[str]:
    for key, value in whole.items():
        if isinstance(key, Note):
            yield from (f"# {_visible(line)}".rstrip() for line in key.text.splitlines())
        elif isinstance(value, Mapping) and value:
            yield f"{scalar(key)}:"
            yield from (f"  {line}" for line in _mapping(value))
        elif isinstance(value, list | tuple) and value:
            yield f"{scalar(key)}:"
            yield from (f"  {line}" for line in _list(value))
        else:
            yield f"{scalar(key)}: {_inline(value)}"


def _list(items: Sequence[object]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Mapping):
            first, *rest = _mapping(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
        else:
            yield f"- {_inline(item)}"


def _inline(value: object) -> str:
    if isinstance(value, Flow):
        value = value.value
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{scalar(key)}: {_inline(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return value.isoformat() if isinstance(value, date) else scalar(str(value))


def scalar(text: str) -> str:
    """Return a text as YAML that is read back the same: plain, or between quotes."""
    text = NO_CHARACTER.sub(" ", text)
    composed = unicodedata.normalize("NFC", text) == text
    if composed and text.isprintable():
        if _PLAIN.fullmatch(text) and text.casefold() not in _TAKEN:
            return text
        if '"' in text and "'" not in text:
            return f"'{text}'"
    return f'"{"".join(_escaped(one, composed=composed) for one in text)}"'


def _escaped(one: str, *, composed: bool) -> str:
    if one in _ESCAPES:
        return _ESCAPES[one]
    # A text that is not in composed form would be composed when it is read.
    if one.isprintable() and (composed or one.isascii()):
        return one
    point = ord(one)
    return f"\\u{point:04x}" if point <= _SHORT_ESCAPE else f"\\U{point:08x}"


def _visible(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in unicodedata.normalize("NFC", text))
