"""
Checks of what the law asks of every row: role, basis, people, retention, review, supervision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klarsyn.errors import said
from klarsyn.language import mark
from klarsyn.register.facts import BASES, Basis, Fact, known, parts
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.register import Place
from klarsyn.rules.supervision import least_concept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.errors import Message
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Supervision

ROLE_MISSING = Rule(
    id="role-missing",
    requirement="R1",
    severity="high",
    seen_as="D02 D19",
    title=mark("The vendor's role is not known"),
    what=mark("the role of {vendor} for the purpose {purpose} is not known"),
    why=mark(
        "A party has a role for each processing: processor, sub-processor, controller of its own. "
        "The role decides which law applies: notice and objection under Art. 28(2), or information "
        "under Art. 13 and 14. Source: GDPR Art. 4(7)-(10); EDPB Guidelines 07/2020."
    ),
    remedy=mark("decide it from the agreement and write `role:` with its source"),
)

SUB_PROCESSOR_WITHOUT_CONTROLLER = Rule(
    id="sub-processor-without-controller",
    requirement="R2",
    severity="high",
    seen_as="D02",
    title=mark("A sub-processor without a controller above"),
    what=mark("{vendor} is called a sub-processor, but the company does not act as a processor"),
    why=mark(
        "A vendor is a sub-processor only where the company itself acts for a controller; where "
        "the company is the controller, the same vendor is a processor. Source: GDPR Art. 28(1), "
        "(2), (4)."
    ),
    remedy=mark("correct the role, or add processor to `acts_as` in company.yaml"),
)


def roles(register: Register, on: date) -> Iterator[Finding]:
    """R1, R2: each processing has a role, and the word fits the company's own."""
    del on
    is_processor = "processor" in (register.company.acts_as.value or [])
    for one, vendor in register.vendors.items():
        for number, processing in enumerate(vendor.processing):
            place = Place(f"vendors/{one}.yaml", f"processing/{number}/role")
            purpose = register.purposes[processing.purpose].label
            facts = {"vendor": vendor.name, "purpose": purpose}
            if not processing.role.known:
                yield Finding(ROLE_MISSING, place, facts)
            elif processing.role.value == "sub-processor" and not is_processor:
                yield Finding(SUB_PROCESSOR_WITHOUT_CONTROLLER, place, facts)


OWN_ROLE_MISSING = Rule(
    id="own-role-missing",
    requirement="R2",
    severity="high",
    seen_as="D02",
    title=mark("The company's own role is not known"),
    what=mark("{company} does not say whether it acts as controller or as processor"),
    why=mark(
        "Whether vendors are processors or sub-processors follows from the company's own role "
        "towards its customers. Source: GDPR Art. 28(1), (2), (4)."
    ),
    remedy=mark("write `acts_as:` in company.yaml with its source"),
)

CONTACT_MISSING = Rule(
    id="contact-missing",
    requirement="R74",
    severity="high",
    seen_as="D19",
    title=mark("Whom to turn to is not known"),
    what=mark("{what} of {company} is not known"),
    why=mark(
        "People and customers have to know whom to turn to and where to object: the controller's "
        "contact and that of the data protection officer. Source: GDPR Art. 13(1)(a)-(b), "
        "30(1)(a); SCC 2021/915 clause 7.7."
    ),
    remedy=mark("write it in company.yaml"),
)


def company(register: Register, on: date) -> Iterator[Finding]:
    """R2, R52, R74: the publisher's role, contact, officer and address for objections."""
    del on
    publisher = register.company
    facts = {"company": publisher.name}
    if not publisher.acts_as.known:
        yield Finding(OWN_ROLE_MISSING, Place("company.yaml", "acts_as"), facts)
    wanted: dict[str, tuple[Fact[Any] | None, Message]] = {
        "contact": (publisher.contact, said("the contact for data protection")),
        "objections": (publisher.objections, said("the address for objections")),
        "notice_period": (publisher.notice_period, said("the notice period")),
    }
    if not publisher.no_data_protection_officer:
        officer = publisher.data_protection_officer
        wanted["data_protection_officer"] = (officer, said("the data protection officer"))
    for name, (fact, what) in wanted.items():
        if known(fact) is None:
            yield Finding(CONTACT_MISSING, Place("company.yaml", name), {**facts, "what": what})


LEGAL_BASIS_MISSING = Rule(
    id="legal-basis-missing",
    requirement="R13",
    severity="high",
    seen_as="D19",
    title=mark("The legal basis is not known"),
    what=mark("the legal basis of the purpose {purpose} is not known"),
    why=mark(
        "Every purpose rests on one legal basis, and people are told which. Source: GDPR Art. "
        "6(1), 13(1)(c), 14(1)(c)."
    ),
    remedy=mark("write `legal_basis:` in purposes.yaml with its source"),
)

CONTRACT_NECESSITY_DOUBTFUL = Rule(
    id="contract-necessity-doubtful",
    requirement="R13",
    severity="medium",
    seen_as="D21",
    title=mark("The contract hardly makes this necessary"),
    what=mark("the purpose {purpose} rests on the contract, and no reason is given"),
    why=mark(
        "A contract is a legal basis only for what is objectively indispensable to it; "
        "newsletters, analytics and sales seldom are. Source: GDPR Art. 6(1)(b); C-252/21 Meta; "
        "C-394/23 Mousse."
    ),
    remedy=mark("name another basis, or write `necessity:` with the reason"),
)

DATA_SUBJECTS_MISSING = Rule(
    id="data-subjects-missing",
    requirement="R57",
    severity="medium",
    seen_as="D19",
    title=mark("The data subjects are not known"),
    what=mark("the purpose {purpose} does not say whose data are processed"),
    why=mark(
        "The agreement, the record and the annexes of the standard clauses name the categories of "
        "data subjects. Source: GDPR Art. 28(3), 30(1)(c); SCC 2021/914 annex I.B."
    ),
    remedy=mark("write `data_subjects:` in purposes.yaml"),
)

CONSENT_WITHDRAWAL_MISSING = Rule(
    id="consent-withdrawal-missing",
    requirement="R14",
    severity="medium",
    title=mark("How consent is withdrawn is not known"),
    what=mark("the purpose {purpose} rests on consent and does not say how to withdraw it"),
    why=mark(
        "Withdrawing consent must be as easy as giving it, and reach every vendor of the purpose. "
        "Source: GDPR Art. 7(3)."
    ),
    remedy=mark("write `withdrawal:` in purposes.yaml"),
)


def purposes(register: Register, on: date) -> Iterator[Finding]:
    """R13, R14, R57: each purpose has a basis that can carry it, and people it is about."""
    del on
    used = {use.purpose for vendor in register.vendors.values() for use in vendor.processing}
    for one, purpose in register.purposes.items():
        if one not in used:
            continue
        place = Place("purposes.yaml", f"purposes/{one}")
        facts = {"purpose": purpose.label}
        basis = purpose.legal_basis.value
        if basis is None:
            yield Finding(LEGAL_BASIS_MISSING, place, facts)
        unusual = purpose.kind in {"marketing", "analytics", "sales"} and not purpose.necessity
        if basis == "6-1-b-contract" and unusual:
            yield Finding(CONTRACT_NECESSITY_DOUBTFUL, place, facts)
        if basis == "6-1-a-consent" and not known(purpose.withdrawal):
            yield Finding(CONSENT_WITHDRAWAL_MISSING, place, facts)
        if not purpose.data_subjects.known:
            yield Finding(DATA_SUBJECTS_MISSING, place, facts)


RETENTION_MISSING = Rule(
    id="retention-missing",
    requirement="R10",
    severity="high",
    seen_as="D19",
    title=mark("How long data are kept is not known"),
    what=mark("how long {vendor} keeps data for the purpose {purpose} is not known"),
    why=mark(
        "Data are kept no longer than the purpose needs; people are told the period or the "
        "criterion. Source: GDPR Art. 5(1)(e), 13(2)(a)."
    ),
    remedy=mark("write a period (P2Y) or a criterion under `retention:`"),
)

STATUTE_MISSING = Rule(
    id="statute-missing",
    requirement="R36",
    severity="medium",
    seen_as="D14",
    title=mark("Bookkeeping law is not named"),
    what=mark("{vendor} keeps accounts, and no statute of retention is named"),
    why=mark(
        "Accounting records have to be kept for years, and an erasure request then ends with a "
        "date instead of a deletion. Source: GDPR Art. 17(3)(b); the bookkeeping acts."
    ),
    remedy=mark("write `statute:` under `retention:`, such as dk-bookkeeping"),
)


def retention(register: Register, on: date) -> Iterator[Finding]:
    """R10, R36: each processing says how long, and accounts name the statute."""
    del on
    for one, vendor in register.vendors.items():
        for number, processing in enumerate(vendor.processing):
            place = Place(f"vendors/{one}.yaml", f"processing/{number}/retention")
            purpose = register.purposes[processing.purpose].label
            facts = {"vendor": vendor.name, "purpose": purpose}
            kept = processing.retention
            is_none = processing.declaration == "none" and processing.storage.value is False
            told = known(kept.period) or known(kept.criterion)
            if not told and not is_none:
                yield Finding(RETENTION_MISSING, place, facts)
            if vendor.kind in {"accounting", "payments"} and not kept.statute:
                yield Finding(STATUTE_MISSING, place, facts)


REVIEW_MISSING = Rule(
    id="review-missing",
    requirement="R49",
    severity="medium",
    seen_as="D22",
    title=mark("The vendor has not been reviewed"),
    what=mark("{vendor}: {state}"),
    why=mark(
        "Only processors with sufficient guarantees may be used, and that has to be verified again "
        "over time. Source: GDPR Art. 28(1); EDPB Guidelines 07/2020."
    ),
    remedy=mark("review the vendor, and write `review:` with the next date"),
)

RISK_MISSING = Rule(
    id="risk-missing",
    requirement="R65",
    severity="low",
    title=mark("The risk has not been judged"),
    what=mark("the risk of {vendor} has not been judged"),
    why=mark(
        "Guarantees are verified for every vendor; how deep depends on the risk. Source: EDPB "
        "Opinion 22/2024."
    ),
    remedy=mark("write `risk:` as low, medium or high, with its source"),
)

SUPERVISION_MISSING = Rule(
    id="supervision-missing",
    requirement="R68",
    severity="medium",
    title=mark("Danish supervision is not planned"),
    what=mark("{vendor}: {state}"),
    why=mark(
        "A Danish controller supervises its processors: points for the risk, a concept that is "
        "enough for the points, and a next date. Source: Datatilsynet (Denmark), guidance of 29 "
        "October 2021."
    ),
    remedy=mark("write `supervision:` with points, concept and next date"),
)


def reviews(register: Register, on: date) -> Iterator[Finding]:
    """R49, R65, R68: reviewed, judged, supervised; and not overdue."""
    is_danish = register.company.country.value == "DK"
    for one, vendor in register.vendors.items():
        file = f"vendors/{one}.yaml"
        if vendor.is_over(on):
            continue
        facts: dict[str, object] = {"vendor": vendor.name}
        if vendor.review is None:
            state = said("no review is on record")
            yield Finding(REVIEW_MISSING, Place(file), {**facts, "state": state})
        elif vendor.review.next < on:
            state = said("the review was due on {day}", day=vendor.review.next)
            yield Finding(REVIEW_MISSING, Place(file, "review"), {**facts, "state": state})
        if not vendor.risk.known:
            yield Finding(RISK_MISSING, Place(file, "risk"), facts)
        supervised = is_danish and vendor.is_processor()
        lack = _supervision_state(vendor.supervision, on) if supervised else None
        if lack:
            place = Place(file, "supervision" if vendor.supervision else "")
            yield Finding(SUPERVISION_MISSING, place, {**facts, "state": lack})


def _supervision_state(supervision: Supervision | None, on: date) -> Message | None:
    if supervision is None:
        return said("no supervision is planned")
    least = least_concept(supervision.points)
    if supervision.concept < least:
        return said(
            "{points} points ask for concept {least} or more, not {concept}",
            points=supervision.points,
            least=least,
            concept=supervision.concept,
        )
    if supervision.next < on:
        return said("the supervision was due on {day}", day=supervision.next)
    return None


UNKNOWN_EXPIRED = Rule(
    id="unknown-expired",
    requirement="R12",
    severity="high",
    title=mark("A gap has outlived its date"),
    what=mark("{vendor}: not yet known, and the date to know it was {day}"),
    why=mark(
        "What is not known may be written so, but only until a date: an open point that never ends "
        "is no accountability. Source: GDPR Art. 5(2)."
    ),
    remedy=mark("find it out and write it with its source, or set a new date on purpose"),
)

NOT_VERIFIED = Rule(
    id="not-verified",
    requirement="R12",
    severity="low",
    title=mark("Facts that nobody has verified"),
    what=mark("{vendor}: {count} facts rest on what was not verified ({bases})"),
    why=mark(
        "A fact from memory, inference or somebody else's page is shown as not verified until the "
        "vendor's own page, an agreement or our records confirm it. Source: GDPR Art. 5(1)(d), "
        "5(2)."
    ),
    remedy=mark("check each with the vendor and name the better source"),
)


def knowledge(register: Register, on: date) -> Iterator[Finding]:
    """R12: gaps end in time, and what nobody verified is counted."""
    for file, whole in register.wholes():
        name = getattr(whole, "name", file)
        bases: list[Basis] = []
        for path, fact in parts(whole):
            if not isinstance(fact, Fact):
                continue
            until = fact.not_yet_known_until
            if until and until < on:
                yield Finding(UNKNOWN_EXPIRED, Place(file, path), {"vendor": name, "day": until})
            source = register.sources.get(file, {}).get(fact.source or "")
            if source and not source.verified:
                bases.append(source.basis)
        if bases:
            told = [said(BASES[one]) for one in sorted(set(bases))]
            counted = {"vendor": name, "count": len(bases), "bases": told}
            yield Finding(NOT_VERIFIED, Place(file, "sources"), counted)
