"""
Standard contractual clauses for transfers to third countries: annexes I to III.

Commission Implementing Decision (EU) 2021/914, Appendix, in the order of the act (R70, R71, R85).
The exporter is the company, the importer the vendor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.errors import PaperRefused, said
from klarsyn.language import mark
from klarsyn.publication import words
from klarsyn.publication.papers import parties, processing, security, subprocessors
from klarsyn.publication.papers.document import (
    BLANK,
    Field,
    Fields,
    Heading,
    Line,
    Paragraph,
    line,
    shown,
)
from klarsyn.rules.authorities import authority

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.publication.papers.commission import Commission, Row
    from klarsyn.publication.papers.document import Block, Lines, Paper
    from klarsyn.register.vendor import Transfer, Vendor

NAME = "scc-2021-914"
TITLE = mark("Standard contractual clauses (EU) 2021/914, annexes I to III: {vendor}")

MODULES = {
    "c2c": mark("Module One: Transfer controller to controller"),
    "c2p": mark("Module Two: Transfer controller to processor"),
    "p2p": mark("Module Three: Transfer processor to processor"),
    "p2c": mark("Module Four: Transfer processor to controller"),
}
ROLES = {
    "c2c": ("controller", "controller"),
    "c2p": ("controller", "processor"),
    "p2p": ("processor", "processor"),
    "p2c": ("processor", "controller"),
}
"""Of exporter and importer, by module."""
COVERED = {
    "c2c": {"controller", "joint-controller", "third-party", None},
    "c2p": {"processor", None},
    "p2p": {"sub-processor", None},
    "p2c": {"controller", None},
}
"""Which of a vendor's processings a module is about, by the vendor's role in them."""


def applies(vendor: Vendor, order: Commission) -> bool:
    """Tell whether a transfer to the vendor rests on these clauses, or falls back on them."""
    return not vendor.is_over(order.on) and bool(transfers(vendor, order))


def transfers(vendor: Vendor, order: Commission) -> list[Transfer]:
    """Return the transfers in force that rest on these clauses, or fall back on them."""
    return [
        one
        for one in vendor.transfers
        if "scc" in {one.mechanism, one.fallback}
        and (one.since is None or one.since <= order.on)
        and (one.until is None or order.on <= one.until)
    ]


@dataclass(frozen=True, slots=True)
class _Case:
    """A vendor, its transfers on these clauses, and the processings that they are about."""

    order: Commission
    vendor_id: str
    resting: Sequence[Transfer]
    rows: Sequence[Row]

    @property
    def modules(self) -> list[str]:
        """The modules that are known, each once."""
        return list(dict.fromkeys(one.module for one in self.resting if one.module))

    def backed(self, text: str) -> Line:
        """Return what the transfers say, marked where nobody has verified one of them."""
        register = self.order.register
        sources = [register.source(self.vendor_id, one.source) for one in self.resting]
        if all(one and one.verified for one in sources):
            return line(text)
        return Line(line(text).text, "unverified", self.order.own.text("not verified"))

    def role(self, side: int) -> Line:
        """Return the role of the exporter (0) or importer (1), as the modules have it."""
        voice = self.order.own
        roles = dict.fromkeys(voice.text(words.ROLES[ROLES[one][side]]) for one in self.modules)
        return self.backed(voice.list(list(roles))) if roles else shown(voice.fact(None))


def paper(order: Commission, vendor_id: str) -> Paper:
    """Return the annexes for one vendor. Raises PaperRefused where no transfer rests on them."""
    vendor, voice = order.register.vendors[vendor_id], order.own
    if not applies(vendor, order):
        raise PaperRefused(
            said("{vendor} has no transfer on standard contractual clauses.", vendor=vendor.name),
            said("`klarsyn export --list` shows what can be made for which vendor."),
        )
    case = _case(order, vendor_id)
    blocks = [
        *_annex_1a(case),
        *_annex_1b(case),
        *_annex_1c(order),
        *_annex_2(case),
        *_annex_3(order, vendor_id),
    ]
    return order.paper(f"{NAME}-{vendor_id}", voice.text(TITLE, vendor=vendor.name), blocks)


def _case(order: Commission, vendor_id: str) -> _Case:
    resting = transfers(order.register.vendors[vendor_id], order)
    covered = {role for one in resting if one.module for role in COVERED[one.module]}
    rows = [
        row
        for row in order.rows()
        if row.vendor_id == vendor_id and (not covered or row.processing.role.value in covered)
    ]
    return _Case(order, vendor_id, resting, rows)


def _annex_1a(case: _Case) -> list[Block]:
    """R71: name, address, contact, activities, signature, role; officer and representative."""
    order, voice = case.order, case.order.own
    modules = tuple(case.backed(voice.text(MODULES[one])) for one in case.modules)
    service = order.register.vendors[case.vendor_id].service
    activity = line(voice.own(service)) if service else shown(voice.fact(None))
    done = processing.purposes(order, case.rows)
    return [
        Heading(voice.text("Annex I")),
        Heading(voice.text("A. List of parties"), 3),
        Fields((Field(voice.text("Module"), modules or (shown(voice.fact(None)),)),)),
        Heading(voice.text("Data exporter(s)"), 4),
        Fields(tuple(parties.officer_and_representative(order))),
        Fields((*parties.company(order), *_party(case, done, 0))),
        Heading(voice.text("Data importer(s)"), 4),
        Fields((*parties.vendor(order, case.vendor_id), *_party(case, (activity,), 1))),
    ]


def _party(case: _Case, activities: Lines, side: int) -> list[Field]:
    voice = case.order.own
    activity = voice.text("Activities relevant to the data transferred under these Clauses")
    return [
        Field(activity, activities),
        Field(voice.text("Signature and date"), (BLANK,)),
        Field(voice.text("Role (controller/processor)"), (case.role(side),)),
    ]


DESCRIPTION = (
    (
        mark("Categories of data subjects whose personal data is transferred"),
        processing.data_subjects,
    ),
    (mark("Categories of personal data transferred"), processing.data),
    (
        mark("Sensitive data transferred (if applicable) and applied restrictions or safeguards"),
        processing.sensitive,
    ),
    (
        mark(
            "The frequency of the transfer (e.g. whether the data is transferred on a one-off or "
            "continuous basis)"
        ),
        processing.frequency,
    ),
    (mark("Nature of the processing"), processing.nature),
    (mark("Purpose(s) of the data transfer and further processing"), processing.purposes),
    (
        mark(
            "The period for which the personal data will be retained, or, if that is not possible, "
            "the criteria used to determine that period"
        ),
        processing.retention,
    ),
)
"""The points of annex I.B in the order of the act, and what fills each."""

TO_PROCESSORS = mark(
    "For transfers to (sub-) processors, also specify subject matter, nature and duration of the "
    "processing"
)
"""The last point of annex I.B, which is about the vendor as a whole."""


def _annex_1b(case: _Case) -> list[Block]:
    """R71: the eight points of the description, and to which countries data go."""
    order, voice = case.order, case.order.own
    fields = [Field(voice.text(label), fill(order, case.rows)) for label, fill in DESCRIPTION]
    nature = line(voice.text("Nature of the processing: as stated above"))
    subject, duration = processing.subject_and_duration(order, case.vendor_id)
    fields.append(Field(voice.text(TO_PROCESSORS), (subject, nature, duration)))
    countries = voice.countries(list(dict.fromkeys(one.to for one in case.resting)))
    to = case.backed(voice.text("Data are transferred to: {to}", to=countries))
    later = [case.backed(_fallback(order, one)) for one in case.resting if one.fallback == "scc"]
    return [
        Heading(voice.text("B. Description of transfer"), 3),
        *map(Paragraph, (to, *later)),
        Fields(tuple(fields)),
    ]


def _fallback(order: Commission, transfer: Transfer) -> str:
    return order.own.text(
        "{country}: the transfer rests first on another ground; these clauses apply if that ground "
        "ceases.",
        country=order.own.countries(transfer.to),
    )


def _annex_1c(order: Commission) -> list[Block]:
    """R71, R92: the authority of the exporter's main establishment."""
    voice, label = order.own, order.own.text("Supervisory authority")
    return [
        Heading(voice.text("C. Competent supervisory authority"), 3),
        Paragraph(
            line(
                voice.text(
                    "Identify the competent supervisory authority/ies in accordance with Clause 13"
                )
            )
        ),
        Fields((Field(label, (competent(order),)),)),
    ]


def competent(order: Commission) -> Line:
    """Return the authority, never without its country: two share a name (R91)."""
    voice, fact = order.own, order.register.company.country
    found = authority(fact.value or "")
    told = shown(voice.fact(fact, voice.countries))
    if found is None:
        return Line(told.text, "unknown")
    text = f"{found.name} ({told.text}), {found.address}"
    return Line(text, told.state, told.doubt, is_name=True)


def _annex_2(case: _Case) -> list[Block]:
    """R71, R85: the importer's measures, supplementary ones, and how it assists."""
    vendor_id, order = case.vendor_id, case.order
    vendor, voice = order.register.vendors[vendor_id], order.of_vendor(vendor_id)
    extra = tuple(line(voice.own(text)) for one in case.resting for text in one.supplementary)
    blocks: list[Block] = [
        Heading(voice.text("Annex II")),
        Heading(voice.text(MEASURES_HEADING), 3),
        security.fields(voice, vendor.measures),
    ]
    if extra:
        blocks.append(Fields((Field(voice.text("Supplementary measures"), extra),)))
    helps = security.assistance(order, vendor_id)
    return [*blocks, Fields((Field(voice.text(ASSISTANCE), helps),))]


MEASURES_HEADING = mark(
    "Technical and organisational measures including technical and organisational measures to "
    "ensure the security of the data"
)
ASSISTANCE = mark(
    "Specific technical and organisational measures to be taken by the (sub-) processor to be able "
    "to provide assistance to the controller"
)


def _annex_3(order: Commission, vendor_id: str) -> list[Block]:
    """R70: needed for specific authorisation, kept in any case (R64)."""
    voice = order.own
    description = voice.text(
        "Description of processing (including a clear delimitation of responsibilities in case "
        "several sub-processors are authorised)"
    )
    condition = voice.text(
        "This annex must be completed for Modules Two and Three, in case of the specific "
        "authorisation of sub-processors (Clause 9(a), Option 1)."
    )
    return [
        Heading(voice.text("Annex III")),
        Heading(voice.text("List of sub-processors"), 3),
        Paragraph(line(condition)),
        *subprocessors.of_vendor(order, vendor_id, description),
    ]
