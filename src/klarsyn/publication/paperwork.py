"""
The papers of a vendor in words: where data lie, on which grounds they go there, agreements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication import words
from klarsyn.publication.voice import Shown
from klarsyn.register.facts import known
from klarsyn.register.papers import agreement_lack, grounds, needs_agreement

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.publication.voice import Voice
    from klarsyn.register.facts import Fact
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Transfer, Vendor


def where(
    register: Register, vendor_id: str, voice: Voice, on: date
) -> tuple[tuple[str, Shown], ...]:
    """Return where data lie and are read, and the grounds of transfer that stand (R82)."""
    vendor = register.vendors[vendor_id]
    rows = [
        (voice.text("Country of storage"), voice.fact(vendor.countries.storage, voice.countries)),
        (voice.text("Country of access"), voice.fact(vendor.countries.access, voice.countries)),
    ]
    standing = [one for one in vendor.transfers if one.until is None or on <= one.until]
    if standing:
        text = "; ".join(_transfer(one, voice) for one in standing)
        is_known = all(one in grounds(register, vendor_id, one.to, on) for one in standing)
        ground = Shown(
            text, "known" if is_known else "unverified", doubt=voice.text("not verified")
        )
        rows.append((voice.text("Ground of transfer"), ground))
    return tuple(rows)


def safeguards(vendor: Vendor, voice: Voice, on: date) -> tuple[tuple[str, Shown], ...]:
    """Return where people get a copy of the safeguards, and what is done besides (R85, R86)."""
    standing = [one for one in vendor.transfers if one.until is None or on <= one.until]
    copies = [voice.fact(one.copy, name=True) for one in standing if one.copy]
    rows = []
    if copies:
        text = "; ".join(dict.fromkeys(one.text for one in copies))
        state = max((one.state for one in copies), key=("known", "unverified", "unknown").index)
        shown = Shown(text, state, language_free=True, doubt=voice.text("not verified"))
        rows.append((voice.text("Copy of the safeguards"), shown))
    measures = [voice.own(text) for one in standing for text in one.supplementary]
    if measures:
        rows.append((voice.text("Supplementary measures"), Shown(" ".join(measures), "known")))
    return tuple(rows)


def _transfer(transfer: Transfer, voice: Voice) -> str:
    text = voice.text(
        "{country}: {mechanism}",
        country=voice.countries(transfer.to),
        mechanism=voice.text(words.MECHANISMS[transfer.mechanism]),
    )
    if transfer.checked:
        text += voice.text(", checked on {day}", day=voice.day(transfer.checked))
    return text


def papers(
    register: Register, vendor_id: str, voice: Voice, on: date
) -> tuple[tuple[str, Shown], ...]:
    """Return the agreement and its proof, the vendor's status and its own list (R56, R64)."""
    vendor = register.vendors[vendor_id]
    agreement = known(vendor.agreement)
    lack = agreement_lack(register, vendor_id, on)
    proof = Shown(voice.message(lack) if lack else "", "unknown")
    if not needs_agreement(vendor, on):
        proof = Shown(voice.text("none is due"), "known")
    if agreement and not lack:
        said = voice.text(
            "version {version}, signed on {day}",
            version=agreement.version,
            day=voice.day(agreement.signed),
        )
        proof = Shown(said, "known")
    rows = [
        (voice.text("Data processing agreement"), proof),
        (voice.text("In use since"), voice.fact(vendor.start, voice.day)),
        (
            voice.text("Status"),
            voice.fact(vendor.status, lambda one: voice.text(words.STATUSES[one])),
        ),
        (voice.text("Its own sub-processors"), voice.fact(vendor.own_list, name=True)),
    ]
    optional: list[tuple[str, Fact[str] | None]] = [
        (voice.text("The vendor's terms of agreement"), vendor.agreement_terms)
    ]
    rows[1:1] = [(word, voice.fact(fact, name=True)) for word, fact in optional if fact]
    if vendor.notice:
        rows.append((voice.text("It tells us of changes"), voice.fact(vendor.notice, voice.period)))
    if vendor.end:
        rows.append((voice.text("Ended"), voice.fact(vendor.end, voice.day)))
    if vendor.applies_to:
        rows.append((voice.text("Applies to"), voice.fact(vendor.applies_to, voice.own)))
    return tuple(rows)
