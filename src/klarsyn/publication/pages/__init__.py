"""
The pages of a site: one module for each type, all of one shape, and their order.

A module of a page type has `link`, its place in the navigation or None where there is no such
page, and `pages`, which yields path and HTML of each page of the type in one language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from klarsyn.publication.pages import (
    changes,
    data,
    findings,
    flows,
    fragment,
    matrix,
    overview,
    scores,
    vendor,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import About, Edition, Link
    from klarsyn.publication.voice import Voice


class PageType(Protocol):
    """What each module of a page type offers."""

    def link(self, edition: Edition, voice: Voice) -> Link | None:
        """Return where the navigation leads for this type, or None where it does not."""
        ...

    def pages(self, about: About) -> Iterator[tuple[str, str]]:
        """Yield path and HTML of each page of this type in one language."""
        ...


PAGES: tuple[PageType, ...] = (
    overview,
    vendor,
    data,
    matrix,
    flows,
    scores,
    changes,
    findings,
    fragment,
)
"""Every type of page that there is in each language, in the order of the navigation."""
