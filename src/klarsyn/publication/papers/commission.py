"""
What a paper is made from: a register, a language and a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from klarsyn.language import mark
from klarsyn.publication.papers.document import Field, Line, Paper, line, lines_of, shown
from klarsyn.publication.voice import Voice

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.publication.papers.document import Block
    from klarsyn.register.facts import Language
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Processing, Vendor

PAGE_OF = mark("Page {page} of {pages}")

Hat = Literal["controller", "processor"]
"""As what the company acts for a purpose (R1)."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one vendor does for one purpose."""

    vendor_id: str
    vendor: Vendor
    processing: Processing


@dataclass(frozen=True, slots=True)
class Commission:
    """An order for a paper: from which register, in which language, as of which day."""

    register: Register
    language: Language
    on: date

    @property
    def own(self) -> Voice:
        """Speaks of the facts in company.yaml."""
        return self._voice("company.yaml")

    @property
    def of_purposes(self) -> Voice:
        """Speaks of the facts in purposes.yaml."""
        return self._voice("purposes.yaml")

    @property
    def of_elements(self) -> Voice:
        """Speaks of the facts in elements.yaml."""
        return self._voice("elements.yaml")

    def of_vendor(self, vendor_id: str) -> Voice:
        """Return a voice that speaks of the facts in a vendor's file."""
        return self._voice(f"vendors/{vendor_id}.yaml")

    def of_score(self, card_id: str) -> Voice:
        """Return a voice that speaks of the facts on a score card."""
        return self._voice(f"scores/{card_id}.yaml")

    def _voice(self, file: str) -> Voice:
        return Voice(self.language, self.register.sources.get(file, {}))

    def rows(self, hat: Hat | None = None) -> list[Row]:
        """
        Return what every vendor in use does for each purpose, vendors by name.

        With a hat, only where the company wears it, or may.
        """
        return [
            Row(one, vendor, processing)
            for one, vendor in self.register.vendors.items()
            for processing in vendor.processing
            if not vendor.is_over(self.on)
            and (hat is None or self.hat(processing.purpose) in {hat, None})
        ]

    def hat(self, purpose: str) -> Hat | None:
        """
        Return as what the company acts for a purpose, or None where it is not known (R1, R2).

        It acts as a processor where it has a sub-processor for the purpose; a vendor is one only
        below a processor.
        """
        acts_as = set(self.register.company.acts_as.value or [])
        roles = {
            processing.role.value
            for vendor in self.register.vendors.values()
            for processing in vendor.processing
            if processing.purpose == purpose
        }
        if "sub-processor" in roles or acts_as == {"processor"}:
            return "processor"
        is_settled = acts_as and "processor" not in acts_as
        return "controller" if is_settled or (roles and None not in roles) else None

    def paper(self, name: str, title: str, blocks: list[Block]) -> Paper:
        """Return the finished paper; its head says how much of it is still open."""
        body = tuple(blocks)
        return Paper(
            name=name,
            language=self.language,
            title=line(title).text,
            company=line(self.register.company.name).text,
            on=self.on,
            edition=self._edition(list(lines_of(body))),
            blocks=body,
            page_of=self.own.translator.template(PAGE_OF),
        )

    def _edition(self, lines: list[Line]) -> tuple[Field, ...]:
        voice = self.own
        unknown = sum(one.state == "unknown" for one in lines)
        unverified = sum(one.state == "unverified" for one in lines)
        name = shown(voice.fact(self.register.company.legal_name, name=True))
        head = [
            Field(voice.text("Company"), (name,)),
            Field(voice.text("As of"), (line(voice.day(self.on)),)),
        ]
        told = []
        if unknown:
            told.append(voice.plural("{n} gap in this paper", "{n} gaps in this paper", unknown))
        if unverified:
            marked = voice.plural("{n} fact not verified", "{n} facts not verified", unverified)
            told.append(marked)
        if told:
            head.append(Field(voice.text("Open points"), tuple(map(line, told))))
        if self.language in self.register.company.not_reviewed:
            note = voice.text("No native speaker has reviewed this paper in this language yet.")
            head.append(Field(voice.text("Language"), (line(note),)))
        return tuple(head)
