"""
What both feeds of changes carry: one item for each day on which more than wording changed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from klarsyn.publication.changelog import day_view
from klarsyn.publication.pages.frame import templates

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.publication.changelog import DayView
    from klarsyn.publication.pages.frame import Edition
    from klarsyn.publication.voice import Voice
    from klarsyn.register.register import Register

MOST = 50
"""Feeds carry this many days; the page of changes has all."""


@dataclass(frozen=True, slots=True)
class Item:
    """A day's changes as an entry of a feed."""

    id: str
    """A URN that stays the same whatever becomes of words and addresses."""
    day: DayView
    instant: str
    """The beginning of the day where the company is, as RFC 3339."""
    title: str
    html: str
    url: str
    """Empty where the site's address is not known."""


def items(edition: Edition, address: str, voice: Voice) -> list[Item]:
    """Return the items of a language's feeds, newest first."""
    template = templates().get_template("feed_item.html")
    found = []
    for entry in edition.history.told[:MOST]:
        day = day_view(entry, voice)
        page = f"{address}{voice.language}/changes.html"
        found.append(
            Item(
                id=urn(edition.register, voice.language, entry.day.isoformat()),
                day=day,
                instant=midnight(edition.register, entry.day),
                title=f"{voice.day(entry.day)}: {day.summary}",
                html=template.render(day=day, _=voice.text).strip(),
                url=f"{page}#day-{entry.day.isoformat()}" if address else "",
            )
        )
    return found


def urn(register: Register, *names: str) -> str:
    """Return an identifier that follows from the company's id and these names (RFC 9562, 5.5)."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join((register.company.id, *names))).urn


def midnight(register: Register, day: date) -> str:
    """Return the instant at which a day begins where the company is, as RFC 3339."""
    return datetime.combine(day, time(), ZoneInfo(register.company.timezone)).isoformat()
