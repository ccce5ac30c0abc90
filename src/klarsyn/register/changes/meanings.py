"""
Elements, purposes and definitions that mean something else now: told at every vendor concerned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.register.changes.kinds import (
    MEANING,
    PURPOSES,
    Change,
    Compared,
    compared,
)
from klarsyn.register.changes.tree import MISSING, Path, at
from klarsyn.register.changes.vendors import elements_of, purposes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from klarsyn.register.changes.kinds import Kind
    from klarsyn.register.changes.tree import Tree
    from klarsyn.register.changes.vendors import Versions
    from klarsyn.register.vendor import Vendor

_ELEMENTS = ("elements.yaml", "elements")
_PURPOSES = ("purposes.yaml", "purposes")


@dataclass(frozen=True, slots=True)
class Meaning:
    """An element or a purpose that means something else, and the place that says so."""

    kind: Kind
    aspect: str
    subject: str
    found: Compared
    places: tuple[Path, ...]
    definition: str = ""
    """The definition of a score whose text changed: only rows that mean this one are concerned."""

    def concerns(self, vendor: Vendor) -> bool:
        """Tell whether a vendor has the element, or processes for the purpose."""
        if self.definition:
            return any(
                held.element == self.subject and held.definition in {None, self.definition}
                for processing in vendor.processing
                for held in processing.elements
            )
        return self.subject in elements_of(vendor) | purposes_of(vendor)


def meanings(versions: Versions) -> list[Meaning]:
    """Return what means something else."""
    return [*_elements(versions), *_purposes(versions), *_definitions(versions)]


def changes(versions: Versions, meant: Sequence[Meaning]) -> Iterator[Change]:
    """Yield a change for each vendor concerned; one that had it not before is told with it."""
    had = {one: _had(versions, one) for one in versions.new.vendors} if meant else {}
    for meaning in meant:
        found = meaning.found
        for one, vendor in versions.new.vendors.items():
            if meaning.subject in had[one] and meaning.concerns(vendor):
                yield Change(
                    meaning.kind,
                    one,
                    vendor.name,
                    meaning.aspect,
                    meaning.subject,
                    found.before,
                    found.after,
                    found.first_told,
                )


def _had(versions: Versions, one: str) -> set[str]:
    """Return which elements and purposes a vendor of today had before, by their new ids."""
    former = {new: old for old, new in versions.renames.vendors.items()}
    old = former.get(one, one)
    if one in versions.came or old not in versions.old.vendors:
        return set()
    names = versions.renames.elements
    elements = elements_of(versions.old.vendors[old])
    return {names.get(it, it) for it in elements} | versions.old_purposes(old)


def explained(
    versions: Versions, meant: Iterable[Meaning], told: Iterable[Change]
) -> Iterator[Path]:
    """Yield the places outside of vendors' files that the changes explain."""
    subjects = set()
    for change in told:
        subjects.add((change.aspect, change.subject))
        for one in named(change, versions):
            for top in (_ELEMENTS, _PURPOSES):
                if MISSING in [at(it, (*top, one)) for it in (versions.before, versions.after)]:
                    yield (*top, one)
    for meaning in meant:
        if (meaning.aspect, meaning.subject) in subjects:
            yield from meaning.places
            yield (meaning.places[0][0], "sources")  # what a changed fact rests on came with it


def named(change: Change, versions: Versions) -> set[str]:
    """Return the elements and purposes that a change tells of."""
    if change.aspect in {"gained", "lost"}:
        return set(change.after or change.before)
    if change.aspect in {"purpose", "purpose-lost"}:
        return {change.subject, *(change.after or change.before or ())}
    if change.aspect == "declaration":
        return {*change.before[1], *change.after[1]}
    if change.aspect == "vendor":
        gone = versions.old.vendors.get(change.subject)
        both = (versions.new.vendors.get(change.vendor), versions.old.vendors.get(change.vendor))
        vendors = [one for one in (*both, gone) if one]
        return set().union(*(elements_of(one) | purposes_of(one) for one in vendors))
    return set()


def _elements(versions: Versions) -> Iterator[Meaning]:
    for one, was, now in _both(versions, _ELEMENTS):
        names = [name for name in MEANING if was.get(name) != now.get(name)]
        if names:
            before, after = (tuple((it, tree.get(it)) for it in names) for tree in (was, now))
            found = Compared(before, after, first_told=False)
            places = tuple((*_ELEMENTS, one, name) for name in names)
            yield Meaning("data", "meaning", one, found, places)


def _purposes(versions: Versions) -> Iterator[Meaning]:
    for one, was, now in _both(versions, _PURPOSES):
        for aspect in PURPOSES:
            if found := compared(at(was, aspect.path), at(now, aspect.path), aspect.form):
                places = ((*_PURPOSES, one, *aspect.path),)
                yield Meaning(aspect.kind, aspect.name, one, found, places)


def _definitions(versions: Versions) -> Iterator[Meaning]:
    """Yield each element of a card of which a definition says something else in every language."""
    for card_id, card in versions.new.scores.items():
        file = f"scores/{card_id}.yaml"
        for one, was, now in _both(versions, (file, "definitions")):
            if found := compared(was.get("text", MISSING), now.get("text", MISSING), "words"):
                places = ((file, "definitions", one, "text"),)
                for element in card.elements:
                    yield Meaning("data", "definition-text", element, found, places, one)


def _both(versions: Versions, top: Path) -> Iterator[tuple[str, Tree, Tree]]:
    """Yield what stands in both versions and differs."""
    was, now = (at(it, top) for it in (versions.before, versions.after))
    if was is MISSING or now is MISSING:
        return
    for one in sorted(was.keys() & now.keys()):
        if was[one] != now[one]:
            yield one, was[one], now[one]
