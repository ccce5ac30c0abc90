"""
How Slack's methods are called: arguments, scopes, tiers and pages.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

from klarsyn.testing.standins.slack_workspace import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klarsyn.testing.standins.slack_workspace import Channel, Record, Token, Workspace

#: Which scope lists channels of a kind, by the prefix that all scopes of that kind share.
SCOPE_PREFIX = {
    "public_channel": "channels",
    "private_channel": "groups",
    "im": "im",
    "mpim": "mpim",
}
MOST_PER_PAGE = 1000

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method, made with a token."""

    workspace: Workspace
    token: Token
    arguments: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Return whether an argument says yes, in any of the ways that Slack reads."""
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int, error: str = "invalid_limit") -> int:
        """Return a whole number of at least 1."""
        value = self.text(name) or str(default)
        if not value.isdecimal() or int(value) < 1:
            raise Refused(error)
        return int(value)

    def structure(self, name: str) -> Any:
        """Return an argument that is JSON: as it came in a JSON body, as text in a form."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Refused(f"invalid_{name}") from None

    def require(self, *scopes: str) -> None:
        """Refuse when the token has not all of these scopes."""
        if missing := [scope for scope in scopes if scope not in self.token.scopes]:
            provided = ",".join(sorted(self.token.scopes))
            raise Refused("missing_scope", needed=",".join(missing), provided=provided)

    def permit(self, method: Method) -> None:
        """Refuse a method that the token may not call at all."""
        if method.bots and self.token.bot:
            raise Refused(method.bots)
        if method.scope:
            self.require(method.scope)

    def channel(self, deed: str = "", name: str = "channel") -> Channel:
        """Return the channel that an argument names, if the token may know of it."""
        channel = self.workspace.channels.get(self.text(name))
        if not channel or not self.workspace.sees(self.token, channel):
            raise Refused("channel_not_found")
        if deed:
            self.require(f"{SCOPE_PREFIX[channel.kind]}:{deed}")
        return channel

    def instant(self, name: str, default: str, error: str) -> Decimal:
        """Return a ts, or another number of seconds."""
        try:
            instant = Decimal(self.text(name) or default)
        except InvalidOperation:
            raise Refused(error) from None
        if instant.is_nan():
            raise Refused(error)
        return instant

    def page(
        self,
        items: Sequence[One],
        key: Callable[[One], str],
        *,
        newest_first: bool = False,
        most: int = MOST_PER_PAGE,
    ) -> tuple[list[One], str]:
        """Return the items from the cursor on, sorted by `key`, and the next cursor or nothing."""
        rules = self.workspace.rules
        limit = self.number("limit", rules.default_limit)
        if limit > MOST_PER_PAGE:
            raise Refused("invalid_limit")
        if cursor := _pointed_at(self.text("cursor")):
            items = [
                one for one in items if (key(one) <= cursor if newest_first else key(one) >= cursor)
            ]
        size = min(limit, rules.page_cap, most)
        following = _cursor(key(items[size])) if size < len(items) else ""
        return list(items[:size]), following


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the API."""

    answer: Callable[[Call], Record]
    tier: str
    scope: str
    takes_json: bool
    bots: str
    """How a bot is refused, where only members may call."""


METHODS: dict[str, Method] = {}
"""Every method that the stand-in knows, by its name."""

Answer = Callable[[Call], "Record"]


def method(
    name: str, tier: str, scope: str = "", *, takes_json: bool = False, bots: str = ""
) -> Callable[[Answer], Answer]:
    """Mark a function as the answer to a method of that name."""

    def mark(answer: Answer) -> Answer:
        METHODS[name] = Method(answer, tier, scope, takes_json, bots)
        return answer

    return mark


def _cursor(key: str) -> str:
    return base64.b64encode(f"next:{key}".encode()).decode()


def _pointed_at(cursor: str) -> str:
    """Return the key that a cursor points at; a cursor that Slack did not give is refused."""
    try:
        word, _, key = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise Refused("invalid_cursor") from None
    if cursor and word != "next":
        raise Refused("invalid_cursor")
    return key
