"""
The picture of data flows, and the same in words: one graph, drawn and told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from klarsyn.language import mark
from klarsyn.publication import words
from klarsyn.publication.flowgraph import countries
from klarsyn.publication.flowlayout import drawing
from klarsyn.publication.pages.frame import Link
from klarsyn.publication.voice import name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.flowgraph import Destination, Flow, Graph
    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.pages.vendorview import VendorView
    from klarsyn.publication.voice import Voice

PATH = "flows.html"

_TITLES = {
    "eea": mark("In the EEA"),
    "eea-as-known": mark("In the EEA as far as known"),
    "third": mark("Outside the EEA: {grounds}"),
    "ungrounded": mark("Outside the EEA: ground of transfer not yet known"),
    "unknown": mark("Country not yet known"),
}


@dataclass(frozen=True, slots=True)
class TargetView:
    """A vendor and what flows to it, in words."""

    vendor: VendorView
    place: str
    """Its countries as far as known, and whether that is verified."""
    flows: tuple[tuple[str, Markup], ...]
    """The way's kind, and its sentence."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """The vendors to which data go on the same ground."""

    title: str
    targets: tuple[TargetView, ...]


def link(edition: Edition, voice: Voice) -> Link | None:
    """There is such a page where anything is declared to flow."""
    return Link(PATH, voice.text("Data flows")) if edition.holdings.every else None


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield the page, if anything flows."""
    edition, voice = about.edition, about.voice
    if not edition.holdings.every:
        return
    found = edition.flows
    groups = [
        GroupView(title(place, voice), tuple(_target(about, found, one) for one in vendors))
        for place, vendors in found.groups
    ]
    names = {
        target.vendor.id: (target.vendor.name, target.place)
        for group in groups
        for target in group.targets
    }
    picture = drawing(
        found, edition.register.company.name, [group.title for group in groups], names
    )
    yield about.render(
        "flows.html",
        PATH,
        picture=picture,
        groups=groups,
        counts=_counts(found, voice),
        legend=_legend(found, voice),
        sources=[about.vendors[one] for one in found.sources],
        still=[(about.vendors[one], _stillness(about.vendors[one], voice)) for one in found.still],
        secrets=list(_secrets(about)),
    )


def title(place: Destination, voice: Voice) -> str:
    """Return what a group of vendors is called."""
    told = voice.list([voice.text(words.MECHANISMS[one]) for one in place.mechanisms])
    if not place.verified:
        told = voice.text("{what} (not verified)", what=told)
    return voice.text(_TITLES[place.reach], grounds=told)


def _target(about: About, found: Graph, one: str) -> TargetView:
    edition, voice = about.edition, about.voice
    codes, verified = countries(edition.register, one, edition.on)
    place = voice.countries(codes) if codes else voice.text("country not yet known")
    if codes and not verified:
        place = voice.text("{what} (not verified)", what=place)
    told = tuple((flow.kind, sentence(about, flow)) for flow in found.flows[one])
    return TargetView(about.vendors[one], place, told)


def sentence(about: About, flow: Flow) -> Markup:
    """Return a flow in words: how many data elements, how they get there, and which."""
    voice, register = about.voice, about.edition.register
    count = voice.plural("{n} data element", "{n} data elements", len(flow.elements))
    told: str = voice.text(words.FLOWS[flow.way])
    if flow.way == "passed-on":
        told = voice.marked(words.PASSED_ON, vendor=name(about.vendors[flow.source].name))
        if not flow.verified:
            told = Markup("{} ({})").format(told, voice.text("not verified"))
    elif flow.incidental:
        told = f"{told} ({voice.text(words.RARELY)})"
    names = voice.list([voice.own(register.elements[one].label) for one in flow.elements])
    return Markup("{}, {}: {}").format(count, told, names)


def _counts(found: Graph, voice: Voice) -> tuple[str, str]:
    flows = sum(len(one) for one in found.flows.values())
    return (
        voice.plural("{n} vendor", "{n} vendors", len(found.flows)),
        voice.plural("{n} flow", "{n} flows", flows),
    )


def _legend(found: Graph, voice: Voice) -> list[tuple[str, str]]:
    """Return the kinds of lines in the picture, each with what it means."""
    every = [flow for flows in found.flows.values() for flow in flows]
    ways = {flow.way for flow in every if flow.verified}
    told: list[tuple[str, str]] = [
        (way, voice.text(said)) for way, said in words.FLOWS.items() if way in ways
    ]
    if not all(flow.verified for flow in every):
        word = words.FLOWS["passed-on"]
        passed = voice.text(word)
        told.append(("passed-on doubtful", voice.text("{what} (not verified)", what=passed)))
    if any(flow.incidental for flow in every):
        told.append(("incidental", voice.text(words.INCIDENTAL)))
    return told


def _stillness(vendor: VendorView, voice: Voice) -> str:
    """Tell why nothing is drawn to a vendor."""
    claims = [one.statement for one in vendor.processing if one.declaration == "none"]
    return vendor.over or (claims[0] if claims else voice.text("no data element is declared"))


def _secrets(about: About) -> Iterator[tuple[VendorView, str]]:
    for held in about.edition.holdings.secrets:
        vendor = about.vendors[held.vendor_id]
        yield vendor, vendor.processing[held.number].secrets[held.element]
