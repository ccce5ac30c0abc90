"""
ActiveCampaign's companies, deals, and the notes that colleagues write on anything.
"""

from __future__ import annotations

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.activecampaign_imports import ActiveCampaignImports
from klarsyn.testing.standins.activecampaign_wire import (
    Record,
    as_numbers,
    ordered,
    text_of,
    within,
    without,
    wrong,
)

DEAL_ORDERS = {"title": "title", "cdate": "cdate"}
#: What a client may write into a deal, all kept as strings.
#: What a client may write into a deal, all kept as strings.
DEAL_FIELDS = (
    *("title", "description", "account", "contact", "value", "currency", "group", "stage"),
    *("owner", "percent", "status"),
)
RELATED = {"Subscriber": "contacts", "Deal": "deals", "CustomerAccount": "accounts"}


class ActiveCampaignSales(ActiveCampaignImports):
    """What is sold to whom, and what is said about it."""

    # Companies

    @route("GET", "/api/3/accounts")
    def list_accounts(self, request: Request) -> Reply:
        """Companies; `search` is part of the name."""
        text = request.param("search").casefold()
        found = [one for one in self.accounts.values() if text in one["name"].casefold()]
        ties = [one["account"] for one in self.tables["accountContacts"].values()]
        deals = [one["account"] for one in self.tables["deals"].values()]
        reply = self.listed(request, "accounts", found)
        for one in reply.body["accounts"]:
            number = one["id"]
            one["contactCount"] = str(ties.count(number))
            one["dealCount"] = str(deals.count(number)) if request.param("count_deals") else "0"
        return reply

    @route("GET", "/api/3/accounts/{number}")
    def read_account(self, request: Request, number: str) -> Reply:
        """A company; read alone it has no links."""
        del request
        return Reply(200, {"account": self.find("accounts", number) | {"links": []}})

    @route("POST", "/api/3/accounts")
    @route("PUT", "/api/3/accounts/{number}")
    def write_account(self, request: Request, number: str = "") -> Reply:
        """A company's name is its own; a second of that name is refused."""
        account = self.find("accounts", number) if number else None
        given = within(request, "account")
        name = text_of(given.get("name", account["name"] if account else ""))
        if not name:
            raise wrong("The account name was not provided.", "field_missing", "name")
        if (other := self.account_named(name)) and other is not account:
            raise wrong("An account of that name already exists.", "duplicate", "name")
        status = 200 if account else 201
        account = account or self.new_account(name)
        account |= {"name": name, "updatedTimestamp": self.now()}
        account |= {key: text_of(given[key]) for key in ("accountUrl",) if key in given}
        return Reply(status, {"account": account | {"links": [], "fields": []}})

    @route("POST", "/api/3/accountContacts")
    @route("PUT", "/api/3/accountContacts/{number}")
    def write_tie(self, request: Request, number: str = "") -> Reply:
        """A contact belongs to one company at most."""
        tie = self.find("accountContacts", number) if number else None
        given = within(request, "accountContact")
        for name in ("account", "contact"):
            if name not in given:
                raise wrong(f"The {name} attribute was not provided", "field_missing", name)
        account = self.find("accounts", text_of(given["account"]))["id"]
        contact = self.find("contacts", text_of(given["contact"]))["id"]
        if any(one is not tie for one in self.of("accountContacts", contact)):
            title = "This contact is already associated with an account."
            raise wrong(title, "field_invalid", "account,contact")
        job = text_of(given.get("jobTitle", tie["jobTitle"] if tie else ""))
        if tie is None:
            made = self.linked("accountContacts", self.tie(contact, account, job))
            return Reply(201, {"accountContact": as_numbers(made, "account", "contact")})
        tie |= {"account": account, "contact": contact, "jobTitle": job}
        tie["updatedTimestamp"] = self.now()
        return Reply(200, {"accountContact": self.linked("accountContacts", tie)})

    # Notes

    @route("GET", "/api/3/notes/{number}")
    def read_note(self, request: Request, number: str) -> Reply:
        """One note."""
        del request
        return Reply(200, {"note": self._note(self.find("notes", number))})

    @route("POST", "/api/3/notes")
    def create_note(self, request: Request) -> Reply:
        """A note on a contact, a deal or a company; a second one is a second one."""
        text, reltype, relid = self._noted(request)
        made = self._note(self.new_note(text, reltype, relid))
        owner = as_numbers(made["owner"], "id")
        body: Record = {"note": as_numbers(made, "relid") | {"owner": owner}}
        if reltype == "Subscriber":
            body["contacts"] = [self.beside(self.contacts[relid])]
        return Reply(201, body)

    @route("PUT", "/api/3/notes/{number}")
    def change_note(self, request: Request, number: str) -> Reply:
        """A note's text, and what it is on."""
        note = self.find("notes", number, 403)
        text, reltype, relid = self._noted(request)
        note |= {"note": text, "reltype": reltype, "relid": relid, "mdate": self.now()}
        return Reply(200, {"note": self._note(note)})

    def _noted(self, request: Request) -> tuple[str, str, str]:
        given = within(request, "note")
        for name in ("note", "reltype", "relid"):
            if name not in given:
                raise wrong(f"The {name} was not provided", "field_missing", name)
        if given["reltype"] not in RELATED:
            raise wrong("The reltype is invalid", "field_invalid", "reltype")
        on = self.find(RELATED[given["reltype"]], text_of(given["relid"]))
        return text_of(given["note"]), given["reltype"], on["id"]

    def _note(self, note: Record) -> Record:
        return self.linked("notes", without(note, "is_draft"))

    # Deals

    @route("GET", "/api/3/deals")
    def list_deals(self, request: Request) -> Reply:
        """Deals; the title is searched in part, the status is exact."""
        title = request.param("filters[title]").casefold()
        status = request.param("filters[status]")
        text = request.param("filters[search]").casefold()
        found = [
            one
            for one in self.tables["deals"].values()
            if title in one["title"].casefold()
            and text in f"{one['title']} {one['description']}".casefold()
            and status in {"", one["status"]}
        ]
        deals = self.page(request, ordered(request, found, DEAL_ORDERS))
        shown = [self.linked("deals", one) for one in deals]
        return Reply(200, {"deals": shown, "meta": {"total": len(found)}})

    @route("GET", "/api/3/deals/{number}")
    def read_deal(self, request: Request, number: str) -> Reply:
        """One deal."""
        del request
        return Reply(200, {"deal": self.linked("deals", self.find("deals", number))})

    @route("POST", "/api/3/deals")
    @route("PUT", "/api/3/deals/{number}")
    def write_deal(self, request: Request, number: str = "") -> Reply:
        """A deal of a contact's; the money is counted in its smallest coin."""
        deal = self.find("deals", number) if number else None
        given = within(request, "deal")
        kept = {name: text_of(given[name]) for name in DEAL_FIELDS if name in given}
        if deal is None and not kept.get("title"):
            raise wrong("The deal title was not provided", "field_missing", "title")
        contact = kept.pop("contact", deal["contact"] if deal else "")
        self.find("contacts", contact)
        status = 200 if deal else 201
        deal = deal or self.new_deal(contact, kept.pop("title"))
        deal |= kept | {"contact": contact, "mdate": self.now()}
        shown = {"contacts": [self.beside(self.contacts[contact])]}
        return Reply(status, {**shown, "deal": self.linked("deals", deal)})
