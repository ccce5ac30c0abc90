"""
Standard contractual clauses between controllers and processors: annexes I to IV.

Commission Implementing Decision (EU) 2021/915, in the order of the act (R70, R72). Towards its
customers the company is the processor and they fill in their own fields; towards a vendor it is the
controller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.errors import PaperRefused, said
from klarsyn.language import mark
from klarsyn.publication.papers import parties, processing, security, subprocessors
from klarsyn.publication.papers.document import (
    BLANK,
    Field,
    Fields,
    Heading,
    Paragraph,
    line,
    shown,
)
from klarsyn.publication.papers.scc914 import ASSISTANCE, MEASURES_HEADING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.papers.commission import Commission, Row
    from klarsyn.publication.papers.document import Block, Lines, Paper
    from klarsyn.register.facts import Fact, Text
    from klarsyn.register.vendor import Vendor

NAME = "scc-2021-915"
TO_CUSTOMERS = mark("Standard contractual clauses (EU) 2021/915, annexes I to IV: customers")
TO_VENDOR = mark("Standard contractual clauses (EU) 2021/915, annexes I to IV: {vendor}")


def may_be_processor(order: Commission) -> bool:
    """Tell whether the company acts as a processor for its customers, or may."""
    return "processor" in (order.register.company.acts_as.value or ["processor"])


def customers_rows(order: Commission) -> list[Row]:
    """
    Return what sub-processors do for customers; where no role is known, what all vendors do.
    """
    rows = order.rows("processor")
    settled = [one for one in rows if one.processing.role.value == "sub-processor"]
    return settled or rows


def to_customers(order: Commission) -> Paper:
    """
    Return the annexes towards customers. Raises PaperRefused where the company is no processor.
    """
    voice, company = order.own, order.register.company
    if not may_be_processor(order):
        raise PaperRefused(
            said("{company} does not act as a processor.", company=company.name),
            said("Name a vendor with --vendor, or correct `acts_as` in company.yaml."),
        )
    rows = customers_rows(order)
    officer = Fields((Field(voice.text("Data protection officer"), parties.officer(order)),))
    description = _sub_processor_description(order)
    blocks: list[Block] = [
        Heading(voice.text("Annex I")),
        Heading(voice.text("List of parties"), 3),
        Heading(voice.text("Controller(s)"), 4),
        Fields((*parties.blank(voice), _signature(order))),
        Heading(voice.text("Processor(s)"), 4),
        officer,
        Fields((*parties.company(order), _signature(order))),
        *_annex_2(order, rows, _own_nature(order, rows), _own_duration(order, rows)),
        *_annex_3(order),
        security.fields(voice, company.measures),
        *_annex_4(order),
        *subprocessors.of_company(order, description),
    ]
    return order.paper(f"{NAME}-customers", voice.text(TO_CUSTOMERS), blocks)


def applies(vendor: Vendor, order: Commission) -> bool:
    """Tell whether the vendor processes on the company's own behalf, or may."""
    return not vendor.is_over(order.on) and bool(_vendor_rows(order, vendor))


def _vendor_rows(order: Commission, vendor: Vendor) -> list[Row]:
    return [
        row
        for row in order.rows("controller")
        if row.vendor is vendor and row.processing.role.value in {"processor", None}
    ]


def to_vendor(order: Commission, vendor_id: str) -> Paper:
    """
    Return the annexes towards a vendor. Raises PaperRefused where it is no processor of ours.
    """
    vendor, voice = order.register.vendors[vendor_id], order.own
    rows = _vendor_rows(order, vendor)
    if not rows or vendor.is_over(order.on):
        raise PaperRefused(
            said("{vendor} is no processor of {company}.", vendor=vendor.name, company=_us(order)),
            said("`klarsyn export --list` shows what can be made for which vendor."),
        )
    officer = Fields((Field(voice.text("Data protection officer"), parties.officer(order)),))
    helps = security.assistance(order, vendor_id)
    duration = (processing.duration(order, vendor_id),)
    blocks: list[Block] = [
        Heading(voice.text("Annex I")),
        Heading(voice.text("List of parties"), 3),
        Heading(voice.text("Controller(s)"), 4),
        officer,
        Fields((*parties.company(order), _signature(order))),
        Heading(voice.text("Processor(s)"), 4),
        Fields((*parties.vendor(order, vendor_id), _signature(order))),
        *_annex_2(order, rows, processing.nature(order, rows), duration),
        *_annex_3(order),
        security.fields(order.of_vendor(vendor_id), vendor.measures),
        Fields((Field(voice.text(ASSISTANCE), helps),)),
        *_annex_4(order),
        *subprocessors.of_vendor(order, vendor_id, _sub_processor_description(order)),
    ]
    return order.paper(f"{NAME}-{vendor_id}", voice.text(TO_VENDOR, vendor=vendor.name), blocks)


def _us(order: Commission) -> str:
    return order.register.company.name


def _signature(order: Commission) -> Field:
    return Field(order.own.text("Signature and accession date"), (BLANK,))


DATA_SUBJECTS = mark("Categories of data subjects whose personal data is processed")
DATA = mark("Categories of personal data processed")
SENSITIVE = mark("Sensitive data processed (if applicable) and applied restrictions or safeguards")
NATURE = mark("Nature of the processing")
PURPOSES = mark("Purpose(s) for which the personal data is processed on behalf of the controller")
DURATION = mark("Duration of the processing")
BY_SUB_PROCESSORS = mark(
    "For processing by (sub-) processors, also specify subject matter, nature and duration of the "
    "processing"
)


def _annex_2(order: Commission, rows: Sequence[Row], nature: Lines, duration: Lines) -> list[Block]:
    """R72: the seven points of the description, in the order of the act."""
    voice = order.own
    below = line(voice.text("as annex IV describes it for each sub-processor"))
    kept = processing.retention(order, rows)
    points = {
        DATA_SUBJECTS: processing.data_subjects(order, rows),
        DATA: processing.data(order, rows),
        SENSITIVE: processing.sensitive(order, rows),
        NATURE: nature,
        PURPOSES: processing.purposes(order, rows),
        DURATION: (
            *duration,
            *(processing.labelled(order, voice.text("Kept for"), one) for one in kept),
        ),
        BY_SUB_PROCESSORS: (below,),
    }
    return [
        Heading(voice.text("Annex II")),
        Heading(voice.text("Description of the processing"), 3),
        Fields(tuple(Field(voice.text(label), lines) for label, lines in points.items())),
    ]


def _own_nature(order: Commission, rows: Sequence[Row]) -> Lines:
    """What the company itself does on its customers' behalf, purpose by purpose."""
    return _own(order, rows, "nature")


def _own_duration(order: Commission, rows: Sequence[Row]) -> Lines:
    return _own(order, rows, "duration")


def _own(order: Commission, rows: Sequence[Row], name: str) -> Lines:
    def say(row: Row) -> Lines:
        purpose = order.register.purposes[row.processing.purpose]
        fact: Fact[Text] | None = getattr(purpose, name)
        return (shown(order.of_purposes.fact(fact, order.own.own)),)

    return processing.by_purpose(order, rows, say)


def _annex_3(order: Commission) -> list[Block]:
    voice = order.own
    return [Heading(voice.text("Annex III")), Heading(voice.text(MEASURES_HEADING), 3)]


def _annex_4(order: Commission) -> list[Block]:
    """R70: needed for specific authorisation, kept in any case (R64)."""
    voice = order.own
    condition = voice.text(
        "This annex needs to be completed in case of specific authorisation of sub-processors "
        "(Clause 7.7(a), Option 1)."
    )
    return [
        Heading(voice.text("Annex IV")),
        Heading(voice.text("List of sub-processors"), 3),
        Paragraph(line(condition)),
    ]


def _sub_processor_description(order: Commission) -> str:
    return order.own.text(
        "Description of the processing (including a clear delimitation of responsibilities in "
        "case several sub-processors are authorised)"
    )
