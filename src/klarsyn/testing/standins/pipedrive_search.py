"""
Pipedrive's search: what it knows is some time old, and a hit is a summary, not the record.
"""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.pipedrive_account import KINDS, SINGULAR, PipedriveAccount
from klarsyn.testing.standins.pipedrive_wire import Record, flag, listed, page, refuse, whole

#: In what each type of item is searched.
SEARCHED = {
    "person": {"custom_fields", "email", "name", "notes", "phone"},
    "organization": {"address", "custom_fields", "name", "notes"},
    "deal": {"custom_fields", "notes", "title"},
    "lead": {"custom_fields", "notes", "title"},
    "file": {"name"},
}
#: Types that this company has none of.
ABSENT = {"product", "mail_attachment", "project"}
EVERYWHERE = set().union(*SEARCHED.values()) | {"code", "description"}
_WITHIN = {"person": "person_id", "organization": "organization_id"}
#: A page of a search over several types is smaller than others.
MOST_ITEMS = 100
SHORTEST = 2
Texts = dict[str, list[str]]


class PipedriveSearch(PipedriveAccount):
    """An index that follows the records after `SEARCH_LAG_SECONDS`."""

    def open_account(self) -> None:
        """Begin with an empty index."""
        super().open_account()
        self.index: dict[tuple[str, Any], list[tuple[datetime, Record | None, Texts]]] = {}

    def remember(self, kind: str, record: Record, when: datetime | None = None) -> None:
        """Note for the index how a record is since now."""
        since = when or self.clock.now()
        key = SINGULAR[kind], record["id"]
        gone = record.get("is_deleted") or record.get("active_flag") is False
        shown = None if gone else self._summary(kind, record)
        self.index.setdefault(key, []).append((since, shown, self._texts(kind, record)))

    def remember_owner(self, note: Record) -> None:
        """Note for the index what a note hangs on, since its text is searched there."""
        for kind, link in (("persons", "person_id"), ("organizations", "org_id")):
            if record := self.records[kind].get(note[link] or 0):
                self.remember(kind, record)
        for kind, owner in (
            ("deals", self.records["deals"].get(note["deal_id"] or 0)),
            ("leads", self.leads.get(note["lead_id"] or "")),
        ):
            if owner:
                self.remember(kind, owner)

    def remember_all(self) -> None:
        """Have everything in the index, as if it had been there for long."""
        past = self.clock.now() - timedelta(seconds=self.SEARCH_LAG_SECONDS)
        for kind in (*KINDS[:3], "leads", "files"):
            for record in self.all_of(kind).values():
                self.remember(kind, record, past)

    # Routes

    @route("GET", "/api/v2/persons/search")
    @route("GET", "/api/v2/organizations/search")
    @route("GET", "/api/v2/deals/search")
    @route("GET", "/api/v2/leads/search")
    def search_one_type(self, request: Request) -> Reply:
        """Find records of one type, perhaps those of one person or organization only."""
        plural = request.path.split("/")[3]
        kind = SINGULAR[plural]
        listed(request, "fields", SEARCHED[kind])
        found = self._found(request, [kind])
        for inside, name in _WITHIN.items():
            if wanted := whole(request, name):
                found = [
                    hit for hit in found if (hit["item"].get(inside) or {}).get("id") == wanted
                ]
        if status := request.param("status"):
            found = [hit for hit in found if hit["item"].get("status") == status]
        shown, cursor = page(request, found)
        return _hits({"items": shown}, cursor)

    @route("GET", "/api/v2/itemSearch")
    def search_items(self, request: Request) -> Reply:
        """Find records of several types, and what is related to them."""
        types = listed(request, "item_types", set(SEARCHED) | ABSENT) or list(SEARCHED)
        listed(request, "fields", EVERYWHERE)
        found = self._found(request, [one for one in types if one in SEARCHED])
        shown, cursor = page(request, found, MOST_ITEMS)
        body: Record = {"items": shown}
        if flag(request, "search_for_related_items"):
            body["related_items"] = self._related([hit["item"] for hit in shown])
        return _hits(body, cursor)

    # Finding

    def _found(self, request: Request, types: list[str]) -> list[Record]:
        term, whole_text = request.param("term").strip().casefold(), flag(request, "exact_match")
        if len(term) < (1 if whole_text else SHORTEST):
            raise refuse(400, f"Search term must be at least {SHORTEST} characters long")
        fields = set(listed(request, "fields")) or EVERYWHERE
        hits = []
        for item, texts in self._known(types):
            values = [one.casefold() for name in fields for one in texts.get(name, ())]
            if term in values or (not whole_text and any(term in one for one in values)):
                score = 1.0 if term in values else 0.5
                hits.append({"result_score": score, "item": item})
        return sorted(hits, key=lambda hit: -hit["result_score"])

    def _known(self, types: list[str]) -> list[tuple[Record, Texts]]:
        """Return what the index knows by now."""
        until = self.clock.now() - timedelta(seconds=self.SEARCH_LAG_SECONDS)
        found = []
        for (kind, _), versions in sorted(self.index.items(), key=lambda one: str(one[0])):
            past = [(item, texts) for when, item, texts in versions if when <= until]
            if kind in types and past and past[-1][0] is not None:
                found.append((copy.deepcopy(past[-1][0]), past[-1][1]))
        return found

    def _related(self, items: list[Record]) -> list[Record]:
        """Return deals and leads of persons and organizations, and persons of the latter."""
        hits = []
        for other, _ in self._known(["deal", "lead", "person"]):
            for item in items:
                inside = other.get(item["type"]) if item["type"] in _WITHIN else None
                if inside and inside["id"] == item["id"] and other not in items:
                    hits.append({"result_score": 0, "item": other})
        return hits

    # What the index keeps

    def _summary(self, kind: str, record: Record) -> Record:
        item: Record = {"id": record["id"], "type": SINGULAR[kind]}
        person, firm = self.person_of(record), self.firm_of(record)
        about = {
            "person": person and {"id": person["id"], "name": person["name"]},
            "organization": firm and {"id": firm["id"], "name": firm["name"]},
        }
        if kind == "files":
            where = f"/files/{record['id']}/download"
            return item | {"name": record["name"], "url": where} | about
        texts = self._texts(kind, record)
        item |= {"owner": {"id": record["owner_id"]}, "visible_to": int(record["visible_to"])}
        item |= {"custom_fields": texts["custom_fields"], "notes": texts["notes"]}
        if kind == "organizations":
            return item | {"name": record["name"], "address": next(iter(texts["address"]), None)}
        if kind == "persons":
            reached = {"phones": texts["phone"], "emails": texts["email"]}
            return item | {"name": record["name"], "organization": about["organization"]} | reached
        item |= about | {"title": record["title"], "is_archived": record["is_archived"]}
        if kind == "deals":
            money = {"value": int(record["value"]), "currency": record["currency"]}
            stage = {"id": record["stage_id"], "name": "Lead In"}
            return item | money | {"status": record["status"], "stage": stage}
        reached = {
            name: [one["value"] for one in (person or {}).get(name, ())]
            for name in ("phones", "emails")
        }
        money = record["value"] or {}
        return item | reached | {"value": money.get("amount"), "currency": money.get("currency")}

    def _texts(self, kind: str, record: Record) -> Texts:
        """Return by what a record is found."""
        if kind == "files":
            return {"name": [record["name"]]}
        link = {"persons": "person_id", "organizations": "org_id", "deals": "deal_id"}
        hanging = link.get(kind, "lead_id")
        notes = [one["content"] for one in self.notes.values() if one[hanging] == record["id"]]
        custom = record["custom_fields"].values()
        texts = {
            "notes": notes,
            "custom_fields": [one for one in custom if isinstance(one, str)],
            "name": [record["name"]] if "name" in record else [],
            "title": [record["title"]] if "title" in record else [],
            "email": [one["value"] for one in record.get("emails", ())],
            "phone": [one["value"] for one in record.get("phones", ())],
        }
        address = (record.get("address") or {}).get("value")
        return texts | {"address": [address] if address else []}


def _hits(body: Record, cursor: str) -> Reply:
    more = {"next_cursor": cursor or None}
    return Reply(200, {"success": True, "data": body, "additional_data": more})
