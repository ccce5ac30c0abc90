"""
Find text in the wrong language, and name the words that tell.

Every page is checked when it is published, and a wrong verdict would stop an honest publication:
what is not certain is not said. The evidence is a table of words, letters and endings (lexicon.py),
so each verdict can be read and disputed. docs/benchmarks.md compares it with statistical
detectors; on headings of one to three words they guess.

What is never evidence by itself: a capitalised word inside a sentence (a name, a German noun), a
quotation, a particle in a name ("Hilma af Klint"), a loan word, a term that is not translated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from klarsyn.language.catalogue import LANGUAGES
from klarsyn.language.lexicon import Lexicon, Verdict, lexicon, phrases

_WORD = re.compile(r"\b[^\W\d_]+(?:['’][^\W\d_]+)*\b")
_RUN = re.compile(r"\S+")
_ADDRESS = re.compile(r"://|@|www\.|\w\.\w\w|_")  # what a run of letters with it is: no word
_SUFFIX = re.compile(r"(?<=\w):\w+")  # "API:et"
_QUOTED = re.compile(
    r"“[^“”]{1,120}”|”[^”]{1,120}”|„[^“”]{1,120}[“”]|«[^»]{1,120}»|\"[^\"]{1,120}\""
)
_BEGINS = re.compile(r"[.!?:;•·|(\n“”„«\"]")  # what stands before a sentence
_NEIGHBOURS = frozenset({"sv", "da", "nb"})
_PARTICLE = 3  # letters, at most: af, von, de, of
_TELLING = 4  # letters, at least, for one word of a distant language to speak for a label
_CLEAR = 3  # different words, at least, before a block is said to be in another language
_MARGIN = 4  # times as many as speak for the page's own language


class Foreign(NamedTuple):
    """A word that is not of the page's language."""

    word: str  #: as it stands in the text
    languages: tuple[str, ...]  #: where it is at home
    instead: str = ""  #: what the page's language writes, if that is known


class _Standing(Enum):
    PLAIN = "plain"  #: its capital, if it has one, says nothing
    FIRST = "first"  #: capitalised as the first of a sentence: perhaps a name
    NAME = "name"  #: capitalised inside a sentence, or between two that are: probably a name
    PIECE = "piece"  #: beside a hyphen, as in "check-in" and "website-overvågning"


class _Hit(NamedTuple):
    found: Foreign
    verdict: Verdict
    standing: _Standing


def foreign(text: str, language: str, *, strict: bool = False) -> tuple[Foreign, ...]:
    """
    Name the words that cannot be of the language, in the order of the text.

    Plain, for blocks of a page: one clear word of a neighbour (Swedish, Danish, Norwegian) is
    enough, a distant language needs more. Strict, for headings and labels: words that only an
    unusual sense could save are named too ("företagslister": Swedish lists are "listor").
    """
    page = lexicon(language)
    text = _composed(text)
    if not any(map(page.verdict, _words(text))):
        return tuple(_bare_nouns(text, page)) if strict else ()
    text = _prepared(text, strict=strict)
    hits = list(_hits(text, page, strict=strict))
    proven = _proven(hits, language, strict=strict)
    if strict:
        proven.extend(_bare_nouns(text, page))
    return tuple(dict.fromkeys(proven))


def mismatch(text: str, language: str) -> str | None:
    """
    The language a block is really in, if that is beyond doubt; None if it is right, mixed or short.

    A block can be wrong without a verdict here: Danish and Norwegian sentences may read the same.
    """
    if language not in LANGUAGES:
        raise LookupError(f"{language!r} is none of the languages {', '.join(LANGUAGES)}.")
    homes = lexicon(language).homes
    text = _composed(text)
    if sum(language not in homes.get(w, (language,)) for w in _words(text)) < _CLEAR:
        return None
    text = _prepared(text, strict=False)
    said = {
        word.casefold() for word, standing in _standings(text) if standing is not _Standing.NAME
    }
    words = {word for word in said if word in homes}
    wins = [
        other
        for other in LANGUAGES
        if other != language and _outweighs(other, language, words, homes)
    ]
    for winner in wins:
        if all(_speaks(winner, other, words, homes) for other in wins if other != winner):
            return winner
    return None


def _outweighs(
    other: str, own: str, words: Iterable[str], homes: dict[str, tuple[str, ...]]
) -> bool:
    only_other = sum(other in homes[word] and own not in homes[word] for word in words)
    only_own = sum(own in homes[word] and other not in homes[word] for word in words)
    return only_other >= _CLEAR and only_other >= _MARGIN * only_own


def _speaks(winner: str, other: str, words: set[str], homes: dict[str, tuple[str, ...]]) -> bool:
    for_winner = sum(winner in homes[word] and other not in homes[word] for word in words)
    for_other = sum(other in homes[word] and winner not in homes[word] for word in words)
    return for_winner > 2 * for_other


@lru_cache(maxsize=8)
def _words(text: str) -> frozenset[str]:
    """Kept for a moment: a block is asked about twice, for its words and for its language."""
    return frozenset(_WORD.findall(text.casefold()))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\xad", "")


def _prepared(text: str, *, strict: bool) -> str:
    text = _RUN.sub(lambda run: " . " if _ADDRESS.search(run[0]) else run[0], text)
    text = phrases().sub(" . ", _SUFFIX.sub(" . ", text))
    return text if strict else _QUOTED.sub(" . ", text)


def _hits(text: str, page: Lexicon, *, strict: bool) -> Iterator[_Hit]:
    for word, standing in _standings(text):
        verdict = page.verdict(word.casefold())
        if verdict is not None and _counts(word, standing, verdict, strict=strict):
            yield _Hit(Foreign(word, verdict.languages, verdict.instead), verdict, standing)


def _counts(word: str, standing: _Standing, verdict: Verdict, *, strict: bool) -> bool:
    if standing is _Standing.NAME:
        return strict and not verdict.shape
    if standing is _Standing.FIRST:
        return strict or not verdict.shape
    if standing is _Standing.PIECE:
        return len(word) > _PARTICLE and "en" not in verdict.languages
    return True


def _proven(hits: list[_Hit], language: str, *, strict: bool) -> list[Foreign]:
    """Keep what convinces: a solid word of a neighbour, or enough of a distant language."""
    solid = any(_is_solid(hit, language, strict=strict) for hit in hits)
    distant = {hit.found.word.casefold() for hit in hits if _is_distant(hit, language)}
    english = any(hit.found.languages == ("en",) for hit in hits)
    enough = len(distant) >= (_CLEAR if english and not strict else 2)
    return [
        hit.found
        for hit in hits
        if (strict and (solid or enough))
        or (solid and not _is_distant(hit, language))
        or (enough and (_is_distant(hit, language) or not hit.verdict.rare))
    ]


def _is_solid(hit: _Hit, language: str, *, strict: bool) -> bool:
    if strict:
        return not _is_distant(hit, language) or len(hit.found.word) >= _TELLING
    certain = not hit.verdict.rare and hit.standing is not _Standing.FIRST
    return certain and not _is_distant(hit, language)


def _is_distant(hit: _Hit, language: str) -> bool:
    return language not in _NEIGHBOURS or not _NEIGHBOURS.intersection(hit.found.languages)


def _bare_nouns(text: str, page: Lexicon) -> Iterator[Foreign]:
    if page.bare_noun_after is None:
        return
    pattern, verdict, nouns = page.bare_noun_after
    for found in pattern.finditer(text):
        determiner, noun = found.groups()
        bare = nouns[noun.casefold()]
        yield Foreign(f"{determiner} {noun}", verdict.languages, f"{determiner} {bare}")


def _standings(text: str) -> Iterator[tuple[str, _Standing]]:
    """Each word, and what its place and its capital mean."""
    found = list(_WORD.finditer(text))
    caseless = text.upper() == text
    for n, match in enumerate(found):
        word = match[0]
        before = text[found[n - 1].end() : match.start()] if n else "."
        after = text[match.end() : found[n + 1].start()] if n + 1 < len(found) else "."
        if "-" in (before, after):
            yield word, _Standing.PIECE
        elif caseless:
            yield word, _Standing.PLAIN
        elif not word[0].isupper():
            joins = before.isspace() and after.isspace() and len(word) <= _PARTICLE
            named = joins and found[n - 1][0][0].isupper() and found[n + 1][0][0].isupper()
            yield word, _Standing.NAME if named else _Standing.PLAIN
        else:
            yield word, _Standing.FIRST if _BEGINS.search(before) else _Standing.NAME
