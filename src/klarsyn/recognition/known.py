"""
Known people: the company's own customers, found by name, e-mail, telephone and organisation number.

A name is found in any case, in the genitive, as "Last, First", typed without accents, a company
without its legal form; with one typo; and by initial and family name. Everything is decided by
exact comparison of folded words: an index only says where to look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Protocol

from klarsyn.recognition import phones, spelling
from klarsyn.recognition.context import table
from klarsyn.recognition.findings import Hit

_FORMS: Final = sorted({*table("companies.toml")["forms"].split(), "(publ)"}, key=len, reverse=True)
_FORM_END: Final = re.compile(rf"[\s,]+(?:{'|'.join(map(re.escape, _FORMS))})\.?$", re.IGNORECASE)
_SHORTEST_COMPANY: Final = 4  # letters of a company's only word, to be looked for without its form
_GOOGLE: Final = frozenset({"gmail.com", "googlemail.com"})
_SIGN: Final = re.compile(r"\D+")
_SIGNS: Final = bytes(sign for sign in range(128) if not chr(sign).isdigit())
_HOME_CODES: Final = ("46", "45", "47", "358", "44")
_SHORTEST_PHONE: Final = 7
_ENDING: Final = 7  # last digits by which most numbers are told to be nobody's
WITH_VAT: Final = 12
"""Digits of a Swedish number with 16 before it, or 01 after it."""

LONG_ABROAD: Final = 11
"""Digits of a code of three, a trunk zero, and seven more."""

_WITHOUT_TRUNK: Final = frozenset({"45", "47"})  # codes whose numbers begin with no zero
_PLAIN: Final = re.compile(r"\+4[567][1-9]\d{6,9}$")  # needs no other form
_WRITTEN: Final = frozenset({"EMAIL", "VAT"})
_DIGITS_ONLY: Final = frozenset({"PHONE", "ORGNR"})  # mostly whole runs, which are asked too

Found = tuple[int, str]  # the row, and the category


class Matcher(Protocol):
    """Finds the known names of a text."""

    def find(self, text: str, hits: list[Hit]) -> None:
        """Add the names that stand in a block of text."""
        ...


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """
    The people and companies that are known, ready to be looked for.

    A finding's `known` is the row's place in `build`'s rows, from 0; where several rows share a
    name or a number it is the first of them.
    """

    names: Matcher
    contacts: dict[str, int]  #: e-mail, "+4670...", digits of an organisation number
    endings: bytearray  #: a bit for each seven last digits that a number in `contacts` has

    @classmethod
    def build(cls, rows: Iterable[Mapping[str, str]], *, fast: bool | None = None) -> KnownPeople:
        """
        Make the index. A row may have `name`, `company`, `email`, `phone`, `orgnr`; all optional.

        `name` is a person's, given name first. `fast`: True demands NumPy (ImportError without the
        extra `audit`), False does without it, None takes it if it is there; the answers are the
        same, time and memory are not (docs/benchmarks.md).
        """
        people: list[str] = []
        companies: list[str] = []
        contacts: dict[str, int] = {}
        keep = contacts.setdefault
        for n, row in enumerate(rows):
            told = row.get
            people.append(told("name") or "")
            companies.append(told("company") or "")
            if email := told("email"):
                for address in same_emails(email):
                    keep(address, n)
            if phone := told("phone"):
                for number in same_phones(phone):
                    keep(number, n)
            if orgnr := told("orgnr"):
                keep(same_orgnr(orgnr), n)
        return cls(_matcher(people, companies, fast=fast), contacts, _endings(contacts))

    def number(self, number: str) -> Found | None:
        """Return whose telephone or organisation number a run of digits is, by whatever sign."""
        find, digits = self.contacts.get, _digits(number)
        if _keeps_ending(number, digits) and not self._may_know(digits):
            return None
        for one in _meant(number, digits):
            if (row := find(one)) is not None:
                return row, "PHONE"
        row = find(_without_vat(digits))
        return None if row is None else (row, "ORGNR")

    def _may_know(self, digits: str) -> bool:
        """Whether a known number ends in these digits: signs, codes and zeros stand before them."""
        one = int(digits[-_ENDING:])
        if self.endings[one >> 3] >> (one & 7) & 1:
            return True
        return len(digits) == WITH_VAT and self._may_know(_without_vat(digits))

    def email(self, address: str) -> Found | None:
        """Return whose e-mail address it is, as it stands or without its "+tag"."""
        rows = (self.contacts.get(one) for one in same_emails(address))
        return next(((row, "EMAIL") for row in rows if row is not None), None)

    def mark(self, text: str, hits: list[Hit], runs: AbstractSet[int]) -> None:
        """Mark the hits with an address or number that is known; not those that are whole runs."""
        for n, hit in enumerate(hits):
            start, category = hit[0], hit[2]
            asked = category in _WRITTEN or (
                category in _DIGITS_ONLY
                and start not in runs
                and start + 1 not in runs
                and start + 2 not in runs
            )
            if not asked:
                continue
            value = text[hit.start : hit.end]
            found = self.email(value) if hit.category == "EMAIL" else self.number(value)
            if found:
                hits[n] = known_hit(hit.start, hit.end, found, hit.category)


def _endings(contacts: Iterable[str]) -> bytearray:
    bits = bytearray((10**_ENDING >> 3) + 1)
    for one in contacts:
        if one[-1].isdigit() and "@" not in one:
            ending = int(one[-_ENDING:].lstrip("+"))
            bits[ending >> 3] |= 1 << (ending & 7)
    return bits


def every_number(_data: bytes, runs: dict[int, int], _endings: bytearray) -> list[tuple[int, int]]:
    """Return all runs of digits as those that may be a known number."""
    return [(start, end - 1) for start, end in runs.items()]


def known_hit(start: int, end: int, found: Found, category: str) -> Hit:
    """Return the finding of a known address or number."""
    return Hit(start, end, category, f"known-{category.lower()}", 1.0, found[0])


def _matcher(people: list[str], companies: list[str], *, fast: bool | None) -> Matcher:
    if fast is not False:
        try:
            from klarsyn.recognition.knownfast import FastNames
        except ImportError:
            if fast:
                raise
        else:
            return FastNames(people, companies)
    from klarsyn.recognition.knownplain import PlainNames

    return PlainNames(people, companies)


def same_emails(address: str) -> list[str]:
    """
    Return how an address may be written by whoever types it, the likeliest first.

    Lower case; then without a "+tag". Google's mail also leaves out dots; its two domains are one.
    """
    address = address.strip().lower()
    local, _, domain = address.rpartition("@")
    if not local:
        return []
    if "+" not in local and domain not in _GOOGLE:
        return [address]
    if domain in _GOOGLE:
        local, domain = local.replace(".", ""), "gmail.com"
    untagged = local.partition("+")[0]
    return [f"{local}@{domain}"] + [f"{untagged}@{domain}"] * (0 < len(untagged) < len(local))


def same_phones(number: str) -> tuple[str, ...]:
    """Return the numbers in E.164 that may be meant: one, or one a country without its code."""
    if _PLAIN.match(number):
        return (number,)
    return _meant(number, _digits(number))


def _keeps_ending(number: str, digits: str) -> bool:
    """Whether the last seven digits are those of every number that may be meant."""
    count = len(digits)
    if count < _SHORTEST_PHONE or "(0)" in number:
        return False
    if digits[:2] == "00":
        return count >= LONG_ABROAD + 2
    if "+" in number:
        near = digits[:2] in _WITHOUT_TRUNK and digits[2] != "0"
        return count >= (_ENDING + 2 if near else LONG_ABROAD)
    return digits[0] != "0" or count > _ENDING


def _meant(number: str, digits: str) -> tuple[str, ...]:
    bare = number.strip().lstrip("(")
    if "(0)" in bare:
        digits = _digits(bare.replace("(0)", "", 1))
    if len(digits) < _SHORTEST_PHONE:
        return ()
    if bare[:1] == "+" or digits[:2] == "00":
        digits = digits.removeprefix("00")
        for code in _HOME_CODES:
            if digits.startswith(code):
                return (f"+{code}{digits[len(code) :].removeprefix('0')}",)
        return (f"+{digits}",)
    if digits[0] == "0":
        rest = digits[1:]
        return f"+46{rest}", f"+358{rest}", f"+44{rest}"
    sure = f"+45{digits}", f"+47{digits}"
    return (*sure, f"+{digits}") if phones.possible(f"+{digits}") else sure


def same_orgnr(number: str) -> str:
    """Return the digits of an organisation number, without what a VAT number adds."""
    return _without_vat(_digits(number))


def _without_vat(digits: str) -> str:
    if len(digits) == WITH_VAT:
        return digits[2:] if digits[:2] == "16" else digits[:10]
    return digits


def _digits(number: str) -> str:
    if number.isascii():
        return number.encode().translate(None, _SIGNS).decode()
    return _SIGN.sub("", number)


def variants(name: str) -> list[str]:
    """Return a person's name, and with "å" as "aa", "ö" as "oe" where it has such letters."""
    if name.isascii():
        return [name]
    name = unicodedata.normalize("NFC", name)
    spelled = spelling.spelled_out(name)
    return [name] if spelled == name else [name, spelled]


def company_variants(name: str) -> list[str]:
    """Return a company's name with and without its legal form, in both spellings."""
    bare = name
    while (shorter := _FORM_END.sub("", bare)) != bare:
        bare = shorter
    if bare == name or len(bare.strip()) < _SHORTEST_COMPANY:
        return variants(name)
    return [*variants(name), *variants(bare)]
