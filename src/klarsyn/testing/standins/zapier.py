"""
A stand-in for Zapier: Catch Hooks, Storage, and what the Partner API tells of Zaps and their runs.

Left open by what is public, and settled here: an unknown hook is 404, one whose Zap is off answers
as any other and drops what it caught; refusals of hooks and Storage are JSON with `status` or
`error`; `limit` goes to 100; download pages of an export lie at `/task-history/`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

from klarsyn.testing.serving import Reply, Request, Window, route
from klarsyn.testing.standins.zapier_account import TITLES, Record, Run, Step, Zap, searched
from klarsyn.testing.standins.zapier_storage import PLACE, ZapierStorage

MAX_LIMIT = 100
SEARCH_LENGTH = 150
BODY_BYTES = 10_000_000
WINDOW_DAYS = 30
#: Which scopes let a token in, any of them.
SCOPES = {"/v2/zap-runs": {"zap:runs"}, "/v2/zaps": {"zap", "zap:all"}}
#: Where the paths of each host begin.
HOMES = {
    "/api/": "store.zapier.com",
    "/hooks/": "hooks.zapier.com",
    "/v2/": "api.zapier.com",
}
TITLES_OF_ERRORS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
}


class ZapierStandIn(ZapierStorage):
    """Zapier on loopback: one account behind its three hosts."""

    BEARER: ClassVar[str] = "invented-zapier-token"
    HOOK_REQUESTS: ClassVar[int] = 30
    USER_REQUESTS: ClassVar[int] = 20_000
    DEFAULT_LIMIT: ClassVar[int] = 10
    #: How many runs a downloaded page of the account's export has.
    PAGE_RUNS: ClassVar[int] = 5

    def fill(self) -> None:
        """Open the account, with a token of all scopes that are read here."""
        super().fill()
        self.scopes = {"zap", "zap:all", "zap:runs"}
        self._caught = 0
        self.window = Window(self.HOOK_REQUESTS, 1, self.clock)
        self.user_window = Window(self.USER_REQUESTS, 300, self.clock)

    @property
    def secrets(self) -> dict[str, str]:
        """A token of the Partner API, the secret of the store, and the URL of the hook."""
        hook = f"https://{self.hosts[1]}/hooks/catch/{self.USER}/{self.zaps[0].hook}/"
        return {"access_token": self.BEARER, "storage_secret": self.STORE, "hook_url": hook}

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """Let what waits be run; check the token, which hooks and Storage do without."""
        self.go_on()
        place, host = request.path.rstrip("/"), request.headers.get("host", "")
        own = next((one for start, one in HOMES.items() if place.startswith(start)), host)
        if host in self.hosts and host != own:
            return self.not_found(request)
        if not place.startswith("/v2/"):
            return None
        if request.headers.get("authorization") != f"Bearer {self.BEARER}":
            return self.key_refused(request)
        if not SCOPES.get(place, self.scopes) & self.scopes:
            return errors(403, "The token lacks the scope")
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests; hooks never say when to come back."""
        if request.path.startswith("/hooks/"):
            return Reply(429, {"status": "throttled"})
        headers = {"Retry-After": str(retry_after)} if retry_after else {}
        if request.path == PLACE:
            return Reply(429, {"error": "Too many requests"}, headers)
        return Reply(429, errors(429, "Too many requests").body, headers)

    def key_refused(self, request: Request) -> Reply:
        """No token of ours, or no secret."""
        if request.path == PLACE:
            return Reply(401, {"error": "secret must be a UUID of version 4"})
        return errors(401, "Authentication credentials were not provided or are invalid")

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        if request.path.startswith("/hooks/"):
            return Reply(200, {"status": "error"})
        if request.path == PLACE:
            return Reply(200, {"error": "Something went wrong"})
        return Reply(200, errors(500, "Something went wrong").body)

    def not_found(self, request: Request) -> Reply:
        """No such path or hook."""
        if request.path.startswith("/hooks/"):
            return Reply(404, {"status": "error"})
        return errors(404, "Not found")

    # Hooks

    @route("POST", "/hooks/catch/{user}/{hook}")
    @route("POST", "/hooks/catch/{user}/{hook}/")
    @route("GET", "/hooks/catch/{user}/{hook}/")
    def caught(self, request: Request, user: str, hook: str) -> Reply:
        """Queue one item, or each of an array; success says no more than that."""
        if user != self.USER or not any(one.hook == hook for one in self.zaps):
            return self.not_found(request)
        if self.limits and (self.window.take(hook) or self.user_window.take(user)):
            return self.throttled(request, None)
        if len(request.body) > BODY_BYTES:
            return Reply(413, {"status": "error"})
        try:
            given = _given(request)
        except ValueError:
            return Reply(400, {"status": "error"})
        self.catch(hook, given if isinstance(given, list) else [given])
        self._caught += 1
        number = f"019f0000-0000-7000-8000-{self._caught:012d}"
        told = {"attempt": number, "id": number, "request_id": number}
        return Reply(200, told | {"status": "success"})

    @route("POST", "/hooks/catch/{user}/{hook}/silent/")
    def caught_silently(self, request: Request, user: str, hook: str) -> Reply:
        """The same, and a success says nothing at all."""
        reply = self.caught(request, user, hook)
        return Reply(200) if reply.status == HTTPStatus.OK else reply

    # Partner API

    @route("GET", "/v2/zap-runs")
    def get_runs(self, request: Request) -> Reply:
        """Runs of the last 30 days, or since `from_date`; newest first."""
        search = request.param("search")
        try:
            start = _instant(request, "from_date", self.clock.now() - timedelta(days=WINDOW_DAYS))
            end = _instant(request, "to_date", datetime.max.replace(tzinfo=UTC))
            number = int(request.param("zap_id", "0"))
        except ValueError:
            return errors(400, "A date or number cannot be read")
        if len(search) > SEARCH_LENGTH:
            return errors(400, f"search has at most {SEARCH_LENGTH} characters", "search")
        statuses = {one for one in request.param("statuses").split(",") if one}
        found = [
            _shown_run(one)
            for one in reversed(self.runs)
            if start <= one.started < end
            and number in {0, one.zap.number}
            and one.status in (statuses or {one.status})
            and search.lower() in searched(one)
        ]
        return self._paged(request, found)

    @route("GET", "/v2/zaps")
    def get_zaps(self, request: Request) -> Reply:
        """All Zaps; what `expand` names is shown in full instead of by its id."""
        expand = set(request.param("expand").split(","))
        return self._paged(request, [_shown_zap(one, expand) for one in self.zaps])

    @route("GET", "/task-history/{page}.json")
    def get_history(self, request: Request, page: str) -> Reply:
        """A page of runs, as an address in the account's export leads to it."""
        pages = self.history()
        if not page.isdigit() or not 1 <= int(page) <= len(pages):
            return self.not_found(request)
        return Reply(200, pages[int(page) - 1])

    def history(self) -> list[list[Record]]:
        """Return the account's runs in pages, oldest first."""
        shown = [_shown_run(one) for one in self.runs]
        return [shown[at : at + self.PAGE_RUNS] for at in range(0, len(shown), self.PAGE_RUNS)]

    def _paged(self, request: Request, found: Sequence[Record]) -> Reply:
        texts = (request.param("limit", str(self.DEFAULT_LIMIT)), request.param("offset", "0"))
        if not all(one.isdigit() for one in texts) or not 1 <= int(texts[0]) <= MAX_LIMIT:
            return errors(400, f"limit is between 1 and {MAX_LIMIT}, offset at least 0", "limit")
        limit, offset = map(int, texts)
        following = _link(request, limit, offset + limit) if offset + limit < len(found) else None
        prior = _link(request, limit, max(0, offset - limit)) if offset else None
        body = {
            "links": {"next": following, "prev": prior},
            "meta": {"count": len(found), "limit": limit, "offset": offset},
            "data": found[offset : offset + limit],
        }
        return Reply(200, body)


def errors(status: int, detail: str, parameter: str = "") -> Reply:
    """Return an error of the Partner API: a list of one."""
    told = {"status": status, "code": "error", "title": TITLES_OF_ERRORS.get(status, "Error")}
    source = {"parameter": parameter} if parameter else None
    return Reply(status, {"errors": [told | {"detail": detail, "source": source, "meta": {}}]})


def stamp(instant: datetime) -> str:
    """Return an instant in UTC with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _given(request: Request) -> Any:
    """Return what a hook was sent: by its query, as JSON, or as a form."""
    if not request.body:
        return {name: values[-1] for name, values in request.query.items()}
    if "json" in request.headers.get("content-type", "json"):
        return json.loads(request.body)
    fields = parse_qs(request.body.decode(), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def _instant(request: Request, name: str, default: datetime) -> datetime:
    if not (text := request.param(name)):
        return default
    found = datetime.fromisoformat(text.replace(" ", "+"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _link(request: Request, limit: int, offset: int) -> str:
    kept = {name: values[-1] for name, values in request.query.items()}
    query = urlencode(kept | {"limit": limit, "offset": offset})
    return f"https://api.zapier.com{request.path}?{query}"


def _shown_run(run: Run) -> Record:
    started = stamp(run.started)
    return {
        "id": run.id,
        "zap_id": run.zap.number,
        "start_time": started,
        "end_time": started,
        "status": run.status,
        "zap_title": run.title,
        "steps": [{"status": run.status, "start_time": started} for _ in run.zap.steps],
        "data_in": run.data_in,
        "data_out": run.data_out,
    }


def _shown_zap(zap: Zap, expand: set[str]) -> Record:
    return {
        "type": "zap",
        "id": zap.id,
        "is_enabled": zap.is_enabled,
        "last_successful_run_date": stamp(zap.last_run) if zap.last_run else None,
        "updated_at": "2026-01-05T08:00:00Z",
        "title": zap.title,
        "links": {"html_editor": f"https://zapier.com/editor/{zap.number}"},
        "steps": [_shown_step(one, expand) for one in zap.steps],
    }


def _shown_step(step: Step, expand: set[str]) -> Record:
    action: Any = f"uag:{step.app}.{step.action}"
    if any(one.startswith("steps.action") for one in expand):
        action = {
            "id": action,
            "key": step.action,
            "app": step.app,
            "type": "action",
            "action_type": step.kind,
            "is_instant": step.kind == "READ",
            "title": step.action,
            "description": f"{step.action} in {TITLES[step.app]}",
        }
    return {
        "action": action,
        "authentication": step.authentication,
        "inputs": step.inputs,
        "title": None,
    }
