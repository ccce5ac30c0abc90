"""
Klarsyn: the sub-processor page that runs.

The public library, by name; each is loaded at first use, so importing klarsyn costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from klarsyn.errors import KlarsynError
    from klarsyn.publication import Edition, Site, build, publish, write
    from klarsyn.recognition import Findings, KnownPeople, recognise
    from klarsyn.register import Finding, Outcome, Register, Rule, examine, load

__all__ = [
    "Edition",
    "Finding",
    "Findings",
    "KlarsynError",
    "KnownPeople",
    "Outcome",
    "Register",
    "Rule",
    "Site",
    "build",
    "examine",
    "load",
    "publish",
    "recognise",
    "write",
]

_HOMES = {
    "KlarsynError": "klarsyn.errors",
    **dict.fromkeys(("Findings", "KnownPeople", "recognise"), "klarsyn.recognition"),
    **dict.fromkeys(("Edition", "Site", "build", "publish", "write"), "klarsyn.publication"),
    **dict.fromkeys(
        ("Finding", "Outcome", "Register", "Rule", "examine", "load"), "klarsyn.register"
    ),
}


def __getattr__(name: str) -> object:
    """Load a public name from its home (PEP 562)."""
    if home := _HOMES.get(name):
        return getattr(importlib.import_module(home), name)
    message = f"module 'klarsyn' has no attribute {name!r}"
    raise AttributeError(message)
