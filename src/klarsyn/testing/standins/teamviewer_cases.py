"""
Service cases of TeamViewer: for whom, what about, and the codes that customers type.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.teamviewer_devices import TeamViewerDevices
from klarsyn.testing.standins.teamviewer_wire import (
    API,
    Record,
    bad,
    body_of,
    from_offset,
    held,
    missing,
    stamp,
)

SESSION_FIELDS = ("description", "end_customer", "waiting_message", "assigned_userid", "custom_api")
STATES = ("open", "closed")
#: The most that `custom_api` and `description` hold.
LONGEST = 4000


class TeamViewerCases(TeamViewerDevices):
    """Cases, open and closed, in one list that shows the open ones."""

    #: How many cases or reports one page has; the vendor's has 1,000, and no request may ask less.
    PAGE: ClassVar[int] = 10

    def fill(self) -> None:
        """Begin with no cases."""
        super().fill()
        self.sessions: dict[str, Record] = {}

    # Service cases

    def company_tables(self) -> list[dict[str, Record]]:
        """Cases go too."""
        return [*super().company_tables(), self.sessions]

    def keep_session(self, given: Record) -> Record:
        """Open a case in the customers' group; its code is good for a day."""
        code = self.next_id("s")
        now = self.clock.now()
        self.sessions[code] = {
            "code": code,
            "state": "open",
            "groupid": self.group,
            "created_at": stamp(now),
            "valid_until": stamp(now + timedelta(days=1)),
            "end_customer_link": f"https://get.teamviewer.com/{code}",
            "supporter_link": f"https://get.teamviewer.com/{code}-supporter",
            **{name: given[name] for name in SESSION_FIELDS if name in given},
        }
        return self.sessions[code]

    @route("GET", f"{API}/sessions")
    def list_sessions(self, request: Request) -> Reply:
        """A page of cases, the latest first: open ones by their code, unless more is asked for."""
        states = request.param("state", "open").lower().split(",")
        if set(states) - set(STATES):
            raise bad("state is not one of open, closed")
        found = [one for one in self.sessions.values() if one["state"] in states]
        found = held(request, found, ("groupid", "assigned_userid"))
        found.sort(key=lambda one: str(one["created_at"]), reverse=True)
        page, rest = from_offset(found, "code", request.param("offset"), self.PAGE)
        shown = page["records"]
        if request.param("full_list").lower() != "true":
            shown = [{name: one[name] for name in ("code", "state", "groupid")} for one in shown]
        remaining = {"sessions_remaining": rest.pop("remaining")}
        return Reply(200, {"sessions": shown, **remaining, **rest})

    @route("POST", f"{API}/sessions")
    def open_session(self, request: Request) -> Reply:
        """Open a case; a second request opens a second one."""
        given = body_of(request)
        group = self.group_of(given)
        self._check_session(given)
        made = self.keep_session(given)
        made["groupid"] = group
        return Reply(200, made)

    @route("GET", f"{API}/sessions/{{code}}")
    def read_session(self, request: Request, code: str) -> Reply:
        """One case with all of it."""
        del request
        return Reply(200, self._session(code))

    @route("PUT", f"{API}/sessions/{{code}}")
    def change_session(self, request: Request, code: str) -> Reply:
        """Change what is sent of a case, or close it."""
        session, given = self._session(code), body_of(request)
        self._check_session(given)
        if given.get("groupid") or given.get("groupname"):
            session["groupid"] = self.group_of(given)
        names = (*SESSION_FIELDS, "state")
        session |= {name: given[name] for name in names if name in given}
        return Reply(204)

    @route("DELETE", f"{API}/sessions/{{code}}")
    def delete_session(self, request: Request, code: str) -> Reply:
        """Delete a case; the reports of its connections stay."""
        del request
        del self.sessions[self._session(code)["code"]]
        return Reply(204)

    def _session(self, code: str) -> Record:
        if code not in self.sessions:
            raise missing("session")
        return self.sessions[code]

    def _check_session(self, given: Record) -> None:
        if any(len(str(given.get(name, ""))) > LONGEST for name in ("description", "custom_api")):
            raise bad(f"More than {LONGEST} characters")
        if given.get("state", "open") not in STATES:
            raise bad("state is not one of open, closed")
