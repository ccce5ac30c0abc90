"""
Vendors: one fact sheet each, and what is done with any of them.

Built-in sheets stand in one tuple; those of other distributions are found by the entry point
`klarsyn.vendors`, whose name is the sheet's id and whose value is its `Vendor`.
"""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points

from klarsyn.errors import UnknownName, said
from klarsyn.vendors.sheet import Vendor

BUILT_IN = (
    "activecampaign",
    "economic",
    "evernote",
    "evernote_enex",
    "hotjar",
    "mailchimp",
    "microsoft",
    "microsoft_blob",
    "pipedrive",
    "plecto",
    "recurly",
    "reviso",
    "signifly",
    "slack",
    "slack_export",
    "teamviewer",
    "trello",
    "zapier",
    "zapier_export",
    "zendesk",
)
"""The modules of this package that hold a sheet under their own name."""
_SPELT = {"economic": "e-conomic"}
"""Ids that are spelt otherwise than their modules."""


@cache
def names() -> tuple[str, ...]:
    """Return the ids of all sheets, those of other distributions too."""
    others = {one.name for one in entry_points(group="klarsyn.vendors")}
    return tuple(sorted({_SPELT.get(one, one.replace("_", "-")) for one in BUILT_IN} | others))


@cache
def sheet(name: str) -> Vendor:
    """Return a fact sheet; raises UnknownName with the nearest names."""
    module = next((one for one, spelt in _SPELT.items() if spelt == name), name.replace("-", "_"))
    if module in BUILT_IN and name not in _SPELT:
        found: Vendor = getattr(importlib.import_module(f"klarsyn.vendors.{module}"), module)
        return found
    for one in entry_points(group="klarsyn.vendors", name=name):
        loaded: Vendor = one.load()
        return loaded
    near = get_close_matches(name, names(), 3, 0.5) or names()
    raise UnknownName(
        said("there is no fact sheet '{name}'", name=name), said("there are {names}", names=near)
    )
