"""
Checks of what kind of system a vendor runs: devices, several systems for one purpose, short lists.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from klarsyn.errors import said
from klarsyn.language import mark
from klarsyn.register.facts import known
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.lineage import held_ids
from klarsyn.register.register import Place
from klarsyn.rules.kinds import HOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.errors import Message
    from klarsyn.register.register import Register

DEVICE_ACCESS_UNSAID = Rule(
    id="device-access-unsaid",
    requirement="R88",
    severity="medium",
    seen_as="D09 D12",
    title=mark("Access to the visitor's device is not answered"),
    what=mark("{vendor}: {state}"),
    why=mark(
        "Storing or reading on a visitor's device, by cookies, scripts or pixels in e-mails, needs "
        "consent unless strictly necessary. Source: ePrivacy Directive Art. 5(3)."
    ),
    remedy=mark("write `device_access:`, and where true the consent purpose"),
)

_ON_DEVICES = {"session-replay", "e-mail-marketing"}


def devices(register: Register, on: date) -> Iterator[Finding]:
    """R88: vendors that work on devices say so, and on which consent."""
    del on
    for one, vendor in register.vendors.items():
        place = Place(f"vendors/{one}.yaml", "device_access")
        state: Message | None = None
        if not vendor.device_access.known and vendor.kind in _ON_DEVICES:
            state = said("whether it stores or reads on devices is not known")
        elif vendor.device_access.value and not _has_consent(register, vendor.device_consent):
            state = said("it stores or reads on devices, and no consent purpose is named")
        if state:
            yield Finding(DEVICE_ACCESS_UNSAID, place, {"vendor": vendor.name, "state": state})


def _has_consent(register: Register, purpose: str | None) -> bool:
    named = register.purposes.get(purpose or "")
    return named is not None and named.legal_basis.value == "6-1-a-consent"


LIVE_SYSTEM_UNKNOWN = Rule(
    id="live-system-unknown",
    requirement="R36",
    severity="medium",
    seen_as="D14",
    title=mark("Several systems for one purpose, and which is live is not known"),
    what=mark("{purpose}: {vendors}; which is live, archive or ended is not known"),
    why=mark(
        "An old system keeps data alive: it needs an end, or a statute that keeps it. Source: GDPR "
        "Art. 5(1)(e), 17."
    ),
    remedy=mark("write `status:` for each, and `end:` where one is no longer used"),
)

OPT_OUT_SPLIT = Rule(
    id="opt-out-split",
    requirement="R42",
    severity="high",
    seen_as="D20",
    title=mark("Two newsletter systems, two opt-outs"),
    what=mark("{purpose} runs through {vendors}; nothing says that one opt-out stops both"),
    why=mark(
        "Objecting to direct marketing ends it at once, everywhere. Source: GDPR Art. 21(2)-(3)."
    ),
    remedy=mark("join the opt-outs and write `one_opt_out:` in purposes.yaml"),
)


_CARRIERS = {"hosting", "automation"}


def shared_purposes(register: Register, on: date) -> Iterator[Finding]:
    """R36, R42: purposes that several vendors serve."""
    del on
    by_purpose: dict[str, list[str]] = defaultdict(list)
    for one, vendor in register.vendors.items():
        for purpose_id in dict.fromkeys(processing.purpose for processing in vendor.processing):
            by_purpose[purpose_id].append(one)
    for one, vendors in by_purpose.items():
        if len(vendors) == 1:
            continue
        purpose = register.purposes[one]
        place = Place("purposes.yaml", f"purposes/{one}")
        names = [register.vendors[vendor].name for vendor in vendors]
        facts: dict[str, object] = {"purpose": purpose.label, "vendors": names}
        if any(not register.vendors[vendor].status.known for vendor in vendors):
            yield Finding(LIVE_SYSTEM_UNKNOWN, place, facts)
        senders = [one for one in vendors if register.vendors[one].kind not in _CARRIERS]
        is_split = len(senders) > 1 and not known(purpose.one_opt_out)
        if purpose.kind == "marketing" and is_split:
            names = [register.vendors[one].name for one in senders]
            yield Finding(OPT_OUT_SPLIT, place, {**facts, "vendors": names})


LIST_TOO_SHORT = Rule(
    id="list-too-short",
    requirement="R12",
    severity="medium",
    seen_as="D15",
    title=mark("A list too short to be true"),
    what=mark("{vendor} is not listed with {topics}, which a system of its kind holds"),
    why=mark(
        "A customer relationship system without mails, an invoicing system without invoices: what "
        "the system holds by its nature belongs on the list. Source: GDPR Art. 5(1)(a), 13."
    ),
    remedy=mark("look into the system, and list what it holds"),
)


def completeness(register: Register, on: date) -> Iterator[Finding]:
    """R12: a list names at least what every system of that kind holds."""
    del on
    for one, vendor in register.vendors.items():
        declared = {processing.declaration for processing in vendor.processing}
        topics = HOLDS.get(vendor.kind, ())
        if "listed" not in declared or not topics:
            continue
        elements = [register.elements[element] for element in held_ids(register, one)]
        terms = {term for element in elements for term in element.dpv.terms}
        if missing := [said(topic.label) for topic in topics if not topic.terms & terms]:
            place = Place(f"vendors/{one}.yaml", "processing/0/elements")
            yield Finding(LIST_TOO_SHORT, place, {"vendor": vendor.name, "topics": missing})


NOT_LISTED = Rule(
    id="not-listed",
    requirement="R5 R17",
    severity="high",
    seen_as="D25",
    title=mark("Known processing that stands nowhere in the register"),
    what=mark("not in the register: {gap}"),
    why=mark(
        "What the company's own terms or invoices show it to process belongs in the register with "
        "its vendors. Source: GDPR Art. 13(1)(e), 30."
    ),
    remedy=mark("enter its elements and vendors, then drop it from `known_gaps:`"),
)


def not_listed(register: Register, on: date) -> Iterator[Finding]:
    """R17: what is known to happen and is not declared yet."""
    del on
    for number, gap in enumerate(register.company.known_gaps):
        place = Place("company.yaml", f"known_gaps/{number}")
        yield Finding(NOT_LISTED, place, {"gap": gap.what})
