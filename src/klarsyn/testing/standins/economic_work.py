"""
What an agreement's modules hold: projects with hours and drives, and what is sold again and again.

What no source tells and is settled here: an employee or a project with hours or drives cannot be
deleted; who has no module, or no role for it, is refused in the same words.
"""

from __future__ import annotations

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.economic_books import Table
from klarsyn.testing.standins.economic_documents import EconomicDocuments
from klarsyn.testing.standins.economic_wire import EconomicRefusal, Record
from klarsyn.testing.standins.economic_work_views import PROJECTS, SUBSCRIPTIONS

#: Service -> the module that it belongs to, as the agreement names it.
MODULES = {PROJECTS: "Project", SUBSCRIPTIONS: "Subscription"}
#: Part of the projects' service, and of every agreement: the employees.
EVERYBODYS = f"{PROJECTS}/Employees"


class EconomicWork(EconomicDocuments):
    """The records of two modules."""

    def fill(self) -> None:
        """Let staff work for every third person, and somebody subscribe; words name each."""
        super().fill()
        self.modules = list(MODULES.values())
        """Those that the agreement has."""
        self.refuses_modules = False
        """Whether the app lacks the roles for all of them."""
        self.projects: Table = {}
        self.project_employees: Table = {}
        self.time_entries: Table = {}
        self.mileages: Table = {}
        self.subscriptions: Table = {}
        self.subscription_lines: Table = {}
        for number, colleague in enumerate(self.staff, 1):
            self._employ(number, colleague)
        for place, person in enumerate(self.people[::3], 1):
            self._work_for(person, place)
            self._subscribe(person, place)

    def _employ(self, number: int, colleague: InventedPerson) -> None:
        can: Record = {"canApprove": number == 1, "canInvoice": False, "isBarred": False}
        lives = {"address": colleague.street, "zipCode": colleague.postal_code}
        lives |= {"city": colleague.city, "name": colleague.name}
        user: Record = {"groupNumber": 1, "isUser": True, "userId": "owner", "employeeType": 2}
        self.keep(self.project_employees, "number", {**user, **can, **lives})
        self.plant(colleague, "project-employees.name")

    def _work_for(self, person: InventedPerson, place: int) -> None:
        known = {"projectGroupNumber": 1, "customerNumber": 1 + person.number, "mileage": 0.0}
        told = {"name": f"Bathroom for {person.name}", "description": f"Call {person.phone}"}
        number = self.keep(self.projects, "number", {**known, **told})["number"]
        of: Record = {"projectNumber": number, "employeeNumber": 2}
        of["date"] = self.opened.strftime("%Y-%m-%dT00:00:00Z")
        hours: Record = {"activityNumber": 1, "numberOfHours": 1.5, "isApproved": place == 1}
        self.keep(self.time_entries, "number", {**of, **hours, "text": f"Met {person.name}"})
        drive: Record = {"distance": 12.0, "from": "Office", "isApproved": False}
        drive["to"] = f"{person.name}, {person.street}"
        self.keep(self.mileages, "number", {**of, **drive})
        for where in ("Projects.name", "Projects.description", "TimeEntries.text", "Mileages.to"):
            self.plant(person, where, expected=False)

    def _subscribe(self, person: InventedPerson, place: int) -> None:
        sold: Record = {"name": f"Service {place}", "interval": 6, "collection": 0}
        sold["description"] = f"Agreed with {person.name}"
        number = self.keep(self.subscriptions, "number", sold)["number"]
        line: Record = {"subscriptionNumber": number, "productNumber": "1", "quantity": 1.0}
        line["description"] = f"Yearly look at {person.name}'s"
        self.keep(self.subscription_lines, "number", line)
        self.plant(person, "Subscriptions.description", expected=False)
        self.plant(person, "subscriptionlines.description", expected=False)

    def lacking(self, request: Request) -> EconomicRefusal | None:
        """Return the refusal of a service whose module, or role, is lacking."""
        module = MODULES.get("/".join(request.path.split("/")[:3]))
        if module is None or request.path.startswith(EVERYBODYS):
            return None
        if module in self.modules and not self.refuses_modules:
            return None
        hint = "The app may lack a role, or the agreement a module."
        return EconomicRefusal(403, "Access forbidden.", developerHint=hint)

    @route("GET", "/self")
    def read_self(self, request: Request) -> Reply:
        """The agreement, with the modules that it has."""
        reply = super().read_self(request)
        base = f"{self.BASE}/modules"
        reply.body["modules"] = [
            {"moduleNumber": number, "name": name, "self": f"{base}/{number}"}
            for number, name in enumerate(self.modules, 1)
        ]
        return reply

    def held(self, table: str, number: int) -> bool:
        """Return whether hours or drives hang on a project or an employee."""
        key = {"projects": "projectNumber", "project_employees": "employeeNumber"}.get(table)
        entries = (*self.time_entries.values(), *self.mileages.values())
        return key is not None and any(one[key] == number for one in entries)
