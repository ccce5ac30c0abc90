"""
What others can subscribe to, in each language: changes as Atom and JSON Feed, dates as iCalendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication.feeds import atom, calendar, jsonfeed
from klarsyn.publication.feeds.items import items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import Edition
    from klarsyn.publication.voice import Voice


def files(edition: Edition, address: str, voice: Voice) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each feed of a language; `address` is the site's, or empty."""
    told = items(edition, address, voice)
    yield f"{voice.language}/{atom.PATH}", atom.feed(edition, told, address, voice)
    yield f"{voice.language}/{jsonfeed.PATH}", jsonfeed.feed(edition, told, address, voice)
    yield f"{voice.language}/{calendar.PATH}", calendar.feed(edition, address, voice)
