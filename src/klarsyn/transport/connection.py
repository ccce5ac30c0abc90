"""
An open connection to a vendor: the only way to make a call.
"""

from __future__ import annotations

import hashlib
import random
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Self

from klarsyn.clock import Clock, SystemClock
from klarsyn.errors import (
    CallRefused,
    NotThere,
    RecordRefused,
    ReplyUnread,
    VendorError,
    said,
)
from klarsyn.transport import failures, filling, paging
from klarsyn.transport.auth import Outgoing, TokenVault
from klarsyn.transport.failures import MOST_SECONDS
from klarsyn.transport.limits import Buckets, LocalBuckets, Turnstile, backoff
from klarsyn.transport.replies import Reply
from klarsyn.transport.sending import Lost, Wire, unreachable
from klarsyn.transport.words import PLACE, Api, Call, Failure, Kind


class Purpose(Enum):
    """What a connection was opened for; it allows no call beyond that."""

    AUDIT = "audit"
    FIND = "find"
    RECTIFY = "rectify"
    ERASE = "erase"
    DELIVER = "deliver"

    @property
    def reads_only(self) -> bool:
        """Whether nothing may be changed."""
        return self.value in {"audit", "find"}


@dataclass(slots=True)
class Surroundings:
    """What a connection needs from whoever opens it."""

    clock: Clock = field(default_factory=SystemClock)
    buckets: Buckets | None = None
    vault: TokenVault | None = None
    detour: str = ""
    """The address of a stand-in on this machine that takes the vendor's place."""
    patience: float = 120
    """For how many seconds a limit or an outage is waited for before the caller is told."""
    seconds: float = 0
    """How long one reply may take; 0: as the sheet says."""
    chance: random.Random = field(default_factory=random.Random)
    """Spreads the attempts of many processes."""


class Connection:
    """
    A vendor's API, opened with a company's settings for one purpose; safe between threads.

    Every call passes all guards: purpose, blank ids, hosts, limits, size, time. An error tells
    the vendor, the call with its {places} unfilled, and a status; never a value.
    """

    def __init__(
        self,
        name: str,
        api: Api,
        settings: Mapping[str, Any],
        *,
        purpose: Purpose = Purpose.AUDIT,
        around: Surroundings | None = None,
    ) -> None:
        """Open; nothing is sent yet. Settings are those of the sheet, keys included."""
        self.name = name
        self.api = api
        self.purpose = purpose
        self.around = around or Surroundings()
        self.clock = self.around.clock
        self.vault = self.around.vault
        derived = api.derive(settings) if api.derive else {}
        self.settings: dict[str, Any] = {**settings, **derived}
        self.account = f"{name}/{_fingerprint(api, self.settings)}"
        self._token: tuple[str, datetime] | None = None
        self._renewing = threading.Lock()
        buckets = self.around.buckets or LocalBuckets(self.clock)
        self._turnstile = Turnstile(buckets, self.clock, self.account)
        self._limits = {"all": api.limit}
        self._seconds = self.around.seconds or api.seconds
        self._wire = Wire(
            api.hosts, seconds=self._seconds, most_bytes=api.most_bytes, detour=self.around.detour
        )
        self.memory: dict[str, Any] = {}
        """What quirks have learnt of this account while the connection is open."""
        self.held = ExitStack()
        """What closes with it: whatever another protocol than HTTP holds open."""

    def __repr__(self) -> str:
        """Return vendor and purpose; settings hold keys."""
        return f"<Connection to {self.name} to {self.purpose.value}>"

    def __enter__(self) -> Self:
        """Return the open connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close; what was learnt is forgotten."""
        self._wire.close()
        self.held.close()
        self.memory.clear()

    # Settings and tokens

    def filled(self, template: str) -> str:
        """Return a text of the sheet with {settings} filled in."""
        if "{" not in template:
            return template
        return PLACE.sub(lambda match: str(self.settings.get(match[1], "")), template)

    @property
    def token(self) -> str:
        """The short-lived token in use, or nothing."""
        if self._token and self._token[1] > self.clock.now():
            return self._token[0]
        return ""

    def keep_token(self, token: str, until: datetime) -> None:
        """Use a token until an instant."""
        self._token = (token, until)

    def forget_token(self) -> None:
        """Stop using a token that was refused."""
        self._token = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one thread of one process at a time get a token for this account."""
        with self._renewing, self._turnstile.alone("token", self._seconds * 2):
            yield

    # Calls

    def call(self, call: Call, /, *, once: str = "", **places: Any) -> Reply:
        """
        Make a call and return the reply.

        `once` names the deed, for vendors that recognise a second attempt (idempotency key).
        Raises an error of the tree in klarsyn.errors for everything but success.
        """
        self._allow(call)
        return self._until_answered(call, self._prepared(call, places, once))

    def look(self, call: Call, /, **places: Any) -> Reply | None:
        """Make a call; return None where there is no such record."""
        try:
            return self.call(call, **places)
        except NotThere:
            return None
        except RecordRefused as error:
            if error.status in call.absent:
                return None
            raise

    def pages(self, call: Call, /, **places: Any) -> Iterator[list[Any]]:
        """Yield the records of a call, page by page, to the end."""
        return paging.pages(self, call, places)

    def page(self, call: Call, places: Mapping[str, Any], query: Mapping[str, Any]) -> Reply:
        """Make a call with this query instead of its own: for one page of a list."""
        self._allow(call)
        address = self.address(call, places, query)
        return self._until_answered(call, self._prepared(call, places, "", address))

    def at(self, call: Call, address: str) -> Reply:
        """Get an address that the vendor has told, on one of the sheet's hosts."""
        self._allow(call)
        return self._until_answered(call, self._prepared(call, {}, "", address))

    def address(
        self, call: Call, places: Mapping[str, Any], query: Mapping[str, Any] | None = None
    ) -> str:
        """Return where a call goes, by its own query or by another."""
        base = self.api.bases[call.host] if call.host else self.api.base
        base = self.filled(base if isinstance(base, str) else base(self))
        asked = filling.written(filling.query(call, places, self.name, query))
        path = filling.path(call, places, self.name)
        return f"{base}{path}{'?' if asked else ''}{asked}"

    def error(self, call: Call, found: Failure, reply: Reply | None) -> VendorError:
        """Return the error of a failure, without a word of what was said."""
        return failures.error(self.name, self.api, call, found, reply, self.filled)

    def send(self, outgoing: Outgoing) -> Reply:
        """Send a request as it is (for tokens and signatures); only hosts are checked."""
        try:
            return self._wire.send(outgoing, self.name)
        except Lost:
            raise unreachable(self.name) from None

    def _allow(self, call: Call) -> None:
        """Refuse what the purpose does not cover."""
        covered = not self.purpose.reads_only or (call.reads and not call.notifies)
        if call.method == "DELETE" and self.purpose is Purpose.DELIVER:
            covered = False
        if not covered:
            message = said(
                "{vendor}: {call} is not made on a connection that was opened to {purpose}",
                vendor=self.name,
                call=call.template,
                purpose=self.purpose.value,
            )
            raise CallRefused(message)

    def _prepared(
        self, call: Call, places: Mapping[str, Any], once: str, address: str = ""
    ) -> Outgoing:
        accepted = call.codec.content_type if call.codec else "application/json"
        headers = {"Accept": accepted, **self.api.headers, **call.headers}
        content, kind = filling.content(call, places, self.name)
        if kind:
            headers.setdefault("Content-Type", kind)
        if call.key:
            headers[call.key.header] = once or str(
                uuid.UUID(int=self.around.chance.getrandbits(128))
            )
        return Outgoing(call.method, address or self.address(call, places), headers, content)

    def _until_answered(self, call: Call, outgoing: Outgoing) -> Reply:
        """Send, wait and send again as long as it is right to; raise what remains."""
        patience = min(self.around.patience, call.key.lifetime if call.key else MOST_SECONDS)
        ends = self.clock.now().timestamp() + patience
        attempt, renewed, doubtful = 0, False, False
        while True:
            attempt += 1
            failure, reply = self._attempt(call, outgoing)
            if failure is None or failure.kind is Kind.DONE:
                return _readable(self.name, call, reply or Reply(200, {}, b""))
            if failure.kind is Kind.KEY and not renewed and self.api.auth.renew(self):
                renewed = True
                continue
            arrived = failure.kind is Kind.DOWN and failure is not failures.UNSENT
            doubtful = doubtful or (arrived and not call.harmless)
            if doubtful and not call.key:
                raise failures.unknown(self.name, call)
            wait = self._pause(call, failure, attempt)
            if wait is None or self.clock.now().timestamp() + wait > ends:
                if doubtful and failure.kind in {Kind.DOWN, Kind.THROTTLED}:
                    raise failures.unknown(self.name, call)
                raise self.error(call, failure, reply)
            self.clock.sleep(wait)

    def _attempt(self, call: Call, outgoing: Outgoing) -> tuple[Failure | None, Reply | None]:
        limits = self._limits
        if call.limit:
            # The call's own comes first: nobody waits for that one in a place of all calls.
            limits = {call.limit: self.api.limits[call.limit], **limits}
        patience = self.around.patience
        with self._turnstile.through(limits, call.cost, self._seconds * 3, patience) as late:
            if late:
                raise self.error(call, Failure(Kind.THROTTLED, after=late), None)
            signed = Outgoing(
                outgoing.method, outgoing.url, dict(outgoing.headers), outgoing.content
            )
            self.api.auth.sign(signed, self)
            used = self._token
            failure, reply = self._answer(call, signed)
        if reply:
            # Where a call has a limit of its own, with headers, they count that one.
            own = call.limit and limits[call.limit].remaining
            name = call.limit if own else "all"
            self._turnstile.heed(name, limits[name], reply)
        if failure and failure.kind is Kind.KEY and self._token is used:
            self.forget_token()
        return failure, reply

    def _answer(self, call: Call, signed: Outgoing) -> tuple[Failure | None, Reply | None]:
        try:
            reply = self._wire.send(signed, self.name)
        except Lost as lost:
            return failures.LOST if lost.sent else failures.UNSENT, None
        except ReplyUnread:
            if call.harmless:
                raise
            raise failures.unknown(self.name, call) from None
        reply.codec = call.codec
        failure = failures.failure(self.api, reply, self.clock.now())
        told = failure and failure.kind is Kind.REFUSED and reply.status in call.answers
        return None if told else failure, reply

    def _pause(self, call: Call, failure: Failure, attempt: int) -> float | None:
        """Return for how long to wait before another attempt, or None for no other attempt."""
        if failure.kind not in {Kind.THROTTLED, Kind.DOWN}:
            return None
        wait = failure.after or backoff(attempt, self.around.chance)
        if failure.kind is Kind.THROTTLED:
            # A limit of the call's own is the nearest explanation; were it the account's, the
            # next call of another kind is told so, too.
            self._turnstile.block(call.limit or "all", wait)
        return wait


def _fingerprint(api: Api, settings: Mapping[str, Any]) -> str:
    """Return a name for an account that limits are counted under; keys are not in it."""
    public = {one.name for one in api.settings if not one.secret}
    parts = sorted(f"{key}={value}" for key, value in settings.items() if key in public)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _readable(name: str, call: Call, reply: Reply) -> Reply:
    """Refuse a success that is not of its form: half a list is no list."""
    told = bool(call.codec) or "json" in reply.header("content-type")
    if told and not reply.readable:
        error = failures.not_json if call.harmless else failures.unknown
        raise error(name, call)
    return reply
