"""
Reports of TeamViewer, each side's own, and the texts that hide behind them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from klarsyn.errors import Message, said
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PUT,
    Call,
    Connection,
    Cursor,
    Element,
    Job,
    Places,
    Reader,
    Record,
    Residue,
    Within,
)

PAGES = Cursor("next_offset", "offset_id")
SIDES = ("connections", "devices")
TEXTS = (
    *("ai-summary", "chat-transcript", "voice-transcript", "augmented-session-summary"),
    "screenshots",
)

LOG = Residue(said("the company's event log with addresses of staff: nobody can delete it"))
OTHER_SIDE = Residue(said("the report of the other side, which is a record of its own"))
IDS = ("groupid", "userid", "start_date", "end_date", "fee", "currency", "deviceid", "session_code")
HELPED = (
    Element("email", "end_customer.email", "user.contact.email", write="never"),
    Element("name", "end_customer.name", "user.name", write="never"),
    Element("technician", "username", "user.name", write="never"),
    Element("device", "devicename", "user.device", write="never"),
    Element("notes", means="user.content.private", free=True),
)
OTHER = (Element("device", "targetname", "user.device", write="never"), HELPED[2])


def texts_of(side: str) -> Reader:
    """Return a reader of what hides behind a report; each kind has a call, and most are absent."""
    calls = {one: GET(f"/reports/{side}/{{report}}/{one}") for one in TEXTS}

    def read(connection: Connection, places: Places) -> Iterator[list[Any]]:
        found = {kind: connection.look(call, **places) for kind, call in calls.items()}
        yield [
            {"key": f"{places['report']} {kind}", "kind": kind, "text": reply.json}
            for kind, reply in found.items()
            if reply and reply.json
        ]

    return read


def pictures(raw: Mapping[str, Any]) -> Message | None:
    """Of a screenshot only its name is read."""
    return said("what screenshots show") if raw["kind"] == "screenshots" else None


def reports(name: str, side: str, key: str, who: tuple[Element, ...], **more: Any) -> list[Record]:
    """Return the reports of a side, and the texts behind them, which go with their report."""
    report = Record(
        name=name,
        about=said("customers who were helped, and who helped them"),
        read=GET(f"/reports/{side}", items="records", pages=PAGES),
        key=key,
        elements=who,
        open_fields=("*",),
        ignored=(key, *IDS),
        order=1,
        **more,
    )
    text = Record(
        name=f"{name}_text",
        about=said("what was said and shown while somebody was helped, and a machine's summary"),
        within=Within(report, {"report": key}),
        read=texts_of(side),
        key="key",
        open_fields=("text",),
        unread=pictures,
        erase=away(f"/reports/{side}/{{report}}"),
    )
    return [report, text]


def away(path: str, proof: Call | None = None) -> Job:
    """Return the erasure of a report of one side, with all that hides behind it."""
    return Job(stages=(DELETE(path),), proof=proof, residue=(OTHER_SIDE, LOG))


REPORT = "/reports/connections/{id}"
NOTED = Job(stages=(PUT(REPORT, body=CHANGES),))
ERASED = away(REPORT, GET(REPORT))
OUTGOING = reports("report", SIDES[0], "id", HELPED, rectify=NOTED, erase=ERASED)
INCOMING = reports("device_report", SIDES[1], "Id", OTHER, erase=away("/reports/devices/{id}"))
REPORTS = (*OUTGOING, *INCOMING)
