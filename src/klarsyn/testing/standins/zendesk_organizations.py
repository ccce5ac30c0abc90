"""
Zendesk's organizations, who belongs to them, and the definitions of custom fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.testing.serving import Reply
from klarsyn.testing.standins.zendesk_desk import ZendeskDesk
from klarsyn.testing.standins.zendesk_wire import Record, absent, invalid, on, refused, wire_time

if TYPE_CHECKING:
    from klarsyn.testing.serving import Request

_WRITABLE = ("name", "details", "notes", "external_id", "domain_names", "tags", "group_id")


class ZendeskOrganizations(ZendeskDesk):
    """The endpoints of organizations, memberships and fields."""

    @on("GET", "/organizations")
    def list_organizations(self, request: Request) -> Reply:
        """Return all organizations."""
        return self.listed(request, "organizations", self.organizations.values())

    @on("GET", "/organizations/search")
    def search_organizations(self, request: Request) -> Reply:
        """Return the organizations with exactly this name or external id, in any case."""
        names = [name for name in ("external_id", "name") if request.param(name)]
        if len(names) != 1:
            raise refused(400, "InvalidValue", "Either external_id or name")
        wanted = request.param(names[0]).lower()
        found = self.index.known("organization", self.seen_until())
        same = [one for one, _ in found if str(one[names[0]] or "").lower() == wanted]
        return self.by_offset(request, "organizations", same, self.offset_depth)

    @on("GET", "/organizations/{organization_id}")
    def show_organization(self, request: Request, organization_id: str) -> Reply:
        """Return an organization."""
        del request
        return Reply(200, {"organization": self.find(self.organizations, organization_id)})

    @on("POST", "/organizations")
    def create_organization(self, request: Request) -> Reply:
        """Create an organization whose name no other has."""
        made = self.save_organization(None, request.json().get("organization", {}))
        return Reply(201, {"organization": made}, {"Location": made["url"]})

    @on("POST", "/organizations/create_or_update")
    def create_or_update_organization(self, request: Request) -> Reply:
        """Write the organization with this id or external id; its name does not identify it."""
        given = request.json().get("organization", {})
        known = self.organizations.get(given.get("id", 0))
        external = given.get("external_id")
        for one in self.organizations.values():
            if external and one["external_id"] == external:
                known = one
        saved = self.save_organization(known, given)
        return Reply(200 if known else 201, {"organization": saved}, {"Location": saved["url"]})

    @on("PUT", "/organizations/{organization_id}")
    def update_organization(self, request: Request, organization_id: str) -> Reply:
        """Change what is given of an organization."""
        known = self.find(self.organizations, organization_id)
        saved = self.save_organization(known, request.json().get("organization", {}))
        return Reply(200, {"organization": saved})

    @on("DELETE", "/organizations/{organization_id}")
    def delete_organization(self, request: Request, organization_id: str) -> Reply:
        """Delete an organization; its users stay, without one."""
        del request
        gone = self.find(self.organizations, organization_id)["id"]
        del self.organizations[gone]
        self.index.drop(("organization", gone), self.clock.now())
        for one in [one for one in self.memberships.values() if one["organization_id"] == gone]:
            del self.memberships[one["id"]]
            self.users[one["user_id"]]["organization_id"] = None
        return Reply(204)

    @on("GET", "/organization_memberships")
    def list_memberships(self, request: Request) -> Reply:
        """Return who belongs where."""
        return self.listed(request, "organization_memberships", self.memberships.values())

    @on("GET", "/users/{user_id}/organization_memberships")
    def users_memberships(self, request: Request, user_id: str) -> Reply:
        """Return where one user belongs."""
        user = self.find(self.users, user_id)["id"]
        mine = [one for one in self.memberships.values() if one["user_id"] == user]
        return self.listed(request, "organization_memberships", mine)

    @on("GET", "/user_fields")
    def list_user_fields(self, request: Request) -> Reply:
        """Return the definitions of users' custom fields."""
        return self.listed(request, "user_fields", self.fields["user"])

    @on("GET", "/organization_fields")
    def list_organization_fields(self, request: Request) -> Reply:
        """Return the definitions of organizations' custom fields."""
        return self.listed(request, "organization_fields", self.fields["organization"])

    @on("GET", "/ticket_fields")
    def list_ticket_fields(self, request: Request) -> Reply:
        """Return the definitions of tickets' fields, Zendesk's own among them."""
        return self.listed(request, "ticket_fields", self.fields["ticket"])

    @on("GET", "/oauth/tokens")
    def list_tokens(self, request: Request) -> Reply:
        """Return what the tokens of OAuth may do; of each its first ten characters."""
        self.admins_only()
        tokens = [
            {
                "id": number,
                "url": self.address(f"oauth/tokens/{number}"),
                "token": token[:10],
                "scopes": sorted(scopes),
                "user_id": self.actor["id"],
                "client_id": 1,
                "created_at": self.now(),
                **({"expires_at": self.oauth_ends[token]} if token in self.oauth_ends else {}),
            }
            for number, (token, scopes) in enumerate(self.oauth.items(), 1)
        ]
        return self.listed(request, "tokens", tokens)

    @on("GET", "/job_statuses/{job_id}")
    def show_job(self, request: Request, job_id: str) -> Reply:
        """Return how far a job has come."""
        del request
        if job := self.jobs.get(job_id):
            return Reply(200, {"job_status": self.job_status(job)})
        raise absent()

    def save_organization(self, known: Record | None, given: Record) -> Record:
        """Write an organization; two may not have the same name."""
        name = str(given.get("name") or (known or {}).get("name") or "")
        if not name:
            raise invalid("name", "Name: cannot be blank", "BlankValue")
        for one in self.organizations.values():
            if one["name"].lower() == name.lower() and one is not known:
                raise invalid("name", f"Name: {name} has already been taken", "DuplicateValue")
        saved = known or self._new_organization()
        saved |= {key: given[key] for key in _WRITABLE if key in given}
        keys = {field["key"] for field in self.fields["organization"]}
        values = given.get("organization_fields", {})
        saved["organization_fields"] |= {key: values[key] for key in values if key in keys}
        self.touch_organization(saved)
        return saved

    def touch_organization(self, saved: Record) -> None:
        """Note that an organization changed, for search."""
        when = self.moment()
        saved["updated_at"] = wire_time(when)
        text = f"{saved['name']} {saved['external_id'] or ''}"
        self.index.put(("organization", saved["id"]), when, saved, text)

    def _new_organization(self) -> Record:
        organization_id = self.new_id()
        self.organizations[organization_id] = {
            "id": organization_id,
            "url": self.address(f"organizations/{organization_id}"),
            "name": "",
            "details": "",
            "notes": "",
            "external_id": None,
            "group_id": None,
            "domain_names": [],
            "tags": [],
            "organization_fields": {},
            "shared_comments": False,
            "shared_tickets": False,
            "created_at": self.now(),
            "updated_at": self.now(),
        }
        return self.organizations[organization_id]
