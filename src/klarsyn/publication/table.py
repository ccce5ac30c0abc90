"""
The list as a table: subprocessors.csv, one row for each vendor, purpose and data element.

RFC 4180 in UTF-8. The keys are English and stable; a later version may add columns at the end.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from klarsyn.register.facts import known
from klarsyn.register.papers import grounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.publication.holdings import Holding
    from klarsyn.publication.pages.frame import Edition
    from klarsyn.register.facts import Fact
    from klarsyn.register.register import Register

COLUMNS = (
    "vendor_id",
    "vendor",
    "purpose_id",
    "purpose",
    "declaration",
    "element_id",
    "element",
    "part_of",
    "direction",
    "about",
    "origin",
    "sensitivity",
    "role",
    "legal_basis",
    "entity",
    "entity_country",
    "storage_country",
    "access_country",
    "transfer_grounds",
    "retention",
    "retention_criterion",
    "status",
    "start",
    "end",
    "not_verified",
    "page",
)

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def table(edition: Edition, address: str) -> bytes:
    """Return the table; `address` is the site's, or empty for relative links."""
    written = io.StringIO(newline="")
    rows = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    for row in _rows(edition, address):
        rows.writerow({key: harmless(value) for key, value in row.items()})
    return written.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _rows(edition: Edition, address: str) -> Iterator[dict[str, str]]:
    for one, vendor in edition.register.vendors.items():
        held = edition.holdings.by_vendor.get(one, ())
        for number in range(len(vendor.processing)):
            about = _processing(edition, one, number, address)
            here = [each for each in held if each.number == number]
            yield from (about | _element(edition.register, each) for each in here)
            if not here:
                yield about


def _processing(edition: Edition, one: str, number: int, address: str) -> dict[str, str]:
    """Return what the rows of a vendor for one purpose have in common."""
    register = edition.register
    vendor = register.vendors[one]
    processing = vendor.processing[number]
    purpose = register.purposes[processing.purpose]
    language = register.company.languages[0]
    facts: dict[str, Fact[Any] | None] = {
        "role": processing.role,
        "entity": vendor.entity.name,
        "entity_country": vendor.entity.country,
        "storage_country": vendor.countries.storage,
        "access_country": vendor.countries.access,
        "retention": processing.retention.period,
        "status": vendor.status,
        "start": vendor.start,
        "end": vendor.end,
    }
    values = {key: _value(fact) for key, fact in facts.items()}
    facts["retention_criterion"] = criterion = processing.retention.criterion
    values["retention_criterion"] = (known(criterion) or {}).get(language, "")
    doubtful = [
        key for key, fact in facts.items() if known(fact) and not _verified(register, one, fact)
    ]
    basis = purpose.legal_basis
    source = register.sources.get("purposes.yaml", {}).get(basis.source or "")
    if basis.known and not (source and source.verified):
        doubtful.append("legal_basis")
    return {
        **values,
        "vendor_id": one,
        "vendor": vendor.name,
        "purpose_id": processing.purpose,
        "purpose": purpose.label[language],
        "declaration": processing.declaration,
        "legal_basis": _value(basis),
        "transfer_grounds": " ".join(_grounds(register, one, edition.on)),
        "not_verified": " ".join(doubtful),
        "page": f"{address}{language}/vendors/{one}.html",
    }


def _value(fact: Fact[Any] | None) -> str:
    """Return a fact's value, lists by a space between; nothing where it is not yet known."""
    value = known(fact)
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, list) else str(value)


def _verified(register: Register, one: str, fact: Fact[Any] | None) -> bool:
    return fact is not None and register.is_verified(one, fact)


def _grounds(register: Register, one: str, on: date) -> list[str]:
    """Return the grounds that are proved, as US:dpf."""
    countries = dict.fromkeys(transfer.to for transfer in register.vendors[one].transfers)
    return [
        f"{country}:{ground.mechanism}"
        for country in countries
        for ground in grounds(register, one, country, on)
    ]


def _element(register: Register, held: Holding) -> dict[str, str]:
    element = register.elements[held.element]
    return {
        "element_id": held.element,
        "element": element.label[register.company.languages[0]],
        "part_of": held.within,
        "direction": held.direction,
        "about": element.about,
        "origin": element.origin,
        "sensitivity": element.sensitivity,
    }
