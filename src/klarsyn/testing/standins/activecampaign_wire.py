"""
How ActiveCampaign speaks: everything is a string, nothing is `0000-00-00`, errors have many shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from klarsyn.testing.serving import Reply, Request

Record = dict[str, Any]

#: Instants are told in the account's own time zone, not in UTC.
ZONE = timezone(timedelta(hours=-6))
NO_DAY = "0000-00-00"
NO_INSTANT = "0000-00-00 00:00:00"

#: Record -> where its `links` lead; `{}` in a reply's link is the record's own path.
LINKS: Mapping[str, Sequence[str]] = {
    "contacts": (
        *("bounceLogs", "contactAutomations", "contactData", "contactGoals", "contactLists"),
        *("contactLogs", "contactTags", "contactDeals", "deals", "fieldValues", "geoIps"),
        *("notes", "organization", "plusAppend", "trackingLogs", "scoreValues"),
    ),
    "contactLists": (
        *("automation", "list", "contact", "form", "autosyncLog", "campaign"),
        *("unsubscribeAutomation", "message"),
    ),
    "contactTags": ("contact", "tag"),
    "contactAutomations": ("automation", "contact", "contactGoals"),
    "bounceLogs": ("bounce", "contact", "campaign", "message", "code"),
    "fieldValues": ("owner", "field"),
    "fields": ("options", "relations"),
    "automations": (
        *("campaigns", "contactGoals", "contactAutomations", "blocks", "goals", "sms"),
        "sitemessages",
    ),
    "accounts": ("notes", "accountCustomFieldData", "accountContacts"),
    "accountContacts": ("account", "contact"),
    "deals": (
        *("contact", "contactDeals", "group", "nextTask", "notes", "organization", "owner"),
        *("scoreValues", "stage", "tasks"),
    ),
    "geoIps": ("geoAddress",),
    "notes": ("activities", "user", "mentions", "notes", "owner"),
    "scoreValues": ("score", "contact", "deal"),
    "tags": ("contactGoalTags",),
    "users": ("lists", "userGroup", "dealGroupTotals", "dealGroupUsers", "configs"),
    "lists": ("contactGoalLists", "user", "addressLists"),
}
#: What the vendor's messages call a record.
CALLED: Mapping[str, str] = {
    "contacts": "Subscriber",
    "contactTags": "SubscriberTag",
    "accountContacts": "CustomerAccountSubscriber",
    "accounts": "CustomerAccount",
    "fieldValues": "FieldValue",
    "fields": "Field",
    "lists": "_List",
    "notes": "Note",
    "tags": "Tag",
    "scores": "Score",
    "deals": "Deal",
    "users": "User",
}


class Refused(Exception):
    """A reply that ends the work on a request."""

    def __init__(self, reply: Reply) -> None:
        """Keep the reply."""
        super().__init__(reply.status)
        self.reply = reply


def no_result(kind: str, number: str, status: int = 404) -> Refused:
    """Return the answer on a record that does not exist: a message and nothing else."""
    return Refused(
        Reply(status, {"message": f"No Result found for {CALLED[kind]} with id {number}"})
    )


def wrong(title: str, code: str, name: str) -> Refused:
    """Return the answer on a body that does not do: a list of errors, one per attribute."""
    source = {"pointer": f"/data/attributes/{name}"}
    error = {"title": title, "detail": "", "code": code, "source": source}
    return Refused(Reply(422, {"errors": [error]}))


def told(instant: datetime) -> str:
    """Return an instant as the account tells it."""
    return instant.astimezone(ZONE).isoformat(timespec="seconds")


def told_in_utc(instant: datetime) -> str:
    """Return an instant as the two fields with `utc` in their names tell it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def heard(text: str) -> datetime | None:
    """Return the instant of a filter; one that is none filters nothing."""
    try:
        instant = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


def within(request: Request, name: str) -> Record:
    """Return the object in which a body is wrapped: {"contact": {...}}."""
    try:
        body = request.json()
    except ValueError:
        raise Refused(Reply(400, {"message": "The JSON could not be parsed"})) from None
    inner = body.get(name) if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        raise wrong(f"The {name} was not provided", "field_missing", name)
    return inner


def text_of(value: object) -> str:
    """Return what a client wrote as the vendor keeps it: in a string."""
    return "" if value is None else str(value)


def without(record: Record, *names: str) -> Record:
    """Return a record without some of its fields."""
    return {name: value for name, value in record.items() if name not in names}


def as_numbers(record: Record, *names: str) -> Record:
    """Return a record as replies to writes tell it: some strings are numbers there."""
    return record | {name: int(record[name]) for name in names}


def whole_number(request: Request, name: str, default: int) -> int:
    """Return a number of the query; what is none counts as the default."""
    text = request.param(name)
    return int(text) if text.isdecimal() else default


def ordered(request: Request, records: Iterable[Record], names: Mapping[str, str]) -> list[Record]:
    """Return records by the `orders[...]` of a query, else by id."""
    found = sorted(records, key=lambda one: int(one["id"]))
    for name, field in reversed(list(names.items())):
        if direction := request.param(f"orders[{name}]"):
            found = sorted(found, key=_place(field), reverse=direction.upper() == "DESC")
    return found


def _place(field: str) -> Callable[[Record], tuple[int, str]]:
    """Return by what a field orders: ids are numbers, all else is text."""
    if field == "id":
        return lambda one: (int(one["id"]), "")
    return lambda one: (0, one[field].casefold())
