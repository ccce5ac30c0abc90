"""
How e-conomic and Reviso speak: refusals in two forms, pages, and the order of a listing.

Error codes that no source tells are left out of a body rather than invented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.economic_filter import OPERATORS, BadFilterError, matching

Record = dict[str, Any]
Handler = Callable[..., Reply]

MAX_PAGE = 1000
NOT_FOUND, INVALID, PAGE_TOO_BIG = "E06000", "E04300", "E04810"


class EconomicRefusal(Exception):
    """What ends the work on a request; which form it has on the wire depends on the host."""

    def __init__(self, status: int, message: str, code: str = "", **more: object) -> None:
        """Keep what will be told; `more` holds hints and errors by their names on the wire."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.more = more


def routes(method: str, *paths: str) -> Callable[[Handler], Handler]:
    """Mark a method of a stand-in as the answer to several paths."""

    def mark(handler: Handler) -> Handler:
        for path in paths:
            handler = route(method, path)(handler)
        return handler

    return mark


def missing(path: str) -> EconomicRefusal:
    """Return what to raise where a record or path does not exist."""
    hint = f"The resource {path} does not exist."
    return EconomicRefusal(404, "Resource not found.", NOT_FOUND, developerHint=hint)


def invalid(*errors: Record) -> EconomicRefusal:
    """Return what to raise for a body whose fields are wrong."""
    return EconomicRefusal(
        400,
        f"Validation failed. {len(errors)} error{'s' * (len(errors) > 1)} found.",
        INVALID,
        developerHint="Inspect validation errors and correct your request.",
        errors=list(errors),
    )


def wrong(name: str, message: str, value: object = None) -> Record:
    """Return one error of a field; the vendor echoes what was sent, be it personal or not."""
    return {"propertyName": name, "errorMessage": message, "inputValue": value}


def legacy_error(refusal: EconomicRefusal, now: datetime, number: int) -> Reply:
    """Return a refusal as the legacy surface tells it."""
    body = {
        "message": refusal.message,
        "errorCode": refusal.code,
        "developerHint": "",
        "logId": f"log-{number:06}",
        "httpStatusCode": refusal.status,
        "errors": [],
        "logTime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        **refusal.more,
    }
    return Reply(refusal.status, {name: value for name, value in body.items() if value != ""})


def problem(refusal: EconomicRefusal, now: datetime, number: int) -> Reply:
    """Return a refusal as the services tell it (RFC 9457)."""
    told: Any = refusal.more.get("errors", [])
    errors = [
        {"message": one["errorMessage"], "errorCode": refusal.code, "property": one["propertyName"]}
        if isinstance(one, dict)
        else {"message": one, "errorCode": refusal.code}
        for one in told
    ]
    body = {
        "type": "about:blank",
        "title": refusal.message,
        "status": refusal.status,
        "detail": str(refusal.more.get("developerHint", refusal.message)),
        "errors": errors,
        "traceId": f"trace-{number:06}",
        "errorCode": refusal.code,
        "traceTimeUtc": stamp(now),
    }
    kept = {name: value for name, value in body.items() if value != ""}
    return Reply(refusal.status, kept, content_type="application/problem+json")


def stamp(instant: datetime) -> str:
    """Return an instant as both surfaces write it: UTC, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def body_of(request: Request) -> Record:
    """Return the object that a request carries, or refuse."""
    try:
        given = request.json()
    except ValueError:
        raise EconomicRefusal(400, "The body is not valid JSON.") from None
    if not isinstance(given, dict):
        raise EconomicRefusal(400, "The body is not a JSON object.")
    return given


# Lists


def whole(request: Request, name: str, default: int, most: int | None = None) -> int:
    """Return a number of the query, or refuse one that is none or too big."""
    text = request.param(name, str(default))
    if not text.isdigit():
        raise EconomicRefusal(400, f"{name} is not a number.")
    if most is not None and not 1 <= int(text) <= most:
        hint = f"The maximum allowed page size is {most}."
        raise EconomicRefusal(400, f"{name} is out of bounds.", PAGE_TOO_BIG, developerHint=hint)
    return int(text)


def filtered(request: Request, records: Iterable[Record], fields: Iterable[str]) -> list[Record]:
    """Return the records that the legacy surface finds by a filter."""
    text = request.param("filter")
    try:
        matches = matching(text, dict.fromkeys(fields, OPERATORS)) if text else None
    except BadFilterError as error:
        raise EconomicRefusal(
            400,
            "Could not parse query string filter.",
            developerHint="Use the allowed operators and allowed filtering fields.",
            errors=[str(error)],
            allowedFilteringFields=sorted(fields),
        ) from None
    return [one for one in records if matches is None or matches(one)]


def ordered(records: list[Record], text: str) -> list[Record]:
    """Return records in the order of a `sort`: the first name weighs most, a minus turns it."""
    for name in reversed([one for one in text.split(",") if one]):
        plain = name.lstrip("-~")
        key = _textual(plain) if "~" in name else _natural(plain)
        records = sorted(records, key=key, reverse=name.startswith("-"))
    return records


def _natural(name: str) -> Callable[[Record], tuple[bool, str, Any]]:
    def key(one: Record) -> tuple[bool, str, Any]:
        value = one.get(name)
        plain = value.casefold() if isinstance(value, str) else value
        return value is not None, type(value).__name__, 0 if plain is None else plain

    return key


def _textual(name: str) -> Callable[[Record], str]:
    return lambda one: str(one.get(name, "")).casefold()


def page(request: Request, found: list[Record], total: int, base: str, size: int) -> Record:
    """Return a page of the legacy surface: past the end it is empty, which is no error."""
    size = whole(request, "pagesize", size, MAX_PAGE)
    skip = whole(request, "skippages", 0)
    last = max(0, (len(found) - 1) // size)
    kept = {name: values[-1] for name, values in request.query.items()}

    def link(number: int) -> str:
        asked = kept | {"skippages": str(number), "pagesize": str(size)}
        return f"{base}{request.path}?{urlencode(asked, safe='$')}"

    pagination = {
        "maxPageSizeAllowed": MAX_PAGE,
        "skipPages": skip,
        "pageSize": size,
        "results": len(found),
        "resultsWithoutFilter": total,
        "firstPage": link(0),
        **({"nextPage": link(skip + 1)} if skip < last else {}),
        "lastPage": link(last),
    }
    return {
        "collection": found[skip * size : (skip + 1) * size],
        "metaData": {},
        "pagination": pagination,
        "self": f"{base}{request.path}",
    }


def version(record: Mapping[str, Any]) -> str:
    """Return what changes whenever a record does (FNV-1a, 64 bits)."""
    value = 0xCBF29CE484222325
    for byte in json.dumps(record, sort_keys=True).encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"
