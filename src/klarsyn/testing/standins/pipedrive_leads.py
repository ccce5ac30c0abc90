"""
What else is left of Pipedrive's first version: mail, leads and users.
"""

from __future__ import annotations

import uuid
from typing import Any

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.pipedrive_notes import PipedriveNotes, mail
from klarsyn.testing.standins.pipedrive_wire import (
    Record,
    checked,
    exact,
    given,
    refuse,
    since,
    stamp,
    start_paged,
    succeeded,
    whole,
)

_LEAD: dict[str, type] = {
    "title": str,
    "owner_id": int,
    "person_id": int,
    "organization_id": int,
    "value": dict,
} | {"is_archived": bool, "expected_close_date": str, "was_seen": bool, "label_ids": list}


class PipedriveLeads(PipedriveNotes):
    """Routes of v1 that need no other record."""

    # Mail

    @route("GET", "/api/v1/mailbox/mailMessages/{number}")
    def getmail(self, request: Request, number: str) -> Reply:
        """One message, without its body."""
        del request
        return succeeded(mail(self._mails(number, "id")[0]))

    @route("GET", "/api/v1/mailbox/mailThreads/{number}/mailMessages")
    def get_mails_of_thread(self, request: Request, number: str) -> Reply:
        """The messages of a thread."""
        del request
        return succeeded([mail(one) for one in self._mails(number, "mail_thread_id")])

    @route("DELETE", "/api/v1/mailbox/mailThreads/{number}")
    def delete_thread(self, request: Request, number: str) -> Reply:
        """Delete a thread with its messages."""
        del request
        for one in self._mails(number, "mail_thread_id"):
            del self.mails[one["id"]]
        return succeeded({"id": int(number)})

    def _mails(self, number: str, name: str) -> list[Record]:
        found = [one for one in self.mails.values() if str(one[name]) == number]
        if not found:
            raise refuse(404, "Mail not found", "Object was not found.")
        return found

    # Leads

    @route("GET", "/api/v1/leads")
    @route("GET", "/api/v1/leads/archived")
    def get_leads(self, request: Request) -> Reply:
        """Leads, the archived ones apart from the others."""
        archived = request.path.endswith("/archived")
        found = [one for one in self.leads.values() if one["is_archived"] == archived]
        for name in ("owner_id", "person_id", "organization_id"):
            if wanted := whole(request, name):
                found = [one for one in found if one[name] == wanted]
        first = since(request, "updated_since")
        found = [one for one in found if one["update_time"] >= first]
        return start_paged(request, [_lead(one) for one in found])

    @route("POST", "/api/v1/leads")
    def add_lead(self, request: Request) -> Reply:
        """Make a lead about a person or an organization."""
        values = checked(given(request), _LEAD)
        if not values.get("title") or not set(values) & {"person_id", "organization_id"}:
            raise refuse(400, "Bad request", "A lead needs a title and a person or organization.")
        lead = self.new_lead(**values)
        self.remember("leads", lead)
        return succeeded(_lead(lead), 201)

    @route("GET", "/api/v1/leads/{number}")
    def get_lead(self, request: Request, number: str) -> Reply:
        """One lead, archived or not."""
        del request
        return succeeded(_lead(self._lead(number)))

    @route("PATCH", "/api/v1/leads/{number}")
    def update_lead(self, request: Request, number: str) -> Reply:
        """Change what is given."""
        lead = self._lead(number)
        lead |= checked(given(request), _LEAD) | {"update_time": stamp(self.clock.now())}
        self.remember("leads", lead)
        return succeeded(_lead(lead))

    @route("DELETE", "/api/v1/leads/{number}")
    def delete_lead(self, request: Request, number: str) -> Reply:
        """Delete a lead at once and for good."""
        del request
        lead = self._lead(number)
        del self.leads[number]
        self.remember("leads", lead | {"is_deleted": True})
        return succeeded({"id": number})

    def new_lead(self, **values: Any) -> Record:
        """Put a lead into the account."""
        now = stamp(self.clock.now())
        number = str(uuid.UUID(int=self.number("leads")))
        lead = (
            {"id": number}
            | dict.fromkeys(("person_id", "organization_id", "origin_id", "channel"))
            | dict.fromkeys(("channel_id", "source_deal_id", "value", "expected_close_date"))
            | {"next_activity_id": None, "owner_id": 1, "creator_id": 1, "label_ids": []}
            | {"source_name": "API", "origin": "API", "is_archived": False, "was_seen": True}
            | {"visible_to": "3", "cc_email": f"klarpris+{number}@pipedrivemail.example"}
            | {"add_time": now, "update_time": now, "custom_fields": {}}
            | values
        )
        self.leads[number] = lead
        return lead

    def _lead(self, number: str) -> Record:
        if number not in self.leads:
            raise refuse(404, "requested lead not found", "Object was not found.")
        return self.leads[number]

    # Users

    @route("GET", "/api/v1/users")
    def get_users(self, request: Request) -> Reply:
        """The colleagues who work in the account."""
        del request
        return succeeded([dict(one) for one in self.users])

    @route("GET", "/api/v1/users/me")
    def get_me(self, request: Request) -> Reply:
        """Whose key it is, and which company's."""
        company = {"company_id": 1, "company_name": "KlarPris", "company_country": "DK"}
        company |= {"company_domain": self.secrets["company"], "company_industry": "Software"}
        del request
        language = {"language": {"language_code": "da", "country_code": "DK"}}
        return succeeded(self.users[0] | company | language)


def _lead(lead: Record) -> Record:
    """Return a lead: values of the company's own fields stand beside the others, by their keys."""
    shown = {name: one for name, one in lead.items() if name != "custom_fields"}
    instants = {name: exact(lead[name]) for name in ("add_time", "update_time")}
    custom: Record = lead["custom_fields"]
    return shown | instants | custom
