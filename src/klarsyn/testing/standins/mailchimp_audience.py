"""
What a Mailchimp audience holds and what it refuses: members, merge fields, the forgotten.

Reasons: Mailchimp's pages "Merge fields", "Permanently delete a contact" and "Archive contacts".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from klarsyn.testing.standins.mailchimp_wire import (
    Json,
    Refused,
    digest,
    heard,
    invalid,
    missing,
    not_allowed,
    told,
)

STATUSES = ("subscribed", "unsubscribed", "cleaned", "pending", "transactional")
"""Those that a client may set; `archived` is reached by DELETE only."""
ADDRESS_PARTS = ("addr1", "addr2", "city", "state", "zip", "country")
REQUIRED_ADDRESS_PARTS = ("addr1", "city", "state", "zip")
TYPES: Mapping[str, tuple[type, str]] = {
    "email_address": (str, "string"),
    "email_type": (str, "string"),
    "language": (str, "string"),
    "vip": (bool, "boolean"),
    "ip_signup": (str, "string"),
    "ip_opt": (str, "string"),
    "merge_fields": (dict, "object"),
    "interests": (dict, "object"),
    "location": (dict, "object"),
    "tags": (list, "array"),
}


@dataclass(slots=True)
class MergeField:
    """A column of an audience, known by its tag."""

    merge_id: int
    tag: str
    name: str
    type: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()

    def complaint(self, value: Any) -> str:
        """Return what Mailchimp says about a value, or nothing if it takes it."""
        if value in ("", None, {}):
            return "Please enter a value" if self.required else ""
        if self.type == "address" and not _complete(value):
            return "Please enter a complete address"
        if self.type == "number" and not _numeric(value):
            return "Please enter a number"
        if self.choices and value not in self.choices:
            return f"Value must be one of: {', '.join(self.choices)}"
        return ""


def _complete(address: Any) -> bool:
    return isinstance(address, dict) and all(address.get(one) for one in REQUIRED_ADDRESS_PARTS)


def _numeric(value: Any) -> bool:
    return str(value).replace(".", "", 1).removeprefix("-").isdecimal()


@dataclass(slots=True)
class Note:
    """Free text that a colleague wrote about a member."""

    id: int
    text: str
    author: str
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Member:
    """A person in one audience; the same person in another audience is another member."""

    email: str
    list_id: str
    number: int
    """Counts all members of the account; the ids are made of it."""
    status: str
    changed: datetime
    merge_fields: Json = field(default_factory=dict)
    source: str = "API - Generic"
    rating: int = 2
    traits: Json = field(default_factory=dict)
    """What a reply says as it stands: language, vip, ip_signup, location and so on."""
    status_before: str = ""
    """The status from which it was archived."""
    notes: list[Note] = field(default_factory=list)
    tags: dict[str, datetime] = field(default_factory=dict)
    activity: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    goals: list[Json] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """The subscriber hash, which changes with the address."""
        return digest(self.email)

    @property
    def contact_id(self) -> str:
        """The id that stays when the address changes."""
        return digest(f"contact {self.number}")

    @property
    def name(self) -> str:
        """First and last name as the merge fields have them."""
        parts = (self.merge_fields.get(tag, "") for tag in ("FNAME", "LNAME"))
        return " ".join(str(part) for part in parts if part)


@dataclass(slots=True)
class Audience:
    """A list, as the API calls it."""

    id: str
    name: str
    created: datetime
    columns: list[MergeField]
    counter: Iterator[int] = field(repr=False)
    interests: tuple[str, ...] = ()
    members: dict[str, Member] = field(default_factory=dict)
    """By subscriber hash."""
    forgotten: set[str] = field(default_factory=set)
    """Hashes of those deleted for ever, who cannot be imported again."""
    tag_ids: dict[str, int] = field(default_factory=dict)

    def find(self, key: str) -> Member:
        """Return the member of a hash, an address or a contact id."""
        known = self.known(key) or self.known(digest(key))
        for member in self.members.values():
            if member.contact_id == key.lower():
                return member
        if not known:
            raise missing()
        return known

    def known(self, subscriber_hash: str) -> Member | None:
        """Return the member of a hash, if there is one."""
        return self.members.get(subscriber_hash.lower())

    def add(self, body: Json, status: str, now: datetime, *, skip: bool) -> Member:
        """Take in somebody new, or bring an archived member back."""
        email = _checked(body, "status").get("email_address", "")
        self._claim(email)
        number = next(self.counter)
        member = Member(email, self.id, number, _checked_status(status, "status"), now)
        member.traits.update(timestamp_signup=told(now), timestamp_opt=told(now))
        self._write(member, body, now, skip=skip)
        self.members[member.hash] = member
        return member

    def change(self, member: Member, body: Json, now: datetime, *, skip: bool) -> None:
        """Change what the body names and leave the rest; a new address moves the member."""
        email = _checked(body, "status").get("email_address", member.email)
        if digest(email) != member.hash:
            self._claim(email)
        status = _checked_status(body["status"], "status") if body.get("status") else ""
        if status == "subscribed" and (member.status_before or member.status) in {
            "unsubscribed",
            "cleaned",
        }:
            detail = (
                f"{member.email} is in a compliance state due to unsubscribe, bounce, "
                "or compliance review and cannot be subscribed."
            )
            raise Refused(400, "Member In Compliance State", detail)
        self._write(member, body, now, skip=skip)
        if status:
            member.status, member.status_before = status, ""
        if digest(email) != member.hash:
            del self.members[member.hash]
            self.members[digest(email)] = member
        member.email = email

    def archive(self, member: Member, now: datetime) -> None:
        """Put a member aside; Mailchimp keeps all that it knows of them."""
        if member.status in {"cleaned", "pending", "archived"}:
            raise not_allowed(
                "This list member cannot be removed. "
                "Can not archive a contact that is bounced, pending or archived"
            )
        member.status, member.status_before, member.changed = "archived", member.status, now

    def forget(self, subscriber_hash: str) -> Member:
        """Delete a member for ever; only the hash is taken, no address and no contact id."""
        member = self.known(subscriber_hash)
        if not member:
            raise missing()
        del self.members[member.hash]
        self.forgotten.add(member.hash)
        return member

    def tag(self, member: Member, name: str, now: datetime, *, active: bool = True) -> None:
        """Put a tag on a member or take it off; a new tag gets an id."""
        if active:
            self.tag_ids.setdefault(name, next(self.counter))
            member.tags.setdefault(name, now)
        else:
            member.tags.pop(name, None)

    def _claim(self, email: Any) -> None:
        """Refuse an address that is none, is taken, or was forgotten."""
        if not isinstance(email, str) or email.count("@") != 1 or "." not in email.split("@")[1]:
            raise invalid(detail="Please provide a valid email address.")
        if digest(email) in self.forgotten:
            detail = (
                f"{email} was permanently deleted and cannot be re-imported. "
                "The contact must re-subscribe to get back on the list."
            )
            raise Refused(400, "Forgotten Email Not Subscribed", detail)
        if self.known(digest(email)):
            detail = f"{email} is already a list member. Use PUT to insert or update list members."
            raise Refused(400, "Member Exists", detail)

    def _write(self, member: Member, body: Json, now: datetime, *, skip: bool) -> None:
        """Write what the body names; merge tags that the audience lacks are dropped silently."""
        sent = body.get("merge_fields", {})
        merged = {
            one.tag: _stored(
                one, sent[one.tag] if one.tag in sent else member.merge_fields[one.tag]
            )
            for one in self.columns
            if one.tag in sent or one.tag in member.merge_fields
        }
        complaints = [(one.tag, one.complaint(merged.get(one.tag, ""))) for one in self.columns]
        if not skip and (errors := [pair for pair in complaints if pair[1]]):
            raise invalid(*errors, detail="Your merge fields were invalid.")
        member.merge_fields = merged
        for name in ("email_type", "language", "vip", "ip_signup", "ip_opt"):
            if name in body:
                member.traits[name] = body[name]
        for name in ("timestamp_signup", "timestamp_opt"):
            if name in body:
                member.traits[name] = told(heard(str(body[name]), name))
        for name in ("interests", "location"):
            member.traits[name] = {**member.traits.get(name, {}), **body.get(name, {})}
        for name in body.get("tags", ()):
            self.tag(member, str(name), now)
        member.changed = now


def _stored(column: MergeField, value: Any) -> Any:
    """Return a value as a reply will say it: nothing is empty text, an address has all parts."""
    if column.type == "address" and isinstance(value, dict) and value:
        return {part: str(value.get(part, "")) for part in ADDRESS_PARTS}
    return "" if value in (None, {}) else value


def _checked(body: Json, *also: str) -> Json:
    """Return a body whose fields have the types that Mailchimp asks for."""
    errors = [
        (name, f"Schema describes {word}, {_word(body[name])} found instead")
        for name, (kind, word) in TYPES.items()
        if name in body and not isinstance(body[name], kind)
    ]
    errors += [
        (name, f"Schema describes string, {_word(body[name])} found instead")
        for name in also
        if name in body and not isinstance(body[name], str)
    ]
    if errors:
        raise invalid(*errors)
    return body


def _word(value: Any) -> str:
    words = {bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return "NULL" if value is None else words.get(type(value), "string")


def _checked_status(status: Any, name: str) -> str:
    if status not in STATUSES:
        raise invalid((name, f"Value must be one of the following: {', '.join(STATUSES)}"))
    return str(status)
