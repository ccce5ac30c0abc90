"""
The register as one value: everything that a company declares, with the lines where it says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from klarsyn.register.facts import Id, Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from klarsyn.register.company import (
        Company,
        CustomerTerms,
        DataElement,
        DataSubjects,
        Purpose,
        ScoreCard,
    )
    from klarsyn.register.facts import Fact, Language, Source, Text
    from klarsyn.register.vendor import Held, Processing, Vendor


class Acceptance(Part, frozen=True, kw_only=True):
    """A finding accepted in writing: which, where, why, by whom, until when."""

    finding: Id
    place: str
    reason: str
    by: str
    until: date


class Accepted(Part, frozen=True, kw_only=True):
    """accepted.yaml: the findings that somebody took responsibility for."""

    format: Literal[1]
    accepted: list[Acceptance]


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in the register: file below the register's folder, path inside it."""

    file: str
    path: str = ""

    def __str__(self) -> str:
        """Return the place as acceptances name it: `vendors/hotjar/processing/0`."""
        stem = self.file.removesuffix(".yaml")
        return f"{stem}/{self.path}" if self.path else stem


@dataclass(frozen=True, slots=True)
class Use:
    """One data element at one vendor for one purpose."""

    vendor_id: str
    vendor: Vendor
    number: int
    processing: Processing
    held_number: int
    held: Held

    @property
    def place(self) -> Place:
        """Where the element is declared."""
        path = f"processing/{self.number}/elements/{self.held_number}"
        return Place(f"vendors/{self.vendor_id}.yaml", path)


@dataclass(frozen=True, slots=True)
class Register:
    """All files of a register, read and found consistent; vendors are ordered by name."""

    folder: Path
    company: Company
    purposes: Mapping[str, Purpose]
    data_subjects: Mapping[str, DataSubjects]
    elements: Mapping[str, DataElement]
    vendors: Mapping[str, Vendor]
    scores: Mapping[str, ScoreCard]
    customers: Mapping[str, CustomerTerms]
    accepted: tuple[Acceptance, ...]
    sources: Mapping[str, Mapping[str, Source]] = field(default_factory=dict)
    """Sources by file."""
    lines: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Line numbers by file and path."""

    def wholes(self) -> Iterator[tuple[str, object]]:
        """Yield each file's name and what it holds, shaped as it is written."""
        yield "company.yaml", self.company
        yield "elements.yaml", {"elements": self.elements}
        purposes = {"purposes": self.purposes, "data_subjects": self.data_subjects}
        yield "purposes.yaml", purposes
        yield from ((f"vendors/{one}.yaml", vendor) for one, vendor in self.vendors.items())
        yield from ((f"scores/{one}.yaml", card) for one, card in self.scores.items())

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest thing around it that is written down."""
        lines = self.lines.get(place.file, {})
        path = place.path
        while path and path not in lines:
            path = path.rpartition("/")[0]
        return lines.get(path, 1)

    def source(self, vendor_id: str, source_id: str | None) -> Source | None:
        """Return a source that a vendor's file names."""
        return self.sources.get(f"vendors/{vendor_id}.yaml", {}).get(source_id or "")

    def uses(self) -> Iterator[Use]:
        """Yield every data element at every vendor, vendors by name, elements as declared."""
        for vendor_id in self.vendors:
            yield from self.uses_of(vendor_id)

    def uses_of(self, vendor_id: str) -> Iterator[Use]:
        """Yield every data element at one vendor."""
        vendor = self.vendors[vendor_id]
        for number, processing in enumerate(vendor.processing):
            for held_number, held in enumerate(processing.elements):
                yield Use(vendor_id, vendor, number, processing, held_number, held)

    def is_verified(self, vendor_id: str, fact: Fact[object]) -> bool:
        """Tell whether a fact in a vendor's file is known from a source that verifies it."""
        source = self.source(vendor_id, fact.source)
        return fact.known and source is not None and source.verified

    def in_language(self, text: Text, language: Language) -> str:
        """Return a text in a language that the company publishes in."""
        return text[language]
