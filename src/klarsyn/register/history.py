"""
The history of a register: its versions day by day, and what changed from each to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from klarsyn.errors import RegisterError
from klarsyn.register import loading, versions
from klarsyn.register.changes import diff
from klarsyn.register.printed import as_printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from klarsyn.register.changes import Difference
    from klarsyn.register.register import Register


@dataclass(frozen=True, slots=True)
class Entry:
    """A day on which the register changed: the version at its end, and what is new in it."""

    day: date
    register: Register
    difference: Difference | None
    """Against the entry before; None for the first one."""
    is_committed: bool = True
    """Whether git, or the page kept by hand, has this version for good."""

    @property
    def has_substance(self) -> bool:
        """Whether more changed than wording; the first version counts."""
        return self.difference is None or bool(self.difference.substance)


@dataclass(frozen=True, slots=True)
class History:
    """All days on which a register changed, oldest first; the last entry is the register now."""

    entries: tuple[Entry, ...]
    unreadable: tuple[str, ...] = ()
    """Commits whose files did not load; what they did shows in the next one that does."""
    is_cut: bool = False
    """Whether the repository lacks its older commits, so that the history begins too late."""

    @property
    def told(self) -> list[Entry]:
        """
        The entries in which more than wording changed, newest first.

        Where older commits are lacking, the oldest entry is none: nothing is known to have changed
        on that day.
        """
        entries = self.entries[1:] if self.is_cut else self.entries
        return [one for one in reversed(entries) if one.has_substance]

    @property
    def updated(self) -> date:
        """The day on which the register got the substance that it has now."""
        return (self.told or self.entries)[0].day


def history(register: Register, on: date, *, cache: Path | None = None) -> History:
    """
    Return the history of a register as it lies on disk, up to a day.

    It begins with the page kept by hand where the first version was drawn from one. What is not
    committed yet is an entry of the day `on`.
    """
    committed, unreadable = _committed(register, on, cache)
    days: dict[date, Register] = {}
    latest = None
    for day, version in committed:
        latest = max(day, latest or day)  # a clock that went wrong turns no time back
        days[latest] = version
    first = next(iter(days.values()), register)
    printed = first.company.printed
    is_cut = versions.is_shallow(register.folder)
    steps = list(days.items())
    if printed and not is_cut and printed.updated < min(days, default=on):
        steps.insert(0, (printed.updated, as_printed(first)))
    is_committed = bool(steps) and not diff(steps[-1][1], register, on)
    if not is_committed:
        if steps and steps[-1][0] == on:
            steps.pop()  # one entry a day
        steps.append((on, register))
    *entries, last = _entries(steps)
    is_for_good = is_committed or last.register is not register
    # The register that lies on disk has the lines and the folder of today.
    entries.append(Entry(last.day, register, last.difference, is_for_good))
    return History(tuple(entries), tuple(unreadable), is_cut)


def _entries(steps: Sequence[tuple[date, Register]]) -> Iterator[Entry]:
    before = None
    for day, version in steps:
        if before is None:
            yield Entry(day, version, None)
        elif difference := diff(before, version, day):
            yield Entry(day, version, difference)
        else:
            continue
        before = version


def _committed(
    register: Register, on: date, cache: Path | None
) -> tuple[list[tuple[date, Register]], list[str]]:
    """Return the versions that load, with their days where the company is, and the others."""
    zone = ZoneInfo(register.company.timezone)
    memory = loading.Memory()
    found, unreadable = [], []
    for version in versions.versions(register.folder):
        day = version.instant.astimezone(zone).date()
        if day > on:
            continue
        try:
            loaded = loading.assemble(version.contents, register.folder, cache=cache, memory=memory)
        except RegisterError:
            unreadable.append(version.commit)
            continue
        found.append((day, loaded))
    return found, unreadable
