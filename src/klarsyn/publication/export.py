"""
The list for machines: subprocessors.json and the JSON Schema that it follows.

Version 1. A later version may add keys; it never changes the meaning of those below.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from klarsyn.register.facts import Fact, Text, known
from klarsyn.register.register import Register
from klarsyn.register.vendor import Processing, Vendor

VERSION: Literal[1] = 1


class Row(Struct, frozen=True):
    """The base of everything in the list."""


class Known(Row, frozen=True, kw_only=True):
    """A fact: null where it is not yet known; verified where the vendor or a paper confirms it."""

    value: str | int | bool | list[str] | None
    verified: bool
    source: str | None = None
    as_of: str | None = None
    to_be_known_by: date | None = None


class ProcessingRow(Row, frozen=True, kw_only=True):
    """What a vendor does for one purpose, and with which data elements."""

    purpose: str
    role: Known
    declaration: Literal["listed", "incidental", "none"]
    elements: list[str]
    directions: dict[str, str]
    access: Known
    storage: Known
    retention: Known


class TransferRow(Row, frozen=True, kw_only=True):
    """A ground of transfer to a third country."""

    to: str
    mechanism: str
    verified: bool
    checked: date | None


class VendorRow(Row, frozen=True, kw_only=True):
    """One vendor."""

    id: str
    name: str
    page: str
    elements: Annotated[list[str], Meta(description="Data elements that it is listed with.")]
    incidental_elements: Annotated[
        list[str], Meta(description="Data elements that can be written in, normally none.")
    ]
    secrets: Annotated[
        list[str], Meta(description="Those of the above that are secrets: never shared.")
    ]
    purposes: list[str]
    processing: list[ProcessingRow]
    entity: dict[str, Known]
    countries: dict[str, Known]
    transfers: list[TransferRow]
    status: Known
    start: Known
    end: Known
    own_list: Known


class ElementRow(Row, frozen=True, kw_only=True):
    """A data element: labels by language, whose it is, terms of public vocabularies."""

    label: Text
    about: str
    origin: str
    sensitivity: str
    dpv: list[str]
    fideslang: list[str]


class PurposeRow(Row, frozen=True, kw_only=True):
    """A purpose: labels by language, and its legal basis."""

    label: Text
    legal_basis: Known


class Publisher(Row, frozen=True, kw_only=True):
    """Who publishes the list."""

    id: str
    name: str
    legal_name: Known
    country: Known
    contact: Known


class SubProcessors(Row, frozen=True, kw_only=True):
    """A company's list of processors and sub-processors."""

    schema: str = msgspec.field(name="$schema")
    version: Literal[1]
    updated: date
    languages: list[str]
    company: Publisher
    vendors: list[VendorRow]
    elements: dict[str, ElementRow]
    purposes: dict[str, PurposeRow]


def listing(register: Register, updated: date, address: str) -> SubProcessors:
    """Return the list for machines; `address` is the site's, or empty for relative links."""
    company = register.company
    facts = _Facts(register, "company.yaml")
    purposes = _Facts(register, "purposes.yaml")
    return SubProcessors(
        schema=f"{address}schemas/subprocessors-{VERSION}.json",
        version=VERSION,
        updated=updated,
        languages=list(company.languages),
        company=Publisher(
            id=company.id,
            name=company.name,
            legal_name=facts.known(company.legal_name),
            country=facts.known(company.country),
            contact=facts.known(company.contact, email=True),
        ),
        vendors=[_vendor(register, one, address) for one in register.vendors],
        elements={
            one: ElementRow(
                label=element.label,
                about=element.about,
                origin=element.origin,
                sensitivity=element.sensitivity,
                dpv=element.dpv.terms,
                fideslang=element.fideslang.terms,
            )
            for one, element in sorted(register.elements.items())
        },
        purposes={
            one: PurposeRow(label=purpose.label, legal_basis=purposes.known(purpose.legal_basis))
            for one, purpose in sorted(register.purposes.items())
        },
    )


class _Facts:
    """Turns the facts of one file into rows."""

    def __init__(self, register: Register, file: str) -> None:
        self.sources = register.sources.get(file, {})

    def known(self, fact: Fact[Any] | None, *, email: bool = False) -> Known:
        value = known(fact)
        source = self.sources.get(fact.source or "") if fact else None
        if value is None or fact is None:
            until = fact.not_yet_known_until if fact else None
            return Known(value=None, verified=False, to_be_known_by=until)
        plain = getattr(value, "email", None) if email else msgspec.to_builtins(value)
        return Known(
            value=plain,
            verified=bool(source and source.verified),
            source=source.what if source else None,
            as_of=source.as_of if source else None,
        )


def _vendor(register: Register, one: str, address: str) -> VendorRow:
    vendor = register.vendors[one]
    facts = _Facts(register, f"vendors/{one}.yaml")
    entity = vendor.entity
    language = register.company.languages[0]
    return VendorRow(
        id=one,
        name=vendor.name,
        page=f"{address}{language}/vendors/{one}.html",
        elements=_elements(vendor, "listed"),
        incidental_elements=_elements(vendor, "incidental"),
        secrets=[
            use.held.element
            for use in register.uses_of(one)
            if register.elements[use.held.element].sensitivity == "secret"
        ],
        purposes=[processing.purpose for processing in vendor.processing],
        processing=[_processing(processing, facts) for processing in vendor.processing],
        entity={
            "name": facts.known(entity.name),
            "registration": facts.known(entity.registration),
            "address": facts.known(entity.address),
            "contact": facts.known(entity.contact, email=True),
        },
        countries={
            "entity": facts.known(entity.country),
            "storage": facts.known(vendor.countries.storage),
            "access": facts.known(vendor.countries.access),
        },
        transfers=[
            TransferRow(
                to=transfer.to,
                mechanism=transfer.mechanism,
                verified=facts.sources[transfer.source].verified,
                checked=transfer.checked,
            )
            for transfer in vendor.transfers
        ],
        status=facts.known(vendor.status),
        start=facts.known(vendor.start),
        end=facts.known(vendor.end),
        own_list=facts.known(vendor.own_list),
    )


def _elements(vendor: Vendor, declaration: str) -> list[str]:
    found = [
        held.element
        for processing in vendor.processing
        if processing.declaration == declaration
        for held in processing.elements
    ]
    return list(dict.fromkeys(found))


def _processing(processing: Processing, facts: _Facts) -> ProcessingRow:
    kept = processing.retention
    return ProcessingRow(
        purpose=processing.purpose,
        role=facts.known(processing.role),
        declaration=processing.declaration,
        elements=[held.element for held in processing.elements],
        directions={held.element: held.direction for held in processing.elements},
        access=facts.known(processing.access),
        storage=facts.known(processing.storage),
        retention=facts.known(kept.period),
    )


def encoded(rows: SubProcessors) -> bytes:
    """Return the list as indented JSON, the same bytes for the same rows."""
    return msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n"


def schema(address: str) -> bytes:
    """Return the JSON Schema (2020-12) of the list."""
    made = msgspec.json.schema(SubProcessors)
    identity = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{address}schemas/subprocessors-{VERSION}.json",
        "title": "Processors and sub-processors of a company",
    }
    text = msgspec.json.encode(identity | made, order="deterministic")
    return msgspec.json.format(text, indent=1) + b"\n"
