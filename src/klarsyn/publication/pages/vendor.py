"""
A page for each vendor: what it may have, what for, where, and on which papers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.voice import Voice


def link(edition: Edition, voice: Voice) -> None:
    """No place in the navigation: the overview leads to every vendor."""
    del edition, voice


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield a page for each vendor."""
    for one in about.vendors.values():
        yield about.render("vendor.html", f"vendors/{one.id}.html", vendor=one)
