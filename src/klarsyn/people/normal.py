"""
Normal forms: how values of one kind are written so that equal ones are equal.

Whole columns in, whole columns out. What is sent is the original (a date in ISO 8601); what is
compared and hashed is the normal form. No fault repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

import phonenumbers
from phonenumbers import ValidationResult

from klarsyn.errors import Message, said
from klarsyn.people.cells import Faults
from klarsyn.people.meaning import Kind
from klarsyn.recognition import phones

NO_EMAIL: Final = said("this is no e-mail address")
NO_PHONE: Final = said("this is no telephone number of that country, nor one with its calling code")
NO_ORGANISATION_NUMBER: Final = said("this is no organisation number: it has no digits")
NO_DATE: Final = said("this is no date in the declared form")
NO_NUMBER: Final = said("this is no number with the declared decimal sign")

ISO: Final = "%Y-%m-%d"
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
_LABEL = r"[^\s@.,;:<>()\[\]\"\\]+"
_EMAIL = re.compile(rf"[^\s@,;:<>()\[\]\"\\]+@(?:{_LABEL}\.)+{_LABEL}")
_PHONE_SIGNS = str.maketrans("", "", " \u00a0\u202f-./()\u2010\u2011\u2012\u2013")
_NUMBER_SIGNS = str.maketrans("", "", " \u00a0\u202f-./\u2010\u2011\u2012\u2013")
_DIGIT = re.compile("[0-9]")
_SE_WITH_CENTURY = 12


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers and dates are written in the source; a database gives them in its own."""

    decimal: str = "."
    date: str = ISO


@dataclass(frozen=True, slots=True)
class Forms:
    """A column: what is sent, what is compared, and which rows are wrong."""

    sent: list[str]
    normal: list[str]
    faults: Faults


def forms(kind: Kind, texts: list[str], countries: Sequence[str], form: Form) -> Forms:
    """Return a column of clean texts in its forms; empty stays empty and is never wrong."""
    if kind is Kind.TEXT:
        return Forms(texts, texts, {})
    if kind is Kind.DATE:
        days = _each(texts, lambda text: iso(text, form))
        return Forms(days, days, _faults(texts, days, NO_DATE))
    if kind is Kind.EMAIL:
        normal = _each(texts, email)
        return Forms(texts, normal, _faults(texts, normal, NO_EMAIL))
    one, fault = _BY_COUNTRY[kind]
    pairs = zip(texts, countries, strict=True)
    normal = [one(text, country) if text else "" for text, country in pairs]
    return Forms(texts, normal, _faults(texts, normal, fault))


def _each(texts: list[str], one: Callable[[str], str]) -> list[str]:
    return [one(text) if text else "" for text in texts]


def _faults(texts: list[str], normal: list[str], fault: Message) -> Faults:
    if texts.count("") == normal.count(""):
        return {}
    return {
        at: fault
        for at, (text, one) in enumerate(zip(texts, normal, strict=True))
        if text and not one
    }


# Each returns nothing for what is no value of its kind.


def email(text: str) -> str:
    """Return an address without case, its domain as it stands in the DNS."""
    if not _EMAIL.fullmatch(text) or len(text) > _LONGEST_ADDRESS:
        return ""
    folded = text.casefold()
    if folded.isascii():
        return folded
    local, _, domain = folded.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return ""


def phone(text: str, country: str) -> str:
    """Return a number in E.164, as somebody in that country would dial it (libphonenumber)."""
    bare = text.replace(" ", "").replace("-", "")
    if not (bare.isascii() and bare.removeprefix("+").isdecimal()):
        bare = text.replace("(0)", "", 1).translate(_PHONE_SIGNS)
    if _PLUS.fullmatch(bare) or bare[:2] == "00":
        known = phones.international(bare) if bare[1:].isdecimal() else None
    else:
        known = phones.national(bare, country)
    return known or _parsed(text, country)


_PLUS = re.compile(r"\+[0-9]{7,15}")


def _parsed(text: str, country: str) -> str:
    """
    Return what libphonenumber makes of it.

    A number that may be is taken, in use or not: plans change faster than packages.
    """
    try:
        found = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(found) != ValidationResult.IS_POSSIBLE:
        return ""
    number = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return f"{number};ext={found.extension}" if found.extension else str(number)


def organisation_number(text: str, country: str) -> str:
    """
    Return country and number, without signs, letters of VAT and a Swedish century.

    Its check digit is not asked for: a number with a slip is still the one that the company has.
    """
    bare = text.translate(_NUMBER_SIGNS).upper()
    if not _DIGIT.search(bare):
        return ""
    lettered = bare[:2].isalpha()
    if lettered:
        country, bare = bare[:2], bare[2:]
    if country == "NO":
        bare = bare.removesuffix("MVA")
    if country == "SE" and len(bare) == _SE_WITH_CENTURY:
        # SE556677889901 is a VAT number; 16, 18, 19 and 20 are centuries (Skatteverket, SKV 704).
        is_vat = lettered or bare[:2] not in {"16", "18", "19", "20"}
        bare = bare[:10] if is_vat else bare[2:]
    return country + bare


_BY_COUNTRY: Final = {
    Kind.PHONE: (phone, NO_PHONE),
    Kind.ORGANISATION_NUMBER: (organisation_number, NO_ORGANISATION_NUMBER),
}


# Dates and numbers


def iso(text: str, form: Form) -> str:
    """Return a date in ISO 8601; nothing for anything else."""
    found = day(text, form)
    return found.isoformat() if found else ""


def day(text: str, form: Form) -> date | None:
    """
    Return the date that a text tells in the declared form; None for anything else.

    Of an instant, which only databases have, it is the day as written there.
    """
    if form.date == ISO and text[10:11] == "T":
        text = text[:10]
    found = _date(form.date).fullmatch(text)
    try:
        return found and date(int(found["Y"]), int(found["m"]), int(found["d"]))
    except ValueError:  # the 30th of February
        return None


@cache
def _date(form: str) -> re.Pattern[str]:
    """Return a form as an expression, some twenty times as fast as strptime."""
    parts = {"%d": r"(?P<d>[0-9]{1,2})", "%m": r"(?P<m>[0-9]{1,2})", "%Y": r"(?P<Y>[0-9]{4})"}
    return re.compile("".join(parts.get(one, re.escape(one)) for one in re.split("(%[dmY])", form)))


def number(text: str, form: Form) -> Decimal | None:
    """Return the number that a text tells, exactly; None for anything else, also "1.000,50"."""
    if not _number(form.decimal).fullmatch(text):
        return None
    return Decimal(text.replace(form.decimal, ".", 1))


@cache
def _number(decimal: str) -> re.Pattern[str]:
    return re.compile(rf"[+-]?[0-9]+(?:{re.escape(decimal)}[0-9]+)?")
