"""
How TeamViewer speaks: errors of four parts, instants, bodies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from klarsyn.testing.serving import Reply, Request

Record = dict[str, Any]

API = "/api/v1"
#: Number of an error on the wire; the vendor tells none but in replies, these are of our making.
CODES: Mapping[str, int] = {
    "invalid_request": 1,
    "invalid_token": 2,
    "invalid_permission": 3,
    "not_found": 4,
    "rate_limit_reached": 5,
    "internal_error": 6,
}


class TeamViewerRefusal(Exception):
    """A reply that ends the work on a request."""

    def __init__(self, status: int, kind: str, text: str) -> None:
        """Keep what will be told."""
        super().__init__(status)
        self.reply = error(status, kind, text)


def error(status: int, kind: str, text: str) -> Reply:
    """Return an error; by its signature the vendor's support finds it again."""
    body = {"error": kind, "error_description": text, "error_code": CODES[kind]}
    return Reply(status, body | {"error_signature": f"signature-{CODES[kind]:04}"})


def missing(what: str) -> TeamViewerRefusal:
    """Return what to raise where a record does not exist."""
    return TeamViewerRefusal(404, "not_found", f"No such {what}")


def bad(text: str) -> TeamViewerRefusal:
    """Return what to raise for a request that cannot be understood."""
    return TeamViewerRefusal(400, "invalid_request", text)


def stamp(instant: datetime) -> str:
    """Return an instant as TeamViewer writes it: UTC, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def body_of(request: Request, *required: str) -> Record:
    """Return the fields sent, of which some must not be empty."""
    given = request.json()
    if not isinstance(given, dict) or not all(given.get(name) for name in required):
        raise bad(f"Missing parameter: {', '.join(required)}")
    return given


def held(request: Request, records: Iterable[Record], names: Iterable[str]) -> list[Record]:
    """Return the records whose fields are what the query says, as a whole and in any case."""
    wanted = {name: request.param(name).casefold() for name in names if name in request.query}
    return [
        one
        for one in records
        if all(str(one.get(name, "")).casefold() == text for name, text in wanted.items())
    ]


def from_offset(records: list[Record], key: str, offset: str, size: int) -> tuple[Record, Record]:
    """Return a page as `records`, and how many remain; an offset names the first of a page."""
    start = 0
    if offset:
        places = [place for place, one in enumerate(records) if one[key] == offset]
        if not places:
            raise bad("The offset is unknown")
        start = places[0]
    page, rest = records[start : start + size], records[start + size :]
    more = {"next_offset": rest[0][key]} if rest else {}
    return {"records": page}, {"remaining": len(rest), **more}
