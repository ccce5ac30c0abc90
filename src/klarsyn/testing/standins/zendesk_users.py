"""
Zendesk's users: reading them, and writing them one by one or a hundred at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from klarsyn.testing.serving import Reply
from klarsyn.testing.standins.zendesk_roll import PARTS, ZendeskRoll
from klarsyn.testing.standins.zendesk_wire import (
    MANY,
    Record,
    RefusedError,
    absent,
    number,
    on,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from klarsyn.testing.serving import Request


class ZendeskUsers(ZendeskRoll):
    """The endpoints below /users that read and write users themselves."""

    bulk_import: ClassVar[bool] = True
    """Zendesk opens bulk writes of users to an account on request only."""

    # Reading

    @on("GET", "/users")
    def list_users(self, request: Request) -> Reply:
        """Return the users who are not deleted, of one role or of all."""
        roles = {*request.query.get("role[]", []), *request.query.get("role", [])}
        wanted = request.param("external_id")
        return self.listed(
            request,
            "users",
            [
                user
                for user in self.users.values()
                if user["active"]
                and (not roles or user["role"] in roles)
                and (not wanted or user["external_id"] == wanted)
            ],
        )

    @on("GET", "/users/me")
    def me(self, request: Request) -> Reply:
        """Return the user whose key it is."""
        del request
        return Reply(200, {"user": self.actor})

    @on("GET", "/users/show_many")
    def show_many(self, request: Request) -> Reply:
        """Return up to a hundred users by their ids; ids of nobody are passed over."""
        return Reply(200, {"users": self._chosen(request)})

    @on("GET", "/users/{user_id}")
    def show_user(self, request: Request, user_id: str) -> Reply:
        """Return a user; a deleted one too, as not active."""
        del request
        return Reply(200, {"user": self.find(self.users, user_id)})

    @on("GET", "/users/{user_id}/related")
    def related(self, request: Request, user_id: str) -> Reply:
        """Return how many tickets a user has to do with."""
        del request
        user = self.find(self.users, user_id)["id"]
        counts = {f"{part}_tickets": len(self.tickets_of(user, part)) for part in PARTS}
        return Reply(200, {"user_related": counts | {"organization_subscriptions": 0}})

    @on("GET", "/users/{user_id}/tickets/{part}")
    def users_tickets(self, request: Request, user_id: str, part: str) -> Reply:
        """Return the tickets that a user requested, is copied into, or is assigned."""
        if part not in PARTS:
            return self.not_found(request)
        user = self.find(self.users, user_id)["id"]
        return self.listed(request, "tickets", self.tickets_of(user, part))

    # Writing

    @on("POST", "/users")
    def create_user(self, request: Request) -> Reply:
        """Create a user; an address that somebody has is refused."""
        return self._written(self.save_user(None, request.json().get("user", {})), created=True)

    @on("POST", "/users/create_or_update")
    def create_or_update(self, request: Request) -> Reply:
        """Write the user with this external id or address; 201 for a new one, else 200."""
        given = request.json().get("user", {})
        known = self._same(given)
        return self._written(self.save_user(known, given), created=known is None)

    @on("PUT", "/users/{user_id}")
    def update_user(self, request: Request, user_id: str) -> Reply:
        """Change what is given of a user."""
        user = self._alive(user_id)
        return Reply(200, {"user": self.save_user(user, request.json().get("user", {}))})

    @on("DELETE", "/users/{user_id}")
    def delete_user(self, request: Request, user_id: str) -> Reply:
        """Delete a user softly; the tickets stay."""
        del request
        user = self._alive(user_id)
        self.soft_delete(user)
        return Reply(200, {"user": user})

    @on("POST", "/users/create_or_update_many")
    def create_or_update_many(self, request: Request) -> Reply:
        """Queue the writing of up to a hundred users."""
        given = self._batch(request.json().get("users", []))

        def write(index: int, one: Record) -> Record:
            known = self._same(one)
            user = self.save_user(known, one)
            verb = "create" if known is None else "update"
            return {"index": index, "id": user["id"], **_done(verb)}

        return self._queue("Bulk Create Or Update User", given, write)

    @on("PUT", "/users/update_many")
    def update_many(self, request: Request) -> Reply:
        """Queue one change to many users, or many users each with its own."""
        body = request.json()
        given = self._batch(body.get("users") or self._ids(request))

        def write(index: int, one: Record) -> Record:
            user = self._alive(str(one["id"]))
            self.save_user(user, body.get("user", one))
            return {"index": index, "id": user["id"], **_done("update")}

        return self._queue("Bulk Update User", given, write)

    @on("DELETE", "/users/destroy_many")
    def destroy_many(self, request: Request) -> Reply:
        """Queue the soft deletion of up to a hundred users."""
        self.admins_only()

        def delete(index: int, one: Record) -> Record:
            user = self._alive(str(one["id"]))
            self.soft_delete(user)
            return {"index": index, "id": user["id"], **_done("delete")}

        return self._queue("Bulk Delete User", self._batch(self._ids(request)), delete)

    # Which users a request means

    def _alive(self, user_id: str) -> Record:
        user = self.find(self.users, user_id)
        if not user["active"]:
            raise absent()
        return user

    def _same(self, given: Record) -> Record | None:
        """Return the user with the given external id (in any case) or address."""
        wanted = str(given.get("external_id") or "").lower()
        for user in self.users.values():
            if wanted and user["active"] and str(user["external_id"] or "").lower() == wanted:
                return user
        return self.user_of(str(given.get("email") or "-"))

    def _chosen(self, request: Request) -> list[Record]:
        if names := request.param("external_ids"):
            wanted = {name.lower() for name in names.split(",")}
            self._batch([{} for _ in wanted])
            users = self.users.values()
            return [user for user in users if str(user["external_id"]).lower() in wanted]
        ids = [number(one, "ids") for one in request.param("ids").split(",") if one]
        self._batch([{} for _ in ids])
        return [self.users[one] for one in ids if one in self.users]

    def _ids(self, request: Request) -> list[Record]:
        if request.param("external_ids"):
            return [{"id": user["id"]} for user in self._chosen(request)]
        return [{"id": number(one, "ids")} for one in request.param("ids").split(",") if one]

    def _batch(self, given: list[Record]) -> list[Record]:
        if len(given) > MANY:
            raise refused(400, "TooManyValues", f"At most {MANY} at once")
        return given

    def _queue(
        self, job_type: str, given: list[Record], write: Callable[[int, Record], Record]
    ) -> Reply:
        if not self.bulk_import:
            raise refused(403, "Forbidden", "Bulk imports of users are not open to this account")
        return self.start_job(job_type, len(given), lambda: list(_each(given, write)))

    def _written(self, user: Record, *, created: bool) -> Reply:
        where = {"Location": self.address(f"users/{user['id']}")}
        return Reply(201 if created else 200, {"user": user}, where)


def _done(verb: str) -> Record:
    return {"action": verb, "status": f"{verb.capitalize()}d", "success": True}


def _each(given: Iterable[Record], write: Callable[[int, Record], Record]) -> Iterable[Record]:
    """Do a job row by row; what is refused is told in its row."""
    for index, one in enumerate(given):
        try:
            yield write(index, one)
        except RefusedError as refusal:
            told = refusal.reply.body
            yield {
                "index": index,
                "id": one.get("id", 0),
                "action": "update" if "id" in one else "create",
                "success": False,
                "error": told["error"],
                "details": str(told.get("details", told["description"])),
            }
