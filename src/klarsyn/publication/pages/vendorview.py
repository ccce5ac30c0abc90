"""
A vendor as pages show it, per language: the register's facts in words, ready for a template.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from klarsyn.language import mismatch
from klarsyn.publication import paperwork, words
from klarsyn.publication.voice import Shown
from klarsyn.register.facts import BASES, known
from klarsyn.register.scoring import confirmed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from klarsyn.publication.voice import Voice
    from klarsyn.register.facts import Contact, PartialDate
    from klarsyn.register.findings import Finding
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Held, Processing, Vendor


@dataclass(frozen=True, slots=True)
class ElementView:
    """A data element of a vendor's row."""

    id: str
    label: str
    explanation: str
    about: str
    origin: str
    direction: str
    notes: tuple[str, ...]
    definitions: tuple[str, ...]
    """The definitions of a score that are in print, where none is confirmed."""


@dataclass(frozen=True, slots=True)
class ProcessingView:
    """What a vendor does for one purpose."""

    purpose: str
    role: Shown
    declaration: str
    statement: str
    elements: tuple[ElementView, ...]
    secrets: Mapping[str, str]
    """Sentences on secrets by element: they are never printed as data that are shared."""
    retention: Shown
    facts: tuple[tuple[str, Shown], ...]


@dataclass(frozen=True, slots=True)
class LinkView:
    """A sub-processor of a vendor."""

    name: str
    country: str
    what: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source: what it is, how far it carries, its date, and its address if it has one."""

    what: str
    basis: str
    as_of: str
    href: str
    language: str
    """Of its name, where that is plainly another than the page's; else nothing."""


@dataclass(frozen=True, slots=True)
class VendorView:
    """A vendor as its row and its page show it."""

    id: str
    name: str
    service: str
    processing: tuple[ProcessingView, ...]
    entity: tuple[tuple[str, Shown], ...]
    where: tuple[tuple[str, Shown], ...]
    papers: tuple[tuple[str, Shown], ...]
    measures: tuple[tuple[str, str], ...]
    chain: tuple[LinkView, ...]
    sources: tuple[SourceView, ...]
    places: tuple[tuple[str, Shown], ...]
    """What is known of its countries and the ground of transfer."""
    brief: tuple[tuple[str, Shown], ...]
    """What of the above is known and fits a row of the overview."""
    over: str
    """That it is no longer used, where it is not."""
    open_points: tuple[str, ...]


def vendor_view(
    register: Register, vendor_id: str, voice: Voice, on: date, published: Sequence[Finding]
) -> VendorView:
    """Return what is shown of a vendor; `published` are the open findings that may be."""
    vendor = register.vendors[vendor_id]
    voice = voice.about(register.sources.get(f"vendors/{vendor_id}.yaml", {}))
    file = f"vendors/{vendor_id}.yaml"
    where = paperwork.where(register, vendor_id, voice, on)
    entity = _entity(vendor, voice)
    places = _places(vendor, voice, where)
    since = (voice.text("In use since"), voice.fact(vendor.start, voice.day))
    brief = [row for row in (entity[0], *places, since) if row[1].state != "unknown"]
    return VendorView(
        id=vendor_id,
        name=vendor.name,
        service=voice.own(vendor.service) if vendor.service else "",
        processing=tuple(_processing(register, one, voice) for one in vendor.processing),
        entity=entity,
        where=(*where, *paperwork.safeguards(vendor, voice, on)),
        papers=paperwork.papers(register, vendor_id, voice, on),
        measures=tuple(
            (voice.text(words.MEASURES[one.heading]), voice.own(one.what))
            for one in vendor.measures
        ),
        chain=tuple(
            LinkView(one.name, voice.countries(one.country), voice.own(one.what))
            for one in vendor.chain
        ),
        sources=_sources(voice),
        places=places,
        brief=tuple(brief),
        over=voice.text(words.ENDED) if vendor.is_over(on) else "",
        open_points=tuple(voice.message(one.what) for one in published if one.place.file == file),
    )


def _processing(register: Register, processing: Processing, voice: Voice) -> ProcessingView:
    purpose = register.purposes[processing.purpose]
    of_purposes = voice.about(register.sources.get("purposes.yaml", {}))
    elements, secrets = [], {}
    for held in processing.elements:
        for one in (held.element, *held.includes):
            if register.elements[one].sensitivity == "secret":
                secrets[one] = _secret(register, one, held, voice)
        if held.element not in secrets:
            elements.append(_element(register, held, voice))
    kept = processing.retention
    retention = (
        voice.fact(kept.criterion, voice.own)
        if known(kept.criterion)
        else voice.fact(kept.period, voice.period)
    )
    yes_no = {value: voice.text(word) for value, word in words.YES_NO.items()}
    facts = [
        (voice.text("Has access"), voice.fact(processing.access, yes_no.__getitem__)),
        (voice.text("Stores"), voice.fact(processing.storage, yes_no.__getitem__)),
        (voice.text("Kept for"), retention),
        (
            voice.text("Legal basis"),
            of_purposes.fact(purpose.legal_basis, lambda one: voice.text(words.BASES_IN_LAW[one])),
        ),
        (
            voice.text("Data subjects"),
            of_purposes.fact(
                purpose.data_subjects,
                lambda ids: voice.list(
                    [voice.own(register.data_subjects[one].label) for one in ids]
                ),
            ),
        ),
    ]
    if processing.nature:
        facts.append((voice.text("What is done"), voice.fact(processing.nature, voice.own)))
    if processing.rule:
        facts.append((voice.text("Rule for staff"), voice.fact(processing.rule, voice.own)))
    return ProcessingView(
        purpose=voice.own(purpose.label),
        role=voice.fact(processing.role, lambda one: voice.text(words.ROLES[one])),
        declaration=processing.declaration,
        statement=_statement(processing, voice),
        elements=tuple(elements),
        secrets=secrets,
        retention=retention,
        facts=tuple(facts),
    )


def _statement(processing: Processing, voice: Voice) -> str:
    if processing.declaration == "incidental":
        return voice.text("Normally no personal data, but they can be written in:")
    if processing.declaration == "none":
        if processing.evidence:
            return voice.text("No personal data are stored at the vendor.")
        return voice.text("No personal data are stored at the vendor: a claim not yet proved.")
    return ""


def _element(register: Register, held: Held, voice: Voice) -> ElementView:
    element = register.elements[held.element]
    notes = []
    if element.free_text:
        notes.append(voice.text("free text"))
    if element.profiling:
        notes.append(voice.text("calculated score (profiling)"))
    if told := words.SENSITIVITIES.get(element.sensitivity):
        notes.append(voice.text(told))
    parts = [register.elements[one] for one in held.includes]
    notes += [voice.own(one.label) for one in parts if one.sensitivity != "secret"]
    return ElementView(
        id=held.element,
        label=voice.own(element.label),
        explanation=voice.own(element.explanation) if element.explanation else "",
        about=voice.text(words.ABOUT[element.about]),
        origin=voice.text(words.ORIGINS[element.origin]),
        direction=voice.text(words.DIRECTIONS[held.direction]),
        notes=tuple(notes),
        definitions=_definitions(register, element.score, voice),
    )


def _definitions(register: Register, score: str | None, voice: Voice) -> tuple[str, ...]:
    """Return a score's definition if one is confirmed, else all that are in print."""
    card = register.scores.get(score or "")
    if card is None:
        return ()
    if settled := confirmed(register, score):
        return (voice.own(card.definitions[settled].text),)
    doubt = voice.text("not confirmed")
    return tuple(f"{voice.own(one.text)} ({doubt})" for one in card.definitions.values()) or (
        voice.text("What it means has not been defined yet."),
    )


def _secret(register: Register, one: str, held: Held, voice: Voice) -> str:
    label = voice.own(register.elements[one].label)
    if form := known(held.form):
        told = voice.text(
            "{element}: never shared; held as {form}", element=label, form=voice.own(form)
        )
        shown = voice.fact(held.form, voice.own)
        return told if shown.state == "known" else f"{told} ({voice.text('not verified')})"
    return voice.text(
        "{element}: never shared. It stands on the earlier page; in which form it is held in our "
        "own database at this host is not yet known.",
        element=label,
    )


def _entity(vendor: Vendor, voice: Voice) -> tuple[tuple[str, Shown], ...]:
    entity = vendor.entity
    rows = [
        (voice.text("Legal entity"), voice.fact(entity.name, name=True)),
        (voice.text("Registration"), voice.fact(entity.registration, name=True)),
        (voice.text("Address"), voice.fact(entity.address, name=True)),
        (
            voice.text("Contact"),
            voice.fact(entity.contact, contact, name=True),
        ),
        (voice.text("Country of the entity"), voice.fact(entity.country, voice.countries)),
    ]
    if entity.registration is None:
        del rows[1]
    if entity.group:
        rows.append((voice.text("Group"), voice.fact(entity.group, name=True)))
    return tuple(rows)


def contact(one: Contact) -> str:
    """Return whom to turn to, on one line."""
    return ", ".join(filter(None, (one.name, one.position, one.email, one.phone, one.address)))


def _places(
    vendor: Vendor, voice: Voice, where: tuple[tuple[str, Shown], ...]
) -> tuple[tuple[str, Shown], ...]:
    country = voice.fact(vendor.entity.country, voice.countries)
    rows = [(voice.text("Country of the entity"), country), *where]
    return tuple(row for row in rows if row[1].state != "unknown")


def _sources(voice: Voice) -> tuple[SourceView, ...]:
    return tuple(
        SourceView(
            what=source.what,
            basis=voice.text(BASES[source.basis]),
            as_of=_source_date(source.as_of, voice),
            href=source.what if _is_address(source.what) else "",
            language=_other_language(source.what, voice.language),
        )
        for source in voice.sources.values()
    )


@lru_cache(maxsize=10_000)
def _other_language(text: str, language: str) -> str:
    """Return the language of a text that is written once for all pages, if it is certain."""
    return "" if _is_address(text) else mismatch(text, language) or ""


def _is_address(text: str) -> bool:
    return text.startswith("https://") and " " not in text


def _source_date(as_of: PartialDate, voice: Voice) -> str:
    """Return a source's date in words; a year or a month stays as it is written."""
    if as_of == "undated":
        return voice.text("undated")
    return voice.day(date.fromisoformat(as_of)) if len(as_of) == len("2026-11-22") else as_of
