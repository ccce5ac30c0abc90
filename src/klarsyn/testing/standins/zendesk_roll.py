"""
What happens to a Zendesk user when it is written: addresses add up, and unknown names are dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from klarsyn.testing.standins.zendesk_desk import ZendeskDesk
from klarsyn.testing.standins.zendesk_wire import Record, invalid, wire_time

if TYPE_CHECKING:
    from collections.abc import Callable

_WRITABLE = (
    "name",
    "alias",
    "details",
    "notes",
    "locale",
    "time_zone",
    "role",
    "suspended",
    "tags",
    "signature",
    "verified",
    "phone",
)
OPEN = frozenset({"new", "open", "pending", "hold"})
"""A ticket's statuses until it is solved."""


PARTS: dict[str, Callable[[Record, int], bool]] = {
    "requested": lambda ticket, user_id: bool(ticket["requester_id"] == user_id),
    "ccd": lambda ticket, user_id: user_id in ticket["email_cc_ids"],
    "assigned": lambda ticket, user_id: bool(ticket["assignee_id"] == user_id),
}
"""How a user may have to do with a ticket."""


class ZendeskRoll(ZendeskDesk):
    """The users of a desk, with their addresses."""

    requesters_stay: ClassVar[bool] = False
    """Whether open tickets keep their requester from being deleted; no document says."""

    def tickets_of(self, user_id: int, part: str) -> list[Record]:
        """Return a user's tickets of one kind: requested, ccd or assigned."""
        return [ticket for ticket in self.tickets.values() if PARTS[part](ticket, user_id)]

    def save_user(self, user: Record | None, given: Record) -> Record:
        """Write a user; names that Zendesk does not know are dropped without a word."""
        if not (given.get("name") or user):
            raise invalid("name", "Name: is too short (minimum is one character)")
        email = str(given.get("email") or "")
        self.check_address(email, user)
        user = user or self.new_user(given["name"])
        user |= {name: given[name] for name in _WRITABLE if name in given}
        if "external_id" in given:
            user["external_id"] = given["external_id"]
        known = {field["key"] for field in self.fields["user"]}
        values = given.get("user_fields", {})
        user["user_fields"] |= {name: values[name] for name in values if name in known}
        chosen = given.get("organization_id"), given.get("organization", {}).get("name")
        for one in self.organizations.values():
            if chosen[0] == one["id"] or chosen[1] == one["name"]:
                self.join(user, one)
        quiet = bool(given.get("skip_verify_email"))
        wanted = [{"type": "email", "value": email}] if email else []
        for one in [*wanted, *given.get("identities", [])]:
            self.add_identity(user, one, quiet=quiet)
        self.touch_user(user)
        return user

    def join(self, user: Record, organization: Record) -> None:
        """Let a user belong to an organization, by default."""
        for one in self.memberships.values():
            if (one["user_id"], one["organization_id"]) == (user["id"], organization["id"]):
                return
        membership_id = self.new_id()
        user["organization_id"] = organization["id"]
        self.memberships[membership_id] = {
            "id": membership_id,
            "url": self.address(f"organization_memberships/{membership_id}"),
            "user_id": user["id"],
            "organization_id": organization["id"],
            "organization_name": organization["name"],
            "default": True,
            "view_tickets": True,
            "created_at": self.now(),
            "updated_at": self.now(),
        }

    def check_address(self, email: str, user: Record | None) -> None:
        """Refuse what is no address and what is another user's."""
        if email and "@" not in email:
            raise invalid("email", f"Email: {email} is not properly formatted", "InvalidFormat")
        owner = self.user_of(email) if email else None
        if owner and owner is not user:
            described = f"Email: {email} is already being used by another user"
            raise invalid("email", described, "DuplicateValue")

    def new_user(self, name: str, role: str = "end-user") -> Record:
        """Return a user of whom only the name is known, kept but not yet findable."""
        user_id = self.new_id()
        user = {
            "id": user_id,
            "url": self.address(f"users/{user_id}"),
            "name": name,
            "email": None,
            "created_at": self.now(),
            "updated_at": self.now(),
            "time_zone": "Copenhagen",
            "iana_time_zone": "Europe/Copenhagen",
            "phone": None,
            "shared_phone_number": None,
            "photo": None,
            "locale_id": 1,
            "locale": "en-US",
            "organization_id": None,
            "role": role,
            "verified": False,
            "external_id": None,
            "tags": [],
            "alias": "",
            "active": True,
            "shared": False,
            "shared_agent": False,
            "last_login_at": self.now(),
            "two_factor_auth_enabled": None,
            "signature": "",
            "details": "",
            "notes": "",
            "role_type": None,
            "custom_role_id": None,
            "moderator": False,
            "ticket_restriction": "requested" if role == "end-user" else None,
            "only_private_comments": False,
            "restricted_agent": role == "end-user",
            "suspended": False,
            "report_csv": False,
            "user_fields": {field["key"]: None for field in self.fields["user"]},
        }
        self.users[user_id] = user
        return user

    def add_identity(self, user: Record, given: Record, *, quiet: bool) -> Record:
        """Add an address or number to a user; the first address becomes the primary one."""
        kind, value = given["type"], given["value"]
        for one in self.identities.values():
            if (one["user_id"], one["type"], one["value"].lower()) == (
                user["id"],
                kind,
                value.lower(),
            ):
                return one
        identity_id = self.new_id()
        first = kind == "email" and not user["email"]
        identity = {
            "id": identity_id,
            "url": self.address(f"users/{user['id']}/identities/{identity_id}"),
            "user_id": user["id"],
            "type": kind,
            "value": value,
            "verified": quiet or bool(given.get("verified")),
            "primary": first,
            "created_at": self.now(),
            "updated_at": self.now(),
        }
        if kind == "email":
            identity |= {"undeliverable_count": 0, "deliverable_state": "deliverable"}
            if first:
                user["email"] = value
            if not quiet:
                self.mails.append((value, "verify your address"))
        self.identities[identity_id] = identity
        return identity

    def touch_user(self, user: Record) -> None:
        """Note that a user changed, for search and for incremental exports."""
        when = self.moment()
        user["updated_at"] = wire_time(when)
        self.stamps["user", user["id"]] = when.timestamp()
        if user["active"]:
            names = ("name", "email", "phone", "external_id")
            text = " ".join(str(user[name]) for name in names if user[name])
            self.index.put(("user", user["id"]), when, user, text)
        else:
            self.index.drop(("user", user["id"]), when)

    def soft_delete(self, user: Record) -> None:
        """Take a user off the lists; who has open work to do is kept."""
        parts = ("assigned", "requested") if self.requesters_stay else ("assigned",)
        for part in parts:
            left = [one for one in self.tickets_of(user["id"], part) if one["status"] in OPEN]
            if left:
                described = f"{len(left)} open tickets are {part} by or to {user['name']}"
                raise invalid("base", described)
        user["active"] = False
        self.soft_deleted[user["id"]] = self.moment()
        self.touch_user(user)
