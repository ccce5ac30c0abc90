"""
The company's own people, read from where they stand: a batch at a time, in the order of the source.

Memory does not grow with their number, but for 36 bytes each that tell whether a key stands twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from klarsyn.errors import Problem, SourceInvalid, UnknownName, said
from klarsyn.people import checking, tables
from klarsyn.people.mapping import Mapping as Meaning
from klarsyn.personal import forbid_cores
from klarsyn.settings import FILE
from klarsyn.transport.source import opened

if TYPE_CHECKING:
    from klarsyn.people.mapping import Choose
    from klarsyn.people.person import Batch
    from klarsyn.people.rejected import Reject
    from klarsyn.people.tables import Row
    from klarsyn.register import Register
    from klarsyn.settings import Settings
    from klarsyn.sourcesettings import SourceSettings


@dataclass(frozen=True, slots=True)
class Source:
    """A source whose settings agree with the register."""

    settings: SourceSettings
    register: Register
    folder: Path
    lines: Mapping[str, int] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @classmethod
    def of(cls, settings: Settings, register: Register) -> Source:
        """
        Return the source that klarsyn.yaml names.

        Raises SourceInvalid where it names none, or with all that the register does not allow.
        """
        if settings.source is None:
            what = said("there is no `source:`")
            remedy = said("say where the company's own people stand: see docs, Settings")
            raise SourceInvalid([Problem(FILE, 1, what, remedy)])
        if found := checking.problems(settings.source, register, settings.lines):
            raise SourceInvalid(found)
        return cls(settings.source, register, settings.folder, settings.lines)

    def read(self, reject: Reject, choose: Choose | None = None) -> Iterator[Batch]:
        """
        Yield all people, in batches of up to 1,000; rows that are wrong are given to `reject`.

        `choose` is given keys and returns the places of those that are wanted, where not all are.

        A rejected row is no removal: see rejected.py. Raises SourceUnread, and SourceInvalid
        where columns are named in vain, before the first batch.
        """
        source = self.settings
        forbid_cores()
        with opened(source.place, self.folder, self.environ, source.key) as table:
            shown = source.place.shown
            names = checking.source_names(source)
            self._refuse(checking.column_problems(names, table.columns, shown, self.lines))
            meaning = Meaning.of(source, self.register)
            for chunk in table.chunks(meaning.wanted):
                wanted = meaning.chosen(chunk, choose) if choose else chunk
                if batch := meaning.batch(wanted, _of(shown, reject)):
                    yield batch

    def table(self, name: str, reject: Reject) -> Iterator[Row]:
        """Yield the rows of another table, typed; UnknownName where there is none of the name."""
        table = self.settings.tables.get(name)
        if table is None:
            raise UnknownName(
                said("`source:` has no table called {name}.", name=name),
                said("Add it under `tables`."),
            )
        with opened(table.place, self.folder, self.environ, table.key) as found:
            names, shown = checking.table_names(self.settings, name), table.place.shown
            self._refuse(checking.column_problems(names, found.columns, shown, self.lines))
            for chunk in found.chunks(tables.wanted_of(table)):
                yield from tables.rows(table, chunk, _of(shown, reject))

    @property
    def unmapped(self) -> tuple[str, ...]:
        """The elements that some vendor is declared to be sent and that have no column."""
        return checking.unmapped(self.settings, self.register)

    @staticmethod
    def _refuse(problems: tuple[Problem, ...]) -> None:
        if problems:
            raise SourceInvalid(problems)


def _of(shown: str, reject: Reject) -> Reject:
    """Return what rejects a row and says which file it stands in."""
    return lambda one: reject(replace(one, source=shown))


def later(settings: Settings, register: Register) -> Source:
    """Return the source, checked when it is first asked for anything: not all work needs one."""
    return cast("Source", _Later(settings, register))


class _Later:
    """Becomes `Source.of` at the first question."""

    def __init__(self, settings: Settings, register: Register) -> None:
        self._given = (settings, register)

    @cached_property
    def _source(self) -> Source:
        return Source.of(*self._given)

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)
