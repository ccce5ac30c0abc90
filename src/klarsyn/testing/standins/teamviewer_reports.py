"""
Reports of connections in TeamViewer, and the texts that hide behind a report.

Both sides of a connection get a report of their own, and each has its own copy of the texts: to
delete the outgoing one leaves the other.
"""

from __future__ import annotations

from datetime import timedelta

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.teamviewer_cases import STATES, TeamViewerCases
from klarsyn.testing.standins.teamviewer_wire import (
    API,
    Record,
    body_of,
    from_offset,
    held,
    missing,
    stamp,
)

CONNECTIONS, DEVICES = f"{API}/reports/connections", f"{API}/reports/devices"
FILTERS = (
    "userid",
    "username",
    "groupid",
    "deviceid",
    "devicename",
    "session_code",
    "support_session_type",
)
#: Path of a hidden text -> what the check for features calls it.
TEXTS = {
    "ai-summary": "AiSummary",
    "chat-transcript": "ChatTranscript",
    "voice-transcript": "VoiceTranscript",
    "augmented-session-summary": "AugmentedSessionSummary",
    "screenshots": "Screenshots",
}
PICTURE = b"\x89PNG\r\n\x1a\n invented"


class TeamViewerReports(TeamViewerCases):
    """Reports of connections, of both sides, and what they hide."""

    def fill(self) -> None:
        """Help everybody once, with notes, and write down what was said for every second."""
        super().fill()
        self.reports: dict[str, Record] = {}
        self.device_reports: dict[str, Record] = {}
        self.texts: dict[str, Record] = {}
        """Report -> path of a text -> what stands in it."""
        for person in self.people:
            self._help(person)

    def company_tables(self) -> list[dict[str, Record]]:
        """Reports and their texts go too."""
        return [*super().company_tables(), self.reports, self.device_reports, self.texts]

    def _help(self, person: InventedPerson) -> None:
        customer = {"name": person.name, "email": person.email}
        start = self.clock.now() - timedelta(days=person.number + 1)
        case = self.keep_session({"description": "Cannot log in", "end_customer": customer})
        case["created_at"] = stamp(start)
        case["state"] = STATES[person.number % 2]
        self.plant(person, "sessions.end_customer.name")
        self.plant(person, "sessions.end_customer.email")
        if person.number % 3 == 0:
            case["custom_api"] = f"phone={person.phone}"
            case["description"] = f"{person.name} cannot log in"
            self.plant(person, "sessions.custom_api", expected=False)
            self.plant(person, "sessions.description", expected=False)
        report = {
            "id": self._report_id(),
            "userid": "u1001",
            "username": self.staff[0].name,
            "deviceid": f"d{7000 + person.number}",
            "devicename": f"{person.first_name.upper()}-PC",
            "groupid": self.group,
            "groupname": "Customers",
            "support_session_type": 1,
            "start_date": stamp(start),
            "end_date": stamp(start + timedelta(minutes=20)),
            "session_code": case["code"],
            "fee": 0.0,
            "currency": "EUR",
            "billing_state": "Bill",
            "notes": f"Helped {person.name} ({person.email})",
            "end_customer": customer,
        }
        self.reports[report["id"]] = report
        self.plant(person, "reports.connections.notes")
        self.plant(person, "reports.connections.end_customer.email")
        twin = {
            "Id": self._report_id(),
            "originid": 500000,
            "targetid": 100000 + person.number,
            "targetname": f"PC of {person.name}",
            **{name: report[name] for name in ("userid", "username", "start_date", "end_date")},
        }
        self.device_reports[twin["Id"]] = twin
        self.plant(person, "reports.devices.targetname", expected=False)
        if person.number % 2 == 0:
            for number in (report["id"], twin["Id"]):
                self.texts[number] = self._texts_on(person, report["end_date"])
            for name in TEXTS:
                self.plant(person, f"reports.{name}", expected=False)

    def _report_id(self) -> str:
        return f"{int(self.next_id('')):08}-0000-4000-8000-000000000000"

    def _texts_on(self, person: InventedPerson, instant: str) -> Record:
        """Return what the vendor kept of a connection; names of fields are in two styles."""
        speaker = {"teamviewerId": 100000 + person.number, "name": person.name}
        sender = {"TeamViewerId": 100000 + person.number, "Name": person.name}
        said = f"My address is {person.email}"
        return {
            "ai-summary": {
                "Name": "Login",
                "Summary": f"{person.name} could not log in",
                "IssueTypeLabels": ["Login"],
                "ApplicationLabels": [],
                "Steps": [],
            },
            "chat-transcript": [
                {
                    "Sender": sender,
                    "Recipients": [],
                    "WrittenAtTimestamp": instant,
                    "IsOutgoing": False,
                    "Content": said,
                }
            ],
            "voice-transcript": [
                {"speaker": speaker, "writtenAtTimestamp": instant, "originalText": said}
            ],
            "augmented-session-summary": {"title": "Login", "summary": f"Call with {person.name}"},
            "screenshots": [
                {
                    "screenshotId": f"shot-{person.number}",
                    "fileName": f"{person.last_name}.png",
                    "mimeType": "image/png",
                    "takenAt": instant,
                }
            ],
        }

    # Reports

    @route("GET", CONNECTIONS)
    def list_reports(self, request: Request) -> Reply:
        """A page of reports, the latest end first; `username` is the technician's."""
        start, end = request.param("from_date"), request.param("to_date", "9")
        found = held(request, self.reports.values(), FILTERS)
        coded = {"true": True, "false": False}.get(request.param("has_code").lower())
        found = [
            one
            for one in found
            if start <= one["end_date"] <= end and coded in {None, bool(one.get("session_code"))}
        ]
        found.sort(key=lambda one: str(one["end_date"]), reverse=True)
        page, rest = from_offset(found, "id", request.param("offset_id"), self.PAGE)
        remaining = {"records_remaining": rest.pop("remaining")}
        return Reply(200, page | remaining | rest)

    @route("GET", f"{CONNECTIONS}/{{number}}")
    def read_report(self, request: Request, number: str) -> Reply:
        """One report."""
        del request
        return Reply(200, self._report(number))

    @route("PUT", f"{CONNECTIONS}/{{number}}")
    def change_report(self, request: Request, number: str) -> Reply:
        """Change notes or billing; all else stays as it was written."""
        report, given = self._report(number), body_of(request)
        report |= {name: given[name] for name in ("notes", "billing_state") if name in given}
        return Reply(204)

    @route("DELETE", f"{CONNECTIONS}/{{number}}")
    def delete_report(self, request: Request, number: str) -> Reply:
        """Delete the outgoing report and its texts; the other side keeps its own."""
        del request
        del self.reports[self._report(number)["id"]]
        self.texts.pop(number, None)
        return Reply(204)

    def _report(self, number: str) -> Record:
        if number not in self.reports:
            raise missing("report")
        return self.reports[number]

    @route("GET", DEVICES)
    def list_device_reports(self, request: Request) -> Reply:
        """A page of the reports of the other side, the latest end first."""
        found = sorted(
            self.device_reports.values(), key=lambda one: str(one["end_date"]), reverse=True
        )
        page, rest = from_offset(found, "Id", request.param("offset_id"), self.PAGE)
        del rest["remaining"]
        return Reply(200, page | rest)

    @route("DELETE", f"{DEVICES}/{{number}}")
    def delete_device_report(self, request: Request, number: str) -> Reply:
        """Delete a report of the other side with its texts."""
        del request
        if number not in self.device_reports:
            raise missing("report")
        del self.device_reports[number]
        self.texts.pop(number, None)
        return Reply(204)

    # Hidden texts

    @route("POST", f"{CONNECTIONS}/getFeatures")
    def list_features(self, request: Request) -> Reply:
        """Which texts hide behind which of some reports."""
        asked = body_of(request, "SessionReportIds")["SessionReportIds"]
        found = [
            {"SessionReportId": number, "Features": [TEXTS[one] for one in self.texts[number]]}
            for number in asked
            if number in self.texts
        ]
        return Reply(200, {"SessionReportFeatures": found})

    @route("GET", f"{CONNECTIONS}/{{number}}/{{name}}")
    @route("GET", f"{DEVICES}/{{number}}/{{name}}")
    def read_text(self, request: Request, number: str, name: str) -> Reply:
        """A text of a report, of whichever side."""
        del request
        texts = self.texts.get(number, {})
        if name not in texts:
            raise missing("text")
        return Reply(200, texts[name])

    @route("GET", f"{CONNECTIONS}/{{number}}/{{shot}}/screenshot")
    @route("GET", f"{DEVICES}/{{number}}/{{shot}}/screenshot")
    def read_screenshot(self, request: Request, number: str, shot: str) -> Reply:
        """The bytes of a screenshot."""
        del request
        shots = self.texts.get(number, {}).get("screenshots", [])
        if all(one["screenshotId"] != shot for one in shots):
            raise missing("screenshot")
        return Reply(200, PICTURE, content_type="image/png")
