"""
Who is in a company in TeamViewer: the staff, and customers in their lists.
"""

from __future__ import annotations

from klarsyn.testing import people
from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted, StandIn
from klarsyn.testing.standins.teamviewer_wire import Record, stamp


class TeamViewerPeople(StandIn):
    """Users, contacts, devices and chats at the start."""

    def fill(self) -> None:
        """Hire two, and put everybody into their lists."""
        self.users: dict[str, Record] = {}
        self.left: dict[str, Record] = {}
        """Accounts that were removed from the company and still exist."""
        self.contacts: dict[str, Record] = {}
        self.groups: dict[str, Record] = {}
        self.devices: dict[str, Record] = {}
        self.messages: dict[str, list[Record]] = {}
        self.log: list[Record] = []
        self.mails: list[str] = []
        """Addresses to which an invitation went."""
        self.company_deletions = 0
        """How often somebody deleted the whole company, which one missing id is enough for."""
        self._number = 1000
        self._since = self.clock.now()
        count = len(self.people)
        self.staff = people.draw(count + 2, self._seed())[count:]
        for one in self.staff:
            self._hire(one)
        self.group = self.open_group("Customers")
        for person in self.people:
            self._list(person)

    def company_tables(self) -> list[dict[str, Record]]:
        """Return all that a company has, and that goes with it."""
        return [self.users, self.left, self.contacts, self.groups, self.devices]

    def _seed(self) -> int:
        """Return a seed for the staff, who have numbers of their own behind the customers'."""
        return sum(map(ord, "".join(one.email for one in self.people)))

    def next_id(self, letter: str) -> str:
        """Return a new number, behind the letter that tells what it is of."""
        self._number += 1
        return f"{letter}{self._number}"

    def plant(self, person: InventedPerson, place: str, *, expected: bool = True) -> None:
        """Note where somebody's data lie."""
        self.planted.append(Planted(person, place, expected))

    def note(self, name: str, item: str) -> None:
        """Write into the log, of which nothing can be deleted."""
        event = {
            "EventName": name,
            "EventType": "CompanyAdministration",
            "Timestamp": stamp(self.clock.now()),
            "Author": self.staff[0].email,
            "AffectedItem": item,
            "EventDetails": [],
        }
        self.log.append(event)

    def _hire(self, person: InventedPerson) -> str:
        number = self.next_id("u")
        self.users[number] = {
            "id": number,
            "name": person.name,
            "email": person.email,
            "active": True,
            "last_access_date": stamp(self._since),
            "log_sessions": True,
            "show_comment_window": True,
            "online_state": "Offline",
        }
        self.note("UserCreated", person.email)
        return number

    def open_group(self, name: str) -> str:
        """Open a group of contacts and devices."""
        number = self.next_id("g")
        self.groups[number] = {"id": number, "name": name, "permissions": "owned"}
        return number

    def _list(self, person: InventedPerson) -> None:
        """Put somebody into the lists: as contact, as device, in the chat, some as a user."""
        number = self.next_id("c")
        self.contacts[number] = {
            "contact_id": number,
            "user_id": f"u{9000 + person.number}",
            "groupid": self.group,
            "name": person.name,
            "description": f"{person.company}, {person.phone}" if person.number % 3 == 0 else "",
            "online_state": "Offline",
            "supported_features": "chat",
            "email": person.email,
        }
        self.plant(person, "contacts.name")
        self.plant(person, "contacts.email")
        if person.number % 3 == 0:
            self.plant(person, "contacts.description", expected=False)
        if person.number % 2 == 0:
            self._list_device(person)
        if person.number % 4 == 0:
            self._hire(person)
            self.plant(person, "users.name", expected=False)
            self._chat(person)

    def _list_device(self, person: InventedPerson) -> None:
        number = self.next_id("d")
        self.devices[number] = {
            "device_id": number,
            "remotecontrol_id": f"r{100000 + person.number}",
            "teamviewer_id": 100000 + person.number,
            "alias": f"PC of {person.name}",
            "description": f"At {person.company}",
            "groupid": self.group,
            "online_state": "Offline",
            "assigned_to": False,
        }
        self.plant(person, "devices.alias", expected=False)
        self.plant(person, "devices.description", expected=False)

    def _chat(self, person: InventedPerson) -> None:
        room = f"room-{person.number}"
        text = f"Please call {person.name}, {person.phone}"
        ends = {"endpoint_id": f"e{person.number}", "alias": person.name, "is_myself": False}
        self.messages[room] = [
            {
                "id": f"m{person.number}-{place}",
                "room_id": room,
                "text": text if place == 0 else "Thank you",
                "sender": ends,
                "created_at": stamp(self._since),
                "is_new": False,
                "is_own": False,
            }
            for place in range(3)
        ]
        self.plant(person, "chat.messages.text", expected=False)
