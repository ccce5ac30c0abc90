"""
The users of a company in TeamViewer, their contacts, and the groups that these are in.
"""

from __future__ import annotations

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.teamviewer_people import TeamViewerPeople
from klarsyn.testing.standins.teamviewer_wire import (
    API,
    Record,
    bad,
    body_of,
    held,
    missing,
)

#: What a PUT of a user may set; nothing else of it is kept.
USER_FIELDS = ("email", "name", "userRoleId", "active", "log_sessions", "show_comment_window")


class TeamViewerCompany(TeamViewerPeople):
    """Users, contacts and groups, and the deletion of all of them at once."""

    # The account and its users

    @route("GET", f"{API}/account")
    def read_account(self, request: Request) -> Reply:
        """Whose token it is."""
        del request
        first = self.staff[0]
        account = {"userid": "u1001", "name": first.name, "email": first.email}
        return Reply(200, account | {"company_name": "Invented Support ApS"})

    @route("GET", f"{API}/users")
    def list_users(self, request: Request) -> Reply:
        """All users of the company, in one list; all of their fields only with `full_list`."""
        addresses = {one for one in request.param("email").casefold().split(",") if one}
        named = request.param("name").casefold()
        found = [
            one
            for one in self.users.values()
            if named in one["name"].casefold()
            and (not addresses or one["email"].casefold() in addresses)
        ]
        if request.param("full_list").lower() != "true":
            found = [{"id": one["id"], "name": one["name"]} for one in found]
        return Reply(200, {"users": found})

    @route("POST", f"{API}/users")
    def make_user(self, request: Request) -> Reply:
        """Add a user; an address can have one account only."""
        given = body_of(request, "email", "name")
        if any(one["email"] == given["email"] for one in [*self.users.values()]):
            raise bad("The e-mail address is in use")
        number = self.next_id("u")
        kept = {name: given[name] for name in USER_FIELDS if name in given}
        self.users[number] = {"id": number, "active": True, **kept}
        self.note("UserCreated", given["email"])
        return Reply(200, self.users[number])

    @route("DELETE", f"{API}/users")
    def delete_company(self, request: Request) -> Reply:
        """Delete the whole company of the token: what a forgotten id asks for."""
        del request
        self.company_deletions += 1
        for table in self.company_tables():
            table.clear()
        return Reply(204)

    @route("GET", f"{API}/users/{{number}}")
    def read_user(self, request: Request, number: str) -> Reply:
        """One user, with all fields."""
        del request
        return Reply(200, self._user(number))

    @route("PUT", f"{API}/users/{{number}}")
    def change_user(self, request: Request, number: str) -> Reply:
        """Change what is sent of a user."""
        user, given = self._user(number), body_of(request)
        user |= {name: given[name] for name in USER_FIELDS if name in given}
        self.note("EditUserProperties", user["email"])
        return Reply(204)

    @route("DELETE", f"{API}/users/{{number}}")
    def remove_user(self, request: Request, number: str) -> Reply:
        """Remove a user from the company; the account itself goes only if that is asked for."""
        user = self._user(number)
        del self.users[number]
        permanent = request.param("isPermanentDelete").lower() == "true"
        if not permanent:
            self.left[number] = user
        self.note("UserDeleted" if permanent else "UserRemovedFromCompany", user["email"])
        return Reply(204)

    def _user(self, number: str) -> Record:
        if number not in self.users:
            raise missing("user")
        return self.users[number]

    # Contacts and groups

    @route("GET", f"{API}/contacts")
    def list_contacts(self, request: Request) -> Reply:
        """All contacts, in one list; `name` finds a part of a name, addresses are whole."""
        named = request.param("name").casefold()
        addresses = {one for one in request.param("email").casefold().split(",") if one}
        found = [
            one
            for one in held(request, self.contacts.values(), ("groupid", "online_state"))
            if named in one["name"].casefold()
            and (not addresses or one["email"].casefold() in addresses)
        ]
        return Reply(200, {"contacts": found})

    @route("POST", f"{API}/contacts")
    def make_contact(self, request: Request) -> Reply:
        """Add a contact; with `invite` a mail goes to the address."""
        given = body_of(request, "email", "groupid")
        if given["groupid"] not in self.groups:
            raise missing("group")
        number = self.next_id("c")
        made = {"contact_id": number, "groupid": given["groupid"], "email": given["email"]}
        made |= {"name": given.get("name", given["email"]), "online_state": "Offline"}
        self.contacts[number] = made | {"description": given.get("description", "")}
        if given.get("invite"):
            self.mails.append(given["email"])
        return Reply(200, self.contacts[number])

    @route("GET", f"{API}/contacts/{{number}}")
    def read_contact(self, request: Request, number: str) -> Reply:
        """One contact, in a list of one."""
        del request
        return Reply(200, {"contacts": [self._contact(number)]})

    @route("DELETE", f"{API}/contacts/{{number}}")
    def delete_contact(self, request: Request, number: str) -> Reply:
        """Delete a contact."""
        del request
        del self.contacts[self._contact(number)["contact_id"]]
        return Reply(204)

    def _contact(self, number: str) -> Record:
        if number not in self.contacts:
            raise missing("contact")
        return self.contacts[number]

    @route("GET", f"{API}/groups")
    def list_groups(self, request: Request) -> Reply:
        """All groups, in one list."""
        named = request.param("name").casefold()
        found = [one for one in self.groups.values() if named in one["name"].casefold()]
        return Reply(200, {"groups": found})

    def group_of(self, given: Record) -> str:
        """Return the group that is meant by number or name; an unknown name opens one."""
        if given.get("groupid"):
            if given["groupid"] not in self.groups:
                raise missing("group")
            return str(given["groupid"])
        if not given.get("groupname"):
            raise bad("Missing parameter: groupid, groupname")
        for one in self.groups.values():
            if one["name"] == given["groupname"]:
                return str(one["id"])
        return self.open_group(given["groupname"])
