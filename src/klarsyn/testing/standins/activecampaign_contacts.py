"""
ActiveCampaign's contacts and what hangs on them: found, read, written, deleted.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.activecampaign_traces import ActiveCampaignTraces
from klarsyn.testing.standins.activecampaign_wire import (
    NO_DAY,
    NO_INSTANT,
    Record,
    Refused,
    as_numbers,
    heard,
    no_result,
    ordered,
    text_of,
    told_in_utc,
    whole_number,
    within,
    without,
    wrong,
)

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
ORDERS = {
    "id": "id",
    "cdate": "cdate",
    "email": "email",
    "first_name": "firstName",
    "last_name": "lastName",
    "name": "lastName",
}
MADE_IN_UTC = ("created_utc_timestamp", "updated_utc_timestamp")
#: What a contact that is read alone does not tell, though lists and writes do.
NOT_ALONE = ("anonymized", "deleted_at", *MADE_IN_UTC)
SYNCED = ("email", "phone", "firstName", "lastName", "cdate", "udate", "hash", "id")
SIDE_LOADED = ("contactAutomations", "contactLists", "deals", "fieldValues", "geoIps")
IN_SIDE_LOAD = ("owner", "contact", "organization", "group", "title", "nexttaskid", "currency")
#: Lists below a contact that hold something here, and those that are always empty.
BELOW = (
    *(*SIDE_LOADED, "accountContacts", "bounceLogs", "contactTags", "scoreValues"),
    "trackingLogs",
)
EMPTY = ("contactGoals", "contactLogs", "contactDeals", "automationEntryCounts")


class ActiveCampaignContacts(ActiveCampaignTraces):
    """Contacts, their lists and their tags."""

    #: Of a month; how many the vendor allows, and in which words it refuses, is told nowhere.
    DELETES_A_MONTH: ClassVar[int] = 1000
    RESTORABLE: ClassVar[timedelta] = timedelta(days=30)

    def fill(self) -> None:
        """Begin without deletions."""
        self.deletes: dict[str, int] = {}
        """How many contacts were deleted, by month."""
        super().fill()

    # Found and read

    @route("GET", "/api/3/contacts")
    def list_contacts(self, request: Request) -> Reply:
        """Contacts by id; a filter that the vendor does not know filters nothing."""
        found = [one for one in self.contacts.values() if self._wanted(request, one)]
        shown = [
            self.linked("contacts", without(one, *MADE_IN_UTC)) | {"scoreValues": []}
            for one in self.page(request, ordered(request, found, ORDERS))
        ]
        asked = {name: whole_number(request, name, 0) for name in ("listid", "tagid", "offset")}
        asked |= {"formid": 0, "seriesid": 0, "waitid": 0, "forceQuery": 0, "status": -1}
        limit = whole_number(request, "limit", self.DEFAULT_LIMIT)
        input_: Record = {**asked, "limit": limit, "search": request.param("search") or None}
        input_ |= {"segmentid": None, "sort": None, "cacheid": "0"}
        meta = {"total": str(len(found)), "page_input": input_}
        return Reply(200, {"scoreValues": [], "contacts": shown, "meta": meta})

    def _wanted(self, request: Request, contact: Record) -> bool:
        kept: dict[str, Callable[[str], bool]] = {
            "email": lambda text: contact["email"] == text.casefold(),
            "email_like": lambda text: text.casefold() in contact["email"],
            "phone": contact["phone"].startswith,
            "search": lambda text: text.casefold() in self._searched(contact),
            "id_greater": lambda text: int(contact["id"]) > _number(text, 0),
            "id_less": lambda text: int(contact["id"]) < _number(text, sys.maxsize),
            "exclude": lambda text: contact["id"] != text,
            "status": lambda text: text == "-1" or text in self._held(contact, "Lists", "status"),
            "listid": lambda text: text in self._held(contact, "Lists", "list"),
            "tagid": lambda text: text in self._held(contact, "Tags", "tag"),
            "filters[created_after]": lambda text: _is_past(contact["cdate"], text, otherwise=True),
            "filters[created_before]": lambda text: (
                not _is_past(contact["cdate"], text, otherwise=False)
            ),
            "filters[updated_after]": lambda text: _is_past(contact["udate"], text, otherwise=True),
            "filters[updated_before]": lambda text: (
                not _is_past(contact["udate"], text, otherwise=False)
            ),
        }
        ids = request.query.get("ids[]") or request.param("ids").split(",")
        if ids != [""] and contact["id"] not in ids:
            return False
        asked = ((test, request.param(name)) for name, test in kept.items())
        return all(test(text) for test, text in asked if text)

    def _searched(self, contact: Record) -> str:
        names = f"{contact['firstName']} {contact['lastName']}"
        firms = [self.accounts[one["account"]] for one in self.of("accountContacts", contact["id"])]
        words = (names, contact["phone"], contact["email"], *(one["name"] for one in firms))
        return "\n".join(words).casefold()

    def _held(self, contact: Record, kind: str, field: str) -> set[str]:
        return {one[field] for one in self.of(f"contact{kind}", contact["id"])}

    @route("GET", "/api/3/contacts/{number}")
    def read_contact(self, request: Request, number: str) -> Reply:
        """A contact with what is loaded beside it; what is nothing is null here."""
        del request
        contact = without(self.find("contacts", number), *NOT_ALONE)
        self.listed_anew.add(number)
        contact = {name: _null(value) for name, value in contact.items()}
        beside: Record = {kind: self._below(kind, number) for kind in SIDE_LOADED}
        for kind in (*SIDE_LOADED, "accountContacts"):
            contact[kind] = [one["id"] for one in self.of(kind, number)]
        deals = beside["deals"]
        runs = beside["contactAutomations"]
        beside["contactAutomations"] = [without(one, "batchid", "lastlogid") for one in runs]
        beside["deals"] = [
            {name: one[name] for name in (*IN_SIDE_LOAD, "status", "links", "id")} for one in deals
        ]
        places = {"ip4": "3221226219", "country2": "DK", "country": "Denmark", "city": "Nordenby"}
        nothing = dict.fromkeys(("state", "zip", "area", "tz"), "")
        place = {**places, **nothing, "lat": "0", "lon": "0", "tstamp": self.now(), "links": []}
        beside["geoAddresses"] = [place | {"id": "1"}] if beside["geoIps"] else []
        return Reply(200, {**beside, "contact": self.linked("contacts", contact)})

    @route("GET", "/api/3/contacts/{number}/{what}")
    def read_below(self, request: Request, number: str, what: str) -> Reply:
        """What hangs on a contact, one kind a call, all at once."""
        self.find("contacts", number)
        if what == "notes":
            notes = [one for one in self.notes.values() if _is_on(one, number)]
            return Reply(200, {what: [self.linked("notes", one) for one in notes]})
        if what == "contactData":
            return Reply(200, {"contactDatum": self.known_of(number)})
        if what == "plusAppend":
            return Reply(200, {what: self.append_of(number)})
        if what == "organization":
            raise no_result("contacts", number)
        if what not in BELOW + EMPTY:
            return self.not_found(request)
        found = self._below(what, number) if what in BELOW else []
        if what == "contactAutomations":
            found = [as_numbers(one, "completedElements", "totalElements") for one in found]
        return Reply(200, {what: found})

    def _below(self, kind: str, number: str) -> list[Record]:
        return [self.linked(kind, one) for one in self.of(kind, number)]

    # Written

    @route("POST", "/api/3/contacts")
    def create_contact(self, request: Request) -> Reply:
        """A new contact; a known address is refused."""
        given = within(request, "contact")
        contact = self.new_contact(self._free_address(given, ""))
        values = self._take(contact, given)
        kept = {name: contact[name] for name in ("email", "cdate", "udate", "id")}
        shown = self.linked("contacts", kept | {"orgid": "", "organization": ""})
        return Reply(201, {"fieldValues": values, "contact": shown})

    @route("POST", "/api/3/contact/sync")
    def sync_contact(self, request: Request) -> Reply:
        """A new contact (201) or more about a known one (200); what is not named stays."""
        given = within(request, "contact")
        email = address_of(given)
        known = self.by_email(email)
        contact = known or self.new_contact(email)
        values = self._take(contact, given)
        shown = {name: contact[name] for name in SYNCED}
        shown |= {"email_empty": False, "orgid": "", "orgname": "", "organization": ""}
        shown["fieldValues"] = [one["id"] for one in values]
        body = {"fieldValues": values, "contact": self.linked("contacts", shown)}
        return Reply(200 if known else 201, body)

    @route("PUT", "/api/3/contacts/{number}")
    def change_contact(self, request: Request, number: str) -> Reply:
        """What is named is written, the address too; the rest stays."""
        contact = self.find("contacts", number)
        given = within(request, "contact")
        if "email" in given:
            contact["email"] = self._free_address(given, number)
        values = self._take(contact, given)
        return Reply(200, {"fieldValues": values, "contact": self.linked("contacts", contact)})

    def _free_address(self, given: Record, number: str) -> str:
        email = address_of(given)
        other = self.by_email(email)
        if other and other["id"] != number:
            raise wrong("Email address already exists in the system", "duplicate", "email")
        return email

    def _take(self, contact: Record, given: Record) -> list[Record]:
        """Write names, phone and custom fields; return the contact's values."""
        number = contact["id"]
        names = ("firstName", "lastName", "phone")
        contact |= {name: text_of(given[name]) for name in names if name in given}
        for one in given.get("fieldValues", ()):
            field = self.find("fields", text_of(one.get("field")))
            self.set_value(number, field["id"], text_of(one.get("value")))
        self.touch(number)
        return self._below("fieldValues", number)

    @route("POST", "/api/3/contactLists")
    def subscribe(self, request: Request) -> Reply:
        """Status 1 subscribes, again too after 2; 2 unsubscribes."""
        given = within(request, "contactList")
        contact = self.find("contacts", text_of(given.get("contact")))
        where = self.find("lists", text_of(given.get("list")))
        status = text_of(given.get("status"))
        if status not in {"1", "2"}:
            raise wrong("The status is invalid", "field_invalid", "status")
        kept = without(self.set_list(contact, where["id"], status), "udate")
        self.touch(contact["id"])
        shown = as_numbers(self.linked("contactLists", kept), "status")
        return Reply(200, {"contacts": [self.beside(contact)], "contactList": shown})

    @route("POST", "/api/3/contactTags")
    def tag_contact(self, request: Request) -> Reply:
        """A tag on a contact; a second time is the first one's record."""
        given = within(request, "contactTag")
        for name in ("contact", "tag"):
            kind, number = f"{name}s", text_of(given.get(name))
            if not number:
                source = {"pointer": f"/data/attributes/{name}"}
                error: Record = {"status": 422, "title": "Missing attribute", "source": source}
                raise Refused(Reply(422, {"errors": [error]}))
            if number not in self.tables[kind]:
                told = f"{name.title()} not found"
                error = {"status": 404, "title": "Not Found", "detail": told}
                raise Refused(Reply(404, {"errors": [error]}))
        kept = self.set_tag(text_of(given["contact"]), text_of(given["tag"]))
        return Reply(201, {"contactTag": self.linked("contactTags", kept)})

    @route("DELETE", "/api/3/contactTags/{number}")
    def untag_contact(self, request: Request, number: str) -> Reply:
        """The tag is off the contact."""
        del request
        self.find("contactTags", number)
        del self.tables["contactTags"][number]
        return Reply(200, {})

    def beside(self, contact: Record) -> Record:
        """Return a contact as it is told beside something else."""
        return self.linked("contacts", without(contact, "edate"))

    # Deleted

    @route("DELETE", "/api/3/contacts/{number}")
    def delete_contact(self, request: Request, number: str) -> Reply:
        """Gone for the API at once, restorable by an admin for 30 days; so many a month."""
        del request
        self.find("contacts", number)
        month = told_in_utc(self.clock.now())[:7]
        done = self.deletes.get(month, 0)
        if self.limits and done >= self.DELETES_A_MONTH:
            detail = "The monthly limit of contact deletions of this account is reached."
            error = {"title": "Forbidden", "detail": detail, "code": "delete_limit"}
            return Reply(403, {"errors": [error]})
        self.deletes[month] = done + 1
        self.discard(number)
        return Reply(200, {})

    def restore(self, number: str) -> bool:
        """Do what an admin can in the app: bring a deleted contact back, within 30 days."""
        self.purge()
        if (kept := self.trash.pop(number, None)) is None:
            return False
        self.contacts[number] = kept.contact
        for kind, record in kept.along:
            self.tables[kind][record["id"]] = record
        return True

    def purge(self) -> None:
        """Forget for good what has been deleted for too long."""
        end = self.clock.now() - self.RESTORABLE
        for number in [number for number, one in self.trash.items() if one.when <= end]:
            del self.trash[number]


def address_of(given: Record) -> str:
    """Return the address of a contact in a body, in lower case."""
    email = text_of(given.get("email")).strip().casefold()
    if not ADDRESS.fullmatch(email):
        raise wrong("Email address is not valid.", "field_invalid", "email")
    return email


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


def _null(value: object) -> object:
    return None if value in {NO_DAY, NO_INSTANT} else value


def _is_on(note: Record, contact: str) -> bool:
    return (note["reltype"], note["relid"]) == ("Subscriber", contact)


def _is_past(stamp: str, text: str, *, otherwise: bool) -> bool:
    """Return whether an instant of a record is past that of a filter, if that is one."""
    instant = heard(text)
    return datetime.fromisoformat(stamp) > instant if instant else otherwise
