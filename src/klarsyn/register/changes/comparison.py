"""
Two versions of one vendor's file: what changed in substance, and which places that explains.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from klarsyn.register.changes.kinds import Change
from klarsyn.register.changes.tree import MISSING, edits

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.register.changes.kinds import Compared, Kind
    from klarsyn.register.changes.tree import Edit, Path, Tree


@dataclass(slots=True)
class Comparison:
    """What was found so far about one vendor, and the places in its file that it explains."""

    vendor: str
    old: Tree
    new: Tree
    on: date | None
    """The day of the new version, where it is told: what was over by then is over."""
    changes: list[Change] = field(default_factory=list)
    explained: list[Path] = field(default_factory=list)

    def tell(self, kind: Kind, aspect: str, *places: Path, **facts: Any) -> None:
        """Add a change, and the places that it explains."""
        name = str(self.new["name"])
        self.changes.append(Change(kind, self.vendor, name, aspect, **facts))
        self.explained.extend(places)

    def tell_value(
        self, kind: Kind, aspect: str, place: Path, found: Compared, subject: str = ""
    ) -> None:
        """Add a change of a value that stands at one place."""
        self.tell(
            kind,
            aspect,
            place,
            subject=subject,
            before=found.before,
            after=found.after,
            first_told=found.first_told,
        )

    def is_editorial_besides(self) -> bool:
        """Tell whether something differs that no change explains."""
        # What a changed fact rests on came with it.
        explained = [*self.explained, *([("sources",)] if self.changes else [])]
        return any(
            not any(_explains(place, edit) for place in explained)
            for edit in edits(self.old, self.new)
        )


def _explains(place: Path, edit: Edit) -> bool:
    """Tell whether a place holds the edit, or is the reason why all around it came or went."""
    came_or_went = edit.before is MISSING or edit.after is MISSING
    return edit.path[: len(place)] == place or (
        came_or_went and place[: len(edit.path)] == edit.path
    )
