"""
What is the same thing in two versions under another id: renames are editorial (R98).

The rules stand in docs/reference/changes.md under "What is editorial".
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from klarsyn.register.changes.tree import ORDER
from klarsyn.register.facts import known

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from klarsyn.register.changes.tree import Tree
    from klarsyn.register.company import DataElement, Purpose
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Vendor

T = TypeVar("T")

ALIKE = 0.75
"""The share of letters that a vendor's old and new printed name must have in common."""

BEFORE = " (before)"
"""Follows the id of a vendor whose file holds another vendor now; no id looks like this."""


@dataclass(frozen=True, slots=True)
class Renames:
    """New ids by old ones, for what is the same thing in both versions."""

    vendors: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything has another id."""
        return bool(self.vendors or self.elements or self.purposes)


def renames(old: Register, new: Register) -> Renames:
    """Return what has another id in `new` and is the same thing as in `old`."""
    return Renames(
        vendors=_vendors(old.vendors, new.vendors),
        elements=_paired(*_moved(old.elements, new.elements), _same_element),
        purposes=_paired(*_moved(old.purposes, new.purposes), _same_purpose),
    )


def _moved(old: Mapping[str, T], new: Mapping[str, T]) -> tuple[dict[str, T], dict[str, T]]:
    """Return what went and what came, by id."""
    return (
        {one: it for one, it in old.items() if one not in new},
        {one: it for one, it in new.items() if one not in old},
    )


def _paired(
    went: Mapping[str, T], came: Mapping[str, T], same: Callable[[T, T], bool]
) -> dict[str, str]:
    """Pair what went with what came; each is used once, in the order of ids."""
    left = dict(sorted(came.items()))
    pairs: dict[str, str] = {}
    for one in sorted(went):
        found = next((other for other in left if same(went[one], left[other])), None)
        if found is not None:
            pairs[one] = found
            del left[found]
    return pairs


def _same_element(one: DataElement, other: DataElement) -> bool:
    meanings = {(it.about, it.origin, it.sensitivity) for it in (one, other)}
    return len(meanings) == 1 and _shares_a_label(one.label, other.label)


def _same_purpose(one: Purpose, other: Purpose) -> bool:
    meanings = {(it.kind, it.legal_basis.value) for it in (one, other)}
    return len(meanings) == 1 and _shares_a_label(one.label, other.label)


def _shares_a_label(one: Mapping[Any, str], other: Mapping[Any, str]) -> bool:
    return any(folded(one[it]) == folded(other[it]) for it in one.keys() & other.keys())


def _vendors(old: Mapping[str, Vendor], new: Mapping[str, Vendor]) -> dict[str, str]:
    went, came = _moved(old, new)
    others = [one for one in old.keys() & new.keys() if _is_another(old[one], new[one])]
    went |= {one: old[one] for one in others}
    came |= {one: new[one] for one in others}
    pairs = _paired(went, came, _same_name)
    pairs |= _paired(
        {one: it for one, it in went.items() if one not in pairs},
        {one: it for one, it in came.items() if one not in pairs.values()},
        _same_entity,
    )
    return pairs | {one: one + BEFORE for one in others if one not in pairs}


def _is_another(before: Vendor, after: Vendor) -> bool:
    return before is not after and not (_alike(before, after) or _same_entity(before, after))


def _same_name(one: Vendor, other: Vendor) -> bool:
    return folded(one.name) == folded(other.name)


def _same_entity(one: Vendor, other: Vendor) -> bool:
    """Tell whether two vendors are one legal person: by its number, else by its name."""
    for facts in (
        [known(it.entity.registration) for it in (one, other)],
        [known(it.entity.name) for it in (one, other)],
    ):
        first, second = (folded(it or "") for it in facts)
        if first and second:
            return first == second
    return False


def _alike(one: Vendor, other: Vendor) -> bool:
    first, second = folded(one.name), folded(other.name)
    if first in second or second in first:
        return True
    # The ratio depends on which of the two comes first; the answer must not.
    first, second = sorted((first, second))
    return difflib.SequenceMatcher(None, first, second).ratio() >= ALIKE


def folded(text: str) -> str:
    """Return a text's letters and digits only, in small letters."""
    return "".join(one for one in text.casefold() if one.isalnum())


def touched(register: Register, pairs: Renames) -> set[str]:
    """Return the files of the old version in which an id stands that is another one now."""
    if not pairs:
        return set()
    found = {
        f"vendors/{one}.yaml"
        for one, vendor in register.vendors.items()
        if one in pairs.vendors or _mentions(vendor, pairs)
    }
    return found | {
        f"scores/{one}.yaml"
        for one, card in register.scores.items()
        if not pairs.elements.keys().isdisjoint(card.elements)
    }


def _mentions(vendor: Vendor, pairs: Renames) -> bool:
    return any(
        one.purpose in pairs.purposes
        or not pairs.vendors.keys().isdisjoint(known(one.conduit_for) or ())
        or any(
            not pairs.elements.keys().isdisjoint((held.element, *held.includes))
            for held in one.elements
        )
        for one in vendor.processing
    )


def renamed(files: Mapping[str, Tree], pairs: Renames) -> dict[str, Tree]:
    """Return the files of a register with new ids in the place of old ones, wherever they stand."""
    if not pairs:
        return dict(files)
    made = {}
    for file, tree in files.items():
        stem = file.removeprefix("vendors/").removesuffix(".yaml")
        name = f"vendors/{pairs.vendors.get(stem, stem)}.yaml" if "/" in file else file
        made[name if file.startswith("vendors/") else file] = _in_file(file, tree, pairs)
    return made


def _in_file(file: str, tree: Tree, pairs: Renames) -> Tree:
    if file == "elements.yaml":
        return {**tree, "elements": _keys(tree["elements"], pairs.elements)}
    if file == "purposes.yaml":
        return {**tree, "purposes": _keys(tree["purposes"], pairs.purposes)}
    if file.startswith("vendors/"):
        return _in_vendor(tree, pairs)
    if file.startswith("scores/") and "elements" in tree:
        return {**tree, "elements": [pairs.elements.get(one, one) for one in tree["elements"]]}
    return tree


def _in_vendor(tree: Tree, pairs: Renames) -> Tree:
    processing = _keys(tree["processing"], pairs.purposes, "purpose")
    for purpose, entry in processing.items():
        if purpose == ORDER:
            continue
        made = dict(entry)
        if "elements" in made:
            made["elements"] = {
                one: held if one == ORDER else _includes(held, pairs)
                for one, held in _keys(made["elements"], pairs.elements, "element").items()
            }
        if targets := made.get("conduit_for", {}).get("value"):
            value = [pairs.vendors.get(one, one) for one in targets]
            made["conduit_for"] = {**made["conduit_for"], "value": value}
        processing[purpose] = made
    return {**tree, "processing": processing}


def _includes(held: Tree, pairs: Renames) -> Tree:
    if "includes" not in held:
        return held
    return {**held, "includes": [pairs.elements.get(one, one) for one in held["includes"]]}


def _keys(tree: Tree, names: Mapping[str, str], by: str = "") -> Tree:
    """Return a mapping with other keys; `by` is where an entry repeats its key."""
    made: Tree = {}
    for name, entry in tree.items():
        if name == ORDER:
            made[ORDER] = [_renumbered(one, names) for one in entry]
            continue
        new = _renumbered(name, names)
        made[new] = {**entry, by: names[entry[by]]} if by and entry[by] in names else entry
    return made


def _renumbered(key: str, names: Mapping[str, str]) -> str:
    name, mark, number = key.partition("#")
    return names.get(name, name) + mark + number
