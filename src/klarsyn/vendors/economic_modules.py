"""
What e-conomic's modules hold beside the books: projects with hours and drives, subscriptions.

They lie at the newer services only, which name a record in the body and want its version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from klarsyn.errors import RightsMissing, said
from klarsyn.transport.connection import Connection
from klarsyn.transport.paths import every
from klarsyn.transport.words import GET, PUT, Call, IdempotencyKey
from klarsyn.vendors.economic_records import where
from klarsyn.vendors.economic_whole import NOBODY, Whole
from klarsyn.vendors.economic_wire import BY_CURSOR, away
from klarsyn.vendors.elements import CHANGES, Element
from klarsyn.vendors.progress import Level
from klarsyn.vendors.sheet import Job, Places, Reader, Record, Within

KEY = IdempotencyKey("Idempotency-Key", 3600)
_SHOWN = (
    *("userInterfaceNumber", "isDeleted", "active", "bookedInvoiceId", "draftDocumentId"),
    *("isClosed", "costPrice", "salesPrice", "invoicedTotal", "isApproved", "isReconciled"),
    *("isUser", "userId", "employeeType"),
)
"""What the services show and take no change of."""


def newer(service: str, path: str, at: str = "", **more: Any) -> Whole:
    """Return how a record of a service is replaced: the body names it, and which version it was."""
    one = GET(f"{path}/{{id}}", host=service)
    write = PUT(f"{path}{at}", body=CHANGES, key=KEY, host=service)
    return Whole(one=one, write=write, shown=_SHOWN, **more)


def all_of(service: str, path: str) -> Call:
    """Return the listing of a service's records, some thousand a page."""
    return GET(path, host=service, items="items", pages=BY_CURSOR)


# What a company may not have

_SIGNS = {"projects": r"pro[sj]+e[ck]t", "subscriptions": r"subscri|abonn"}
"""Service -> by what its module is known among those of an agreement, in any of its languages."""
_SELF = GET("/self")


def if_there(service: str, path: str, listing: Call | None = None) -> Reader:
    """
    Return a reader of what a module holds: nothing, where the company has no such module.

    Both a lacking module and a lacking role are refused with 403. The agreement tells its modules:
    only where it tells some, and not this one, there is nothing to read.
    """
    call = listing or all_of(service, path)

    def reader(connection: Connection, places: Places) -> Iterator[list[Any]]:
        try:
            yield from connection.pages(call, **places)
        except RightsMissing:
            active = [*every(connection.call(_SELF).json, "modules[].name")]
            if not active or any(re.search(_SIGNS[service], one, re.IGNORECASE) for one in active):
                raise

    return reader


def _blacked_out(how: Whole) -> Job:
    return Job(stages=(how.anonymise,), level=Level.REDACTED, proof=how.is_gone)


# Projects

_staff = newer("projects", "/project-employees", blank={"name": NOBODY, "isBarred": True})
project = Record(
    name="project",
    about=said("whom a project is named after, and whom its words tell of"),
    read=if_there("projects", "/Projects"),
    key="number",
    open_fields=("name", "description", "otherReference"),
    erase=_blacked_out(newer("projects", "/Projects")),
)
project_employee = Record(
    name="project_employee",
    about=said("the company's own people who work on projects, and where they live"),
    read=if_there("projects", "/project-employees"),
    key="number",
    elements=(Element("name", means="user.name", most=100), *where(postal_code="zipCode")),
    rectify=Job(stages=(_staff.rectify,)),
    erase=Job(
        stages=(_staff.erase(away("/project-employees", KEY, "projects")),), proof=_staff.is_gone
    ),
    order=2,
)
time_entry = Record(
    name="time_entry",
    about=said("whom hours were spent on, in words of staff"),
    read=if_there("projects", "/TimeEntries"),
    key="number",
    open_fields=("text",),
    erase=_blacked_out(newer("projects", "/TimeEntries", blank={})),
)
mileage = Record(
    name="mileage",
    about=said("those to whom staff drove"),
    read=if_there("projects", "/Mileages"),
    key="number",
    open_fields=("from", "to"),
    erase=_blacked_out(newer("projects", "/Mileages", blank={})),
)

# Subscriptions

_LINES = "/subscriptions/{subscription}/lines"
subscription = Record(
    name="subscription",
    about=said("whom a subscription is named after"),
    read=if_there("subscriptions", "/Subscriptions"),
    key="number",
    open_fields=("name", "description"),
    erase=_blacked_out(newer("subscriptions", "/Subscriptions")),
)
subscription_line = Record(
    name="subscription_line",
    about=said("whom the words of a subscription's lines name"),
    within=Within(subscription, {"subscription": "number"}),
    read=if_there("subscriptions", _LINES, GET(_LINES, host="subscriptions")),
    key="number",
    open_fields=("description",),
    erase=_blacked_out(newer("subscriptions", _LINES, blank={})),
)
subscriber = Record(
    name="subscriber",
    about=said("customers who subscribe, in words of staff"),
    read=if_there("subscriptions", "/Subscribers"),
    key="number",
    open_fields=("otherRef", "extraTextForInvoice", "comments"),
    erase=_blacked_out(newer("subscriptions", "/Subscribers", blank={})),
)
MODULES = (
    *(project, project_employee, time_entry, mileage),
    *(subscription, subscription_line, subscriber),
)
