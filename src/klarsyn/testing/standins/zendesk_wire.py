"""
How Zendesk writes things: times, cursors, ids and refusals.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from klarsyn.testing.serving import Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from klarsyn.testing.serving import Handler

Record = dict[str, Any]
"""A user, ticket or the like, by the names of the wire."""

SUBDOMAIN = "klarpris"
HOST = f"{SUBDOMAIN}.zendesk.com"
ADMIN = "admin@klarpris.example"
API_TOKEN = "zd-klarpris-invented-token"  # noqa: S105  (opens a stand-in only)
MANY = 100
"""The most records that one bulk call takes."""


class RefusedError(Exception):
    """A request that Zendesk does not carry out, with its answer."""

    def __init__(self, reply: Reply) -> None:
        """Hold the answer."""
        super().__init__(str(reply.body))
        self.reply = reply


def refused(status: int, error: str, description: str, **more: object) -> RefusedError:
    """Return a refusal in the shape that most of Zendesk's endpoints share."""
    return RefusedError(Reply(status, {"error": error, "description": description, **more}))


def invalid(field: str, description: str, error: str = "") -> RefusedError:
    """Return the refusal of a record whose `field` does not hold."""
    detail = {"description": description} | ({"error": error} if error else {})
    return refused(422, "RecordInvalid", "Record validation errors", details={field: [detail]})


def absent() -> RefusedError:
    """Return the refusal of an id that is nobody's."""
    return refused(404, "RecordNotFound", "Not found")


def on(method: str, path: str) -> Callable[[Handler], Handler]:
    """Mark a method as the answer to `method path` below /api/v2."""
    return route(method, f"/api/v2{path}")


def wire_time(moment: datetime) -> str:
    """Return an instant as Zendesk writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def opaque(text: str) -> str:
    """Return a cursor that holds `text`."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def held(cursor: str) -> str:
    """Return what a cursor holds; one that this desk never gave is refused."""
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise refused(400, "InvalidCursor", "The cursor is not one of ours") from None


def number(text: str, name: str = "id") -> int:
    """Return an id of a path or a query; anything but digits is refused."""
    if text.isdecimal():
        return int(text)
    message = f"{name} must be an integer"
    raise RefusedError(Reply(400, {"error": {"title": "Invalid attribute", "message": message}}))
