"""
A stand-in for Reviso, which was split from e-conomic: its legacy surface with fields of its own.

Written from what the vendor's pages and the code of integrations tell; there is no contract to
referee it. What nothing tells is e-conomic's way, but for limits and idempotency keys, of which
Reviso says nothing. Which endpoints deny their errors is unknown: here those in `DENYING` do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from http.client import BAD_REQUEST, UNAUTHORIZED
from typing import ClassVar

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins import economic_forms as forms
from klarsyn.testing.standins.economic_books import Table
from klarsyn.testing.standins.economic_documents import line, priced
from klarsyn.testing.standins.economic_gate import EconomicGate
from klarsyn.testing.standins.economic_people import EconomicPeople
from klarsyn.testing.standins.economic_wire import (
    EconomicRefusal,
    Record,
    body_of,
    missing,
    routes,
)

GRANTED = timedelta(days=360)
#: What the number of a paper is called; the path of its list is the key.
KEYS = {
    "orders": "id",
    "quotations": "id",
    "delivery-notes/sales": "id",
    "v2/invoices/drafts": "id",
    "v2/invoices/booked": "id",
}
_FILTERS = "id date customer.customerNumber recipient.name isArchived"


class RevisoStandIn(EconomicGate, EconomicPeople):
    """Reviso on loopback."""

    name = "reviso"
    hosts = ("rest.reviso.com",)
    BASE: ClassVar[str] = "https://rest.reviso.com"
    #: Links of delivery notes lead to another host, as seen; which one is not told.
    NOTES_BASE: ClassVar[str] = "https://notes.reviso.com"
    APP_KEY: ClassVar[str] = "invented-reviso-secret"
    GRANT: ClassVar[str] = "invented-reviso-grant-1"
    CUSTOMER: ClassVar[forms.Shape] = {
        **forms.CUSTOMER,
        "countryCode": forms.Ref("code", textual=True),
        "italianCertifiedEmail": 255,
        "italianCustomerType": 8,
        "paymentType": forms.Ref("paymentTypeNumber"),
        "province": {"countryCode": forms.Ref("code", textual=True), "provinceNumber": int},
    }
    CUSTOMER_FILTERS: ClassVar[str] = " italianCertifiedEmail"
    #: Paths at which an error of validation comes with status 200.
    DENYING: ClassVar[tuple[str, ...]] = ("/orders", "/quotations")

    def fill(self) -> None:
        """Write everybody's papers; a third of the orders is archived."""
        super().fill()
        self.granted = self.clock.now()
        """When the grant token was given; it stops after 360 days."""
        self.provinces: Table = {
            number: {"provinceNumber": number, "name": name, "countryCode": {"code": "IT"}}
            for number, name in ((1, "Nordenby"), (2, "Søby"))
        }
        self.papers: dict[str, Table] = {path: {} for path in KEYS}
        self.tables |= self.papers
        for person in self.people:
            self._write_to(person)

    def customer_fields(self, person: InventedPerson) -> Record:
        """Reviso's own fields, with a certified address for some."""
        own: Record = {
            "countryCode": {"code": "IT"},
            "province": {"countryCode": {"code": "IT"}, "provinceNumber": 1},
            "italianCustomerType": "B2B",
        }
        if person.number % 3 == 0:
            own["italianCertifiedEmail"] = person.email
        return super().customer_fields(person) | own

    def _write_to(self, person: InventedPerson) -> None:
        customer = person.number + 1
        if person.number % 3 == 0:
            self.plant(person, "customers.italianCertifiedEmail")
        for place, path in enumerate(KEYS):
            if (person.number + place) % 2:
                continue
            archived = path in {"orders", "quotations"} and person.number % 3 == 0
            text = {"textLine1": f"Spoke to {person.name}"}
            recipient = {"name": person.name, "address": person.street, "city": person.city}
            paper: Record = {
                "date": self.opened.date().isoformat(),
                "currency": "EUR",
                "customer": {"customerNumber": customer},
                "recipient": recipient,
                "notes": text,
                "lines": [line("Repair")],
            }
            if archived:
                paper["isArchived"] = True
            self.keep(self.papers[path], KEYS[path], priced(paper))
            self.plant(person, f"{path}.recipient.name")
            self.plant(person, f"{path}.notes.textLine1", expected=False)

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """A grant that has run out is no longer known."""
        if self.clock.now() - self.granted >= GRANTED:
            return self.key_refused(request)
        return super().before(request)

    def renew(self) -> str:
        """Return a new grant token, as a user's consent in a browser gives it."""
        self.granted = self.clock.now()
        self.grant = f"invented-reviso-grant-{self.granted:%Y%m%d}"
        return self.grant

    def is_demo(self, request: Request, tokens: tuple[str, str]) -> bool:
        """The demo may stand in the query too."""
        return request.param("demo") == "true" or super().is_demo(request, tokens)

    def key_refused(self, request: Request) -> Reply:
        """Wrong tokens, or a grant of more than 360 days."""
        hint = "The tokens are not valid, or the grant has run out."
        text = "Login to API server failed."
        return self.told(request, EconomicRefusal(401, text, developerHint=hint))

    def told(self, request: Request, refusal: EconomicRefusal) -> Reply:
        """Some endpoints answer 200 and have the error in the body."""
        reply = super().told(request, refusal)
        denied = refusal.status == BAD_REQUEST and request.path.startswith(self.DENYING)
        if refusal.status == UNAUTHORIZED:
            del reply.body["errors"]
        return replace(reply, status=200) if denied else reply

    # Lists of its own

    @route("GET", "/provinces/IT")
    def read_provinces(self, request: Request) -> Reply:
        """The provinces of Italy, of which there are two."""
        shown = [self.shown_at(f"provinces/IT/{n}", one) for n, one in self.provinces.items()]
        return self.listed(request, shown, "provinceNumber name")

    @route("GET", "/products")
    def read_products(self, request: Request) -> Reply:
        """What is sold: repairs."""
        product = {"productNumber": "1", "name": "Repair", "self": f"{self.BASE}/products/1"}
        return self.listed(request, [product], "productNumber name")

    @route("GET", "/app-settings/agreement/{key}")
    def read_setting(self, request: Request, key: str) -> Reply:
        """No app has kept anything here."""
        raise missing(f"{request.path[1:].removesuffix(key)}{key}")

    # Papers

    @routes("GET", *(f"/{path}" for path in KEYS))
    def read_papers(self, request: Request) -> Reply:
        """A list of papers, archived ones too."""
        path = request.path[1:]
        shown = [self._shown_paper(path, one) for one in self.papers[path].values()]
        return self.listed(request, shown, _FILTERS)

    @routes("GET", *(f"/{path}/{{number}}" for path in KEYS))
    def read_paper(self, request: Request, number: str) -> Reply:
        """A paper."""
        path = request.path[1:].rpartition("/")[0]
        found = self.find(self.papers[path], number, request.path[1:])
        return Reply(200, self._shown_paper(path, found))

    @routes("PUT", "/orders/{number}", "/quotations/{number}", "/v2/invoices/drafts/{number}")
    def replace_paper(self, request: Request, number: str) -> Reply:
        """Replace a paper; `isArchived` takes an order out of the archive."""
        path = request.path[1:].rpartition("/")[0]
        self.find(self.papers[path], number, request.path[1:])
        shape = {**forms.DOCUMENT, "isArchived": bool}
        kept = forms.taken(body_of(request), shape, ["customer", "recipient"])
        made = self.keep(self.papers[path], KEYS[path], priced(kept), int(number))
        return Reply(200, self._shown_paper(path, made))

    @routes("DELETE", "/orders/{number}", "/quotations/{number}")
    @routes("DELETE", "/delivery-notes/sales/{number}", "/v2/invoices/drafts/{number}")
    def delete_paper(self, request: Request, number: str) -> Reply:
        """Delete a paper that is not archived."""
        path = request.path[1:].rpartition("/")[0]
        found = self.find(self.papers[path], number, request.path[1:])
        if found.get("isArchived"):
            text = "An archived document cannot be deleted."
            raise EconomicRefusal(400, text, "S_V_87", errors=[text])
        del self.papers[path][int(number)]
        return Reply(204)

    def _shown_paper(self, path: str, paper: Record) -> Record:
        place = f"{path}/{paper[KEYS[path]]}"
        shown = self.shown_at(place, paper)
        if path.startswith("delivery-notes"):
            shown["self"] = f"{self.NOTES_BASE}/{place}"
        return shown
