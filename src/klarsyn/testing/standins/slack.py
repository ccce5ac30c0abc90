"""
A stand-in of Slack: the Web API, and the private addresses of files.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from klarsyn.testing.serving import Planted, Reply, Request, StandIn, Window, route
from klarsyn.testing.standins import (
    slack_conversations,
    slack_files,
    slack_members,
    slack_messages,
)
from klarsyn.testing.standins.slack_calls import METHODS, Call, Method
from klarsyn.testing.standins.slack_cast import BOT_TOKEN, MEMBER_TOKEN, USER_TOKEN, settle
from klarsyn.testing.standins.slack_content import fill
from klarsyn.testing.standins.slack_workspace import (
    DOMAIN,
    Record,
    Refused,
    Rules,
    Token,
    Workspace,
)

#: Importing these puts their methods into METHODS.
PARTS = (slack_conversations, slack_files, slack_members, slack_messages)
FORM = "application/x-www-form-urlencoded"
MINUTE = 60.0


class SlackStandIn(StandIn):
    """Slack with a workspace in which customers are talked about; they are no members of it."""

    name = "slack"
    hosts = ("slack.com", "files.slack.com")

    workspace: Workspace
    unseen: list[Planted]
    """Where people stand that the user token does not see."""

    def fill(self) -> None:
        """Let employees write about the people."""
        self.workspace = Workspace(self.clock)
        self._windows: dict[str, Window] = {}
        settle(self.workspace)
        content = fill(self.workspace, self.people)
        self.planted += content.planted
        self.unseen = content.unseen

    @property
    def rules(self) -> Rules:
        """Limits, lags and switches, to be changed by tests."""
        return self.workspace.rules

    @property
    def secrets(self) -> dict[str, str]:
        """The token of an admin, who sees their own private channels and messages."""
        return {"token": USER_TOKEN}

    @property
    def bot_token(self) -> str:
        """The token of the app's bot, which sees what it is in."""
        return BOT_TOKEN

    @property
    def member_token(self) -> str:
        """The token of a member who is no admin."""
        return MEMBER_TOKEN

    # The Web API

    @route("GET", "/api/{name}")
    @route("POST", "/api/{name}")
    def call(self, request: Request, name: str) -> Reply:
        """Answer a method; what it refuses, it refuses with status 200."""
        method = METHODS.get(name)
        if name == "api.test":
            return _api_test(self._arguments(request, takes_json=True))
        if not method:
            return _failed("unknown_method", req_method=name)
        arguments = self._arguments(request, takes_json=method.takes_json)
        token = self.workspace.tokens.get(_key(request, arguments))
        headers = {"x-accepted-oauth-scopes": method.scope}
        headers["x-oauth-scopes"] = ",".join(sorted(token.scopes)) if token else ""
        try:
            call = Call(self.workspace, self._known(token, request, arguments), arguments)
            if wait := self._wait(name, method, call):
                return self.throttled(request, wait)
            call.permit(method)
            return Reply(200, {"ok": True, **method.answer(call)}, headers)
        except Refused as refused:
            failed = _failed(refused.error, **refused.details)
            return Reply(200, failed.body, headers)

    def _arguments(self, request: Request, *, takes_json: bool) -> Mapping[str, Any]:
        """Return a call's arguments; JSON only from methods that read it, as Slack does."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        arguments: Record = {name: values[-1] for name, values in request.query.items()}
        arguments.pop("token", None)
        if request.method == "POST" and kind == FORM:
            arguments |= request.form()
        elif request.method == "POST" and kind == "application/json" and takes_json:
            try:
                body = json.loads(request.body or b"{}")
            except ValueError:
                return {}
            arguments |= body if isinstance(body, dict) else {}
        return arguments

    def _known(self, token: Token | None, request: Request, arguments: Mapping[str, Any]) -> Token:
        if not _key(request, arguments):
            raise Refused("not_authed")
        if not token or token.error:
            raise Refused(token.error if token else "invalid_auth")
        return token

    def _wait(self, name: str, method: Method, call: Call) -> int:
        """Count a call; return how many seconds it comes too early."""
        rules = self.rules
        if not self.limits:
            return 0
        key, limit, seconds = "", rules.per_minute.get(method.tier, 0), MINUTE
        if name == "chat.postMessage":
            limit, seconds, key = rules.posts_per_second, 1.0, slack_messages.posting_channel(call)
        elif rules.distributed and name in {"conversations.history", "conversations.replies"}:
            limit = 1
        window = self._windows.setdefault(name, Window(limit, seconds, self.clock))
        window.limit = limit
        return math.ceil(window.take(key))

    # Files

    @route("GET", "/files-pri/{number}/{name}")
    def file_body(self, request: Request, number: str, name: str) -> Reply:
        """Return a file's body; without a token that sees it, the page to sign in."""
        del name
        identity = number.rpartition("-")[2]
        token = self.workspace.tokens.get(_key(request, {}))
        file = self.workspace.files.get(identity)
        if not token or token.error or "files:read" not in token.scopes:
            return self._sign_in(request)
        gone = identity in self.workspace.deleted_files
        if not file or gone or not self.workspace.sees_file(token, file):
            return Reply(404, "<html><body>File not found</body></html>", content_type="text/html")
        return Reply(200, self.workspace.bodies[identity], content_type=file["mimetype"])

    @route("GET", "/files-pri/{number}/download/{name}")
    def file_download(self, request: Request, number: str, name: str) -> Reply:
        """Return a file's body under its other address."""
        return self.file_body(request, number, name)

    def _sign_in(self, request: Request) -> Reply:
        where = f"https://{DOMAIN}.slack.com/?redir={quote(request.path, safe='')}"
        return Reply(302, "", {"Location": where}, content_type="text/html")

    # Faults

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Return the one refusal that has a status of its own."""
        del request
        headers = {"Retry-After": str(retry_after)} if retry_after else {}
        return Reply(429, {"ok": False, "error": "ratelimited"}, headers)

    def key_refused(self, request: Request) -> Reply:
        """Return what a token gets that nobody knows."""
        if request.path.startswith("/files-pri/"):
            return self._sign_in(request)
        return _failed("invalid_auth")

    def error_in_ok(self, request: Request) -> Reply:
        """Return Slack's own failure, with status 200."""
        del request
        return _failed("fatal_error")

    def not_found(self, request: Request) -> Reply:
        """Return the page that is not there; of methods, Slack has only unknown ones."""
        del request
        return Reply(404, "<html><body>Not found</body></html>", content_type="text/html")


def _key(request: Request, arguments: Mapping[str, Any]) -> str:
    """Return the token of a request: from its header, or from its form, never from its address."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else str(arguments.get("token", ""))


def _failed(error: str, **details: Any) -> Reply:
    return Reply(200, {"ok": False, "error": error, **details})


def _api_test(arguments: Mapping[str, Any]) -> Reply:
    """Return what came; api.test needs no token."""
    said = {"args": dict(arguments)} if arguments else {}
    if error := arguments.get("error"):
        return _failed(str(error), **said)
    return Reply(200, {"ok": True, **said})
