"""
A page for each score card: how a score is made, who acts on it, how to object (R44-R48).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.publication import words
from klarsyn.publication.pages.frame import Link
from klarsyn.register.facts import known
from klarsyn.register.scoring import confirmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages.frame import About, Edition
    from klarsyn.publication.pages.vendorview import VendorView
    from klarsyn.publication.voice import Shown, Voice
    from klarsyn.register.company import Input, ScoreCard
    from klarsyn.register.register import Register

PATH = "scores/index.html"


@dataclass(frozen=True, slots=True)
class InputView:
    """What goes into a score."""

    label: str
    move: str
    weight: str
    element: str
    """The id of the data element that it is made of, if it is one."""
    origin: str


@dataclass(frozen=True, slots=True)
class ReceiverView:
    """A vendor that may have the score, and what the register says of that."""

    vendor: VendorView
    element: str
    label: str
    definition: str
    """Which definition its row means, where it says so."""
    allowed: bool
    """Whether the card lets it have a score of single persons."""


@dataclass(frozen=True, slots=True)
class CardView:
    """A score card."""

    id: str
    label: str
    definitions: tuple[tuple[str, bool], ...]
    """Each definition, and whether it is the confirmed one."""
    inputs: tuple[InputView, ...]
    inputs_shown: Shown
    """Whether the inputs are known and verified."""
    facts: tuple[tuple[str, Shown], ...]
    receivers: tuple[ReceiverView, ...]
    elements: tuple[tuple[str, str], ...]


def link(edition: Edition, voice: Voice) -> Link | None:
    """The list of scores; where there is one only, its card; where there is none, nothing."""
    scores = edition.register.scores
    if not scores:
        return None
    path = PATH if len(scores) > 1 else f"scores/{next(iter(scores))}.html"
    return Link(path, voice.text("Scores"))


def pages(about: About) -> Iterator[tuple[str, str]]:
    """Yield a page for each card, and a list where there are several."""
    cards = [card_view(about, one) for one in about.edition.register.scores]
    if len(cards) > 1:
        yield about.render("scores.html", PATH, cards=cards)
    for card in cards:
        yield about.render(
            "score.html", f"scores/{card.id}.html", card=card, several=len(cards) > 1
        )


def card_view(about: About, one: str) -> CardView:
    """Return what is shown of a score card."""
    register = about.edition.register
    card = register.scores[one]
    voice = about.voice.about(register.sources.get(f"scores/{one}.yaml", {}))
    settled = confirmed(register, one)
    return CardView(
        id=one,
        label=voice.own(card.label),
        definitions=tuple(
            (voice.own(definition.text), name == settled)
            for name, definition in card.definitions.items()
        ),
        inputs=tuple(_input(register, each, voice) for each in known(card.inputs) or ()),
        inputs_shown=voice.fact(card.inputs, lambda _: ""),
        facts=tuple(_facts(card, voice)),
        receivers=tuple(_receivers(about, one, card)),
        elements=tuple((each, voice.own(register.elements[each].label)) for each in card.elements),
    )


def _input(register: Register, one: Input, voice: Voice) -> InputView:
    element = register.elements.get(one.element or "")
    return InputView(
        label=voice.own(one.label),
        move=voice.text(words.MOVES[one.direction]),
        weight=one.weight or "",
        element=one.element or "",
        origin=voice.text(words.ORIGINS[element.origin]) if element else "",
    )


def _facts(card: ScoreCard, voice: Voice) -> Iterator[tuple[str, Shown]]:
    yield voice.text("How it is calculated"), voice.fact(card.method, voice.own)
    yield voice.text("Over which period"), voice.fact(card.period, voice.period)
    yield voice.text("Version"), voice.fact(card.version, name=True)
    yield voice.text("Who acts on it"), voice.fact(card.acted_on_by, voice.own)
    yield voice.text("What it leads to"), voice.fact(card.effect, voice.own)
    yield voice.text("Where a human decides"), voice.fact(card.human_step, voice.own)
    yield voice.text("How to object"), voice.fact(card.objection, voice.own)
    yield voice.text("An example"), voice.fact(card.example, voice.own)


def _receivers(about: About, one: str, card: ScoreCard) -> Iterator[ReceiverView]:
    """Yield each vendor that may have the score, once for each of its elements."""
    register, voice = about.edition.register, about.voice
    allowed = known(card.shown_per_person) or []
    seen = set()
    for use in register.uses():
        element = register.elements[use.held.element]
        if element.score != one or (use.vendor_id, use.held.element) in seen:
            continue
        seen.add((use.vendor_id, use.held.element))
        meant = card.definitions.get(use.held.definition or "")
        yield ReceiverView(
            vendor=about.vendors[use.vendor_id],
            element=use.held.element,
            label=voice.own(element.label),
            definition=voice.own(meant.text) if meant and len(card.definitions) > 1 else "",
            allowed=use.vendor_id in allowed,
        )
