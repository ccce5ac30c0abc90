"""
Fields of a record: what a field's name says it holds. The names are data (data/fields.toml).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from klarsyn.recognition import checks, digits
from klarsyn.recognition.context import table, words
from klarsyn.recognition.findings import Hit

_HUMP: Final = re.compile(r"(?<=[a-zåäöæø0-9])(?=[A-ZÅÄÖÆØ])")
_PATH: Final = re.compile(r"[/\[\]]+|\.(?=\w)")
_PART: Final = re.compile(r"[a-z0-9]+")
_FOLDED: Final = str.maketrans({"å": "a", "ä": "a", "æ": "ae", "ö": "o", "ø": "o", "é": "e"})
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_CHECKED, _NAMED, _TAKEN = 0.99, 0.9, 0.5
_NUMBERS: Final = frozenset({"PHONE", "ORGNR", "NATID", "BANK", "VAT"})
_CHECKABLE: Final = _NUMBERS | {"EMAIL", "IP"}


@lru_cache(maxsize=1 << 12)
def category_of(name: str) -> str | None:
    """
    Return the category that a field's name announces, or None.

    "E-post", "customer_email", "kundTelefon" and "CPR-nr." are all understood, in sv, da, nb, nn
    and en. A name with a path ("contact.phone") is judged by its last part.
    """
    last = _PATH.split(name.strip(" ./[]"))[-1]
    plain = unicodedata.normalize("NFC", _HUMP.sub(" ", last)).lower().translate(_FOLDED)
    parts = _PART.findall(plain)
    whole, ends = _table()
    joined = "".join(parts)
    if joined in whole:
        return whole[joined]
    for n in range(1, len(parts)):
        tail = "".join(parts[n:])
        if tail in ends or (tail in whole and whole[tail] not in {"PERSON", "ORG", "SECRET"}):
            return ends.get(tail) or whole[tail]
    return next(
        (ends[end] for end in sorted(ends, key=len, reverse=True) if joined.endswith(end)), None
    )


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    ends: dict[str, str] = {}
    for category, entry in table("fields.toml").items():
        for word in words(entry):
            if word.startswith("*"):
                ends.setdefault(word[1:], category)
            else:
                whole.setdefault(word, category)
    return whole, ends


def read(text: str, start: int, end: int, category: str) -> Hit | None:
    """
    Return the whole value of a field as a finding of the category its name announces.

    A value that can be checked and is right is nearly certain; one that is wrong is reported with
    the confidence 0.5 and a rule that ends in "-unchecked". None for an empty value.
    """
    value = text[start:end]
    start += len(value) - len(value.lstrip())
    value = value.strip()
    if not any(sign.isalnum() for sign in value):
        return None
    end = start + len(value)
    rule = f"field-{category.lower()}"
    if category not in _CHECKABLE:
        return Hit(start, end, category, rule, _NAMED)
    if is_right(value, category):
        return Hit(start, end, category, rule, _CHECKED)
    return Hit(start, end, category, f"{rule}-unchecked", _TAKEN)


def is_right(value: str, category: str) -> bool:
    """Whether a value passes the check of its category; names, addresses, secrets have none."""
    if category == "EMAIL":
        return _EMAIL.fullmatch(value) is not None
    if category in _NUMBERS:
        return digits.is_a(value, category) or _is_lettered(value, category)
    if category == "IP":
        return checks.ip(value)
    return False


def _is_lettered(value: str, category: str) -> bool:
    bare = re.sub(r"[ .-]", "", value).upper()
    if category == "BANK":
        return checks.iban(bare)
    return category == "VAT" and bare[:2].isalpha() and checks.vat(bare)
