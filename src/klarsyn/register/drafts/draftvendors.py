"""
vendors/<id>.yaml of a draft: what the page says, and for all else an honest gap that expires.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from klarsyn.errors import Message, said
from klarsyn.register.drafts import vocabulary
from klarsyn.register.drafts.draftwords import UNSTATED_DATA, UNSTATED_PURPOSE, Entry, Words
from klarsyn.register.drafts.emitting import Flow, Note
from klarsyn.register.drafts.pagerows import PrintedColumn, PrintedElement, PrintedVendor, date_in
from klarsyn.rules.transfers import in_eea

Mapped = dict[str | Note, object]

_WEB_ADDRESS = re.compile(r"https://[^\s<>\"'`\\]+")
_EMAIL = re.compile(r"[^\s@<>():;,]+@[^\s@<>():;,]+\.[^\s@<>():;,.]+")


@dataclass(slots=True)
class DraftVendor:
    """A vendor of the draft and the rows that the page has of it."""

    id: str
    name: str
    rows: list[PrintedVendor]
    from_page: bool


@dataclass(slots=True)
class Page:
    """What the vendors' files say of the page as their source."""

    name: str
    updated: date | None
    unknown: Flow  #: "not yet known until"
    today: date
    open_points: list[Message] = field(default_factory=list)
    unmapped: dict[str, None] = field(
        default_factory=dict
    )  #: headings without a field of their own
    ambiguous: dict[str, None] = field(default_factory=dict)  #: headings of countries, whatever for


def vendor_file(vendor: DraftVendor, words: Words, page: Page) -> Mapped:
    """Return a vendor's file."""
    facts = _Facts(vendor, page)
    for row in vendor.rows:
        for column in row.columns:
            facts.take(column)
    processing = _processing(vendor, words, page)
    unknown = page.unknown
    entity = {
        "name": facts.get("entity"),
        "address": facts.get("address"),
        "contact": facts.get("contact"),
        "country": facts.get("entity_country"),
    }
    whole: Mapped = {
        Note(_OPENING if vendor.from_page else _OPENING_BARE): None,
        "format": 1,
        "name": vendor.name,
        "kind": _kind(vendor, words),
    }
    whole |= {"sources": facts.sources()} if vendor.from_page else {}
    whole |= {"status": unknown, "start": facts.get("start")}
    whole |= {"end": facts.found["end"]} if "end" in facts.found else {}
    whole |= {
        "processing": processing,
        Note(
            "Who contracts, and where the data lie and are read from (two letters of ISO 3166)."
        ): None,
        "entity": entity,
        "countries": {"storage": facts.get("storage"), "access": facts.get("access")},
    }
    transfers = facts.transfers()
    whole |= {"transfers": transfers} if transfers else {}
    whole |= {"agreement": unknown}
    whole |= {"agreement_terms": facts.found["agreement"]} if "agreement" in facts.found else {}
    whole |= {"own_list": facts.get("own_list"), "device_access": unknown, "risk": unknown}
    whole |= {"remarks": facts.remarks} if facts.remarks else {}
    return whole | _printed(vendor)


_OPENING = (
    "Drafted from the page kept by hand. Next: role (processor, sub-processor, controller),\n"
    "entity, countries and agreement, each as {value: ..., source: ...} with a source of its own."
)
_OPENING_BARE = (
    "Next: the data it may have, then role, entity, countries and agreement, each as\n"
    "{value: ..., source: ...} with an entry under `sources:`."
)


def _kind(vendor: DraftVendor, words: Words) -> str:
    if known := vocabulary.vendor(vendor.name):
        return known[1]
    entry = words.purposes[words.purpose(vendor.rows[0].purpose)]
    return str(entry.facts.get("vendor_kind", "other"))


def _printed(vendor: DraftVendor) -> Mapped:
    if not vendor.from_page:
        return {}
    first = vendor.rows[0]
    printed: Mapped = {"heading": first.heading, "purpose": first.purpose or ""}
    statements = [row.statement for row in vendor.rows if row.statement]
    if statements:
        printed["statement"] = " ".join(statements)
    return {
        Note("How the page printed it; remove this when the page is gone."): None,
        "printed": printed,
    }


# Processing.


def _processing(vendor: DraftVendor, words: Words, page: Page) -> list[Mapped]:
    by_purpose: dict[str, list[PrintedVendor]] = {}
    for row in vendor.rows:
        by_purpose.setdefault(words.purpose(row.purpose), []).append(row)
    if UNSTATED_PURPOSE in by_purpose and vendor.from_page:
        page.open_points.append(said("{vendor}: for which purpose?", vendor=vendor.name))
    return [_one(vendor, purpose, rows, words, page) for purpose, rows in by_purpose.items()]


def _one(
    vendor: DraftVendor, purpose: str, rows: Sequence[PrintedVendor], words: Words, page: Page
) -> Mapped:
    elements = [one for row in rows for one in row.elements]
    claims = [vocabulary.statement(text) for row in rows for text in row.statements]
    declaration, held = "listed", _held(vendor, purpose, elements, words, page)
    if not elements and "incidental" in claims:
        declaration = "incidental"
        found = [one for row in rows for one in words.in_sentence(row.statement or "")]
        held = [{"element": one, "direction": "entered-by-staff"} for one in dict.fromkeys(found)]
        named = [words.elements[one].label for one in dict.fromkeys(found)]
        what = said(
            "{vendor}: which data occur there at times, beside {data}?",
            vendor=vendor.name,
            data=named,
        )
        page.open_points.append(what)
    elif not elements and "none" in claims:
        declaration, held = "none", []
    elif not elements:
        held = [{"element": words.element(UNSTATED_DATA), "direction": "delivered"}]
        if vendor.from_page:
            page.open_points.append(said("{vendor}: which data does it get?", vendor=vendor.name))
    one: Mapped = {
        "purpose": purpose,
        "role": page.unknown,
        "declaration": declaration,
        "access": page.unknown,
        "storage": page.unknown,
        "retention": Flow({"period": page.unknown}),
    }
    return one | ({"elements": held} if held else {})


def _held(
    vendor: DraftVendor, purpose: str, elements: Sequence[PrintedElement], words: Words, page: Page
) -> list[Mapped]:
    by_id: dict[str, list[PrintedElement]] = {}
    for element in elements:
        by_id.setdefault(words.by_mention[vendor.id, element], []).append(element)
    held = []
    for one, printed in by_id.items():
        entry = words.elements[one]
        secret = entry.facts.get("sensitivity") == "secret"
        this: Mapped = {"element": one, "direction": _direction(entry, purpose)}
        if secret:
            this["form"] = page.unknown
            what = said(
                "{vendor}: in which form is '{data}' held?",
                vendor=vendor.name,
                data=printed[0].label,
            )
            page.open_points.append(what)
        labels = list(dict.fromkeys(element.label for element in printed))
        explanations = list(dict.fromkeys(e.explanation for e in printed if e.explanation))
        block = {"label": ", ".join(labels)}
        block |= {"explanation": " ".join(explanations)} if explanations else {}
        held.append(this | {"printed": Flow(block)})
        if len(labels) > 1:
            what = said(
                "{vendor}: {labels} were taken as one thing.", vendor=vendor.name, labels=labels
            )
            page.open_points.append(what)
    return held


def _direction(entry: Entry, purpose: str) -> str:
    facts = entry.facts
    if facts.get("sensitivity") == "secret" or purpose == "hosting":
        return "held-by-us-at-the-host"
    if facts.get("origin") == "observed":
        return "generated-at-vendor"
    return (
        "entered-by-staff"
        if facts.get("origin") == "generated" and facts.get("free_text")
        else "delivered"
    )


# Facts from further columns.


class _Facts:
    """What the columns of a vendor's rows say, each with the page as its source."""

    def __init__(self, vendor: DraftVendor, page: Page) -> None:
        self.page = page
        self.vendor = vendor
        self.found: dict[str, Flow] = {}
        self.remarks: list[Flow] = []
        self._reads_between_lines = False
        self._mechanisms: list[str] = []

    def get(self, about: str) -> Flow:
        """Return a fact, or the gap."""
        return self.found.get(about, self.page.unknown)

    def take(self, column: PrintedColumn) -> None:
        """Read one column; what has no field of its own becomes a remark."""
        about = "storage" if column.about == "location" else column.about
        if about == "mechanism":
            self._mechanisms += vocabulary.mechanism(column.text)
            self._remark(column)
        elif about in self.found:
            self._remark(column)
        elif about in {"storage", "access", "entity_country"}:
            self._take_countries(about, column)
        elif value := _value(about, column):
            self.found[about] = Flow({"value": value, "source": "page"})
        else:
            self.page.unmapped.setdefault(column.heading)
            self._remark(column)

    def _take_countries(self, about: str, column: PrintedColumn) -> None:
        countries, all_of_it = vocabulary.countries(column.text)
        if not countries:
            self._remark(column)
            what = said(
                "{vendor}: in which countries is '{text}'?",
                vendor=self.vendor.name,
                text=column.text,
            )
            self.page.open_points.append(what)
            return
        if all_of_it and column.about != "location":
            self.found[about] = Flow({"value": countries, "source": "page"})
            return
        self._reads_between_lines = True
        note = f"printed: {column.heading or 'country'}: {column.text}; storage, access or seat?"
        self.found[about] = Flow({"value": countries, "source": "reading", "note": note})
        self.page.ambiguous.setdefault(column.heading or column.text)

    def _remark(self, column: PrintedColumn) -> None:
        what = f"{column.heading}: {column.text}" if column.heading else column.text
        if column.link and column.link not in what and _WEB_ADDRESS.fullmatch(column.link):
            what += f" ({column.link})"
        self.remarks.append(Flow({"what": what, "source": "page"}))

    def transfers(self) -> list[Flow]:
        """Return the transfers that country and mechanism, both as printed, make certain."""
        fact = self.found.get("storage") or self.found.get("entity_country")
        countries = fact.value["value"] if fact and isinstance(fact.value, Mapping) else []
        named = list(dict.fromkeys(self._mechanisms))
        made = []
        for country in countries if isinstance(countries, list) else []:
            fits = [
                one
                for one in named
                if (one == "dpf") <= (country == "US") and (country != "US" or one != "adequacy")
            ]
            if in_eea(country, self.page.today) or not fits:
                continue
            first = "dpf" if "dpf" in fits else fits[0]
            transfer: dict[str, object] = {"to": country, "mechanism": first, "source": "page"}
            if first == "dpf" and "scc" in fits:
                transfer["fallback"] = "scc"
            made.append(Flow(transfer))
        return made

    def sources(self) -> Mapped:
        """Return the sources that the file names: the page, and our reading of it."""
        page = self.page
        what = f"the page kept by hand ({page.name})"
        sources: Mapped = {
            "page": Flow({"what": what, "as_of": page.updated or "undated", "basis": "own"})
        }
        if self._reads_between_lines:
            what = f"our reading of the page ({page.name})"
            sources["reading"] = Flow({"what": what, "as_of": page.today, "basis": "inferred"})
        return sources


def _value(about: str, column: PrintedColumn) -> object:
    """Return what a column's text is as a value of its field, or None."""
    text = column.text
    if about in {"entity", "address"}:
        return text
    if about == "contact":
        email = _EMAIL.search(text)
        return {"email": email[0]} if email and email[0] == text else {"name": text}
    if about in {"start", "end"}:
        return date_in(text)
    if about in {"agreement", "own_list"}:
        return next((one for one in (text, column.link or "") if _WEB_ADDRESS.fullmatch(one)), None)
    return None
