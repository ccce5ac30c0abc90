"""
What an entry is: one text, canonical JSON, whose bytes are hashed and stored as they are.

Keys are sorted, nothing is spaced, text is NFC, numbers are whole and small enough for every
reader of JSON. An entry names the one before it by its hash; that is the chain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from klarsyn.journal import tree

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
"""Facts of an entry: names, ids, counts, hashes; never a value of a person, never a fraction."""

#: ECMAScript reads greater ones as their neighbours (RFC 8259, section 6).
GREATEST: Final = 2**53 - 1
_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode
_WORDS: Final = {
    "key": re.compile(r"[^\s\x00-\x1f\x7f]{1,300}"),
    "kind": re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*"),
    "vendor": re.compile(r"[^\s\x00-\x1f\x7f]{0,100}"),
    # Neither an address nor a name with a space is a pseudonym.
    "by": re.compile(r"[A-Za-z0-9._:-]{0,100}"),
}
_SUBJECT: Final = re.compile(r"[0-9a-f]{32}").fullmatch


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happened."""

    format: Literal[1] = 1
    """The form of this text."""
    number: int
    """From 1, without a gap."""
    previous: str
    """The hash of the entry before, in hexadecimal; the journal's own id in the first one."""
    key: str
    """Workflow, step and outcome: what makes a repetition known as one."""
    at: str
    """The instant in UTC, as `2026-11-26T09:00:00.000000Z`."""
    kind: str
    """What happened, in dotted words."""
    vendor: str
    """Whom it was about; blank where nobody."""
    by: str
    """The pseudonym of whoever did it; blank where Klarsyn did by itself."""
    facts: dict[str, object]
    """What else there is to say."""
    rows: int
    """How many people's rows belong to it."""
    rows_root: str
    """The root of the tree over these rows, in hexadecimal."""

    def text(self) -> bytes:
        """Return the bytes that are hashed."""
        return _ENCODE(self)

    @property
    def hashed(self) -> bytes:
        """Its hash: as a leaf of the tree, and for the entry after it."""
        return tree.leaf(self.text())

    def says_the_same(self, other: Entry) -> bool:
        """Return whether two tell of one thing; when and after what is left aside."""
        return _said(self) == _said(other)


class Row(msgspec.Struct, frozen=True):
    """What an entry says of one person, who is a random id; `facts` is canonical JSON."""

    entry: int
    position: int
    subject: str
    facts: str

    def text(self) -> bytes:
        """Return the bytes that are hashed; the same as canonical JSON of both."""
        return b'{"facts":%b,"subject":"%b"}' % (self.facts.encode(), self.subject.encode())


def decoded(text: str | bytes) -> Entry:
    """Return the entry that a text is; msgspec's or Unicode's error where it is none."""
    return msgspec.json.decode(text, type=Entry)


def canonical(facts: Mapping[str, Json]) -> bytes:
    """Return facts as canonical JSON; TypeError or ValueError where they are none."""
    return _ENCODE(plain(facts))


def plain(facts: Mapping[str, Json]) -> dict[str, object]:
    """Return facts in NFC; what is not JSON without fractions is refused, a wrapped value too."""
    if not isinstance(facts, Mapping):
        raise TypeError(f"facts are a mapping, not {type(facts).__name__}")
    return _mapping(facts)


def worded(**words: str) -> None:
    """Refuse a word that is not what its place holds, with ValueError; it is not repeated."""
    for place, word in words.items():
        if not _WORDS[place].fullmatch(word) or not unicodedata.is_normalized("NFC", word):
            raise ValueError(f"this is no {place}: {_WORDS[place].pattern}")


def named(subject: str) -> None:
    """Refuse what is no subject, with ValueError; there are thousands of them in an entry."""
    if not _SUBJECT(subject):
        raise ValueError("this is no subject: 32 digits in hexadecimal")


def instant(at: datetime) -> str:
    """Return an instant as entries have it: always as long, so that text sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _said(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, number=0, at="", previous="")


def _mapping(facts: Mapping[str, Json]) -> dict[str, object]:
    made = {_text(name): _plain(fact) for name, fact in facts.items()}
    if len(made) < len(facts):
        raise ValueError("two names are one in NFC")
    return made


def _plain(fact: Json) -> object:
    match fact:
        case str():
            return _text(fact)
        case bool() | None:
            return fact
        case int():
            if abs(fact) > GREATEST:
                raise ValueError("a number is greater than every reader of JSON can hold")
            return fact
        case Mapping():
            return _mapping(fact)
        case list() | tuple():
            return [_plain(one) for one in fact]
    raise TypeError(f"an entry holds no {type(fact).__name__}")


def _text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a name is text, not {type(text).__name__}")
    text.encode()  # half a character is refused here
    return text if text.isascii() else unicodedata.normalize("NFC", text)
