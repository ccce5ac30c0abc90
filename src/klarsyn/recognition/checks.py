"""
Is it a number of this kind? Asked of digits alone, hundreds of thousands of times a second.

python-stdnum is the authority: tests hold every check here to its answers. It takes 5 to 35 us a
question (docs/decisions/0021), so dates, Luhn and mod 11 are asked in a microsecond; what is rare
(VAT numbers abroad, the forms of IBANs, US numbers) is asked of python-stdnum itself.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import mul
from typing import Final

from stdnum import numdb
from stdnum.eu import vat as _eu_vat
from stdnum.gb import vat as _gb_vat
from stdnum.us import ssn as _ssn

_DIGITS: Final = b"0123456789"
_VALUES: Final = bytes.maketrans(_DIGITS, bytes(range(10)))
_DOUBLED: Final = bytes.maketrans(_DIGITS, bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))  # cross sums
_TENS: Final = 10
_ELEVEN: Final = 11
_COORDINATION: Final = 60  # added to the day in a samordningsnummer
_D_NUMBER: Final = 40  # added to the day in a D-number
_SYNTHETIC: Final = 40  # added once or twice to the month in Norway's test registers
_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_GROUPS: Final = re.compile(r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*")
_EIGHT: Final = 8
_LETTERS: Final = str.maketrans({chr(55 + value): str(value) for value in range(10, 36)})  # A is 10
# First digits of payment cards and their lengths (ISO/IEC 7812): Visa, Mastercard, American
# Express, Diners, Discover, JCB, Maestro.
_CARDS: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"3(?:0[0-5]|[68]\d)(?:\d{11}|\d{13})|6(?:011|4[4-9]\d|5\d\d)(?:\d{12}|\d{15})|"
    r"(?:35\d\d(?:\d{11}|\d{12})|(?:2131|1800)\d{11})|"
    r"(?:5018|5020|5038|5893|6304|6759|676[123])(?:\d{8}|\d{9}|\d{12}|\d{15})"
)
# Weights from the first digit on: CPR-kontoret, Erhvervsstyrelsen, Skatteetaten, and the register
# at Brønnøysund.
_CPR: Final = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_CVR: Final = (2, 7, 6, 5, 4, 3, 2, 1)
_FNR_FIRST: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_FNR_SECOND: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_ORGNR_NO: Final = (3, 2, 7, 6, 5, 4, 3, 2, 1)
_HOME_VAT: Final = frozenset({"DK", "NO", "SE"})  # their digits are checked here


def luhn(digits: str) -> bool:
    """The last digit makes the sum of all a multiple of ten, every second one doubled."""
    raw = digits.encode()
    total = sum(raw[-1::-2].translate(_VALUES)) + sum(raw[-2::-2].translate(_DOUBLED))
    return not total % _TENS


def _mod11(digits: str, weights: tuple[int, ...]) -> bool:
    return not sum(map(mul, weights, digits.encode().translate(_VALUES))) % _ELEVEN


@lru_cache(maxsize=1 << 16)
def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day) <= datetime.now(UTC).date()
    except ValueError:
        return False


def personnummer(digits: str) -> bool:
    """A Swedish personnummer or samordningsnummer, ten or twelve digits (Skatteverket, SKV 704)."""
    if not luhn(digits[-10:]):
        return False
    month, day = int(digits[-8:-6]), int(digits[-6:-4]) % _COORDINATION
    if len(digits) == _TENS:
        # Which century is told by the sign alone; one with that date is enough.
        year = int(digits[:2])
        return _is_date(1900 + year, month, day) or _is_date(2000 + year, month, day)
    return digits[:2] in ("18", "19", "20") and _is_date(int(digits[:4]), month, day)


def cpr_dated(digits: str) -> bool:
    """A Danish CPR number by its date alone: since 2007 numbers without mod 11 are given too."""
    year, seventh = int(digits[4:6]), digits[6]
    if seventh in "5678" and year >= 58:  # noqa: PLR2004  (the table of the CPR-kontoret)
        year += 1800
    elif seventh in "0123" or (seventh in "49" and year >= 37):  # noqa: PLR2004  (the same)
        year += 1900
    else:
        year += 2000
    return _is_date(year, int(digits[2:4]), int(digits[:2]))


def cpr(digits: str) -> bool:
    """A Danish CPR number that also keeps mod 11."""
    return _mod11(digits, _CPR) and cpr_dated(digits)


def fodselsnummer(digits: str) -> bool:
    """
    A Norwegian fødselsnummer or D-number: date and two check digits (Skatteetaten).

    Synthetic numbers of the test registers (40 or 80 added to the month) are right too.
    """
    if not (_mod11(digits, _FNR_SECOND) and _mod11(digits[:10], _FNR_FIRST)):
        return False
    year = _century(int(digits[4:6]), int(digits[6:9]))
    month = int(digits[2:4]) % _SYNTHETIC
    return bool(year) and _is_date(year, month, int(digits[:2]) % _D_NUMBER)


def _century(year: int, individual: int) -> int:
    """Return the year of birth by the individual number, 0 where none is given (Skatteetaten)."""
    for first, last, oldest, youngest, century in (
        (0, 499, 0, 99, 1900),
        (500, 749, 54, 99, 1800),
        (500, 999, 0, 39, 2000),
        (900, 999, 40, 99, 1900),
    ):
        if first <= individual <= last and oldest <= year <= youngest:
            return century + year
    return 0


def orgnr_se(digits: str) -> bool:
    """A Swedish organisationsnummer; a third digit under 2 would be somebody's personnummer."""
    if len(digits) > _TENS:
        if digits[:2] != "16":
            return False
        digits = digits[2:]
    return digits[2] >= "2" and digits[0] != "0" and luhn(digits)


def orgnr_no(digits: str) -> bool:
    """A Norwegian organisasjonsnummer: begins with 8 or 9, mod 11."""
    return digits[0] in "89" and _mod11(digits, _ORGNR_NO)


def cvr(digits: str) -> bool:
    """A Danish CVR number: mod 11, no leading zero."""
    return digits[0] != "0" and _mod11(digits, _CVR)


def account_no(digits: str) -> bool:
    """A Norwegian account number: eleven digits, mod 11."""
    return _mod11(digits, _FNR_SECOND)


def card(digits: str) -> bool:
    """A payment card: the issuer's first digits and length, and Luhn."""
    return _CARDS.fullmatch(digits) is not None and luhn(digits)


def ssn(digits: str) -> bool:
    """A US social security number, by the areas never given."""
    return bool(_ssn.is_valid(digits))


def vat(number: str) -> bool:
    """A VAT number with its country's letters: EU, GB and Norway ("MVA" optional)."""
    country, digits = number[:2], number[2:]
    if country in _HOME_VAT and not (number.isascii() and digits.removesuffix("MVA").isdecimal()):
        return False
    if country == "NO":
        return len(digits.removesuffix("MVA")) == 9 and orgnr_no(digits[:9])  # noqa: PLR2004
    if country == "DK":
        return len(digits) == 8 and cvr(digits)  # noqa: PLR2004
    if country == "SE":
        return len(digits) == 12 and digits[10:] == "01" and luhn(digits[:10])  # noqa: PLR2004
    return bool((_gb_vat if country == "GB" else _eu_vat).is_valid(number))


@cache
def iban_form(country: str) -> re.Pattern[str] | None:
    """Return how a country's IBAN goes on after its letters and check digits (SWIFT's registry)."""
    found = numdb.get("iban").info(f"{country}00")
    form = found[0][1].get("bban", "") if found and found[0][0] == country else ""
    signs = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
    parts = re.findall(r"(\d+)!([nac])", form)
    return re.compile("".join(f"{signs[kind]}{{{n}}}" for n, kind in parts)) if parts else None


@cache
def iban_length(country: str) -> int:
    """Return how long a country's IBAN is, 0 for a country that has none."""
    form = iban_form(country)
    return sum(map(int, re.findall(r"\{(\d+)\}", form.pattern))) + 4 if form else 0


def iban(number: str) -> bool:
    """An IBAN: the country's form and mod 97 (ISO 7064)."""
    form = iban_form(number[:2])
    if form is None or not form.fullmatch(number, 4) or not number[2:4].isdecimal():
        return False
    moved = number[4:] + number[:4]
    return int(moved if moved.isdecimal() else moved.translate(_LETTERS)) % 97 == 1


def ipv4(text: str) -> bool:
    """Four numbers up to 255, no leading zeros."""
    return _IPV4.fullmatch(text) is not None


def ipv6(text: str) -> bool:
    """Eight groups of hexadecimal digits, or fewer and "::" once (RFC 4291)."""
    if "." in text:
        return ":" in text and ip(text)
    head, gap, tail = text.partition("::")
    groups = 0
    for part in (head, tail):
        if part:
            if not _GROUPS.fullmatch(part):
                return False
            groups += part.count(":") + 1
    return groups < _EIGHT if gap else groups == _EIGHT


def ip(text: str) -> bool:
    """An IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def anything(_digits: str) -> bool:
    """No check is known for it: the words beside it must tell."""
    return True


def never(_digits: str) -> bool:
    """It has the shape and nothing more can be asked; counts only as unchecked."""
    return False
