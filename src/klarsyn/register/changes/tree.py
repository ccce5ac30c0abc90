"""
A register as a tree of plain values, and what has to be done to one tree to get another.

Lists whose entries have an identity (a processing's purpose, an element's id, a transfer's
country) are keyed by it, so that a difference is told where it is, wherever it stands in a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from klarsyn.register.register import Register

Path = tuple[str, ...]
Tree = dict[str, Any]


class Missing:
    """What stands where nothing stands."""

    def __repr__(self) -> str:
        """Return a word for test output."""
        return "MISSING"


MISSING: Final = Missing()

ORDER: Final = "\0order"
"""The key under which a keyed list keeps the order of its keys; no id or name can be this."""

_KEYED = {"processing": "purpose", "elements": "element", "chain": "name", "transfers": "to"}
"""The lists whose entries have an identity, and the key that holds it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """At `path`, `before` becomes `after`; MISSING where there is nothing."""

    path: Path
    before: Any
    after: Any


def whole(register: Register) -> Mapping[str, object]:
    """Return what each file of a register holds, unchanged; equal values may be one object."""
    files: dict[str, object] = {
        "company.yaml": register.company,
        "elements.yaml": register.elements,
        "purposes.yaml": (register.purposes, register.data_subjects),
        "customers.yaml": register.customers,
        "accepted.yaml": register.accepted,
    }
    files |= {f"vendors/{one}.yaml": vendor for one, vendor in register.vendors.items()}
    files |= {f"scores/{one}.yaml": card for one, card in register.scores.items()}
    return files


def tree(register: Register, file: str, held: Any) -> Tree:
    """Return one file of a register as a tree; `held` is what it holds, from `whole`."""
    sources = {"sources": msgspec.to_builtins(register.sources.get(file, {}))}
    if file == "elements.yaml":
        return {"elements": msgspec.to_builtins(held), **sources}
    if file == "purposes.yaml":
        names = ("purposes", "data_subjects")
        return {**dict(zip(names, map(msgspec.to_builtins, held), strict=True)), **sources}
    if file in {"customers.yaml", "accepted.yaml"}:
        return {file.removesuffix(".yaml"): msgspec.to_builtins(held)}
    plain: Tree = msgspec.to_builtins(held)
    return _keyed(plain) if file.startswith("vendors/") else plain


def _keyed(entry: Tree) -> Tree:
    found: Tree = {}
    for name, inner in entry.items():
        by = _KEYED.get(name)
        if by and isinstance(inner, list) and all(isinstance(one, dict) for one in inner):
            found[name] = _mapping(inner, by)
        else:
            found[name] = _keyed(inner) if isinstance(inner, dict) else inner
    return found


def _mapping(entries: Iterable[dict[str, Any]], by: str) -> Tree:
    made: Tree = {}
    for entry in entries:
        name, number = str(entry[by]), 1
        while (key := name if number == 1 else f"{name}#{number}") in made:
            number += 1
        made[key] = _keyed(entry)
    return {**made, ORDER: list(made)}


def at(tree: Any, path: Path) -> Any:
    """Return what stands at a path, or MISSING."""
    for name in path:
        if not isinstance(tree, dict) or name not in tree:
            return MISSING
        tree = tree[name]
    return tree


def edits(old: Any, new: Any, path: Path = ()) -> Iterator[Edit]:
    """Yield the smallest edits that make `new` of `old`."""
    if old == new:
        return
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield Edit(path, old, new)
        return
    for name in dict.fromkeys([*old, *new]):
        yield from edits(old.get(name, MISSING), new.get(name, MISSING), (*path, name))


def applied(tree: Mapping[str, Any], changes: Iterable[Edit]) -> Tree:
    """Return the tree after the edits; the tree given stays as it was."""
    made: Tree = _copied(dict(tree))
    for edit in changes:
        *way, last = edit.path
        spot = made
        for name in way:
            spot = spot[name]
        if edit.after is MISSING:
            del spot[last]
        else:
            spot[last] = _copied(edit.after)
    return made


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value
