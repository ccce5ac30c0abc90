"""
Terms of the Data Privacy Vocabulary: which there are, and which a register names in vain.

The names lie in data/dpv.toml, taken from DPV 2.3, and are read at first use.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from klarsyn.language import mark
from klarsyn.register.findings import Finding, Rule
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.register.register import Register

_DATA = Path(__file__).parent / "data" / "dpv.toml"

TERM_UNKNOWN = Rule(
    id="term-unknown",
    requirement="R74",
    severity="low",
    title=mark("A term that the vocabulary does not have"),
    what=mark("'{term}' is no term of the Data Privacy Vocabulary {version}"),
    why=mark(
        "The list for machines says in terms of a public vocabulary what data are and what they "
        "are for. A term that does not exist says nothing, and is left out there. Source: W3C Data "
        "Privacy Vocabulary; GDPR Art. 30."
    ),
    remedy=mark("look the term up at w3id.org/dpv; in a register it begins with dpv: or pd:"),
)


def unknown_terms(register: Register, on: date) -> Iterator[Finding]:
    """R74: every term that elements and purposes name is one of the vocabulary."""
    del on
    written = [
        (Place("elements.yaml", f"elements/{one}/dpv/terms"), element.dpv.terms)
        for one, element in register.elements.items()
    ]
    written += [
        (Place("purposes.yaml", f"purposes/{one}/dpv"), purpose.dpv)
        for one, purpose in register.purposes.items()
    ]
    for place, terms in written:
        for number, term in enumerate(terms):
            if not exists(term):
                facts = {"term": term, "version": version()}
                yield Finding(TERM_UNKNOWN, Place(place.file, f"{place.path}/{number}"), facts)


def exists(term: str) -> bool:
    """Tell whether a term such as dpv:Marketing is one of the vocabulary."""
    return term in vocabulary()


@cache
def vocabulary() -> frozenset[str]:
    """Return every term with its prefix: dpv, pd, eu-gdpr or loc."""
    return frozenset(
        f"{prefix}:{name}" for prefix, names in _read()["terms"].items() for name in names.split()
    )


def version() -> str:
    """Return the version of the vocabulary that the names were taken from."""
    return str(_read()["version"])


@cache
def _read() -> dict[str, dict[str, str]]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
