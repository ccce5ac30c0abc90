"""
The plan of supervision: how closely each processor is looked at, and when next (R68).

Points and concepts are those of Datatilsynet (Denmark), guidance of 29 October 2021.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from klarsyn.language import mark
from klarsyn.publication.papers.document import Heading, Line, Paragraph, Table, line, shown
from klarsyn.register.papers import needs_agreement
from klarsyn.rules.supervision import permissible_concepts

if TYPE_CHECKING:
    from klarsyn.publication.papers.commission import Commission
    from klarsyn.publication.papers.document import Block, Lines, Paper
    from klarsyn.register.vendor import Vendor

NAME = "supervision"
TITLE = mark("Plan for the supervision of processors")


def paper(order: Commission) -> Paper:
    """Return the plan: planned supervisions by date, then processors without one."""
    voice = order.own
    vendors = [
        one
        for one in order.register.vendors.values()
        if one.supervision or needs_agreement(one, order.on)
    ]
    vendors.sort(key=lambda one: one.supervision.next if one.supervision else date.max)
    caption = voice.text("Processors by the date of their next supervision")
    header = (
        voice.text("Vendor"),
        voice.text("Points"),
        voice.text("Permissible concepts"),
        voice.text("Chosen concept"),
        voice.text("Last review"),
        voice.text("Next supervision"),
        voice.text("Report"),
    )
    rows = tuple(_row(order, one) for one in vendors)
    blocks: list[Block] = [
        Heading(voice.text("Planned supervision")),
        Paragraph(
            line(
                voice.text(
                    "Points from 1 to 10 say how great the risk is; they decide which of the six "
                    "concepts of supervision are permissible. Source: Datatilsynet (Denmark), "
                    "guidance of 29 October 2021."
                )
            )
        ),
        Table(caption, header, rows, (4, 2, 3, 3, 4, 4, 4)),
    ]
    return order.paper(NAME, voice.text(TITLE), blocks)


def _row(order: Commission, vendor: Vendor) -> tuple[Lines, ...]:
    voice = order.own
    name = Line(line(vendor.name).text, is_name=True)
    review = shown(voice.fact(None))
    if vendor.review:
        text = voice.text(
            "{day}, by {who}", day=voice.day(vendor.review.last), who=vendor.review.by
        )
        review = line(text)
    planned = vendor.supervision
    if planned is None:
        gap = shown(voice.fact(None))
        return ((name,), (gap,), (gap,), (gap,), (review,), (gap,), (gap,))
    allowed = permissible_concepts(planned.points)
    concept = [line(str(planned.concept))]
    if planned.concept not in allowed:
        concept.append(line(voice.text("too little: at least {least}", least=allowed[0])))
    due = [line(voice.day(planned.next))]
    if planned.next < order.on:
        due.append(line(voice.text("overdue")))
    report = line(planned.report) if planned.report else line(voice.text("none yet"))
    span = f"{allowed[0]}–{allowed[-1]}"
    return (
        (name,),
        (line(str(planned.points)),),
        (line(span),),
        tuple(concept),
        (review,),
        tuple(due),
        (report,),
    )
