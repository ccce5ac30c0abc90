"""
A stand-in for Evernote: EDAM 1.28, Thrift's binary protocol over HTTP.

Names of fields are not on Thrift's wire, so Trouble.RENAMED_FIELD changes nothing here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from klarsyn.clock import Clock
from klarsyn.testing.serving import Planted, Reply, Request, StandIn, Window, route
from klarsyn.testing.standins import evernote_people
from klarsyn.testing.standins.evernote_account import Account
from klarsyn.testing.standins.evernote_notes import NoteStore
from klarsyn.testing.standins.evernote_wire import (
    CONTENT_TYPE,
    Code,
    Endpoint,
    Struct,
    Unreadable,
    failed,
    new,
    refused,
)

_USER, _NOTES = "/edam/user", "/shard/s1/notestore"
_YEAR = timedelta(days=365)


class EvernoteStandIn(NoteStore, StandIn):
    """One account, its user and its notes."""

    name = "evernote"
    hosts = ("www.evernote.com",)

    calls_an_hour: ClassVar[int] = 1000
    """For each token. The vendor publishes no number."""

    def __init__(
        self, *, seed: int = 1, count: int = 12, clock: Clock | None = None, limits: bool = True
    ) -> None:
        """Open an account whose token is good for a year."""
        super().__init__(seed=seed, count=count, clock=clock, limits=limits)
        self._endpoints = {
            _USER: Endpoint("UserStore", self._perform),
            _NOTES: Endpoint("NoteStore", self._perform),
        }
        self._window = Window(self.calls_an_hour, 3600, self.clock)

    def fill(self) -> None:
        """Write notes about people, where the company declares that there are none."""
        self.account = Account(self.clock)
        self.token = self.new_token()
        for number, place in evernote_people.fill(self.account, self.people):
            self.planted.append(Planted(self.people[number], place, expected=False))

    def new_token(self) -> str:
        """Return a token that expires in a year; it is good once it is `self.token`."""
        now = self.clock.now()
        expires, made = (int(one.timestamp() * 1000) for one in (now + _YEAR, now))
        user = f"S=s1:U={self.account.user_id:x}"
        return f"{user}:E={expires:x}:C={made:x}:P=1cd:A=en-devtoken:V=2:H={made:032x}"

    @property
    def secrets(self) -> dict[str, str]:
        """Return the token."""
        return {"token": self.token}

    # Thrift over HTTP

    @route("POST", _USER)
    @route("POST", _NOTES)
    def call(self, request: Request) -> Reply:
        """Answer one call."""
        return self._reply(request)

    def _reply(self, request: Request, instead: Exception | None = None) -> Reply:
        try:
            body = self._endpoints[request.path].reply(request.body, instead)
        except (KeyError, Unreadable):
            # What the service says to what is no message is not known.
            return Reply(400, "Bad Request", content_type="text/plain")
        return Reply(200, body, content_type=CONTENT_TYPE)

    def _perform(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if name == "check_version":
            return self.check_version(*arguments)
        token, *others = arguments
        self._admit(token or "")
        return getattr(self, name)(*others)

    def _admit(self, token: str) -> None:
        """Refuse a token that is none, is not known or is old, and one that called too often."""
        parts = dict(part.split("=", 1) for part in token.split(":") if "=" in part)
        if not {"S", "U", "E"} <= set(parts):
            raise refused(Code.BAD_DATA_FORMAT, "authenticationToken")
        if token != self.token:
            raise refused(Code.INVALID_AUTH, "authenticationToken")
        if datetime.fromtimestamp(int(parts["E"], 16) / 1000, UTC) <= self.clock.now():
            raise refused(Code.AUTH_EXPIRED, "authenticationToken")
        if self.limits and (wait := self._window.take(token)):
            raise failed(Code.RATE_LIMIT_REACHED, seconds=int(wait) + 1)

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Return the called method's RATE_LIMIT_REACHED; the wait is in it, not in a header."""
        return self._reply(request, failed(Code.RATE_LIMIT_REACHED, seconds=retry_after))

    def key_refused(self, request: Request) -> Reply:
        """Return AUTH_EXPIRED."""
        return self._reply(request, refused(Code.AUTH_EXPIRED, "authenticationToken"))

    def error_in_ok(self, request: Request) -> Reply:
        """Return INTERNAL_ERROR: all of Evernote's errors come with status 200."""
        return self._reply(request, failed(Code.INTERNAL_ERROR, "Internal error"))

    def not_found(self, request: Request) -> Reply:
        """Return a page: only paths that are no service's have a status of their own."""
        del request
        return Reply(404, "<html><body>Not Found</body></html>", content_type="text/html")

    # UserStore

    def check_version(self, _client: str, major: int, minor: int) -> bool:
        """Return whether a client's protocol is one that is spoken."""
        return (major, minor) <= (1, 28) and major == 1

    def get_user(self) -> Struct:
        """Return whose account it is."""
        return new(
            "User",
            id=self.account.user_id,
            username="stina-kontorsson",
            email="stina.kontorsson@example.com",
            name="Stina Kontorsson",
            timezone="Europe/Stockholm",
            privilege=1,
            serviceLevel=3 if self.premium else 1,
            created=self.account.opened,
            updated=self.account.opened,
            active=True,
            shardId="s1",
        )

    def get_user_urls(self) -> Struct:
        """Return where the account's notes are."""
        base = f"https://{self.hosts[0]}"
        return new(
            "UserUrls",
            noteStoreUrl=f"{base}{_NOTES}",
            webApiUrlPrefix=f"{base}/shard/s1/",
            userStoreUrl=f"{base}{_USER}",
            utilityUrl=f"{base}/shard/s1/utility",
        )
