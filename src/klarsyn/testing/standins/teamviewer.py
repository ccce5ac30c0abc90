"""
A stand-in for TeamViewer (Web API v1): a company's users and contacts, its cases and its reports.

Written from the vendor's contract, its own PowerShell module and its pages. What they leave open,
and how it is settled here: a rate that no page tells, the numbers of errors, the form of the check
for features, that a ping with a wrong token is told `token_valid: false`, and that a slash at the
end of a path means nothing: the worst case, since `/users/` and no id is then the whole company.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, Window
from klarsyn.testing.standins.teamviewer_reports import TeamViewerReports
from klarsyn.testing.standins.teamviewer_wire import API, TeamViewerRefusal, error


class TeamViewerStandIn(TeamViewerReports):
    """TeamViewer on loopback: one company that supports a dozen customers."""

    name = "teamviewer"
    hosts = ("webapi.teamviewer.com",)
    TOKEN: ClassVar[str] = "invented-teamviewer-token"  # noqa: S105  (invented)
    #: The vendor throttles and tells neither how much is allowed nor when to come back.
    REQUESTS: ClassVar[int] = 1000
    WINDOW_SECONDS: ClassVar[float] = 60

    def fill(self) -> None:
        """Begin with no requests counted."""
        super().fill()
        self.window = Window(self.REQUESTS, self.WINDOW_SECONDS, self.clock)

    @property
    def secrets(self) -> dict[str, str]:
        """A script token of the company."""
        return {"token": self.TOKEN}

    def before(self, request: Request) -> Reply | None:
        """Check token and rate; a ping answers by itself."""
        known = request.headers.get("authorization") == f"Bearer {self.TOKEN}"
        if (request.method, request.path) == ("GET", f"{API}/ping"):
            return Reply(200, {"token_valid": known})
        if not known:
            return self.key_refused(request)
        if self.limits and self.window.take():
            return self.throttled(request, None)
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests; there is no Retry-After, whatever was asked for."""
        del request, retry_after
        return error(429, "rate_limit_reached", "Too many requests")

    def key_refused(self, request: Request) -> Reply:
        """No such token."""
        del request
        return error(401, "invalid_token", "Invalid access token")

    def error_in_ok(self, request: Request) -> Reply:
        """An error that the status denies."""
        del request
        return replace(error(500, "internal_error", "Internal error"), status=200)

    def not_found(self, request: Request) -> Reply:
        """No such path."""
        del request
        return error(404, "not_found", "No such resource")

    def _dispatch(self, request: Request) -> Reply:
        """Answer; a slash at the end means nothing, so `/users/` without an id is `/users`."""
        try:
            return super()._dispatch(replace(request, path=request.path.rstrip("/")))
        except TeamViewerRefusal as refusal:
            return refusal.reply
        except ValueError:
            return error(400, "invalid_request", "Body or parameter cannot be read")
