"""
The small words that every file of a register is made of.

A *fact* is something about the world outside: a vendor's country, the date of an agreement. It
names the source it was taken from, or it is written as not yet known, until a date: an honest gap
that expires. A *declaration* is what the company itself decides (a purpose, a list of elements)
and is written plainly.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import Meta, Struct

from klarsyn.errors import Message, said
from klarsyn.language import COUNTRIES, LANGUAGES, mark

T_co = TypeVar("T_co", covariant=True)

Language = Literal["sv", "da", "nb", "en", "de", "fi"]
Text = Annotated[dict[Language, str], Meta(min_length=1)]
"""A text in several languages; those that the company publishes in must all be there."""

Id = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z0-9]+(?:[._-][a-z0-9]+)*\Z",
        extra={"description": mark("an id: small letters, digits, and . _ - between them")},
    ),
]


def _country_mistake(code: str) -> tuple[Message, Message] | None:
    if code in COUNTRIES:
        return None
    return (
        said("'{code}' is no country", code=code),
        said("write the two letters of ISO 3166, such as DK (the United Kingdom is GB)"),
    )


Country = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Z]{2}\Z",
        extra={
            "description": mark("two capital letters of ISO 3166, such as DK"),
            "check": _country_mistake,
        },
    ),
]

PartialDate = Annotated[
    str,
    Meta(
        pattern=r"\A(?:[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?|undated)\Z",
        extra={"description": mark("a year, month or day such as 2026-11-22, or 'undated'")},
    ),
]

Period = Annotated[
    str,
    Meta(
        pattern=r"\AP(?:[0-9]{1,3}[YMWD]){1,4}\Z",
        extra={"description": mark("a period of ISO 8601 such as P30D, P6M or P7Y")},
    ),
]

Sha256 = Annotated[
    str,
    Meta(
        pattern=r"\A[0-9a-f]{64}\Z",
        extra={"description": mark("the SHA-256 of the file, 64 hexadecimal digits")},
    ),
]


def _address_mistake(text: str) -> tuple[Message, Message] | None:
    if re.fullmatch(r"https://[^\s<>\"'`\\]+", text):
        return None
    return (
        said("'{text}' is no web address", text=text[:60]),
        said("write it in full, beginning with https://"),
    )


WebAddress = Annotated[str, Meta(extra={"check": _address_mistake})]


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping with known keys; the base of everything in the register's files."""


Basis = Literal["own", "agreement", "vendor-page", "third-party", "inferred", "memory", "not-found"]
"""
How far a source carries: our own decision or records, a signed paper, a page of the vendor's own;
and, not verified: a page by somebody else, a reading between lines, memory, a search in vain.
"""

BASES: dict[Basis, str] = {
    "own": mark("our own records"),
    "agreement": mark("a signed agreement"),
    "vendor-page": mark("the vendor's own page"),
    "third-party": mark("a page by somebody else"),
    "inferred": mark("inferred"),
    "memory": mark("from memory"),
    "not-found": mark("searched for, not found"),
}

VERIFIED: frozenset[Basis] = frozenset({"own", "agreement", "vendor-page"})


class Source(Part, frozen=True, kw_only=True):
    """Where facts come from: an address or a paper, its date, and how far it carries."""

    what: str
    as_of: PartialDate
    basis: Basis
    read: date | None = None
    note: str | None = None

    @property
    def verified(self) -> bool:
        """Whether a fact from here may be printed without the mark "not verified"."""
        return self.basis in VERIFIED


Sources = dict[Id, Source]


class Fact(Part, Generic[T_co], frozen=True, kw_only=True):
    """A value with its source, or the honest gap: not yet known, until a date."""

    value: T_co | None = None
    source: Id | None = None
    not_yet_known_until: date | None = None
    note: str | None = None

    @staticmethod
    def mistake(found: dict[str, Any]) -> tuple[Message, Message] | None:
        """Refuse a fact that is both, or neither, or does not say where it comes from."""
        known, unknown = "value" in found, "not_yet_known_until" in found
        if known == unknown:
            return (
                said("a fact needs either a value or not_yet_known_until"),
                said("write {example}", example="{value: ..., source: ...}"),
            )
        if known and "source" not in found:
            return (
                said("the fact does not say where it comes from"),
                said("add `source:` with an id from this file's `sources`"),
            )
        return None

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


def known(fact: Fact[T_co] | None) -> T_co | None:
    """Return the value of a fact, and None where it is absent or not yet known."""
    return fact.value if fact else None


_LANGUAGES = frozenset(LANGUAGES)


def parts(value: object, path: str = "") -> Iterator[tuple[str, Part | Text]]:
    """Yield every part and every text at and below a value, each with its path."""
    inner: Iterator[tuple[object, object]]
    if isinstance(value, Part):
        yield path, value
        inner = ((name, getattr(value, name)) for name in value.__struct_fields__)
    elif isinstance(value, list):
        inner = enumerate(value)
    elif isinstance(value, dict):
        if value and _is_text(value):
            yield path, value
            return
        inner = iter(value.items())
    else:
        return
    for name, one in inner:
        if isinstance(one, (Part, list, dict)) and one:
            yield from parts(one, f"{path}/{name}" if path else str(name))


def _is_text(value: dict[Any, Any]) -> bool:
    return _LANGUAGES.issuperset(value) and all(isinstance(one, str) for one in value.values())


class Contact(Part, frozen=True, kw_only=True):
    """A person or a post to turn to (R64, R70): name, position and how to reach them."""

    name: str | None = None
    position: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None


class Remark(Part, frozen=True, kw_only=True):
    """Something worth knowing that has no field of its own, with its source."""

    what: str
    source: Id


class PrintedPage(Part, frozen=True, kw_only=True):
    """
    The page kept by hand that this register replaces, letter for letter, mistakes kept.

    Findings about its wording (mixed languages, typing, copied facts) rest on these texts; they
    end when the page is gone and this block is removed.
    """

    file: str
    sha256: Sha256
    language: Language
    updated: date
    updated_as_printed: str | None = None
    title: str | None = None
    intro: str | None = None
    outro: str | None = None
    agreements_for_all: bool = False
    """Whether it claims that every vendor is bound by an agreement (D23)."""


class PrintedRow(Part, frozen=True, kw_only=True):
    """How the earlier page printed a vendor's row: its heading, and a statement if it has one."""

    heading: str
    purpose: str
    statement: str | None = None


class PrintedLabel(Part, frozen=True, kw_only=True):
    """How the earlier page printed one data element."""

    label: str
    explanation: str | None = None
