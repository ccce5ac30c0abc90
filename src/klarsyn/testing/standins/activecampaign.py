"""
A stand-in for ActiveCampaign (API v3): one account with contacts, companies, deals and imports.

Written from the vendor's contract and pages. What they leave open, and how it is settled here:
a deleted contact takes its values, lists, tags and traces along, while notes, deals and ties to
companies stay; a limit above 100 counts as 100; the monthly limit of deletions is refused with 403.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, Window, route
from klarsyn.testing.standins.activecampaign_sales import ActiveCampaignSales
from klarsyn.testing.standins.activecampaign_wire import (
    Refused,
    as_numbers,
    text_of,
    within,
    without,
    wrong,
)

#: Kind -> the query's filters that it knows, and the field of each.
FILTERS = {
    "accountContacts": {"filters[contact]": "contact", "filters[account]": "account"},
    "emailActivities": {"filters[subscriberid]": "subscriberid"},
    "fieldValues": {"filters[fieldid]": "field", "filters[val]": "value"},
    "fields": {"filters[perstag]": "perstag"},
    "lists": {"filters[name]": "name"},
}
SINGULAR = {
    "accountContacts": "accountContact",
    "fieldValues": "fieldValue",
    "fields": "field",
    "lists": "list",
    "scores": "score",
    "tags": "tag",
    "users": "user",
}
LISTED_ONLY = ("notes", "contactTags", "contactAutomations", "automations", "emailActivities")
#: Where the vendor says 403 on what does not exist.
FORBIDDEN_IF_MISSING = frozenset({"fieldValues"})


class ActiveCampaignStandIn(ActiveCampaignSales):
    """ActiveCampaign on loopback: the account klarpris."""

    API_TOKEN: ClassVar[str] = "invented-activecampaign-token"  # noqa: S105  (invented)
    #: A second, for all keys of the account together.
    REQUESTS: ClassVar[int] = 5

    def fill(self) -> None:
        """Open the account."""
        self.window = Window(self.REQUESTS, 1, self.clock)
        super().fill()

    @property
    def secrets(self) -> dict[str, str]:
        """The address of the account, which no one can guess for sure, and a user's key."""
        return {"url": self.URL, "api_token": self.API_TOKEN}

    # Before the deed

    def before(self, request: Request) -> Reply | None:
        """Check key and rate; go on with what has become due."""
        self.arrive()
        self.purge()
        host = request.headers.get("host", "")
        elsewhere = host.endswith(".api-us1.com") and not self.URL.endswith(f"/{host}")
        if elsewhere or request.headers.get("api-token") != self.API_TOKEN:
            return self.key_refused(request)
        if self.limits and (wait := self.window.take()):
            return self.throttled(request, math.ceil(wait))
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Too many requests of the account in this second."""
        del request
        headers = {"RateLimit-Limit": str(self.REQUESTS), "RateLimit-Remaining": "0"}
        headers |= {"Retry-After": str(retry_after)} if retry_after is not None else {}
        return Reply(429, {"message": "Too many requests"}, headers)

    def key_refused(self, request: Request) -> Reply:
        """A key that the account does not know gets the same 403 as a right that is lacking."""
        del request
        return Reply(403, {"message": "Forbidden"})

    def error_in_ok(self, request: Request) -> Reply:
        """A failure that only its body tells."""
        del request
        return Reply(200, {"success": 0, "message": "It was not done", "failureReasons": []})

    def not_found(self, request: Request) -> Reply:
        """No such path."""
        del request
        return Reply(404, {"message": "No Route Matched"})

    def _dispatch(self, request: Request) -> Reply:
        try:
            reply = super()._dispatch(request)
        except Refused as refused:
            reply = refused.reply
        left = {"RateLimit-Limit": str(self.REQUESTS)}
        left |= {"RateLimit-Remaining": str(max(0, self.window.left()))}
        return replace(reply, headers={**left, **reply.headers})

    # Lists and single records of one form

    @route("GET", "/api/3/{kind}")
    def list_kind(self, request: Request, kind: str) -> Reply:
        """Records of a kind, by id."""
        if kind not in {*SINGULAR, *LISTED_ONLY}:
            return self.not_found(request)
        found = list(self.tables[kind].values())
        for name, field in FILTERS.get(kind, {}).items():
            if text := request.param(name):
                found = [one for one in found if one[field] == text]
        if kind == "tags" and (text := request.param("search").casefold()):
            found = [one for one in found if text in one["tag"].casefold()]
        reply = self.listed(request, kind, found)
        more: dict[str, list[str]] = (
            {"fieldOptions": [], "fieldRels": []} if kind == "fields" else {}
        )
        return replace(reply, body={**reply.body, **more})

    @route("GET", "/api/3/{kind}/{number}")
    def read_kind(self, request: Request, kind: str, number: str) -> Reply:
        """One record of a kind; `me` is the user of the key."""
        if kind not in SINGULAR:
            return self.not_found(request)
        number = "1" if (kind, number) == ("users", "me") else number
        status = 403 if kind in FORBIDDEN_IF_MISSING else 404
        record = self.linked(kind, self.find(kind, number, status))
        more: dict[str, list[str]] = (
            {"fieldOptions": [], "fieldRels": []} if kind == "fields" else {}
        )
        return Reply(200, {SINGULAR[kind]: record, **more})

    @route("DELETE", "/api/3/{kind}/{number}")
    def delete_kind(self, request: Request, kind: str, number: str) -> Reply:
        """A record is gone for good, and what hangs on it."""
        if kind not in {"accounts", "accountContacts", "deals", "fieldValues", "notes", "tags"}:
            return self.not_found(request)
        if kind == "fieldValues" and number not in self.tables[kind]:
            return self.key_refused(request)  # the same words, though a reading tells it apart
        self.find(kind, number, 403 if kind == "notes" else 404)
        del self.tables[kind][number]
        hanging = {"accounts": ("accountContacts", "account"), "tags": ("contactTags", "tag")}
        if kind in hanging:
            other, field = hanging[kind]
            for one in [one for one in self.tables[other].values() if one[field] == number]:
                del self.tables[other][one["id"]]
        return Reply(200, {})

    @route("GET", "/api/3/activities")
    def list_activities(self, request: Request) -> Reply:
        """What a contact has done, as of when it was last asked for on its own; oldest first."""
        number = request.param("contact")
        found = list(self.of("activities", number)) if number in self.listed_anew else []
        contact = self.contacts.get(number)
        page = self.page(request, found)
        shown = [without(one, "contact") for one in page]
        body = {"contacts": [self.beside(contact)] if contact else [], "activities": shown}
        body |= self.beside_of(page, request.param("include"))
        return Reply(200, {**body, "meta": {"total": str(len(found))}})

    # Values and tags

    @route("POST", "/api/3/fieldValues")
    @route("PUT", "/api/3/fieldValues/{number}")
    def write_value(self, request: Request, number: str = "") -> Reply:
        """The value of a contact in a custom field; there is never more than one."""
        given = within(request, "fieldValue")
        names = ("contact", "field", "value")
        if missing := [name for name in names if name not in given]:
            raise wrong(f"The {missing[0]} was not provided", "field_missing", missing[0])
        contact = self.find("contacts", text_of(given["contact"]))
        field = self.find("fields", text_of(given["field"]))["id"]
        pair = {"contact": contact["id"], "field": field, "owner": contact["id"]}
        if number:
            self.find("fieldValues", number).update(pair)
        kept = self.set_value(contact["id"], field, text_of(given["value"]))
        self.touch(contact["id"])
        shown = as_numbers(self.linked("fieldValues", kept), *pair)
        return Reply(200, {"contacts": [self.beside(contact)], "fieldValue": shown})

    @route("POST", "/api/3/tags")
    def create_tag(self, request: Request) -> Reply:
        """A new tag; one of that name is refused."""
        given = within(request, "tag")
        name = text_of(given.get("tag"))
        if not name or any(one["tag"] == name for one in self.tables["tags"].values()):
            raise wrong("The tag is missing or taken", "duplicate", "tag")
        tag = self.tag_named(name)
        tag["description"] = text_of(given.get("description"))
        return Reply(201, {"tag": self.linked("tags", tag)})
