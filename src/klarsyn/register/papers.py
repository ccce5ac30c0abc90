"""
Checks of the papers: legal entity, countries, grounds of transfer, agreements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.errors import said
from klarsyn.language import LANGUAGES, country_name, mark
from klarsyn.register.facts import known
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.register import Place
from klarsyn.rules.transfers import adequacy, needs_ground

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.errors import Message
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Agreement, Transfer, Vendor

CLAUSES = "abcdefgh"

ENTITY_MISSING = Rule(
    id="entity-missing",
    requirement="R64 R70",
    severity="high",
    seen_as="D19",
    title=mark("The legal entity is not fully known"),
    what=mark("of {vendor} is not known: {fields}"),
    why=mark(
        "A controller has the name, address and contact person of every processor and "
        "sub-processor readily at hand, whatever the risk; the annexes of the standard clauses "
        "print them. Source: EDPB Opinion 22/2024, paras 25-32; SCC 2021/914 annex III."
    ),
    remedy=mark("ask the vendor, and write it under `entity:` with its source"),
)

START_MISSING = Rule(
    id="start-missing",
    requirement="R51",
    severity="low",
    seen_as="D19",
    title=mark("When the vendor was taken into use is not known"),
    what=mark("since when {vendor} is in use is not known"),
    why=mark(
        "Additions and replacements are announced beforehand; a list without dates cannot show "
        "that they were. Source: GDPR Art. 28(2)."
    ),
    remedy=mark("write `start:` with its source"),
)

OWN_LIST_MISSING = Rule(
    id="own-list-missing",
    requirement="R64",
    severity="low",
    seen_as="D19",
    title=mark("The vendor's own sub-processors are not known"),
    what=mark("where {vendor} lists its own sub-processors is not known"),
    why=mark(
        "The chain has to be known at every level. Source: EDPB Opinion 22/2024; GDPR Art. 28(4)."
    ),
    remedy=mark("write the address under `own_list:`"),
)


def entities(register: Register, on: date) -> Iterator[Finding]:
    """R64, R70: who the vendor is in law, since when, and where its own list stands."""
    del on
    for one, vendor in register.vendors.items():
        file = f"vendors/{one}.yaml"
        facts: dict[str, object] = {"vendor": vendor.name}
        entity = vendor.entity
        wanted = (
            (entity.name, said("name")),
            (entity.address, said("address")),
            (entity.contact, said("contact")),
        )
        if missing := [word for fact, word in wanted if not fact.known]:
            yield Finding(ENTITY_MISSING, Place(file, "entity"), {**facts, "fields": missing})
        if not vendor.start.known:
            yield Finding(START_MISSING, Place(file, "start"), facts)
        if not vendor.own_list.known and not vendor.chain:
            yield Finding(OWN_LIST_MISSING, Place(file, "own_list"), facts)


COUNTRY_MISSING = Rule(
    id="country-missing",
    requirement="R82",
    severity="high",
    seen_as="D19 D24",
    title=mark("A country is not known"),
    what=mark("of {vendor} is not known: {fields}"),
    why=mark(
        "Where the entity sits, where data lie and from where they are read can be three "
        "countries, and each can be a transfer. Source: GDPR Art. 44; EDPB Guidelines 05/2021."
    ),
    remedy=mark("ask the vendor, and write `country`, `storage` and `access` with their source"),
)


def countries(register: Register, on: date) -> Iterator[Finding]:
    """R82: the three countries, each on its own."""
    del on
    for one, vendor in register.vendors.items():
        wanted = (
            (vendor.entity.country, said("country of the entity")),
            (vendor.countries.storage, said("country of storage")),
            (vendor.countries.access, said("country of access")),
        )
        if missing := [word for fact, word in wanted if not fact.known]:
            place = Place(f"vendors/{one}.yaml", "countries")
            yield Finding(COUNTRY_MISSING, place, {"vendor": vendor.name, "fields": missing})


TRANSFER_GROUND_MISSING = Rule(
    id="transfer-ground-missing",
    requirement="R82 R83",
    severity="high",
    seen_as="D24",
    title=mark("A transfer has no ground"),
    what=mark("{vendor}: for {country} no ground of transfer on {day} is on record"),
    why=mark(
        "Data may go outside the EEA only on an adequacy decision, safeguards or an exception, and "
        "the decisions have dates. Source: GDPR Art. 44-49."
    ),
    remedy=mark("write the ground under `transfers:` with its dates and source"),
)

TRANSFER_UNSAID = Rule(
    id="transfer-unsaid",
    requirement="R17 R83",
    severity="medium",
    seen_as="D24",
    title=mark("The earlier page did not tell of a transfer"),
    what=mark(
        "the page of {day} did not say that data could go to {country} through {vendor}, when no "
        "adequacy decision covered it"
    ),
    why=mark(
        "People are told of transfers and their safeguards. Between 16 July 2020 and 10 July 2023 "
        "no decision covered the United States. Source: GDPR Art. 13(1)(f); C-311/18."
    ),
    remedy=mark("name the safeguards that held at that time, or tell the customers"),
)

TRANSFER_PAPERS_INCOMPLETE = Rule(
    id="transfer-papers-incomplete",
    requirement="R84 R85",
    severity="medium",
    title=mark("The papers of a transfer are incomplete"),
    what=mark("{vendor}, {country}: what is not on record: {lack}"),
    why=mark(
        "A certification names the entity and the day it was checked; standard clauses have a "
        "module and an assessment that is renewed. Source: Decision (EU) 2023/1795; (EU) 2021/914 "
        "clause 14; EDPB Recommendations 01/2020."
    ),
    remedy=mark("complete the entry under `transfers:`"),
)

DEROGATION_AS_ROUTINE = Rule(
    id="derogation-as-routine",
    requirement="R87",
    severity="high",
    title=mark("An exception is used as routine"),
    what=mark("{vendor}: continuous transfers to {country} rest on an exception of Art. 49"),
    why=mark("The exceptions are for single cases. Source: GDPR Art. 49; EDPB Guidelines 2/2018."),
    remedy=mark("conclude standard clauses, or stop the transfer"),
)


def transfers(register: Register, on: date) -> Iterator[Finding]:
    """R82-R87: every third country has a ground, today and when the earlier page was written."""
    printed = register.company.printed
    for one in register.vendors:
        yield from _groundless(register, one, on, TRANSFER_GROUND_MISSING)
        if printed:
            yield from _groundless(register, one, printed.updated, TRANSFER_UNSAID)
        yield from _transfer_papers(register.vendors[one], f"vendors/{one}.yaml", on)


def _groundless(register: Register, one: str, on: date, rule: Rule) -> Iterator[Finding]:
    vendor = register.vendors[one]
    above = "transfers" if vendor.transfers else "entity/country"
    for country in vendor_countries(vendor, on):
        place = Place(f"vendors/{one}.yaml", f"{above}/{country}")
        if needs_ground(country, on) and not grounds(register, one, country, on):
            facts = {"vendor": vendor.name, "country": _country(country), "day": on}
            yield Finding(rule, place, facts)


def vendor_countries(vendor: Vendor, on: date) -> list[str]:
    """Return the countries known of a vendor on a day: of entity, storage and access."""
    former = [
        one.country for one in vendor.entity.former if on.isoformat()[: len(one.until)] <= one.until
    ]
    found = {*former} or {*(known(vendor.entity.country) or [])}
    found |= {*(known(vendor.countries.storage) or []), *(known(vendor.countries.access) or [])}
    return sorted(found)


def grounds(register: Register, vendor_id: str, country: str, on: date) -> list[Transfer]:
    """
    Return the grounds on which data may go to a country through a vendor on a day.

    A ground counts where its source is verified and its papers name what they rest on: the
    certified entity and the day it was checked, or the module of the standard clauses.
    """
    return [
        one
        for one in register.vendors[vendor_id].transfers
        if one.to == country
        and (one.since is None or one.since <= on)
        and (one.until is None or on <= one.until)
        and _rests_on_something(one, country, on)
        and (source := register.source(vendor_id, one.source))
        and source.verified
    ]


def _rests_on_something(transfer: Transfer, country: str, on: date) -> bool:
    decision = adequacy(country, on)
    if transfer.mechanism == "dpf":
        covered = decision is not None and decision.only == "dpf-certified"
        return bool(covered and transfer.entity and transfer.checked)
    if transfer.mechanism == "adequacy":
        return decision is not None and decision.only in {None, "commercial"}
    return transfer.mechanism != "scc" or transfer.module is not None


def _transfer_papers(vendor: Vendor, file: str, on: date) -> Iterator[Finding]:
    is_continuous = any(known(one.frequency) == "continuous" for one in vendor.processing)
    for number, transfer in enumerate(vendor.transfers):
        place = Place(file, f"transfers/{number}")
        facts: dict[str, object] = {"vendor": vendor.name, "country": _country(transfer.to)}
        if lacks := list(_lacks(transfer, on)):
            yield Finding(TRANSFER_PAPERS_INCOMPLETE, place, {**facts, "lack": lacks})
        if transfer.mechanism == "derogation" and is_continuous:
            yield Finding(DEROGATION_AS_ROUTINE, place, facts)


def _lacks(transfer: Transfer, on: date) -> Iterator[Message]:
    if transfer.mechanism == "dpf" and not (transfer.entity and transfer.checked):
        yield said("the certified entity and the day it was checked")
    if transfer.mechanism == "scc" and not transfer.module:
        yield said("the module of the standard clauses")
    if transfer.mechanism in {"scc", "bcr"}:
        if transfer.assessment is None:
            yield said("the assessment of the transfer")
        elif transfer.assessment.next < on:
            yield said("an assessment renewed by {day}", day=transfer.assessment.next)
    if transfer.mechanism in {"scc", "bcr"} and not known(transfer.copy):
        yield said("where people get a copy of the safeguards")


def _country(code: str) -> dict[str, str]:
    return {one: country_name(code, one) for one in LANGUAGES}


AGREEMENT_MISSING = Rule(
    id="agreement-missing",
    requirement="R56",
    severity="high",
    seen_as="D19 D23",
    title=mark("No data processing agreement is on record"),
    what=mark("{vendor}: {lack}"),
    why=mark(
        "Processing by a processor is governed by a contract in writing, and the company must be "
        "able to show it: version, date, entity, plan covered, the file itself. Source: GDPR Art. "
        "28(3), (9), 5(2)."
    ),
    remedy=mark("file the signed agreement and write `agreement:` with its hash"),
)

AGREEMENT_INCOMPLETE = Rule(
    id="agreement-incomplete",
    requirement="R57 R58",
    severity="medium",
    title=mark("The agreement does not cover all that the law asks for"),
    what=mark("{vendor}: {lack}"),
    why=mark(
        "The agreement has eight mandatory points, (a) to (h), and passes the same duties down. "
        "Source: GDPR Art. 28(3)(a)-(h), 28(4)."
    ),
    remedy=mark("point to each clause, or agree on what is missing"),
)

CLAIM_FOR_ALL = Rule(
    id="claim-for-all",
    requirement="R12",
    severity="high",
    seen_as="D23",
    title=mark("A claim about all vendors without evidence for all"),
    what=mark(
        "the page of {day} says of all vendors that an agreement binds them; there is evidence "
        "for {proved} of {total}"
    ),
    why=mark(
        'Every public claim needs evidence. The published sentence says "all" only when every '
        "vendor has a valid agreement on record. Source: GDPR Art. 5(2), 24(1)."
    ),
    remedy=mark("file the missing agreements; the sentence follows from them by itself"),
)


def agreements(register: Register, on: date) -> Iterator[Finding]:
    """R56-R58, R12: each vendor's agreement is on record, valid, for the plan in use, complete."""
    for one, vendor in register.vendors.items():
        place = Place(f"vendors/{one}.yaml", "agreement")
        facts: dict[str, object] = {"vendor": vendor.name}
        if needs_agreement(vendor, on) and (lack := agreement_lack(register, one, on)):
            yield Finding(AGREEMENT_MISSING, place, {**facts, "lack": lack})
        if agreement := known(vendor.agreement):
            for missing in _incomplete(agreement):
                yield Finding(AGREEMENT_INCOMPLETE, place, {**facts, "lack": missing})
    printed = register.company.printed
    if printed and printed.agreements_for_all:
        proved, total = agreements_proved(register, on)
        if proved < total:
            told = {"day": printed.updated, "proved": proved, "total": total}
            yield Finding(CLAIM_FOR_ALL, Place("company.yaml", "printed/outro"), told)


def agreements_proved(register: Register, on: date) -> tuple[int, int]:
    """Return with how many vendors an agreement is proved, and with how many one is due."""
    due = [one for one, vendor in register.vendors.items() if needs_agreement(vendor, on)]
    return sum(not agreement_lack(register, one, on) for one in due), len(due)


def needs_agreement(vendor: Vendor, on: date) -> bool:
    """Tell whether an agreement is due: with who processes on our behalf, while they do (R56)."""
    return vendor.is_processor() and not vendor.is_over(on)


def agreement_lack(register: Register, vendor_id: str, on: date) -> Message | None:
    """Tell what is missing to a valid agreement on that day, or None where it is proved."""
    vendor = register.vendors[vendor_id]
    agreement = known(vendor.agreement)
    if agreement is None:
        return said("no agreement is on record")
    if not register.is_verified(vendor_id, vendor.agreement):
        return said("nobody has verified the agreement")
    if agreement.until and agreement.until < on:
        return said("the agreement ended on {day}", day=agreement.until)
    if agreement.signed > on:
        return said("the agreement is signed on {day}", day=agreement.signed)
    return _plan_lack(agreement, known(vendor.plan_used))


def _plan_lack(agreement: Agreement, used: str | None) -> Message | None:
    if used is None:
        return said("whether the agreement covers the plan in use is not known")
    if used == agreement.plan_covered:
        return None
    return said(
        "the agreement covers the plan {covered}, in use is {used}",
        covered=agreement.plan_covered,
        used=used,
    )


def _incomplete(agreement: Agreement) -> Iterator[Message]:
    missing = [f"({letter})" for letter in CLAUSES if letter not in agreement.clauses]
    if missing:
        yield said("Art. 28(3) {letters} are not pointed to", letters=" ".join(missing))
    if not agreement.third_party_beneficiary:
        yield said("the controller cannot turn to sub-processors directly")
    if not agreement.same_duties_below:
        yield said("sub-processors are not bound by the same duties")
