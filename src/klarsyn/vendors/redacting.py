"""
Blacking out what a text says of somebody, and leaving the rest of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from klarsyn.personal import Personal
from klarsyn.vendors.matching import digits, tail

BLOCK = "\N{LOWER SEVEN EIGHTHS BLOCK}"
"""What stands where a sign was."""
_SHORTEST = 3
"""A shorter word stands in too many others."""
_GAP = r"[\s().-]{0,3}"
"""What people put between the digits of a number."""
_PART = re.compile(r"<[^>]*>|[^<]+")
_SIGN = re.compile(r"&#?\w{1,31};|.", re.DOTALL)
_NOTHING = re.compile(r"(?!)")


def words(known: Iterable[Personal[str]]) -> re.Pattern[str]:
    """Return a pattern of all that somebody is known by, numbers however they are spelt."""
    spelt = sorted({one.reveal().strip() for one in known}, key=len, reverse=True)
    forms = [_form(one) for one in spelt if len(one) >= _SHORTEST]
    return re.compile("|".join(forms), re.IGNORECASE) if forms else _NOTHING


def _form(word: str) -> str:
    if word.strip("+0123456789 ()./-") or len(digits(word)) < len(tail("0" * 99)):
        return rf"(?<!\w){re.escape(word)}(?!\w)"
    return rf"\+?(?:\d{_GAP}){{0,7}}{_GAP.join(tail(word))}(?!\d)"


def blacked(text: str, pattern: re.Pattern[str]) -> str:
    """Return a text with what the pattern finds blacked out."""
    return pattern.sub(lambda found: BLOCK * len(found[0]), text)


def marked(source: str, pattern: re.Pattern[str], tag: str, *, whole: bool = False) -> str:
    """
    Return HTML with what the pattern finds put between tags, or all text where it is `whole`.

    An element whose attributes hold some of it gets the tag's name as an attribute. What is
    blacked out already is left alone, so marking again what was redacted changes nothing.
    """

    def part(found: re.Match[str]) -> str:
        piece = found[0]
        if piece.startswith("<"):
            hit = not piece.startswith("</") and pattern.search(html.unescape(piece))
            return f"{piece[:-1]} {tag}>" if hit else piece
        if whole:
            left = html.unescape(piece).replace(BLOCK, "").strip()
            return f"<{tag}>{piece}</{tag}>" if left else piece
        return _within(piece, pattern, tag)

    return _PART.sub(part, source)


def _within(piece: str, pattern: re.Pattern[str], tag: str) -> str:
    """Return a text of HTML, each entity as it was written, with tags around what is found."""
    signs = [(one, html.unescape(one)) for one in _SIGN.findall(piece)]
    raw = [one if at == 0 else "" for one, plain in signs for at in range(len(plain))]
    pieces, done = [], 0
    for found in pattern.finditer("".join(plain for _, plain in signs)):
        start, end = found.span()
        pieces += [*raw[done:start], f"<{tag}>", *raw[start:end], f"</{tag}>"]
        done = end
    return "".join([*pieces, *raw[done:]])
