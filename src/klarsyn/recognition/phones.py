"""
Telephone numbers, by the numbering plans in libphonenumber (the package phonenumbers).

Parsing with libphonenumber takes about 20 us, too much for every run of digits. For the home
countries the plan's own expressions are asked directly; a test compares the answers.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final

import phonenumbers
from phonenumbers import PhoneMetadata

HOME: Final = {"46": "SE", "45": "DK", "47": "NO", "358": "FI", "44": "GB"}
"""Calling codes whose plans are asked directly."""
_CODES: Final = {region: code for code, region in HOME.items()}

_KINDS: Final = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
_TRUNK: Final = frozenset({"46", "358", "44"})  # a leading 0 stands inside the country
_SHORTEST, _LONGEST = 7, 15  # digits with the calling code (E.164)


@cache
def _plan(region: str) -> re.Pattern[str]:
    """Return one expression for all national numbers that are in use."""
    metadata: Any = PhoneMetadata.metadata_for_region(region)
    kinds = (getattr(metadata, kind) for kind in _KINDS)
    numbers = [kind.national_number_pattern for kind in kinds if kind]
    in_use = "|".join(f"(?:{pattern})" for pattern in numbers if pattern)
    general = metadata.general_desc.national_number_pattern
    return re.compile(f"(?=(?:{general})$)(?:{in_use})$")


@lru_cache(maxsize=1 << 14)
def international(number: str) -> str | None:
    """
    Return a number with "+" or "00" in E.164 if its country uses it, else None.

    `number` holds digits only, after the "+"; a trunk "(0)" is already left out.
    """
    digits = number[1:] if number[0] == "+" else number[2:]
    if digits[:1] == "1":
        national = digits[1:]
        in_use = any(_plan(region).match(national) for region in ("US", "CA"))
        return f"+{digits}" if in_use else None
    for code, region in HOME.items():
        if digits.startswith(code):
            national = digits[len(code) :]
            if code in _TRUNK:
                national = national.removeprefix("0")
            return f"+{code}{national}" if _plan(region).match(national) else None
    return _parsed(f"+{digits}")


def _parsed(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(parsed) else None


@lru_cache(maxsize=1 << 14)
def home(number: str) -> str | None:
    """
    Return a number without calling code in E.164 as a Nordic or British reader would dial it.

    "070..." is Swedish if the Swedish plan has it, else British; eight digits are Danish or
    Norwegian. Where both plans have them, the Danish reading is given: the digits are the same.
    """
    if number[0] == "0":
        for code in ("46", "44", "358"):
            if _plan(HOME[code]).match(number[1:]):
                return f"+{code}{number[1:]}"
        return None
    for code in ("45", "47"):
        if _plan(HOME[code]).match(number):
            return f"+{code}{number}"
    return None


@lru_cache(maxsize=1 << 14)
def national(number: str, region: str) -> str | None:
    """
    Return digits as they are dialled inside a home country in E.164; None where it uses no such.

    None too for other countries, of which libphonenumber itself has to be asked.
    """
    code = _CODES.get(region)
    if code is None or (code in _TRUNK) != (number[:1] == "0"):
        return None
    digits = number[1:] if code in _TRUNK else number
    return f"+{code}{digits}" if _plan(region).match(digits) else None


@lru_cache(maxsize=1 << 14)
def north_american(number: str) -> bool:
    """Whether ten digits may be a number of the North American plan."""
    return number[0] in "23456789" and number[3] in "23456789"


@lru_cache(maxsize=1 << 14)
def possible(number: str) -> bool:
    """Whether a number with "+" or "00" has a calling code and a length that can be."""
    digits = number.lstrip("+") if number[0] == "+" else number[2:]
    if not _SHORTEST <= len(digits) <= _LONGEST:
        return False
    return any(int(digits[:n]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE for n in (1, 2, 3))
