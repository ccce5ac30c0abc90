"""
Known names with NumPy (extra `audit`): a million of them in some tens of megabytes.

Every word of a block gets a fingerprint; two neighbours together are looked up in a bitmap, and
only what is in it is read word by word (knownread.py). A fingerprint leads to a row, and the
row's name is compared: fingerprints decide nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from klarsyn.recognition import fingerprints as fp
from klarsyn.recognition import known, knownread, native, spelling
from klarsyn.recognition.digitruns import FEWEST, Grouped, Runs, told
from klarsyn.recognition.findings import Hit
from klarsyn.recognition.fingerprints import Marks, Numbers, Places, Scanned
from klarsyn.recognition.known import company_variants, variants
from klarsyn.recognition.knownread import Found, Words

Asked = tuple[Places, Places, tuple[Places, Places]]
"""Words with which a name begins exactly; otherwise; with a typo, and in which word that is."""

_ZERO: Final = np.uint8(ord("0"))


class FastNames:
    """The known names in sorted arrays, and the reader of texts."""

    def __init__(self, people: list[str], companies: list[str]) -> None:
        self._names, rows = _entries(people, variants)
        persons = len(self._names)
        firms, firm_rows = _entries(companies, company_variants)
        self._names += firms
        self._row_of = np.array(rows + firm_rows, np.int64)
        self._persons = persons
        scanned, first, count = _words_of(self._names)
        self._add_names(scanned, first, count)
        self._add_words(scanned, first, count)

    def _add_names(self, scanned: Scanned, first: Places, count: Places) -> None:
        """Sort the names by the fingerprint of all their words; mark how they begin."""
        entries = np.arange(len(first))
        least = np.where(entries < self._persons, 2, 1)
        wanted = entries[(count >= least) & (count <= knownread.MOST_WORDS)]
        keys = fp.chained(scanned.prints, first[wanted], count[wanted])
        order = np.lexsort((self._row_of[wanted], wanted >= self._persons, keys))
        self._keys, self._entry = keys[order], wanted[order].astype(np.uint32)
        long = wanted[count[wanted] > 1]
        pairs = fp.pairs(scanned.prints[first[long]], scanned.prints[first[long] + 1])
        ones = fp.mixed(scanned.prints[first[wanted[count[wanted] == 1]]])
        self._begun = fp.Prints(np.concatenate([pairs, ones]))
        self._any_single = len(ones) > 0
        self._firsts = fp.Bitmap(np.unique(scanned.prints[first[wanted]]))
        person = wanted[wanted < self._persons]
        letters = scanned.letters(first[person])
        initials = fp.pairs(letters, scanned.prints[first[person] + count[person] - 1])
        order = np.lexsort((self._row_of[person], initials))
        self._initials, self._initial_row = initials[order], self._row_of[person][order]

    def _add_words(self, scanned: Scanned, first: Places, count: Places) -> None:
        """Keep the distinct words of persons' names, and each without one of its letters."""
        entry = np.repeat(np.arange(len(first)), count)
        place = np.arange(len(entry)) - np.repeat(first, count)
        persons = (entry < self._persons) & (count[entry] > 1)
        wanted = persons & (count[entry] <= knownread.MOST_WORDS)
        where = np.flatnonzero(wanted)
        self._words, kept = np.unique(scanned.prints[where], return_index=True)
        self._known = fp.Prints(self._words)
        self._word_entry = entry[where[kept]].astype(np.uint32)
        self._word_place = place[where[kept]].astype(np.uint8)
        strings = [self._word(n) for n in range(len(self._words))]
        short, owner = fp.shortened(strings)
        order = np.argsort(short, kind="stable")
        self._short, begin = np.unique(short[order], return_index=True)
        self._short_begin = np.append(begin, len(order)).astype(np.uint32)
        self._short_word = owner[order].astype(np.uint32)
        self._near = fp.Bitmap(self._short)

    def _word(self, n: int) -> str:
        return spelling.words(self._names[int(self._word_entry[n])])[int(self._word_place[n])]

    def row(self, words: tuple[str, ...]) -> Found | None:
        """Return whose name these words are."""
        key = fp.together(list(map(fp.fingerprint, words)))
        n = int(np.searchsorted(self._keys, np.uint64(key)))
        while n < len(self._keys) and int(self._keys[n]) == key:
            entry = int(self._entry[n])
            if spelling.words(self._names[entry]) == words:
                return int(self._row_of[entry]), "PERSON" if entry < self._persons else "ORG"
            n += 1
        return None

    def initial(self, letter: str, family: str) -> tuple[int, bool] | None:
        """Return who has that initial and that last word, and whether several have."""
        key = np.uint64(fp.together([fp.fingerprint(letter), fp.fingerprint(family)]))
        low = int(np.searchsorted(self._initials, key))
        high = int(np.searchsorted(self._initials, key, side="right"))
        if low == high:
            return None
        return int(self._initial_row[low]), bool(
            self._initial_row[low] != self._initial_row[high - 1]
        )

    def knows(self, word: str) -> bool:
        """Whether a word is part of any person's name."""
        key = np.uint64(fp.fingerprint(word))
        n = int(np.searchsorted(self._words, key))
        return n < len(self._words) and bool(self._words[n] == key)

    def near(self, word: str) -> list[str]:
        """Return the words of persons' names that are one typo away, sorted."""
        short = [fp.fingerprint(one) for one in spelling.shortened(word)]
        at, _ = self._forms(np.array(short, np.uint64))
        spans = zip(self._short_begin[at].tolist(), self._short_begin[at + 1].tolist(), strict=True)
        near = {one for a, b in spans for one in self._short_word[a:b].tolist()}
        return sorted(one for one in map(self._word, near) if spelling.is_one_typo(one, word))

    def find(self, text: str, hits: list[Hit]) -> None:
        """Add the names that stand in a block of text."""
        scanned = fp.scan(text)
        if not len(scanned.starts):
            return
        exact, others, strange = self._asked(scanned, text)
        places = np.unique(np.concatenate([exact, others, self._nearly(scanned, text, *strange)]))
        if not len(places):
            return
        begins = frozenset(exact.tolist())
        words = Words(text, scanned.starts.data, scanned.ends.data)
        for n in places.tolist():
            hit = knownread.read(words, n, self, begins=n in begins)
            if hit:
                hits.append(hit)

    def _asked(self, scanned: Scanned, text: str) -> Asked:
        """Return the words with which a known name may begin: exactly, otherwise, with a typo."""
        if native.WORDS is None:
            bare = scanned.bare()
            others = self._initialled(scanned, bare), self._reversed(scanned)
            return self._exact(scanned, bare), np.concatenate(others), self._mistyped(scanned)
        exact, other, places, unknown = told(
            native.WORDS.names(
                text,
                (scanned.starts, scanned.ends, scanned.prints),
                fp.alphabet(),
                (self._begun.parts, self._known.parts, self._firsts.parts),
                self._initials,
                (self._any_single, spelling.SHORTEST_GENITIVE, knownread.SHORTEST_TYPO),
            )
        )
        return exact, other, (places, unknown)

    def _exact(self, scanned: Scanned, bare: Numbers) -> Places:
        """Return the words with which a name begins, also in the genitive."""
        prints = scanned.prints
        begins = np.zeros(len(prints), np.bool_)
        # Most words are nobody's first; that set is small, so it is asked before the large one.
        at = np.flatnonzero(self._firsts.holds(prints[:-1]))
        begins[at] = self._begun.holds(fp.pairs(prints[at], prints[at + 1]))
        changed = at[bare[at + 1] != prints[at + 1]]
        begins[changed] |= self._begun.holds(fp.pairs(prints[changed], bare[changed + 1]))
        if self._any_single:
            begins |= self._begun.holds(fp.mixed(prints)) | self._begun.holds(fp.mixed(bare))
        return np.flatnonzero(begins)

    def _initialled(self, scanned: Scanned, bare: Numbers) -> Places:
        """Return initials that somebody has whose last word is the next that is no initial."""
        places = scanned.initials()
        family = scanned.next_longer(places)
        has_one = family < len(scanned.starts)
        places, family = places[has_one], family[has_one]
        letters = scanned.prints[places]
        somebodys = fp.contains(self._initials, fp.pairs(letters, scanned.prints[family]))
        somebodys |= fp.contains(self._initials, fp.pairs(letters, bare[family]))
        return places[somebodys]

    def _reversed(self, scanned: Scanned) -> Places:
        """Return words with a comma after them that a name may end with: "Last, First"."""
        places: Places = np.flatnonzero(scanned.comma_follows()[:-1])
        given = scanned.prints[places + 1]
        second = scanned.prints[np.minimum(places + 2, len(scanned.prints) - 1)]
        begun = self._begun.holds(fp.pairs(given, scanned.prints[places]))
        begun |= self._begun.holds(fp.pairs(given, second))
        return places[begun]

    def _mistyped(self, scanned: Scanned) -> tuple[Places, Places]:
        """
        Return where two or three capitalised words stand together, one of them unknown.

        And which of the three it is, from 0.
        """
        close = scanned.close_capitals()
        places: Places = np.flatnonzero(close)
        third = np.minimum(places + 2, len(scanned.prints) - 1)
        asked = np.zeros(len(scanned.prints), np.bool_)
        asked[places] = asked[places + 1] = asked[third] = True
        unknown_words = np.zeros(len(asked), np.int8)
        at = np.flatnonzero(asked)
        unknown_words[at] = ~self._known.holds(scanned.prints[at])
        strange = [unknown_words[at] for at in (places, places + 1, third)]
        two = strange[0] + strange[1]
        three = two + strange[2]
        of_three = np.append(close, False)[places + 1]
        kept = (two == 1) | (of_three & (three == 1))
        places, unknown = places[kept], np.argmax(np.stack(strange)[:, kept], axis=0)
        at = np.minimum(places + unknown, len(scanned.prints) - 1)
        long = scanned.ends[at] - scanned.starts[at] >= knownread.SHORTEST_TYPO
        return places[long], unknown[long]

    def _nearly(self, scanned: Scanned, text: str, places: Places, unknown: Places) -> Places:
        """Return at which of the places a name begins if the unknown word is one letter off."""
        if not len(places):
            return places
        at = np.minimum(places + unknown, len(scanned.prints) - 1)
        spans = zip(scanned.starts[at].tolist(), scanned.ends[at].tolist(), strict=True)
        short, owner = fp.shortened([text[a:b] for a, b in spans])
        near, owner = self._all_near(short, owner)
        places, unknown = places[owner], unknown[owner]
        first = np.where(unknown == 0, near, scanned.prints[places])
        second = np.where(unknown == 1, near, scanned.prints[places + 1])
        return np.unique(places[self._begun.holds(fp.pairs(first, second))])

    def _forms(self, short: Numbers) -> tuple[Places, Places]:
        """Return which shortened forms of known words these are, and which of these are any."""
        if not len(self._short):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        at = np.minimum(np.searchsorted(self._short, short), len(self._short) - 1)
        which = np.flatnonzero(self._short[at] == short)
        return at[which], which

    def _all_near(self, short: Numbers, owner: Places) -> tuple[Numbers, Places]:
        """Return the words of names that share a shortened form, and whose each form was."""
        may = np.flatnonzero(self._near.holds(short))
        found, which = self._forms(short[may])
        owner = owner[may[which]]
        low = self._short_begin[found].astype(np.int64)
        count = self._short_begin[found + 1] - low
        before = np.repeat(np.cumsum(count) - count, count)
        at = np.repeat(low, count) + np.arange(int(count.sum())) - before
        return self._words[self._short_word[at]], np.repeat(owner, count)


def likely_numbers(data: bytes, runs: dict[int, int], endings: bytearray) -> list[tuple[int, int]]:
    """
    Return the runs of digits that may be a known number: `endings` are `KnownPeople`'s.

    Left out is what `KnownPeople.number` says no to by its last seven digits, and nothing else.
    """
    if native.SIGNS is not None and isinstance(runs, Runs):
        return native.SIGNS.likely(data, runs.starts, runs.ends, endings)
    if not isinstance(runs, Grouped):
        return known.every_number(data, runs, endings)
    signs = np.frombuffer(data, np.uint8)
    groups, begun, second = runs.groups, signs[runs.starts], signs[runs.starts + 1]
    counts, (ending, without_vat) = groups.counts(), groups.endings(signs)
    abroad = (second < _ZERO + 1) | (second > _ZERO + 9)  # "00", or that cannot be told
    keeps = (begun != _ZERO) | (counts > known.LONG_ABROAD + 1) | (~abroad & (counts > FEWEST))
    keeps &= ~groups.hold(signs, b"(+")
    with_vat = np.flatnonzero(counts == known.WITH_VAT)
    asked = ~keeps | _marked(endings, ending)
    asked[with_vat] |= _marked(endings, without_vat[with_vat])
    return [*zip(runs.starts[asked].tolist(), runs.ends[asked].tolist(), strict=True)]


def _marked(bits: bytearray, numbers: Places) -> Marks:
    marks: Marks = (np.frombuffer(bits, np.uint8)[numbers >> 3] >> (numbers & 7)) & 1 != 0
    return marks


def _entries(names: list[str], spelled: Callable[[str], list[str]]) -> tuple[list[str], list[int]]:
    """Return all spellings of the names, and whose each is, in the order of the rows."""
    out: list[str] = []
    rows: list[int] = []
    for row, name in enumerate(names):
        if name:
            found = spelled(name)
            out += found
            rows += [row] * len(found)
    return out, rows


def _words_of(names: list[str]) -> tuple[Scanned, Places, Places]:
    """Return the words of all names, and for each name its first word and how many it has."""
    scanned = fp.scan("\0".join(names))
    lengths = np.fromiter(map(len, names), np.int64, len(names))
    ends = np.cumsum(lengths + 1) - 1
    last = np.searchsorted(scanned.starts, ends)
    first = np.concatenate([[0], last[:-1]]).astype(np.int64) if len(last) else last
    return scanned, first, last - first
