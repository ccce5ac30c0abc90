"""
The block of a privacy notice that tells of recipients: Art. 13(1)(e), (f) and 14(1)(e), (f).

With it what R17 asks of the same register: retention, source, and automated decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.language import mark
from klarsyn.publication.papers import parties, processing, transfers
from klarsyn.publication.papers.document import (
    Field,
    Fields,
    Heading,
    Line,
    Paragraph,
    Table,
    line,
    shown,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.papers.commission import Commission, Row
    from klarsyn.publication.papers.document import Block, Lines, Paper
    from klarsyn.register.company import ScoreCard

NAME = "recipients"
TITLE = mark("Information under Art. 13 and 14: recipients of personal data")


def paper(order: Commission) -> Paper:
    """Return the block for the purposes of which the company is, or may be, the controller."""
    rows = order.rows("controller")
    blocks = [
        *_recipients(order, rows),
        *_transfers(order, rows),
        *_retention(order, rows),
        *_sources(order, rows),
        *_scores(order, rows),
    ]
    return order.paper(NAME, order.own.text(TITLE), blocks)


def _recipients(order: Commission, rows: Sequence[Row]) -> list[Block]:
    """R17: Art. 13(1)(e), 14(1)(e)."""
    voice = order.own
    table = tuple(
        (
            (parties.vendor_name(order, row.vendor_id), *_what_for(order, row)),
            (line(processing.purpose_label(order, row)),),
            processing.data(order, [row]),
            (
                shown(
                    order.of_vendor(row.vendor_id).fact(row.vendor.entity.country, voice.countries)
                ),
            ),
        )
        for row in rows
    )
    heading = voice.text("Who receives your data")
    header = (
        voice.text("Recipient"),
        voice.text("Purpose"),
        voice.text("Data"),
        voice.text("Country of the entity"),
    )
    return [
        Heading(heading),
        Paragraph(line(voice.text("Art. 13(1)(e) and 14(1)(e)"))),
        Table(voice.text("Recipients"), header, table, (3, 3, 5, 2)),
    ]


def _what_for(order: Commission, row: Row) -> Lines:
    return (line(order.own.own(row.vendor.service)),) if row.vendor.service else ()


def _transfers(order: Commission, rows: Sequence[Row]) -> list[Block]:
    """R17, R82, R86: Art. 13(1)(f), 14(1)(f), and where to get a copy."""
    voice = order.own
    vendors = list(dict.fromkeys(one.vendor_id for one in rows))
    return [
        Heading(voice.text("Transfers outside the EEA")),
        Paragraph(line(voice.text("Art. 13(1)(f) and 14(1)(f)"))),
        Fields((Field(voice.text("Transfers"), transfers.lines(order, vendors)),)),
    ]


def _retention(order: Commission, rows: Sequence[Row]) -> list[Block]:
    """R17, R10: Art. 13(2)(a), 14(2)(a)."""
    voice = order.own
    fields: dict[str, dict[Line, None]] = {}
    for row in rows:
        told = fields.setdefault(processing.purpose_label(order, row), {})
        for one in processing.retention(order, [row]):
            text = voice.text("{label}: {what}", label=row.vendor.name, what=one.text)
            told.setdefault(Line(text, one.state, one.doubt))
    return [
        Heading(voice.text("How long the data are kept")),
        Paragraph(line(voice.text("Art. 13(2)(a) and 14(2)(a)"))),
        Fields(tuple(Field(label, tuple(told)) for label, told in fields.items())),
    ]


def _sources(order: Commission, rows: Sequence[Row]) -> list[Block]:
    """R17, R18: Art. 14(2)(f), of data that do not come from the person."""
    voice, elements = order.of_elements, order.register.elements
    held = dict.fromkeys(one.element for row in rows for one in row.processing.elements)
    fields = tuple(
        Field(voice.own(elements[one].label), (shown(voice.fact(fact, voice.own)),))
        for one in held
        if (fact := elements[one].from_others) or elements[one].origin == "collected"
    )
    none = line(voice.text("All data come from you or from your use of the service."))
    return [
        Heading(voice.text("Data that we have from others")),
        Paragraph(line(voice.text("Art. 14(2)(f)"))),
        Fields(fields) if fields else Paragraph(none),
    ]


def _scores(order: Commission, rows: Sequence[Row]) -> list[Block]:
    """R17, R44-R47: Art. 13(2)(f), 14(2)(g), one card after the other."""
    voice, register = order.own, order.register
    held = {one.element for row in rows for one in row.processing.elements}
    cards = {
        one: card for one, card in sorted(register.scores.items()) if held & set(card.elements)
    }
    blocks: list[Block] = [
        Heading(voice.text("Automated decisions and profiling")),
        Paragraph(line(voice.text("Art. 13(2)(f) and 14(2)(g)"))),
    ]
    if not cards:
        told = voice.text("No score of a person and no automated decision is on record.")
        blocks.append(Paragraph(line(told)))
    for one, card in cards.items():
        blocks += [Heading(voice.own(card.label), 3), Fields(_card(order, one, card))]
    return blocks


def _card(order: Commission, card_id: str, card: ScoreCard) -> tuple[Field, ...]:
    voice = order.of_score(card_id)
    facts = (
        (voice.text("How it is calculated"), shown(voice.fact(card.method, voice.own))),
        (voice.text("From which period"), shown(voice.fact(card.period, voice.period))),
        (voice.text("Who acts on it"), shown(voice.fact(card.acted_on_by, voice.own))),
        (voice.text("What it leads to"), shown(voice.fact(card.effect, voice.own))),
        (voice.text("What a person does"), shown(voice.fact(card.human_step, voice.own))),
        (voice.text("How to object"), shown(voice.fact(card.objection, voice.own))),
        (voice.text("Example"), shown(voice.fact(card.example, voice.own))),
    )
    inputs = Field(voice.text("What goes into it"), _inputs(order, card_id, card))
    method, *others = (Field(label, (told,)) for label, told in facts)
    return (inputs, method, *others)


def _inputs(order: Commission, card_id: str, card: ScoreCard) -> Lines:
    voice = order.of_score(card_id)
    if card.inputs.value is None:
        return (shown(voice.fact(card.inputs)),)
    told = []
    for one in card.inputs.value:
        text = voice.text(
            "{label}: {what}",
            label=voice.own(one.label),
            what=voice.text(_DIRECTIONS[one.direction]),
        )
        told.append(f"{text} ({one.weight})" if one.weight else text)
    source = shown(voice.fact(card.inputs))
    return tuple(together(text, source) for text in told)


_DIRECTIONS = {
    "raises": mark("raises the score"),
    "lowers": mark("lowers the score"),
    "both": mark("raises or lowers the score"),
}
