"""
Names of persons: by lists of given and family names, by their form, by the words beside them.

The lists are data (data/first_names.txt, surnames.txt, words_like_names.txt). Read a run of
capitalised words at a time; what a run says is remembered, since names come again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from klarsyn.recognition.context import DATA, table, words
from klarsyn.recognition.findings import Hit

_CAPITAL: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁĻĽŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽ"
_WORD: Final = rf"[{_CAPITAL}](?:[^\W\d_]|['’](?=[{_CAPITAL}]))*(?:-[{_CAPITAL}]?[^\W\d_]+)*"
_PARTICLES: Final = "af|av|von|van|de|der|den|di|da|del|la|al|el|bin|ten|ter|zu"
_RUN: Final = re.compile(
    rf"(?<![\w@/.&-])(?:[{_CAPITAL}]\.|{_WORD})"
    rf"(?:[ ](?:(?:{_PARTICLES})[ ]){{0,2}}"
    rf"(?:[{_CAPITAL}]\.(?:[ ]?[{_CAPITAL}]\.)*|{_WORD})){{0,5}}"
)
# Family names of the Nordic countries by their endings: patronyms, and words of nature.
_FAMILY: Final = re.compile(
    r"[^\W\d_]{2,}(?:sson|dotter|datter|dottir|ström|strøm|strand|kvist|quist|qvist|gren|berg|borg|"
    r"lund|lind|holm|man|mark|dal|dahl|gaard|gård|heim|stad|sund|vik|wik|rud|bakken?|haug|haugen|"
    r"fors|blad|stedt|löf|løv|feldt|skog|skov|bäck|bæk|moen|nes|næs|eng|lien|land|ius|ski|sky|wicz|"
    r"oğlu|oglu|escu|ović|ovic|enko)"
)
_SSON: Final = re.compile(r"[^\W\d_]{3,}(?:sson|sdotter|sdatter|sdóttir)s?")
_SHORTEST_ALONE: Final = 3  # letters of a given name that tells by itself
_SHORTEST_BASE: Final = 3  # letters of the name in "...sen": Jen-sen
_LONGEST_NAME: Final = 5  # words
_LONGEST_INTRODUCTION: Final = 24  # characters
_FULL, _LIKELY, _ALONE, _GENITIVE = 0.9, 0.7, 0.6, 0.55


class _Part(NamedTuple):
    """A name inside a run: its first word, the word after its last, and how sure it is."""

    first: int
    last: int
    confidence: float


@cache
def _list(name: str) -> frozenset[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line[:1] != "#")


@cache
def _introductions() -> re.Pattern[str]:
    """Return what stands right before a person: "kontakt: ", "talte med ", "Mvh" and a new line."""
    phrases = words(table("context.toml")["PERSON"])
    ordered = sorted((one.replace("_", " ") for one in phrases), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})[,:.]?[ \n]\Z", re.IGNORECASE)


def find(text: str, hits: list[Hit]) -> None:
    """Add the names of persons in a block."""
    for found in _RUN.finditer(text):
        start, run = found.start(), found[0]
        parts = _parts(run)
        if not parts:
            if not _may_be_introduced(run) or not _is_introduced(text, start):
                continue
            parts = _introduced(run)
        ends = _ends(run)
        for first, last, confidence in parts:
            begin = start + (ends[first - 1] + 1 if first else 0)
            hits.append(Hit(begin, start + ends[last - 1], "PERSON", "name", confidence))


def _ends(run: str) -> list[int]:
    """Return where each word of a run ends."""
    ends, place = [], -1
    for word in run.split(" "):
        place += len(word) + 1
        ends.append(place)
    return ends


@lru_cache(maxsize=1 << 16)
def _parts(run: str) -> tuple[_Part, ...]:
    """Return the names in a run of capitalised words, each from its given name on."""
    parts = run.split(" ")
    n, found = 0, []
    while n < len(parts):
        taken, confidence = _name_at(parts[n : n + _LONGEST_NAME])
        if confidence:
            found.append(_Part(n, n + taken, confidence))
        n += max(taken, 1)
    return tuple(found)


def _name_at(parts: list[str]) -> tuple[int, float]:
    """Return how many of the words are one name from the first on, and how sure that is."""
    first = parts[0]
    if first.endswith("."):
        return _after_initials(parts)
    taken = 1
    while taken < len(parts) and _continues(parts[taken]):
        taken += 1
    while taken > 1 and not parts[taken - 1][0].isupper():
        taken -= 1
    if is_first(first) and taken > 1:
        return taken, _LIKELY if first in _list("words_like_names.txt") else _FULL
    if not _is_telling(first):
        return 1, _GENITIVE if _is_patronym(first) else 0.0
    if not is_first(first):
        return 1, _GENITIVE
    if len(parts) > 1 and parts[1][0].isupper() and not parts[1].endswith("."):
        return 2, _LIKELY
    return 1, _ALONE


def _after_initials(parts: list[str]) -> tuple[int, float]:
    """Judge "A. Berg" and "A. B. Berg"."""
    n = 1
    while n < len(parts) and parts[n].endswith("."):
        n += 1
    if n < len(parts) and (is_family(parts[n]) or _is_telling(parts[n])):
        return n + 1, _LIKELY
    return 1, 0.0


def _continues(word: str) -> bool:
    """Whether a word can follow a given name in a name."""
    if word.endswith(".") or word.islower():
        return True
    return is_family(word) or is_first(word) or is_family(word.removesuffix("s"))


def is_first(word: str) -> bool:
    """Whether a word is a given name, in capitals too, or one with a hyphen that has one in it."""
    listed = _list("first_names.txt")
    if word in listed or (word.isupper() and word.capitalize() in listed):
        return True
    return "-" in word and any(part.capitalize() in listed for part in word.split("-"))


def is_family(word: str) -> bool:
    """Whether a word is a family name: listed, a patronym, or ending as Nordic ones do."""
    plain = word.capitalize() if word.isupper() else word
    if plain in _list("surnames.txt") or _is_patronym(plain):
        return True
    return bool(_FAMILY.fullmatch(plain)) or ("-" in plain and is_family(plain.rpartition("-")[2]))


def _is_patronym(word: str) -> bool:
    """Whether a word is a name and "-sson", "-sen" or "-datter", also in the genitive."""
    if word.isupper():
        return False
    if _SSON.fullmatch(word):
        return True
    bare = word.removesuffix("s") if word.endswith("sens") else word
    if not bare.endswith("sen") or len(bare) < _SHORTEST_BASE + 3:
        return False
    first, family = _list("first_names.txt"), _list("surnames.txt")
    return bare in family or bare[:-3] in first or bare[:-2] in first


def _is_telling(word: str) -> bool:
    """Whether a given name is one by itself, also in the genitive."""
    if len(word) < _SHORTEST_ALONE or word.isupper():
        return False
    likely = _list("words_like_names.txt")
    if word in likely:
        return False
    if is_first(word):
        return True
    bare = word.removesuffix("s")
    return bare != word and len(bare) > _SHORTEST_ALONE and is_first(bare) and bare not in likely


def _may_be_introduced(run: str) -> bool:
    """Whether words that are in no list could be a name all the same."""
    return len(run) > _SHORTEST_ALONE and not run.isupper()


def _is_introduced(text: str, place: int) -> bool:
    """Whether the words before a place introduce a person."""
    if text[place - 1] not in " \n":
        return False
    return bool(_introductions().search(text, max(0, place - _LONGEST_INTRODUCTION), place))


@lru_cache(maxsize=1 << 16)
def _introduced(run: str) -> tuple[_Part, ...]:
    """Judge words after an introduction: any two, or one that may be a name."""
    parts = run.split(" ")
    capital = [part for part in parts[:3] if part[0].isupper()]
    if len(capital) > 1 and parts[1] == capital[1]:
        return (_Part(0, 2, _ALONE),)
    if is_first(parts[0]) or is_family(parts[0]):
        return (_Part(0, 1, _ALONE),)
    return ()
