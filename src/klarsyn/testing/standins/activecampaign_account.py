"""
What an ActiveCampaign account holds, and the people whom KlarPris has put into it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, StandIn
from klarsyn.testing.standins.activecampaign_wire import (
    LINKS,
    NO_DAY,
    NO_INSTANT,
    Record,
    no_result,
    ordered,
    told,
    told_in_utc,
    whole_number,
)

Table = dict[str, Record]
"""Records by id."""


@dataclass(slots=True)
class Trashed:
    """A deleted contact that an admin can bring back, with what went along."""

    when: datetime
    contact: Record
    along: list[tuple[str, Record]]


class ActiveCampaignAccount(StandIn):
    """Tables, and how they are read."""

    name: ClassVar[str] = "activecampaign"
    hosts: ClassVar[tuple[str, ...]] = ("*.api-us1.com",)
    URL: ClassVar[str] = "https://klarpris.api-us1.com"
    DEFAULT_LIMIT: ClassVar[int] = 20
    MAX_LIMIT: ClassVar[int] = 100

    def fill(self) -> None:
        """Begin with empty tables."""
        self.tables: dict[str, Table] = defaultdict(dict)
        """Every kind of record by its name in paths."""
        self.trash: dict[str, Trashed] = {}
        self.numbers: dict[str, int] = defaultdict(int)
        self.contacts: Table = self.tables["contacts"]
        self.accounts: Table = self.tables["accounts"]
        self.notes: Table = self.tables["notes"]
        self.field_values: Table = self.tables["fieldValues"]

    # Tables

    def add(self, kind: str, **record: object) -> Record:
        """Keep a new record under the next id."""
        self.numbers[kind] += 1
        number = str(self.numbers[kind])
        self.tables[kind][number] = kept = {**record, "id": number}
        return kept

    def find(self, kind: str, number: str, status: int = 404) -> Record:
        """Return a record, or refuse as the vendor does on one that does not exist."""
        if (record := self.tables[kind].get(number)) is None:
            raise no_result(kind, number, status)
        return record

    def of(self, kind: str, contact: str) -> Iterator[Record]:
        """Give the records of a contact."""
        return (one for one in self.tables[kind].values() if one.get("contact") == contact)

    def linked(self, kind: str, record: Record) -> Record:
        """Return a record with its links; a kind that has none has an empty list."""
        if kind not in LINKS:
            return record | {"links": []}
        path = f"{self.URL}/api/3/{kind}/{record['id']}"
        return record | {"links": {one: f"{path}/{one}" for one in LINKS[kind]}}

    def page(self, request: Request, records: list[Record]) -> list[Record]:
        """Return a page; more than the maximum is never given."""
        limit = min(whole_number(request, "limit", self.DEFAULT_LIMIT), self.MAX_LIMIT)
        offset = whole_number(request, "offset", 0)
        return records[offset : offset + limit]

    def listed(self, request: Request, kind: str, records: list[Record]) -> Reply:
        """Return a page of records with their links, and how many there are."""
        shown = [
            self.linked(kind, one) for one in self.page(request, ordered(request, records, {}))
        ]
        return Reply(200, {kind: shown, "meta": {"total": str(len(records))}})

    def now(self) -> str:
        """Return the present instant as the account tells it."""
        return told(self.clock.now())

    # Contacts as the account keeps them

    def new_contact(self, email: str, **more: object) -> Record:
        """Keep a contact with all that a contact has."""
        now, empty = self.now(), dict.fromkeys(("segmentio_id", "ua", "email_local"), "")
        zero = "orgid bounced_hard bounced_soft ip sentcnt gravatar deleted anonymized"
        return self.add(
            "contacts",
            cdate=now,
            email=email,
            **{"phone": "", "firstName": "", "lastName": ""} | more,
            **empty,
            **dict.fromkeys(zero.split(), "0"),
            email_domain="",
            bounced_date=NO_DAY,
            rating_tstamp=NO_DAY,
            socialdata_lastcheck=NO_INSTANT,
            hash=hashlib.md5(email.encode(), usedforsecurity=False).hexdigest(),
            adate=now,
            udate=now,
            edate=NO_INSTANT,
            deleted_at=NO_INSTANT,
            created_utc_timestamp=told_in_utc(self.clock.now()),
            updated_utc_timestamp=told_in_utc(self.clock.now()),
            organization=None,
        )

    def touch(self, contact: str) -> None:
        """Note that a contact has changed."""
        record = self.contacts[contact]
        record["udate"] = self.now()
        record["updated_utc_timestamp"] = told_in_utc(self.clock.now())

    def by_email(self, email: str) -> Record | None:
        """Return the contact of an address; case does not count."""
        wanted = email.strip().casefold()
        return next((one for one in self.contacts.values() if one["email"] == wanted), None)

    def set_value(self, contact: str, field: str, value: str) -> Record:
        """Write a custom field of a contact; there is one value for each."""
        for one in self.of("fieldValues", contact):
            if one["field"] == field:
                one |= {"value": value, "udate": self.now()}
                return one
        pair = {"contact": contact, "field": field, "value": value, "owner": contact}
        return self.add("fieldValues", **pair, cdate=self.now(), udate=self.now())

    def set_tag(self, contact: str, tag: str) -> Record:
        """Tag a contact, once."""
        for one in self.of("contactTags", contact):
            if one["tag"] == tag:
                return one
        return self.add("contactTags", contact=contact, tag=tag, cdate=self.now())

    def tag_named(self, name: str) -> Record:
        """Return the tag of that name, new if need be."""
        for one in self.tables["tags"].values():
            if one["tag"].casefold() == name.casefold():
                return one
        return self.add("tags", tagType="contact", tag=name, description="", cdate=self.now())

    def set_list(self, contact: Record, list_id: str, status: str) -> Record:
        """Set the status on a list; 1 after 2 subscribes again whoever opted out."""
        now = self.now()
        for one in self.of("contactLists", contact["id"]):
            if one["list"] == list_id:
                since = {"sdate": now} if status == "1" else {}
                one.update({"status": status, "udate": now} | since)
                return one
        nothing = dict.fromkeys(
            ("form", "campaign", "message", "autosyncLog", "unsubscribeAutomation", "automation")
        )
        zeros = dict.fromkeys(
            ("seriesid", "sync", "ip4Sub", "sourceid", "ip4_last", "ip4Unsub"), "0"
        )
        return self.add(
            "contactLists",
            contact=contact["id"],
            list=list_id,
            **nothing,
            **zeros,
            sdate=now,
            udate=now,
            status=status,
            responder="1",
            unsubreason="",
            first_name=contact["firstName"],
            last_name=contact["lastName"],
        )

    def account_named(self, name: str) -> Record | None:
        """Return the company of that name."""
        return next((one for one in self.accounts.values() if one["name"] == name), None)

    def new_account(self, name: str, url: str = "") -> Record:
        """Keep a company."""
        times = {"createdTimestamp": self.now(), "updatedTimestamp": self.now()}
        return self.add("accounts", name=name, accountUrl=url, **times)

    def tie(self, contact: str, account: str, title: str = "") -> Record:
        """Tie a contact to a company."""
        times = {"createdTimestamp": self.now(), "updatedTimestamp": self.now()}
        return self.add(
            "accountContacts", account=account, contact=contact, jobTitle=title, **times
        )

    def new_note(self, text: str, reltype: str, relid: str) -> Record:
        """Keep a note on a contact (`Subscriber`), a deal or a company."""
        kind = {"Subscriber": "contact", "CustomerAccount": "customerAccount"}.get(reltype)
        return self.add(
            "notes",
            relid=relid,
            reltype=reltype,
            userid="1",
            user="1",
            is_draft="0",
            cdate=self.now(),
            mdate=self.now(),
            note=text,
            owner={"type": kind or reltype.lower(), "id": relid},
        )

    def new_deal(self, contact: str, title: str, **more: object) -> Record:
        """Keep a deal."""
        now = self.now()
        usual: Record = {
            "description": "",
            "percent": "0",
            "value": "0",
            "currency": "dkk",
            "status": "0",
        }
        usual |= {"owner": "1", "group": "1", "stage": "1", "account": "0"} | more
        usual |= {"organization": usual["account"], "customerAccount": usual["account"]}
        return self.add(
            "deals",
            **usual,
            contact=contact,
            title=title,
            cdate=now,
            mdate=now,
            edate=now,
            nextdate=None,
            nexttaskid="0",
            winProbability=50,
            winProbabilityMdate=now,
            activitycount="1",
            nextdealid="0",
            isDisabled=False,
        )

    def discard(self, number: str) -> None:
        """Put a contact where an admin can still restore it; notes, deals and company ties stay."""
        contact = self.contacts.pop(number)
        along: list[tuple[str, Record]] = []
        for kind, table in self.tables.items():
            if kind not in {"deals", "accountContacts"}:
                along += [(kind, table.pop(one["id"])) for one in list(self.of(kind, number))]
        self.trash[number] = Trashed(self.clock.now(), contact, along)
