"""
What an organisation has in Plecto: data sources with their registrations, and members.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted, Reply, Request, StandIn, Window, route
from klarsyn.testing.standins.plecto_wire import (
    API,
    Record,
    an_object,
    instant,
    require,
    uuid,
    without,
)

#: What a later POST of a member overwrites: the address is not among it.
OVERWRITTEN = ("name", "display_name", "title", "manager", "teams", "managed_teams", "is_active")
PROVIDER = "KlarPris"
_DATA_SOURCE, _REGISTRATION, _MEMBER, _TEAM = range(1, 5)


class PlectoBoard(StandIn):
    """One organisation: what is kept and how it is shown."""

    #: Of registrations and of all else, each by itself.
    REQUESTS: ClassVar[int] = 3600
    WINDOW_SECONDS: ClassVar[float] = 3600

    # What is there

    def fill(self) -> None:
        """Write everybody's ratings, and a careless comment for some."""
        self.window = Window(self.REQUESTS, self.WINDOW_SECONDS, self.clock)
        self.other_window = Window(self.REQUESTS, self.WINDOW_SECONDS, self.clock)
        self.data_sources: dict[str, Record] = {}
        self.registrations: dict[str, Record] = {}
        self.members: dict[str, Record] = {}
        self.created_silently: list[str] = []
        """Members whom a registration made, for want of a known one."""
        self.teams = [{"uuid": uuid(_TEAM, 1), "name": "Support"}]
        self._number = 0
        names = ("Company", "Company rating", "User rating", "Comment")
        self.ratings = self._open_source("Ratings", names)
        self.deals = self._open_source("Deals", ("Contact",), integration="Pipedrive")
        for person in self.people:
            self._write_of(person)

    def _open_source(self, title: str, names: tuple[str, ...], integration: str = "") -> str:
        fields = [{"name": one, "input": "TextInput", "default_value": ""} for one in names]
        number = self._next(_DATA_SOURCE)
        source = {"uuid": number, "title": title, "fields": fields, "integration": integration}
        self.data_sources[number] = source
        return number

    def _write_of(self, person: InventedPerson) -> None:
        member = self._keep_member(
            {
                "updating_api_provider": PROVIDER,
                "updating_api_provider_id": str(person.number + 1),
                "updating_api_provider_email": person.email if person.number % 2 else "",
                "name": person.name,
                "is_active": person.number % 5 != 0,
            }
        )[1]
        self._plant(person, "members.name")
        if person.number % 2:
            self._plant(person, "members.updating_api_provider_email", expected=False)
        given = {
            "data_source": self.ratings,
            "date": (self.clock.now() - timedelta(days=person.number)).isoformat(),
            "member": member["uuid"],
            "external_id": f"kp-{person.number + 1}",
            "Company": person.company,
            "Company rating": f"{person.number % 5 + 1}",
            "User rating": f"{person.number % 4 + 2}",
        }
        if person.number % 3 == 0:
            given["Comment"] = f"Ask {person.name} at {person.phone}"
            self._plant(person, "registrations.Comment", expected=False)
        self.keep_registration(given)
        self._plant(person, "registrations.member_name")
        self._plant(person, "registrations.Company")
        if person.number % 4 == 0:
            deal = {"data_source": self.deals, "external_id": "", "Contact": person.email}
            self.keep_registration({**given, **deal})
            self._plant(person, "registrations.Contact", expected=False)

    def _plant(self, person: InventedPerson, place: str, *, expected: bool = True) -> None:
        self.planted.append(Planted(person, place, expected))

    def _next(self, kind: int) -> str:
        self._number += 1
        return uuid(kind, self._number)

    # Data sources, teams, members

    @route("GET", f"{API}/datasources/")
    def list_data_sources(self, request: Request) -> Reply:
        """All data sources, in one list without an envelope."""
        del request
        return Reply(200, [without(one, "integration") for one in self.data_sources.values()])

    @route("POST", f"{API}/datasources/")
    def open_data_source(self, request: Request) -> Reply:
        """Open a data source; its fields are fixed from then on."""
        given = an_object(request.json())
        require(given, "title", "fields")
        number = self._open_source(given["title"], ())
        defaults = {"input": "TextInput", "default_value": ""}
        self.data_sources[number]["fields"] = [defaults | one for one in given["fields"]]
        return Reply(201, without(self.data_sources[number], "integration"))

    @route("GET", f"{API}/teams/")
    def list_teams(self, request: Request) -> Reply:
        """All teams, in one list."""
        del request
        return Reply(200, self.teams)

    @route("GET", f"{API}/members/")
    def list_members(self, request: Request) -> Reply:
        """All members, inactive ones too, in one list."""
        del request
        return Reply(200, list(self.members.values()))

    @route("POST", f"{API}/members/")
    def write_member(self, request: Request) -> Reply:
        """Make a member, or overwrite the one whom the provider's number means."""
        given = an_object(request.json())
        require(given, "updating_api_provider", "updating_api_provider_id")
        made, member = self._keep_member(given)
        return Reply(201 if made else 200, member)

    def _keep_member(self, given: Record) -> tuple[bool, Record]:
        """Return whether a member was made, and the member; a known address stays."""
        keys = (given["updating_api_provider"], str(given["updating_api_provider_id"]))
        known = self._member_of(*keys)
        if known is None:
            require(given, "name")
            known = dict.fromkeys(OVERWRITTEN, "") | {
                "uuid": self._next(_MEMBER),
                "updating_api_provider": keys[0],
                "updating_api_provider_id": keys[1],
                "updating_api_provider_email": "",
                "is_active": True,
                "teams": [],
                "managed_teams": [],
            }
        made = known["uuid"] not in self.members
        self.members[known["uuid"]] = known
        known |= {name: given[name] for name in OVERWRITTEN if name in given}
        address = known["updating_api_provider_email"]
        known["updating_api_provider_email"] = address or given.get(
            "updating_api_provider_email", ""
        )
        return made, known

    def _member_of(self, provider: str, number: str) -> Record | None:
        for one in self.members.values():
            if (one["updating_api_provider"], one["updating_api_provider_id"]) == (
                provider,
                number,
            ):
                return one
        return None

    # Keeping registrations

    def keep_registration(self, given: Record, number: str = "") -> Record:
        """Keep a registration in the place of the one that has its number or reference."""
        source, reference = given["data_source"], str(given.get("external_id") or "")
        reference = reference or str(given.get("reference") or "")
        known = [
            one["uuid"]
            for one in self.registrations.values()
            if reference and (one["data_source"], one["external_id"]) == (source, reference)
        ]
        number = number or next(iter(known), "") or self._next(_REGISTRATION)
        fields = self.data_sources[source]["fields"]
        own = {one["name"]: given.get(one["name"], one["default_value"]) for one in fields}
        kept = {
            **own,
            "uuid": number,
            "data_source": source,
            "date": instant(given["date"]),
            "member": given.get("member") or self._member_named(given),
            "external_id": reference,
        }
        self.registrations[number] = kept
        return kept

    def _member_named(self, given: Record) -> str:
        """Return the member whom a registration means, who is made if unknown; nothing tells."""
        provider, number = given["member_api_provider"], str(given["member_api_id"])
        known = self._member_of(provider, number)
        if known is None:
            keys = {"updating_api_provider": provider, "updating_api_provider_id": number}
            _, known = self._keep_member({**keys, "name": given["member_name"]})
            self.created_silently.append(known["uuid"])
        found: str = known["uuid"]
        return found

    def shown(self, kept: Record) -> Record:
        """A registration on the wire: the name of its member stands in it."""
        member = self.members[kept["member"]]
        return kept | {
            "date": kept["date"].isoformat(),
            "member_api_provider": member["updating_api_provider"],
            "member_api_id": member["updating_api_provider_id"],
            "member_name": member["name"],
            "reference": kept["external_id"],
        }
