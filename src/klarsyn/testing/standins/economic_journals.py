"""
e-conomic's journals: entries that are yet to be booked, whose texts may name anybody.
"""

from __future__ import annotations

from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins import economic_forms as forms
from klarsyn.testing.standins.economic_books import Table
from klarsyn.testing.standins.economic_people import EconomicPeople
from klarsyn.testing.standins.economic_wire import EconomicRefusal, Record, body_of

_ENTRY_FILTERS = """
account.accountNumber customer.customerNumber text amount currency.code date entryType
voucher.voucherNumber journalEntryNumber
"""
VOUCHER_KINDS = {"financeVouchers": "financeVoucher", "customerPayments": "customerPayment"}


class EconomicJournals(EconomicPeople):
    """Routes to the one journal there is."""

    JOURNAL: ClassVar[int] = 1

    def fill(self) -> None:
        """Open the journal."""
        super().fill()
        self.journals: Table = {1: {"journalNumber": 1, "name": "Daglig"}}
        self.entries: Table = {}
        self.tables |= {"entries": self.entries, "journals": self.journals}

    def new_entry(self, kind: str, amount: float, text: str, customer: int = 0) -> Record:
        """Return an entry of the journal, kept."""
        entry: Record = {
            "amount": amount,
            "text": text,
            "entryType": kind,
            "date": self.opened.date().isoformat(),
            "currency": {"code": "DKK"},
            "_voucher": max((one["_voucher"] for one in self.entries.values()), default=0) + 1,
        }
        if customer:
            entry["customer"] = {"customerNumber": customer}
        return self.keep(self.entries, "journalEntryNumber", entry)

    @route("GET", "/journals")
    def read_journals(self, request: Request) -> Reply:
        """The journals; only the one has entries."""
        shown = [self._shown_journal(one) for one in self.journals.values()]
        return self.listed(request, shown, "journalNumber name")

    @route("GET", "/journals/{journal}")
    def read_journal(self, request: Request, journal: str) -> Reply:
        """A journal."""
        return Reply(200, self._shown_journal(self.find(self.journals, journal, request.path[1:])))

    @route("GET", "/journals/{journal}/entries")
    def read_entries(self, request: Request, journal: str) -> Reply:
        """What is written in a journal and not yet booked."""
        self.find(self.journals, journal, request.path[1:])
        shown = [self._shown_entry(one) for one in self.entries.values()]
        return self.listed(request, shown, _ENTRY_FILTERS)

    @route("GET", "/journals/{journal}/entries/{number}")
    def read_entry(self, request: Request, journal: str, number: str) -> Reply:
        """An entry."""
        self.find(self.journals, journal, request.path[1:])
        return Reply(200, self._shown_entry(self.find(self.entries, number, request.path[1:])))

    @route("DELETE", "/journals/{journal}/entries/{number}")
    def delete_entry(self, request: Request, journal: str, number: str) -> Reply:
        """Delete an entry, which no document tells of: its own metadata do."""
        self.find(self.journals, journal, request.path[1:])
        self.find(self.entries, number, request.path[1:])
        del self.entries[int(number)]
        return Reply(204)

    @route("GET", "/journals/{journal}/vouchers")
    def read_vouchers(self, request: Request, journal: str) -> Reply:
        """The same entries by voucher."""
        self.find(self.journals, journal, request.path[1:])
        return self.listed(request, map(self._voucher, self.entries.values()), "voucherNumber")

    @route("POST", "/journals/{journal}/vouchers")
    def create_vouchers(self, request: Request, journal: str) -> Reply:
        """Write entries; the reply is an array, unlike that of other creations."""
        self.find(self.journals, journal, request.path[1:])
        given = body_of(request)
        entry: forms.Shape = {"text": 250, "amount": float, "date": 10}
        shape: forms.Shape = {"entries": {kind: [entry] for kind in VOUCHER_KINDS}}
        kept = forms.taken(given, shape, ["accountingYear", "entries"])
        made = [
            self.new_entry(VOUCHER_KINDS[kind], one["amount"], one.get("text", ""))
            for kind, all_ in kept["entries"].items()
            for one in all_
        ]
        if not made:
            raise EconomicRefusal(400, "A voucher has no entries.")
        return Reply(201, [self._voucher(one) for one in made])

    def _shown_journal(self, journal: Record) -> Record:
        path = f"journals/{journal['journalNumber']}"
        links = {name: f"{self.BASE}/{path}/{name}" for name in ("entries", "vouchers")}
        return self.shown_at(path, journal) | links

    def _shown_entry(self, entry: Record) -> Record:
        path = f"journals/{self.JOURNAL}/entries/{entry['journalEntryNumber']}"
        return self.shown_at(path, entry | self._context(entry))

    def _context(self, entry: Record) -> Record:
        year = self.opened.year
        number = entry["_voucher"]
        place = f"{self.BASE}/journals/{self.JOURNAL}/vouchers/{year}-{number}"
        voucher = {"accountingYear": {"year": str(year)}, "voucherNumber": number, "self": place}
        return {"journal": {"journalNumber": self.JOURNAL}, "voucher": voucher}

    def _voucher(self, entry: Record) -> Record:
        kinds = {kind: name for name, kind in VOUCHER_KINDS.items()}
        context = self._context(entry)
        told = {name: one for name, one in entry.items() if name != "journalEntryNumber"}
        told["voucher"] = {"voucherNumber": entry["_voucher"], "self": context["voucher"]["self"]}
        voucher = {name: one for name, one in context["voucher"].items() if name != "self"}
        shown: Record = self.shown(
            voucher
            | {"journal": context["journal"], "entries": {kinds[entry["entryType"]]: [told]}}
        )
        return shown
