"""
Records of processing activities: as controller, Art. 30(1), and as processor, Art. 30(2) (R74).

The letters of the article stand before the fields, so that an authority finds each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.errors import PaperRefused, said
from klarsyn.language import mark
from klarsyn.publication import words
from klarsyn.publication.papers import parties, processing, security, transfers
from klarsyn.publication.papers.document import (
    Field,
    Fields,
    Heading,
    Line,
    Table,
    line,
    shown,
    together,
)
from klarsyn.publication.papers.scc915 import may_be_processor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.papers.commission import Commission, Hat, Row
    from klarsyn.publication.papers.document import Block, Lines, Paper

NAME = "ropa"
TITLES: dict[Hat, str] = {
    "controller": mark("Record of processing activities of the controller, Art. 30(1)"),
    "processor": mark("Record of processing activities of the processor, Art. 30(2)"),
}


def as_controller(order: Commission) -> Paper:
    """Return the controller's record, Art. 30(1)(a)-(g). A company that is none is refused."""
    acts_as = order.register.company.acts_as.value
    if acts_as == ["processor"]:
        raise PaperRefused(
            said("{company} does not act as a controller.", company=order.register.company.name),
            said("Ask for --role processor, or correct `acts_as` in company.yaml."),
        )
    voice = order.own
    blocks: list[Block] = [
        Heading(voice.text("(a) Controller")),
        Fields((*parties.company(order), *parties.officer_and_representative(order))),
    ]
    if acts_as and "joint-controller" in acts_as:
        blocks.append(Fields((Field(voice.text("Joint controllers"), _joint(order)),)))
    by_purpose: dict[str, list[Row]] = {}
    for row in order.rows("controller"):
        by_purpose.setdefault(row.processing.purpose, []).append(row)
    for one in sorted(by_purpose, key=list(order.register.purposes).index):
        blocks += _activity(order, by_purpose[one])
    return order.paper(
        f"{NAME}-controller",
        voice.text(TITLES["controller"]),
        [
            *blocks,
            *_measures(order, voice.text("(g) Security measures"), order.rows("controller")),
        ],
    )


def _joint(order: Commission) -> Lines:
    """Return who decides together with the company, as far as they are vendors."""
    found = dict.fromkeys(
        parties.vendor_name(order, row.vendor_id)
        for row in order.rows()
        if row.processing.role.value == "joint-controller"
    )
    return tuple(found) or (shown(order.own.fact(None)),)


def _activity(order: Commission, rows: Sequence[Row]) -> list[Block]:
    """R74: (b) purpose, (c) people and data, (d) recipients, (e) transfers, (f) erasure."""
    voice = order.own
    fields = (
        Field(voice.text("(b) Purpose"), processing.purposes(order, rows)),
        Field(voice.text("(c) Categories of data subjects"), processing.data_subjects(order, rows)),
        Field(voice.text("(c) Categories of personal data"), processing.data(order, rows)),
        Field(voice.text("(d) Recipients"), tuple(_recipient(order, one) for one in rows)),
        Field(
            voice.text("(e) Transfers to third countries and their safeguards"),
            transfers.lines(order, list(dict.fromkeys(one.vendor_id for one in rows))),
        ),
        Field(voice.text("(f) Time limits for erasure"), _limits(order, rows)),
    )
    return [Heading(line(processing.purpose_label(order, rows[0])).text), Fields(fields)]


def _recipient(order: Commission, row: Row) -> Line:
    voice, entity = order.of_vendor(row.vendor_id), row.vendor.entity
    role = shown(voice.fact(row.processing.role, lambda one: voice.text(words.ROLES[one])))
    name = parties.vendor_name(order, row.vendor_id)
    facts, where = [name, role], ""
    if entity.country.known:
        countries = shown(voice.fact(entity.country, voice.countries))
        facts.append(countries)
        where = f" ({countries.text})"
    text = voice.text("{label}: {what}", label=f"{name.text}{where}", what=role.text)
    return together(text, *facts)


def _limits(order: Commission, rows: Sequence[Row]) -> Lines:
    several = len(rows) > 1
    found: dict[Line, None] = {}
    for row in rows:
        for one in processing.retention(order, [row]):
            text = order.own.text("{label}: {what}", label=row.vendor.name, what=one.text)
            found.setdefault(Line(text, one.state, one.doubt) if several else one)
    return tuple(found)


def _measures(order: Commission, heading: str, rows: Sequence[Row]) -> list[Block]:
    """R74, R76: the company's own measures, then each vendor's."""
    voice = order.own
    table = tuple(
        ((Line(one.vendor.name, is_name=True),), security.flat(voice, one.vendor.measures))
        for one in {row.vendor_id: row for row in rows}.values()
    )
    caption = voice.text("Measures at the vendors")
    blocks: list[Block] = [
        Heading(heading),
        Heading(voice.text("Measures of our own"), 3),
        security.fields(voice, order.register.company.measures),
    ]
    if table:
        header = (voice.text("Vendor"), voice.text("Technical and organisational measures"))
        blocks += [
            Heading(caption, 3),
            Table(caption, header, table, (1, 4), is_headed=True),
        ]
    return blocks


def as_processor(order: Commission) -> Paper:
    """Return the processor's record, Art. 30(2)(a)-(d). A company that is none is refused."""
    voice, company = order.own, order.register.company
    if not may_be_processor(order):
        raise PaperRefused(
            said("{company} does not act as a processor.", company=company.name),
            said("Ask for --role controller, or correct `acts_as` in company.yaml."),
        )
    rows = order.rows("processor")
    blocks: list[Block] = [
        Heading(voice.text("(a) Processor and controllers")),
        Fields((*parties.company(order), *parties.officer_and_representative(order))),
        *_controllers(order, rows),
        Heading(voice.text("(b) Categories of processing for each controller")),
    ]
    by_purpose: dict[str, list[Row]] = {}
    for row in rows:
        by_purpose.setdefault(row.processing.purpose, []).append(row)
    for one in sorted(by_purpose, key=list(order.register.purposes).index):
        blocks += _category(order, by_purpose[one])
    recipients = list(dict.fromkeys(one.vendor_id for one in rows))
    blocks += [
        Heading(voice.text("(c) Transfers to third countries and their safeguards")),
        Fields((Field(voice.text("Transfers"), transfers.lines(order, recipients)),)),
        *_measures(order, voice.text("(d) Security measures"), rows),
    ]
    return order.paper(f"{NAME}-processor", voice.text(TITLES["processor"]), blocks)


def _controllers(order: Commission, rows: Sequence[Row]) -> list[Block]:
    """R74: each controller by its id; who that is stands where it can be erased."""
    voice, customers = order.own, order.register.customers
    done = tuple(dict.fromkeys(line(processing.purpose_label(order, one)) for one in rows))
    if not customers:
        text = voice.text("All customers of {company}", company=order.register.company.name)
        return [Fields((Field(voice.text("Controllers"), (line(text),)),))]
    caption = voice.text("Controllers")
    header = (
        voice.text("Customer"),
        voice.text("Contract"),
        voice.text("Since"),
        voice.text("Categories of processing"),
    )
    unknown = shown(voice.fact(None))
    table = tuple(
        (
            (Line(one, is_name=True),),
            (Line(terms.contract, is_name=True) if terms.contract else unknown,),
            (line(voice.day(terms.since)) if terms.since else unknown,),
            done,
        )
        for one, terms in sorted(customers.items())
    )
    return [Heading(caption, 3), Table(caption, header, table, (2, 4, 3, 4), is_headed=True)]


def _category(order: Commission, rows: Sequence[Row]) -> list[Block]:
    voice = order.own
    fields = (
        Field(voice.text("Purpose"), processing.purposes(order, rows)),
        Field(voice.text("Categories of data subjects"), processing.data_subjects(order, rows)),
        Field(voice.text("Categories of personal data"), processing.data(order, rows)),
        Field(voice.text("Recipients"), tuple(_recipient(order, one) for one in rows)),
        Field(voice.text("Time limits for erasure"), _limits(order, rows)),
    )
    return [Heading(line(processing.purpose_label(order, rows[0])).text, 3), Fields(fields)]
