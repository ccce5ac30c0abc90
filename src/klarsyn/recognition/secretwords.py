"""
Words that announce a secret: "password", "dørkode". They are data (data/secrets.toml).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Final, NamedTuple

from klarsyn.recognition.context import table, words
from klarsyn.recognition.scan import any_of

SECRETS: Final = table("secrets.toml")
"""Words and shapes."""

_STEM_REACH: Final = 30  # characters before a word that are looked at


def spelled(name: str) -> list[str]:
    """Return the words of one list in the data, the longest first, "_" as a space."""
    every = SECRETS[name].split()
    return [word.replace("_", " ") for word in sorted({*every}, key=lambda one: (-len(one), one))]


def any_word(name: str) -> str:
    """Return an expression for any word of one list in the data."""
    return "|".join(map(re.escape, spelled(name)))


ENDED: Final = f"(?:{any_word('endings')})?"
"""An expression for what a noun may end with: "koden", "døra"."""

PLACE: Final = rf"(?:{any_word('places')}){ENDED}"
"""An expression for what has a door or a lock."""

TO: Final = f"(?:{any_word('prepositions')})"
"""An expression for a preposition: "for the", "til"."""

_KIND: Final = {
    re.sub("[-_ ]", "", word): kind
    for kind, entry in reversed(SECRETS["keywords"].items())
    for word in words(entry)
}
_KEYWORDS: Final = [word for entry in SECRETS["keywords"].values() for word in words(entry)]
_OPEN: Final = frozenset({"password", "phrase"})  # kinds that any word may stand before
_STEM: Final = re.compile(r"(?P<between>[-_ ]?)(?P<stem>[^\W_]+)")  # read backwards
_STEMS: Final = re.compile(
    rf"(?:{any_word('stems')})|[^\W\d_]*(?:{PLACE}|{any_word('counted')})", re.IGNORECASE
)
_OWNERS: Final = frozenset(spelled("owners"))
_OTHERS: Final = re.compile(rf"(?:{any_word('others')}){ENDED}", re.IGNORECASE)
_LONG: Final = re.compile(
    r"l(?:ö|ø)sen|pass(?:ord|word)|kodeord|adgangskod|nyckel|n(?:ø|ö)gle|nøkkel|token|secret|phrase|"
    r"fras|setning|lockbox|key(?=[ :=])|pwd?(?=[ :=])",
    re.IGNORECASE,
)
_RUN: Final = re.compile(r"[^\W\d_]+")
_CLOSING: Final = "\"'”`*"
_FIRST: Final = 2  # letters by which the keywords are kept


class Announced(NamedTuple):
    """A word that announces a secret."""

    kind: str  #: which of the lists of keywords it is in; "code", "own" for a "kode" that is one
    end: int  #: the first character after the word, its ending, and a quotation mark


def _by_first_letters() -> dict[str, re.Pattern[str]]:
    kept: defaultdict[str, set[str]] = defaultdict(set)
    for word in _KEYWORDS:
        kept[word[:_FIRST]].add(word)
    return {first: _keyword_pattern(some) for first, some in kept.items()}


def _keyword_pattern(keywords: set[str]) -> re.Pattern[str]:
    ordered = sorted(keywords, key=lambda word: (-len(word), word))
    alternatives = "|".join(re.escape(word).replace(r"\-", "[-_ ]?") for word in ordered)
    return re.compile(
        rf"(?P<word>{alternatives}){ENDED}(?![^\W\d_]|[_-][^\W\d_])(?:\*\*|[{_CLOSING}])?",
        re.IGNORECASE,
    )


def _whole_words() -> tuple[dict[str, str], frozenset[str]]:
    """Return the keywords of letters alone, with every ending, and how the others begin."""
    others = {word for word in _KEYWORDS if not word.isalpha()}
    whole: dict[str, str] = {}
    for word in sorted({*_KEYWORDS} - others, key=len):
        whole |= {word + ending: word for ending in ("", *spelled("endings"))}
    return whole, frozenset(run[0] for run in map(_RUN.match, others) if run)


_BY_FIRST: Final = _by_first_letters()
_WHOLE, _BEGUN = _whole_words()
_SOUGHT: Final = sorted({*_KEYWORDS, *spelled("pairs")})
EXPRESSIONS: Final = tuple(
    any_of([word]).replace(rb"\-", rb"[-_ ]?")
    for word in _SOUGHT
    if not any(word != other and word.startswith(other) for other in _SOUGHT)
)
"""
A trigger's expressions: the words that do not begin with another of them, which begins there too.

What may follow a word would cost more than it spares.
"""


def announced(text: str, place: int) -> Announced | None:
    """Return what a word that begins here announces, None for nothing."""
    run = _RUN.match(text, place)
    letters = run[0].lower() if run else ""
    if run and letters not in _BEGUN:
        word, end = _WHOLE.get(letters), run.end()
        if word is None or (text[end] in "_-" and text[end + 1].isalpha()):
            return None
        if text[end] in _CLOSING:
            end += 1 + text.startswith("**", end)
    else:
        found = _BY_FIRST[letters[:_FIRST]].match(text, place) if letters else None
        if found is None:
            return None
        word, end = found["word"], found.end()
    kind = _settled(text, place, _kind(word))
    return Announced(kind, end) if kind else None


@lru_cache(maxsize=1 << 10)
def _kind(word: str) -> str:
    kind: str = _KIND[re.sub("[-_ ]", "", word.lower())]
    return kind


def _settled(text: str, place: int, kind: str) -> str:
    """Return which kind of secret is announced, "" for none: what stands before decides."""
    glued = text[place - 1].isalpha()
    if kind in _OPEN or not (glued or kind == "bare"):
        return kind if not glued or _ends_compound(text, place) else ""
    found = _STEM.match(text[max(0, place - _STEM_REACH) : place][::-1])
    if found is None:
        return kind
    stem, glued = found["stem"][::-1], found["between"] == ""
    if kind == "bare":
        makes_code, makes_other = _meant_by(stem)
        if makes_code and not makes_other:
            return "code"
        if not glued and stem.lower() in _OWNERS:
            return "own"
        unknown = glued and stem[-1].isalpha() and not _ends_compound(text, place)
        return "" if unknown or makes_other else kind
    return kind if not glued or _ends_compound(text, place) else ""


@lru_cache(maxsize=1 << 12)
def _meant_by(stem: str) -> tuple[bool, bool]:
    """Whether a word before "kod", "code" makes a secret of it, and something else."""
    return _STEMS.fullmatch(stem) is not None, _OTHERS.fullmatch(stem) is not None


def _ends_compound(text: str, place: int) -> bool:
    """Whether the word ends a longer one that announces too: "wifilösenord", "dbPassword"."""
    hump = text[place].isupper() and text[place - 1].islower()
    return hump or _LONG.match(text, place) is not None
