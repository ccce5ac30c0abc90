"""
How Recurly speaks: errors, instants, and lists that are paged by a cursor.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from klarsyn.testing.serving import Reply, Request

Record = dict[str, Any]

VERSION = "recurly.v2021-02-25"
ACCEPTED = frozenset(
    f"application/vnd.{version}{suffix}"
    for version in (VERSION, "recurly.latest")
    for suffix in ("", "+json")
)
#: What every list takes; each adds its own filters.
ORDERING = frozenset({"ids", "limit", "order", "sort", "begin_time", "end_time"})
MAX_IDS = 200
MAX_LIMIT = 200


class RecurlyRefusal(Exception):
    """A reply that ends the work on a request."""

    def __init__(self, reply: Reply) -> None:
        """Keep the reply."""
        super().__init__(reply.status)
        self.reply = reply


def error(status: int, kind: str, message: str, *params: str, **more: object) -> Reply:
    """Return an error as it is on the wire: in an outer `error`, which the contract forgets."""
    told = [{"param": param, "message": message} for param in params]
    return Reply(status, {"error": {"type": kind, "message": message, "params": told, **more}})


def refuse(status: int, kind: str, message: str, *params: str) -> RecurlyRefusal:
    """Return what to raise for an error."""
    return RecurlyRefusal(error(status, kind, message, *params))


def stamp(instant: datetime) -> str:
    """Return an instant as Recurly writes it: UTC, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def permitted(request: Request, names: Iterable[str]) -> None:
    """Refuse a query parameter that the endpoint does not have."""
    for name in request.query:
        if name not in {*names, "cursor"}:
            raise refuse(400, "bad_request", f"The parameter {name} is not permitted", name)


def whole_number(request: Request, name: str, default: int, most: int) -> int:
    """Return a parameter between 1 and `most`."""
    text = request.param(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise refuse(400, "bad_request", f"{name} must be between 1 and {most}", name)
    return int(text)


def listed(request: Request, records: Iterable[Record], default_limit: int) -> Reply:
    """Return one page of records, newest first unless asked otherwise, and how many there are."""
    wanted = _within(request, list(records))
    sort, order = request.param("sort", "created_at"), request.param("order", "desc")
    if sort not in {"created_at", "updated_at"} or order not in {"asc", "desc"}:
        raise refuse(400, "bad_request", "sort or order is unknown", "sort")
    wanted.sort(key=lambda one: (one[sort], one["id"]), reverse=order == "desc")
    total = len(wanted)
    if cursor := request.param("cursor"):
        place = tuple(base64.urlsafe_b64decode(cursor).decode().split("|"))
        wanted = [one for one in wanted if _is_after((one[sort], one["id"]), place, order)]
    limit = whole_number(request, "limit", default_limit, MAX_LIMIT)
    page, more = wanted[:limit], len(wanted) > limit
    following = None
    if more:
        mark = base64.urlsafe_b64encode(f"{page[-1][sort]}|{page[-1]['id']}".encode()).decode()
        following = _link(request, mark)
    body = {"object": "list", "has_more": more, "next": following, "data": page}
    return Reply(200, body, {"Recurly-Total-Records": str(total)})


def _within(request: Request, records: list[Record]) -> list[Record]:
    """Return the records of the ids, or between the instants, that were asked for."""
    if ids := request.param("ids"):
        names = ids.split(",")
        if len(names) > MAX_IDS or set(request.query) - {"ids", "cursor"}:
            raise refuse(400, "bad_request", f"ids holds up to {MAX_IDS} and stands alone", "ids")
        return [one for one in records if one["id"] in names]
    sort = request.param("sort", "created_at")
    begin, end = _instant(request, "begin_time", "0"), _instant(request, "end_time", "9")
    return [one for one in records if begin <= str(one.get(sort)) <= end]


def _instant(request: Request, name: str, default: str) -> str:
    """Return a time of the query in the records' own form; without a zone it is UTC."""
    if not (text := request.param(name)):
        return default
    try:
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise refuse(400, "bad_request", f"{name} is no ISO 8601 time", name) from None
    return stamp(instant if instant.tzinfo else instant.replace(tzinfo=UTC))


def _is_after(key: tuple[str, ...], place: tuple[str, ...], order: str) -> bool:
    return key > place if order == "asc" else key < place


def _link(request: Request, cursor: str) -> str:
    """Return the path of the next page, as the official client wants it."""
    kept = {name: values[-1] for name, values in request.query.items() if name != "cursor"}
    return f"{request.path}?{urlencode({'cursor': cursor} | kept)}"


def checked(given: Any, known: Mapping[str, int]) -> Record:
    """Return a body whose names are all known and whose texts are not too long; 0 is any length."""
    if not isinstance(given, dict):
        raise refuse(400, "bad_request", "The body must be a JSON object")
    for name, value in given.items():
        if name not in known:
            raise refuse(400, "bad_request", f"The parameter {name} is not permitted", name)
        most = known[name]
        if most and value is not None and not isinstance(value, str):
            raise refuse(422, "validation", f"{name} must be a string", name)
        if most and value and len(value) > most:
            text = f"{name} is too long (maximum is {most} characters)"
            raise refuse(422, "validation", text, name)
    return given
