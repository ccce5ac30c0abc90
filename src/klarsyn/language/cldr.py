"""
Names, dates, lists and numbers as each language writes them.

From CLDR, through Babel, which is needed only to make data/cldr.json
(scripts/extract_cldr.py). The file is read at the first question, not at import.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

_DATA = Path(__file__).parent / "data" / "cldr.json"
_GROUP_OF = 3  # digits; none of the six languages groups otherwise
_GROUPED_FROM = 10_000  # Swedish, Norwegian and Finnish leave four digits together

_ISO_3166_1 = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
    ZW
"""

#: Every country code that ISO 3166-1 assigns. EU, XK and other borrowed codes are not countries.
COUNTRIES = frozenset(_ISO_3166_1.split())


class UnknownName(LookupError):
    """There is no name for this code in this language."""


def country_name(code: str, language: str) -> str:
    """The country's short name, as CLDR has it: "Storbritannien", "Vereinigtes Königreich"."""
    return _name("countries", code, language)


def language_name(code: str, language: str) -> str:
    """The name of one of the six languages: "danska", "Dänisch"."""
    return _name("languages", code, language)


def autonym(language: str) -> str:
    """The language's own name for itself, as a language switch shows it, in lower case or not."""
    return str(_facts(language)["autonym"])


def long_date(day: date, language: str) -> str:
    """25 januari 2022, 25. januar 2022, 25 January 2022, 25. tammikuuta 2022."""
    return _dated(_facts(language)["long_date"], day, language)


def month_year(day: date, language: str) -> str:
    """Januari 2022 without its capital; Finnish turns to its basic form, tammikuu 2022."""
    return _dated(_facts(language)["month_year"], day, language)


def joined(items: Iterable[str], language: str) -> str:
    """One, two and three: with the language's own "and", and no comma before it."""
    *first, last = list(items) or [""]
    patterns = _facts(language)["list"]
    if not first:
        return last
    start = first[0]
    for item in first[1:]:
        start = _paired(patterns["middle"], start, item)
    return _paired(patterns["end" if len(first) > 1 else "2"], start, last)


def quoted(text: str, language: str) -> str:
    """The text between the language's quotation marks."""
    opening, closing = _facts(language)["quotes"]
    return f"{opening}{text}{closing}"


def integer(n: int, language: str) -> str:
    """The number with its digits grouped from five digits on, so that a year is left alone."""
    facts = _facts(language)
    digits: str = (
        f"{abs(n):,}".replace(",", facts["group"]) if abs(n) >= _GROUPED_FROM else str(abs(n))
    )
    return f"{facts['minus']}{digits}" if n < 0 else digits


def decimal(number: float | Decimal, language: str, *, places: int = 1) -> str:
    """The number rounded to so many places, with the language's decimal sign."""
    whole, _, rest = f"{abs(number):.{places}f}".partition(".")
    facts = _facts(language)
    sign: str = facts["minus"] if number < 0 and (int(whole) or rest.strip("0")) else ""
    return f"{sign}{integer(int(whole), language)}{facts['decimal'] + rest if rest else ''}"


def percent(share: float, language: str, *, places: int = 0) -> str:
    """A share of one as per cent: 0.25 is "25 %", with a space that does not break, or "25%"."""
    pattern: str = _facts(language)["percent"]
    return decimal(share * 100, language, places=places) + pattern.removeprefix("#,##0")


def _name(kind: str, code: str, language: str) -> str:
    names = _facts(language)[kind]
    try:
        return str(names[code])
    except KeyError:
        raise UnknownName(f"{code!r} is no code with a name among the {kind}.") from None


def _dated(pattern: str, day: date, language: str) -> str:
    facts = _facts(language)
    fields = {
        "d": str(day.day),
        "y": str(day.year),
        "MMMM": str(facts["months"][day.month - 1]),
        "LLLL": str(facts["months_alone"][day.month - 1]),
    }
    return re.sub("d|y|MMMM|LLLL", lambda found: fields[found[0]], pattern)


def _paired(pattern: str, first: str, second: str) -> str:
    """Fill {0} and {1} once each: an item may hold braces of its own."""
    before, _, rest = pattern.partition("{0}")
    between, _, after = rest.partition("{1}")
    return f"{before}{first}{between}{second}{after}"


def _facts(language: str) -> dict[str, Any]:
    languages: dict[str, dict[str, Any]] = _read()["languages"]
    try:
        return languages[language]
    except KeyError:
        known = ", ".join(languages)
        raise UnknownName(f"{language!r} is none of the languages {known}.") from None


@cache
def _read() -> dict[str, Any]:
    import msgspec

    return msgspec.json.decode(_DATA.read_bytes(), type=dict[str, Any])
