"""
Transfers to third countries and their safeguards, as records and notices print them (R74, R82).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication import words
from klarsyn.publication.papers.document import Line, line, shown
from klarsyn.register.papers import grounds, vendor_countries
from klarsyn.rules.transfers import in_eea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.papers.commission import Commission
    from klarsyn.publication.papers.document import Lines
    from klarsyn.register.vendor import Transfer


def lines(order: Commission, vendor_ids: Sequence[str]) -> Lines:
    """Return each vendor's transfers; a third country without a ground, or no country, is a gap."""
    found = [one for vendor_id in vendor_ids for one in of_vendor(order, vendor_id)]
    return tuple(found) or (line(order.own.text("None.")),)


def of_vendor(order: Commission, vendor_id: str) -> Lines:
    """Return the transfers to one vendor, its name before each."""
    vendor, voice = order.register.vendors[vendor_id], order.of_vendor(vendor_id)
    countries = (vendor.entity.country, vendor.countries.storage, vendor.countries.access)
    told = [
        _transfer(order, vendor_id, one)
        for one in vendor_countries(vendor, order.on)
        if not in_eea(one, order.on)
    ]
    if not all(one.known for one in countries):
        unknown = voice.text("not yet known is where the data lie or from where they are read")
        told.insert(0, Line(unknown, "unknown"))
    return tuple(_named(order, vendor.name, one) for one in told)


def _named(order: Commission, vendor: str, one: Line) -> Line:
    text = order.own.text("{label}: {what}", label=vendor, what=one.text)
    return Line(line(text).text, one.state, one.doubt)


def _transfer(order: Commission, vendor_id: str, country: str) -> Line:
    voice = order.of_vendor(vendor_id)
    proved = grounds(order.register, vendor_id, country, order.on)
    declared = [
        one
        for one in order.register.vendors[vendor_id].transfers
        if one.to == country and (one.until is None or order.on <= one.until)
    ]
    name = voice.countries(country)
    if not declared:
        text = voice.text("{country}: the ground is not yet known", country=name)
        return Line(text, "unknown")
    told = "; ".join(dict.fromkeys(_ground(order, vendor_id, one) for one in declared))
    text = voice.text("{label}: {what}", label=name, what=told)
    if all(one in proved for one in declared):
        return line(text)
    return Line(line(text).text, "unverified", voice.text("not verified"))


def _ground(order: Commission, vendor_id: str, one: Transfer) -> str:
    voice = order.of_vendor(vendor_id)
    told = voice.text(words.MECHANISMS[one.mechanism])
    if one.checked:
        told += voice.text(", checked on {day}", day=voice.day(one.checked))
    if one.copy:
        copy = shown(voice.fact(one.copy))
        told += voice.text(" (copy of the safeguards: {where})", where=copy.text)
    return told
