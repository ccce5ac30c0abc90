"""
Words that pages kept by hand use, and what a draft calls them: data, purposes, vendors, columns.

The tables lie in data/*.toml and are read at first use. They give labels and classifications,
never a fact about a vendor.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from klarsyn.language import COUNTRIES, LANGUAGES, country_name

_DATA = Path(__file__).parent / "data"
_ALIKE = 0.92  # of two words, so that "IINTERN KOMMUNIKATION" is still internal communication
_COMMON_WORD = 5  # letters, at most, of a product's name that may be a word in a firm's
_MISSPELT = 2  # letters more or less
_LONG = 10  # letters, at least, before a misspelt word is recognised
_LONGEST_LIST = 1000  # letters of a list of countries
_LONGEST_WORD = 80  # letters; nothing longer is compared with every known word

# Firms' legal forms, and what stands between a product's name and them.
_LEGAL_FORM = re.compile(
    r",?\s+(?:inc|llc|ltd|limited|gmbh|ag|ab|aps|a/s|as|asa|oy|oyj|plc|corp|corporation|sarl|"
    r"s\.?à\.?\s?r\.?l|b\.?v|s\.?a|se|pbc|co|pty|ehf|emea|international|europe|ireland)\b\.?",
    re.IGNORECASE,
)


def normal(text: str) -> str:
    """Return a text as it is compared: without case, hyphens, punctuation and double spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("/", " ")
    folded = re.sub(r"(?<=\w)[-‐‑](?=\w)", "", folded)
    return " ".join(re.sub(r"[^\w\s]|_", " ", folded).split())


def slug(text: str, otherwise: str) -> str:
    """Return an id made of a text: small letters, digits, hyphens; `otherwise` if none is left."""
    spelt = text.casefold().translate(_SPELT)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    made = "-".join(re.findall(r"[a-z0-9]+", plain))[:48].strip("-")
    return f"{made}-{otherwise}" if made in _RESERVED else made or otherwise


_SPELT = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


# Data, purposes, vendors.


def elements() -> dict[str, dict[str, Any]]:
    """Return the common kinds of data by id, as data/elements.toml has them."""
    return _read("elements")


def purposes() -> dict[str, dict[str, Any]]:
    """Return the common purposes by id, as data/purposes.toml has them."""
    return _read("purposes")


def page_words() -> dict[str, dict[str, Any]]:
    """Return the words of data/pagewords.toml."""
    return _read("pagewords")


@cache
def element(label: str) -> str | None:
    """Return the id of the common kind of data that a label names; a secret anywhere in it."""
    known = _ids("elements")
    words = normal(label)
    if one := _nearest(words, known):
        return one
    secrets = {one for one, facts in elements().items() if facts.get("sensitivity") == "secret"}
    return next((known[word] for word in words.split() if known.get(word) in secrets), None)


@cache
def purpose(label: str) -> str | None:
    """Return the id of the common purpose that a label names."""
    return _nearest(normal(label), _ids("purposes"))


@cache
def vendor(name: str) -> tuple[str, str] | None:
    """Return a common vendor's name and kind; a firm's legal form and country may follow it."""
    known = _vendors()
    words = normal(_LEGAL_FORM.sub("", f" {name}")).split()
    for length in range(min(len(words), 5), 0, -1):
        if (found := known.get(" ".join(words[:length]))) and (length == len(words) or length > 1):
            return found
    first = known.get(words[0]) if words else None
    # "Make Better AB" is not Make: one word speaks for a longer name only if it is no common word.
    return first if first and len(words[0]) > _COMMON_WORD and words[0] != "google" else None


def _nearest(words: str, known: dict[str, str]) -> str | None:
    if one := known.get(words):
        return one
    if not _LONG <= len(words) <= _LONGEST_WORD:
        return None
    # One letter too many or too few, not another word: so few are compared in full.
    alike = [one for one in known if one[0] == words[0] and abs(len(one) - len(words)) <= _MISSPELT]
    near = difflib.get_close_matches(words, alike, n=1, cutoff=_ALIKE)
    return known[near[0]] if near else None


@cache
def _ids(table: str) -> dict[str, str]:
    ids: dict[str, str] = {}
    for one, facts in _read(table).items():
        for word in (*facts["label"].values(), *facts.get("also", ())):
            ids.setdefault(normal(word), one)
    return ids


@cache
def _vendors() -> dict[str, tuple[str, str]]:
    return {
        normal(name): (one["name"], one["kind"])
        for one in _every_vendor()
        for name in (one["name"], *one["also"])
    }


@cache
def _every_vendor() -> list[dict[str, Any]]:
    vendors: list[dict[str, Any]] = _tables("vendors")["vendors"]
    return vendors


# Columns, statements, countries.

Column = Literal[
    "name", "entity", "purpose", "data", "location", "storage", "access", "entity_country",
    "mechanism", "address", "contact", "start", "end", "agreement", "own_list", "other",
]  # fmt: skip


@cache
def column(heading: str) -> Column | None:
    """Return what a column or field is about, by its heading."""
    if len(heading) > _LONGEST_WORD:
        return None
    words = normal(re.sub(r"\([^)]*\)", "", heading)) or normal(heading)
    return _columns().get(words)


@cache
def _columns() -> dict[str, Column]:
    words = page_words()["columns"]
    return {normal(word): kind for kind in get_args(Column) for word in words[kind]}


@cache
def statement(text: str) -> Literal["none", "incidental"] | None:
    """Return what a sentence claims of a vendor's data: none, only at times, or nothing clear."""
    folded = " ".join(text.casefold().split())
    claims: tuple[Literal["incidental", "none"], ...] = ("incidental", "none")
    return next((claim for claim in claims if _matches("statements", claim, folded)), None)


def speaks_of(what: Literal["agreements_for_all", "calculated"], text: str) -> bool:
    """Tell whether a text says that all have an agreement, or that something is calculated."""
    return _matches("statements", what, " ".join(text.casefold().split()))


def mechanism(text: str) -> list[str]:
    """Return the grounds of transfer that a text names."""
    folded = " ".join(text.casefold().split())
    return [one for one in page_words()["mechanisms"] if _matches("mechanisms", one, folded)]


def _matches(table: str, one: str, text: str) -> bool:
    return any(re.search(pattern, text) for pattern in page_words()[table][one])


def countries(text: str) -> tuple[list[str], bool]:
    """Return the countries that a text names, and whether it names nothing else."""
    found: list[str] = []
    rest = text = text[:_LONGEST_LIST]
    for part in re.split(r"[,;/|()\n·•&]|\s(?:and|och|og|und|ja|or|eller|oder|tai)\s", text):
        bare = part.strip(" .")
        code = bare if bare in COUNTRIES else _countries().get(normal(bare))
        if code:
            rest = rest.replace(part, "", 1)
            found.extend([code] if code not in found else [])
    words = set(normal(rest).split()) - set(page_words()["page"]["joins"])
    return found, not words


@cache
def _countries() -> dict[str, str]:
    names = {normal(country_name(c, one)): c for one in LANGUAGES for c in sorted(COUNTRIES)}
    more = {normal(n): c for c, written in page_words()["countries"].items() for n in written}
    return names | more


@cache
def _read(table: str) -> dict[str, dict[str, Any]]:
    return _tables(table)


def _tables(table: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{table}.toml").read_text(encoding="utf-8"))
