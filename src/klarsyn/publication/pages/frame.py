"""
What every page knows: the edition, the site's address and assets, its place, the templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from klarsyn.language import autonym
from klarsyn.publication.flowgraph import Graph, graph
from klarsyn.publication.holdings import Holdings, holdings
from klarsyn.publication.pages.vendorview import VendorView, vendor_view
from klarsyn.publication.voice import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from jinja2 import Environment

    from klarsyn.publication.voice import Voice
    from klarsyn.register.findings import Finding
    from klarsyn.register.history import History
    from klarsyn.register.register import Register


@dataclass(frozen=True)
class Edition:
    """What is published: the register, its open findings and its history, as of a day."""

    register: Register
    findings: Sequence[Finding]
    """Open findings, of which the company publishes those that it names."""
    on: date
    history: History
    version: str

    @property
    def updated(self) -> date:
        """The day on which the register got the substance that it has now."""
        return self.history.updated

    @property
    def published(self) -> list[Finding]:
        """The open findings that the company chose to show."""
        wanted = set(self.register.company.publish_findings)
        return [one for one in self.findings if "all" in wanted or one.rule.id in wanted]

    @cached_property
    def holdings(self) -> Holdings:
        """Who has which data element, for which purpose."""
        return holdings(self.register)

    @cached_property
    def flows(self) -> Graph:
        """Where data flow."""
        return graph(self.register, self.holdings, self.on)


@dataclass(frozen=True, slots=True)
class Assets:
    """What every page refers to: the site's address, and names of files that hold their hash."""

    address: str
    stylesheet: str
    icon: str
    logo: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the navigation: a path below the language's folder, and what it is called."""

    path: str
    words: str


@dataclass(frozen=True)
class About:
    """What every page of one language knows."""

    edition: Edition
    assets: Assets
    voice: Voice
    links: Sequence[Link]
    """The navigation at the foot of every page."""

    def render(self, template: str, within: str, **facts: Any) -> tuple[str, str]:
        """Return path and HTML of a page; `within` is its path below the language's folder."""
        path = f"{self.voice.language}/{within}"
        place = placed(self.edition.register, path)
        return path, templates().get_template(template).render(**self._common, **place, **facts)

    @cached_property
    def vendors(self) -> Mapping[str, VendorView]:
        """Every vendor as pages show it, by id, in the order of names."""
        edition = self.edition
        published = edition.published
        return {
            one: vendor_view(edition.register, one, self.voice, edition.on, published)
            for one in edition.register.vendors
        }

    @cached_property
    def _common(self) -> dict[str, Any]:
        company, voice = self.edition.register.company, self.voice
        return {
            "site": self.assets,
            "lang": voice.language,
            "voice": voice,
            "_": voice.text,
            "ngettext": voice.plural,
            "company": company.name,
            "home": company.look.home,
            "title": voice.own(company.title),
            "updated": self.edition.updated,
            "version": self.edition.version,
            "reviewed": voice.language not in company.not_reviewed,
            "links": self.links,
        }


_ALTERNATE = Markup('<link rel="alternate" hreflang="{}" href="{}">')


def site_address(register: Register) -> str:
    """Return the site's address with its closing slash, or nothing."""
    address = register.company.look.base_address or ""
    return address if not address or address.endswith("/") else f"{address}/"


def placed(register: Register, path: str) -> dict[str, Any]:
    """Return where a page stands: its path, the way up, and itself in the other languages."""
    inside = path.partition("/")[2]
    languages = [
        {"code": one, "name": autonym(one), "path": f"{one}/{inside}"}
        for one in register.company.languages
    ]
    address = site_address(register)
    alternates = [_ALTERNATE.format(one["code"], address + one["path"]) for one in languages]
    return {
        "path": path,
        "up": "../" * path.count("/"),
        "languages": languages,
        "alternates": Markup("\n").join(alternates),
    }


@cache
def templates() -> Environment:
    """Return the environment in which every template is rendered."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("klarsyn.publication"),
        autoescape=jinja2.select_autoescape(["html", "svg", "atom"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["address"] = shortened
    return environment
