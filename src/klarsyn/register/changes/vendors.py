"""
Vendors that came, went, took each other's place, or stayed and changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from klarsyn.register.changes.aspects import compare
from klarsyn.register.changes.kinds import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from klarsyn.register.changes.identity import Renames
    from klarsyn.register.changes.tree import Tree
    from klarsyn.register.register import Register
    from klarsyn.register.vendor import Vendor


@dataclass(frozen=True)
class Versions:
    """Two versions, what was renamed between them, and the trees of the files that differ."""

    old: Register
    new: Register
    renames: Renames
    before: Mapping[str, Tree]
    """The old version's files that differ, under their new ids."""
    after: Mapping[str, Tree]
    on: date | None
    """The day of the new version, where it is told."""

    @cached_property
    def came(self) -> list[str]:
        """The vendors of the new version that the old one does not know."""
        known = {self.renames.vendors.get(one, one) for one in self.old.vendors}
        return [one for one in self.new.vendors if one not in known]

    @cached_property
    def went(self) -> list[str]:
        """The vendors of the old version, by their old ids, that the new one does not know."""
        names = self.renames.vendors
        return [one for one in self.old.vendors if names.get(one, one) not in self.new.vendors]

    def old_purposes(self, vendor: str) -> set[str]:
        """Return for what an old vendor processed, by the purposes' new ids."""
        names = self.renames.purposes
        return {names.get(one, one) for one in purposes_of(self.old.vendors[vendor])}


def changes(versions: Versions) -> Iterator[Change]:
    """Yield what changed about vendors."""
    stayed = list(_stayed(versions))
    # Whoever gets an end makes room, as whoever is taken out does.
    former = {new: old for old, new in versions.renames.vendors.items()}
    ending = [
        former.get(one.vendor, one.vendor)
        for one in stayed
        if one.aspect == "ended" or (one.aspect == "ends" and one.before is None)
    ]
    came_and_went = list(_came_and_went(versions, ending))
    replaced = {versions.renames.vendors.get(one.subject, one.subject) for one in came_and_went}
    yield from came_and_went
    yield from (
        one for one in stayed if not (one.aspect in {"ended", "ends"} and one.vendor in replaced)
    )


def _stayed(versions: Versions) -> Iterator[Change]:
    new_ids = set(versions.renames.vendors.values())
    for one, vendor in versions.new.vendors.items():
        file = f"vendors/{one}.yaml"
        if file not in versions.before or file not in versions.after:
            continue
        found = compare(one, versions.before[file], versions.after[file], versions.on)
        yield from found.changes
        if one in new_ids or found.is_editorial_besides():
            yield Change("editorial", one, vendor.name, "wording")


def _came_and_went(versions: Versions, ending: list[str]) -> Iterator[Change]:
    old, new = versions.old.vendors, versions.new.vendors
    going = [one for one in (*versions.went, *ending) if not is_ended(old[one])]
    replaced = set()
    for one in versions.came:
        if is_ended(new[one]):
            yield Change("added", one, new[one].name, "vendor", first_told=True)
            continue
        places = list(_predecessors(versions, one, going))
        replaced.update(places)
        for gone in places:
            yield Change("replaced", one, new[one].name, "vendor", gone, before=old[gone].name)
        if not places:
            yield Change("added", one, new[one].name, "vendor")
    for one in versions.went:
        if is_ended(old[one]):
            yield Change("editorial", one, old[one].name, "wording")
        elif one not in replaced:
            yield Change("removed", one, old[one].name, "vendor")


def _predecessors(versions: Versions, one: str, going: list[str]) -> Iterator[str]:
    """Yield whom a new vendor replaces: its own file's former vendor, and by purposes."""
    wanted = purposes_of(versions.new.vendors[one])
    for gone in going:
        if gone == one or wanted & versions.old_purposes(gone):
            yield gone


def purposes_of(vendor: Vendor) -> set[str]:
    """Return the purposes for which a vendor processes."""
    return {one.purpose for one in vendor.processing}


def elements_of(vendor: Vendor) -> set[str]:
    """Return the data elements that a vendor may have."""
    return {
        name
        for processing in vendor.processing
        for held in processing.elements
        for name in (held.element, *held.includes)
    }


def is_ended(vendor: Vendor) -> bool:
    """Tell whether a vendor is declared as no longer used."""
    return vendor.status.value == "ended"
