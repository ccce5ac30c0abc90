"""
What makes a register false or unreadable: broken references, missing languages, contradictions.

These are errors and stop a build. What is merely unknown, unproved or unwise is a finding.
"""

from __future__ import annotations

import difflib
import zoneinfo
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from klarsyn.errors import Message, Problem, said
from klarsyn.register import calculation
from klarsyn.register.delivering import deliverable
from klarsyn.register.examination import RULES
from klarsyn.register.facts import Part, parts
from klarsyn.register.register import Place
from klarsyn.rules.statutes import STATUTES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from klarsyn.register.facts import Language
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Held, Processing

Mistake = tuple[Place, Message, Message]


Sound = set[tuple[int, frozenset["Language"]]]
"""Files whose texts and sources were found right, by the identity of what they hold."""


def problems(register: Register, sound: Sound | None = None) -> Iterator[Problem]:
    """
    Yield every contradiction between the files of a register.

    In a history `sound` keeps what need not be looked at again in the next version; whatever it
    was filled from has to live as long.
    """
    found = _texts_and_sources(register, set() if sound is None else sound)
    finders = (_company, _purposes, _elements, _vendors, _deliver, _scores)
    others = (find(register) for find in finders)
    for place, what, remedy in chain(found, *others):
        shown = f"{register.folder.name}/{place.file}"
        yield Problem(shown, register.line(place), what, remedy)


def _unknown(place: Place, kind: Message, one: str, known: Collection[str]) -> Mistake:
    near = difflib.get_close_matches(one, known, n=1, cutoff=0.6)
    what = said("{kind} '{name}' is not in the register", kind=kind, name=one)
    if near:
        return place, what, said("did you mean '{near}'?", near=near[0])
    return place, what, said("add it, or name another")


# Every file: texts in all languages, sources that exist.


def _texts_and_sources(register: Register, sound: Sound) -> Iterator[Mistake]:
    wanted = frozenset(register.company.languages)
    for file, whole in register.wholes():
        if (id(whole), wanted) in sound:
            continue
        found = list(_in_file(file, whole, register.sources.get(file, {}), wanted))
        yield from found
        if not found and isinstance(whole, Part):  # other wholes are made when they are asked for
            sound.add((id(whole), wanted))


def _in_file(
    file: str, whole: object, sources: Collection[str], wanted: frozenset[Language]
) -> Iterator[Mistake]:
    for path, part in parts(whole):
        if isinstance(part, dict):
            if missing := sorted(wanted - set(part)):
                what = said("the text lacks {languages}", languages=", ".join(missing))
                remedy = said("write it in every language of company.yaml's `languages`")
                yield Place(file, path), what, remedy
            continue
        source = getattr(part, "source", None)
        if isinstance(source, str) and source not in sources:
            yield _unknown(Place(file, path), said("the source"), source, sources)


# File by file.


def _company(register: Register) -> Iterator[Mistake]:
    company, file = register.company, "company.yaml"
    if not _is_zone(company.timezone):
        remedy = said("write one such as Europe/Copenhagen")
        yield (
            Place(file, "timezone"),
            said("'{name}' is no time zone", name=company.timezone),
            remedy,
        )
    if len(set(company.languages)) != len(company.languages):
        yield Place(file, "languages"), said("a language stands here twice"), said("keep one")
    if extra := sorted(set(company.not_reviewed) - set(company.languages)):
        what = said("{languages} is not published", languages=", ".join(extra))
        yield Place(file, "not_reviewed"), what, said("name only languages of `languages`")
    for number, one in enumerate(company.publish_findings):
        if one != "all" and one not in RULES:
            place = Place(file, f"publish_findings/{number}")
            yield _unknown(place, said("the finding"), one, RULES)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def _purposes(register: Register) -> Iterator[Mistake]:
    for one, purpose in register.purposes.items():
        for subjects in purpose.data_subjects.value or []:
            if subjects not in register.data_subjects:
                place = Place("purposes.yaml", f"purposes/{one}/data_subjects")
                kind = said("the category of people")
                yield _unknown(place, kind, subjects, register.data_subjects)


def _elements(register: Register) -> Iterator[Mistake]:
    for one, element in register.elements.items():
        place = Place("elements.yaml", f"elements/{one}")
        if element.score and element.score not in register.scores:
            yield _unknown(place, said("the score card"), element.score, register.scores)
        if element.profiling and not element.score:
            what = said("'{element}' is profiling and names no score card", element=one)
            yield place, what, said("add `score:` and a card in scores/ (R5, R44)")
    for language in register.company.languages:
        yield from _labels_for_two(register, language)


def _labels_for_two(register: Register, language: Language) -> Iterator[Mistake]:
    """One word for two things would tell the reader something false (R16, D04)."""
    labelled: dict[str, list[str]] = defaultdict(list)
    for one, element in register.elements.items():
        labelled[element.label.get(language, one).casefold()].append(one)
    for ids in labelled.values():
        if len(ids) > 1:
            place = Place("elements.yaml", f"elements/{ids[-1]}/label/{language}")
            what = said("{elements} have the same label", elements=", ".join(ids))
            yield place, what, said("give each a label of its own")


def _vendors(register: Register) -> Iterator[Mistake]:
    for one, vendor in register.vendors.items():
        file = f"vendors/{one}.yaml"
        end = vendor.end.value if vendor.end else None
        if vendor.start.value and end and end < vendor.start.value:
            yield Place(file, "end"), said("the end lies before the start"), said("correct one")
        for number, processing in enumerate(vendor.processing):
            place = Place(file, f"processing/{number}")
            if processing.purpose not in register.purposes:
                yield _unknown(place, said("the purpose"), processing.purpose, register.purposes)
            if processing.declaration == "none" and processing.elements:
                what = said("it declares none, and lists elements")
                yield place, what, said("declare `listed` or `incidental`, or drop the elements")
            if processing.declaration != "none" and not processing.elements:
                what = said("it declares data, and lists no element")
                yield place, what, said("list the elements, or declare `none`")
            yield from _references(register, place, processing)
        if vendor.device_consent and vendor.device_consent not in register.purposes:
            place = Place(file, "device_consent")
            yield _unknown(place, said("the purpose"), vendor.device_consent, register.purposes)
    yield from _held(register)


def _references(register: Register, place: Place, processing: Processing) -> Iterator[Mistake]:
    for target in processing.conduit_for.value or [] if processing.conduit_for else []:
        if target not in register.vendors:
            spot = Place(place.file, f"{place.path}/conduit_for")
            yield _unknown(spot, said("the vendor"), target, register.vendors)
    statute = processing.retention.statute
    if statute and statute not in STATUTES:
        spot = Place(place.file, f"{place.path}/retention/statute")
        yield _unknown(spot, said("the statute"), statute, STATUTES)


def _held(register: Register) -> Iterator[Mistake]:
    seen: set[tuple[str, int, str]] = set()
    for use in register.uses():
        one, place = use.held.element, use.place
        for name in (one, *use.held.includes):
            if name not in register.elements:
                yield _unknown(place, said("the element"), name, register.elements)
        if (use.vendor_id, use.number, one) in seen:
            yield place, said("'{element}' is listed twice", element=one), said("keep one")
        seen.add((use.vendor_id, use.number, one))
        for name in _secrets(register, use.held) if use.held.direction == "delivered" else ():
            what = said("'{element}' is a secret and is declared as delivered", element=name)
            yield place, what, said("a secret is never delivered; take it out (R11)")
        element = register.elements.get(one)
        card = register.scores.get(element.score or "") if element else None
        definition = use.held.definition
        if definition and (card is None or definition not in card.definitions):
            known = card.definitions if card else ()
            yield _unknown(place, said("the definition"), definition, known)


def _deliver(register: Register) -> Iterator[Mistake]:
    for one, vendor in register.vendors.items():
        if (deliver := vendor.deliver) is None:
            continue
        file = f"vendors/{one}.yaml"
        purposes = [processing.purpose for processing in vendor.processing]
        if deliver.purpose not in purposes:
            spot = Place(file, "deliver/purpose")
            yield _unknown(spot, said("the purpose of this vendor"), deliver.purpose, purposes)
            continue
        may = [use.held.element for use in deliverable(register, one)]
        for number, element in enumerate(deliver.elements):
            if element not in may:
                what = said("'{element}' is not declared as delivered here", element=element)
                remedy = said("declare it for this purpose, or take it out: the list is a ceiling")
                yield Place(file, f"deliver/elements/{number}"), what, remedy
        for use in deliverable(register, one):
            element = use.held.element
            asked = element in deliver.elements or not deliver.elements
            if asked and element in register.elements and register.elements[element].group:
                what = said("'{element}' stands for several fields", element=element)
                yield Place(file, "deliver"), what, said("name the fields themselves")


def _secrets(register: Register, held: Held) -> list[str]:
    names = [one for one in (held.element, *held.includes) if one in register.elements]
    return [one for one in names if register.elements[one].sensitivity == "secret"]


def _scores(register: Register) -> Iterator[Mistake]:
    for one, card in register.scores.items():
        for element in card.elements:
            if element not in register.elements:
                place = Place(f"scores/{one}.yaml", "elements")
                yield _unknown(place, said("the element"), element, register.elements)
            elif register.elements[element].score != one:
                place = Place(f"scores/{one}.yaml", "elements")
                what = said("'{element}' does not name this card", element=element)
                yield place, what, said("write `score: {card}` there", card=one)
        shown = card.shown_per_person.value if card.shown_per_person else None
        for vendor in shown or []:
            if vendor not in register.vendors:
                place = Place(f"scores/{one}.yaml", "shown_per_person")
                yield _unknown(place, said("the vendor"), vendor, register.vendors)
        for number, part in enumerate(card.inputs.value or []):
            if part.element and part.element not in register.elements:
                place = Place(f"scores/{one}.yaml", f"inputs/value/{number}")
                yield _unknown(place, said("the element"), part.element, register.elements)
        for path, what, remedy in calculation.mistakes(card):
            yield Place(f"scores/{one}.yaml", path), what, remedy
