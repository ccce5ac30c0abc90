"""
A small valid register: from answers to a few questions, or from a page kept by hand.

What is not known is written as not yet known, until three months from now: `klarsyn check` reminds
of it then. What the page says is kept letter for letter under `printed:`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from klarsyn.errors import Message, said
from klarsyn.register.drafts import vocabulary
from klarsyn.register.drafts.draftcompany import (
    Answers,
    PageFile,
    company_file,
    elements_file,
    printed_page,
    purposes_file,
)
from klarsyn.register.drafts.draftvendors import DraftVendor, Mapped, Page, vendor_file
from klarsyn.register.drafts.draftwords import Mention, Words, foreign_words, name_elements, unique
from klarsyn.register.drafts.emitting import Flow, emit
from klarsyn.register.drafts.handwritten import HandwrittenPage
from klarsyn.register.drafts.pagerows import PrintedVendor
from klarsyn.register.facts import Language

UNKNOWN_MONTHS = 3
_NAME_LETTERS = 60  # of a company, if its name is taken from a title
_SHOWN = 80  # letters of a line that was not understood


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a register by path, and what somebody has to decide."""

    files: dict[str, bytes]
    open_points: tuple[Message, ...]
    languages: tuple[Language, ...]


def draft(
    answers: Answers,
    today: date,
    page: HandwrittenPage | None = None,
    file: PageFile | None = None,
) -> Draft:
    """Return a register of the answers and of the page, if there is one."""
    words = Words(language=page.language if page else (answers.languages or ("en",))[0])
    unknown = Flow({"not_yet_known_until": _months_later(today, UNKNOWN_MONTHS)})
    source = Page(file.name if file else "", page.updated if page else None, unknown, today)
    vendors = _vendors(page.vendors if page else (), answers.vendors)
    name_elements(words, _mentions(vendors))
    files: dict[str, Mapped] = {"klarsyn.yaml": {"format": 1, "register": "register"}}
    for one in vendors:
        files[f"register/vendors/{one.id}.yaml"] = vendor_file(one, words, source)
    languages = _languages(answers, words)
    points = [*_about_page(answers, page), *_about_languages(answers, words, languages)]
    named = replace(answers, name=answers.name or (_company_name(page) if page else None))
    files["register/company.yaml"] = company_file(named, languages, unknown, today)
    if page and file:
        files["register/company.yaml"] |= printed_page(page, file)
    files["register/elements.yaml"] = elements_file(words, languages, unknown)
    files["register/purposes.yaml"] = purposes_file(words, languages, unknown)
    points += [
        *words.open_points,
        *source.open_points,
        *_about_words(words),
        *_about_columns(source),
    ]
    points += _not_understood(page)
    emitted = {path: emit(files[path]) for path in sorted(files)}
    return Draft(emitted, tuple(points), languages)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _vendors(rows: Sequence[PrintedVendor], names: Sequence[str]) -> list[DraftVendor]:
    """Return each vendor once, with all its rows; those that were named beside the page too."""
    found: dict[str, DraftVendor] = {}
    bare = [PrintedVendor(name=name, heading=name, line=0) for name in names if name.strip()]
    for row in (*rows, *bare):
        known = vocabulary.vendor(row.name)
        exact = known and vocabulary.normal(known[0]) == vocabulary.normal(row.name)
        name = known[0] if known and exact else " ".join(row.name.split())
        key = vocabulary.normal(name) or name
        if key in found:
            found[key].rows.extend([row] if row.line else [])
            continue
        one = unique(vocabulary.slug(name, "vendor"), (vendor.id for vendor in found.values()))
        found[key] = DraftVendor(one, name, [row], from_page=row.line > 0)
    return list(found.values())


def _mentions(vendors: Sequence[DraftVendor]) -> list[Mention]:
    return [
        Mention(vendor.id, vendor.name, element)
        for vendor in vendors
        for row in vendor.rows
        for element in row.elements
    ]


def _languages(answers: Answers, words: Words) -> tuple[Language, ...]:
    """Return the languages asked for; the page's own alone, where texts exist only as printed."""
    wanted = answers.languages or (words.language,)
    if not words.only_printed:
        return tuple(dict.fromkeys(wanted))
    return (words.language,)


def _company_name(page: HandwrittenPage) -> str | None:
    """Return what the page's title says beside the words for vendors: the company, most likely."""
    title = f" {page.title or ''} "
    every = vocabulary.page_words()["page"]
    for word in sorted((*every["vendors"], *every["fillers"]), key=len, reverse=True):
        spelt = r"[\s-]?".join(map(re.escape, word.split()))
        title = re.sub(rf"(?<=\W){spelt}(?=\W)", " ", title, flags=re.IGNORECASE)
    left = " ".join(title.split()).strip(" -–—|:,.'’")
    if page.language in {"da", "nb", "sv"} and left.endswith("s") and " " not in left:
        left = _without_genitive(left, page)
    return left if 0 < len(left) <= _NAME_LETTERS else None


def _without_genitive(name: str, page: HandwrittenPage) -> str:
    """Return Havblik of "Havbliks databehandlere", if the page writes it so elsewhere."""
    told = " ".join([*page.intro, *page.outro])
    return name[:-1] if re.search(rf"\b{re.escape(name[:-1])}\b", told) else name


# What somebody has to decide.


def _about_page(answers: Answers, page: HandwrittenPage | None) -> Iterator[Message]:
    if page is None:
        return
    if not answers.name:
        name = _company_name(page) or "Company"
        yield said("The company's name was taken to be {name}; if not, correct it.", name=name)
    if not page.language_given:
        yield said(
            "The page was read as {code}; if it is in another language, give --language.",
            code=page.language,
        )
    if page.updated is None:
        yield said("The page bears no date that can be told; write it in company.yaml.")
    if not answers.country:
        yield said("In which country is the main establishment? The time zone follows it.")


def _about_languages(
    answers: Answers, words: Words, languages: Sequence[Language]
) -> Iterator[Message]:
    if lacking := [one for one in answers.languages if one not in languages]:
        yield said(
            "{codes} can be published when these are translated: {labels}",
            codes=lacking,
            labels=words.only_printed,
        )


def _about_words(words: Words) -> Iterator[Message]:
    own = [entry.label[words.language] for entry in words.elements.values() if not entry.standard]
    if own:
        yield said(
            "Whose data are these, where do they come from, how sensitive are they: {labels}?",
            labels=own,
        )
    own = [entry.label[words.language] for entry in words.purposes.values() if not entry.standard]
    if own:
        yield said("Of which kind are these purposes: {labels}?", labels=own)
    yield from foreign_words(words)


def _about_columns(page: Page) -> Iterator[Message]:
    for heading in page.unmapped:
        if heading:
            yield said(
                "'{heading}' has no field of its own: it stands under `remarks:`.", heading=heading
            )
    for heading in page.ambiguous:
        yield said(
            "'{heading}': are the data stored there, read from there, or does the firm sit there? "
            "It was taken as storage, not verified.",
            heading=heading,
        )


def _not_understood(page: HandwrittenPage | None) -> list[Message]:
    return [
        said("Line {n} was not understood: {text}", n=line.number, text=line.text[:_SHOWN])
        for line in (page.not_understood if page else ())
    ]
