"""
The overview: every vendor in one table, with the figures and the sentences above and below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication.pages.frame import Link
from klarsyn.publication.pages.vendorview import contact
from klarsyn.publication.voice import Shown
from klarsyn.register.papers import agreements_proved
from klarsyn.rules.authorities import authority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.voice import Voice
    from klarsyn.register.register import Register

PATH = "index.html"


def link(edition: Edition, voice: Voice) -> Link:
    """Every site has one."""
    del edition
    return Link(PATH, voice.text("All vendors"))


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield the overview."""
    edition, voice = about.edition, about.voice
    register = edition.register
    yield about.render(
        "overview.html",
        PATH,
        vendors=about.vendors.values(),
        introduction=voice.own(register.company.introduction),
        figures=_figures(register, voice),
        agreements=_agreements(edition, voice),
        publisher=_publisher(register, voice),
        open_count=len(edition.published),
    )


def _figures(register: Register, voice: Voice) -> list[tuple[int, str]]:
    declared = [
        {processing.declaration for processing in vendor.processing}
        for vendor in register.vendors.values()
    ]
    listed = sum("listed" in one for one in declared)
    incidental = sum("listed" not in one and "incidental" in one for one in declared)
    none = sum(one == {"none"} for one in declared)
    words = (
        (len(declared), voice.plural("vendor", "vendors", len(declared))),
        (listed, voice.text("with the personal data listed")),
        (incidental, voice.text("where personal data can be written in")),
        (none, voice.text("said to store no personal data")),
    )
    return [(figure, word) for figure, word in words if figure]


def _agreements(edition: Edition, voice: Voice) -> str:
    """Return the sentence on agreements: "all" only if all; else the claim and the proof."""
    register = edition.register
    proved, total = agreements_proved(register, edition.on)
    printed = register.company.printed
    if not total:
        return voice.text("No vendor needs a data processing agreement.")
    if proved == total:
        return voice.plural(
            "A data processing agreement is in force with the vendor that needs one.",
            "A data processing agreement is in force with all {n} vendors that need one.",
            total,
        )
    if printed and printed.agreements_for_all:
        return voice.text(
            "On {day} this list said that a data processing agreement binds all vendors. There is "
            "evidence for {proved} of {total}.",
            day=voice.day(printed.updated),
            proved=proved,
            total=total,
        )
    return voice.text(
        "A data processing agreement is on record for {proved} of the {total} vendors that need "
        "one.",
        proved=proved,
        total=total,
    )


def _publisher(register: Register, voice: Voice) -> list[tuple[str, Shown]]:
    company = register.company
    voice = voice.about(register.sources.get("company.yaml", {}))

    rows = [
        (voice.text("Company"), voice.fact(company.legal_name, name=True)),
        (voice.text("Registration"), voice.fact(company.registration, name=True)),
        (voice.text("Address"), voice.fact(company.address, name=True)),
        (voice.text("Contact"), voice.fact(company.contact, contact, name=True)),
    ]
    if company.representative:
        representative = voice.fact(company.representative, contact, name=True)
        rows.append((voice.text("Representative (Art. 27)"), representative))
    if company.no_data_protection_officer:
        officer = Shown(voice.own(company.no_data_protection_officer), "known")
    else:
        officer = voice.fact(company.data_protection_officer, contact, name=True)
    rows.append((voice.text("Data protection officer"), officer))
    objections = voice.fact(company.objections, contact, name=True)
    rows.append((voice.text("Objections to"), objections))
    rows.append((voice.text("Notice period"), voice.fact(company.notice_period, voice.period)))
    if lead := authority(company.country.value or ""):
        name = f"{lead.name} ({voice.countries(company.country.value or '')})"
        state = voice.fact(company.country).state
        shown = Shown(name, state, language_free=True, doubt=voice.text("not verified"))
        rows.append((voice.text("Supervisory authority"), shown))
    return rows
