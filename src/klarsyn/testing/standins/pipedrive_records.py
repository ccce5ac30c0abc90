"""
Pipedrive's second version: persons, organizations, deals and activities, and their fields.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.pipedrive_account import KINDS, LINKS, SYNCED
from klarsyn.testing.standins.pipedrive_search import PipedriveSearch
from klarsyn.testing.standins.pipedrive_wire import (
    MAX_CUSTOM_FIELDS,
    MAX_IDS,
    Record,
    addresses,
    checked,
    cursor_paged,
    fits,
    flag,
    given,
    listed,
    refuse,
    since,
    succeeded,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from klarsyn.testing.serving import Handler

_COMMON: dict[str, type] = {"owner_id": int, "org_id": int, "visible_to": int, "label_ids": list}
_COMMON |= {"custom_fields": dict, "add_time": str, "update_time": str}
#: What may be written, and of what type it is.
WRITABLE: dict[str, dict[str, type]] = {
    "persons": _COMMON
    | {"name": str, "emails": list, "phones": list, "marketing_status": str}
    | {"notes": str, "im": list, "birthday": str, "job_title": str, "postal_address": dict},
    "organizations": {name: one for name, one in _COMMON.items() if name != "org_id"}
    | {"name": str, "address": dict},
    "deals": _COMMON
    | {"title": str, "person_id": int, "pipeline_id": int, "stage_id": int, "value": float}
    | {"currency": str, "status": str, "probability": float, "lost_reason": str}
    | {"expected_close_date": str, "is_deleted": bool, "is_archived": bool},
    "activities": {"subject": str, "type": str, "owner_id": int, "deal_id": int, "org_id": int}
    | {"lead_id": str, "person_id": int, "due_date": str, "due_time": str, "duration": str}
    | {"busy": bool, "done": bool, "location": dict, "participants": list, "attendees": list}
    | {"public_description": str, "priority": int, "note": str},
}
FILTERS = ("owner_id", "org_id", "person_id", "deal_id", "pipeline_id", "stage_id")
#: What is shown only where `include_fields` asks for it; names that end alike are counted alike.
OPTIONAL = {
    "persons": {"marketing_status", "doi_status", "smart_bcc_email", "last_activity_id"},
    "organizations": {"smart_bcc_email", "last_activity_id", "people_count"},
    "deals": {"smart_bcc_email", "last_activity_id", "source_lead_id"},
    "activities": {"attendees"},
}
_COUNTED = {"notes_count", "files_count", "activities_count", "email_messages_count"}
_TYPES = {"varchar": str, "text": str, "phone": str, "enum": int, "set": list, "double": float}


def each_kind(method: str, rest: str = "") -> Callable[[Handler], Handler]:
    """Mark a method as the answer for every kind of record."""

    def mark(handler: Handler) -> Handler:
        for kind in KINDS:
            route(method, f"/api/v2/{kind}{rest}")(handler)
        return handler

    return mark


class PipedriveRecords(PipedriveSearch):
    """Routes that are the same for four kinds of records."""

    @each_kind("GET")
    @route("GET", "/api/v2/deals/archived")
    def get_records(self, request: Request) -> Reply:
        """The records of a kind that are not deleted; deals may be asked for by status."""
        kind = _kind(request)
        archived = request.path.endswith("/archived")
        statuses = listed(request, "status", {"open", "won", "lost", "deleted"})
        if "filter_id" in request.query:
            raise refuse(404, "Filter not found", "Object was not found.")
        found = [
            one
            for one in self.records[kind].values()
            if one.get("is_archived", False) == archived
            and ((one["is_deleted"] and "deleted") or one.get("status", "open"))
            in (statuses or ["open", "won", "lost"])
        ]
        found = self._filtered(request, kind, found)
        sort_by = request.param("sort_by", "id")
        due = {"due_date"} if kind == "activities" else set()
        if sort_by not in {"id", "update_time", "add_time"} | due:
            raise refuse(400, "validation failed: sort_by: is not supported")
        down = request.param("sort_direction", "asc") == "desc"
        found.sort(key=lambda one: (one[sort_by] or "", one["id"]), reverse=down)
        return cursor_paged(request, [self._shown(request, kind, one) for one in found])

    @each_kind("GET", "/{number}")
    def get_record(self, request: Request, number: str) -> Reply:
        """One record; a deleted one is shown as such while it is kept."""
        kind = _kind(request)
        return succeeded(self._shown(request, kind, self.find(kind, number)))

    @each_kind("POST")
    def add_record(self, request: Request) -> Reply:
        """Make a record, whether or not there is another of that name or address."""
        kind = _kind(request)
        values = self._values(kind, given(request))
        name = {"deals": "title", "activities": "subject"}.get(kind, "name")
        if kind != "activities" and not values.get(name):
            raise refuse(400, f"validation failed: {name}: is required")
        record = self.new(kind, {one: value for one, value in values.items() if value is not None})
        if kind != "activities":
            self.remember(kind, record)
        return succeeded(self._shown(request, kind, record))

    @each_kind("PATCH", "/{number}")
    def update_record(self, request: Request, number: str) -> Reply:
        """Change what is given; a list replaces the list that was there."""
        kind = _kind(request)
        record = self.find(kind, number)
        values = self._values(kind, given(request))
        if not values.get("name", "x") or not values.get("title", "x"):
            raise refuse(400, "validation failed: a name must not be empty")
        deleted = values.pop("is_deleted", record["is_deleted"])
        self.change(kind, record, values)
        if deleted and not record["is_deleted"]:
            self.remove(kind, record)
        elif not deleted:
            self.restore(kind, record)
        if kind != "activities":
            self.remember(kind, record)
        return succeeded(self._shown(request, kind, record))

    @each_kind("DELETE", "/{number}")
    def delete_record(self, request: Request, number: str) -> Reply:
        """Mark a record as deleted; it is kept for thirty days."""
        kind = _kind(request)
        record = self.find(kind, number)
        self.remove(kind, record)
        if kind != "activities":
            self.remember(kind, record)
        return succeeded({"id": record["id"]})

    # Fields

    @route("GET", "/api/v2/personFields")
    @route("GET", "/api/v2/organizationFields")
    @route("GET", "/api/v2/dealFields")
    def get_fields(self, request: Request) -> Reply:
        """The fields of a kind, with the keys of the company's own."""
        return cursor_paged(request, copy.deepcopy(self.fields[_kind(request)]))

    @route("GET", "/api/v2/personFields/{code}")
    @route("GET", "/api/v2/organizationFields/{code}")
    @route("GET", "/api/v2/dealFields/{code}")
    def get_field(self, request: Request, code: str) -> Reply:
        """One field by its code."""
        for one in self.fields[_kind(request)]:
            if one["field_code"] == code:
                return succeeded(copy.deepcopy(one))
        raise refuse(404, "Field not found", "Object was not found.")

    # Reading

    def _filtered(self, request: Request, kind: str, found: list[Record]) -> list[Record]:
        """Keep what the query asks for."""
        if ids := listed(request, "ids", most=MAX_IDS):
            found = [one for one in found if str(one["id"]) in ids]
        for name in FILTERS:
            if wanted := whole(request, name):
                found = self._filtered_by(kind, name, wanted, found)
        if "done" in request.query:
            done = flag(request, "done")
            found = [one for one in found if one["done"] == done]
        if lead := request.param("lead_id"):
            found = [one for one in found if one["lead_id"] == lead]
        first, last = since(request, "updated_since"), since(request, "updated_until")
        return [one for one in found if first <= one["update_time"] < (last or "9999")]

    def _filtered_by(self, kind: str, name: str, wanted: int, found: list[Record]) -> list[Record]:
        """Keep what points at one record; a deal points at its person, not the person at it."""
        if (kind, name) == ("persons", "deal_id"):
            deal = self.records["deals"].get(wanted, {})
            return [one for one in found if one["id"] == deal.get("person_id")]
        known = found and name in found[0]
        return [one for one in found if one[name] == wanted] if known else found

    def _shown(self, request: Request, kind: str, record: Record) -> Record:
        """Return a record as it is shown; some fields only where they are asked for."""
        asked = listed(request, "include_fields", OPTIONAL[kind] | _COUNTED)
        keys = listed(request, "custom_fields", most=MAX_CUSTOM_FIELDS)
        hidden = {"marketing_status", "attendees"} - set(asked)
        hidden |= set(SYNCED) if kind == "persons" and not self.contact_sync else set()
        hidden |= {"custom_fields"} if kind == "activities" else set()
        shown = {name: one for name, one in record.items() if name not in hidden}
        if keys:
            custom = record["custom_fields"]
            shown["custom_fields"] = {key: one for key, one in custom.items() if key in keys}
        for name in asked:
            shown.setdefault(name, self._extra(kind, record, name))
        return copy.deepcopy(shown)

    def _extra(self, kind: str, record: Record, name: str) -> Any:
        """Return what is worked out only when it is asked for."""
        if name == "people_count":
            persons = self.records["persons"].values()
            return len([one for one in persons if one["org_id"] == record["id"]])
        if name == "smart_bcc_email":
            return f"klarpris+{kind[:-1]}{record['id']}@pipedrivemail.example"
        if name not in _COUNTED or kind not in LINKS:
            return None
        counted: dict[str, dict[Any, Record]] = {
            "notes_count": self.notes,
            "files_count": self.files,
            "activities_count": self.records["activities"],
            "email_messages_count": self.mails,
        }
        return len(self.linked(counted[name], kind, record["id"]))

    # Writing

    def _values(self, kind: str, body: Record) -> Record:
        """Return what a body writes, in the form in which it is kept."""
        values = checked(body, WRITABLE[kind])
        if kind == "persons":
            self._complete_person(values)
        if kind == "activities":
            _complete_activity(values)
        for other, link in LINKS.items():
            number = values.get(link)
            if number is not None and number not in self.records[other]:
                raise refuse(400, f"validation failed: {link}: there is none of that id")
        self._check_custom(kind, values.get("custom_fields") or {})
        return values

    def _complete_person(self, values: Record) -> None:
        if not self.contact_sync and (others := sorted(set(SYNCED) & set(values))):
            info = f"{others[0]} needs contact sync"
            raise refuse(403, "Forbidden", info, code="feature_capping_contact_sync")
        for name in {"emails", "phones"} & set(values):
            values[name] = addresses(name, values[name])
        if values.get("name"):
            first, _, last = values["name"].partition(" ")
            values |= {"first_name": first, "last_name": last or None}

    def _check_custom(self, kind: str, custom: Record) -> None:
        """Refuse keys that no field has, and values that are not of its type."""
        fields = {one["field_code"]: one for one in self.fields.get(kind, ())}
        for key, value in custom.items():
            if key not in fields or not fields[key]["is_custom_field"]:
                raise refuse(400, f"validation failed: custom_fields: {key} is not known")
            options = [one["id"] for one in fields[key]["options"] or ()]
            chosen = value if isinstance(value, list) else [value]
            right = fits(value, _TYPES[fields[key]["field_type"]])
            if value is not None and (
                not right or value == [] or (options and not set(chosen) <= set(options))
            ):
                raise refuse(400, f"validation failed: custom_fields: {key} is of a wrong type")


def _kind(request: Request) -> str:
    word = request.path.split("/")[3]
    return f"{word.removesuffix('Fields')}s" if word.endswith("Fields") else word


def _complete_activity(values: Record) -> None:
    """Keep the person of an activity and its primary participant the same."""
    people = values.get("participants")
    if any(not isinstance(one, dict) for one in people or ()):
        raise refuse(400, "validation failed: participants: must be objects")
    if people is None and values.get("person_id"):
        values["participants"] = [{"person_id": values["person_id"], "primary": True}]
    elif people:
        primary = next((one for one in people if one.get("primary")), people[0])
        values["person_id"] = primary.get("person_id")
