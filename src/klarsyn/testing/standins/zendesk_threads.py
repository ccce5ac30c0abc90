"""
A Zendesk ticket with its comments, and what happens to them when they are written or redacted.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from klarsyn.testing.standins.zendesk_roll import ZendeskRoll
from klarsyn.testing.standins.zendesk_wire import Record, invalid, wire_time

_WRITABLE = (
    "subject",
    "status",
    "priority",
    "type",
    "tags",
    "external_id",
    "requester_id",
    "assignee_id",
    "organization_id",
    "group_id",
    "custom_fields",
    "email_cc_ids",
)
_MARK = re.compile(r"</?redact>")
_TAG = re.compile(r"(<\w+)([^>]*) redact>")
"""An element that is to lose what its attributes say."""
_SPAN = re.compile(r"<redact>(.*?)</redact>", re.DOTALL)
BLOCK = "\N{LOWER SEVEN EIGHTHS BLOCK}"
"""What Zendesk puts for every redacted character."""


class ZendeskThreads(ZendeskRoll):
    """The tickets of a desk."""

    def save_ticket(self, ticket: Record | None, given: Record) -> Record:
        """Write a ticket, and its next comment where one is given."""
        if ticket and ticket["status"] == "closed":
            raise invalid("status", "Status: a closed ticket cannot be changed")
        if not ticket and not given.get("comment"):
            raise invalid("base", "Description: cannot be blank", "BlankValue")
        ticket = ticket or self.new_ticket(self._requester(given))
        ticket |= {name: given[name] for name in _WRITABLE if name in given}
        ticket["raw_subject"] = ticket["subject"]
        if comment := given.get("comment"):
            self.add_comment(ticket, comment)
            if comment.get("public", True):
                email = self.users[ticket["requester_id"]]["email"]
                self.mails.append((str(email), f"news on ticket {ticket['id']}"))
        self.touch_ticket(ticket)
        return ticket

    def _requester(self, given: Record) -> Record:
        """Return who asks; somebody new becomes a user, and gets a mail."""
        if person := given.get("requester"):
            known = self.user_of(str(person.get("email") or "-"))
            return known or self.save_user(None, person)
        chosen = given.get("requester_id", self.actor.get("id"))
        if chosen not in self.users:
            raise invalid("requester", "Requester: is nobody", "InvalidValue")
        return self.users[chosen]

    def new_ticket(self, requester: Record, channel: str = "api") -> Record:
        """Return a ticket without a word in it yet."""
        ticket_id = self.new_id()
        source: dict[str, Any] = {"from": {}, "to": {}, "rel": None}
        if channel == "email":
            source["from"] = {"address": requester["email"], "name": requester["name"]}
            source["to"] = {"address": "support@klarpris.example", "name": "KlarPris"}
        ticket = {
            "id": ticket_id,
            "url": self.address(f"tickets/{ticket_id}"),
            "external_id": "",
            "via": {"channel": channel, "source": source},
            "created_at": self.now(),
            "updated_at": self.now(),
            "generated_timestamp": 0,
            "type": "question",
            "subject": "",
            "raw_subject": "",
            "description": "",
            "priority": "normal",
            "status": "new",
            "recipient": "support@klarpris.example",
            "requester_id": requester["id"],
            "submitter_id": requester["id"],
            "assignee_id": None,
            "organization_id": requester["organization_id"],
            "group_id": 0,
            "collaborator_ids": [],
            "follower_ids": [],
            "email_cc_ids": [],
            "due_at": None,
            "has_incidents": False,
            "is_public": True,
            "tags": [],
            "custom_fields": [],
            "satisfaction_rating": {"score": "unoffered"},
            "sharing_agreement_ids": [],
            "followup_ids": [],
            "brand_id": 1,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
        }
        self.tickets[ticket_id] = ticket
        self.comments[ticket_id] = []
        return ticket

    def add_comment(self, ticket: Record, given: Record) -> Record:
        """Add a comment; the first one is the ticket's description."""
        body = str(given.get("body", ""))
        comment = {
            "id": self.new_id(),
            "type": "Comment",
            "author_id": given.get("author_id", self.actor.get("id")),
            "attachments": [],
            "audit_id": self.new_id(),
            "public": bool(given.get("public", True)),
            "created_at": self.now(),
            "via": ticket["via"],
            "metadata": {
                "system": {
                    "client": "Mozilla/5.0",
                    "ip_address": "192.0.2.17",
                    "location": "Nordenby, 84, Denmark",
                    "latitude": 55.0,
                    "longitude": 12.0,
                },
                "custom": {},
            },
        }
        self.reword(comment, body)
        self.comments[ticket["id"]].append(comment)
        ticket["description"] = self.comments[ticket["id"]][0]["body"]
        return comment

    def reword(self, comment: Record, body: str, html_body: str | None = None) -> None:
        """Give a comment its words, in all the ways it holds them."""
        marked = f'<div class="zd-comment" dir="auto">{html.escape(body, quote=False)}</div>'
        comment |= {"body": body, "plain_body": body, "html_body": html_body or marked}

    def redact(self, ticket: Record, comment: Record, given: Record) -> None:
        """Black out what stands between <redact> tags in a comment's text or HTML."""
        name = "html_body" if given.get("html_body") else "text"
        marked = str(given.get(name) or "")
        if not (_SPAN.search(marked) or _TAG.search(marked)):
            raise invalid("base", "Nothing is marked for redaction", "BlankValue")
        plain = _MARK.sub("", _TAG.sub(r"\1\2>", marked))
        if plain != comment["html_body" if name == "html_body" else "body"]:
            raise invalid("base", "The text is not the comment's", "InvalidValue")
        hidden = _SPAN.sub(lambda found: BLOCK * len(html.unescape(found[1])), marked)
        hidden = _TAG.sub(r"\1>", hidden)
        if name == "html_body":
            self.reword(comment, html.unescape(re.sub(r"<[^>]+>", "", hidden)), hidden)
        else:
            self.reword(comment, hidden)
        self.settle_thread(ticket)

    def settle_thread(self, ticket: Record) -> None:
        """Let a ticket's description follow its first comment."""
        ticket["description"] = self.comments[ticket["id"]][0]["body"]
        self.touch_ticket(ticket)

    def touch_ticket(self, ticket: Record) -> None:
        """Note that a ticket changed, for search and for incremental exports."""
        when = self.moment()
        ticket |= {"updated_at": wire_time(when), "generated_timestamp": int(when.timestamp())}
        self.stamps["ticket", ticket["id"]] = when.timestamp()
        if ticket["id"] in self.tickets:
            said = " ".join(one["body"] for one in self.comments[ticket["id"]])
            text = f"{ticket['subject']} {said}"
            self.index.put(("ticket", ticket["id"]), when, ticket, text)
        else:
            self.index.drop(("ticket", ticket["id"]), when)

    # Deletion

    def trash_ticket(self, ticket: Record) -> None:
        """Delete a ticket softly."""
        self.deleted_tickets[ticket["id"]] = {
            "id": ticket["id"],
            "subject": ticket["subject"],
            "actor": {"id": self.actor["id"], "name": self.actor["name"]},
            "deleted_at": self.now(),
            "previous_state": ticket["status"],
        }
        self.trash[ticket["id"]] = self.tickets.pop(ticket["id"])
        ticket["status"] = "deleted"
        self.touch_ticket(ticket)

    def erase_ticket(self, ticket_id: int) -> None:
        """Delete a trashed ticket for good; exports still tell that there was one."""
        del self.deleted_tickets[ticket_id]
        del self.comments[ticket_id]
        ticket = self.trash[ticket_id]
        scrubbed = dict.fromkeys(("subject", "raw_subject", "description"), "SCRUBBED")
        via = {"channel": ticket["via"]["channel"], "source": {"from": {}, "to": {}, "rel": None}}
        ticket |= {**scrubbed, "via": via, "custom_fields": [], "tags": []}
        ticket["satisfaction_rating"] = {"score": "unoffered"}
        for one in [one for one in self.ratings.values() if one["ticket_id"] == ticket_id]:
            del self.ratings[one["id"]]
        self.touch_ticket(ticket)

    def settle(self) -> None:
        """Do what is due, and purge the tickets that lay in the trash long enough."""
        super().settle()
        due = wire_time(self.clock.now() - timedelta(days=self.kept_days))
        for one in list(self.deleted_tickets.values()):
            if one["deleted_at"] <= due:
                self.erase_ticket(one["id"])
