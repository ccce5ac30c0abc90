"""
The newer services at apis.e-conomic.com: the same records by other names, versioned one by one.

A caller gives a customer its number here; a creation tells the number alone; a PUT needs the
`objectVersion` of what it replaces and names its record in the body.
"""

from __future__ import annotations

from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.economic_documents import pdf_of
from klarsyn.testing.standins.economic_filter import BadFilterError, matching, value_at
from klarsyn.testing.standins.economic_forms import taken
from klarsyn.testing.standins.economic_views import VIEWS, View
from klarsyn.testing.standins.economic_wire import (
    EconomicRefusal,
    Record,
    body_of,
    invalid,
    missing,
    ordered,
    routes,
    version,
    whole,
    wrong,
)
from klarsyn.testing.standins.economic_work import EconomicWork
from klarsyn.testing.standins.economic_work_views import LINE, SUBSCRIPTIONS, WORK

MAX_SIZE = 100
#: Path -> what is listed there, at all services.
SERVED = {**VIEWS, **WORK}

_READABLE = tuple(SERVED)
_WRITABLE = tuple(path for path, view in SERVED.items() if view.needs)
#: Customers are replaced at their own path, everything else at that of the list.
_REPLACED = tuple(path for path in _WRITABLE if not path.endswith("/Customers"))
_DELETABLE = (*_WRITABLE, "/documentsapi/v4.0.1/AttachedDocuments")
_SINGLE = tuple(path for path in _READABLE if not path.endswith("/booked-entries"))


class EconomicApis(EconomicWork):
    """Routes to the services."""

    CURSOR_PAGE: ClassVar[int] = 1000
    MAX_PAGED: ClassVar[int] = 10_000

    def fill(self) -> None:
        """Attach papers, book entries and let some subscribe; texts of each name somebody."""
        super().fill()
        self.documents: dict[int, Record] = {}
        self.booked_entries: dict[int, Record] = {}
        self.subscribers: dict[int, Record] = {}
        for place, person in enumerate(self.people[::3], 1):
            attached: Record = {"voucherNumber": place, "accountingYear": str(self.opened.year)}
            attached |= {"note": f"Receipt from {person.name}", "pageCount": 1}
            attached["_text"] = f"{person.name}, {person.email}"
            self.keep(self.documents, "number", attached)
            booked: Record = {"accountNumber": 1010, "amount": 100.0, "voucherNumber": place}
            booked |= {"text": f"Refund {person.name}", "type": 1, "currencyCode": "DKK"}
            booked["date"] = self.opened.strftime("%Y-%m-%dT00:00:00Z")
            self.keep(self.booked_entries, "entryNumber", booked)
            subscriber: Record = {"subscriptionNumber": 1, "customerNumber": 1 + person.number}
            subscriber |= {"startDate": "2026-01-01", "endDate": "2026-12-31"}
            subscriber["comments"] = f"Signed by {person.name}"
            self.keep(self.subscribers, "number", subscriber)
            self.plant(person, "AttachedDocuments.note", expected=False)
            self.plant(person, "AttachedDocuments.pdf", expected=False)
            self.plant(person, "booked-entries.text", expected=False)
            self.plant(person, "Subscribers.comments", expected=False)

    def referring(self, customer: int) -> list[str]:
        """Subscriptions hold a customer too."""
        subscribed = [
            "subscribers" for one in self.subscribers.values() if one["customerNumber"] == customer
        ]
        return super().referring(customer) + subscribed

    def table_of(self, view: View) -> dict[int, Record]:
        """Return the records that a service shows."""
        table: dict[int, Record] = getattr(self, view.table)
        return table

    # Reading

    @routes("GET", *_READABLE)
    def read_by_cursor(self, request: Request) -> Reply:
        """All records, up to a thousand at once; without a cursor it was the last page."""
        found = self._found(request, request.path)
        start = whole(request, "cursor", 0)
        key = SERVED[request.path].key
        rest = [one for one in found if one[key] >= start]
        more = rest[self.CURSOR_PAGE :]
        cursor = {"cursor": str(more[0][key])} if more else {}
        return Reply(200, cursor | {"items": rest[: self.CURSOR_PAGE]})

    @routes("GET", *(f"{path}/paged" for path in _READABLE))
    def read_paged(self, request: Request) -> Reply:
        """A bare array, of the first ten thousand only; the one list that can be sorted."""
        found = self._found(request, request.path.removesuffix("/paged"))
        lowered = {name.lower(): values for name, values in request.query.items()}
        plain = Request(request.method, request.path, lowered, request.headers, b"")
        size, skip = whole(plain, "pagesize", 20), whole(plain, "skippages", 0)
        if not 1 <= size <= MAX_SIZE:
            raise EconomicRefusal(400, f"The field PageSize must be between 1 and {MAX_SIZE}.")
        found = ordered(found, request.param("sort"))[: self.MAX_PAGED]
        return Reply(200, found[skip * size : (skip + 1) * size])

    @routes("GET", *(f"{path}/count" for path in _READABLE))
    def read_count(self, request: Request) -> Reply:
        """A bare number."""
        return Reply(200, len(self._found(request, request.path.removesuffix("/count"))))

    @routes("GET", *(f"{path}/{{number}}" for path in _SINGLE))
    def read_by_number(self, request: Request, number: str) -> Reply:
        """One record."""
        view = SERVED[request.path.rpartition("/")[0]]
        return Reply(200, self._viewed(view, self.find(self.table_of(view), number, request.path)))

    @route("GET", "/documentsapi/v4.0.1/AttachedDocuments/{number}/pdf")
    def read_attached(self, request: Request, number: str) -> Reply:
        """The paper itself."""
        return pdf_of(self.find(self.documents, number, request.path)["_text"])

    def _found(self, request: Request, path: str) -> list[Record]:
        view = SERVED[path]
        text = request.param("filter")
        try:
            match = matching(text, view.filters) if text else None
        except BadFilterError as error:
            raise EconomicRefusal(
                400, "Bad filter", "BadFilterRequest", errors=[str(error)]
            ) from None
        table = self.table_of(view)
        shown = [self._viewed(view, table[number]) for number in sorted(table)]
        return [one for one in shown if match is None or match(one)]

    def _viewed(self, view: View, record: Record) -> Record:
        """Return a record by a service's names, without what is null or false."""
        shown = {name: value_at(record, where) for name, where in view.names.items()}
        shown["objectVersion"] = version(record) if view.versioned else None
        return {
            name: value
            for name, value in shown.items()
            if value is not None and (value is not False or name in view.needs)
        }

    # Writing

    @routes("POST", *_WRITABLE)
    def create_by_caller(self, request: Request) -> Reply:
        """Make a record; only its number comes back."""
        view = SERVED[request.path]
        kept = self._written(view, body_of(request))
        number = kept.get(view.own_key, 0) if view.numbered else 0
        if view.numbered and not number:
            limits = "must be between 1 and 999999999"
            raise invalid(wrong(view.key, f"The field {view.key} {limits}", number))
        if number in self.table_of(view):
            raise invalid(wrong(view.key, f"The {view.key} is in use", number))
        made = self._made(view, kept, number)
        return Reply(201, {view.key: made}, {"Location": f"{request.path}/{made}"})

    def _made(self, view: View, kept: Record, number: int) -> int:
        if view.parent and kept.get("_customer", 1) not in self.customers:
            raise invalid(wrong("customerNumber", "Customer is not found"))
        if view.table == "contacts":
            return int(self.new_contact(kept.pop("_customer"), **kept)["customerContactNumber"])
        if view.table == "delivery_locations":
            return int(self.new_delivery(kept.pop("_customer"), **kept)["_number"])
        if view.table == "customers":
            kept["lastUpdated"] = ""
        return int(self.keep(self.table_of(view), view.own_key, kept, number)[view.own_key])

    @routes("PUT", *_REPLACED)
    def replace_named(self, request: Request) -> Reply:
        """Replace the record that the body names."""
        view, given = SERVED[request.path], body_of(request)
        return self._replaced_in(view, str(given.get(view.key, "")), given)

    @route("PUT", "/customersapi/v3.1.0/Customers/{number}")
    def replace_customer_by_path(self, request: Request, number: str) -> Reply:
        """Replace a customer; `access` is `barred` the other way round."""
        return self._replaced_in(SERVED["/customersapi/v3.1.0/Customers"], number, body_of(request))

    def _replaced_in(self, view: View, number: str, given: Record) -> Reply:
        record = self.find(self.table_of(view), number, f"{view.table}/{number}")
        if record.get("isApproved"):
            raise EconomicRefusal(400, "What has been approved cannot be changed.")
        if given.get("objectVersion") != version(record):
            hint = "The resource has been updated by another user. Retrieve it and try again."
            raise EconomicRefusal(409, "Update conflict.", "UpdateConflict", developerHint=hint)
        kept = self._written(view, given)
        for where in view.names.values():
            if where not in view.kept and where != view.own_key:
                record.pop(where.partition(".")[0], None)
        record |= kept
        self.touch(record)
        return Reply(204)

    @routes("DELETE", *(f"{path}/{{number}}" for path in _DELETABLE))
    def delete_by_number(self, request: Request, number: str) -> Reply:
        """Delete a record; a contact is flagged, everything else is gone."""
        view = SERVED[request.path.rpartition("/")[0]]
        record = self.find(self.table_of(view), number, request.path)
        if view.table == "customers":
            self.remove_customer(int(number))
        elif view.table.endswith("contacts"):
            if record.get("deleted"):
                raise missing(request.path)
            record["deleted"] = True
            self.touch(record)
        elif self.held(view.table, int(number)):
            raise EconomicRefusal(400, "There are entries on it: it cannot be deleted.")
        else:
            del self.table_of(view)[int(number)]
        return Reply(204)

    def _written(self, view: View, given: Record) -> Record:
        """Return what of a body is kept, by the records' own names."""
        record: Record = {}
        for name, value in taken(given, view.shape, view.needs).items():
            first, _, inner = view.names[name].partition(".")
            record[first] = {inner: value} if inner else value
        return record

    # The lines of a subscription

    @route("GET", f"{SUBSCRIPTIONS}/subscriptions/{{subscription}}/lines")
    def read_lines(self, request: Request, subscription: str) -> Reply:
        """All lines of a subscription, in a bare array."""
        self.find(self.subscriptions, subscription, request.path)
        lines = self.subscription_lines.values()
        found = [one for one in lines if str(one["subscriptionNumber"]) == subscription]
        return Reply(200, [self._viewed(LINE, one) for one in found])

    @route("GET", f"{SUBSCRIPTIONS}/subscriptions/{{subscription}}/lines/{{number}}")
    def read_line(self, request: Request, subscription: str, number: str) -> Reply:
        """One line."""
        self.find(self.subscriptions, subscription, request.path)
        line = self.find(self.subscription_lines, number, request.path)
        return Reply(200, self._viewed(LINE, line))

    @route("PUT", f"{SUBSCRIPTIONS}/subscriptions/{{subscription}}/lines")
    def replace_line(self, request: Request, subscription: str) -> Reply:
        """Replace the line that the body names."""
        self.find(self.subscriptions, subscription, request.path)
        given = body_of(request)
        return self._replaced_in(LINE, str(given.get(LINE.key, "")), given)
