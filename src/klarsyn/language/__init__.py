"""
Languages: names and dates, translations, and the detector of text in the wrong language.

Klarsyn publishes in six languages. Everything here works offline from files inside the package
and imports nothing of Klarsyn but its errors; the files are read at first use.
"""

from klarsyn.language.blocks import Block, blocks
from klarsyn.language.catalogue import (
    LANGUAGES,
    REVIEWED,
    MissingCatalogue,
    MissingTranslation,
    Translator,
    filled,
    mark,
    preferred,
    translator,
)
from klarsyn.language.cldr import (
    COUNTRIES,
    UnknownName,
    autonym,
    country_name,
    decimal,
    integer,
    joined,
    language_name,
    long_date,
    month_year,
    percent,
    quoted,
)
from klarsyn.language.detect import Foreign, foreign, mismatch

__all__ = [
    "COUNTRIES",
    "LANGUAGES",
    "REVIEWED",
    "Block",
    "Foreign",
    "MissingCatalogue",
    "MissingTranslation",
    "Translator",
    "UnknownName",
    "autonym",
    "blocks",
    "country_name",
    "decimal",
    "filled",
    "foreign",
    "integer",
    "joined",
    "language_name",
    "long_date",
    "mark",
    "mismatch",
    "month_year",
    "percent",
    "preferred",
    "quoted",
    "translator",
]
