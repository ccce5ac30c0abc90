"""
Zendesk's pages: by cursor (`page[size]`, `page[after]`) or by number (`page`, `per_page`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from klarsyn.testing.serving import Reply, StandIn
from klarsyn.testing.standins.zendesk_wire import HOST, Record, held, number, opaque, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from klarsyn.testing.serving import Request


class ZendeskPages(StandIn):
    """What lists have in common."""

    largest_page: ClassVar[int] = 100
    page_cap: ClassVar[int] = 5
    """Zendesk fills a page of 100; here a dozen people shall need several."""
    offset_depth: ClassVar[int] = 10_000

    def listed(self, request: Request, key: str, records: Iterable[Record]) -> Reply:
        """Return one page of records, by cursor where the request speaks of page[...]."""
        if not any(name.startswith("page[") for name in request.query):
            return self.by_offset(request, key, list(records), self.offset_depth)
        size = self.size_of(request, "page[size]")
        ordered = sorted(records, key=lambda record: int(record["id"]))
        if before := request.param("page[before]"):
            ordered = [one for one in ordered if one["id"] < number(held(before), "cursor")][-size:]
        if after := request.param("page[after]"):
            ordered = [one for one in ordered if one["id"] > number(held(after), "cursor")]
        page = ordered[:size]
        first, last = (opaque(str(page[i]["id"])) if page else None for i in (0, -1))
        more = len(ordered) > size or bool(before)
        meta = {"has_more": more, "after_cursor": last, "before_cursor": first}
        links = {
            "next": self.link(request, {"page[after]": last}) if more and last else None,
            "prev": self.link(request, {"page[before]": first}) if after and first else None,
        }
        return Reply(200, {key: page, "meta": meta, "links": links})

    def by_offset(self, request: Request, key: str, records: list[Record], depth: int) -> Reply:
        """Return one page by its number; no page lies deeper than `depth` records."""
        size = self.size_of(request, "per_page")
        page = max(1, number(request.param("page", "1"), "page"))
        if page * size > depth and page > 1:
            raise refused(400, "InvalidPaginationDepth", f"Only the first {depth} records")
        part = records[(page - 1) * size : page * size]
        more = len(records) > page * size
        body = {
            key: part,
            "count": len(records),
            "next_page": self.link(request, {"page": str(page + 1)}) if more else None,
            "previous_page": self.link(request, {"page": str(page - 1)}) if page > 1 else None,
        }
        return Reply(200, body)

    def size_of(self, request: Request, name: str) -> int:
        """Return how many records a page holds: what is asked for, up to the most."""
        asked = number(request.param(name) or str(self.largest_page), name)
        if name == "page[size]" and not 0 < asked <= self.largest_page:
            raise refused(400, "InvalidPaginationParameter", f"1 to {self.largest_page}")
        return max(1, min(asked, self.page_cap))

    def link(self, request: Request, changes: Mapping[str, str | None]) -> str:
        """Return the request's URL on Zendesk's own host with other parameters."""
        other = {"page", "page[after]", "page[before]", "cursor", "start_time"}
        kept = {name: values for name, values in request.query.items() if name not in other}
        path = request.raw_path.partition("?")[0]
        return f"https://{HOST}{path}?{urlencode({**kept, **changes}, doseq=True)}"
