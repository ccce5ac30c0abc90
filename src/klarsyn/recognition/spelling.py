"""
How a name is spelled the same way everywhere: words without case and accents.

Both ways of finding known people (plain and with NumPy) stand on these definitions; the words of a
text are the runs of letters and digits in it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

LARGEST: Final = 0xFFFF
"""Letters beyond the Basic Multilingual Plane part words: no Nordic name has one."""

WORD: Final = re.compile(r"[^\W_\U00010000-\U0010ffff]+")
"""A word."""

_LETTERS: Final = {
    "ø": "o",
    "æ": "a",
    "å": "a",
    "ð": "d",
    "þ": "t",
    "đ": "d",
    "ł": "l",
    "ı": "i",
    "ß": "s",
}
_SPELLED_OUT: Final = {"å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "ß": "ss"}
_AS_TYPED: Final = str.maketrans(
    _SPELLED_OUT | {a.upper(): b for a, b in _SPELLED_OUT.items() if a != "ß"}
)
SHORTEST_GENITIVE: Final = 3
"""Letters, at least, before the "s" of a genitive."""


@cache
def folded_letter(sign: str) -> str:
    """Return one letter without case and accent: "Å" and "a" are the same, "ø", "ö" and "o" too."""
    small = sign.lower()[:1]
    small = _LETTERS.get(small, small)
    plain = unicodedata.normalize("NFD", small)[:1]
    return plain if ord(plain) <= LARGEST else small


def folded(word: str) -> str:
    """Return a word letter by letter without case and accents; its length stays."""
    if word.isascii():
        return word.lower()
    return "".join(map(folded_letter, word))


def words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name in NFC."""
    return tuple(folded(word) for word in WORD.findall(name))


def spelled_out(name: str) -> str:
    """Return a name with "å" as "aa", "ö" as "oe", as it is typed where keys are missing."""
    return name.translate(_AS_TYPED)


def without_genitive(word: str) -> str | None:
    """Return a folded word without a last "s", None where that leaves no name."""
    return word[:-1] if word[-1] == "s" and len(word) > SHORTEST_GENITIVE else None


def is_one_typo(a: str, b: str) -> bool:
    """Whether one letter left out, put in, changed, or two neighbours swapped lead from a to b."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    begin = 0
    while begin < min(len(a), len(b)) and a[begin] == b[begin]:
        begin += 1
    rest_a, rest_b = a[begin:], b[begin:]
    if rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]:
        return True
    return rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]


def shortened(word: str) -> set[str]:
    """Return the word and what is left of it without one of its letters."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
