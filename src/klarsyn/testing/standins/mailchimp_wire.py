"""
How Mailchimp speaks: problems (RFC 7807 before it was one), pages, partial replies and instants.

Reasons: Mailchimp's pages "Errors", "Fundamentals" and "Methods and parameters"; the wording of
errors as users of its API quote it in public issues.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from klarsyn.testing.serving import Reply, Request

Json = dict[str, Any]

ERRORS_PAGE = "https://mailchimp.com/developer/marketing/docs/errors/"
JSON_TYPE = "application/json; charset=utf-8"
PROBLEM_TYPE = "application/problem+json; charset=utf-8"
NOT_VALIDATED = (
    "The resource submitted could not be validated. "
    "For field-specific details, see the 'errors' array."
)
DEFAULT_COUNT = 10
MAXIMUM_COUNT = 1000


class Refused(Exception):
    """A request that Mailchimp answers with a problem."""

    def __init__(
        self, status: int, title: str, detail: str, errors: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Keep what the problem says; `errors` are pairs of a field and its message."""
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = tuple(errors)

    def reply(self, instance: str) -> Reply:
        """Return the problem as it goes out; `instance` is what support would ask for."""
        body: Json = {
            "type": ERRORS_PAGE,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            body["errors"] = [{"field": one, "message": text} for one, text in self.errors]
        return Reply(self.status, body, content_type=PROBLEM_TYPE)


def missing() -> Refused:
    """Return the problem of a resource that does not exist, or no longer."""
    return Refused(404, "Resource Not Found", "The requested resource could not be found.")


def not_allowed(detail: str = "") -> Refused:
    """Return the problem of a method that the resource (or its state) does not bear."""
    usual = (
        "The requested method and resource are not compatible. "
        "See the Allow header for this resource's available methods."
    )
    return Refused(405, "Method Not Allowed", detail or usual)


def invalid(*errors: tuple[str, str], detail: str = NOT_VALIDATED) -> Refused:
    """Return the problem of a body or parameter that does not fit."""
    return Refused(400, "Invalid Resource", detail, errors)


def digest(text: str) -> str:
    """Return the MD5 by which Mailchimp keys an address: of its lower-case form."""
    return hashlib.md5(text.lower().encode(), usedforsecurity=False).hexdigest()


def told(instant: datetime | None) -> str:
    """Return an instant as Mailchimp writes it, to the second; nothing for none."""
    return instant.astimezone(UTC).isoformat(timespec="seconds") if instant else ""


def heard(text: str, name: str) -> datetime:
    """Return the instant that a client wrote for the field or parameter `name`."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid((name, "Please enter a valid ISO 8601 date and time.")) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def body_of(request: Request) -> Json:
    """Return a request's body, which has to be a JSON object."""
    try:
        body = request.json()
    except ValueError as error:
        detail = "We encountered an unspecified JSON parsing error."
        raise Refused(400, "JSON Parse Error", detail) from error
    if not isinstance(body, dict):
        raise invalid(("", "Schema describes object, something else found instead"))
    return body


def _number(request: Request, name: str, default: int) -> int:
    text = request.param(name, str(default))
    if not text.isdecimal():
        raise invalid((name, "Value must be a positive number."))
    return int(text)


def page(request: Request, entries: Sequence[Any]) -> list[Any]:
    """Return the entries that `count` and `offset` ask for; more than 1000 are never given."""
    count = min(_number(request, "count", DEFAULT_COUNT), MAXIMUM_COUNT)
    offset = _number(request, "offset", 0)
    return list(entries[offset : offset + count])


def links(request: Request, *pairs: tuple[str, str]) -> list[Json]:
    """Return links to itself and to pairs of relation and path."""
    host = request.headers.get("host", "")
    every = [("self", request.path), *pairs]
    return [
        {"rel": relation, "href": f"https://{host}{path}", "method": "GET"}
        for relation, path in every
    ]


def collection(
    request: Request, name: str, entries: Sequence[Mapping[str, Any]], **more: object
) -> Reply:
    """Return the page of entries that was asked for, with how many there are in all."""
    body = {name: page(request, entries), **more, "total_items": len(entries)}
    return answer(request, body)


def answer(request: Request, body: Mapping[str, Any]) -> Reply:
    """Return a body with its links, cut to what `fields` and `exclude_fields` leave of it."""
    whole: Json = {**body, "_links": links(request)}
    if wanted := request.param("fields"):
        whole = _kept(whole, _tree(wanted.split(",")))
    if unwanted := request.param("exclude_fields"):
        whole = _without(whole, _tree(unwanted.split(",")))
    return Reply(200, whole, content_type=JSON_TYPE)


def _tree(paths: Iterable[str]) -> Json:
    """Return dot paths as nested names; a name without more below it is a whole."""
    root: Json = {}
    for path in paths:
        node = root
        for name in path.strip().split("."):
            node = node.setdefault(name, {})
    return root


def _kept(value: Any, names: Json) -> Any:
    if isinstance(value, list):
        return [_kept(one, names) for one in value]
    if names and isinstance(value, dict):
        return {name: _kept(one, names[name]) for name, one in value.items() if name in names}
    return value


def _without(value: Any, names: Json) -> Any:
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    if isinstance(value, dict):
        return {
            name: _without(one, names.get(name, {}))
            for name, one in value.items()
            if name not in names or names[name]
        }
    return value
