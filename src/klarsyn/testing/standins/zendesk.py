"""
A stand-in for Zendesk Support: KlarPris's help desk, with what agents write where they should not.

Nothing here was tried against Zendesk itself. No document says how a deleted requester's open
tickets are treated, what an export shows of a ticket deleted for good, or the words of most errors.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.zendesk_erasure import ZendeskErasure
from klarsyn.testing.standins.zendesk_organizations import ZendeskOrganizations
from klarsyn.testing.standins.zendesk_search import ZendeskSearch
from klarsyn.testing.standins.zendesk_tickets import ZendeskTickets
from klarsyn.testing.standins.zendesk_users import ZendeskUsers
from klarsyn.testing.standins.zendesk_wire import ADMIN, HOST, Record

if TYPE_CHECKING:
    from klarsyn.testing.people import InventedPerson

AGENT = "support@klarpris.example"


class ZendeskStandIn(
    ZendeskUsers, ZendeskErasure, ZendeskOrganizations, ZendeskTickets, ZendeskSearch
):
    """
    A help desk with an administrator, an agent, and the people who wrote to it.

    Of four people or more, the last is known from a suspended mail only, the one before is a
    deleted user, and the one before that has a ticket in the trash.
    """

    def fill(self) -> None:
        """Let everybody in a year ago, delete some yesterday, and note what lies where."""
        self.backdated = self.clock.now() - timedelta(days=365)
        self.fields = {
            "user": [self._field("user", "customer_no", "Customer no.")],
            "organization": [self._field("organization", "vat_no", "VAT no.")],
            "ticket": [
                self._ticket_field("Subject", "subject"),
                self._ticket_field("Ref.", "text"),
            ],
        }
        for name, email, role in (("Desk Admin", ADMIN, "admin"), ("Desk Agent", AGENT, "agent")):
            self.actor = self._user(name, email, role)
        everybody = list(self.people)
        if len(everybody) > 3:  # noqa: PLR2004  (see the docstring)
            self._suspended(everybody.pop())
        users = [self._person(person) for person in everybody]
        if len(everybody) < len(self.people):
            self.backdated = self.clock.now() - timedelta(days=1)
            self._trash(everybody[-2], users[-2])
            self._delete(everybody[-1], users[-1])
        self.backdated = None

    def _person(self, person: InventedPerson) -> Record:
        user = self._user(person.name, person.email)
        self._plant(person, "user.name", "user.email", "identity.value")
        self._organization(person, user)
        user["notes"] = f"{person.first_name} asks for a call back in the afternoon"
        user["details"] = f"Met {person.name} at the fair"
        self._plant(person, "user.notes", "user.details")
        self._extras(person, user)
        self.touch_user(user)
        self._ticket(person, user)
        return user

    def _extras(self, person: InventedPerson, user: Record) -> None:
        """Give some people what the register does not declare."""
        extra = ("phone", "field", "tags")[person.number % 3]
        if extra == "phone":
            user["phone"] = person.phone
            self.add_identity(user, {"type": "phone_number", "value": person.phone}, quiet=True)
            self._plant(person, "user.phone", "identity.value", expected=False)
        if extra == "field":
            second = f"home.{person.email}"
            self.add_identity(user, {"type": "email", "value": second}, quiet=True)
            user["user_fields"]["customer_no"] = f"{person.organisation_number} {person.phone}"
            self._plant(person, "user.user_fields.customer_no", expected=False)
        if extra == "tags":
            user["tags"] = [person.last_name.lower(), "vip"]
            self._plant(person, "user.tags", expected=False)

    def _organization(self, person: InventedPerson, user: Record) -> None:
        organization = self.save_organization(
            None,
            {
                "name": person.company,
                "external_id": f"org-{person.number}",
                "notes": f"{person.name} decides",
                "details": person.street,
                "organization_fields": {"vat_no": person.organisation_number},
            },
        )
        self.join(user, organization)
        self._plant(person, "organization.notes")
        self._plant(person, "organization.details", expected=False)

    def _ticket(self, person: InventedPerson, user: Record) -> None:
        ticket = self.new_ticket(user, "email")
        ticket["subject"] = ticket["raw_subject"] = f"Offer for {person.first_name}"
        ticket["status"] = ("open", "pending", "solved", "closed")[person.number % 4]
        ticket["assignee_id"] = self.actor["id"]
        asked = {"author_id": user["id"], "body": f"Hello, call me on {person.phone}"}
        noted = {"body": f"{person.name} seems to be in a hurry", "public": False}
        public, _ = self.add_comment(ticket, asked), self.add_comment(ticket, noted)
        self._plant(person, "comment.body")
        public_places = ("ticket.subject", "ticket.description", "ticket.via.source.from")
        self._plant(person, *public_places, "public comment.body", expected=False)
        if person.number % 3 == 0:
            public["attachments"] = [self._file(f"{person.last_name}.pdf")]
            self._plant(person, "attachment.file_name", expected=False)
        if ticket["status"] == "solved":
            self._rate(ticket, f"Thanks, {person.name}")
            self._plant(person, "satisfaction_rating.comment", expected=False)
        self.touch_ticket(ticket)

    def _rate(self, ticket: Record, comment: str) -> None:
        rating_id = self.new_id()
        said = {"id": rating_id, "score": "good", "comment": comment}
        ticket["satisfaction_rating"] = said
        self.ratings[rating_id] = {
            **said,
            "url": self.address(f"satisfaction_ratings/{rating_id}"),
            "ticket_id": ticket["id"],
            "requester_id": ticket["requester_id"],
            "assignee_id": ticket["assignee_id"],
            "group_id": ticket["group_id"],
            "created_at": self.now(),
            "updated_at": self.now(),
        }

    def _suspended(self, person: InventedPerson) -> None:
        suspended_id = self.new_id()
        sender = {"address": person.email, "name": person.name}
        target = {"address": AGENT, "name": "KlarPris"}
        self.suspended[suspended_id] = {
            "id": suspended_id,
            "url": self.address(f"suspended_tickets/{suspended_id}"),
            "author": {"email": person.email, "id": 0, "name": person.name},
            "subject": f"From {person.first_name}",
            "content": f"{person.name}, {person.phone}",
            "cause": "Detected as spam",
            "cause_id": 0,
            "message_id": f"<{suspended_id}@mail.example>",
            "recipient": AGENT,
            "via": {"channel": "email", "source": {"from": sender, "to": target, "rel": None}},
            "attachments": [],
            "brand_id": 1,
            "created_at": self.now(),
            "updated_at": self.now(),
        }
        places = ("author", "content", "subject", "via.source.from")
        self._plant(person, *(f"suspended_ticket.{place}" for place in places), expected=False)

    def _trash(self, person: InventedPerson, user: Record) -> None:
        for ticket in self.tickets_of(user["id"], "requested"):
            self.trash_ticket(ticket)
        self._uproot(person, "comment", "public comment", "attachment")
        self._plant(person, "deleted_ticket.subject", expected=False)

    def _delete(self, person: InventedPerson, user: Record) -> None:
        self.soft_delete(user)
        self._uproot(person, "identity")
        self._plant(person, "deleted_user.email", "deleted_user.name", expected=False)

    def _user(self, name: str, email: str, role: str = "end-user") -> Record:
        user = self.new_user(name, role)
        self.add_identity(user, {"type": "email", "value": email}, quiet=True)
        self.touch_user(user)
        return user

    def _file(self, name: str) -> Record:
        file_id = self.new_id()
        return {
            "id": file_id,
            "url": self.address(f"attachments/{file_id}"),
            "file_name": name,
            "content_url": f"https://{HOST}/attachments/token/{file_id:032x}/?name={name}",
            "content_type": "application/pdf",
            "size": 2532,
            "inline": False,
            "deleted": False,
            "thumbnails": [],
        }

    def _field(self, kind: str, key: str, title: str) -> Record:
        field_id = self.new_id()
        return {
            "id": field_id,
            "url": self.address(f"{kind}_fields/{field_id}"),
            "key": key,
            "type": "text",
            "title": title,
            "raw_title": title,
            "description": "",
            "raw_description": "",
            "position": 0,
            "active": True,
            "system": False,
            "regexp_for_validation": None,
            "created_at": self.now(),
            "updated_at": self.now(),
        }

    def _ticket_field(self, title: str, kind: str) -> Record:
        field = self._field("ticket", title, title)
        return {name: field[name] for name in field if name not in {"key", "system"}} | {
            "type": kind,
            "required": False,
            "removable": kind == "text",
        }

    def _plant(self, person: InventedPerson, *places: str, expected: bool = True) -> None:
        self.planted.extend(Planted(person, place, expected) for place in places)

    def _uproot(self, person: InventedPerson, *records: str) -> None:
        """Forget what a deletion puts out of every reader's reach."""
        self.planted = [
            one
            for one in self.planted
            if one.person is not person or one.place.partition(".")[0] not in records
        ]
