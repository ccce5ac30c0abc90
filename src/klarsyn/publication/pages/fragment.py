"""
The list as a fragment for a company's own page: one section, no style, no head, links in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.voice import Voice

PATH = "fragment.html"


def link(edition: Edition, voice: Voice) -> None:
    """No place in the navigation: it is read inside other pages."""
    del edition, voice


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield the fragment."""
    base = f"{about.assets.address}{about.voice.language}/" if about.assets.address else ""
    yield about.render("fragment.html", PATH, vendors=about.vendors.values(), base=base)
