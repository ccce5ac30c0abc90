"""
Checks of sense: claims that others contradict, secrets, scores, and words that leave a doubt.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from klarsyn.errors import said
from klarsyn.language import mark
from klarsyn.register.facts import known
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.register import Place
from klarsyn.rules.kinds import HOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Processing

NONE_UNPROVED = Rule(
    id="none-unproved",
    requirement="R12",
    severity="high",
    seen_as="D08 D09 D10",
    title=mark('"No personal data" is not proved'),
    what=mark("{vendor}: no valid evidence that it stores no personal data"),
    why=mark(
        "A public claim needs evidence, and evidence ages: a dated probe or a signed statement. "
        "Source: GDPR Art. 5(2), 24(1)."
    ),
    remedy=mark("probe the vendor or have it sign, and write `evidence:` with dates"),
)

NONE_CONTRADICTED_BY_SIBLINGS = Rule(
    id="none-contradicted-by-siblings",
    requirement="R12",
    severity="high",
    seen_as="D08",
    title=mark('"No personal data" against vendors of the same purpose'),
    what=mark("{vendor} has none, says its row; for {purpose} {siblings} list personal data"),
    why=mark(
        "Systems that serve one purpose hold like data. When two of them list personal data, a "
        "third with none is more likely wrong than lucky. Source: GDPR Art. 5(1)(d), 5(2)."
    ),
    remedy=mark("look into the system, and list what it holds"),
)

NONE_CONTRADICTED_BY_KIND = Rule(
    id="none-contradicted-by-kind",
    requirement="R3 R12",
    severity="high",
    seen_as="D08 D09",
    title=mark('"No personal data" against the kind of system'),
    what=mark("{vendor} has none, says its row; a system of its kind holds {topics}"),
    why=mark(
        "Invoices name contact persons, and session recordings carry online identifiers: these are "
        "personal data. Source: GDPR Art. 4(1), recital 30; C-582/14 Breyer."
    ),
    remedy=mark("list what it holds, or prove by a probe that this one does not"),
)

ACCESS_UNSAID = Rule(
    id="access-unsaid",
    requirement="R6",
    severity="high",
    seen_as="D10",
    title=mark("Stored is answered where access was asked"),
    what=mark("{vendor} stores nothing, says its row; whether it has access is not said"),
    why=mark(
        "Reading is processing: a vendor that can see data without storing them belongs on the "
        "list with what it sees. Source: GDPR Art. 4(2)."
    ),
    remedy=mark("find out who can log in where, and write `access:`"),
)


def claims_of_none(register: Register, on: date) -> Iterator[Finding]:
    """R3, R6, R12: each "none" is proved, and neither its siblings nor its kind contradict it."""
    for one, vendor in register.vendors.items():
        for number, processing in enumerate(vendor.processing):
            if processing.declaration != "none" or _is_proved(processing, on):
                continue
            place = Place(f"vendors/{one}.yaml", f"processing/{number}/declaration")
            facts: dict[str, object] = {"vendor": vendor.name}
            yield Finding(NONE_UNPROVED, place, facts)
            if not processing.access.known:
                yield Finding(ACCESS_UNSAID, place, facts)
            siblings = _listing(register, processing.purpose)
            if len(siblings) > 1:
                purpose = register.purposes[processing.purpose].label
                told = {**facts, "purpose": purpose, "siblings": siblings}
                yield Finding(NONE_CONTRADICTED_BY_SIBLINGS, place, told)
            if topics := HOLDS.get(vendor.kind):
                held = [said(topic.label) for topic in topics]
                yield Finding(NONE_CONTRADICTED_BY_KIND, place, {**facts, "topics": held})


def _is_proved(processing: Processing, on: date) -> bool:
    return any(one.on <= on <= one.until for one in processing.evidence)


def _listing(register: Register, purpose: str) -> list[str]:
    """Return the names of vendors that list personal data for a purpose."""
    return [
        vendor.name
        for vendor in register.vendors.values()
        if any(one.purpose == purpose and one.declaration == "listed" for one in vendor.processing)
    ]


INCIDENTAL_UNBOUNDED = Rule(
    id="incidental-unbounded",
    requirement="R29",
    severity="medium",
    seen_as="D11",
    title=mark('"Normally none" without a bound'),
    what=mark("{vendor}: personal data may be written in, without {lack}"),
    why=mark(
        "Data that turn up in notes are within reach of access and erasure. A rule says what staff "
        "may write there and what never, a period says when notes go. Source: GDPR Art. 5(1)(c), "
        "(e), 15; EDPB Guidelines 01/2022."
    ),
    remedy=mark("write `rule:` and a `retention:` for this row"),
)

FREE_TEXT_UNBOUNDED = Rule(
    id="free-text-unbounded",
    requirement="R30",
    severity="medium",
    seen_as="D18",
    title=mark("Free text without a rule"),
    what=mark("{vendor} holds {element}, free text, without a rule of what may be written"),
    why=mark(
        "Notes about a person reach every access request, with other people's names in them, and "
        "have to be read by a human before they go out. Source: GDPR Art. 15(3)-(4)."
    ),
    remedy=mark("write `rule:` for this row"),
)

GENERATED_UNEXPLAINED = Rule(
    id="generated-unexplained",
    requirement="R41",
    severity="medium",
    seen_as="D12",
    title=mark("Data that arise at the vendor are not explained"),
    what=mark("{vendor} generates {element} itself, and {lack} is not known"),
    why=mark(
        "Who opened what and when is observed data: people are told, it needs a basis and an end, "
        "and it is portable. Source: GDPR Art. 13, 20; WP 242 rev.01."
    ),
    remedy=mark("write the purpose's basis and this row's retention"),
)


def incidental(register: Register, on: date) -> Iterator[Finding]:
    """R29, R30, R41: what is written in, typed freely or generated has a bound."""
    del on
    yield from _written_in(register)
    for use in register.uses():
        element = register.elements[use.held.element]
        facts: dict[str, object] = {"vendor": use.vendor.name, "element": element.label}
        if element.free_text and not known(use.processing.rule):
            yield Finding(FREE_TEXT_UNBOUNDED, use.place, facts)
        if use.held.direction == "generated-at-vendor":
            basis = register.purposes[use.processing.purpose].legal_basis
            lacks = [] if basis.known else [said("the legal basis")]
            lacks += [] if _has_end(use.processing) else [said("the retention period")]
            if lacks:
                yield Finding(GENERATED_UNEXPLAINED, use.place, {**facts, "lack": lacks})


def _written_in(register: Register) -> Iterator[Finding]:
    for one, vendor in register.vendors.items():
        for number, processing in enumerate(vendor.processing):
            lacks = [] if processing.rule and processing.rule.known else [said("a rule")]
            if not _has_end(processing):
                lacks.append(said("an end"))
            if processing.declaration == "incidental" and lacks:
                place = Place(f"vendors/{one}.yaml", f"processing/{number}/declaration")
                yield Finding(INCIDENTAL_UNBOUNDED, place, {"vendor": vendor.name, "lack": lacks})


def _has_end(processing: Processing) -> bool:
    return bool(known(processing.retention.period) or known(processing.retention.criterion))


SECRET_LISTED = Rule(
    id="secret-listed",
    requirement="R11",
    severity="high",
    seen_as="D07",
    title=mark("A secret stands in a list of data"),
    what=mark("{vendor} is listed with {element}, and the form in which it is held is not known"),
    why=mark(
        "A password is never shared. If it is a salted hash in our own database at the host, that "
        "is what the register has to say; if it is anything else, it is a disaster. Source: GDPR "
        "Art. 5(1)(f), 32."
    ),
    remedy=mark("find out how it is held and write `form:` with its source"),
)

NATIONAL_ID_POSSIBLE = Rule(
    id="national-id-possible",
    requirement="R90",
    severity="high",
    seen_as="D16",
    title=mark("A company number may be a national id"),
    what=mark("{vendor} may have {element}; for a Swedish sole trader that is a personnummer"),
    why=mark(
        "A Swedish sole trader's organisation number is the owner's national identity number, "
        "which may be processed only when clearly justified. Source: GDPR Art. 87; 3 kap. 10 § "
        "lagen (2018:218)."
    ),
    remedy=mark("decide whether such numbers are left out, masked or allowed: `sole_traders:`"),
)


def secrets(register: Register, on: date) -> Iterator[Finding]:
    """R11, R90: secrets say their form, company numbers what is done with sole traders'."""
    del on
    for use in register.uses():
        element = register.elements[use.held.element]
        facts: dict[str, object] = {"vendor": use.vendor.name, "element": element.label}
        if element.sensitivity == "secret" and not known(use.held.form):
            yield Finding(SECRET_LISTED, use.place, facts)
        if element.sensitivity == "national-id-if-sole-trader" and not known(element.sole_traders):
            yield Finding(NATIONAL_ID_POSSIBLE, use.place, facts)


UNCLEAR_WHOSE = Rule(
    id="unclear-whose",
    requirement="R3",
    severity="medium",
    seen_as="D05",
    title=mark("It is not clear whose data an element is"),
    what=mark("{vendor}: {doubt}"),
    why=mark(
        "Name beside contact person, phone beside phone: whose it is decides whose rights "
        "reach it. Source: GDPR Art. 4(1)."
    ),
    remedy=mark("ask whoever uses the system; then rename or merge the elements"),
)

SOURCE_UNSAID = Rule(
    id="source-unsaid",
    requirement="R18 R26",
    severity="medium",
    seen_as="D17",
    title=mark("Where data come from is not said"),
    what=mark("{element} is had from others, and from whom is not known"),
    why=mark(
        "Who had their data passed on by somebody else is told so, and from whom. Source: GDPR "
        "Art. 14(2)(f), 15(1)(g)."
    ),
    remedy=mark("write `from_others:` in elements.yaml"),
)


def elements(register: Register, on: date) -> Iterator[Finding]:
    """R3, R18, R26: open questions about elements that vendors have, and their origin."""
    del on
    used: dict[str, Place] = {}
    for use in register.uses():
        used.setdefault(use.held.element, use.place)
        element = register.elements[use.held.element]
        if element.question:
            facts: dict[str, object] = {"vendor": use.vendor.name, "doubt": element.question}
            yield Finding(UNCLEAR_WHOSE, use.place, facts)
    for one in used:
        element = register.elements[one]
        if element.origin == "collected" and not known(element.from_others):
            place = Place("elements.yaml", f"elements/{one}")
            yield Finding(SOURCE_UNSAID, place, {"element": element.label})
    yield from _alike(register)


def _alike(register: Register) -> Iterator[Finding]:
    """Two elements of one row that mean the same to the vocabulary, whatever their labels."""
    rows: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for use in register.uses():
        element = register.elements[use.held.element]
        if not element.score and not element.free_text:
            for term in element.dpv.terms:
                rows[use.vendor_id, use.number, term].append(use.held.element)
    for (vendor_id, number, term), ids in rows.items():
        if len(ids) == 1 or term.startswith("dpv:"):
            continue
        labels = [register.elements[one].label for one in ids]
        doubt = said("{elements} look alike", elements=labels)
        place = Place(f"vendors/{vendor_id}.yaml", f"processing/{number}/elements")
        vendor = register.vendors[vendor_id].name
        yield Finding(UNCLEAR_WHOSE, place, {"vendor": vendor, "doubt": doubt})
