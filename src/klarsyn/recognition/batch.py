"""
Batches: records joined into blocks that can be scanned at once, and the way back to the records.

Rules see normalised text: NFC, invisible characters dropped, special spaces and dashes made plain.
The records stand between NULs, which no rule matches across. Offsets lead back to the text as it
was given, always to the border of a character (and of a combined one).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import sub
from typing import Final

from klarsyn.recognition import native
from klarsyn.recognition.findings import Findings, Hit

BORDER: Final = "\0"
_BLOCK: Final = 1 << 19  # characters: many to share what a block costs, still some megabytes

_FIRST_MARK: Final = "\u0300"

# Dropped: they part no words, and hide an address or a number from any pattern.
_INVISIBLE: Final = re.compile("[\xad\u200b\u200c\u200d\u2060\ufeff]")
_DASH: Final = "\u2013"  # most texts that Latin-1 cannot hold have this and nothing else
_SOFT_HYPHEN: Final = b"\xad"
_HARD_SPACE: Final = "\xa0"
# One character for one: offsets stay.
_PLAIN: Final = {
    _HARD_SPACE: " ",
    "\u2007": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2212": "-",
}


@dataclass(frozen=True, slots=True)
class ByteRecords:
    """
    Texts in one buffer of UTF-8, as Arrow lays them out: record n is data[offsets[n]:offsets[n+1]].

    `offsets` has one number more than there are records. Findings then count bytes. What is not
    valid UTF-8 is no part of any finding.
    """

    data: bytes | bytearray | memoryview
    offsets: Sequence[int]

    def texts(self) -> list[str]:
        """Return the records as text; a byte that is not UTF-8 becomes a lone surrogate."""
        view = memoryview(self.data)
        return [str(view[a:b], "utf-8", "surrogateescape") for a, b in pairwise(self.offsets)]


@dataclass(frozen=True, slots=True)
class Block:
    """Some records, normalised and joined: NUL, record, NUL, ..., record, NUL, NUL."""

    text: str
    data: bytes  #: the text in Latin-1, one byte a character, "?" for what Latin-1 lacks
    first: int  #: the first record's place in the batch
    starts: list[int]  #: where each record begins in `text`
    origins: dict[
        int, list[tuple[int, int]]
    ]  #: changed records: original start and end by character
    uncommon: frozenset[int]  #: records that may hold combining marks

    def span(self, n: int) -> tuple[int, int]:
        """Return where a record of the block begins and ends."""
        last = n + 1 == len(self.starts)
        return self.starts[n], len(self.text) - 2 if last else self.starts[n + 1] - 1

    def _whole(self, start: int, end: int) -> tuple[int, int]:
        """Return a place rounded to whole characters: marks belong to the letter before them."""
        while self.text[end] >= _FIRST_MARK and unicodedata.combining(self.text[end]):
            end += 1
        while self.text[start] >= _FIRST_MARK and unicodedata.combining(self.text[start]):
            start -= 1
        return start + (self.text[start] == BORDER and start + 1 < end), end

    def place(
        self, hits: list[Hit], out: Findings, originals: list[str] | None, *, theirs: bool = False
    ) -> None:
        """
        Add the hits to the columns; `originals` are the texts if offsets shall count bytes.

        `theirs`: some hits are not our rules' and may begin at any sign.
        """
        if not hits:
            return
        starts, ends, category, rule, confidence, known = zip(*hits, strict=True)
        records = self._records(starts)
        begins = self.starts
        offsets = [begins[n] for n in records]
        first, last = list(map(sub, starts, offsets)), list(map(sub, ends, offsets))
        asked = self.uncommon if originals is None and not theirs else frozenset(records)
        if not asked.isdisjoint(records):
            for at in [at for at, n in enumerate(records) if n in asked]:
                place = self._original(records[at], starts[at], ends[at])
                if originals is not None:
                    place = _in_bytes(originals[self.first + records[at]], *place)
                first[at], last[at] = place
        begin = self.first
        facts = category, rule, confidence, known
        out.extend([n + begin for n in records], first, last, facts)

    def _original(self, n: int, start: int, end: int) -> tuple[int, int]:
        """Return where a place stands in its record as it was given."""
        start, end = self._whole(start, end)
        start, end = start - self.starts[n], end - self.starts[n]
        if n in self.origins:
            return self.origins[n][start][0], self.origins[n][end - 1][1]
        return start, end

    def _records(self, starts: Iterable[int]) -> list[int]:
        """Return in which record each of these places is; they ascend."""
        records = []
        borders = iter([*self.starts[1:], len(self.text)])
        n, border = 0, next(borders)
        for start in starts:
            while border <= start:
                n, border = n + 1, next(borders)
            records.append(n)
        return records


def blocks(texts: Sequence[str]) -> Iterator[Block]:
    """Yield the records in blocks of about half a million characters."""
    begin = size = 0
    for n, length in enumerate(map(len, texts), 1):
        size += length + 1
        if size >= _BLOCK:
            yield _block(texts[begin:n], begin)
            begin, size = n, 0
    if begin < len(texts):
        yield _block(texts[begin:], begin)


def _block(texts: Sequence[str], first: int) -> Block:
    seen = list(texts)
    origins: dict[int, list[tuple[int, int]]] = {}
    if native.SIGNS is not None:
        odd = native.SIGNS.uncommon(seen)
        for n in odd:
            seen[n] = _normal(seen, n, origins)
        text, latin, starts = native.SIGNS.joined(seen)
        return Block(text, latin, first, starts, origins, frozenset(odd))
    data: list[bytes] = []
    uncommon: set[int] = set()
    for n, text in enumerate(texts):
        try:
            data.append(text.encode("latin-1"))
        except UnicodeEncodeError:
            data.append(_made_plain(seen, n, origins, uncommon))
    joined = b"\0".join([b"", *data, b"", b""])
    if _SOFT_HYPHEN in joined:  # the one invisible sign in Latin-1; all else there is in NFC
        for n, raw in enumerate(data):
            if _SOFT_HYPHEN in raw:
                data[n] = _made_plain(seen, n, origins, uncommon)
        joined = b"\0".join([b"", *data, b"", b""])
    starts = list(accumulate([len(one) + 1 for one in data[:-1]], initial=1))
    return Block(
        BORDER.join(["", *seen, "", ""]).replace(_HARD_SPACE, " "),
        joined.replace(_HARD_SPACE.encode("latin-1"), b" "),
        first,
        starts,
        origins,
        frozenset(uncommon),
    )


def _made_plain(
    seen: list[str], n: int, origins: dict[int, list[tuple[int, int]]], uncommon: set[int]
) -> bytes:
    """Normalise one of the records in its place, and return it in Latin-1."""
    plain = seen[n].replace(_DASH, "-")
    try:
        data = plain.encode("latin-1")
    except UnicodeEncodeError:
        data = _SOFT_HYPHEN
    if _SOFT_HYPHEN in data:
        plain = _normal(seen, n, origins)
        uncommon.add(n)
        data = plain.encode("latin-1", "replace")
    seen[n] = plain
    return data


def _normal(seen: list[str], n: int, origins: dict[int, list[tuple[int, int]]]) -> str:
    plain = seen[n]
    if not _is_plain(plain):
        plain, origins[n] = normalised(plain)
    for special, instead in _PLAIN.items():
        plain = plain.replace(special, instead)
    return plain


def _is_plain(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text) and not _INVISIBLE.search(text)


def normalised(text: str) -> tuple[str, list[tuple[int, int]]]:
    """
    Return the text in NFC without invisible characters, and where each character came from.

    Characters that compose are taken together: each of their results spans them all.
    """
    hidden = [found.start() for found in _INVISIBLE.finditer(text)]
    seen = _INVISIBLE.sub("", text)
    if unicodedata.is_normalized("NFC", seen):
        kept = list(range(len(text)))
        for place in reversed(hidden):
            del kept[place]
        return seen, list(zip(kept, [*kept[1:], len(text)], strict=True)) if kept else []
    out: list[str] = []
    origins: list[tuple[int, int]] = []
    place = 0
    while place < len(text):
        begin = place
        composed = _visible(text[place])
        place += 1
        while place < len(text) and _joins(composed, text[place]):
            composed = unicodedata.normalize("NFC", composed + _visible(text[place]))
            place += 1
        out.append(composed)
        origins.extend([(begin, place)] * len(composed))
    return "".join(out), origins


def _visible(sign: str) -> str:
    return "" if _INVISIBLE.match(sign) else unicodedata.normalize("NFC", sign)


def _joins(before: str, sign: str) -> bool:
    """Whether a character is one with those before it."""
    if not before:
        return False
    if _INVISIBLE.match(sign) or unicodedata.combining(sign):
        return True
    if sign < "\u0300":
        return False
    return unicodedata.normalize("NFC", before + sign) != before + _visible(sign)


def _in_bytes(text: str, start: int, end: int) -> tuple[int, int]:
    if text.isascii():
        return start, end
    before = len(text[:start].encode("utf-8", "surrogateescape"))
    return before, before + len(text[start:end].encode("utf-8", "surrogateescape"))
