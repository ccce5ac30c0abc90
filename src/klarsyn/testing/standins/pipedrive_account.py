"""
One company's account at Pipedrive: what it keeps, what it remembers, and what it forgets when.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, ClassVar

from klarsyn.testing.serving import StandIn
from klarsyn.testing.standins.pipedrive_wire import Record, refuse, stamp

KINDS = ("persons", "organizations", "deals", "activities")
#: How a kind is called in other records, and there.
SINGULAR = {
    "persons": "person",
    "organizations": "organization",
    "deals": "deal",
    "activities": "activity",
    "leads": "lead",
    "files": "file",
}
LINKS = {"persons": "person_id", "organizations": "org_id", "deals": "deal_id"}
#: Persons have these only where the company syncs contacts.
SYNCED = ("notes", "im", "birthday", "job_title", "postal_address")
_FRESH: dict[str, Record] = {
    "persons": (
        dict.fromkeys(("name", "first_name", "last_name", "org_id", "picture_id"))
        | {"emails": [], "phones": [], "label_ids": [], "visible_to": 3}
        | {"marketing_status": "no_consent"}
        | {"notes": None, "im": [], "birthday": None, "job_title": None, "postal_address": None}
    ),
    "organizations": {"name": None, "visible_to": 3, "address": None, "label_ids": []},
    "deals": (
        dict.fromkeys(("title", "person_id", "org_id", "stage_change_time", "probability"))
        | dict.fromkeys(("lost_reason", "close_time", "won_time", "lost_time"))
        | dict.fromkeys(("expected_close_date", "origin_id", "channel", "channel_id"))
        | dict.fromkeys(("source_lead_id", "arr", "mrr", "acv"))
        | {"pipeline_id": 1, "stage_id": 1, "value": 0, "currency": "DKK", "status": "open"}
        | {"is_archived": False, "visible_to": 3, "label_ids": [], "origin": "API"}
    ),
    "activities": (
        dict.fromkeys(("deal_id", "lead_id", "person_id", "org_id", "project_id"))
        | dict.fromkeys(("due_date", "due_time", "duration", "marked_as_done_time", "location"))
        | dict.fromkeys(("conference_meeting_client", "conference_meeting_url"))
        | dict.fromkeys(("conference_meeting_id", "public_description", "priority", "note"))
        | {"subject": "Call", "type": "call", "creator_user_id": 1, "busy": False, "done": False}
        | {"participants": [], "attendees": []}
    ),
}


class PipedriveAccount(StandIn):
    """Records, their old values, and the days they have left."""

    name = "pipedrive"
    hosts = ("*.pipedrive.com",)

    #: After so long a deleted record is gone for good.
    KEPT_DAYS: ClassVar[int] = 30
    #: Search exists with a lag that the vendor does not tell; a minute is assumed.
    SEARCH_LAG_SECONDS: ClassVar[float] = 60

    def open_account(self) -> None:
        """Begin with nothing."""
        self.records: dict[str, dict[int, Record]] = {kind: {} for kind in KINDS}
        self.notes: dict[int, Record] = {}
        self.comments: dict[int, list[Record]] = {}
        """By the note that they answer to."""
        self.files: dict[int, Record] = {}
        self.mails: dict[int, Record] = {}
        self.leads: dict[str, Record] = {}
        self.users: list[Record] = []
        self.fields: dict[str, list[Record]] = {}
        self.changes: dict[tuple[str, int], list[Record]] = {}
        """Old and new values of a record's fields, the newest first."""
        self.removed: dict[tuple[str, int], datetime] = {}
        """Since when a record is marked as deleted."""
        self.contact_sync = False
        self._numbers: Counter[str] = Counter()

    def number(self, kind: str) -> int:
        """Return an id that no record of a kind had before."""
        self._numbers[kind] += 1
        return self._numbers[kind]

    def new(self, kind: str, values: Record, when: datetime | None = None) -> Record:
        """Put a record into the account."""
        made = stamp(when or self.clock.now())
        custom = values.get("custom_fields") or {}
        record: Record = (
            {"id": self.number(kind)}
            | {name: list(one) if one == [] else one for name, one in _FRESH[kind].items()}
            | {"owner_id": 1, "add_time": made, "update_time": made, "is_deleted": False}
            | values
            | {"custom_fields": dict.fromkeys(self.custom_keys(kind)) | custom}
        )
        self.records[kind][record["id"]] = record
        return record

    def custom_keys(self, kind: str) -> list[str]:
        """Return the keys of the company's own fields of a kind."""
        fields = self.fields.get(kind, ())
        return [one["field_code"] for one in fields if one["is_custom_field"]]

    def all_of(self, kind: str) -> dict[Any, Record]:
        """Return the records of a kind by their ids."""
        others: dict[str, dict[Any, Record]] = {
            "notes": self.notes,
            "files": self.files,
            "leads": self.leads,
        }
        return self.records[kind] if kind in self.records else others[kind]

    def find(self, kind: str, number: str | int) -> Record:
        """Return a record, a deleted one too as long as it is kept."""
        records: dict[Any, Record] = (
            self.records[kind]
            if kind in KINDS
            else {"notes": self.notes, "files": self.files}[kind]
        )
        found = records.get(int(number)) if str(number).isdigit() else None
        if found is None:
            what = SINGULAR.get(kind, "note").capitalize()
            raise refuse(404, f"{what} not found", "Object was not found.")
        return found

    def change(self, kind: str, record: Record, values: Record) -> None:
        """Write values into a record and remember the old ones."""
        now = stamp(self.clock.now())
        custom = values.pop("custom_fields", None) or {}
        for target, new in ((record, values), (record["custom_fields"], custom)):
            for name, value in new.items():
                if kind in LINKS and target.get(name) != value:
                    self.note_change(kind, record["id"], name, (target.get(name), value), now)
                target[name] = value
        record["update_time"] = now

    def note_change(
        self, kind: str, number: int, name: str, values: tuple[object, object], when: str
    ) -> None:
        """Remember that a field had one value and has another since."""
        entry = {
            "field_key": {"emails": "email", "phones": "phone"}.get(name, name),
            "old_value": _as_text(values[0]),
            "new_value": _as_text(values[1]),
            "actor_user_id": 1,
            "time": when.replace("T", " ").removesuffix("Z"),
            "change_source": "api",
            "change_source_user_agent": None,
            "is_bulk_update_flag": False,
        }
        self.changes.setdefault((kind, number), []).insert(0, entry)

    def linked(self, records: dict[Any, Record], kind: str, number: int) -> list[Record]:
        """Return those notes, files or leads that hang on a record."""
        link = LINKS[kind]
        if records is self.leads and kind == "organizations":
            link = "organization_id"
        return [one for one in records.values() if one.get(link) == number]

    def person_of(self, record: Record) -> Record | None:
        """Return the person whom a record is about."""
        return self.records["persons"].get(record.get("person_id") or 0)

    def firm_of(self, record: Record) -> Record | None:
        """Return the organization that a record is about."""
        number = record.get("org_id") or record.get("organization_id") or 0
        return self.records["organizations"].get(number)

    # Deleting

    def remove(self, kind: str, record: Record) -> None:
        """Mark a record as deleted; nothing that mentions it changes."""
        self.removed.setdefault((kind, record["id"]), self.clock.now())
        record |= {"active_flag": False} if kind == "files" else {"is_deleted": True}
        record["update_time"] = stamp(self.clock.now())

    def restore(self, kind: str, record: Record) -> None:
        """Take a mark of deletion back, while the record is kept."""
        self.removed.pop((kind, record["id"]), None)
        record["is_deleted"] = False

    def purge_due(self) -> None:
        """Forget for good what was deleted long enough ago."""
        until = self.clock.now() - timedelta(days=self.KEPT_DAYS)
        for key in [one for one, when in self.removed.items() if when <= until]:
            del self.removed[key]
            kind, number = key
            del self.all_of(kind)[number]
            self.changes.pop(key, None)
            self._unlink(kind, number)

    def _unlink(self, kind: str, number: int) -> None:
        """Clear what pointed at a record that is no more; texts that name it stay."""
        if kind not in LINKS:
            return
        for one in self.records["activities"].values() if kind == "persons" else ():
            rows = one["participants"]
            one["participants"] = [row for row in rows if row["person_id"] != number]
        others: list[dict[Any, Record]] = [*self.records.values()]
        for records in (*others, self.notes, self.files, self.mails, self.leads):
            for one in self.linked(records, kind, number):
                for link in (LINKS[kind], "organization_id"):
                    if one.get(link) == number and link in one:
                        one[link] = None


def _as_text(value: object) -> str | None:
    """Return a value as the log of changes has it."""
    if isinstance(value, list):
        return ", ".join(str(one["value"] if isinstance(one, dict) else one) for one in value)
    if isinstance(value, dict):
        return str(value.get("value", ""))
    return None if value is None else str(value)
