"""
What a page kept by hand says of one vendor: heading, elements, statement, columns; and dates.

The texts are kept letter for letter; what they mean is decided when a draft is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from klarsyn.language import LANGUAGES, long_date
from klarsyn.register.drafts import vocabulary
from klarsyn.register.drafts.pageblocks import Cell
from klarsyn.register.drafts.vocabulary import Column

_LABEL_WORDS = 9  # more are a sentence, not a label
_SENTENCE_WORDS = 3  # more, and a full stop, are one too
_HEADING_LETTERS = 120
_LINE_LETTERS = 500  # of a line "Name: purpose (location)"
_DATED_LETTERS = 120  # of a line that tells when the page was updated
_DATE_LETTERS = 20  # of a line that is nothing but a date
_MONTHS = 12
_LIST_LETTERS = 2000  # of a cell that is read as a list


@dataclass(frozen=True, slots=True)
class PrintedElement:
    """A kind of data as the page prints it: its label, and its explanation with the brackets."""

    label: str
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A further fact: its heading as printed, what it is about, the text, and a link in it."""

    heading: str
    about: Column
    text: str
    link: str | None = None


@dataclass(slots=True)
class PrintedVendor:
    """One vendor's part of the page."""

    name: str
    heading: str
    line: int
    purpose: str | None = None
    elements: list[PrintedElement] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    columns: list[PrintedColumn] = field(default_factory=list)

    @property
    def statement(self) -> str | None:
        """What is said in a sentence, in place of a list or beside it."""
        return " ".join(self.statements) or None


# Headings.

_BRACKETED = re.compile(r"(?P<name>[^()]*\S)\s*\((?P<inside>.+)\)\s*:?\s*")
_DASHED = re.compile(r"(?P<name>\S.{0,79}?)(?:\s+[–—-]+\s+|\s*:\s+)(?P<rest>\S.*)")
_FIRM = re.compile(
    r"\b(?:inc|llc|ltd|limited|gmbh|ab|aps|a/s|as|oy|plc|sarl|b\.v)\b\.?", re.IGNORECASE
)


def vendor_from_heading(text: str, line: int) -> PrintedVendor:
    """Read "NAME (PURPOSE)", "Name: purpose (location)", "Name – purpose" or a bare name."""
    vendor = PrintedVendor(name=text.strip().rstrip(":").strip() or text, heading=text, line=line)
    if len(text) > _LINE_LETTERS:  # no heading; the whole of it is kept as printed
        vendor.name = f"{text[:_DATE_LETTERS].strip()}…"
    elif (dashed := _DASHED.fullmatch(text)) and "(" not in dashed["name"]:
        vendor.name, purpose = dashed["name"], dashed["rest"]
        if bracketed := _BRACKETED.fullmatch(purpose.rstrip(".")):
            purpose = bracketed["name"]
            _take_brackets(vendor, bracketed["inside"])
        vendor.purpose = purpose.strip().rstrip(".")
    elif bracketed := _BRACKETED.fullmatch(text):
        vendor.name = bracketed["name"].strip()
        _take_brackets(vendor, bracketed["inside"])
    vendor.name = vendor.name.strip()
    return vendor


def _take_brackets(vendor: PrintedVendor, inside: str) -> None:
    found, all_of_it = vocabulary.countries(inside)
    if found and all_of_it:
        vendor.columns.append(PrintedColumn("", "location", inside))
    elif _FIRM.search(inside):
        vendor.columns.append(PrintedColumn("", "entity", inside))
    elif vendor.purpose is None and not _DASHED.fullmatch(vendor.heading):
        vendor.purpose = inside.strip()
    else:
        vendor.columns.append(PrintedColumn("", "other", inside))


def names_a_vendor(text: str) -> bool:
    """Tell whether a text has the shape of a heading that names a vendor and its purpose."""
    if len(text) > _HEADING_LETTERS or text.rstrip().endswith((".", "!", "?")):
        return False
    return _BRACKETED.fullmatch(text) is not None


# Fields, elements, statements.

_FIELD = re.compile(r"(?P<heading>[^:：]{2,60}?)\s*[:：]\s*(?P<value>.*)", re.DOTALL)


def field_of(text: str) -> tuple[str, Column, str] | None:
    """Return heading, kind and value of a text such as "Purpose: newsletters"."""
    found = _FIELD.fullmatch(text)
    about = vocabulary.column(found["heading"]) if found else None
    return (found["heading"], about, found["value"]) if found and about else None


def is_statement(text: str) -> bool:
    """Tell a sentence from a label; a label may have its explanation in brackets."""
    if vocabulary.statement(text):
        return True
    label = re.split(r"\s*\(", text, maxsplit=1)[0]
    words = label.split()
    ends = text.endswith(".") and "(" not in text
    return len(words) > _LABEL_WORDS or (len(words) > _SENTENCE_WORDS and ends)


def element_from(text: str) -> PrintedElement:
    """Read "Label (explanation)", "Label: explanation" or a bare label."""
    bracket = text.find("(")
    if bracket > 0:
        if vocabulary.element(text):  # "Cookies (first party)" may be a known word as a whole
            return PrintedElement(text)
        return PrintedElement(text[:bracket].strip() or text, text[bracket:].strip())
    if found := _DASHED.fullmatch(text):
        return PrintedElement(found["name"].strip(), found["rest"].strip())
    return PrintedElement(text.strip())


def listed(parts: Iterable[str]) -> Iterator[str]:
    """Yield the items of a list in a cell or field: by part, comma, semicolon, and a last "and"."""
    for part in parts:
        if vocabulary.statement(part):
            yield part
            continue
        items = [one for item in _outside_brackets(part[:_LIST_LETTERS]) for one in _halves(item)]
        if is_statement(part) and not any(map(vocabulary.element, items)):
            yield part
            continue
        yield from items
        if rest := part[_LIST_LETTERS:].strip():
            yield rest


def _outside_brackets(text: str) -> Iterator[str]:
    depth, item = 0, ""
    for one in text:
        depth = max(0, depth + (one in "([") - (one in ")]"))
        if one in ",;•\n" and not depth:
            yield item
            item = ""
        else:
            item += one
    yield item


def _halves(text: str) -> Iterator[str]:
    item = text.strip().strip(".").strip()
    joins = "|".join(vocabulary.page_words()["page"]["joins"])
    item = re.sub(rf"^(?:{joins})\s+", "", item, flags=re.IGNORECASE)
    halves = re.split(rf"\s+(?:{joins}|&)\s+", item, flags=re.IGNORECASE)
    if len(halves) > 1 and not vocabulary.element(item) and all(map(vocabulary.element, halves)):
        yield from halves
    elif item:
        yield item


def take_field(vendor: PrintedVendor, heading: str, about: Column, cell: Cell) -> None:
    """Put a column's or field's value where it belongs; a second purpose is kept as a column."""
    text = cell.text
    if not text:
        return
    if about == "data":
        take_items(vendor, cell.parts)
    elif about == "purpose" and vendor.purpose is None:
        vendor.purpose = text
    elif about == "name" and not heading:
        vendor.name = text
    else:
        vendor.columns.append(PrintedColumn(heading, about, text, cell.link))


def take_items(vendor: PrintedVendor, parts: Iterable[str], *, split: bool = True) -> None:
    """Read elements and statements; a bullet is one item, a cell may list several."""
    for item in listed(parts) if split else parts:
        if is_statement(item):
            vendor.statements.append(item)
        else:
            vendor.elements.append(element_from(item))


# Dates.

_NUMERIC = re.compile(
    r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}))(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th|:?e)?\s+(?:of\s+|de\s+)?([^\W\d_]{3,12})\.?,?\s+(\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")


def date_in(text: str) -> date | None:
    """Return the first date in a text, in any of the ways in which the six languages write one."""
    for year, month, day in sorted(_dates(text[:500])):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _dates(text: str) -> Iterator[tuple[int, int, int]]:
    for found in _NUMERIC.finditer(text):
        if found[1]:
            yield int(found[1]), int(found[2]), int(found[3])
        else:
            day, month = int(found[4]), int(found[5])
            yield (int(found[6]), month, day) if month <= _MONTHS else (int(found[6]), day, month)
    for pattern, day_at, month_at in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        for found in pattern.finditer(text):
            if named := _months().get(found[month_at].casefold()):
                yield int(found[3]), named, int(found[day_at])


@cache
def _months() -> dict[str, int]:
    """The names of months in six languages, and their first three letters."""
    full: dict[str, int] = {}
    for language in LANGUAGES:
        for month in range(1, 13):
            name = long_date(date(2001, month, 1), language).strip("1. ").removesuffix(" 2001")
            full[re.sub(r"[\d. ]", "", name).casefold()] = month
    short: dict[str, int] = {}
    for name, month in full.items():
        short.setdefault(name[:3], month)
        short.setdefault(name[:4], month)
    return short | full | {"sept": 9}


def dated_line(text: str) -> bool:
    """Tell whether a line says when the page was updated."""
    day = date_in(text)
    if day is None or len(text) > _DATED_LETTERS:
        return False
    folded = vocabulary.normal(text)
    words = (vocabulary.normal(word) for word in vocabulary.page_words()["page"]["updated"])
    told = any(re.search(rf"\b{re.escape(word)}\b", folded) for word in words)
    return told or len(text) <= _DATE_LETTERS
