"""
Whether a record or a text is about somebody, however their data are spelt there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

from klarsyn.personal import Personal
from klarsyn.vendors.reading import Seen

_PHONE_DIGITS = 8
"""A number is told by its last digits: country codes and zeros before it vary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What is known of a person, or of a sole trader's firm."""

    email: tuple[Personal[str], ...] = ()
    phone: tuple[Personal[str], ...] = ()
    name: tuple[Personal[str], ...] = ()
    company: tuple[Personal[str], ...] = ()
    organisation_number: tuple[Personal[str], ...] = ()
    reference: tuple[Personal[str], ...] = ()
    """The company's own key of the person, where the vendor was given it."""

    def each(self) -> Iterator[tuple[str, Personal[str]]]:
        """Yield kind and value of all that is known."""
        for one in fields(self):
            for value in getattr(self, one.name):
                yield one.name, value


def plain(text: str) -> str:
    """Return a text as it is compared: NFC, casefolded, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def digits(text: str) -> str:
    """Return the digits of a text."""
    return re.sub(r"\D", "", text)


def tail(text: str) -> str:
    """Return what tells a phone number from others."""
    return digits(text)[-_PHONE_DIGITS:]


def number(text: str) -> str:
    """Return a phone number as it is compared: `+` and digits with a country, else digits."""
    found = "".join(re.findall(r"\+|\d", text.replace("(0)", "")))
    return re.sub(r"^00(?=[1-9])", "+", found) if found.strip("+") else ""


_FORMS: dict[str, Callable[[str], str]] = {
    "email": plain,
    "phone": number,
    "name": plain,
    "company": plain,
    "organisation_number": digits,
    "reference": plain,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An identity, ready to be compared with many records."""

    identity: Identity
    forms: frozenset[tuple[str, str]] = field(init=False)
    _whole: Mapping[str, re.Pattern[str]] = field(init=False, compare=False, repr=False)
    """What finds a form that is no number in a text, as a word of its own."""

    def __post_init__(self) -> None:
        """Bring every value to the form in which it is compared."""
        each = {(kind, _FORMS[kind](value.reveal())) for kind, value in self.identity.each()}
        forms = frozenset(one for one in each if one[1])
        whole = {
            form: re.compile(rf"(?<![\w@.+-]){re.escape(form)}(?![\w@-])")
            for kind, form in forms
            if kind not in _NUMBERS
        }
        object.__setattr__(self, "forms", forms)
        object.__setattr__(self, "_whole", whole)

    def by(self, seen: Seen) -> tuple[str, ...]:
        """Return the kinds of data by which a record is about this person; () where it is not."""
        values = [value.reveal() for value in seen.values().values()]
        texts = [*values, *(text.reveal() for _, text in seen.texts())]
        plain_values, plain_texts = [*map(plain, values)], [*map(plain, texts)]
        found = {
            kind
            for kind, form in self.forms
            if (
                _has_number(kind, form, texts)
                if kind in _NUMBERS
                else form in plain_values or any(map(self._whole[form].search, plain_texts))
            )
        }
        return tuple(sorted(found))

    def equal(self, kind: str, value: str) -> bool:
        """Return whether a value is one of the person's, whatever its spelling."""
        form = _FORMS[kind](value)
        if kind == "phone":
            return any(_one_line(one, form) for of, one in self.forms if of == kind)
        return (kind, form) in self.forms


_NUMBERS = frozenset({"phone", "organisation_number"})


def _has_number(kind: str, form: str, texts: Iterable[str]) -> bool:
    same = _one_line if kind == "phone" else str.__eq__
    return any(
        same(form, one) for text in texts if form[-4:] in digits(text) for one in _numbers(text)
    )


_RUN = re.compile(r"\+?\d+(?:[\s().\-/]{1,3}\d+)*")
_MOST_DIGITS, _LEAST_ABROAD = 18, 9
"""How long a number is at most, and with its country at least."""


def _numbers(text: str) -> Iterator[str]:
    """
    Yield every number that digits in a text make, however they are grouped.

    The rest of a number with a country is no number of its own.
    """
    for run in _RUN.findall(text.replace("(0)", " ")):
        groups = re.findall(r"\+?\d+", run)
        whole = _MOST_DIGITS
        for first, begin in enumerate(groups):
            abroad = begin.startswith(("+", "00"))
            if whole < _LEAST_ABROAD and not abroad:
                whole += len(begin)
                continue
            whole = len(begin) if abroad else _MOST_DIGITS
            joined = ""
            for group in (begin, *groups[first + 1 :]):
                joined += group
                if len(joined) > _MOST_DIGITS:
                    break
                yield number(joined)


def _one_line(one: str, other: str) -> bool:
    """
    Return whether two phone numbers are one: the same country, or a country that one leaves out.

    Eight digits are a number of its own in Denmark and another in Norway, so two numbers with
    different countries are not the same, however they end.
    """
    if one.startswith("+") and other.startswith("+"):
        return one == other
    short, long = sorted((one.lstrip("+0"), other.lstrip("+0")), key=len)
    if short == long:
        return True
    return len(short) >= _LEAST_DIGITS and long.endswith(short) and len(long) - len(short) <= _CODE


_LEAST_DIGITS, _CODE = 7, 3
"""The shortest numbers without a country that can be told, and the longest country code."""
