"""
What the words beside a number say it is. The words are data (data/context.toml).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"
LANGUAGES: Final = ("sv", "da", "nb", "nn", "en")
UNTOLD: Final = "UNTOLD"  # the words alone do not tell what they announce
OTHER: Final = "OTHER"  # a number of another kind: an order, an amount, a version

_NOTHING: Final = ""
_REACH: Final = 64  # characters to the left that are looked at
_SHORTEST_BEGINNING: Final = 2  # letters of a beginning in the data
_WORDS: Final = 6  # words to the left, at most
_ABBREVIATION: Final = (
    4  # letters at most: "nr.", "tlf.", "org."; a longer word with a dot ends a sentence
)
_TIGHT: Final = ":;,.()[]{}<>\"'*=|!?-_/\\"
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d{3}")
_MARKS: Final = "(- "  # what may stand between a number, a space and such a word
_AFTER: Final = re.compile(r"[ ]?\(([^\W\d_]+)\)|[ ]?[- ]([^\W\d_]+)")


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the files in data/, read at first use."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def words(entry: dict[str, str]) -> list[str]:
    """Return the words of all languages of an entry."""
    return [word for language in LANGUAGES for word in entry.get(language, "").split()]


@cache
def _vocabulary() -> tuple[dict[str, str], dict[str, str]]:
    """Whole words with their meaning, and beginnings of words."""
    whole: dict[str, str] = {}
    begun: dict[str, str] = {}
    for announced, entry in table("context.toml").items():
        if announced == "PERSON":
            continue  # tells nothing about a number
        for word in words(entry):
            whole.setdefault(word.rstrip("*"), announced)
            if word.endswith("*"):
                begun.setdefault(word[:-1], announced)
    return whole, begun


@lru_cache(maxsize=1 << 16)
def meaning(token: str) -> str | None:
    """Return what a word between spaces announces: a category, OTHER, or None."""
    whole, begun = _vocabulary()
    bare = token.strip(_TIGHT).lower()
    if bare in whole:
        return whole[bare]
    if "@" in bare:
        return "PHONE"  # name, e-mail, telephone: the usual order of a contact
    for part in _LETTERS.findall(bare):
        if part in whole:
            return whole[part]
        for length in range(len(part) - 1, _SHORTEST_BEGINNING - 1, -1):
            if part[:length] in begun:
                return begun[part[:length]]
    return None


@lru_cache(maxsize=1 << 16)
def _says(between: str) -> str | None:
    """
    Return what stands between two spaces left of a number says; None lets what is before it speak.

    _NOTHING if what stands before it is not about the number: a sentence ends, or another number.
    """
    for token in reversed(between.split()):
        announced = meaning(token)
        if announced is not None:
            return announced
        if token[-1] in ".!?" and len(token.rstrip(".!?")) > _ABBREVIATION:
            return _NOTHING
        if _DIGITS.search(token):
            return _NOTHING
    return None


@lru_cache(maxsize=1 << 16)
def says(between: str) -> str | None:
    """
    Return what stands between two spaces left of a number says, also where a line begins in it.

    None lets what is before it speak, "" does not; UNTOLD if that depends on what is before it.
    """
    if not between:
        return UNTOLD  # two spaces, which count as one
    _, border, record = between.rpartition("\0")
    before_line, line_ends, line = record.rpartition("\n")
    if line_ends and not (border or before_line.strip()):
        return UNTOLD
    if line_ends and not before_line.rstrip().endswith(":"):
        return _says(line) or _NOTHING
    announced = _says(record)
    if announced is not None:
        return announced
    return _NOTHING if border else UNTOLD if line_ends else None


def before(text: str, start: int) -> str | None:
    """
    Return what the words before a place announce; the nearest that says anything decides.

    Only words of the same line count, or of the line before if it ends in ":".
    """
    low = start - _REACH if start > _REACH else 0
    end = start - 1 if text[start - 1] == " " else start
    for _ in range(_WORDS):
        space = text.rfind(" ", low, end)
        announced = says(text[space + 1 : end]) if space >= 0 else UNTOLD
        if announced is not None:
            if announced is UNTOLD:
                return _before_border(text, low, start)
            return announced or None
        end = space
    return None


def _before_border(text: str, low: int, start: int) -> str | None:
    """Do as `before` does where the words reach to where a line, a record or what counts begins."""
    low = text.rfind("\0", low, start) + 1 or low
    line = text.rfind("\n", low, start) + 1
    if line and not text[low : line - 1].rstrip().endswith(":"):
        low = line
    for _ in range(_WORDS):
        while start > low and text[start - 1] == " ":
            start -= 1
        space = text.rfind(" ", low, start) + 1 or low
        announced = _says(text[space:start])
        if announced is not None:
            return announced or None
        if space == low:
            return None
        start = space
    return None


def after(text: str, end: int) -> str | None:
    """
    Return what the word right after a place announces: "(mobil)", "-fax", " office".

    Without brackets only words count that address books set after a number (`after` in the data).
    """
    begun = text[end + 1 : end + 3]
    if text[end] == " " and begun.lower() not in _labels_begun() and begun[:1] not in _MARKS:
        return None
    found = _AFTER.match(text, end)
    if found is None:
        return None
    if found[1]:
        return meaning(found[1])
    return "PHONE" if found[2].lower() in _labels() else None


@cache
def _labels() -> frozenset[str]:
    return frozenset(table("context.toml")["PHONE"]["after"].split())


@cache
def _labels_begun() -> frozenset[str]:
    return frozenset(label[:2] for label in _labels())
