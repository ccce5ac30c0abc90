"""
What every part of the Zendesk stand-in leans on: one help desk's records, keys, limits and jobs.

Written from Zendesk's Support API contract and documents; records lie here as they go on the wire.
"""

from __future__ import annotations

import base64
import binascii
import copy
import itertools
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from klarsyn.testing.serving import Reply, Window
from klarsyn.testing.standins.zendesk_index import SearchIndex
from klarsyn.testing.standins.zendesk_pages import ZendeskPages
from klarsyn.testing.standins.zendesk_wire import (
    ADMIN,
    API_TOKEN,
    HOST,
    SUBDOMAIN,
    Record,
    RefusedError,
    absent,
    number,
    refused,
    wire_time,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from klarsyn.clock import Clock
    from klarsyn.testing.serving import Request


@dataclass(slots=True)
class Job:
    """Work that Zendesk does later."""

    id: str
    job_type: str
    total: int
    asked: datetime
    work: Callable[[], list[Record]]
    results: list[Record] | None = None


class ZendeskDesk(ZendeskPages):
    """A help desk's records and the manners that all endpoints have in common."""

    name = "zendesk"
    hosts = ("*.zendesk.com",)

    # Zendesk's numbers; a test may set smaller ones.
    per_minute: ClassVar[int] = 700
    jobs_at_once: ClassVar[int] = 30
    job_seconds: ClassVar[tuple[float, float]] = (2.0, 5.0)
    """When a job leaves the queue and when it is done, counted from the request."""
    search_lag: ClassVar[float] = 120.0
    kept_days: ClassVar[int] = 30
    """How long deleted users and tickets wait to be purged."""

    def __init__(
        self, *, seed: int = 1, count: int = 12, clock: Clock | None = None, limits: bool = True
    ) -> None:
        """Open a desk and let the people in."""
        self.users: dict[int, Record] = {}
        self.identities: dict[int, Record] = {}
        self.organizations: dict[int, Record] = {}
        self.memberships: dict[int, Record] = {}
        self.tickets: dict[int, Record] = {}
        self.trash: dict[int, Record] = {}
        """Deleted tickets, as they were."""
        self.deleted_tickets: dict[int, Record] = {}
        """Deleted tickets, as the list of them shows them."""
        self.comments: dict[int, list[Record]] = {}
        """By ticket."""
        self.suspended: dict[int, Record] = {}
        self.ratings: dict[int, Record] = {}
        self.fields: dict[str, list[Record]] = {}
        """Definitions of custom fields by `user`, `organization` and `ticket`."""
        self.soft_deleted: dict[int, datetime] = {}
        self.erasures: dict[int, tuple[datetime, int | None]] = {}
        """Users to be deleted for good: since when, and by whom (nobody: 30 days went by)."""
        self.scrubbed: set[int] = set()
        self.mails: list[tuple[str, str]] = []
        """To whom Zendesk would have written, and why."""
        self.jobs: dict[str, Job] = {}
        self.sent: dict[str, tuple[datetime, bytes, Reply]] = {}
        """New tickets by Idempotency-Key: when, the request's body, the reply."""
        self.oauth: dict[str, set[str]] = {"zd-oauth-invented": {"read", "write"}}
        """Bearer tokens and their scopes."""
        self.oauth_ends: dict[str, str] = {}
        """When a bearer token ends, where it does."""
        self.stamps: dict[tuple[str, int], float] = {}
        """When incremental exports last saw a record change."""
        self.index = SearchIndex()
        self.backdated: datetime | None = None
        """When everything happened that is there from the start."""
        self.actor: Record = {}
        """The user whose key came with the present request."""
        self._next_id = itertools.count(4_001)
        self._windows: dict[str, Window] = {}
        super().__init__(seed=seed, count=count, clock=clock, limits=limits)

    @property
    def secrets(self) -> dict[str, str]:
        """Return subdomain, e-mail and API token."""
        return {"subdomain": SUBDOMAIN, "email": ADMIN, "api_token": API_TOKEN}

    # What Zendesk says

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Return 429; seconds to wait stand in a header."""
        del request
        body = {"error": "APIRateLimitExceeded", "description": "Too many requests this minute"}
        return Reply(429, body, {"Retry-After": str(retry_after)} if retry_after else {})

    def key_refused(self, request: Request) -> Reply:
        """Return 401, for an OAuth token with the names of RFC 6750."""
        if request.headers.get("authorization", "").startswith("Bearer "):
            said = {"error": "invalid_token", "error_description": "The token is not valid"}
            return Reply(401, said)
        return Reply(401, {"error": "Couldn't authenticate you"})

    def error_in_ok(self, request: Request) -> Reply:
        """Return a 200 in which the error stands where the records should."""
        del request
        return Reply(200, {"error": "unavailable", "description": "Try again in a moment"})

    def not_found(self, request: Request) -> Reply:
        """Return Zendesk's answer to a path that it does not have."""
        del request
        return Reply(404, {"error": "InvalidEndpoint", "description": "Not found"})

    # Before and after every request

    def before(self, request: Request) -> Reply | None:
        """Check host, key, scope and the limit per minute."""
        self.settle()
        host = request.headers.get("host", HOST)
        if host.endswith(".zendesk.com") and host != HOST:
            return Reply(404, {"error": {"title": f"No help desk at {host}", "message": "Free"}})
        scopes = self._scopes(request.headers.get("authorization", ""))
        if scopes is None:
            return self.key_refused(request)
        if (needed := "read" if request.method == "GET" else "write") not in scopes:
            return Reply(403, {"error": "Forbidden", "description": f"Missing scope: {needed}"})
        wait = self.wait("account", self.per_minute, 60)
        return self.throttled(request, wait) if wait else None

    def _scopes(self, authorization: str) -> set[str] | None:
        """Return what a key may do and note whose it is; nothing for an unknown key."""
        kind, _, key = authorization.partition(" ")
        if kind == "Bearer":
            self.actor = self.user_of(ADMIN) or {}
            return self.oauth.get(key)
        try:
            login = base64.b64decode(key, validate=True).decode() if kind == "Basic" else ""
        except (binascii.Error, UnicodeDecodeError):
            return None
        email, _, token = login.partition("/token:")
        user = self.user_of(email)
        if token != API_TOKEN or not user or user["role"] == "end-user":
            return None
        self.actor = user
        return {"read", "write"}

    def _dispatch(self, request: Request) -> Reply:
        try:
            plain = replace(request, path=request.path.removesuffix(".json"))
            reply = self._side_loaded(request, super()._dispatch(plain))
        except RefusedError as refusal:
            reply = refusal.reply
        except json.JSONDecodeError:
            reply = Reply(400, {"error": "InvalidBody", "description": "The body is not JSON"})
        left = str(self.window("account", self.per_minute, 60).left())
        limits = {
            "X-Rate-Limit": str(self.per_minute),
            "X-Rate-Limit-Remaining": left,
            "ratelimit-limit": str(self.per_minute),
            "ratelimit-remaining": left,
            "ratelimit-reset": "60",
        }
        # Records go on changing; what was said stays as it was.
        body = copy.deepcopy(reply.body)
        return replace(reply, body=body, headers={**limits, **reply.headers})

    def _side_loaded(self, request: Request, reply: Reply) -> Reply:
        """List beside the records those that they name by id, where the request wants these."""
        wanted = request.param("include").split(",")
        if reply.status == 200 and isinstance(reply.body, dict):  # noqa: PLR2004  (HTTP)
            told = [one for part in reply.body.values() if isinstance(part, list) for one in part]
            for name, held in (("users", self.users), ("organizations", self.organizations)):
                if name in wanted:
                    ids = dict.fromkeys(one for record in told for one in _named(record, name))
                    reply.body[name] = [held[one] for one in ids if one in held]
        return reply

    def window(self, key: str, limit: int, seconds: float) -> Window:
        """Return the window in which requests of one kind are counted."""
        window = self._windows.setdefault(key, Window(limit, seconds, self.clock))
        window.limit = limit
        return window

    def wait(self, key: str, limit: int, seconds: float) -> int:
        """Count a request against a limit; return after how many seconds it may come again."""
        left = self.window(key, limit, seconds).take() if self.limits else 0.0
        return int(left) + 1 if left else 0

    def limit(self, request: Request, key: str, limit: int, seconds: float = 60) -> None:
        """Refuse a request beyond the limit of its endpoint."""
        if wait := self.wait(key, limit, seconds):
            raise RefusedError(self.throttled(request, wait))

    def admins_only(self) -> None:
        """Refuse whoever is not an administrator."""
        if self.actor["role"] != "admin":
            raise refused(403, "Forbidden", "Only administrators may do this")

    # Records

    def moment(self) -> datetime:
        """Return when what is written now was written."""
        return self.backdated or self.clock.now()

    def now(self) -> str:
        """Return that instant as the wire has it."""
        return wire_time(self.moment())

    def seen_until(self) -> datetime:
        """Return the instant up to which search knows what happened."""
        return self.clock.now() - timedelta(seconds=self.search_lag)

    def new_id(self) -> int:
        """Return an id that nothing has."""
        return next(self._next_id)

    def address(self, path: str) -> str:
        """Return the URL of a record."""
        return f"https://{HOST}/api/v2/{path}.json"

    def user_of(self, email: str) -> Record | None:
        """Return the user, not deleted, one of whose addresses this is."""
        for identity in self.identities.values():
            user = self.users[identity["user_id"]]
            if user["active"] and identity["value"].lower() == email.lower():
                return user
        return None

    def find(self, records: Mapping[int, Record], record_id: str) -> Record:
        """Return a record by its id, or refuse."""
        if record := records.get(number(record_id)):
            return record
        raise absent()

    def settle(self) -> None:
        """Do what has fallen due by the clock: jobs and purges."""
        now = self.clock.now()
        for job in list(self.jobs.values()):
            if job.results is None and now >= job.asked + timedelta(seconds=self.job_seconds[1]):
                job.results = job.work()
        due = now - timedelta(days=self.kept_days)
        for user_id, since in self.soft_deleted.items():
            if since <= due and user_id not in self.erasures:
                self.erasures[user_id] = (since + timedelta(days=self.kept_days), None)

    def start_job(self, job_type: str, total: int, work: Callable[[], list[Record]]) -> Reply:
        """Queue work and return its status."""
        running = [job for job in self.jobs.values() if job.results is None]
        if self.limits and len(running) >= self.jobs_at_once:
            raise refused(429, "TooManyJobs", f"At most {self.jobs_at_once} jobs at once")
        job = Job(f"{self.new_id():032x}", job_type, total, self.clock.now(), work)
        self.jobs[job.id] = job
        return Reply(200, {"job_status": self.job_status(job)})

    def job_status(self, job: Job) -> Record:
        """Return a job as it stands by the clock."""
        age = (self.clock.now() - job.asked).total_seconds()
        waiting = "working" if age >= self.job_seconds[0] else "queued"
        done = job.results is not None
        return {
            "id": job.id,
            "url": self.address(f"job_statuses/{job.id}"),
            "job_type": job.job_type,
            "total": job.total,
            "progress": job.total if done else None,
            "status": "completed" if done else waiting,
            "message": f"Completed at {self.now()}" if done else None,
            "results": job.results,
        }


_NAMES = {
    "users": ("requester_id", "submitter_id", "assignee_id", "author_id"),
    "organizations": ("organization_id",),
}
_LISTS = {"users": ("email_cc_ids", "collaborator_ids", "follower_ids"), "organizations": ()}


def _named(record: Record, kind: str) -> list[int]:
    """Return the ids of one kind that a record tells."""
    ids = [record.get(name) for name in _NAMES[kind]]
    ids += [one for name in _LISTS[kind] for one in record.get(name) or ()]
    return [one for one in ids if one]
