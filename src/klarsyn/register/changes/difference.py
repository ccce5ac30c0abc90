"""
What changed between two versions of a register, and how to make the one of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.register.changes import meanings, vendors
from klarsyn.register.changes.identity import renamed, renames, touched
from klarsyn.register.changes.kinds import KINDS, Change
from klarsyn.register.changes.tree import applied, edits, tree, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from klarsyn.register.changes.identity import Renames
    from klarsyn.register.changes.tree import Edit, Tree
    from klarsyn.register.register import Register


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything in which two versions differ; nothing where they hold the same."""

    old: Register
    new: Register
    renames: Renames
    edits: tuple[Edit, ...]
    """What makes the new files of the old ones, once the renamed ids are replaced."""
    changes: tuple[Change, ...]
    """The same by kind, in the order of kinds and then of names."""

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changes)

    @property
    def substance(self) -> tuple[Change, ...]:
        """The changes that are more than editorial."""
        return tuple(one for one in self.changes if one.kind != "editorial")


def trees(register: Register) -> dict[str, Tree]:
    """Return all files of a register as trees; see `Difference.edits`."""
    return {file: tree(register, file, held) for file, held in whole(register).items()}


def apply(files: Mapping[str, Tree], difference: Difference) -> dict[str, Tree]:
    """Return the new version's files, made of the old version's (`trees(difference.old)`)."""
    return applied(renamed(files, difference.renames), difference.edits)


def diff(old: Register, new: Register, on: date | None = None) -> Difference:
    """
    Return what changed from `old` to `new`; `on` is the day of the new version, where it is known.

    Source: R98; docs/reference/changes.md. Files whose value is one object in both versions are
    taken as equal without a look inside, which makes a long history quick.
    """
    pairs = renames(old, new)
    unlike = _unlike(old, new) | touched(old, pairs)
    before, after = (
        {file: tree(one, file, held) for file, held in whole(one).items() if file in unlike}
        for one in (old, new)
    )
    before = renamed(before, pairs)
    made = tuple(edits(before, after))
    found = _changes(vendors.Versions(old, new, pairs, before, after, on), made)
    return Difference(old, new, pairs, made, tuple(sorted(found, key=_rank)))


def _unlike(old: Register, new: Register) -> set[str]:
    """Return the files that are not one and the same object in both versions."""
    before, after = whole(old), whole(new)
    return {
        file
        for file in before.keys() | after.keys()
        if not (
            _is_one(before.get(file), after.get(file))
            and old.sources.get(file) == new.sources.get(file)
        )
    }


def _is_one(before: object, after: object) -> bool:
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        return all(one is other for one, other in zip(before, after, strict=True))
    return before is after


def _changes(versions: vendors.Versions, made: Iterable[Edit]) -> Iterator[Change]:
    told = list(vendors.changes(versions))
    meant = meanings.meanings(versions)
    told += list(meanings.changes(versions, meant))
    yield from told
    explained = list(meanings.explained(versions, meant, told))
    rest = {
        edit.path[0]
        for edit in made
        if not edit.path[0].startswith("vendors/")
        and not any(edit.path[: len(place)] == place for place in explained)
    }
    if versions.renames.elements:
        rest.add("elements.yaml")
    if versions.renames.purposes:
        rest.add("purposes.yaml")
    if rest:
        yield Change("editorial", "", "", "wording", after=tuple(sorted(rest)))


def _rank(change: Change) -> tuple[int, str, str, str, str]:
    number = KINDS.index(change.kind)
    return (number, change.name.casefold(), change.vendor, change.aspect, change.subject)
