"""
Which known person is named at a place, if any: the rules, whatever the index behind them.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from klarsyn.recognition import spelling
from klarsyn.recognition.findings import Hit

MOST_WORDS: Final = 6
"""Words of a name that are looked for, at most."""

SHORTEST_TYPO: Final = 4
"""Letters of a word, at least, in which a typo is forgiven."""

_GAP: Final = re.compile(r"[ ]?[-'’&/+(]?[ ]?|\.")
_ABBREVIATED: Final = re.compile(r"\.[ ]")
_COMMA: Final = re.compile(r",[ ]?")
_CLOSE: Final = re.compile(r"[ -]")
_LONGEST_ABBREVIATION: Final = 2  # letters: "A.", "St."
_TYPO_WORDS: Final = 3  # words of a name that may hold a typo, at most

_EXACT, _GENITIVE, _REVERSED, _TYPO, _INITIAL, _INITIAL_MANY = 1.0, 0.98, 0.98, 0.7, 0.6, 0.45

Integers = list[int] | memoryview
Found = tuple[int, str]  # the row, and PERSON or ORG


class Index(Protocol):
    """Answers whose a name is; its words are folded."""

    def row(self, words: tuple[str, ...]) -> Found | None:
        """Return whose name these words are."""
        ...

    def initial(self, letter: str, family: str) -> tuple[int, bool] | None:
        """Return who has that initial and that last word, and whether several have."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a word is part of any name."""
        ...

    def near(self, word: str) -> list[str]:
        """Return the words of names that are one typo away."""
        ...


class Words:
    """The words of a block: where each begins and ends, folded when asked for."""

    def __init__(self, text: str, starts: Integers, ends: Integers) -> None:
        self.text, self.starts, self.ends = text, starts, ends

    def __len__(self) -> int:
        return len(self.starts)

    def word(self, n: int) -> str:
        """Return a folded word."""
        return spelling.folded(self.text[self.starts[n] : self.ends[n]])

    def joined(self, n: int, gap: re.Pattern[str] = _GAP) -> bool:
        """Whether only such a gap parts a word from the one before it."""
        begin, end = self.ends[n - 1], self.starts[n]
        if gap.fullmatch(self.text, begin, end):
            return True
        short = begin - self.starts[n - 1] <= _LONGEST_ABBREVIATION
        return short and gap is _GAP and _ABBREVIATED.fullmatch(self.text, begin, end) is not None

    def is_capital(self, n: int) -> bool:
        """Whether a word begins with a capital."""
        return self.text[self.starts[n]].isupper()

    def looks_capital(self, n: int) -> bool:
        """Whether a word begins with a capital, or has one second: "oFrsman"."""
        return self.is_capital(n) or self.text[self.starts[n] : self.ends[n]][1:2].isupper()

    def hit(self, first: int, last: int, end: int, found: Found, how: tuple[str, float]) -> Hit:
        """Return a finding from one word to another; `end` letters of the last are left out."""
        row, category = found
        return Hit(self.starts[first], self.ends[last] - end, category, *how, row)


def is_name(words: tuple[str, ...], category: str) -> bool:
    """Whether a name is looked for: a person's has two words at least, none has too many."""
    return (2 if category == "PERSON" else 1) <= len(words) <= MOST_WORDS


def read(words: Words, n: int, index: Index, *, begins: bool) -> Hit | None:
    """Return the known name that begins with the n-th word; `begins`: one may begin so exactly."""
    if begins and (hit := exact(words, n, index)):
        return hit
    word = words.word(n)
    if len(word) == 1:
        return initialled(words, n, index)
    if n + 1 < len(words) and words.joined(n + 1, _COMMA):
        return reversed_name(words, n, index) if index.knows(word) else None
    return mistyped(words, n, index) if words.looks_capital(n) else None


def exact(words: Words, n: int, index: Index) -> Hit | None:
    """Return the longest name that begins with the n-th word, also in the genitive."""
    taken = [words.word(n)]
    for m in range(n + 1, min(n + MOST_WORDS, len(words))):
        if not words.joined(m):
            break
        taken.append(words.word(m))
    for size in range(len(taken), 0, -1):
        if size == 1 and not words.is_capital(n):
            continue
        name = tuple(taken[:size])
        if found := index.row(name):
            return words.hit(n, n + size - 1, 0, found, ("known-name", _EXACT))
        bare = spelling.without_genitive(name[-1])
        if bare and (found := index.row((*name[:-1], bare))):
            return words.hit(n, n + size - 1, 1, found, ("known-name-genitive", _GENITIVE))
    return None


def reversed_name(words: Words, n: int, index: Index) -> Hit | None:
    """Return a name written "Last, First" whose last name is the n-th word."""
    family, given = words.word(n), [words.word(n + 1)]
    if n + 2 < len(words) and words.joined(n + 2, _CLOSE):
        given.append(words.word(n + 2))
    for size in range(len(given), 0, -1):
        name = (*given[:size], family)
        if (found := index.row(name)) and found[1] == "PERSON":
            return words.hit(n, n + size, 0, found, ("known-name-reversed", _REVERSED))
    return None


def initialled(words: Words, n: int, index: Index) -> Hit | None:
    """Return a name written "F. Last" whose initial is the n-th word."""
    m = n + 1
    while m < len(words) and words.ends[m] - words.starts[m] == 1 and words.joined(m):
        m += 1
    if m >= len(words) or not (_is_initial(words, n) and words.joined(m) and words.is_capital(m)):
        return None
    letter, family = words.word(n), words.word(m)
    bare = spelling.without_genitive(family)
    for last, cut in ((family, 0), (bare, 1)):
        if last and (found := index.initial(letter, last)):
            row, several = found
            how = ("known-initial", _INITIAL_MANY if several else _INITIAL)
            return words.hit(n, m, cut, (row, "PERSON"), how)
    return None


def _is_initial(words: Words, n: int) -> bool:
    return words.is_capital(n) and words.text[words.ends[n]] == "."


def mistyped(words: Words, n: int, index: Index) -> Hit | None:
    """
    Return a name that begins with the n-th word if one of its words holds one typo.

    Only words that are part of no known name are taken for mistyped, so that two real names are
    not taken for a third.
    """
    taken = [words.word(n)]
    for m in range(n + 1, min(n + _TYPO_WORDS, len(words))):
        if not (words.joined(m, _CLOSE) and words.looks_capital(m)):
            break
        taken.append(words.word(m))
    for size in range(len(taken), 1, -1):
        strange = [place for place in range(size) if not index.knows(taken[place])]
        if len(strange) != 1 or len(taken[strange[0]]) < SHORTEST_TYPO or min(map(len, taken)) == 1:
            continue
        place = strange[0]
        for near in index.near(taken[place]):
            name = (*taken[:place], near, *taken[place + 1 : size])
            if (found := index.row(name)) and found[1] == "PERSON":
                return words.hit(n, n + size - 1, 0, found, ("known-typo", _TYPO))
    return None
