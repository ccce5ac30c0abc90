"""
What one language's page must not hold: the words, letters and endings of the other five.

data/words.txt is a table of the same words in six languages; data/rules.toml holds what a row
cannot say. A word counts as foreign to a page only if it stands in another language's column and
nowhere among the page's own words. Read at first use, once per language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from klarsyn.language.catalogue import LANGUAGES

_DATA = Path(__file__).parent / "data"
_LINKS = ("", "s", "e", "es", "n", "en", "er")  # what joins the parts of a compound
_SHORTEST_COMPOUND = 8
_SHORTEST_FIRST, _SHORTEST_LAST = 3, 4
_GENITIVE_IN_S = frozenset({"sv", "da", "nb"})
_REMEMBERED = 50_000


class Verdict(NamedTuple):
    """Why a word is foreign to a page."""

    languages: tuple[str, ...]  #: where it is at home
    instead: str  #: what the page's language writes, or ""
    rare: bool = False  #: weak evidence: the page's language has the word, in another sense
    shape: bool = False  #: told by letters, ending or parts: no evidence in what may be a name


class _Row(NamedTuple):
    cells: tuple[tuple[tuple[str, ...], ...], ...]  # language, form, equal words
    compounds: bool
    adjective: bool


class _Shape(NamedTuple):
    match: re.Pattern[str]
    chance: frozenset[str]  #: words that end so and are right all the same
    verdict: Verdict
    instead: tuple[str, ...]


class Lexicon:
    """The words of six languages, seen from a page in one of them."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise LookupError(f"{language!r} is none of the languages {', '.join(LANGUAGES)}.")
        self.language = language
        self.homes = _homes()
        self.bare_noun_after = _bare_noun_after(language)
        rules = _rules()
        self._loans = frozenset(rules["loans"].split())
        self._rare = frozenset(rules["rare"].get(language, "").split())
        self._letters = {
            letter: tuple(homes)
            for letter, homes in rules["letters"].items()
            if language not in homes
        }
        self._shapes = tuple(_shapes(language))
        self._mixed = {
            entry["word"]: Verdict(tuple(entry["languages"]), entry["instead"], rare=True)
            for entry in rules["mixed"]
            if entry["page"] == language
        }
        self._instead, self._parts = self._translations()
        self._remembered: dict[str, Verdict | None] = {}

    def knows(self, word: str) -> bool:
        """Whether the casefolded word is the page's own, a loan included."""
        return self.language in self.homes.get(word, ()) or word in self._loans

    def verdict(self, word: str) -> Verdict | None:
        """Judge a casefolded word. Nothing is said of a word that no list or rule mentions."""
        try:
            return self._remembered[word]
        except KeyError:
            if len(self._remembered) >= _REMEMBERED:  # a site has fewer; an attacker might not
                self._remembered.clear()
            found = self._remembered[word] = self._judge(word)
            return found

    def _judge(self, word: str) -> Verdict | None:
        if word in self._mixed:
            return self._mixed[word]
        if self.knows(word):
            return None
        if word in self.homes:
            return self._listed(word)
        if word.endswith("s") and self.language in _GENITIVE_IN_S and word[:-1] in self.homes:
            return self._genitive(word)
        return self._by_letter(word) or self._by_shape(word) or self._by_parts(word)

    def _listed(self, word: str) -> Verdict:
        rare = word in self._rare or (
            self.language == "sv" and word in _masculine() and "en" not in self.homes[word]
        )
        return Verdict(self.homes[word], self._instead.get(word, ""), rare=rare)

    def _genitive(self, word: str) -> Verdict | None:
        found = self._judge(word[:-1])
        if found is None or "en" in found.languages or len(word) <= _SHORTEST_FIRST + 1:
            return None
        return found._replace(instead=found.instead + "s" if found.instead else "")

    def _by_letter(self, word: str) -> Verdict | None:
        homes = {self._letters[letter] for letter in word if letter in self._letters}
        if not homes:
            return None
        common = tuple(h for h in LANGUAGES if all(h in some for some in homes))
        parts = self._by_parts(word)
        return Verdict(common or min(homes), parts.instead if parts else "", shape=True)

    def _by_shape(self, word: str) -> Verdict | None:
        for shape in self._shapes:
            if word not in shape.chance and shape.match.search(word):
                verdict = shape.verdict
                if shape.instead:
                    old, new = shape.instead
                    verdict = verdict._replace(instead=new.join(word.rsplit(old, 1)))
                return verdict
        return None

    def _by_parts(self, word: str) -> Verdict | None:
        """A compound is foreign if it can be read as one, and never as one of the page's own."""
        if len(word) < _SHORTEST_COMPOUND or self.language == "en":
            return None
        found: Verdict | None = None
        for cut in range(_SHORTEST_FIRST, len(word) - _SHORTEST_LAST + 1):
            last = self._parts.get(word[cut:])
            if last is None:
                continue
            for link in _LINKS:
                first = self._parts.get(word[:cut].removesuffix(link) if link else word[:cut])
                if first is None or not word[:cut].endswith(link):
                    continue
                if all(map(self.knows, (word[:cut].removesuffix(link), word[cut:]))):
                    return None
                found = found or self._compound(word, cut, link)
        return found

    def _compound(self, word: str, cut: int, link: str) -> Verdict | None:
        first, last = word[:cut].removesuffix(link), word[cut:]
        foreign = [part for part in (first, last) if not self.knows(part)]
        homes = set.intersection(*(set(self._parts[part]) for part in foreign)) - {"en"}
        if not homes:
            return None
        instead = ""
        if self.language in self._parts[first] and last in self._instead:
            instead = word[:cut] + self._instead[last].lower()
        elif self.language in self._parts[last] and first in self._instead:
            instead = self._instead[first].lower() + link + last
        rare = all(part in self._rare for part in foreign)
        languages = tuple(h for h in LANGUAGES if h in homes)
        return Verdict(languages, instead, rare=rare, shape=True)

    def _translations(self) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        """What this language writes for each word, and the words that may stand in compounds."""
        own = LANGUAGES.index(self.language)
        instead: dict[str, str] = {}
        parts: dict[str, tuple[str, ...]] = {}
        for row in _rows():
            for n, cell in enumerate(row.cells):
                for form, written in zip_longest(cell, row.cells[own], fillvalue=()):
                    for word in form:
                        folded = word.casefold()
                        if n != own and written:
                            instead.setdefault(folded, written[0])
                        if row.compounds:
                            parts[folded] = (*parts.get(folded, ()), LANGUAGES[n])
        return instead, parts


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon for pages in the language."""
    return Lexicon(language)


@cache
def phrases() -> re.Pattern[str]:
    """Terms that are not translated in any language."""
    fixed = sorted(_rules()["phrases"], key=len, reverse=True)
    spelled = (r"[\s-]+".join(map(re.escape, phrase.split())) for phrase in fixed)
    return re.compile(rf"\b(?:{'|'.join(spelled)})\b", re.IGNORECASE)


@cache
def _homes() -> dict[str, tuple[str, ...]]:
    """Each word's languages: the columns it stands in, and where it is right by accident."""
    homes: dict[str, set[str]] = {}
    for row in _rows():
        for language, cell in zip(LANGUAGES, row.cells, strict=True):
            for form in cell:
                for word in form:
                    homes.setdefault(word.casefold(), set()).add(language)
    for language, words in _rules()["also"].items():
        for word in words.split():
            homes[word].add(language)
    return {word: tuple(h for h in LANGUAGES if h in found) for word, found in homes.items()}


@cache
def _masculine() -> frozenset[str]:
    """Swedish adjectives in -e ("den tekniske chefen") look Danish and are not."""
    return frozenset(
        f"{word[:-1]}e"
        for row in _rows()
        if row.adjective
        for form in row.cells[LANGUAGES.index("sv")]
        for word in form
        if word.endswith("a")
    )


def _shapes(language: str) -> Iterator[_Shape]:
    for entry in _rules()["shapes"]:
        if language in entry["pages"]:
            verdict = Verdict(tuple(entry["languages"]), "", shape=True)
            instead = tuple(entry["instead"]) if language != "en" else ()
            chance = frozenset(entry["but"].split())
            yield _Shape(re.compile(entry["match"]), chance, verdict, instead)


def _bare_noun_after(language: str) -> tuple[re.Pattern[str], Verdict, dict[str, str]] | None:
    for entry in _rules()["bare_noun"]:
        if entry["page"] == language:
            nouns = dict(_definite_nouns(LANGUAGES.index(language)))
            determiners = "|".join(entry["after"])
            pattern = re.compile(rf"\b({determiners})\s+({'|'.join(nouns)})\b", re.IGNORECASE)
            return pattern, Verdict(tuple(entry["languages"]), ""), nouns
    return None


def _definite_nouns(column: int) -> Iterator[tuple[str, str]]:
    for row in _rows():
        bare, *forms = row.cells[column]
        if row.compounds and bare and forms and forms[0]:
            definite = forms[0][0]
            if definite.startswith(bare[0][:-1]) and definite.endswith(("en", "et", "an", "n")):
                yield definite, bare[0]


@cache
def _rules() -> dict[str, Any]:
    import tomllib

    return tomllib.loads((_DATA / "rules.toml").read_text(encoding="utf-8"))


@cache
def _rows() -> tuple[_Row, ...]:
    lines = (_DATA / "words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_row(line) for line in lines if line and not line.startswith("#"))


def _row(line: str) -> _Row:
    cells = tuple(
        tuple(
            tuple(word for word in (w.strip() for w in form.split(",")) if word != "-")
            for form in cell.split("/")
        )
        for cell in line.lstrip("+~").split(";")
    )
    return _Row(cells, compounds=line.startswith("+"), adjective=line.startswith("~"))
