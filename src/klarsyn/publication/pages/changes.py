"""
The change log: what changed on which day, in words, with the list as it was then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication import archive
from klarsyn.publication.changelog import day_view
from klarsyn.publication.pages.frame import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.voice import Voice

PATH = "changes.html"


def link(edition: Edition, voice: Voice) -> Link | None:
    """There is always such a page: it begins with the first version."""
    del edition
    return Link(PATH, voice.text("Changes"))


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield the page."""
    past = about.edition.history
    archived = {one.day for one in archive.days(about.edition)}
    days = [(day_view(one, about.voice), one.day in archived) for one in past.told]
    yield about.render("changes.html", PATH, days=days, is_cut=past.is_cut)
