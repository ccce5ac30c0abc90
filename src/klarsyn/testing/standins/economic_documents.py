"""
The legacy surface's papers at e-conomic: invoices, orders and quotes.

A draft can be changed and deleted; booked it keeps the recipient for as long as the books are kept.
"""

from __future__ import annotations

from datetime import timedelta

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins import economic_forms as forms
from klarsyn.testing.standins.economic_books import Table
from klarsyn.testing.standins.economic_journals import EconomicJournals
from klarsyn.testing.standins.economic_people import in_use
from klarsyn.testing.standins.economic_wire import (
    Record,
    body_of,
    invalid,
    missing,
    routes,
    wrong,
)

_COMMON = """
date currency exchangeRate paymentTerms.paymentTermsNumber customer.customerNumber recipient.name
recipient.address recipient.zip recipient.city recipient.country recipient.ean
recipient.publicEntryNumber delivery.address delivery.zip delivery.city delivery.country
delivery.deliveryTerms delivery.deliveryDate notes.heading notes.textLine1 notes.textLine2
references.salesPerson.employeeNumber references.vendorReference.employeeNumber references.other
"""
#: What the number of a document is called.
KEYS = {
    "invoices/drafts": "draftInvoiceNumber",
    "invoices/booked": "bookedInvoiceNumber",
    **dict.fromkeys(("orders/drafts", "orders/sent", "orders/archived"), "orderNumber"),
    **dict.fromkeys(("quotes/drafts", "quotes/sent", "quotes/archived"), "quoteNumber"),
}
#: What only the record itself shows, not a list nor the reply to a write.
_DETAILS = ("lines", "layout")
VAT = 0.25


class EconomicDocuments(EconomicJournals):
    """Routes to documents."""

    def fill(self) -> None:
        """Write everybody an invoice, and some into fields that hold free text."""
        super().fill()
        self.drafts: Table = {}
        self.booked: Table = {}
        self.sent: Table = {}
        self.orders: dict[str, Table] = {"drafts": {}, "sent": {}, "archived": {}}
        self.quotes: dict[str, Table] = {"drafts": {}, "sent": {}, "archived": {}}
        self.tables |= {"invoices/drafts": self.drafts, "invoices/booked": self.booked}
        for name, states in (("orders", self.orders), ("quotes", self.quotes)):
            self.tables |= {f"{name}/{state}": table for state, table in states.items()}
        for place, person in enumerate(self.people):
            self._bill(person, place)

    def _bill(self, person: InventedPerson, place: int) -> None:
        """Write a person's papers; each time somebody else stands where nobody should."""
        customer = 1 + place
        booked = self.document(person, customer)
        careless: dict[int, Record] = {
            0: {"notes": {"heading": "Tak", "textLine1": f"Spoke to {person.name}"}},
            1: {"references": {"other": f"Ref. {person.name}"}},
            2: {"lines": [line(f"Repair at {person.name}'s")]},
        }
        places = ("notes.textLine1", "references.other", "lines.description")
        booked |= careless[place % 3]
        number = self.keep(self.booked, "bookedInvoiceNumber", booked)["bookedInvoiceNumber"]
        self.plant(person, "invoices/booked.recipient.name")
        self.plant(person, f"invoices/booked.{places[place % 3]}", expected=False)
        state = ("drafts", "sent", "archived")[place % 3]
        others = {"orders": self.orders, "quotes": self.quotes}
        for name, states in others.items():
            paper = self.document(person, customer) | careless[(place + 1) % 3]
            self.keep(states[state], KEYS[f"{name}/{state}"], paper)
            self.plant(person, f"{name}/{state}.recipient.name")
            where = f"{name}/{state}.{places[(place + 1) % 3]}"
            self.plant(person, where, expected=False)
        if place % 4 == 0:
            draft = self.document(person, customer)
            self.keep(self.drafts, "draftInvoiceNumber", draft)
            recipient = {"name": person.name, "mobilePhone": person.phone}
            invoice = {"bookedInvoiceNumber": number}
            self.keep(self.sent, "id", {"invoice": invoice, "recipient": recipient, "status": "ok"})
            self.plant(person, "invoices/drafts.recipient.name")
            self.plant(person, "invoices/sent.recipient.mobilePhone")
            self.new_entry("customerPayment", 100.0, f"Paid by {person.name}", customer)
            self.plant(person, "journals.entries.text", expected=False)
        if place % 4 == 1:
            contact = self.of(self.contacts, customer)[0]
            contact["notes"] = f"Ask for {person.name} on {person.phone}"
            self.plant(person, "contacts.notes", expected=False)
        if (place + 2) % 4 == 0:
            gone = self.new_contact(customer, name=person.name, email=person.email)
            gone["deleted"] = True
            self.plant(person, "contacts.deleted", expected=False)

    def document(self, person: InventedPerson, customer: int) -> Record:
        """Return a document to a person, yet without a number."""
        day = (self.opened + timedelta(days=person.number)).date()
        recipient = {
            "name": person.name,
            "address": person.street,
            "zip": person.postal_code,
            "city": person.city,
            "country": "Danmark",
            "vatZone": {"vatZoneNumber": 1},
        }
        return priced(
            {
                "date": day.isoformat(),
                "dueDate": (day + timedelta(days=14)).isoformat(),
                "currency": "DKK",
                "customer": {"customerNumber": customer},
                "layout": {"layoutNumber": 1},
                "paymentTerms": {"paymentTermsNumber": 1},
                "recipient": recipient,
                "lines": [line("Repair")],
            }
        )

    # Reading

    @routes("GET", "/invoices/drafts", "/invoices/booked")
    @routes("GET", "/orders/drafts", "/orders/sent", "/orders/archived")
    @routes("GET", "/quotes/drafts", "/quotes/sent", "/quotes/archived")
    def read_documents(self, request: Request) -> Reply:
        """A list of documents, which have no lines there."""
        path = request.path[1:]
        found = list(self.tables[path].values())
        return self._briefly(request, path, found)

    @route("GET", "/customers/{number}/invoices/{state}")
    def read_invoices_of(self, request: Request, number: str, state: str) -> Reply:
        """A customer's invoices."""
        self.find(self.customers, number, request.path[1:])
        path = f"invoices/{state}"
        if path not in self.tables:
            raise missing(request.path[1:])
        wanted = {"customerNumber": int(number)}
        found = [one for one in self.tables[path].values() if one["customer"] == wanted]
        return self._briefly(request, path, found)

    def _briefly(self, request: Request, path: str, found: list[Record]) -> Reply:
        shown = [self._shown_document(path, one, *_DETAILS) for one in found]
        return self.listed(request, shown, f"{KEYS[path]} {_COMMON}")

    def _shown_document(self, path: str, document: Record, *hidden: str) -> Record:
        place = f"{path}/{document[KEYS[path]]}"
        own = {"pdf": {"download": f"{self.BASE}/{place}/pdf"}}
        kept = {name: one for name, one in document.items() if name not in hidden}
        return self.shown_at(place, kept | own)

    @routes("GET", "/invoices/drafts/{number}", "/invoices/booked/{number}")
    @routes("GET", "/orders/drafts/{number}", "/orders/sent/{number}", "/orders/archived/{number}")
    @routes("GET", "/quotes/drafts/{number}", "/quotes/sent/{number}", "/quotes/archived/{number}")
    def read_document(self, request: Request, number: str) -> Reply:
        """A document whole."""
        path = request.path[1:].rpartition("/")[0]
        found = self.find(self.tables[path], number, request.path[1:])
        hidden = [] if path.endswith(("/drafts", "/booked")) else ["layout"]
        return Reply(200, self._shown_document(path, found, *hidden))

    @route("GET", "/invoices/booked/{number}/pdf")
    def read_pdf(self, request: Request, number: str) -> Reply:
        """What was sent to the recipient."""
        found = self.find(self.booked, number, request.path[1:])
        recipient = found["recipient"]
        return pdf_of(f"{recipient['name']}, {recipient.get('address', '')}")

    @route("GET", "/invoices/sent")
    def read_sent(self, request: Request) -> Reply:
        """To whom invoices were sent by phone or network."""
        shown = [self.shown_at(f"invoices/sent/{n}", one) for n, one in self.sent.items()]
        return self.listed(request, shown, "")

    @route("GET", "/invoices/sent/{number}")
    def read_one_sent(self, request: Request, number: str) -> Reply:
        """One sending."""
        path = request.path[1:]
        return Reply(200, self.shown_at(path, self.find(self.sent, number, path)))

    # Writing drafts

    @routes("POST", "/invoices/drafts", "/orders/drafts", "/quotes/drafts")
    def create_draft(self, request: Request) -> Reply:
        """Make a draft; the server counts what it comes to."""
        path = request.path[1:]
        kept = self._taken(body_of(request), forms.DOCUMENT_NEEDS)
        made = self.keep(self.tables[path], KEYS[path], kept)
        return self.made(self._shown_document(path, made, *_DETAILS))

    @routes("PUT", "/invoices/drafts/{number}", "/orders/drafts/{number}")
    @route("PUT", "/quotes/drafts/{number}")
    def replace_draft(self, request: Request, number: str) -> Reply:
        """Replace a draft, its lines too; only the layout cannot be sent and stays."""
        path = request.path[1:].rpartition("/")[0]
        before = self.find(self.tables[path], number, request.path[1:])
        kept = self._taken(body_of(request), ["recipient"])
        kept["layout"] = before["layout"]
        made = self.keep(self.tables[path], KEYS[path], kept, int(number))
        return Reply(200, self._shown_document(path, made, *_DETAILS))

    @routes("DELETE", "/invoices/drafts/{number}", "/orders/drafts/{number}")
    @route("DELETE", "/quotes/drafts/{number}")
    def delete_draft(self, request: Request, number: str) -> Reply:
        """Delete a draft; the reply has a body, unlike other deletions."""
        path = request.path[1:].rpartition("/")[0]
        self.find(self.tables[path], number, request.path[1:])
        del self.tables[path][int(number)]
        return Reply(200, {"message": f"Deleted 1 document with number {number}."})

    def _taken(self, given: Record, needs: list[str] | tuple[str, ...]) -> Record:
        kept = forms.taken(given, forms.DOCUMENT, needs)
        customer = kept.get("customer", {}).get("customerNumber")
        if customer is not None and customer not in self.customers:
            raise invalid(wrong("customer", "Customer is not found", customer))
        return priced(kept)

    @route("POST", "/invoices/booked")
    def book(self, request: Request) -> Reply:
        """Turn a draft into an invoice that nobody can change."""
        return self._booked(body_of(request))

    @route("PUT", "/invoices/booked/{number}")
    def book_as(self, request: Request, number: str) -> Reply:
        """Book under a number of one's own; an invoice that exists stays as it is."""
        if number.isdigit() and int(number) in self.booked:
            raise in_use("bookedInvoiceNumber", int(number))
        return self._booked(body_of(request) | {"bookWithNumber": int(number)})

    def _booked(self, given: Record) -> Reply:
        shape = {"draftInvoice": forms.Ref("draftInvoiceNumber"), "bookWithNumber": int}
        kept = forms.taken(given, shape, ["draftInvoice"])
        number = kept["draftInvoice"]["draftInvoiceNumber"]
        if number not in self.drafts:
            raise missing(f"invoices/drafts/{number}")
        draft = self.drafts.pop(number)
        del draft["draftInvoiceNumber"]
        asked = kept.get("bookWithNumber", 0) or max(self.booked, default=0) + 1
        made = self.keep(self.booked, "bookedInvoiceNumber", draft, asked)
        return self.made(self._shown_document("invoices/booked", made, "lines"))


def line(text: str) -> Record:
    """Return a line of a document."""
    price = {"quantity": 1.0, "unitNetPrice": 100.0, "product": {"productNumber": "1"}}
    return {"lineNumber": 1, "sortKey": 1, "description": text, **price}


def priced(document: Record) -> Record:
    """Return a document with the sums that the server counts, whatever the caller sent."""
    net = sum(
        one.get("quantity", 0) * one.get("unitNetPrice", 0) for one in document.get("lines", ())
    )
    tax = net * VAT
    return document | {"netAmount": net, "vatAmount": tax, "grossAmount": net + tax}


def pdf_of(text: str) -> Reply:
    """Return a page with a text; just enough of a PDF to be read as one."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    content = f"%PDF-1.4\n1 0 obj<</Length {len(drawn)}>>stream\n{drawn}\nendstream endobj\n%%EOF"
    return Reply(200, content.encode("latin-1", "replace"), content_type="application/pdf")
