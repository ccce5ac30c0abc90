"""
A whole site as bytes by path: pure, and the same bytes for the same register, day and version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from klarsyn.errors import PageError, Problem, said
from klarsyn.language import MissingTranslation
from klarsyn.publication import archive, export, feeds, inspection
from klarsyn.publication.linked import linked
from klarsyn.publication.pages import PAGES, changes, languages
from klarsyn.publication.pages.frame import About, Assets, site_address, templates
from klarsyn.publication.table import table
from klarsyn.publication.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from klarsyn.publication.pages.frame import Edition
    from klarsyn.register.register import Register


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its files by path, and how many of them are whole pages."""

    files: Mapping[str, bytes]
    pages: int
    carried: Mapping[str, Path] = field(default_factory=dict)
    """Files of the archive that the last output has, to be carried over as they are."""


def build(
    edition: Edition, logo: bytes | None = None, carried: archive.Carried | None = None
) -> Site:
    """
    Return the site of a register; `carried` is the archive that the last output has.

    Raises PageError where a page would be false or unreadable: a text that is missing or stands
    in another language, colours that cannot be read.
    """
    register = edition.register
    if problems := inspection.of_register(register):
        raise PageError(problems)
    address = site_address(register)
    files: dict[str, bytes] = {}
    assets = _assets(register, address, logo, files)
    listing = export.encoded(export.listing(register, edition.updated, address))
    files["subprocessors.json"] = listing
    files[".well-known/subprocessors.json"] = listing
    files[f"schemas/subprocessors-{export.VERSION}.json"] = export.schema(address)
    files["subprocessors.jsonld"] = linked(edition, address)
    files["subprocessors.csv"] = table(edition, address)
    try:
        pages = dict(_pages(edition, assets))
        for language in register.company.languages:
            files |= feeds.files(edition, address, Voice(language))
        kept = carried or archive.Carried()
        old = archive.added(edition, kept, assets, files)
    except MissingTranslation as missing:
        what = said("a text of klarsyn itself is not translated: {text}", text=missing.args[0])
        remedy = said("publish without this language, and tell the makers")
        raise PageError([Problem("company.yaml", 1, what, remedy)]) from None
    # What a text said before may have been in the wrong language; nobody can change that now.
    today = {path: page for path, page in pages.items() if not path.endswith(f"/{changes.PATH}")}
    if problems := inspection.of_pages(today):
        raise PageError(problems)
    files |= {path: page.encode() for path, page in pages.items()}
    new = {path: content for path, content in kept.files.items() if path not in files}
    count = sum(page.startswith("<!doctype") for page in pages.values())
    return Site(files | old, count, new)


def _assets(
    register: Register, address: str, logo: bytes | None, files: dict[str, bytes]
) -> Assets:
    """Render style and icon, and name each by its hash, so that it can be cached for ever."""
    look = register.company.look

    def keep(stem: str, ending: str, content: bytes) -> str:
        name = f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"
        files[f"assets/{name}"] = content
        return name

    style = templates().get_template("style.css").render(look=look)
    icon = templates().get_template("icon.svg").render(look=look)
    return Assets(
        address=address,
        stylesheet=keep("style", "css", style.encode()),
        icon=keep("icon", "svg", icon.encode()),
        logo=keep("logo", "svg", logo) if logo else "",
    )


def _pages(edition: Edition, assets: Assets) -> Iterator[tuple[str, str]]:
    yield languages.page(edition, assets)
    for language in edition.register.company.languages:
        voice = Voice(language)
        links = [link for one in PAGES if (link := one.link(edition, voice))]
        about = About(edition, assets, voice, links)
        for one in PAGES:
            yield from one.pages(about)
