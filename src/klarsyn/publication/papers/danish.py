"""
Danish standard contractual clauses (Art. 28(8)), appendix B: authorised sub-processors (R73).

B.1 is the list, B.2 the prior notice. The headings follow Datatilsynet's (Denmark) clauses as
re-printed in public contracts; the sentences are our own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.errors import PaperRefused, said
from klarsyn.language import mark
from klarsyn.publication.papers import parties, processing, subprocessors
from klarsyn.publication.papers.document import (
    Field,
    Fields,
    Heading,
    Paragraph,
    Table,
    line,
    shown,
)
from klarsyn.publication.papers.scc915 import may_be_processor

if TYPE_CHECKING:
    from klarsyn.publication.papers.commission import Commission
    from klarsyn.publication.papers.document import Block, Paper

NAME = "danish-clauses"
TITLE = mark("Danish standard contractual clauses, appendix B: authorised sub-processors")


def paper(order: Commission) -> Paper:
    """Return appendix B. Raises PaperRefused where the company is no processor."""
    voice, company = order.own, order.register.company
    if not may_be_processor(order):
        raise PaperRefused(
            said("{company} does not act as a processor.", company=company.name),
            said("Correct `acts_as` in company.yaml if it does."),
        )
    blocks: list[Block] = [
        Heading(voice.text("Appendix B: authorised sub-processors")),
        *_approved(order),
        *_notice(order),
    ]
    return order.paper(NAME, voice.text(TITLE), blocks)


def _approved(order: Commission) -> list[Block]:
    """R73, B.1: name, CVR number, address, description of processing."""
    voice = order.own
    rows = []
    for vendor_id, done in subprocessors.known_ones(order).items():
        entity, of_vendor = done[0].vendor.entity, order.of_vendor(vendor_id)
        rows.append(
            (
                (shown(of_vendor.fact(entity.name, name=True)),),
                (shown(of_vendor.fact(entity.registration, name=True)),),
                (shown(of_vendor.fact(entity.address, name=True)),),
                tuple(processing.described(order, one) for one in done),
            )
        )
    header = (
        voice.text("Name"),
        voice.text("CVR"),
        voice.text("Address"),
        voice.text("Description of processing"),
    )
    told = line(
        voice.text(
            "A sub-processor may be used for the processing described here only; for a different "
            "processing, or in place of another, it needs the controller's authorisation."
        )
    )
    caption = voice.text("Sub-processors that the controller authorises")
    table: list[Block] = [Table(caption, header, tuple(rows), (3, 2, 3, 5))] if rows else []
    return [
        Heading(voice.text("B.1. Approved sub-processors"), 3),
        *table,
        *subprocessors.unsettled(order),
        Paragraph(told),
    ]


def _notice(order: Commission) -> list[Block]:
    """R73, R52, B.2: how long before, and how the controller objects to the change."""
    voice, company = order.own, order.register.company
    told = voice.text(
        "The controller is told of every intended addition or replacement of a sub-processor "
        "before it takes effect, and may object to the change within the period. A longer or "
        "shorter period that the controller's own contract names goes before."
    )
    fields = (
        Field(
            voice.text("Notice period"), (shown(voice.fact(company.notice_period, voice.period)),)
        ),
        Field(voice.text("Objections to"), (parties.contact(voice, company.objections),)),
    )
    return [
        Heading(voice.text("B.2. Prior notice for the authorisation of sub-processors"), 3),
        Paragraph(line(told)),
        Fields(fields),
    ]
