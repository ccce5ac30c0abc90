"""
Checks of security: measures on record, the vendors' and the company's own (R76).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.language import mark
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.papers import needs_agreement
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.register.register import Register

MEASURES_MISSING = Rule(
    id="measures-missing",
    requirement="R76",
    severity="medium",
    title=mark("No security measures are on record"),
    what=mark("no technical and organisational measures of {vendor} are on record"),
    why=mark(
        "Measures have to be appropriate, specific and tested; annex II of the standard clauses "
        "prints them. Source: GDPR Art. 32(1); SCC 2021/914 annex II."
    ),
    remedy=mark("write `measures:` under the headings of annex II"),
)

OWN_MEASURES_MISSING = Rule(
    id="own-measures-missing",
    requirement="R72 R76",
    severity="medium",
    title=mark("The company's own security measures are not on record"),
    what=mark("no technical and organisational measures of {company} itself are on record"),
    why=mark(
        "A processor describes its own measures to its customers in annex III of the standard "
        "clauses, and in its record of processing. Source: GDPR Art. 30(2)(d), 32(1); SCC 2021/915 "
        "annex III."
    ),
    remedy=mark("write `measures:` in company.yaml, under the headings of annex III"),
)


def measures(register: Register, on: date) -> Iterator[Finding]:
    """R76: measures of each vendor that processes on our behalf, and of a company that may too."""
    company = register.company
    may_be_processor = "processor" in (company.acts_as.value or ["processor"])
    if may_be_processor and not company.measures:
        facts: dict[str, object] = {"company": company.name}
        yield Finding(OWN_MEASURES_MISSING, Place("company.yaml", "measures"), facts)
    for one, vendor in register.vendors.items():
        if needs_agreement(vendor, on) and not vendor.measures:
            yield Finding(MEASURES_MISSING, Place(f"vendors/{one}.yaml"), {"vendor": vendor.name})
