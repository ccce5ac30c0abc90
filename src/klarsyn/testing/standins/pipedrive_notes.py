"""
What is left of Pipedrive's first version: notes, and what hangs on a record.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.pipedrive_account import LINKS
from klarsyn.testing.standins.pipedrive_records import PipedriveRecords
from klarsyn.testing.standins.pipedrive_wire import (
    Record,
    checked,
    cursor_paged,
    exact,
    given,
    plain,
    refuse,
    since,
    stamp,
    start_paged,
    succeeded,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from klarsyn.testing.serving import Handler

MOST_FILES = 100
_NOTE_LINKS = ("deal_id", "person_id", "org_id")
_NOTE: dict[str, type] = {"content": str, "lead_id": str, **dict.fromkeys(_NOTE_LINKS, int)}


def each_owner(rest: str) -> Callable[[Handler], Handler]:
    """Mark a method as the answer for persons, organizations and deals."""

    def mark(handler: Handler) -> Handler:
        for kind in LINKS:
            route("GET", f"/api/v1/{kind}/{{number}}/{rest}")(handler)
        return handler

    return mark


class PipedriveNotes(PipedriveRecords):
    """Routes of v1, which count in `start` and write instants without a zone."""

    # Notes

    @route("GET", "/api/v1/notes")
    def get_notes(self, request: Request) -> Reply:
        """Notes of the account, or those that hang on one record."""
        found = list(self.notes.values())
        for name in (*_NOTE_LINKS, "user_id"):
            if wanted := whole(request, name):
                found = [one for one in found if one[name] == wanted]
        if lead := request.param("lead_id"):
            found = [one for one in found if one["lead_id"] == lead]
        first = since(request, "updated_since")
        found = [one for one in found if one["update_time"] >= first]
        return start_paged(request, [self._shown_note(one) for one in found])

    @route("POST", "/api/v1/notes")
    def add_note(self, request: Request) -> Reply:
        """Hang a note on a record."""
        values = checked(given(request), _NOTE)
        hangs = any(values.get(name) for name in (*_NOTE_LINKS, "lead_id"))
        if not values.get("content") or not hangs:
            raise refuse(400, "Bad request", "A note needs content and something to hang on.")
        note = self.new_note(values.pop("content"), **values)
        self.remember_owner(note)
        return succeeded(self._shown_note(note))

    @route("GET", "/api/v1/notes/{number}")
    def get_note(self, request: Request, number: str) -> Reply:
        """One note."""
        del request
        return succeeded(self._shown_note(self.find("notes", number)))

    @route("PUT", "/api/v1/notes/{number}")
    def update_note(self, request: Request, number: str) -> Reply:
        """Change what is given, though the verb is PUT."""
        note = self.find("notes", number)
        note |= checked(given(request), _NOTE) | {"update_time": stamp(self.clock.now())}
        self.remember_owner(note)
        return succeeded(self._shown_note(note))

    @route("DELETE", "/api/v1/notes/{number}")
    def delete_note(self, request: Request, number: str) -> Reply:
        """Delete a note at once and for good."""
        del request
        note = self.find("notes", number)
        del self.notes[note["id"]]
        self.remember_owner(note)
        return succeeded(found=True)

    @route("GET", "/api/v1/notes/{number}/comments")
    def get_comments(self, request: Request, number: str) -> Reply:
        """What colleagues answered to a note."""
        note = self.find("notes", number)
        return start_paged(request, self.comments.get(note["id"], []))

    @route("DELETE", "/api/v1/notes/{number}/comments/{comment}")
    def delete_comment(self, request: Request, number: str, comment: str) -> Reply:
        """Delete a comment at once and for good."""
        del request
        kept = self.comments.get(self.find("notes", number)["id"], [])
        found = [one for one in kept if one["uuid"] == comment]
        if not found:
            raise refuse(404, "Comment not found", "Object was not found.")
        kept.remove(found[0])
        return succeeded(found=True)

    def new_comment(self, note: int, content: str) -> Record:
        """Answer to a note."""
        now = exact(stamp(self.clock.now()))
        comment: Record = (
            {"uuid": str(uuid.UUID(int=self.number("comments"))), "content": content}
            | {"object_id": str(note), "object_type": "note", "active_flag": True}
            | {"user_id": 1, "updater_id": 1, "company_id": 1}
            | {"add_time": now, "update_time": now}
        )
        self.comments.setdefault(note, []).append(comment)
        return comment

    def new_note(self, content: str, **links: Any) -> Record:
        """Put a note into the account."""
        now = stamp(self.clock.now())
        note: Record = (
            {"id": self.number("notes")}
            | dict.fromkeys((*_NOTE_LINKS, "lead_id", "project_id", "task_id"))
            | {"user_id": 1, "last_update_user_id": 1, "active_flag": True}
            | {"add_time": now, "update_time": now}
            | links
            | {"content": content}
        )
        self.notes[note["id"]] = note
        return note

    def _shown_note(self, note: Record) -> Record:
        person, firm = self.person_of(note), self.firm_of(note)
        deal, user = self.records["deals"].get(note["deal_id"] or 0), self.users[0]
        pinned = ("deal", "organization", "person", "project", "task")
        return {
            **note,
            **{name: plain(note[name]) for name in ("add_time", "update_time")},
            **{f"pinned_to_{one}_flag": False for one in pinned},
            "person": person and {"name": person["name"]},
            "organization": firm and {"name": firm["name"]},
            "deal": deal and {"title": deal["title"]},
            "user": {
                "email": user["email"],
                "icon_url": None,
                "is_you": True,
                "name": user["name"],
            },
        }

    # What hangs on a record

    @each_owner("changelog")
    def get_changes(self, request: Request, number: str) -> Reply:
        """Old and new values of a record's fields, the newest first."""
        kind, record = self._owner(request, number)
        return cursor_paged(request, list(self.changes.get((kind, record["id"]), ())))

    @each_owner("files")
    def get_files_of(self, request: Request, number: str) -> Reply:
        """The files that hang on a record."""
        kind, record = self._owner(request, number)
        found = [one for one in self.linked(self.files, kind, record["id"]) if one["active_flag"]]
        return start_paged(request, [self._shown_file(one) for one in found], MOST_FILES)

    @each_owner("mailMessages")
    def get_mails_of(self, request: Request, number: str) -> Reply:
        """The mail with a person, or about an organization or deal."""
        kind, record = self._owner(request, number)
        found = [
            {"object": "mailMessage", "timestamp": plain(one["add_time"]), "data": mail(one)}
            for one in self.linked(self.mails, kind, record["id"])
        ]
        return start_paged(request, found)

    @each_owner("flow")
    def get_flow(self, request: Request, number: str) -> Reply:
        """What happened to a record: changes, notes, activities and files in one list."""
        kind, record = self._owner(request, number)
        changes = self.changes.get((kind, record["id"]), ())
        shown = [(f"{kind[:-1]}Change", one["time"], dict(one)) for one in changes]
        for name, records, show in (
            ("note", self.notes, self._shown_note),
            ("activity", self.records["activities"], dict),
            ("file", self.files, self._shown_file),
        ):
            of = self.linked(records, kind, record["id"])
            shown += [(name, plain(one["add_time"]), show(one)) for one in of]
        shown.sort(key=lambda one: one[1], reverse=True)
        rows = [{"object": one, "timestamp": when, "data": data} for one, when, data in shown]
        return start_paged(request, rows)

    def _owner(self, request: Request, number: str) -> tuple[str, Record]:
        kind = request.path.split("/")[3]
        return kind, self.find(kind, number)

    # Files

    @route("GET", "/api/v1/files")
    def get_files(self, request: Request) -> Reply:
        """All files."""
        found = [self._shown_file(one) for one in self.files.values() if one["active_flag"]]
        return start_paged(request, found, MOST_FILES)

    @route("GET", "/api/v1/files/{number}")
    def get_file(self, request: Request, number: str) -> Reply:
        """One file's name and where it hangs."""
        del request
        return succeeded(self._shown_file(self.find("files", number)))

    @route("GET", "/api/v1/files/{number}/download")
    def download_file(self, request: Request, number: str) -> Reply:
        """What is in a file."""
        del request
        content = f"Contents of {self.find('files', number)['name']}"
        return Reply(200, content, content_type="application/octet-stream")

    @route("DELETE", "/api/v1/files/{number}")
    def delete_file(self, request: Request, number: str) -> Reply:
        """Mark a file as deleted; it is kept for thirty days."""
        del request
        file = self.find("files", number)
        self.remove("files", file)
        self.remember("files", file)
        return succeeded({"id": file["id"]})

    def _shown_file(self, file: Record) -> Record:
        person, firm = self.person_of(file), self.firm_of(file)
        return (
            file
            | {name: plain(file[name]) for name in ("add_time", "update_time")}
            | {"person_name": (person or {}).get("name", "")}
            | {"org_name": (firm or {}).get("name", "")}
            | {"url": f"https://app.pipedrive.com/api/v1/files/{file['id']}/download"}
        )


def mail(message: Record) -> Record:
    """Return a message without what only the stand-in knows."""
    hidden = {*LINKS.values()}
    shown = {name: one for name, one in message.items() if name not in hidden}
    instants = ("message_time", "add_time", "update_time")
    return shown | {name: exact(message[name]) for name in instants}
