"""
Lists of sub-processors: SCC 2021/914 annex III, 2021/915 annex IV (R64, R70).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication.papers import parties, processing
from klarsyn.publication.papers.document import Field, Fields, Line, Paragraph, line, shown
from klarsyn.register.facts import known

if TYPE_CHECKING:
    from klarsyn.publication.papers.commission import Commission, Row
    from klarsyn.publication.papers.document import Block


def of_vendor(order: Commission, vendor_id: str, description: str) -> list[Block]:
    """Return the sub-processors of a vendor; its own list is named where none is on record."""
    vendor, voice = order.register.vendors[vendor_id], order.of_vendor(vendor_id)
    if not vendor.chain:
        if known(vendor.own_list) is None:
            return [Paragraph(shown(voice.fact(vendor.own_list)))]
        address = shown(voice.fact(vendor.own_list))
        text = voice.text(
            "None is on record by name. The vendor's own list: {address}", address=address.text
        )
        return [Paragraph(Line(text, address.state, address.doubt))]
    blocks: list[Block] = []
    for number, one in enumerate(vendor.chain, 1):
        country = voice.countries(one.country)
        what = line(f"{voice.own(one.what)} ({country})")
        fields = [*parties.link(voice, one), Field(description, (what,))]
        blocks += [parties.numbered(number, one.name), Fields(tuple(fields))]
    return blocks


def of_company(order: Commission, description: str) -> list[Block]:
    """Return the company's own sub-processors, each with what it does for which purpose."""
    blocks: list[Block] = []
    for number, (vendor_id, rows) in enumerate(known_ones(order).items(), 1):
        told = tuple(processing.described(order, one) for one in rows)
        fields = [*parties.vendor(order, vendor_id), Field(description, told)]
        blocks += [parties.numbered(number, rows[0].vendor.name), Fields(tuple(fields))]
    return blocks + unsettled(order)


def known_ones(order: Commission) -> dict[str, list[Row]]:
    """Return the vendors in use that are sub-processors, with what they do as such (R2)."""
    found: dict[str, list[Row]] = {}
    for row in order.rows():
        if row.processing.role.value == "sub-processor":
            found.setdefault(row.vendor_id, []).append(row)
    return found


def unsettled(order: Commission) -> list[Block]:
    """Name the vendors of which nobody knows whether they are sub-processors (R1)."""
    open_ones = dict.fromkeys(
        row.vendor.name for row in order.rows() if row.processing.role.value is None
    )
    if not open_ones:
        return []
    text = order.own.text(
        "Not yet known is the role of: {vendors}", vendors=order.own.list(list(open_ones))
    )
    return [Paragraph(Line(text, "unknown"))]
