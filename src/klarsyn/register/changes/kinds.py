"""
The nine kinds of change (R98), the aspects of a vendor that have one, and how values compare.

docs/reference/changes.md says the same in words; tests/register/changes holds pairs of versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from klarsyn.register.changes.identity import folded
from klarsyn.register.changes.tree import MISSING, ORDER, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.register.changes.tree import Path, Tree

Kind = Literal[
    "added",
    "removed",
    "replaced",
    "purpose",
    "data",
    "country",
    "entity",
    "mechanism",
    "editorial",
]

KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]

Form = Literal["fact", "set", "text", "scope", "plain", "words"]
"""
How a value stands and compares: a fact with one value; with several, in any order; with a text;
with a text whose absence says something too; a declared value; a declared text.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of substance, or all that is editorial about one vendor or the rest."""

    kind: Kind
    vendor: str
    """The vendor's id in the new version, in the old one where it went; empty for the rest."""
    name: str
    """The vendor's printed name."""
    aspect: str
    """What of it changed: a name from `ASPECTS`, or the word of a comparison of its own."""
    subject: str = ""
    """Which one, where there are several: a purpose, an element, a country, a sub-processor."""
    before: Any = None
    after: Any = None
    first_told: bool = False
    """Whether a fact became known, or is no longer known, while the processing stayed."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something about a vendor that has a kind: where it stands, and how it is compared."""

    kind: Kind
    name: str
    path: Path
    form: Form = "fact"


_PROCESSING = ("processing", "*")
_HELD = (*_PROCESSING, "elements", "*")

ASPECTS = (
    Aspect("country", "entity-country", ("entity", "country"), "set"),
    Aspect("country", "storage-country", ("countries", "storage"), "set"),
    Aspect("country", "access-country", ("countries", "access"), "set"),
    Aspect("country", "chain-country", ("chain", "*", "country"), "plain"),
    Aspect("purpose", "chain-task", ("chain", "*", "what"), "words"),
    Aspect("purpose", "applies-to", ("applies_to",), "scope"),
    Aspect("purpose", "device-access", ("device_access",)),
    Aspect("purpose", "role", (*_PROCESSING, "role")),
    Aspect("purpose", "access", (*_PROCESSING, "access")),
    Aspect("purpose", "storage", (*_PROCESSING, "storage")),
    Aspect("purpose", "nature", (*_PROCESSING, "nature"), "text"),
    Aspect("purpose", "frequency", (*_PROCESSING, "frequency")),
    Aspect("data", "direction", (*_HELD, "direction"), "plain"),
    Aspect("data", "definition", (*_HELD, "definition"), "plain"),
    Aspect("data", "form", (*_HELD, "form"), "text"),
)
"""What is compared value by value wherever it stands in both versions of a vendor's file."""

PURPOSES = (
    Aspect("purpose", "legal-basis", ("legal_basis",)),
    Aspect("purpose", "kind-of-purpose", ("kind",), "plain"),
    Aspect("data", "data-subjects", ("data_subjects",), "set"),
)
"""What of a purpose counts for every vendor that processes for it."""

MEANING = ("about", "personal_if", "origin", "sensitivity", "group", "profiling", "score")
"""What of a data element is its meaning; a change of it counts for every vendor that has it."""


def spots(old: Tree, new: Tree, pattern: Path, way: Path = ()) -> Iterator[Path]:
    """Yield the paths that match a pattern and whose parents stand in both trees."""
    if not pattern:
        yield way
        return
    name, *rest = pattern
    if name != "*":
        yield from spots(old, new, tuple(rest), (*way, name))
        return
    here, there = at(old, way), at(new, way)
    if isinstance(here, dict) and isinstance(there, dict):
        for key in here:
            if key in there and key != ORDER:
                yield from spots(old, new, tuple(rest), (*way, key))


@dataclass(frozen=True, slots=True)
class Compared:
    """How a value was and is, where that counts as a change."""

    before: Any
    after: Any
    first_told: bool


def compared(old: Any, new: Any, form: Form) -> Compared | None:
    """Return how a value was and is, or None where it stayed the same in substance."""
    before, after = value(old, form), value(new, form)
    is_text = form in {"text", "scope", "words"}
    if before == after or (is_text and before and after and kept(before, after)):
        return None
    return Compared(before, after, is_gap(old, new, form))


def value(node: Any, form: Form = "fact") -> Any:
    """Return what a node says, and None where it says nothing or what is not yet known."""
    if node is MISSING:
        return None
    found = node if form in {"plain", "words"} else node.get("value")
    return tuple(sorted(found)) if form == "set" and found is not None else found


def is_gap(old: Any, new: Any, form: Form) -> bool:
    """Tell whether one of two values that differ is not known, rather than another one."""
    if form in {"plain", "words"}:
        return False
    gaps = [one for one in (old, new) if value(one, form) is None]
    return any(form != "scope" or one is not MISSING for one in gaps)


def kept(before: dict[str, str], after: dict[str, str]) -> bool:
    """Tell whether some language of both has kept its words, whatever their form."""
    return any(folded(before[one]) == folded(after[one]) for one in before.keys() & after.keys())
