"""
A page for each data element: who has it, what for, and how it gets there; and their list.

The question a customer asks: who has my telephone number, and why?
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.publication import words
from klarsyn.publication.pages.frame import Link
from klarsyn.publication.voice import Shown, name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from klarsyn.publication.holdings import Holding
    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.pages.vendorview import VendorView
    from klarsyn.publication.voice import Voice
    from klarsyn.register.company import DataElement, Terms
    from klarsyn.register.register import Register

PATH = "data/index.html"


@dataclass(frozen=True, slots=True)
class RowView:
    """A data element in the list of all."""

    id: str
    label: str
    about: str
    count: int
    """Of the vendors that may have it."""


@dataclass(frozen=True, slots=True)
class HolderView:
    """One vendor that may have the element, for one purpose."""

    vendor: VendorView
    purpose: str
    role: Shown
    way: str
    within: str
    """The group as part of which it is listed."""
    retention: Shown


@dataclass(frozen=True, slots=True)
class FlowView:
    """One way that an element takes, and the vendors that it leads to."""

    way: str
    vendors: tuple[VendorView, ...]


@dataclass(frozen=True, slots=True)
class ElementPage:
    """A data element as its own page shows it."""

    label: str
    explanation: str
    holders: tuple[HolderView, ...]
    flows: tuple[FlowView, ...]
    passings: tuple[tuple[Markup, Sequence[VendorView], bool], ...]
    """By whom it is passed on, to whom, and whether that is verified."""
    secrets: tuple[tuple[VendorView, str], ...]
    """Of a secret: the vendors where it stands, and the sentence on it."""
    facts: tuple[tuple[str, Shown], ...]
    terms: tuple[tuple[str, Sequence[str], str], ...]
    score: str


def link(edition: Edition, voice: Voice) -> Link | None:
    """There is such a list where the register has data elements."""
    return Link(PATH, voice.text("Data elements")) if edition.register.elements else None


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield the list, and a page for each element."""
    register, voice = about.edition.register, about.voice
    every = [
        RowView(
            one,
            voice.own(element.label),
            voice.text(words.ABOUT[element.about]),
            _count(about, one),
        )
        for one, element in register.elements.items()
    ]
    if not every:
        return
    secrets = {one for one, element in register.elements.items() if element.sensitivity == "secret"}
    yield about.render(
        "data.html",
        PATH,
        elements=[one for one in every if one.id not in secrets],
        secrets=[one for one in every if one.id in secrets],
    )
    for one in register.elements:
        yield about.render("element.html", f"data/{one}.html", element=element_page(about, one))


def _count(about: About, element: str) -> int:
    return len({held.vendor_id for held in about.edition.holdings.by_element.get(element, ())})


def element_page(about: About, one: str) -> ElementPage:
    """Return what is shown of a data element."""
    register, voice = about.edition.register, about.voice
    element = register.elements[one]
    every = about.edition.holdings
    held = every.by_element.get(one, ())
    return ElementPage(
        label=voice.own(element.label),
        explanation=voice.own(element.explanation) if element.explanation else "",
        holders=tuple(_holder(about, holding) for holding in held),
        flows=tuple(_flows(about, held)),
        passings=tuple(_passings(about, one)),
        secrets=tuple(_secrets(about, one)),
        facts=tuple(_facts(register, one, voice)),
        terms=tuple(_terms(element, voice)),
        score=element.score or "",
    )


def _holder(about: About, holding: Holding) -> HolderView:
    voice = about.voice
    vendor = about.vendors[holding.vendor_id]
    processing = vendor.processing[holding.number]
    is_listed = holding.declaration == "listed"
    group = about.edition.register.elements.get(holding.within)
    return HolderView(
        vendor=vendor,
        purpose=processing.purpose,
        role=processing.role,
        way=voice.text(words.DIRECTIONS[holding.direction] if is_listed else words.INCIDENTAL),
        within=voice.text("as part of: {group}", group=voice.own(group.label)) if group else "",
        retention=processing.retention,
    )


def _flows(about: About, held: Sequence[Holding]) -> Iterator[FlowView]:
    """Yield the ways it takes in the order of the words for them; at last what is incidental."""
    held = [one for one in held if not about.vendors[one.vendor_id].over]
    listed = [one for one in held if one.declaration == "listed"]
    for way, told in words.FLOWS.items():
        ids = dict.fromkeys(one.vendor_id for one in listed if one.direction == way)
        if ids:
            yield FlowView(about.voice.text(told), tuple(about.vendors[one] for one in ids))
    ids = dict.fromkeys(one.vendor_id for one in held if one.declaration == "incidental")
    if ids:
        told = about.voice.text(words.INCIDENTAL)
        yield FlowView(told, tuple(about.vendors[one] for one in ids))


def _passings(about: About, one: str) -> Iterator[tuple[Markup, Sequence[VendorView], bool]]:
    """Yield what is passed on: by each conduit what is verified, and what is not."""
    found: dict[tuple[str, bool], dict[str, None]] = defaultdict(dict)
    for passing in about.edition.holdings.passings:
        ends = about.vendors[passing.conduit], about.vendors[passing.target]
        if one in passing.elements and not any(end.over for end in ends):
            found[passing.conduit, passing.verified][passing.target] = None
    for (conduit, verified), targets in found.items():
        told = about.voice.marked(words.PASSED_ON, vendor=name(about.vendors[conduit].name))
        yield told, [about.vendors[target] for target in targets], verified


def _secrets(about: About, one: str) -> Iterator[tuple[VendorView, str]]:
    for holding in about.edition.holdings.secrets:
        if holding.element == one:
            vendor = about.vendors[holding.vendor_id]
            yield vendor, vendor.processing[holding.number].secrets[one]


def _facts(register: Register, one: str, voice: Voice) -> Iterator[tuple[str, Shown]]:
    element = register.elements[one]
    voice = voice.about(register.sources.get("elements.yaml", {}))
    yield voice.text("About"), Shown(voice.text(words.ABOUT[element.about]), "known")
    yield voice.text("Origin"), Shown(voice.text(words.ORIGINS[element.origin]), "known")
    if element.from_others or element.origin == "collected":
        yield voice.text("From whom"), voice.fact(element.from_others, voice.own)
    if notes := _notes(element, voice):
        yield voice.text("Worth knowing"), Shown("; ".join(notes), "known")
    if element.sensitivity == "national-id-if-sole-trader":
        done = voice.fact(element.sole_traders, lambda how: voice.text(words.SOLE_TRADERS[how]))
        yield voice.text("Numbers of sole traders"), done


def _notes(element: DataElement, voice: Voice) -> list[str]:
    notes = []
    if element.personal_if == "sole_trader":
        notes.append(voice.text("personal data where the company is a sole trader"))
    if element.free_text:
        notes.append(voice.text("free text"))
    if element.profiling:
        notes.append(voice.text("calculated score (profiling)"))
    if told := words.SENSITIVITIES.get(element.sensitivity):
        notes.append(voice.text(told))
    if element.group:
        notes.append(voice.text("a group of several fields"))
    return notes


def _terms(element: DataElement, voice: Voice) -> Iterator[tuple[str, Sequence[str], str]]:
    """Yield each vocabulary's name, its terms, and how well they fit."""
    vocabularies: tuple[tuple[str, Terms], ...] = (
        ("Data Privacy Vocabulary", element.dpv),
        ("Fideslang", element.fideslang),
    )
    for vocabulary, terms in vocabularies:
        yield vocabulary, terms.terms, voice.text(words.FITS[terms.match])
