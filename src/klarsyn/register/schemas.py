"""
JSON Schemas of the register's files, for editors to complete and check while one types.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from klarsyn.register.company import Company, Customers, Elements, Purposes, ScoreCard
from klarsyn.register.register import Accepted
from klarsyn.register.vendor import Vendor
from klarsyn.settings import SettingsFile

KINDS: dict[str, type[Any]] = {
    "klarsyn": SettingsFile,
    "company": Company,
    "elements": Elements,
    "purposes": Purposes,
    "vendor": Vendor,
    "score": ScoreCard,
    "customers": Customers,
    "accepted": Accepted,
}
"""The kinds of file, by the name that `klarsyn schema` takes."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str | None = None) -> bytes:
    """Return the JSON Schema of a kind of file, or one that takes a file of any kind."""
    if kind:
        made = {"$schema": _DIALECT, **msgspec.json.schema(KINDS[kind])}
    else:
        refs, parts = msgspec.json.schema_components(KINDS.values(), ref_template="#/$defs/{name}")
        made = {"$schema": _DIALECT, "anyOf": list(refs), "$defs": parts}
    text = _portable(msgspec.json.encode(made)).encode()
    ordered = msgspec.json.encode(msgspec.json.decode(text), order="deterministic")
    return msgspec.json.format(ordered, indent=1) + b"\n"


def _portable(text: bytes) -> str:
    """
    Return a schema that every editor reads alike.

    Patterns are anchored as JSON Schema's regular expressions are (ECMA 262), and the names of
    definitions lose the addresses in memory that the library puts there.
    """
    anchored = text.decode().replace(r"\\A", "^").replace(r"\\Z", "$")
    return re.sub(r"[_ ]at[_ ]0x[0-9a-f]+", "", anchored)
