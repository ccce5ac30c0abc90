"""
Runs of digits: which of the many things a number can be.

A run is reduced to its shape ("000000-0000"), the shape names the forms it may have, the form's
check and the words beside it decide. Forms are ordered by nothing: the highest score wins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from klarsyn.recognition import checks, context, phones
from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit
from klarsyn.recognition.scan import Trigger

_SIGNS: Final = rb"(?:[ ]?[\-/(][ ]?|\)[ \-]?|[ .+])"
_GROUPS: Final = re.compile(r"[^ ]+")
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_WITHIN: Final = b" -./()"

_TOLD: Final = 0.95  # the check holds and a word says so
_LEAST: Final = 0.4  # less is not reported
_CONTRADICTED: Final = 0.3  # taken off where a word names another category
_OTHERWISE: Final = 0.55  # taken off where a word names an order, an amount, a version
_LINE: Final = "LINE"  # in place of a word: the number begins a line, as in a signature
_BEGINS_LINE: Final = 0.2  # added for telephone numbers
_PART: Final = 7  # characters at least, for a part of a run to be judged by itself
_LONGEST: Final = 48  # signs of a number, all of them; a page of lone digits must not stall


class Form(NamedTuple):
    """One way to write one kind of number."""

    rule: str
    category: str
    shape: str  #: expression over the shape: digits are 0
    check: Callable[[str], bool]  #: of the digits alone, "+" included
    alone: float  #: confidence if the check holds and no word tells; 0: a word must
    unchecked: float = 0.0  #: confidence if a word tells but the check fails; 0: not then


def _phone_home(number: str) -> bool:
    return phones.home(number) is not None


def _mobile_se(number: str) -> bool:
    return number[:2] == "07" and (phones.home(number) or "").startswith("+46")


def _phone_abroad(number: str) -> bool:
    return phones.international(number) is not None


FORMS: Final = (
    # National ids. Skatteverket SKV 704; CPR-kontoret; Skatteetaten; SSA.
    Form("natid-se", "NATID", r"(?:00)?0{6}[-+]0{4}", checks.personnummer, 0.92, 0.6),
    Form("natid-se", "NATID", r"0{8} ?0{4}", checks.personnummer, 0.9, 0.6),
    Form("natid-se", "NATID", r"0{6} ?0{4}", checks.personnummer, 0.75, 0.5),
    Form("natid-dk", "NATID", r"0{6}-0{4}", checks.cpr, 0.9),
    Form("natid-dk", "NATID", r"0{6} 0{4}", checks.cpr, 0.85),
    Form("natid-dk", "NATID", r"0{10}", checks.cpr, 0.7),
    Form("natid-dk-dated", "NATID", r"0{6}-0{4}", checks.cpr_dated, 0.75, 0.5),
    Form("natid-dk-dated", "NATID", r"0{6} 0{4}", checks.cpr_dated, 0.6, 0.5),
    Form("natid-dk-dated", "NATID", r"0{10}", checks.cpr_dated, 0.55, 0.5),
    Form("natid-no", "NATID", r"0{6}[ -]0{5}", checks.fodselsnummer, 0.95, 0.6),
    Form("natid-no", "NATID", r"0{6} 0{3} 0{2}", checks.fodselsnummer, 0.9, 0.6),
    Form("natid-no", "NATID", r"0{11}", checks.fodselsnummer, 0.9, 0.55),
    Form("natid-us", "NATID", r"000-00-0000", checks.ssn, 0.7, 0.5),
    # Organisation numbers. Bolagsverket; Erhvervsstyrelsen; Brønnøysundregistrene.
    Form("orgnr-se", "ORGNR", r"0{6}-0{4}", checks.orgnr_se, 0.9, 0.55),
    Form("orgnr-se", "ORGNR", r"0{6} ?0{4}|0{12}|0{8}-0{4}", checks.orgnr_se, 0.7, 0.5),
    Form("orgnr-dk", "ORGNR", r"0{8}|00 00 00 00|0000 0000|00 000 000", checks.cvr, 0.0, 0.55),
    Form("orgnr-no", "ORGNR", r"000 000 000", checks.orgnr_no, 0.8, 0.6),
    Form("orgnr-no", "ORGNR", r"0{9}|000\.000\.000", checks.orgnr_no, 0.65, 0.55),
    # VAT numbers without their letters: only where a word says so.
    Form("vat-se", "VAT", r"0{12}|0{10}[ -]?00", checks.luhn, 0.0, 0.5),
    Form("vat-dk", "VAT", r"0{8}|00 00 00 00", checks.cvr, 0.0, 0.5),
    Form("vat-no", "VAT", r"0{9}|000 000 000", checks.orgnr_no, 0.0, 0.5),
    # Accounts and cards. Bankföreningen; Finans Danmark; Bits AS; ISO/IEC 7812.
    Form("card", "BANK", r"(?:0{4}[ -]){3}0{1,7}|0{4}[ -]0{6}[ -]0{4,5}", checks.card, 0.85),
    Form("card", "BANK", r"0{12,19}", checks.card, 0.7),
    Form("account-no", "BANK", r"0{4}\.00\.0{5}|0{4} 00 0{5}", checks.account_no, 0.85, 0.6),
    Form("account-no", "BANK", r"0{11}", checks.account_no, 0.45, 0.5),
    Form(
        "account-dk",
        "BANK",
        r"0{4}[ -]0{6,10}|0{4}[ -]000 000 0000?|0{4}[ -]00 00 00 00(?: 00)?",
        checks.anything,
        0.0,
    ),
    Form("account-dk", "BANK", r"0{4}-0{10}", checks.anything, 0.6),
    Form(
        "account-se",
        "BANK",
        r"(?=(?:[ -]*0){10})0{4}(?:-0)?[ -]0{1,4}(?:[ -]?0{1,4}){1,4}",
        checks.anything,
        0.0,
    ),
    Form(
        "account-se",
        "BANK",
        r"0{4}-0 0{1,3}(?: 000){2,3}-0|0{4}-0 0{7,10}",
        checks.anything,
        0.7,
    ),
    Form("giro-se", "BANK", r"0{3,4}-0{4}|0{1,7}-0|0{2}(?: 00){1,3}-0", checks.luhn, 0.0),
    Form("bankgiro-se", "BANK", r"0{3}-0{4}", checks.luhn, 0.45),
    Form("account-gb", "BANK", r"00-00-00 0{8}", checks.anything, 0.75),
    # Telephone numbers. E.164 and the national plans in libphonenumber.
    Form("phone", "PHONE", r"\(?\+0(?:[ \-./()]{0,3}0){6,14}", _phone_abroad, 0.92),
    Form("phone-possible", "PHONE", r"\(?\+0(?:[ \-./()]{0,3}0){6,14}", phones.possible, 0.7),
    Form("phone", "PHONE", r"00[1-9]?0(?:[ \-./()]{0,3}0){8,13}", _phone_abroad, 0.8),
    Form("phone-possible", "PHONE", r"00[ -]?0(?:[ \-./()x]{0,3}0){8,13}", phones.possible, 0.0),
    Form("phone", "PHONE", r"\(?0{2,5}\)?[ \-/]{1,3}0{2,8}(?:[ -]0{2,4}){0,3}", _phone_home, 0.75),
    Form("phone", "PHONE", r"0{9,11}", _phone_home, 0.3),
    Form("phone", "PHONE", r"0{10}", _mobile_se, 0.72),
    Form("phone", "PHONE", r"00 00 00 00|000 00 000", _phone_home, 0.75),
    Form("phone", "PHONE", r"0000 0000|00 000 000", _phone_home, 0.65),
    Form("phone", "PHONE", r"0{8}", _phone_home, 0.3),
    Form("phone-us", "PHONE", r"\(000\)[ -]?000-0000", phones.north_american, 0.75),
    Form(
        "phone-us",
        "PHONE",
        r"000-000-0000|000\.000\.0000",
        phones.north_american,
        0.7,
    ),
    Form("phone-us", "PHONE", r"\(?000\)?[ -]?000[ -]0000|0{10}", phones.north_american, 0.0),
    Form(
        "phone-told",
        "PHONE",
        r"(?!0000-00-00|00\.00\.0000)\(?0(?:[ \-./()]{0,3}0){6,14}",
        checks.never,
        0.0,
        0.6,
    ),
)


_COMPILED: Final = tuple((form, re.compile(form.shape)) for form in FORMS)


@lru_cache(maxsize=1 << 14)
def forms_of(shape: bytes) -> tuple[Form, ...]:
    """Return the forms that a run of this shape may have."""
    written = shape.decode()
    return tuple(form for form, pattern in _COMPILED if pattern.fullmatch(written))


class Option(NamedTuple):
    """What a number is, and how sure that is, if the check holds."""

    confidence: float
    check: Callable[[str], bool]
    category: str
    rule: str


@lru_cache(maxsize=1 << 14)
def options(shape: bytes, told: str | None) -> tuple[Option, ...]:
    """
    Return what a run of this shape may be beside such a word, surest first.

    The first option whose check holds is the answer.
    """
    found = [option for form in forms_of(shape) for option in _weighed(form, told)]
    return tuple(sorted(found, key=lambda option: -option.confidence))


def _weighed(form: Form, told: str | None) -> list[Option]:
    if told == form.category:
        sure = Option(max(_TOLD, form.alone), form.check, form.category, form.rule)
        unsure = Option(form.unchecked, checks.anything, form.category, f"{form.rule}-unchecked")
        return [sure, unsure] if form.unchecked else [sure]
    if told in {None, _LINE}:
        gained = _BEGINS_LINE if told and form.category == "PHONE" and form.alone else 0.0
        left = round(form.alone + gained, 2)
    else:
        left = round(form.alone - (_OTHERWISE if told == context.OTHER else _CONTRADICTED), 2)
    return [Option(left, form.check, form.category, form.rule)] if left >= _LEAST else []


def read_all(text: str, _data: bytes, runs: dict[int, int], hits: list[Hit]) -> None:
    """Judge all runs of digits in a block."""
    for start, end in runs.items():
        read(text, start, end, hits)


def read(text: str, start: int, end: int, hits: list[Hit]) -> None:
    """Judge the run of digits that stands here; `end` is after the sign that ends it."""
    end -= 1
    sign = text[start - 1]
    if sign not in " \n\0":
        if sign.isalnum() or sign in GLUED or (sign in "-.:," and _is_word(text[start - 2])):
            return
        if sign in "+(":
            start = _opening(text, start, text[start:end])
    if text[end] not in _ENDS and not _stands_alone(text, start, end):
        return
    hit = judge(text, start, end)
    if hit is not None:
        hits.append(hit)
    elif " " in text[start:end]:
        read_parts(text, start, end, hits)


_ENDS: Final = " \n\0)"  # nothing longer goes on after these
GLUED: Final[frozenset[str]] = frozenset("_#/@\\$€£%&")
"""Signs beside a run that make it a part of something else."""

NOT_AFTER: Final[frozenset[str]] = GLUED | {"°"}
"""The same, after it."""


def _opening(text: str, start: int, run: str) -> int:
    """Return where a number after "+" or "(" begins."""
    if text[start - 1] == "+":
        return start - 2 if text[start - 2] == "(" and ")" in run else start - 1
    return start - 1 if ")" in run else start


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing after it makes the run a part of something longer."""
    sign = text[end]
    if sign in " .\n\0)":
        return sign != "." or not text[end + 1].isdigit()
    if sign.isalpha():
        return text.startswith(("MVA", "mva", "x", "ext"), end)
    if sign in ",:":
        return not text[end + 1].isdigit() or text[start] in "+("
    if sign == "-":
        return not text[end + 1].isalnum() or context.after(text, end) is not None
    return sign not in NOT_AFTER


def judge(text: str, start: int, end: int) -> Hit | None:
    """Return what a number is, by its shape, its check and the words beside it."""
    raw = text[start:end].encode()
    shape = raw.translate(_ZEROS)
    if not forms_of(shape):
        return None
    told = context.before(text, start) or beside(text, start, end)
    choice = options(shape, told)
    if choice:
        number = _digits(raw)
        for confidence, check, category, rule in choice:
            if check(number):
                return as_hit((start, end, category, rule, confidence, UNKNOWN))
    return None


def beside(text: str, start: int, end: int) -> str | None:
    """Return what a word after a number announces, LINE for one that begins a line, or None."""
    told = context.after(text, end) if text[end] in " (-" else None
    return _LINE if told is None and text[start - 1] == "\n" else told


def written(runs: list[bytes]) -> tuple[list[str], list[bytes]]:
    """Return the digits of many numbers, and their shapes: in one stroke, not one by one."""
    if not runs:
        return [], []
    together = b"\n".join(runs)
    numbers = together.translate(None, _WITHIN).decode().split("\n")
    if b"+" in together:
        numbers = [
            _digits(run) if "+" in number else number
            for number, run in zip(numbers, runs, strict=True)
        ]
    return numbers, together.translate(_ZEROS).split(b"\n")


def _digits(raw: bytes) -> str:
    """Return the digits of a number, after a "+" that stands in front; not between: 040420+9801."""
    if b"+" not in raw:
        return raw.translate(None, _WITHIN).decode()
    if raw.lstrip(b"(")[:1] == b"+":
        return "+" + raw.replace(b"(0)", b"", 1).translate(None, _WITHIN + b"+").decode()
    return raw.translate(None, _WITHIN + b"+").decode()


def is_a(value: str, category: str) -> bool:
    """Whether a value by itself passes a check of the category."""
    if not value.isascii():
        return False
    raw = value.encode()
    choice = options(raw.translate(_ZEROS), category)
    number = _digits(raw)
    told = (option for option in choice if not option.rule.endswith("-unchecked"))
    return any(
        option.category == category and option.check is not checks.anything and option.check(number)
        for option in told
    )


def read_parts(text: str, start: int, end: int, hits: list[Hit]) -> None:
    """Judge a run that is no number as a whole as several numbers with spaces between them."""
    groups = [match.span() for match in _GROUPS.finditer(text, start, end)]
    stops = [stop for _, stop in groups]
    n = 0
    while n < len(groups):
        farthest = bisect_right(stops, groups[n][0] + _LONGEST)
        for m in range(farthest, n, -1):
            begin, stop = groups[n][0], groups[m - 1][1]
            if stop - begin < _PART or stop - begin == end - start:
                continue
            hit = judge(text, begin, stop)
            if hit:
                hits.append(hit)
                n = m - 1
                break
        n += 1


RUNS: Final = Trigger(rb"[0-9](?:" + _SIGNS + rb"?[0-9]){6,}[^0-9]", read, run=True)
TRIGGERS: Final[tuple[Trigger, ...]] = (RUNS,)
