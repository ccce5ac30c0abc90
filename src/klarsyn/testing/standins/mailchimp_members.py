"""
The member routes of Mailchimp's stand-in: listing, writing, archiving, deleting, and what hangs on.
"""

from __future__ import annotations

from datetime import datetime

from klarsyn.testing.serving import Reply, Request, StandIn, route
from klarsyn.testing.standins.mailchimp_audience import STATUSES, Audience, Member, Note
from klarsyn.testing.standins.mailchimp_replies import column_reply, member_reply, note_reply
from klarsyn.testing.standins.mailchimp_search import MemberIndex
from klarsyn.testing.standins.mailchimp_wire import (
    Json,
    Refused,
    answer,
    body_of,
    collection,
    digest,
    heard,
    invalid,
    missing,
    told,
)

LISTS = "/3.0/lists"
LIST = "/3.0/lists/{list_id}"
MEMBER = "/3.0/lists/{list_id}/members/{key}"
AUTHOR = "Support KlarPris"
LONGEST_NOTE = 1000
EVENT_NAME = range(2, 31)
"""How long the name of an event may be."""


class MailchimpMembers(StandIn):
    """What Mailchimp knows of members, and what it lets one do with them."""

    audiences: dict[str, Audience]
    index: MemberIndex

    @route("GET", LIST + "/members")
    def list_members(self, request: Request, list_id: str) -> Reply:
        """Return members; the archived only when they are asked for."""
        audience = self.audience(list_id)
        status = request.param("status")
        if status not in ("", "archived", *STATUSES):
            raise invalid(("status", "Value must be one of the statuses of a member."))
        found = [
            member_reply(one, audience)
            for one in audience.members.values()
            if (one.status == status if status else one.status != "archived")
        ]
        return collection(
            request, "members", _sorted(request, _filtered(request, found)), list_id=list_id
        )

    @route("POST", LIST + "/members")
    def add_member(self, request: Request, list_id: str) -> Reply:
        """Take in a new member; an archived one comes back."""
        audience, body = self.audience(list_id), body_of(request)
        known = audience.known(digest(str(body.get("email_address", ""))))
        if known and known.status == "archived":
            return self._changed(request, audience, known, body)
        status = str(body.get("status", ""))
        member = audience.add(body, status, self.clock.now(), skip=_skips(request))
        return self._told(request, audience, member)

    @route("GET", MEMBER)
    def get_member(self, request: Request, list_id: str, key: str) -> Reply:
        """Return one member; the archived too, the deleted never."""
        audience = self.audience(list_id)
        return answer(request, member_reply(audience.find(key), audience))

    @route("PUT", MEMBER)
    def put_member(self, request: Request, list_id: str, key: str) -> Reply:
        """Change the member of that key, or take in the address that the body has."""
        audience, body = self.audience(list_id), body_of(request)
        try:
            known = audience.find(key)
        except Refused:
            if not body.get("status_if_new"):
                raise invalid(("status_if_new", "This value should not be blank.")) from None
            status = str(body["status_if_new"])
            member = audience.add(body, status, self.clock.now(), skip=_skips(request))
            return self._told(request, audience, member)
        return self._changed(request, audience, known, body)

    @route("PATCH", MEMBER)
    def patch_member(self, request: Request, list_id: str, key: str) -> Reply:
        """Change a member; a new address means a new hash."""
        audience = self.audience(list_id)
        return self._changed(request, audience, audience.find(key), body_of(request))

    @route("DELETE", MEMBER)
    def archive_member(self, request: Request, list_id: str, key: str) -> Reply:
        """Archive a member: nothing is deleted."""
        del request
        audience = self.audience(list_id)
        member = audience.find(key)
        audience.archive(member, self.clock.now())
        self.note_change(audience, member)
        return Reply(204)

    @route("POST", MEMBER + "/actions/delete-permanent")
    def delete_for_ever(self, request: Request, list_id: str, key: str) -> Reply:
        """Delete a member with all that hangs on them; the address cannot be imported again."""
        del request
        member = self.audience(list_id).forget(key)
        self.index.write(self.clock.now(), (list_id, member.contact_id), None)
        return Reply(204)

    # What hangs on a member

    @route("GET", MEMBER + "/tags")
    def list_tags(self, request: Request, list_id: str, key: str) -> Reply:
        """Return a member's tags, all of them."""
        audience = self.audience(list_id)
        tags = [
            {"id": audience.tag_ids[name], "name": name, "date_added": told(when)}
            for name, when in audience.find(key).tags.items()
        ]
        return collection(request, "tags", tags)

    @route("POST", MEMBER + "/tags")
    def write_tags(self, request: Request, list_id: str, key: str) -> Reply:
        """Put tags on a member and take others off."""
        audience = self.audience(list_id)
        member, tags = audience.find(key), body_of(request).get("tags")
        if not isinstance(tags, list) or not tags:
            raise invalid(("tags", "This value should not be blank."))
        for one in tags:
            if one.get("status") not in ("active", "inactive") or not one.get("name"):
                raise invalid(("tags", "A tag has a name and is active or inactive."))
        for one in tags:
            active = one["status"] == "active"
            audience.tag(member, one["name"], self.clock.now(), active=active)
        self.note_change(audience, member)
        return Reply(204)

    @route("GET", MEMBER + "/notes")
    def list_notes(self, request: Request, list_id: str, key: str) -> Reply:
        """Return notes on a member, the newest first."""
        member = self.audience(list_id).find(key)
        notes = [note_reply(one, member) for one in reversed(member.notes)]
        return collection(request, "notes", notes, email_id=member.hash, list_id=list_id)

    @route("POST", MEMBER + "/notes")
    def add_note(self, request: Request, list_id: str, key: str) -> Reply:
        """Write a note on a member."""
        audience, text = self.audience(list_id), _note_text(request)
        member, now = audience.find(key), self.clock.now()
        note = Note(next(audience.counter), text, AUTHOR, now, now)
        member.notes.append(note)
        self.note_change(audience, member)
        return answer(request, note_reply(note, member))

    @route("GET", MEMBER + "/notes/{note_id}")
    def get_note(self, request: Request, list_id: str, key: str, note_id: str) -> Reply:
        """Return one note."""
        member = self.audience(list_id).find(key)
        return answer(request, note_reply(_note(member, note_id), member))

    @route("PATCH", MEMBER + "/notes/{note_id}")
    def change_note(self, request: Request, list_id: str, key: str, note_id: str) -> Reply:
        """Write another text into a note."""
        audience = self.audience(list_id)
        member = audience.find(key)
        note = _note(member, note_id)
        note.text, note.updated = _note_text(request), self.clock.now()
        self.note_change(audience, member)
        return answer(request, note_reply(note, member))

    @route("DELETE", MEMBER + "/notes/{note_id}")
    def delete_note(self, request: Request, list_id: str, key: str, note_id: str) -> Reply:
        """Delete a note for good."""
        del request
        audience = self.audience(list_id)
        member = audience.find(key)
        member.notes.remove(_note(member, note_id))
        self.note_change(audience, member)
        return Reply(204)

    @route("GET", MEMBER + "/activity-feed")
    def activity_feed(self, request: Request, list_id: str, key: str) -> Reply:
        """Return what a member did, the newest first; this listing has no total."""
        member = self.audience(list_id).find(key)
        wanted = [one for one in request.param("activity_filters").split(",") if one]
        feed = [one for one in member.activity if not wanted or one["activity_type"] in wanted]
        feed.sort(key=lambda one: str(one["created_at_timestamp"]), reverse=True)
        reply = collection(request, "activity", feed, email_id=member.hash, list_id=list_id)
        reply.body.pop("total_items", None)
        return reply

    @route("GET", MEMBER + "/events")
    def list_events(self, request: Request, list_id: str, key: str) -> Reply:
        """Return a member's events, the newest first."""
        events = self.audience(list_id).find(key).events
        return collection(request, "events", events[::-1])

    @route("POST", MEMBER + "/events")
    def add_event(self, request: Request, list_id: str, key: str) -> Reply:
        """Keep that something happened to a member."""
        member, body = self.audience(list_id).find(key), body_of(request)
        name = body.get("name")
        if not isinstance(name, str) or len(name) not in EVENT_NAME:
            raise invalid(("name", "Must be 2 to 30 characters in length."))
        happened = body.get("occurred_at", told(self.clock.now()))
        properties = {str(one): str(text) for one, text in body.get("properties", {}).items()}
        event = {"occurred_at": happened, "name": name, "properties": properties}
        member.events.append(event)
        return Reply(204)

    @route("GET", MEMBER + "/goals")
    def list_goals(self, request: Request, list_id: str, key: str) -> Reply:
        """Return the last goals that a member reached."""
        member = self.audience(list_id).find(key)
        goals = member.goals[-50:]
        return collection(request, "goals", goals, list_id=list_id, email_id=member.hash)

    @route("GET", LIST + "/merge-fields")
    def list_merge_fields(self, request: Request, list_id: str) -> Reply:
        """Return an audience's columns, which differ from audience to audience."""
        columns = [column_reply(one, list_id) for one in self.audience(list_id).columns]
        if kind := request.param("type"):
            columns = [one for one in columns if one["type"] == kind]
        if required := request.param("required"):
            columns = [one for one in columns if one["required"] == (required == "true")]
        return collection(request, "merge_fields", columns, list_id=list_id)

    # Shared

    def audience(self, list_id: str) -> Audience:
        """Return an audience, or refuse as one that does not exist."""
        if list_id not in self.audiences:
            raise missing()
        return self.audiences[list_id]

    def note_change(self, audience: Audience, member: Member) -> None:
        """Let the search find a member as they are now, when it gets to it."""
        key = (audience.id, member.contact_id)
        self.index.write(self.clock.now(), key, member_reply(member, audience))

    def _changed(self, request: Request, audience: Audience, member: Member, body: Json) -> Reply:
        audience.change(member, body, self.clock.now(), skip=_skips(request))
        return self._told(request, audience, member)

    def _told(self, request: Request, audience: Audience, member: Member) -> Reply:
        self.note_change(audience, member)
        return answer(request, member_reply(member, audience))


def _skips(request: Request) -> bool:
    return request.param("skip_merge_validation").lower() == "true"


def _note(member: Member, note_id: str) -> Note:
    for note in member.notes:
        if str(note.id) == note_id:
            return note
    raise missing()


def _note_text(request: Request) -> str:
    text = body_of(request).get("note")
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_NOTE:
        raise invalid(("note", f"Must be 1 to {LONGEST_NOTE} characters in length."))
    return text


def _filtered(request: Request, members: list[Json]) -> list[Json]:
    """Return the members that a listing's parameters leave."""
    for name in ("email_type", "unique_email_id"):
        if wanted := request.param(name):
            members = [one for one in members if one[name] == wanted]
    if request.param("vip_only") == "true":
        members = [one for one in members if one["vip"]]
    for name in ("last_changed", "timestamp_opt"):
        if since := request.param(f"since_{name}"):
            first = heard(since, f"since_{name}")
            members = [one for one in members if one[name] and _instant(one[name]) > first]
        if before := request.param(f"before_{name}"):
            last = heard(before, f"before_{name}")
            members = [one for one in members if one[name] and _instant(one[name]) < last]
    return members


def _sorted(request: Request, members: list[Json]) -> list[Json]:
    """Return members in the order that a listing's parameters ask for."""
    order = request.param("sort_field")
    if order not in {"", "timestamp_opt", "timestamp_signup", "last_changed"}:
        raise invalid(("sort_field", "Value must be one of the fields that sort."))
    backwards = request.param("sort_dir").upper() == "DESC"
    return sorted(members, key=lambda one: str(one[order]), reverse=backwards) if order else members


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
