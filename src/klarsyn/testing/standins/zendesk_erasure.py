"""
What becomes of Zendesk's users: addresses made primary or removed, deletion for good, its proof.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.zendesk_roll import ZendeskRoll
from klarsyn.testing.standins.zendesk_wire import SUBDOMAIN, Record, absent, invalid, on, wire_time

_TYPES = frozenset(
    {
        "email",
        "twitter",
        "facebook",
        "google",
        "phone_number",
        "agent_forwarding",
        "any_channel",
        "foreign",
        "sdk",
    }
)
_SHOWN_DELETED = (
    "id",
    "name",
    "email",
    "created_at",
    "updated_at",
    "time_zone",
    "phone",
    "shared_phone_number",
    "photo",
    "locale_id",
    "locale",
    "organization_id",
    "role",
    "active",
)


class ZendeskErasure(ZendeskRoll):
    """The endpoints of identities, of deleted users and of the proof that they are gone."""

    erasures_per_10_minutes: ClassVar[int] = 700
    erasure_seconds: ClassVar[tuple[float, float]] = (6.0, 99.0)
    """When a permanent deletion starts and when it is complete, after the request."""

    # Identities

    @on("GET", "/users/{user_id}/identities")
    def list_identities(self, request: Request, user_id: str) -> Reply:
        """Return a user's addresses and numbers, the primary one among them."""
        kinds = request.query.get("type[]", [])
        mine = [one for one in self._mine(user_id) if not kinds or one["type"] in kinds]
        return self.listed(request, "identities", mine)

    @on("POST", "/users/{user_id}/identities")
    def create_identity(self, request: Request, user_id: str) -> Reply:
        """Add an address or a number."""
        self._mine(user_id)
        user = self.find(self.users, user_id)
        given = request.json().get("identity", {})
        if given.get("type") not in _TYPES or not given.get("value"):
            raise invalid("type", "Type: is not one of the known ones", "InvalidValue")
        self.check_value(given, user)
        quiet = bool(given.get("skip_verify_email"))
        identity = self.add_identity(user, given, quiet=quiet)
        self.touch_user(user)
        return Reply(201, {"identity": identity})

    @on("GET", "/users/{user_id}/identities/{identity_id}")
    def show_identity(self, request: Request, user_id: str, identity_id: str) -> Reply:
        """Return one address or number."""
        del request
        return Reply(200, {"identity": self._one(user_id, identity_id)})

    @on("PUT", "/users/{user_id}/identities/{identity_id}")
    def update_identity(self, request: Request, user_id: str, identity_id: str) -> Reply:
        """Change an identity's value or whether it is verified."""
        identity = self._one(user_id, identity_id)
        user = self.users[identity["user_id"]]
        given = request.json().get("identity", {})
        if "value" in given:
            self.check_value({**identity, **given}, user)
            if user["email"] == identity["value"]:
                user["email"] = given["value"]
        known = {name: given[name] for name in ("value", "verified") if name in given}
        identity |= known | {"updated_at": self.now()}
        self.touch_user(user)
        return Reply(200, {"identity": identity})

    @on("PUT", "/users/{user_id}/identities/{identity_id}/make_primary")
    def make_primary(self, request: Request, user_id: str, identity_id: str) -> Reply:
        """Make an address the one that the user record shows."""
        chosen = self._one(user_id, identity_id)
        user = self.users[chosen["user_id"]]
        for one in self._mine(user_id):
            if one["type"] == chosen["type"]:
                one["primary"] = one is chosen
        if chosen["type"] == "email":
            user["email"] = chosen["value"]
        self.touch_user(user)
        del request
        return Reply(200, {"identities": self._mine(user_id)})

    @on("DELETE", "/users/{user_id}/identities/{identity_id}")
    def delete_identity(self, request: Request, user_id: str, identity_id: str) -> Reply:
        """Remove an address; the primary one stays as long as there is another."""
        del request
        identity = self._one(user_id, identity_id)
        others = [one for one in self._mine(user_id) if one["type"] == "email"]
        if identity["primary"] and identity["type"] == "email" and len(others) > 1:
            raise invalid("base", "The primary address cannot be removed", "InvalidValue")
        user = self.users[identity["user_id"]]
        del self.identities[identity["id"]]
        if user["email"] == identity["value"]:
            user["email"] = None
        self.touch_user(user)
        return Reply(204)

    def check_value(self, given: Record, user: Record) -> None:
        """Refuse an e-mail address that is none or another user's."""
        if given["type"] == "email":
            self.check_address(given["value"], user)

    def _mine(self, user_id: str) -> list[Record]:
        user = self.find(self.users, user_id)
        if not user["active"]:
            raise absent()
        return [one for one in self.identities.values() if one["user_id"] == user["id"]]

    def _one(self, user_id: str, identity_id: str) -> Record:
        return self.find({one["id"]: one for one in self._mine(user_id)}, identity_id)

    # Deleted users

    @on("GET", "/deleted_users")
    def list_deleted_users(self, request: Request) -> Reply:
        """Return all deleted users; of those deleted for good little more than the id."""
        gone = [_shown(self.users[user_id]) for user_id in self.soft_deleted]
        return self.listed(request, "deleted_users", gone)

    @on("GET", "/deleted_users/{user_id}")
    def show_deleted_user(self, request: Request, user_id: str) -> Reply:
        """Return one deleted user."""
        del request
        return Reply(200, {"deleted_user": _shown(self._deleted(user_id))})

    @on("DELETE", "/deleted_users/{user_id}")
    def delete_for_good(self, request: Request, user_id: str) -> Reply:
        """Begin to delete for good a user who is deleted already."""
        self.limit(request, "erasure", self.erasures_per_10_minutes, 600)
        user = self._deleted(user_id)
        self.erasures.setdefault(user["id"], (self.clock.now(), self.actor["id"]))
        return Reply(200, {"deleted_user": _shown(user)})

    @on("GET", "/users/{user_id}/compliance_deletion_statuses")
    def compliance(self, request: Request, user_id: str) -> Reply:
        """Return how far the deletion for good of a user has come."""
        wanted = request.param("application", "all")
        rows = self._steps(self.find(self.users, user_id)["id"])
        kept = [row for row in rows if wanted in {"all", row["application"]}]
        return Reply(200, {"compliance_deletion_statuses": kept})

    def settle(self) -> None:
        """Do what is due, and wipe the users whose deletion is complete."""
        super().settle()
        due = self.clock.now() - timedelta(seconds=self.erasure_seconds[1])
        for user_id, (since, _) in self.erasures.items():
            if since <= due and user_id not in self.scrubbed:
                self._scrub(self.users[user_id])

    def _scrub(self, user: Record) -> None:
        self.scrubbed.add(user["id"])
        lost = dict.fromkeys(("email", "phone", "photo", "external_id"))
        empty = dict.fromkeys(("alias", "details", "notes", "signature"), "")
        fields = dict.fromkeys(user["user_fields"])
        user |= {"name": "Permanently Deleted User", **lost, **empty}
        user |= {"tags": [], "user_fields": fields, "organization_id": None}
        for held in (self.identities, self.memberships):
            for one in [one for one in held.values() if one["user_id"] == user["id"]]:
                del held[one["id"]]
        self.touch_user(user)

    def _deleted(self, user_id: str) -> Record:
        user = self.find(self.users, user_id)
        if user["id"] not in self.soft_deleted:
            raise absent()
        return user

    def _steps(self, user_id: int) -> list[Record]:
        if user_id not in self.erasures:
            return []
        since, executer = self.erasures[user_id]
        starts, ends = (since + timedelta(seconds=one) for one in self.erasure_seconds)
        steps = [
            (since, "request_deletion", "all", executer),
            (starts, "started", "support", None),
            (ends, "complete", "support", None),
        ]
        return [
            {
                "action": action,
                "application": application,
                "account_subdomain": SUBDOMAIN,
                "created_at": wire_time(when),
                "executer_id": by,
                "user_id": user_id,
            }
            for when, action, application, by in steps
            if when <= self.clock.now()
        ]


def _shown(user: Record) -> Record:
    """Return a user as the list of deleted ones shows them."""
    shown = {name: user[name] for name in _SHOWN_DELETED}
    return {"url": user["url"].replace("/users/", "/deleted_users/"), **shown}
