"""
Approvals: one person asks, another decides, and the decision counts for what was shown alone.

A decision is sealed and bound to the whole request. Whoever can write to the database alone can
neither forge one nor exchange what it was about. What a schedule asks for, or somebody who has not
signed in, needs two people: the first puts their name to it, the second decides.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal

import msgspec

from klarsyn import stored
from klarsyn.clock import Clock
from klarsyn.errors import ApprovalMissing, ApprovalVoid, Message, OwnRequest, UnknownName, said
from klarsyn.keys import Keys
from klarsyn.storage import Sealed, Sealing, Storage
from klarsyn.tasks.records import Recorded, Records
from klarsyn.tasks.users import SignedIn, Users

Decided = Literal["approved", "refused", "withdrawn"]
State = Literal["open", "approved", "refused", "withdrawn", "lapsed"]
LASTS: Final = timedelta(days=14)
"""How long a request can be decided, and its approval used."""
KEPT: Final = timedelta(days=730)
"""How long a request is kept after its end; the journal knows of it for good."""


class Decision(msgspec.Struct, frozen=True):
    """What was decided, by which pseudonym, when (seconds since 1970)."""

    state: Decided
    by: str
    at: float
    four_eyes: bool
    """Whether four eyes were asked for on that day; every approval without says so."""
    own: bool
    """Whether whoever decided had asked."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something that waits for an approval, or did."""

    id: str
    key: str
    kind: str
    what: Message
    """What it is about, without values of people."""
    digest: str
    """The hash of exactly what is to be approved."""
    asked_by: str
    """A pseudonym; empty where Klarsyn itself asked, by its schedule."""
    asked_at: float
    expires_at: float
    state: State = "open"
    decision: Decision | None = None

    @property
    def seal(self) -> str:
        """What a decision is bound to: everything that was shown."""
        asked = (self.asked_by, repr(self.asked_at), repr(self.expires_at))
        shown = [self.id, self.key, self.kind, stored.to_json(self.what), self.digest, *asked]
        return f"klarsyn decision {hashlib.sha256(msgspec.json.encode(shown)).hexdigest()}"


class Approvals:
    """The requests, and what was decided about them."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        keys: Keys,
        users: Users,
        records: Records,
        *,
        four_eyes: bool = True,
    ) -> None:
        """Keep requests in a storage; without four eyes one may approve what one asked for."""
        self._storage = storage
        self._clock = clock
        self._sealing = Sealing(keys.all("seal"))
        self._users = users
        self._records = records
        self._four_eyes = four_eyes

    # Asking

    def ask(
        self,
        key: str,
        kind: str,
        what: Message,
        digest: str,
        by: SignedIn | None,
        lasts: timedelta = LASTS,
    ) -> Request:
        """
        Ask for an approval once, however often this is called under the same key.

        `by` is None where no person asks but a schedule; whoever asks again by name puts it to the
        request. ApprovalVoid where something else was asked for under that key: an approval never
        passes from one thing to another.
        """
        asked_by = self._users.check(by, "work").pseudonym if by else ""
        now = self._now()
        ends = now + lasts.total_seconds()
        with self._storage.transaction():
            new = self._storage.run(
                "ask_approval",
                id=secrets.token_hex(4),
                asked_as=key,
                kind=kind,
                what=stored.to_json(what),
                digest=digest,
                asked_by=asked_by,
                asked_at=now,
                expires_at=ends,
                kept_until=ends + KEPT.total_seconds(),
            )
            request = self._asked_as(key)
            if request is None or (request.kind, request.digest) != (kind, digest):
                raise ApprovalVoid(
                    said("Something else was asked for under {key}.", key=key),
                    said("Ask under another key."),
                )
            if new:
                self._record(request, "approval.asked", asked_by, {})
            elif asked_by and self._nameless(request):
                request = self._signed(request, asked_by)
        return request

    # Deciding

    def approve(self, shown: Request, who: SignedIn) -> Request:
        """
        Approve exactly what was shown.

        OwnRequest where the same person asked and four eyes are wanted. Where nobody has asked by
        name, the request is theirs from now on: ApprovalMissing, since somebody else has to approve
        it. ApprovalVoid where it is closed, has lapsed, or is not the one that was shown.
        """
        user = self._users.check(who, "approve")
        if self._nameless(shown):
            with self._storage.transaction():
                self._signed(shown, user.pseudonym)
            raise ApprovalMissing(
                said("Nobody had asked for this by name; now your name stands under it."),
                said("Somebody else has to approve it: `klarsyn approve {id}`.", id=shown.id),
            )
        own = user.pseudonym == shown.asked_by
        if own and self._four_eyes:
            raise OwnRequest(
                said("Nobody approves what they have asked for themselves."),
                said("Somebody else has to, with a passphrase of their own."),
            )
        return self._decide(shown, "approved", user.pseudonym, own=own)

    def refuse(self, shown: Request, who: SignedIn) -> Request:
        """Refuse what was shown; it can be asked for again under another key."""
        user = self._users.check(who, "approve")
        own = user.pseudonym == shown.asked_by
        return self._decide(shown, "refused", user.pseudonym, own=own)

    def withdraw(self, shown: Request, who: SignedIn) -> Request:
        """Take a request back: whoever asked may, and an administrator."""
        user = self._users.check(who, "work")
        own = user.pseudonym == shown.asked_by
        if not own:
            user = self._users.check(who, "administer")
        return self._decide(shown, "withdrawn", user.pseudonym, own=own)

    # Reading

    def get(self, request_id: str) -> Request:
        """Return a request; UnknownName where there is none."""
        rows = self._storage.read(_Row, "approval_request", id=request_id)
        if not rows:
            raise UnknownName(
                said("There is no request {id}.", id=repr(request_id)),
                said("See `klarsyn approve`."),
            )
        return self._opened(rows[0])

    def waiting(self) -> list[Request]:
        """Return what waits for a decision, the oldest first."""
        rows = self._storage.read(_Row, "open_approval_requests", now=self._now())
        return [self._opened(row) for row in rows]

    def granted(self, key: str, digest: str) -> Decision | None:
        """
        Return the approval that counts for this and nothing else, or None.

        One that has lapsed does not count; nor, after four eyes were switched on again, one's own
        or one of what nobody had asked for by name.
        """
        request = self._asked_as(key)
        if request is None or request.digest != digest or request.state != "approved":
            return None
        decision = request.decision
        if decision is None or request.expires_at <= self._now():
            return None
        by_one = decision.own or not request.asked_by
        return None if by_one and self._four_eyes else decision

    def require(self, key: str, digest: str) -> Decision:
        """Return the approval; ApprovalMissing, which names the request, where there is none."""
        decision = self.granted(key, digest)
        if decision is None:
            request = self._asked_as(key)
            raise ApprovalMissing(
                said("This waits for an approval."),
                said("Run `klarsyn approve {id}`.", id=request.id)
                if request and request.state == "open"
                else None,
            )
        return decision

    # Inside

    def _decide(self, shown: Request, state: Decided, by: str, *, own: bool) -> Request:
        now = self._now()
        decision = Decision(state, by, now, four_eyes=self._four_eyes, own=own)
        with self._storage.transaction():
            sealed = self._sealing.seal(msgspec.json.encode(decision), shown.seal)
            kept = self._storage.run(
                "decide_approval",
                id=shown.id,
                state=state,
                key_id=sealed.key_id,
                sealed=sealed.sealed,
                kept_until=max(now, shown.expires_at) + KEPT.total_seconds(),
                now=now,
            )
            self._refuse_other(shown, kept=bool(kept))
            self._record(
                shown,
                f"approval.{_VERBS[state]}",
                by,
                {"own": int(own), "four_eyes": int(self._four_eyes)},
            )
        return replace(shown, state=state, decision=decision)

    def _nameless(self, one: Request) -> bool:
        """Tell whether somebody has to put their name to a request first."""
        return self._four_eyes and one.state == "open" and not one.asked_by

    def _signed(self, shown: Request, by: str) -> Request:
        """Put somebody's name to what was shown; runs in a transaction."""
        kept = self._storage.run("sign_approval", id=shown.id, asked_by=by, now=self._now())
        signed = replace(shown, asked_by=by)
        self._refuse_other(signed, kept=bool(kept))
        self._record(signed, "approval.signed", by, {})
        return signed

    def _refuse_other(self, shown: Request, *, kept: bool) -> None:
        """Raise ApprovalVoid where a request was not kept, or is not what was shown."""
        stands = self._row(shown.id) if kept else None
        if stands is None or stands.asked.seal != shown.seal:
            raise ApprovalVoid(
                said("The request {id} can no longer be decided.", id=shown.id),
                said("Look at it again: `klarsyn approve`."),
            )

    def _record(self, one: Request, kind: str, by: str, facts: dict[str, Recorded]) -> None:
        about = {"request": one.id, "of": one.kind, "digest": one.digest, **facts}
        self._records.append(f"approval:{one.id}:{kind}", kind, by=by, facts=about)

    def _asked_as(self, key: str) -> Request | None:
        rows = self._storage.read(_Row, "approval_asked_as", asked_as=key)
        return self._opened(rows[0]) if rows else None

    def _row(self, request_id: str) -> _Row | None:
        rows = self._storage.read(_Row, "approval_request", id=request_id)
        return rows[0] if rows else None

    def _opened(self, row: _Row) -> Request:
        asked = row.asked
        if row.key_id is None or row.sealed is None:
            lapsed = asked.expires_at <= self._now()
            return replace(asked, state="lapsed") if lapsed else asked
        sealed = Sealed(row.key_id, row.sealed)
        clear = self._sealing.open(sealed, asked.seal, f"approval {asked.id}")
        decision = msgspec.json.decode(clear, type=Decision)
        return replace(asked, state=decision.state, decision=decision)

    def _now(self) -> float:
        return self._clock.now().timestamp()


@dataclass(frozen=True, slots=True)
class _Row:
    """A request as it lies in the database. The column `state` is there for queries alone."""

    id: str
    asked_as: str
    kind: str
    what: str
    digest: str
    asked_by: str
    asked_at: float
    expires_at: float
    state: str
    key_id: str | None
    sealed: bytes | None

    @property
    def asked(self) -> Request:
        """The request without its decision."""
        return Request(
            self.id,
            self.asked_as,
            self.kind,
            stored.from_json(self.what),
            self.digest,
            self.asked_by,
            self.asked_at,
            self.expires_at,
        )


_VERBS: dict[Decided, str] = {
    "approved": "given",
    "refused": "refused",
    "withdrawn": "withdrawn",
}
