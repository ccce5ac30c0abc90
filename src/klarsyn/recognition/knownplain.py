"""
Known names with dictionaries: slower and larger than with NumPy, the same answers.
"""

from __future__ import annotations

from klarsyn.recognition import knownread, spelling
from klarsyn.recognition.findings import Hit
from klarsyn.recognition.known import company_variants, variants
from klarsyn.recognition.knownread import Found, Words


class PlainNames:
    """The known names in dictionaries, and the reader of texts."""

    def __init__(self, people: list[str], companies: list[str]) -> None:
        self._rows: dict[tuple[str, ...], Found] = {}
        self._initials: dict[tuple[str, str], tuple[int, bool]] = {}
        self._near: dict[str, list[str]] = {}
        self._known: set[str] = set()
        self._first: set[str] = set()
        for row, name in enumerate(people):
            for words in map(spelling.words, variants(name) if name else ()):
                if knownread.is_name(words, "PERSON"):
                    self._add(words, (row, "PERSON"))
                    self._add_person(words, row)
        for row, name in enumerate(companies):
            for words in map(spelling.words, company_variants(name) if name else ()):
                if knownread.is_name(words, "ORG"):
                    self._add(words, (row, "ORG"))

    def _add(self, words: tuple[str, ...], found: Found) -> None:
        self._rows.setdefault(words, found)
        self._first.add(words[0])

    def _add_person(self, words: tuple[str, ...], row: int) -> None:
        for word in words:
            if word not in self._known:
                self._known.add(word)
                for short in spelling.shortened(word):
                    self._near.setdefault(short, []).append(word)
        key = (words[0][0], words[-1])
        first, several = self._initials.get(key, (row, False))
        self._initials[key] = (first, several or first != row)

    def begins(self, word: str) -> bool:
        """Whether a name begins with this word."""
        return word in self._first

    def row(self, words: tuple[str, ...]) -> Found | None:
        """Return whose name these words are."""
        return self._rows.get(words)

    def initial(self, letter: str, family: str) -> tuple[int, bool] | None:
        """Return who has that initial and that last word, and whether several have."""
        return self._initials.get((letter, family))

    def knows(self, word: str) -> bool:
        """Whether a word is part of any person's name."""
        return word in self._known

    def near(self, word: str) -> list[str]:
        """Return the words of persons' names that are one typo away, sorted."""
        near = {one for short in spelling.shortened(word) for one in self._near.get(short, ())}
        return sorted(one for one in near if spelling.is_one_typo(one, word))

    def find(self, text: str, hits: list[Hit]) -> None:
        """Add the names that stand in a block of text."""
        spans = [found.span() for found in spelling.WORD.finditer(text)]
        words = Words(text, [start for start, _ in spans], [end for _, end in spans])
        for n in range(len(words)):
            word = words.word(n)
            begins = self.begins(word) or self.begins(spelling.without_genitive(word) or word)
            hit = knownread.read(words, n, self, begins=begins)
            if hit:
                hits.append(hit)
