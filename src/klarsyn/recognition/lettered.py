"""
Numbers that begin with letters: IBAN, VAT numbers, and the British national insurance number.
"""

from __future__ import annotations

import re
from typing import Final

from klarsyn.recognition import checks, context
from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit
from klarsyn.recognition.scan import Trigger

# Member states' letters (EL is Greece), GB, XI (Northern Ireland), Norway, Switzerland.
_COUNTRIES: Final = (
    "AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK|XI"
)
_VAT: Final = re.compile(
    rf"(?:{_COUNTRIES})[ -]?(?=[0-9A-Z]{{0,2}}[0-9])"
    r"(?:[0-9]{2,3}(?:[ .-][0-9]{2,4}){1,3}|[0-9A-Z]{8,12})"
    r"(?:[ ]?MVA)?(?![^\W_])"
)
_MVA: Final = re.compile(
    r"(?<![^\W_])(?:NO[ ]?)?(?P<digits>[0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3})[ ]?MVA(?![^\W_])"
)
_MVA_REACH, _MVA_AFTER = 14, 6  # characters before and after the last digit that may belong to it
_MARKS: Final = str.maketrans("", "", " -.")
_INSURANCE: Final = re.compile(
    r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[A-D](?![^\W_])"
)
_SURE, _TOLD = 0.97, 0.6


def read(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge what begins with two letters and a digit here."""
    if text[place - 1].isalnum() or text[place - 1] in "_-/":
        return
    hit = _iban(text, place) or _vat(text, place) or _insurance(text, place)
    if hit:
        hits.append(hit)


def _iban(text: str, place: int) -> Hit | None:
    length = checks.iban_length(text[place : place + 2].upper())
    if not length:
        return None
    near = text[place : place + 2 * length].replace(" ", "").replace("-", "")
    number = near[:length].upper()
    if not number.isascii() or not checks.iban(number):
        return None
    end = place + length
    while (wanted := place + length + _marks(text, place, end)) != end:
        end = wanted
    if end >= len(text) or _goes_on(text, end):
        return None
    return as_hit((place, end, "BANK", "iban", _SURE, UNKNOWN))


def _marks(text: str, place: int, end: int) -> int:
    return text.count(" ", place, end) + text.count("-", place, end)


def _goes_on(text: str, end: int) -> bool:
    return text[end].isalnum() or text[end] == "_"


def _vat(text: str, place: int) -> Hit | None:
    found = _VAT.match(text, place)
    if found is None:
        return None
    number = found[0].translate(_MARKS)
    if checks.vat(number):
        return as_hit((place, found.end(), "VAT", "vat", _SURE, UNKNOWN))
    if context.before(text, place) == "VAT":
        return Hit(place, found.end(), "VAT", "vat-told", _TOLD)
    return None


def _insurance(text: str, place: int) -> Hit | None:
    found = _INSURANCE.match(text, place)
    if found is None:
        return None
    told = context.before(text, place)
    if told not in {None, "NATID"}:
        return None
    return Hit(place, found.end(), "NATID", "natid-gb", 0.9 if told else _TOLD)


def read_mva(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge nine digits with "MVA" after them: a Norwegian organisation number as a VAT number."""
    around = _MVA.finditer(text, max(0, place - _MVA_REACH), place + _MVA_AFTER)
    hits += [
        Hit(*found.span(), "VAT", "vat-no-mva", _SURE)
        for found in around
        if checks.orgnr_no(found["digits"].translate(_MARKS))
    ]


TRIGGERS: Final[tuple[Trigger, ...]] = (
    Trigger(rb"[A-Z]{2}[0-9]{2}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4}", read, caseless=True),
    Trigger(rb"[ -]?[A-Z]?[0-9]{2}", read, begins=tuple(_COUNTRIES.encode().split(b"|"))),
    Trigger(rb"[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]", read),
    Trigger(rb"[0-9] ?MVA", read_mva),
)
