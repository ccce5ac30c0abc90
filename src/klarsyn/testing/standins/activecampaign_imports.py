"""
ActiveCampaign's imports: many contacts at once, done later, refused as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from klarsyn.testing.serving import Reply, Request, Window, route
from klarsyn.testing.standins.activecampaign_contacts import (
    ADDRESS,
    ActiveCampaignContacts,
    address_of,
)
from klarsyn.testing.standins.activecampaign_wire import ZONE, Record, text_of

#: Field of an import -> field of a contact; these alone are named otherwise there.
NAMES = {"first_name": "firstName", "last_name": "lastName", "phone": "phone"}
IMPORTED = frozenset(
    (*NAMES, "email", "customer_acct_name", "tags", "fields", "subscribe", "unsubscribe")
)
NOT_QUEUED = "JSON payload did not pass validation. The import was not queued for processing."


@dataclass(slots=True)
class Import:
    """A batch of contacts, on its way until `due`."""

    due: datetime
    rows: list[Record]
    done: list[str] = field(default_factory=list)
    """Ids of the contacts, once it has arrived."""


class ActiveCampaignImports(ActiveCampaignContacts):
    """Imports are queued, and arrive by the clock."""

    IMPORT_SECONDS: ClassVar[float] = 60
    IMPORTS_A_MINUTE: ClassVar[int] = 100
    MOST_IMPORTED: ClassVar[int] = 250

    def fill(self) -> None:
        """Begin without imports."""
        self.imports: dict[str, Import] = {}
        self.import_window = Window(self.IMPORTS_A_MINUTE, 60, self.clock)
        super().fill()

    @route("POST", "/api/3/import/bulk_import")
    def queue_import(self, request: Request) -> Reply:
        """All contacts are queued, or none if one of them is wrong."""
        if self.limits and self.import_window.take():
            why = f"Up to {self.IMPORTS_A_MINUTE} imports may be requested per minute."
            return _refused("Rate limit exceeded.", [why])
        try:
            body = request.json()
        except ValueError:
            body = None
        rows = body.get("contacts") if isinstance(body, dict) else None
        if not isinstance(rows, list) or not rows:
            return _refused(NOT_QUEUED, ["Field 'contacts' is required"])
        if len(rows) > self.MOST_IMPORTED:
            return _refused(NOT_QUEUED, [f"Up to {self.MOST_IMPORTED} contacts may be imported"])
        reasons = [
            {"contact": number, "failureReason": why}
            for number, row in enumerate(rows)
            if (why := self._wrong_in(row))
        ]
        if reasons:
            return _refused(NOT_QUEUED, reasons)
        batch = f"00000000-0000-4000-8000-{len(self.imports) + 1:012}"
        self.imports[batch] = Import(
            self.clock.now() + timedelta(seconds=self.IMPORT_SECONDS), rows
        )
        told = {"queued_contacts": len(rows), "batchId": batch, "message": "Contact import queued"}
        return Reply(200, {"Success": 1, **told})

    @route("GET", "/api/3/import/info")
    def import_info(self, request: Request) -> Reply:
        """How far an import is, and whose contacts came of it."""
        batch = request.param("batchId")
        if not batch:
            return Reply(400, {"success": 0, "message": "'batchId' is a required field."})
        if (one := self.imports.get(batch)) is None:
            return Reply(400, {"success": 0, "message": "There is no such batch."})
        status = "completed" if one.due <= self.clock.now() else "waiting"
        return Reply(200, {"status": status, "success": one.done, "failure": []})

    @route("GET", "/api/3/import/bulk_import")
    def import_queue(self, request: Request) -> Reply:
        """How many batches and contacts are waiting and done, day by day."""
        del request
        now = self.clock.now()
        waiting = [one for one in self.imports.values() if one.due > now]
        done = [one for one in self.imports.values() if one.due <= now]
        return Reply(200, {"outstanding": _days(waiting), "recentlyCompleted": _days(done)})

    def arrive(self) -> None:
        """Finish the imports whose time has come."""
        now = self.clock.now()
        for one in self.imports.values():
            if one.due <= now and not one.done:
                one.done = [self._import(row) for row in one.rows]

    def _wrong_in(self, row: Any) -> str:
        """Return what is wrong with a contact, the first thing only."""
        if not isinstance(row, dict):
            return "A contact is an object"
        if unknown := sorted(set(row) - IMPORTED):
            return f"Field '{unknown[0]}' is unknown"
        if not ADDRESS.fullmatch(text_of(row.get("email"))):
            return "Field 'email' incorrect format"
        asked = [("fields", one.get("id")) for one in row.get("fields", ())]
        lists = (*row.get("subscribe", ()), *row.get("unsubscribe", ()))
        asked += [("lists", one.get("listid")) for one in lists]
        missing = [kind for kind, number in asked if text_of(number) not in self.tables[kind]]
        return f"Field '{missing[0]}' names one that does not exist" if missing else ""

    def _import(self, row: Record) -> str:
        email = address_of(row)
        contact = self.by_email(email) or self.new_contact(email)
        number: str = contact["id"]
        contact |= {NAMES[name]: text_of(row[name]) for name in NAMES if name in row}
        for one in row.get("fields", ()):
            self.set_value(number, text_of(one["id"]), text_of(one.get("value")))
        for name in row.get("tags", ()):
            self.set_tag(number, self.tag_named(name)["id"])
        for status, kind in (("1", "subscribe"), ("2", "unsubscribe")):
            for one in row.get(kind, ()):
                self.set_list(contact, text_of(one["listid"]), status)
        if (name := row.get("customer_acct_name")) and not any(self.of("accountContacts", number)):
            account = self.account_named(name) or self.new_account(name)
            self.tie(number, account["id"])
        self.touch(number)
        return number


def _refused(message: str, reasons: list[Any]) -> Reply:
    return Reply(400, {"success": 0, "message": message, "failureReasons": reasons})


def _days(imports: list[Import]) -> list[Record]:
    """Return imports counted by the day on which they are due."""
    days: dict[str, list[int]] = {}
    for one in imports:
        days.setdefault(one.due.astimezone(ZONE).date().isoformat(), []).append(len(one.rows))
    return [
        {"forDate": day, "batches": str(len(sizes)), "contacts": str(sum(sizes))}
        for day, sizes in days.items()
    ]
