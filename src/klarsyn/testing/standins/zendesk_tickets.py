"""
Zendesk's tickets: the endpoints of tickets, comments, redaction, trash and suspended mail.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.zendesk_threads import ZendeskThreads
from klarsyn.testing.standins.zendesk_wire import (
    MANY,
    Record,
    RefusedError,
    absent,
    invalid,
    number,
    on,
    refused,
)

_REDACTED = {"file_name": "redacted.txt", "content_type": "text/plain", "size": 2}


class ZendeskTickets(ZendeskThreads):
    """The endpoints of tickets and of what hangs on them."""

    ticket_deletes_per_minute: ClassVar[int] = 400
    ticket_updates_per_10_minutes: ClassVar[int] = 30
    idempotency_hours: ClassVar[int] = 2

    @on("GET", "/tickets")
    def list_tickets(self, request: Request) -> Reply:
        """Return the tickets that are not deleted."""
        wanted = request.param("external_id")
        tickets = self.tickets.values()
        kept = [one for one in tickets if not wanted or one["external_id"] == wanted]
        return self.listed(request, "tickets", kept)

    @on("GET", "/tickets/show_many")
    def show_many_tickets(self, request: Request) -> Reply:
        """Return up to a hundred tickets by their ids."""
        found = [self.tickets[one] for one in self._ids_of(request) if one in self.tickets]
        return Reply(200, {"tickets": found})

    @on("GET", "/tickets/{ticket_id}")
    def show_ticket(self, request: Request, ticket_id: str) -> Reply:
        """Return a ticket; a deleted one is not found."""
        del request
        return Reply(200, {"ticket": self.find(self.tickets, ticket_id)})

    @on("POST", "/tickets")
    def create_ticket(self, request: Request) -> Reply:
        """Create a ticket, once for each Idempotency-Key in two hours."""
        key, now = request.headers.get("idempotency-key", ""), self.clock.now()
        when, body, reply = self.sent.get(key, (now, b"", Reply()))
        if body and now < when + timedelta(hours=self.idempotency_hours):
            if body != request.body:
                raise refused(400, "IdempotentRequestError", "The key came with another body")
            return Reply(reply.status, reply.body, {**reply.headers, _LOOKUP: "hit"})
        ticket = self.save_ticket(None, request.json().get("ticket", {}))
        reply = Reply(201, {"ticket": ticket}, {"Location": ticket["url"]})
        if not key:
            return reply
        self.sent[key] = (now, request.body, reply)
        return Reply(201, reply.body, {**reply.headers, _LOOKUP: "miss"})

    @on("PUT", "/tickets/{ticket_id}")
    def update_ticket(self, request: Request, ticket_id: str) -> Reply:
        """Change a ticket; one ticket takes no more than 30 changes in ten minutes."""
        ticket = self.find(self.tickets, ticket_id)
        key = f"ticket {ticket['id']}"
        if wait := self.wait(key, self.ticket_updates_per_10_minutes, 600):
            # Zendesk answers this limit in plain words (best practices for avoiding rate limiting).
            said, headers = "This ticket was updated too often", {"Retry-After": str(wait)}
            raise RefusedError(Reply(429, said, headers, content_type="text/html"))
        self.save_ticket(ticket, request.json().get("ticket", {}))
        audit = _audit(ticket, self.comments[ticket["id"]][-1], ("id", "type", "body"))
        return Reply(200, {"ticket": ticket, "audit": audit})

    @on("DELETE", "/tickets/{ticket_id}")
    def delete_ticket(self, request: Request, ticket_id: str) -> Reply:
        """Delete a ticket softly."""
        self.limit(request, "delete ticket", self.ticket_deletes_per_minute)
        self.trash_ticket(self.find(self.tickets, ticket_id))
        return Reply(204)

    @on("DELETE", "/tickets/destroy_many")
    def destroy_many_tickets(self, request: Request) -> Reply:
        """Queue the soft deletion of up to a hundred tickets."""
        ids = self._ids_of(request)

        def delete() -> list[Record]:
            for one in ids:
                if one in self.tickets:
                    self.trash_ticket(self.tickets[one])
            return _deleted(ids, self.trash)

        return self.start_job("Bulk Delete Ticket", len(ids), delete)

    @on("GET", "/deleted_tickets")
    def list_deleted_tickets(self, request: Request) -> Reply:
        """Return the tickets in the trash."""
        return self.listed(request, "deleted_tickets", self.deleted_tickets.values())

    @on("DELETE", "/deleted_tickets/{ticket_id}")
    def erase_one(self, request: Request, ticket_id: str) -> Reply:
        """Queue the deletion for good of a ticket in the trash."""
        del request
        return self._erase([self.find(self.deleted_tickets, ticket_id)["id"]])

    @on("DELETE", "/deleted_tickets/destroy_many")
    def erase_many(self, request: Request) -> Reply:
        """Queue the deletion for good of up to a hundred tickets."""
        return self._erase(self._ids_of(request))

    def _erase(self, ids: list[int]) -> Reply:
        def erase() -> list[Record]:
            there = {one for one in ids if one in self.deleted_tickets}
            for one in there:
                self.erase_ticket(one)
            return _deleted(ids, there)

        return self.start_job("Delete Ticket Permanently", len(ids), erase)

    def _ids_of(self, request: Request) -> list[int]:
        ids = [number(one, "ids") for one in request.param("ids").split(",")]
        if len(ids) > MANY:
            raise refused(400, "TooManyValues", f"At most {MANY} at once")
        return ids

    # Comments

    @on("GET", "/tickets/{ticket_id}/comments")
    def list_comments(self, request: Request, ticket_id: str) -> Reply:
        """Return a ticket's comments, the internal ones (not public) too."""
        ticket = self.find(self.tickets, ticket_id)
        return self.listed(request, "comments", self.comments[ticket["id"]])

    @on("GET", "/tickets/{ticket_id}/audits")
    def list_audits(self, request: Request, ticket_id: str) -> Reply:
        """Return what happened to a ticket: one audit for each comment."""
        ticket = self.find(self.tickets, ticket_id)
        audits = [_audit(ticket, comment) for comment in self.comments[ticket["id"]]]
        return self.listed(request, "audits", audits)

    @on("PUT", "/tickets/{ticket_id}/comments/{comment_id}/make_private")
    def make_private(self, request: Request, ticket_id: str, comment_id: str) -> Reply:
        """Turn a public comment into an internal note."""
        del request
        self._comment(self.find(self.tickets, ticket_id), comment_id)["public"] = False
        return Reply(200, '""')

    @on("PUT", "/tickets/{ticket_id}/comments/{comment_id}/redact")
    def redact_string(self, request: Request, ticket_id: str, comment_id: str) -> Reply:
        """Black out a string in a comment of a ticket that is not closed."""
        ticket = self.find(self.tickets, ticket_id)
        if ticket["status"] == "closed":
            raise invalid("status", "Status: a closed ticket cannot be changed")
        comment, text = self._comment(ticket, comment_id), request.json().get("text", "")
        marked = comment["body"].replace(text, f"<redact>{text}</redact>") if text else ""
        self.redact(ticket, comment, {"text": marked})
        return Reply(200, {"comment": comment})

    @on("PUT", "/comment_redactions/{comment_id}")
    def redact_comment(self, request: Request, comment_id: str) -> Reply:
        """Black out what is marked in a comment, in closed tickets too."""
        given = request.json()
        ticket = self.find(self.tickets, str(given.get("ticket_id", "")))
        comment = self._comment(ticket, comment_id)
        urls = given.get("external_attachment_urls") or []
        for file in comment["attachments"]:
            if file["content_url"] in urls:
                file.update(_REDACTED)
        if given.get("html_body") or not urls:
            self.redact(ticket, comment, given)
        return Reply(200, {"comment": comment})

    @on("PUT", "/tickets/{ticket_id}/comments/{comment_id}/attachments/{attachment_id}/redact")
    def redact_attachment(
        self, request: Request, ticket_id: str, comment_id: str, attachment_id: str
    ) -> Reply:
        """Put an empty text file where an attachment was."""
        del request
        comment = self._comment(self.find(self.tickets, ticket_id), comment_id)
        files = {one["id"]: one for one in comment["attachments"]}
        file = self.find(files, attachment_id)
        file |= _REDACTED
        return Reply(200, {"attachment": file})

    def _comment(self, ticket: Record, comment_id: str) -> Record:
        return self.find({one["id"]: one for one in self.comments[ticket["id"]]}, comment_id)

    # What hangs on tickets

    @on("GET", "/satisfaction_ratings")
    def list_ratings(self, request: Request) -> Reply:
        """Return what requesters thought of the answers."""
        return self.listed(request, "satisfaction_ratings", self.ratings.values())

    @on("GET", "/suspended_tickets")
    def list_suspended(self, request: Request) -> Reply:
        """Return mails that did not become tickets, often of people who are no users."""
        return self.listed(request, "suspended_tickets", self.suspended.values())

    @on("GET", "/suspended_tickets/{suspended_id}")
    def show_suspended(self, request: Request, suspended_id: str) -> Reply:
        """Return one suspended mail."""
        del request
        return Reply(200, {"suspended_tickets": [self.find(self.suspended, suspended_id)]})

    @on("DELETE", "/suspended_tickets/{suspended_id}")
    def delete_suspended(self, request: Request, suspended_id: str) -> Reply:
        """Delete one suspended mail at once."""
        del request
        del self.suspended[self.find(self.suspended, suspended_id)["id"]]
        return Reply(204)

    @on("DELETE", "/suspended_tickets/destroy_many")
    def delete_many_suspended(self, request: Request) -> Reply:
        """Delete up to a hundred suspended mails at once."""
        ids = self._ids_of(request)
        if not any(one in self.suspended for one in ids):
            raise absent()
        for one in ids:
            self.suspended.pop(one, None)
        return Reply(204)


_LOOKUP = "x-idempotency-lookup"


_SAID = ("id", "type", "body", "html_body", "public", "author_id", "attachments")


def _audit(ticket: Record, comment: Record, names: tuple[str, ...] = _SAID) -> Record:
    return {
        "id": comment["audit_id"],
        "ticket_id": ticket["id"],
        "created_at": comment["created_at"],
        "author_id": comment["author_id"],
        "metadata": comment["metadata"],
        "via": comment["via"],
        "events": [{name: comment[name] for name in names}],
    }


def _deleted(ids: list[int], gone: set[int] | dict[int, Record]) -> list[Record]:
    """Return the rows of a deletion's job."""
    good = {"action": "delete", "status": "Deleted", "success": True}
    bad = {"action": "delete", "success": False, "error": "RecordNotFound", "details": "Not found"}
    return [
        {"index": index, "id": one, **(good if one in gone else bad)}
        for index, one in enumerate(ids)
    ]
