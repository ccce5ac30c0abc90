"""
How Plecto speaks: as Django REST framework does, which its browsable pages show it to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from klarsyn.testing.serving import Reply, Request

Record = dict[str, Any]

BASE = "https://app.plecto.com"
API = "/api/v2"
REQUIRED = "This field is required."


class PlectoRefusal(Exception):
    """A reply that ends the work on a request."""

    def __init__(self, status: int, body: Any) -> None:
        """Keep what will be told: a `detail`, or errors by field."""
        super().__init__(status)
        self.reply = Reply(status, body)


def detail(status: int, text: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an error that is about the request as a whole."""
    return Reply(status, {"detail": text}, headers or {})


def missing(text: str = "Not found.") -> PlectoRefusal:
    """Return what to raise where nothing is, or nothing that this user may see."""
    return PlectoRefusal(404, {"detail": text})


def uuid(kind: int, number: int) -> str:
    """Return the number of a record as Plecto writes it: 32 digits without hyphens."""
    return f"{kind:04x}{number:028x}"


def paged(request: Request, records: list[Record], size: int) -> Reply:
    """Return one page of a list; a page after the last does not exist."""
    text = request.param("page", "1")
    last = max(1, -(-len(records) // size))
    if not text.isdigit() or not 1 <= int(text) <= last:
        raise missing("Invalid page.")
    page = int(text)
    body = {
        "count": len(records),
        "next": _link(request, page + 1) if page < last else None,
        "previous": _link(request, page - 1) if page > 1 else None,
        "results": records[(page - 1) * size : page * size],
    }
    return Reply(200, body)


def _link(request: Request, page: int) -> str:
    """Return where another page is: the same query with another number."""
    query = {name: values[-1] for name, values in request.query.items()} | {"page": str(page)}
    return f"{BASE}{request.path}?{urlencode(query)}"


def an_object(given: Any) -> Record:
    """Return what must be an object."""
    if not isinstance(given, dict):
        raise PlectoRefusal(400, {"non_field_errors": ["Invalid data. Expected a dictionary."]})
    return given


def require(given: Record, *names: str) -> None:
    """Refuse where a field is absent or empty."""
    if errors := {name: [REQUIRED] for name in names if not given.get(name)}:
        raise PlectoRefusal(400, errors)


def instant(text: str) -> datetime | None:
    """Return an instant of ISO 8601, UTC where it names no zone; nothing for no text."""
    if not text:
        return None
    if not is_instant(text):
        raise PlectoRefusal(400, {"date": ["Datetime has wrong format."]})
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_instant(text: object) -> bool:
    """Return whether something is an instant of ISO 8601."""
    try:
        return bool(datetime.fromisoformat(str(text)))
    except ValueError:
        return False


def without(record: Record, name: str) -> Record:
    """Return a record less one field, which is the stand-in's own."""
    return {key: value for key, value in record.items() if key != name}
