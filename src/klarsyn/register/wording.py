"""
Checks of the page that the register replaces: languages, typing, words with two meanings.

They rest on the texts kept letter for letter under `printed:`, and end when that page is gone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from klarsyn.errors import Quote, said
from klarsyn.language import foreign, mark
from klarsyn.language.falsefriends import SUBCONTRACTOR
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.errors import Message
    from klarsyn.register.register import Register

HEADING_LANGUAGE = Rule(
    id="heading-language",
    requirement="R16",
    severity="medium",
    seen_as="D01",
    title=mark("A heading of the earlier page in another language"),
    what=mark("the heading {text} has words of another language: {words}"),
    why=mark(
        "Information is given in plain language that its reader understands; mixed languages are "
        "not. Source: GDPR Art. 12(1)."
    ),
    remedy=mark("publish from the register, where headings come from the purpose in each language"),
)

TEXT_LANGUAGE = Rule(
    id="text-language",
    requirement="R16",
    severity="low",
    seen_as="D01",
    title=mark("A text of the earlier page with words of another language"),
    what=mark("{text} has words of another language: {words}"),
    why=HEADING_LANGUAGE.why,
    remedy=mark("publish from the register, where texts exist once in each language"),
)


def languages(register: Register, on: date) -> Iterator[Finding]:
    """R16: words of another language in what the earlier page printed."""
    del on
    page = register.company.printed
    if page is None:
        return
    for place, text, is_heading in printed_texts(register):
        if words := foreign(text, page.language, strict=True):
            told = [Quote(one, page.language) for one in sorted({one.word for one in words})]
            rule = HEADING_LANGUAGE if is_heading else TEXT_LANGUAGE
            yield Finding(rule, place, {"text": _short(text, page.language), "words": told})


def printed_texts(register: Register) -> Iterator[tuple[Place, str, bool]]:
    """Yield each printed text with its place, and whether it is a vendor's heading."""
    page = register.company.printed
    if page is None:
        return
    for name in ("title", "intro", "outro", "updated_as_printed"):
        if text := getattr(page, name):
            yield Place("company.yaml", f"printed/{name}"), text, False
    for one, vendor in register.vendors.items():
        file = f"vendors/{one}.yaml"
        if vendor.printed:
            yield Place(file, "printed/heading"), vendor.printed.purpose, True
            if vendor.printed.statement:
                yield Place(file, "printed/statement"), vendor.printed.statement, False
    for use in register.uses():
        if printed := use.held.printed:
            spot = Place(use.place.file, f"{use.place.path}/printed/label")
            yield spot, printed.label, False
            if printed.explanation:
                spot = Place(use.place.file, f"{use.place.path}/printed/explanation")
                yield spot, printed.explanation, False


_SHORT = 60  # characters, of a text that a finding quotes


def _short(text: str, language: str) -> Quote:
    return Quote(text if len(text) <= _SHORT else f"{text[:_SHORT].rstrip()}…", language)


MISTYPED = Rule(
    id="mistyped",
    requirement="R16",
    severity="low",
    seen_as="D03",
    title=mark("Typing mistakes on the earlier page"),
    what=mark("{text}: {mistake}"),
    why=mark("Small mistakes in print tell the reader that nobody looks. Source: GDPR Art. 12(1)."),
    remedy=mark("publish from the register, which generates these texts"),
)

_DOUBLED = re.compile(r"\b([A-ZÅÄÖÆØ])\1(?=[A-ZÅÄÖÆØ]{3})")
_DATE = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")
_FOR_EXAMPLE = re.compile(r"\bt\.? ?ex\.?(?!\w)")
_NO_BREAK_SPACE = "\u00a0"


def typing(register: Register, on: date) -> Iterator[Finding]:
    """R16: unbalanced brackets, doubled letters, spellings that change from row to row."""
    del on
    language = register.company.printed.language if register.company.printed else ""
    spellings: dict[str, Place] = {}
    for place, text, _ in printed_texts(register):
        if mistakes := list(_mistakes(text)):
            yield Finding(MISTYPED, place, {"text": _short(text, language), "mistake": mistakes})
        for match in _FOR_EXAMPLE.finditer(text):
            spellings.setdefault(match.group(), place)
    if len(spellings) > 1:
        told = said("one abbreviation spelt {count} ways", count=len(spellings))
        quotes = [Quote(one, language) for one in sorted(spellings)]
        place = Place("company.yaml", "printed/language")
        yield Finding(MISTYPED, place, {"text": quotes, "mistake": told})


def _mistakes(text: str) -> Iterator[Message]:
    if text.count("(") != text.count(")"):
        yield said("brackets do not pair")
    if text.count("“") != text.count("”") and text.count("”") % 2:
        yield said("quotation marks do not pair")
    if match := _DOUBLED.search(text):
        yield said("the letter {letter} stands twice", letter=match.group(1))
    if match := _DATE.search(text):
        yield said("the date {date} is written in a foreign way", date=match.group())
    if _NO_BREAK_SPACE in text:
        yield said("it holds a no-break space")
    if text.rstrip().endswith(").") and text.startswith("("):
        yield said("a full stop stands after the bracket")


LABEL_TWICE = Rule(
    id="label-for-two",
    requirement="R16",
    severity="high",
    seen_as="D04",
    title=mark("One word for two things"),
    what=mark("{label} means {elements}"),
    why=mark(
        "A word that means a subscription in one row and an account in the next tells the reader "
        "something false. Source: GDPR Art. 12(1), 5(1)(a)."
    ),
    remedy=mark("publish from the register, where each element has a label of its own"),
)

EXPLAINED_DIFFERENTLY = Rule(
    id="explained-differently",
    requirement="R16",
    severity="medium",
    seen_as="D06 D17 D26",
    title=mark("One thing explained in several ways"),
    what=mark("{element} is explained in {count} ways in {rows} rows"),
    why=mark(
        "Facts copied by hand drift apart, and the reader cannot know which is meant. Source: GDPR "
        "Art. 12(1), 5(1)(d)."
    ),
    remedy=mark("decide on one explanation in elements.yaml; rows refer to it"),
)

COPIED_BY_HAND = Rule(
    id="copied-by-hand",
    requirement="R16",
    severity="low",
    seen_as="D26",
    title=mark("Facts copied by hand from row to row"),
    what=mark("{element} was typed {rows} times"),
    why=mark("What is typed again and again drifts apart. Source: GDPR Art. 5(1)(d)."),
    remedy=mark("publish from the register, where a row refers to the element"),
)


def labels(register: Register, on: date) -> Iterator[Finding]:
    """R16: one word for two things, several words for one, and what was typed again and again."""
    del on
    language = register.company.printed.language if register.company.printed else ""
    facts: dict[str, object]
    by_label: dict[str, dict[str, Place]] = defaultdict(dict)
    explained: dict[str, dict[str, Place]] = defaultdict(dict)
    rows: dict[str, list[Place]] = defaultdict(list)
    for use in register.uses():
        if not (printed := use.held.printed):
            continue
        one = use.held.element
        by_label[printed.label].setdefault(one, use.place)
        rows[one].append(use.place)
        if printed.explanation:
            explained[one].setdefault(_normal(printed.explanation), use.place)
    for label, ids in by_label.items():
        if len(ids) > 1:
            named = [register.elements[one].label for one in ids]
            place = list(ids.values())[-1]
            facts = {"label": Quote(label, language), "elements": named}
            yield Finding(LABEL_TWICE, place, facts)
    for one, places in rows.items():
        facts = {"element": register.elements[one].label, "rows": len(places)}
        if len(ways := explained[one]) > 1:
            place = list(ways.values())[-1]
            yield Finding(EXPLAINED_DIFFERENTLY, place, {**facts, "count": len(ways)})
        if len(places) > 1:
            yield Finding(COPIED_BY_HAND, Place("elements.yaml", f"elements/{one}"), facts)


def _normal(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


YEAR = 12  # months

PAGE_STALE = Rule(
    id="page-stale",
    requirement="R49",
    severity="high",
    seen_as="D22",
    title=mark("The earlier page is out of date"),
    what=mark("the page was updated last on {day}, {months} months ago"),
    why=mark(
        "Vendors change owners, countries and contracts; a list is looked over at least once a "
        "year. Source: GDPR Art. 5(1)(d), 28(1); EDPB Opinion 22/2024."
    ),
    remedy=mark("publish from the register, then take the old page down"),
)

WRONG_TERM = Rule(
    id="wrong-term",
    requirement="R2",
    severity="medium",
    seen_as="D02",
    title=mark("Not the legal term"),
    what=mark("{text} uses {word}, which means subcontractor; the legal term is {term}"),
    why=mark(
        "A subcontractor is a matter of contract law. Who processes personal data on somebody's "
        "behalf is a processor or sub-processor. Source: GDPR Art. 4(8), 28."
    ),
    remedy=mark("publish from the register, which uses the terms of the regulation"),
)


def page(register: Register, on: date) -> Iterator[Finding]:
    """R2, R49: the earlier page's age, and the word it calls its vendors by."""
    printed = register.company.printed
    if printed is None:
        return
    months = (on.year - printed.updated.year) * 12 + on.month - printed.updated.month
    months -= on.day < printed.updated.day
    if months >= YEAR:
        facts: dict[str, object] = {"day": printed.updated, "months": months}
        yield Finding(PAGE_STALE, Place("company.yaml", "printed/updated"), facts)
    friend = SUBCONTRACTOR[printed.language]
    title = printed.title or ""
    if friend.word in title.casefold():
        place = Place("company.yaml", "printed/title")
        quoted = {"text": title, "word": friend.word, "term": friend.instead}
        facts = {name: Quote(text, printed.language) for name, text in quoted.items()}
        yield Finding(WRONG_TERM, place, facts)
