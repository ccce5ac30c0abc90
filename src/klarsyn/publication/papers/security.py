"""
Technical and organisational measures under the headings of annex II (R71, R72, R76).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.publication import words
from klarsyn.publication.papers.document import Field, Fields, line, shown, together
from klarsyn.register.facts import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.papers.commission import Commission
    from klarsyn.publication.papers.document import Line, Lines
    from klarsyn.publication.voice import Voice
    from klarsyn.register.measures import Measure

ASSISTANCE = "assistance-to-the-controller"
ASSISTING_CLAUSES = ("e", "f")  # of Art. 28(3): help with rights, help with Art. 32-36


def fields(voice: Voice, measures: Sequence[Measure]) -> Fields:
    """Return the measures in the order of annex II; one that is missing altogether is a gap."""
    told = tuple(
        Field(voice.text(label), tuple(_measure(voice, one) for one in chosen))
        for heading, label in words.MEASURES.items()
        if (chosen := [one for one in measures if one.heading == heading])
    )
    gap = Field(voice.text("Technical and organisational measures"), (shown(voice.fact(None)),))
    return Fields(told or (gap,))


def _measure(voice: Voice, one: Measure) -> Line:
    notes = []
    if one.evidence:
        notes.append(voice.text("evidence: {what}", what=voice.own(one.evidence)))
    if one.tested:
        notes.append(voice.text("tested on {day}", day=voice.day(one.tested)))
    told = voice.own(one.what)
    return line(f"{told} ({'; '.join(notes)})" if notes else told)


def assistance(order: Commission, vendor_id: str) -> Lines:
    """
    Return how a vendor helps the controller: its measures, and the clauses that bind it (R57).

    Art. 28(3)(e) and (f) are where the agreement says so.
    """
    vendor, voice = order.register.vendors[vendor_id], order.of_vendor(vendor_id)
    told = [_measure(voice, one) for one in vendor.measures if one.heading == ASSISTANCE]
    if agreement := known(vendor.agreement):
        bound = [
            voice.text(
                "By the data processing agreement, {clause} (Art. 28(3)({letter}))",
                clause=agreement.clauses[letter],
                letter=letter,
            )
            for letter in ASSISTING_CLAUSES
            if letter in agreement.clauses
        ]
        proof = shown(voice.fact(vendor.agreement, lambda one: one.version))
        told += [together(text, proof) for text in bound]
    return tuple(told) or (shown(voice.fact(None)),)


def flat(voice: Voice, measures: Sequence[Measure]) -> Lines:
    """Return measures for a table: each with its heading before it."""
    return tuple(
        line(
            voice.text(
                "{label}: {what}",
                label=voice.text(words.MEASURES[one.heading]),
                what=voice.own(one.what),
            )
        )
        for one in measures
    ) or (shown(voice.fact(None)),)
