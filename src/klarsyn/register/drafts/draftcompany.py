"""
company.yaml, elements.yaml and purposes.yaml of a draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from klarsyn.language import REVIEWED
from klarsyn.register.drafts import vocabulary
from klarsyn.register.drafts.draftvendors import Mapped
from klarsyn.register.drafts.draftwords import UNSTATED_DATA, Words
from klarsyn.register.drafts.emitting import Flow, Note, emit
from klarsyn.register.drafts.handwritten import HandwrittenPage
from klarsyn.register.facts import Language


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked, or given by flags; None and () where it was not."""

    name: str | None = None
    country: str | None = None
    languages: tuple[Language, ...] = ()
    vendors: tuple[str, ...] = ()
    email: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class PageFile:
    """The file of the page that a draft is made from."""

    name: str
    sha256: str


def timezone_of(country: str | None, language: Language) -> str:
    """Return the time zone of a country, or of the country where a language is mostly spoken."""
    homes = vocabulary.page_words()["homes"]
    if country in homes:
        return str(homes[country][0])
    spoken = next((zone for zone, one in homes.values() if one == language), "UTC")
    return "UTC" if country or language == "en" else str(spoken)


def languages_of(country: str | None) -> tuple[Language, ...]:
    """Return the languages that are proposed to a company of a country: its own, and English."""
    homes = vocabulary.page_words()["homes"]
    own: Language = homes[country][1] if country in homes else "en"
    return (own,) if own == "en" else (own, "en")


def company_file(
    answers: Answers, languages: Sequence[Language], unknown: Flow, today: date
) -> Mapped:
    """Return company.yaml; what was answered has the answers as its source."""
    name = answers.name or "Company"
    texts = vocabulary.page_words()["company"]
    known: dict[str, object] = {"source": "answers"}
    whole: Mapped = {
        Note(
            "Who publishes. Next: legal_name, registration, address, acts_as and notice_period,\n"
            "each as {value: ..., source: ...} with an entry under `sources:`."
        ): None,
        "format": 1,
        "id": vocabulary.slug(name, "company"),
        "name": name,
    }
    if answers.country or answers.email:
        source = {"what": "answers given to klarsyn init", "as_of": today, "basis": "own"}
        whole["sources"] = {"answers": Flow(source)}
    odd = [one for one in languages if one not in REVIEWED]
    unread: Mapped = {"not_reviewed": Flow(odd)} if odd else {}
    contact = Flow({"value": {"email": answers.email}} | known) if answers.email else unknown
    rest: Mapped = {
        "legal_name": unknown,
        "registration": unknown,
        "address": unknown,
        "country": Flow({"value": answers.country} | known) if answers.country else unknown,
        "contact": contact,
        "acts_as": unknown,
        "languages": Flow(list(languages)),
        **unread,
        **(
            {"not_reviewed": Flow(odd)}
            if (odd := [o for o in languages if o not in REVIEWED])
            else {}
        ),
        "timezone": answers.timezone or timezone_of(answers.country, languages[0]),
        Note("How long before a new vendor the customers are told, and where they object."): None,
        "notice_period": unknown,
        "objections": contact,
        "title": {one: texts["title"][one].replace("{name}", name) for one in languages},
        "introduction": {
            one: texts["introduction"][one].replace("{name}", name) for one in languages
        },
    }
    return whole | rest


def printed_page(page: HandwrittenPage, file: PageFile) -> Mapped:
    """Return the texts of the page itself; as a comment where the model's date is lacking."""
    whole = {
        "file": file.name,
        "sha256": file.sha256,
        "language": page.language,
        "updated": page.updated,
        "updated_as_printed": page.updated_as_printed,
        "title": page.title,
        "intro": "\n\n".join(page.intro) or None,
        "outro": "\n\n".join(page.outro) or None,
    }
    printed: Mapped = {key: value for key, value in whole.items() if value is not None}
    if any(vocabulary.speaks_of("agreements_for_all", text) for text in (*page.intro, *page.outro)):
        printed["agreements_for_all"] = True
    if page.updated:
        note = "What the page kept by hand printed, letter for letter; remove this when it is gone."
        return {Note(note): None, "printed": printed}
    # A date is needed, and inventing one would be false: the texts wait as a comment.
    waiting = emit(
        {
            "printed": {
                Note("updated: the date of its last change, such as 2026-11-22"): None,
                **printed,
            }
        }
    )
    note = "The page bears no date. Add it, and take the # away from the lines below:"
    return {Note(f"{note}\n{waiting.decode()}"): None}


def elements_file(words: Words, languages: Sequence[Language], unknown: Flow) -> Mapped:
    """Return elements.yaml."""
    question = vocabulary.page_words()["data_about"]["question"]
    elements: Mapped = {}
    if not words.elements:  # none of the vendors holds any: the file has to stand all the same
        words.element(UNSTATED_DATA)
    for one, entry in sorted(
        words.elements.items(), key=lambda item: (not item[1].standard, item[0])
    ):
        this: Mapped = {"label": _text(entry.label, languages)}
        if entry.explanation:
            this["explanation"] = {words.language: entry.explanation}
        facts = entry.facts
        this |= {"about": facts.get("about", "person")}
        this |= {key: facts[key] for key in ("personal_if",) if key in facts}
        this |= {"origin": facts.get("origin", "provided")}
        this |= {key: facts[key] for key in ("sensitivity", "free_text", "group") if key in facts}
        if facts.get("sensitivity") == "national-id-if-sole-trader":
            this["sole_traders"] = unknown
        nearest = {"terms": ["dpv:PersonalData"], "match": "broader"}
        this["dpv"] = Flow(facts.get("dpv", nearest))
        this["fideslang"] = Flow(facts.get("fideslang", {"terms": ["user"], "match": "broader"}))
        if not entry.standard or "question" in facts:
            this["question"] = _text(facts.get("question", question), languages)
        elements[one] = this
    note = "Every kind of data that a vendor may have. Answer each `question:`, then remove it."
    return {Note(note): None, "format": 1, "elements": elements}


def purposes_file(words: Words, languages: Sequence[Language], unknown: Flow) -> Mapped:
    """Return purposes.yaml."""
    purposes: Mapped = {}
    for one, entry in words.purposes.items():
        facts = entry.facts
        this: Mapped = {"label": _text(entry.label, languages)}
        if not entry.standard:
            this[Note("service, marketing, analytics, sales or internal?")] = None
        kind = facts.get("kind", "service")
        this |= {"kind": kind, "legal_basis": unknown}
        this |= {"one_opt_out": unknown} if kind == "marketing" else {}
        this |= {"data_subjects": unknown}
        this |= {key: Flow(facts[key]) for key in ("dpv", "fideslang") if facts.get(key)}
        purposes[one] = this
    note = (
        "What the data are used for. Next: the legal basis of each purpose, such as\n"
        "{value: 6-1-b-contract, source: ...}, and `data_subjects:`, the categories of people."
    )
    return {Note(note): None, "format": 1, "purposes": purposes}


def _text(label: Mapping[str, str], languages: Sequence[Language]) -> dict[str, str]:
    return {one: label[one] for one in languages}
