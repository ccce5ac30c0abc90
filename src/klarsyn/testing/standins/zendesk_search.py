"""
Zendesk's search, which lags, and its incremental exports, which tell of deleted records too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.zendesk_desk import ZendeskDesk
from klarsyn.testing.standins.zendesk_index import terms, words
from klarsyn.testing.standins.zendesk_wire import Record, held, number, on, opaque, refused

_KINDS = ("ticket", "user", "organization")
Found = tuple[str, Record, str]


class ZendeskSearch(ZendeskDesk):
    """The endpoints that find by words and by time."""

    search_depth: ClassVar[int] = 1_000
    exports_per_minute: ClassVar[int] = 100
    incremental_per_minute: ClassVar[int] = 10
    youngest_start: ClassVar[int] = 60
    """How many seconds old the start of an incremental export must be."""

    # Search

    @on("GET", "/users/search")
    def search_users(self, request: Request) -> Reply:
        """Return users by words, `email:`, `phone:` and the like, or by external id."""
        found = self._known("user")
        if wanted := request.param("external_id").lower():
            users = [one for _, one, _ in found if str(one["external_id"]).lower() == wanted]
        else:
            query = terms(request.param("query"))
            users = [one[1] for one in found if query and self._meets(one, query)]
        return self.by_offset(request, "users", users, self.offset_depth)

    @on("GET", "/search")
    def search(self, request: Request) -> Reply:
        """Return records of all types, a thousand at most."""
        query = terms(request.param("query"))
        if not query:
            raise refused(422, "invalid", "A query is needed")
        size = self.size_of(request, "per_page")
        if number(request.param("page", "1"), "page") * size > self.search_depth:
            raise refused(422, "invalid", f"Only the first {self.search_depth} results")
        results = self._results(query, [value for name, value in query if name == "type"])
        reply = self.by_offset(request, "results", results, self.search_depth)
        return Reply(200, reply.body | {"facets": None})

    @on("GET", "/search/export")
    def export(self, request: Request) -> Reply:
        """Return all records of one type that a query meets; the cursor lives an hour."""
        self.limit(request, "export", self.exports_per_minute)
        kind, query = request.param("filter[type]"), terms(request.param("query"))
        # The contract refuses any `type:` in the query; zenpy sends the same one and is served.
        if kind not in _KINDS or any(name == "type" and one != kind for name, one in query):
            raise refused(422, "invalid", "The type stands in filter[type], not in the query")
        now, after = self.clock.now(), request.param("page[after]")
        asked, last = [*held(after).split("|"), "0"][:2] if after else (str(now.timestamp()), "0")
        if now.timestamp() > float(asked) + 3600:
            raise refused(400, "InvalidCursor", "The cursor has expired")
        size = min(number(request.param("page[size]", "100"), "page[size]"), self.page_cap)
        rest = [one for one in self._results(query, [kind]) if one["id"] > number(last)]
        more = len(rest) > size
        cursor = opaque(f"{asked}|{rest[size - 1]['id']}") if more else None
        links = {"next": self.link(request, {"page[after]": cursor}) if more else None}
        body = {
            "results": rest[:size],
            "facets": None,
            "meta": {"has_more": more, "after_cursor": cursor, "before_cursor": None},
            "links": {**links, "prev": None},
        }
        return Reply(200, body)

    def _known(self, kind: str) -> list[Found]:
        return [(kind, one, text) for one, text in self.index.known(kind, self.seen_until())]

    def _results(self, query: list[tuple[str, str]], kinds: list[str]) -> list[Record]:
        plain = [term for term in query if term[0] != "type"]
        return [
            {**record, "result_type": kind}
            for kind in _KINDS
            if not kinds or kind in kinds
            for kind, record, text in self._known(kind)
            if self._meets((kind, record, text), plain)
        ]

    def _meets(self, found: Found, query: list[tuple[str, str]]) -> bool:
        return all(self._meets_term(found, name, value) for name, value in query)

    def _meets_term(self, found: Found, name: str, value: str) -> bool:
        """Return whether a record meets one term; words are met by their beginning."""
        kind, record, text = found
        if name == "requester":
            person = self.users.get(record.get("requester_id", 0), {})
            return value.lower() in {str(person.get(key)).lower() for key in ("id", "email")}
        if name == "phone":
            return _digits(value) == _digits(str(record.get("phone") or "-"))
        if name == "tags":
            return value in record["tags"]
        if name:
            return kind != "organization" and str(record.get(name)).lower() == value.lower()
        if "@" in value:
            return value.lower() in text.lower().split()
        there = words(text)
        return all(any(one.startswith(word) for one in there) for word in words(value))

    # Incremental exports

    @on("GET", "/incremental/users/cursor")
    def incremental_users(self, request: Request) -> Reply:
        """Return users in the order of their last change, but not those of the last minute."""
        return self._incremental(request, "user", "users", self.users)

    @on("GET", "/incremental/tickets/cursor")
    def incremental_tickets(self, request: Request) -> Reply:
        """Return tickets in the order of their last change, deleted ones among them."""
        return self._incremental(request, "ticket", "tickets", {**self.trash, **self.tickets})

    def _incremental(
        self, request: Request, kind: str, key: str, records: dict[int, Record]
    ) -> Reply:
        self.admins_only()
        self.limit(request, "incremental", self.incremental_per_minute)
        since = self._since(request)
        told = (self.clock.now() - timedelta(seconds=self.youngest_start)).timestamp()
        line = sorted(
            (stamp, record_id)
            for (one, record_id), stamp in self.stamps.items()
            if one == kind and (stamp, record_id) > since and stamp <= told
        )
        size = min(number(request.param("per_page", "1000"), "per_page"), self.page_cap)
        page, end = line[:size], len(line) <= size
        stamp, last = page[-1] if page else since
        cursor = opaque(f"{stamp!r}|{last}")
        body = {
            key: [records[record_id] for _, record_id in page],
            "after_cursor": cursor,
            "after_url": self.link(request, {"cursor": cursor}),
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": end,
        }
        return Reply(200, body)

    def _since(self, request: Request) -> tuple[float, int]:
        if cursor := request.param("cursor"):
            stamp, _, last = held(cursor).partition("|")
            return float(stamp), number(last, "cursor")
        if not request.param("start_time"):
            raise refused(400, "InvalidValue", "start_time or cursor is needed")
        start = number(request.param("start_time"), "start_time")
        youngest = self.clock.now() - timedelta(seconds=self.youngest_start)
        if datetime.fromtimestamp(start, UTC) > youngest:
            raise refused(400, "StartTimeTooRecent", "start_time is less than a minute ago")
        return start - 0.001, 0


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit()) or text
