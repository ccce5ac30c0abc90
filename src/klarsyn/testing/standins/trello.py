"""
A stand-in for Trello (REST API 1): boards, cards, their activity, and search.

Written from the vendor's contract and guides, and from what py-trello and other clients do. What
they leave open, and how it is settled here: with a card goes its activity; an action keeps the
card's name as it was; search reads neither custom fields nor places.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from klarsyn.testing.serving import Reply, Request, Window, route
from klarsyn.testing.standins.trello_search import TrelloSearch
from klarsyn.testing.standins.trello_wire import (
    NOT_FOUND,
    Record,
    TrelloRefusal,
    chosen,
    invalid,
    plain,
    refuse,
    stamp,
)

OAUTH = re.compile(r'(oauth_consumer_key|oauth_token)="([^"]*)"')
MEMBER_PAGE = re.compile(r"/1/members/[^/]+")
MOST_ROUTES = 10


class TrelloStandIn(TrelloSearch):
    """Trello on loopback: one workspace, seen by one member's token."""

    API_KEY: ClassVar[str] = sha256(b"invented trello key").hexdigest()[:32]
    TOKEN: ClassVar[str] = "ATTA" + sha256(b"invented trello token").hexdigest()
    #: Requests of a key and of a token in ten seconds, and of members' pages in fifteen minutes.
    PER_KEY: ClassVar[int] = 300
    PER_TOKEN: ClassVar[int] = 100
    SECONDS: ClassVar[float] = 10
    MEMBER_PAGES: ClassVar[int] = 100
    MEMBER_SECONDS: ClassVar[float] = 900

    def fill(self) -> None:
        """Open the workspace and give out a token."""
        super().fill()
        self.by_key = Window(self.PER_KEY, self.SECONDS, self.clock)
        self.by_token = Window(self.PER_TOKEN, self.SECONDS, self.clock)
        self.member_pages = Window(self.MEMBER_PAGES, self.MEMBER_SECONDS, self.clock)
        self.scopes = {"read", "write", "account"}
        """What the token may; without `account` it sees no address."""
        self.expires = self.clock.now() + timedelta(days=30)
        self.revoked = False
        self._token_id = self.made()["id"]

    @property
    def secrets(self) -> dict[str, str]:
        """The application's key and the member's token."""
        return {"api_key": self.API_KEY, "token": self.TOKEN}

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """Check key, token, scope and rate."""
        found = dict(OAUTH.findall(request.headers.get("authorization", "")))
        key = request.param("key") or found.get("oauth_consumer_key")
        token = request.param("token") or found.get("oauth_token")
        if key != self.API_KEY:
            return self._headed(plain(401, "invalid key"))
        if token != self.TOKEN or self.revoked or self.clock.now() >= self.expires:
            return self.key_refused(request)
        if request.method != "GET" and "write" not in self.scopes:
            return self._headed(plain(401, "unauthorized permission requested"))
        return self._over_limit(request) if self.limits else None

    def _over_limit(self, request: Request) -> Reply | None:
        if self.by_key.take():
            return self._limited("API_KEY_LIMIT_EXCEEDED")
        many = MEMBER_PAGE.fullmatch(request.path) and self.member_pages.take()
        return self.throttled(request, None) if many or self.by_token.take() else None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests: JSON, unlike other errors, and never a Retry-After."""
        del request, retry_after
        return self._limited("API_TOKEN_LIMIT_EXCEEDED")

    def _limited(self, error: str) -> Reply:
        return self._headed(Reply(429, {"error": error, "message": "Rate limit exceeded"}))

    def key_refused(self, request: Request) -> Reply:
        """A token that never was, has expired or was revoked."""
        del request
        return self._headed(plain(401, "invalid token"))

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        del request
        return Reply(200, {"error": "API_TOKEN_DB_LIMIT_EXCEEDED", "message": "Too much"})

    def not_found(self, request: Request) -> Reply:
        """No such path."""
        return plain(404, f"Cannot {request.method} {request.path}")

    # The deed

    def _dispatch(self, request: Request) -> Reply:
        path = request.path.rstrip("/").replace("/1/card/", "/1/cards/")
        reply = self._done(replace(request, path=path))
        if not isinstance(reply.body, str):  # later changes must not reach into what was sent
            reply = replace(reply, body=json.loads(json.dumps(reply.body)))
        return self._headed(reply)

    def _done(self, request: Request) -> Reply:
        try:
            return super()._dispatch(request)
        except TrelloRefusal as refusal:
            return refusal.reply

    def _headed(self, reply: Reply) -> Reply:
        """Add how many requests are left."""
        headers = dict(reply.headers)
        for name, window in (("key", self.by_key), ("token", self.by_token)):
            start = f"x-rate-limit-api-{name}"
            headers[f"{start}-interval-ms"] = str(int(self.SECONDS * 1000))
            headers[f"{start}-max"] = str(window.limit)
            headers[f"{start}-remaining"] = str(window.left())
        return replace(reply, headers=headers)

    # The token and its member

    @route("GET", "/1/members/{member_id}")
    def get_member(self, request: Request, member_id: str) -> Reply:
        """Return a member; the address only to a token of the scope `account`."""
        member = self.member(member_id)["id"]
        return Reply(200, self.shown_member(member, request, email="account" in self.scopes))

    @route("GET", "/1/tokens/{token}")
    def get_token(self, request: Request, token: str) -> Reply:
        """Return what the token may and when it ends."""
        self._own(token)
        models = (("board", "*"), ("organization", "*"), ("member", self.me))
        may = {"read": "read" in self.scopes, "write": "write" in self.scopes}
        permissions = [{"idModel": model, "modelType": kind, **may} for kind, model in models]
        permissions[-1]["write"] = "account" in self.scopes
        record: Record = {"id": self._token_id, "identifier": "Klarsyn", "idMember": self.me}
        record |= {"dateCreated": stamp(self._opened), "dateExpires": stamp(self.expires)}
        return Reply(200, chosen(record | {"permissions": permissions}, request.param("fields")))

    @route("GET", "/1/tokens/{token}/member")
    def token_member(self, request: Request, token: str) -> Reply:
        """Return whose token it is."""
        self._own(token)
        return Reply(200, self.shown_member(self.me, request, email="account" in self.scopes))

    @route("DELETE", "/1/tokens/{token}")
    def revoke(self, request: Request, token: str) -> Reply:
        """End the token."""
        del request
        self._own(token)
        self.revoked = True
        return Reply(200, {"_value": None})

    def _own(self, token: str) -> None:
        if token != self.TOKEN:
            raise refuse(404, NOT_FOUND)

    # Many at once

    @route("GET", "/1/batch")
    def batch(self, request: Request) -> Reply:
        """Answer up to ten reads, each under its own status; it counts as one request."""
        routes = request.param("urls").split(",")
        if len(routes) > MOST_ROUTES or not all(one.startswith("/") for one in routes):
            raise invalid("urls")
        return Reply(200, list(map(self._one_of_batch, routes)))

    def _one_of_batch(self, url: str) -> Record:
        parts = urlsplit(url)
        asked = Request("GET", f"/1{parts.path}".rstrip("/"), parse_qs(parts.query), {}, b"")
        if asked.path.startswith("/1/batch"):
            return {"name": "BadRequest", "message": "invalid value for urls", "statusCode": 400}
        reply = self._done(asked)
        if reply.status == 200:  # noqa: PLR2004
            return {"200": reply.body}
        return {"name": "Error", "message": reply.body, "statusCode": reply.status}
