"""
How Pipedrive speaks: refusals, instants, pages, prices, and what it takes for a field's value.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from klarsyn.testing.serving import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klarsyn.testing.serving import Request

Record = dict[str, Any]

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
MAX_IDS = 100
MAX_CUSTOM_FIELDS = 15
#: Tokens of the daily budget that a request takes in v2; v1 takes twice as many.
_PRICES = (
    (re.compile(r"GET .*/(search|itemSearch|archived|flow)"), 20),
    (re.compile(r"GET .*/mailThreads/\d+"), 10),
    (re.compile(r"GET .*/(\d+|me|[0-9a-f]{8}-[0-9a-f-]{27}|\w+Fields/\w+)"), 1),
    (re.compile(r"GET .*"), 10),
    (re.compile(r"DELETE .*"), 3),
    (re.compile(r".*"), 5),
)


class PipedriveRefusal(Exception):
    """Carries an error to where replies are made."""

    def __init__(self, reply: Reply) -> None:
        """Hold the reply that says no."""
        self.reply = reply


def problem(status: int, error: str, info: str = "", **more: object) -> Reply:
    """Return an error in the vendor's form."""
    outer = {"success": False, "error": error, "error_info": info or "See the documentation."}
    return Reply(status, outer | {"data": None, "additional_data": None} | more)


def refuse(status: int, error: str, info: str = "", **more: object) -> PipedriveRefusal:
    """Return an error to raise."""
    return PipedriveRefusal(problem(status, error, info, **more))


def price(method: str, path: str) -> int:
    """Return how many tokens a request costs."""
    tokens = next(one for pattern, one in _PRICES if pattern.fullmatch(f"{method} {path}"))
    return tokens * (2 if path.startswith("/api/v1/") else 1)


# Instants


def stamp(instant: datetime) -> str:
    """Return an instant as v2 writes it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(stamped: str) -> str:
    """Return an instant of v2 as v1 writes it: no zone, and UTC is meant."""
    return stamped.replace("T", " ").removesuffix("Z")


def exact(stamped: str) -> str:
    """Return an instant of v2 as leads and mail have it, with milliseconds."""
    return f"{stamped.removesuffix('Z')}.000Z"


# Parameters


def whole(request: Request, name: str, default: int = 0) -> int:
    """Return a whole number of the query."""
    text = request.param(name) or str(default)
    if not re.fullmatch(r"\d{1,15}", text):
        raise refuse(400, f"validation failed: {name}: must be a whole number")
    return int(text)


def flag(request: Request, name: str) -> bool:
    """Return a boolean of the query."""
    text = request.param(name, "false")
    if text not in {"true", "false"}:
        raise refuse(400, f"validation failed: {name}: must be true or false")
    return text == "true"


def listed(request: Request, name: str, known: set[str] | None = None, most: int = 0) -> list[str]:
    """Return the words of a comma-separated parameter."""
    found = [one.strip() for one in request.param(name).split(",") if one.strip()]
    if known is not None and (others := sorted(set(found) - known)):
        raise refuse(400, f"validation failed: {name}: {others[0]} is not supported")
    if most and len(found) > most:
        raise refuse(400, f"validation failed: {name}: at most {most} are allowed")
    return found


def since(request: Request, name: str) -> str:
    """Return an instant of the query (RFC 3339) in the form in which records keep theirs."""
    if not (text := request.param(name)):
        return ""
    wrong = refuse(400, f"validation failed: {name}: must be RFC 3339, 2025-01-01T10:20:00Z")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if instant.tzinfo is None or "T" not in text:
        raise wrong
    return stamp(instant)


# Pages


def limit(request: Request, most: int = MAX_LIMIT) -> int:
    """Return how many a page may hold; more than the most is refused."""
    found = whole(request, "limit", min(DEFAULT_LIMIT, most))
    if not 1 <= found <= most:
        raise refuse(400, f"validation failed: limit: must be from 1 to {most}")
    return found


def page(request: Request, found: list[Record], most: int = MAX_LIMIT) -> tuple[list[Record], str]:
    """Return a page and the cursor of the next one, empty at the end."""
    size, start = limit(request, most), 0
    if cursor := request.param("cursor"):
        try:
            start = int(json.loads(base64.urlsafe_b64decode(cursor))["from"])
        except (binascii.Error, ValueError, TypeError, KeyError):
            raise refuse(400, "validation failed: cursor: is not valid") from None
    end = start + size
    following = base64.urlsafe_b64encode(json.dumps({"from": end}).encode()).decode()
    return found[start:end], following if len(found) > end else ""


def cursor_paged(request: Request, found: list[Record]) -> Reply:
    """Return a page with its cursor; `next_cursor` is null at the end."""
    shown, cursor = page(request, found)
    more = {"next_cursor": cursor or None}
    return Reply(200, {"success": True, "data": shown, "additional_data": more})


def start_paged(request: Request, found: list[Record], most: int = MAX_LIMIT) -> Reply:
    """Return a page of v1; none at all are null, not an empty list (supaglue, pull 846)."""
    start, size = whole(request, "start"), limit(request, most)
    shown = found[start : start + size]
    more = len(found) > start + size
    paging: Record = {"start": start, "limit": size, "more_items_in_collection": more}
    paging |= {"next_start": start + size} if more else {}
    body = {"success": True, "data": shown or None, "additional_data": {"pagination": paging}}
    return Reply(200, body)


def succeeded(found: object, status: int = 200) -> Reply:
    """Return one record, or what was done."""
    return Reply(status, {"success": True, "data": found})


# Bodies


def given(request: Request) -> Record:
    """Return the body, which must be a JSON object."""
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise refuse(400, "Bad request", "The body is not a JSON object.")
    return body


def fits(value: object, wanted: type) -> bool:
    """Return whether a value is of a type; numbers are no texts, and 1 is no boolean."""
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, int | float) if wanted is float else isinstance(value, wanted)


def checked(body: Record, known: Mapping[str, type]) -> Record:
    """Return what of a body may be written; other names are passed over in silence."""
    found = {name: value for name, value in body.items() if name in known}
    for name, value in found.items():
        if value is not None and not fits(value, known[name]):
            raise refuse(400, f"validation failed: {name}: must be {known[name].__name__}")
    return found


def addresses(name: str, value: object) -> list[Record]:
    """Return e-mails or phones as they are kept: one of them is the primary one."""
    rows: list[Record] = []
    for row in value if isinstance(value, list) else []:
        if not isinstance(row, dict) or not fits(row.get("value"), str):
            raise refuse(400, f"validation failed: {name}: must be objects with a value")
        primary, label = row.get("primary", False), row.get("label", "work")
        if not fits(primary, bool) or not fits(label, str):
            raise refuse(400, f"validation failed: {name}: primary or label is of a wrong type")
        rows.append({"value": row["value"], "primary": primary, "label": label})
    if rows and not any(row["primary"] for row in rows):
        rows[0]["primary"] = True
    return rows
