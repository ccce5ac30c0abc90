"""
Checks of scores: one confirmed definition, a full card, and a place they may be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.errors import said
from klarsyn.language import mark
from klarsyn.register.facts import known
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.errors import Message
    from klarsyn.register.company import ScoreCard
    from klarsyn.register.register import Register

SCORE_UNDEFINED = Rule(
    id="score-undefined",
    requirement="R46",
    severity="high",
    seen_as="D06",
    title=mark("A score without one confirmed meaning"),
    what=mark("{vendor} has {element}; {state}"),
    why=mark(
        "A person may know the procedure and principles by which a score came about. Two "
        "definitions under one name explain nothing. Source: GDPR Art. 15(1)(h); C-203/22 Dun & "
        "Bradstreet Austria."
    ),
    remedy=mark("decide on one definition and confirm it in the score card"),
)

SCORE_CARD_INCOMPLETE = Rule(
    id="score-card-incomplete",
    requirement="R44 R45 R46",
    severity="high",
    seen_as="D06",
    title=mark("A score card is incomplete"),
    what=mark("the card of {score} does not say: {fields}"),
    why=mark(
        "Who acts on a score and how far decides whether it is an automated decision; inputs, "
        "direction, period and an example are what a person is told. Source: GDPR Art. 22; "
        "C-634/21 SCHUFA; C-203/22."
    ),
    remedy=mark("fill in the card in scores/"),
)

SCORE_SHOWN = Rule(
    id="score-shown",
    requirement="R48",
    severity="medium",
    seen_as="D06",
    title=mark("A score of single persons is shown elsewhere"),
    what=mark("{vendor} shows {element}, and nobody has said that it may"),
    why=mark(
        "Deriving a score in one place and showing it in another is a disclosure of its own. "
        "Source: GDPR Art. 5(1)(c), (f)."
    ),
    remedy=mark("name the vendor under `shown_per_person:` in the card, or take the score out"),
)

CARD_FIELDS = {
    "inputs": said("inputs"),
    "period": said("period"),
    "method": said("method"),
    "version": said("version"),
    "acted_on_by": said("who acts on it"),
    "effect": said("effect"),
    "human_step": said("human step"),
    "objection": said("how to object"),
    "example": said("example"),
}


def scores(register: Register, on: date) -> Iterator[Finding]:
    """R44-R48: every score has one confirmed definition, a full card, and a place it may go."""
    del on
    for one, card in register.scores.items():
        if missing := [word for name, word in CARD_FIELDS.items() if not getattr(card, name).known]:
            facts: dict[str, object] = {"score": card.label, "fields": missing}
            yield Finding(SCORE_CARD_INCOMPLETE, Place(f"scores/{one}.yaml"), facts)
    for use in register.uses():
        element = register.elements[use.held.element]
        scored = register.scores.get(element.score or "")
        if scored is None:
            continue
        facts = {"vendor": use.vendor.name, "element": element.label}
        if state := _doubt(register, scored, element.score, use.held.definition):
            yield Finding(SCORE_UNDEFINED, use.place, {**facts, "state": state})
        if not_per_person(register, use.vendor_id, use.held.element):
            yield Finding(SCORE_SHOWN, use.place, facts)


def not_per_person(register: Register, vendor_id: str, element_id: str) -> Message | None:
    """
    Return why a vendor may not have a score of single persons, or None where it may.

    R48: one that presents figures needs an explicit yes in the card. A customer may be a person;
    the score of a company is not meant.
    """
    element = register.elements[element_id]
    card = register.scores.get(element.score or "")
    if card is None or element.about == "company":
        return None
    if register.vendors[vendor_id].kind != "dashboards":
        return None
    if vendor_id in (known(card.shown_per_person) or []):
        return None
    return said("declared, not delivered: R48")


def _doubt(
    register: Register, card: ScoreCard, card_id: str | None, chosen: str | None
) -> Message | None:
    settled = confirmed(register, card_id)
    if settled and chosen in {None, settled}:
        return None
    if len(card.definitions) > 1:
        return said("{count} definitions of it are in print", count=len(card.definitions))
    return said("its definition is not confirmed")


def confirmed(register: Register, card_id: str | None) -> str | None:
    """Return the one definition of a card that a verified source confirms, or None."""
    sources = register.sources.get(f"scores/{card_id}.yaml", {})
    found = [
        one
        for one, definition in register.scores[card_id or ""].definitions.items()
        if definition.confirmed.value
        and (source := sources.get(definition.confirmed.source or ""))
        and source.verified
    ]
    return found[0] if len(found) == 1 else None
