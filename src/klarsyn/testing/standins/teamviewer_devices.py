"""
Devices of a company in TeamViewer, its chats, and the log of what was done.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.teamviewer_company import TeamViewerCompany
from klarsyn.testing.standins.teamviewer_wire import (
    API,
    Record,
    body_of,
    held,
    missing,
    stamp,
)


class TeamViewerDevices(TeamViewerCompany):
    """Devices in two lists, chat rooms, and a log that nothing can be deleted from."""

    #: How many managed devices, and how many events, one page has; the vendor tells the second.
    MANAGED_PER_PAGE: ClassVar[int] = 5
    EVENTS_PER_PAGE: ClassVar[int] = 50

    # Devices

    @route("GET", f"{API}/devices")
    def list_devices(self, request: Request) -> Reply:
        """All devices in the lists of computers."""
        fields = ("groupid", "online_state", "remotecontrol_id")
        return Reply(200, {"devices": held(request, self.devices.values(), fields)})

    @route("PUT", f"{API}/devices/{{number}}")
    def change_device(self, request: Request, number: str) -> Reply:
        """Change what is sent of a device."""
        given, device = body_of(request), self._device(number)
        device |= {name: given[name] for name in ("alias", "description") if name in given}
        return Reply(204)

    @route("DELETE", f"{API}/devices/{{number}}")
    def delete_device(self, request: Request, number: str) -> Reply:
        """Take a device off the list."""
        del request
        del self.devices[self._device(number)["device_id"]]
        return Reply(204)

    def _device(self, number: str) -> Record:
        if number not in self.devices:
            raise missing("device")
        return self.devices[number]

    @route("GET", f"{API}/managed/devices")
    def list_managed_devices(self, request: Request) -> Reply:
        """A page of managed devices; what leads on is a token of the vendor's own."""
        found = [
            {
                "id": f"{one['teamviewer_id']:08}-0000-4000-8000-000000000000",
                "teamviewerId": one["teamviewer_id"],
                "name": one["alias"],
                "isOnline": False,
            }
            for one in self.devices.values()
        ]
        start, size = int(request.param("paginationToken", "0")), self.MANAGED_PER_PAGE
        body: Record = {"resources": found[start : start + size]}
        if found[start + size :]:
            body["nextPaginationToken"] = str(start + size)
        return Reply(200, body)

    # Chat and log

    @route("GET", f"{API}/chat/Rooms")
    def list_rooms(self, request: Request) -> Reply:
        """The rooms, with their members' names and the last that was said."""
        del request
        rooms = [
            {
                "room_id": room,
                "name": said[0]["sender"]["alias"],
                "members": [said[0]["sender"]],
                "has_unread_messages": False,
                "last_message": said[-1],
            }
            for room, said in self.messages.items()
        ]
        return Reply(200, {"rooms": rooms})

    @route("GET", f"{API}/chat/Messages")
    def list_messages(self, request: Request) -> Reply:
        """What was said in a room after a message, at most so much."""
        if request.param("roomId") not in self.messages:
            raise missing("room")
        said = self.messages[request.param("roomId")]
        numbers = [one["id"] for one in said]
        last = request.param("lastMessageId")
        start = numbers.index(last) + 1 if last in numbers else 0
        count = int(request.param("maxResults", "100"))
        return Reply(200, {"messages": said[start : start + count]})

    @route("POST", f"{API}/EventLogging")
    def read_log(self, request: Request) -> Reply:
        """A page of the log between two instants, of some people if so asked."""
        given = body_of(request, "StartDate", "EndDate")
        start, end = (stamp(datetime.fromisoformat(given[n])) for n in ("StartDate", "EndDate"))
        found = [one for one in self.log if start <= one["Timestamp"] <= end]
        for name, field in (("EventNames", "EventName"), ("AccountEmails", "Author")):
            if given.get(name):
                found = [one for one in found if one[field] in given[name]]
        first = int(given.get("ContinuationToken") or 0)
        body: Record = {"AuditEvents": found[first : first + self.EVENTS_PER_PAGE]}
        if found[first + self.EVENTS_PER_PAGE :]:
            body["ContinuationToken"] = str(first + self.EVENTS_PER_PAGE)
        return Reply(200, body)
