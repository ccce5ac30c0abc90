"""
A whole site as bytes by path: pure, and the same bytes for the same register, day and version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from klarsyn.errors import PageError, Problem, said
from klarsyn.language import MissingTranslation, autonym
from klarsyn.publication import export, inspection, view
from klarsyn.publication.voice import Shown, Voice, shortened
from klarsyn.register.examination import count
from klarsyn.register.papers import agreements_proved
from klarsyn.rules.authorities import authority

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from jinja2 import Environment

    from klarsyn.register.findings import Finding
    from klarsyn.register.register import Register


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its files by path, and the pages among them by language."""

    files: Mapping[str, bytes]
    pages: int


@dataclass(frozen=True, slots=True)
class Assets:
    """What every page refers to: the site's address, and names of files that hold their hash."""

    address: str
    stylesheet: str
    icon: str
    logo: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What is published: the register, its open findings, and the two days that matter."""

    register: Register
    findings: Sequence[Finding]
    """Open findings, of which the company publishes those that it names."""
    on: date
    updated: date
    version: str

    @property
    def published(self) -> list[Finding]:
        """The open findings that the company chose to show."""
        wanted = set(self.register.company.publish_findings)
        return [one for one in self.findings if "all" in wanted or one.rule.id in wanted]


def build(edition: Edition, logo: bytes | None = None) -> Site:
    """
    Return the site of a register.

    Raises PageError where a page would be false or unreadable: a text that is missing or stands
    in another language, colours that cannot be read.
    """
    register = edition.register
    if problems := inspection.of_register(register):
        raise PageError(problems)
    address = _address(register)
    files: dict[str, bytes] = {}
    assets = _assets(register, address, logo, files)
    listing = export.encoded(export.listing(register, edition.updated, address))
    files["subprocessors.json"] = listing
    files[".well-known/subprocessors.json"] = listing
    files[f"schemas/subprocessors-{export.VERSION}.json"] = export.schema(address)
    try:
        pages = dict(_pages(edition, assets))
    except MissingTranslation as missing:
        what = said("a text of klarsyn itself is not translated: {text}", text=missing.args[0])
        remedy = said("publish without this language, and tell the makers")
        raise PageError([Problem("company.yaml", 1, what, remedy)]) from None
    if problems := inspection.of_pages(pages):
        raise PageError(problems)
    files |= {path: page.encode() for path, page in pages.items()}
    return Site(files, len(pages))


def _assets(
    register: Register, address: str, logo: bytes | None, files: dict[str, bytes]
) -> Assets:
    """Render style and icon, and name each by its hash, so that it can be cached for ever."""
    look = register.company.look

    def keep(stem: str, ending: str, content: bytes) -> str:
        name = f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"
        files[f"assets/{name}"] = content
        return name

    templates = _environment()
    style = templates.get_template("style.css").render(look=look)
    icon = templates.get_template("icon.svg").render(look=look)
    return Assets(
        address=address,
        stylesheet=keep("style", "css", style.encode()),
        icon=keep("icon", "svg", icon.encode()),
        logo=keep("logo", "svg", logo) if logo else "",
    )


def _pages(edition: Edition, assets: Assets) -> Iterator[tuple[str, str]]:
    company = edition.register.company
    yield "index.html", _language_choice(edition, assets)
    for language in company.languages:
        yield from _pages_in(edition, assets, Voice(language))


def _pages_in(edition: Edition, assets: Assets, voice: Voice) -> Iterator[tuple[str, str]]:
    register, templates = edition.register, _environment()
    published = edition.published
    vendors = [
        view.vendor_view(register, one, voice, edition.on, published) for one in register.vendors
    ]
    about = _about(edition, assets, voice, has_findings=bool(published))
    path = f"{voice.language}/index.html"
    yield (
        path,
        templates.get_template("overview.html").render(
            **about,
            **_place(register, path),
            vendors=vendors,
            introduction=voice.own(register.company.introduction),
            figures=_figures(register, voice),
            agreements=_agreements(edition, voice),
            publisher=_publisher(register, voice),
            open_count=len(published),
        ),
    )
    of_vendor = templates.get_template("vendor.html")
    for one in vendors:
        path = f"{voice.language}/vendors/{one.id}.html"
        yield path, of_vendor.render(**about, **_place(register, path), vendor=one)
    if published:
        groups = [
            view.findings_view(rule, [one for one in published if one.rule is rule], voice)
            for rule in count(published)
        ]
        path = f"{voice.language}/findings.html"
        page = templates.get_template("findings.html")
        yield path, page.render(**about, **_place(register, path), groups=groups)


def _about(edition: Edition, assets: Assets, voice: Voice, *, has_findings: bool) -> dict[str, Any]:
    """Return what every page of a language knows."""
    company = edition.register.company
    return {
        "site": assets,
        "lang": voice.language,
        "voice": voice,
        "_": voice.text,
        "ngettext": voice.plural,
        "company": company.name,
        "home": company.look.home,
        "title": voice.own(company.title),
        "updated": edition.updated,
        "version": edition.version,
        "reviewed": voice.language not in company.not_reviewed,
        "has_findings": has_findings,
    }


_ALTERNATE = Markup('<link rel="alternate" hreflang="{}" href="{}">')


def _address(register: Register) -> str:
    """Return the site's address with its closing slash, or nothing."""
    address = register.company.look.base_address or ""
    return address if not address or address.endswith("/") else f"{address}/"


def _place(register: Register, path: str) -> dict[str, Any]:
    """Return where a page stands: its path, the way up, and itself in the other languages."""
    inside = path.partition("/")[2]
    languages = [
        {"code": one, "name": autonym(one), "path": f"{one}/{inside}"}
        for one in register.company.languages
    ]
    address = _address(register)
    alternates = [_ALTERNATE.format(one["code"], address + one["path"]) for one in languages]
    return {
        "path": path,
        "up": "../" * path.count("/"),
        "languages": languages,
        "alternates": Markup("\n").join(alternates),
    }


def _language_choice(edition: Edition, assets: Assets) -> str:
    company = edition.register.company
    return (
        _environment()
        .get_template("languages.html")
        .render(
            site=assets,
            lang=company.languages[0],
            languages=_place(edition.register, f"{company.languages[0]}/index.html")["languages"],
            company=company.name,
            titles=company.title,
            introductions=company.introduction,
        )
    )


# The overview's own sentences.


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
        (voice.text("Contact"), voice.fact(company.contact, view.contact, name=True)),
    ]
    if company.representative:
        representative = voice.fact(company.representative, view.contact, name=True)
        rows.append((voice.text("Representative (Art. 27)"), representative))
    if company.no_data_protection_officer:
        officer = Shown(voice.own(company.no_data_protection_officer), "known")
    else:
        officer = voice.fact(company.data_protection_officer, view.contact, name=True)
    rows.append((voice.text("Data protection officer"), officer))
    objections = voice.fact(company.objections, view.contact, name=True)
    rows.append((voice.text("Objections to"), objections))
    rows.append((voice.text("Notice period"), voice.fact(company.notice_period, voice.period)))
    if lead := authority(company.country.value or ""):
        name = f"{lead.name} ({voice.countries(company.country.value or '')})"
        state = voice.fact(company.country).state
        shown = Shown(name, state, language_free=True, doubt=voice.text("not verified"))
        rows.append((voice.text("Supervisory authority"), shown))
    return rows


@cache
def _environment() -> Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("klarsyn.publication"),
        autoescape=jinja2.select_autoescape(["html", "svg"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["address"] = shortened
    return environment
