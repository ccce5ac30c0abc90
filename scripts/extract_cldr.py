"""
Take from Babel's copy of CLDR what six languages need, so that Babel is no dependency at run time.

    python scripts/extract_cldr.py           write src/klarsyn/language/data/cldr.json
    python scripts/extract_cldr.py --check   fail if that file is not what would be written
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from babel import Locale, localedata

LANGUAGES = ("sv", "da", "nb", "en", "de", "fi")
LOCALES = {"en": "en_GB"}  # "25 January 2022", the order of the other five
OUTPUT = Path(__file__).parent.parent / "src/klarsyn/language/data/cldr.json"
NOT_COUNTRIES = {
    # CLDR names these, ISO 3166-1 does not assign them to a country.
    "AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ",
}  # fmt: skip
ISO_3166_1 = 249  # country codes assigned; a new one shows here


def main() -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    made = json.dumps(extracted(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if not check:
        OUTPUT.write_text(made, encoding="utf-8")
        return 0
    if OUTPUT.read_text(encoding="utf-8") == made:
        return 0
    print(f"{OUTPUT.name} is not what Babel {version('babel')} gives.", file=sys.stderr)
    return 1


def extracted() -> dict[str, Any]:
    """Everything the file holds."""
    countries = sorted(
        code
        for code in map(str, Locale("en").territories)
        if len(code) == len("SE") and code.isalpha() and code not in NOT_COUNTRIES
    )
    assert len(countries) == ISO_3166_1, len(countries)
    return {
        "source": f"CLDR as in Babel {version('babel')}, Unicode License v3",
        "languages": {language: facts(language, countries) for language in LANGUAGES},
    }


def facts(language: str, countries: list[str]) -> dict[str, Any]:
    """What one language needs. Country names come from the plain locale, patterns from LOCALES."""
    plain, regional = Locale(language), Locale.parse(LOCALES.get(language, language))
    symbols = regional.number_symbols["latn"]
    quotes = localedata.load(language)
    return {
        "countries": {code: plain.territories[code] for code in countries},
        "languages": {other: plain.languages[other] for other in LANGUAGES},
        "autonym": plain.languages[language],
        "months": [regional.months["format"]["wide"][n] for n in range(1, 13)],
        "months_alone": [regional.months["stand-alone"]["wide"][n] for n in range(1, 13)],
        "long_date": regional.date_formats["long"].pattern,
        "month_year": regional.datetime_skeletons["yMMMM"].pattern,
        "list": {
            key: regional.list_patterns["standard"][key] for key in ("2", "start", "middle", "end")
        },
        "quotes": quotation_marks(language, quotes),
        "decimal": symbols["decimal"],
        "group": symbols["group"],
        "minus": symbols["minusSign"],
        "percent": regional.percent_formats[None].pattern,
    }


def quotation_marks(language: str, data: Any) -> list[str]:
    """Babel leaves CLDR's delimiters out; the six are given here, after CLDR 47."""
    assert "delimiters" not in data, "Babel has them now: take them from there"
    return {
        "sv": ["”", "”"],
        "da": ["“", "”"],
        "nb": ["«", "»"],
        "en": ["“", "”"],
        "de": ["„", "“"],
        "fi": ["”", "”"],
    }[language]


if __name__ == "__main__":
    sys.exit(main())
