"""
The register's dates as iCalendar (RFC 5545): reviews, expiries, and the days of changes.

Each event keeps its UID for as long as its subject exists, and counts in SEQUENCE how often its
day was moved, so that a calendar moves it too. Who reviews is not told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from klarsyn.publication.changelog import day_view
from klarsyn.publication.feeds.dates import Dated, dates
from klarsyn.publication.feeds.items import urn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import Edition
    from klarsyn.publication.voice import Voice

PATH = "calendar.ics"

_LONGEST_LINE = 75  # octets, RFC 5545 section 3.1


@dataclass(frozen=True, slots=True)
class Event:
    """A day in the calendar."""

    uid: str
    sequence: int
    day: date
    summary: str
    description: str
    page: str
    """Path below the language's folder."""


def feed(edition: Edition, address: str, voice: Voice) -> bytes:
    """Return the calendar of a language."""
    lines = list(_calendar(edition, address, voice))
    return "".join(f"{folded(one)}\r\n" for one in lines).encode()


def _calendar(edition: Edition, address: str, voice: Voice) -> Iterator[str]:
    company = edition.register.company
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0")
    yield f"PRODID:-//Klarsyn//klarsyn//{voice.language.upper()}"
    yield f"X-WR-CALNAME:{escaped(voice.own(company.title))}"
    stamp = edition.updated.strftime("%Y%m%dT000000Z")
    events = sorted(events_of(edition, voice), key=lambda one: (one.day, one.uid))
    for event in events:
        yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"SEQUENCE:{event.sequence}")
        yield f"DTSTAMP:{stamp}"
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        if event.day < date.max:  # "for ever" has no day after it; one day is what it means anyway
            yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY;LANGUAGE={voice.language}:{escaped(event.summary)}"
        if event.description:
            yield f"DESCRIPTION;LANGUAGE={voice.language}:{escaped(event.description)}"
        if address:
            yield f"URL:{address}{voice.language}/{event.page}"
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def events_of(edition: Edition, voice: Voice) -> Iterator[Event]:
    """Yield what stands in the calendar, in no order."""
    register, moved = edition.register, _moves(edition)
    for one in dates(register):
        name = register.vendors[one.vendor].name if one.vendor else register.company.name
        yield Event(
            uid=urn(register, voice.language, *one.key),
            sequence=moved[one.key],
            day=one.day,
            summary=voice.text("{vendor}: {what}", vendor=name, what=voice.text(one.what)),
            description="",
            page=f"vendors/{one.vendor}.html" if one.vendor else "index.html",
        )
    for entry in edition.history.told:
        day = day_view(entry, voice)
        if day.effective is None:
            continue
        yield Event(
            uid=urn(register, voice.language, "effective", entry.day.isoformat()),
            sequence=0,
            day=day.effective,
            summary=voice.text("The change of {day} may take effect", day=voice.day(entry.day)),
            description=f"{day.summary} {day.notice}".strip(),
            page=f"changes.html#day-{entry.day.isoformat()}",
        )


def _moves(edition: Edition) -> Counter[tuple[str, ...]]:
    """Return how often each date was moved, as far as the history goes back."""
    last: dict[tuple[str, ...], date] = {}
    moves: Counter[tuple[str, ...]] = Counter()
    known: dict[int, list[Dated]] = {}
    for entry in edition.history.entries:
        for one in dates(entry.register, known):
            if last.get(one.key, one.day) != one.day:
                moves[one.key] += 1
            last[one.key] = one.day
    return moves


def escaped(text: str) -> str:
    """Return a text as RFC 5545 section 3.3.11 wants it."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.splitlines())


def folded(line: str) -> str:
    """Return a line cut into lines of at most 75 octets, no character being cut in two."""
    parts, room, part = [], _LONGEST_LINE, ""
    for sign in line:
        size = len(sign.encode())
        if size > room:
            parts.append(part)
            part, room = "", _LONGEST_LINE - 1  # the space before it counts
        part, room = part + sign, room - size
    return "\r\n ".join([*parts, part])
