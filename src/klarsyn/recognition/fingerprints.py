"""
Fingerprints of words, for a whole text at once (NumPy, extra `audit`).

A word's fingerprint is the sum of a random number a letter times a power of the base by its place,
modulo 2**64: differences of one cumulative sum give those of all words.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from klarsyn.recognition import native, spelling
from klarsyn.recognition.digitruns import told

Numbers = NDArray[np.uint64]
Places = NDArray[np.int64]
Marks = NDArray[np.bool_]
Signs = NDArray[np.uint16] | NDArray[np.uint32]

_PIECE: Final = 1 << 15  # characters at a time: their arrays stay in the processor's cache
_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_NEXT: Final = 0xA24BAED4963EE407  # between words
_MIX: Final = 0xD6E8FEB86659FD93
_WHOLE: Final = (1 << 64) - 1
_FULL: Final = 32  # bits of a bitmap for each number in it, at least


@cache
def alphabet() -> tuple[Numbers, Marks]:
    """Return a random number for each folded letter, 0 for other signs; and which are capitals."""
    own = np.random.default_rng(20260101).integers(1, 1 << 63, spelling.LARGEST + 1, np.uint64)
    codes = np.zeros(spelling.LARGEST + 1, np.uint64)
    capitals = np.zeros(spelling.LARGEST + 1, np.bool_)
    for number, sign in enumerate(map(chr, range(spelling.LARGEST + 1))):
        if sign.isalnum():
            codes[number] = own[ord(spelling.folded_letter(sign))]
            capitals[number] = sign.isupper()
    return codes, capitals


@cache
def _is_s() -> Marks:
    """Return which letters fold to "s"."""
    letters = alphabet()[0]
    marks: Marks = letters == letters[ord("s")]
    return marks


@cache
def _powers() -> tuple[Numbers, Numbers]:
    """Return the powers of the base, and of its inverse, for the places of a piece."""
    up = np.full(_PIECE + 1, _BASE, np.uint64)
    down = np.full(_PIECE + 1, pow(_BASE, -1, 1 << 64), np.uint64)
    up[0] = down[0] = 1
    return np.cumprod(up), np.cumprod(down)


@lru_cache(maxsize=1 << 16)
def fingerprint(word: str) -> int:
    """Return the fingerprint of one folded word: the same as `scan` gives it in a text."""
    codes, total = alphabet()[0], 0
    for sign in reversed(word):
        total = (total * _BASE + int(codes[ord(sign)])) & _WHOLE
    return total


def together(prints: list[int]) -> int:
    """Return the fingerprint of several words in order."""
    total = 0
    for one in prints:
        total = (total * _NEXT + one) & _WHOLE
    total ^= total >> 32
    return (total * _MIX) & _WHOLE


def mixed(numbers: Numbers) -> Numbers:
    """Return the fingerprints of names of one word."""
    out: Numbers = (numbers ^ (numbers >> np.uint64(32))) * np.uint64(_MIX)
    return out


def pairs(first: Numbers, second: Numbers) -> Numbers:
    """Return the fingerprints of names of two words."""
    return mixed(first * np.uint64(_NEXT) + second)


def chained(prints: Numbers, first: Places, count: Places) -> Numbers:
    """Return the fingerprints of names of `count` words, each from its first on."""
    total = np.zeros(len(first), np.uint64)
    for n in range(int(count.max(initial=0))):
        more = count > n
        total[more] = total[more] * np.uint64(_NEXT) + prints[first[more] + n]
    return mixed(total)


def contains(ordered: Numbers, asked: Numbers) -> Marks:
    """Return which of the numbers are among the ordered ones."""
    if not len(ordered):
        return np.zeros(len(asked), np.bool_)
    near = np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)
    found: Marks = ordered[near] == asked
    return found


class Bitmap:
    """
    A set of numbers that may say yes too often, never no too often.

    Two bits stand for each number; the second is looked at only where the first is set.
    """

    def __init__(self, numbers: Numbers) -> None:
        bits = max(16, (len(numbers) * _FULL).bit_length())
        self._shift = np.uint64(64 - bits)
        self._bytes = np.zeros(1 << (bits - 3), np.uint8)
        once = mixed(numbers)
        for place in (once >> self._shift, mixed(once) >> self._shift):
            mark = (np.uint64(1) << (place & np.uint64(7))).astype(np.uint8)
            np.bitwise_or.at(self._bytes, (place >> np.uint64(3)).astype(np.int64), mark)

    @property
    def parts(self) -> native.Bitmap:
        """What stands for it in C."""
        return self._bytes, int(self._shift)

    def holds(self, numbers: Numbers) -> Marks:
        """Return which of the numbers may be in the set."""
        once = mixed(numbers)
        held = self._set(once)
        first = np.flatnonzero(held)
        held[first] = self._set(mixed(once[first]))
        return held

    def _set(self, numbers: Numbers) -> Marks:
        place = numbers >> self._shift
        found = self._bytes[(place >> np.uint64(3)).astype(np.int64)]
        held: Marks = (found >> (place & np.uint64(7)).astype(np.uint8)) & np.uint8(1) != 0
        return held


class Prints:
    """A set of fingerprints: a bitmap answers most questions, the ordered numbers the rest."""

    def __init__(self, numbers: Numbers) -> None:
        self._bitmap = Bitmap(numbers)
        self._ordered = np.unique(numbers)

    @property
    def parts(self) -> native.Prints:
        """What stands for it in C."""
        return *self._bitmap.parts, self._ordered

    def holds(self, numbers: Numbers) -> Marks:
        """Return which of the numbers are in the set."""
        held = self._bitmap.holds(numbers)
        at = np.flatnonzero(held)
        held[at] = contains(self._ordered, numbers[at])
        return held


class Scanned(NamedTuple):
    """The words of a text, in columns."""

    signs: Signs  #: the text's characters
    starts: Places
    ends: Places
    prints: Numbers

    def letters(self, words: Places) -> Numbers:
        """Return the number of the first letter of some of the words."""
        letters: Numbers = np.take(alphabet()[0], self.signs[self.starts[words]], mode="clip")
        return letters

    def bare(self) -> Numbers:
        """Return the fingerprints without a last "s", unchanged where there is none."""
        out = self.prints.copy()
        ends_in_s = np.take(_is_s(), self.signs[self.ends - 1], mode="clip")
        cut = np.flatnonzero(ends_in_s & (self.ends - self.starts > spelling.SHORTEST_GENITIVE))
        long = np.minimum(self.ends[cut] - self.starts[cut], _PIECE)
        out[cut] -= alphabet()[0][ord("s")] * _powers()[0][long - 1]
        return out

    def initials(self) -> Places:
        """Return the words that are one letter with a dot after it."""
        single = np.flatnonzero(self.ends - self.starts == 1)
        after = self.signs[np.minimum(self.ends[single], len(self.signs) - 1)]
        places: Places = single[after == ord(".")]
        return places

    def next_longer(self, words: Places) -> Places:
        """Return the next word of more than one letter after each; past the last for none."""
        last, following = len(self.starts) - 1, words + 1
        while len(short := np.flatnonzero(following <= last)):
            at = following[short]
            short = short[self.ends[at] - self.starts[at] == 1]
            if not len(short):
                break
            following[short] += 1
        return following

    def comma_follows(self) -> Marks:
        """Return which words have a comma right after them."""
        marks: Marks = self.signs[np.minimum(self.ends, len(self.signs) - 1)] == ord(",")
        return marks

    def close_capitals(self) -> Marks:
        """Return which words have a capital first or second, as has the next, one sign after."""
        capitals = alphabet()[1]
        second = np.minimum(self.starts + 1, len(self.signs) - 1)
        # clip: the last sign is no letter
        capital = np.take(capitals, self.signs[self.starts], mode="clip") | np.take(
            capitals, self.signs[second], mode="clip"
        )
        between = self.signs[self.ends[:-1]]
        near = (self.starts[1:] - self.ends[:-1] == 1) & (
            (between == ord(" ")) | (between == ord("-"))
        )
        marks: Marks = near & capital[:-1] & capital[1:]
        return marks


def scan(text: str) -> Scanned:
    """Return the words of a text with their fingerprints."""
    signs = _signs(text)
    if native.WORDS is not None:
        starts, ends, prints = told(native.WORDS.words(text, alphabet()[0]))
        return Scanned(signs, starts, ends, prints.view(np.uint64))
    room = _Room(np.empty(_PIECE, np.uint64), np.zeros(_PIECE + 1, np.uint64))
    parts = []
    begin = 0
    while begin < len(signs):
        end = _cut(text, begin)
        parts.append(_words(signs[begin:end], begin, room))
        begin = end
    if not parts:
        empty = np.empty(0, np.uint64)
        return Scanned(signs, empty.astype(np.int64), empty.astype(np.int64), empty)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Scanned(signs, *columns)


def _signs(text: str) -> Signs:
    """Return a text's characters: two bytes each, or four where one needs them."""
    short = text.encode("utf-16-le", "surrogatepass")
    if len(short) == 2 * len(text):
        return np.frombuffer(short, np.uint16)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _cut(text: str, begin: int) -> int:
    """Return where a piece may end: after a sign that is part of no word, if there is one."""
    end = min(begin + _PIECE, len(text))
    place = end
    while end < len(text) and place > begin and text[place - 1].isalnum():
        place -= 1
    return place if place > begin else end


class _Room(NamedTuple):
    """What each piece is worked on in: new memory for each would cost as much as the work."""

    codes: Numbers
    sums: Numbers  # of the codes before each


def _words(signs: Signs, begin: int, room: _Room) -> tuple[Places, Places, Numbers]:
    up, down = _powers()
    codes, sums = room.codes[: len(signs)], room.sums[: len(signs) + 1]
    np.take(alphabet()[0], signs, out=codes, mode="clip")  # clip: the last sign is no letter
    inside = np.zeros(len(codes) + 2, np.bool_)
    np.not_equal(codes, 0, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    np.multiply(codes, up[: len(codes)], out=codes)
    np.cumsum(codes, out=sums[1:])
    prints = (sums[ends] - sums[starts]) * down[starts]
    return starts + begin, ends + begin, prints


def shortened(words: list[str]) -> tuple[Numbers, Places]:
    """
    Return the fingerprints of words and of each without one of its letters.

    The second array tells whose each is: the word's place in the list.
    """
    signs = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    codes = alphabet()[0][np.minimum(signs, spelling.LARGEST)]
    lengths = np.array([len(word) for word in words], np.int64)
    firsts = np.cumsum(lengths) - lengths
    up, down = _powers()
    owner = np.repeat(np.arange(len(words)), lengths)
    letters = codes * up[np.arange(len(codes)) - firsts[owner]]
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(letters, out=sums[1:])
    whole = sums[firsts + lengths] - sums[firsts]
    upto = sums[1:] - sums[firsts][owner]  # each word's letters up to this one
    without = upto - letters + (whole[owner] - upto) * down[1]
    return np.concatenate([whole, without]), np.concatenate([np.arange(len(words)), owner])
