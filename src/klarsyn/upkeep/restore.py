"""
A restore: first who was erased meanwhile, then everything of the backup that is not theirs.

All of it is one transaction: a database is as it was, or as the backup has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from klarsyn.clock import Clock
from klarsyn.disclosure.pauses import Pauses
from klarsyn.errors import BackupRefused, MigrationChanged, StorageNewer, said
from klarsyn.journal import Journal, reading
from klarsyn.keys import Keys
from klarsyn.storage import Storage
from klarsyn.storage import migrations as schema
from klarsyn.upkeep.erased import Erased, people
from klarsyn.upkeep.sealedfile import SealedFile
from klarsyn.upkeep.tables import BACKED_UP, EVERY, FACTS, WAYS_IN, Row, Table

_FACTS: Final = frozenset(one.name for one in FACTS)
_HASH: Final = re.compile(r"[0-9a-f]{32}")
BY: Final = "restore"
"""Who paused vendors: their deliveries go on when somebody has looked."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    backup: str
    at: datetime
    """When the backup was made."""
    rows: Mapping[str, int]
    """By table."""
    left_out: Mapping[str, int]
    """Rows of people who were erased since, by table."""
    erased: int
    """How many people those were, as far as the backup knew them."""
    paused: Sequence[str]
    """Vendors to which nothing is sent before somebody says so."""
    old_accounts: bool
    """Whether accounts are those of the backup, and who has left since among them."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a restore goes by, beside the backup itself."""

    clock: Clock
    keys: Keys
    lists: Sequence[Erased] = ()
    """What files say of who was erased."""
    replace: bool = False
    """Whether a database that is not empty may be replaced; somebody has agreed."""
    by: str = ""
    """The pseudonym of whoever did."""
    alone: Callable[[], None] = lambda: None
    """Raises where a worker lives; asked before anything is done, and before it is kept."""


def restore(storage: Storage, file: SealedFile, given: Given) -> Restored:
    """
    Put a backup in the place of what a database holds.

    BackupRefused where the file is not whole, or where the database is not empty and may not be
    replaced; StorageNewer and MigrationChanged as when one is opened. Nothing is changed then.
    """
    migrations = _migrations(file)
    given.alone()
    with storage.transaction():
        if not given.replace and not all(one.is_empty(storage) for one in BACKED_UP.values()):
            raise BackupRefused(
                said("{database} is not empty.", database=storage.database.shown),
                said("Restore into another one, or give --replace; it takes an approval."),
            )
        filling = _Filling(storage, file, _known(storage, given), _ways_in(storage))
        lost = reading.head(storage)
        _remake(storage, migrations, given.clock)
        filling.backup()
        schema.migrate(storage, schema.read(), given.clock)
        filling.present()
        done = _settled(storage, filling, given)
        _record(storage, done, given, lost)
        given.alone()
    storage.tidy()
    return done


def _migrations(file: SealedFile) -> Sequence[schema.Migration]:
    """Return the migrations that the backup's database had; refuse one that is not ours."""
    ours, theirs = schema.read(), file.head.migrations
    if len(theirs) > len(ours):
        raise StorageNewer(
            said("The backup is of a newer Klarsyn."), said("Restore it with the newer Klarsyn.")
        )
    for one, (version, sha256) in zip(ours, theirs, strict=False):
        if (one.version, one.sha256) != (version, sha256):
            raise MigrationChanged(
                said("Migration {version} of the backup is not ours.", version=version),
                said("Use the Klarsyn that made this backup."),
            )
    return ours[: len(theirs)]


def _known(storage: Storage, given: Given) -> Erased:
    """Return what the present database and the files say of who was erased."""
    known = Erased.of(storage)
    for one in given.lists:
        known.merge(one)
    return known


def _ways_in(storage: Storage) -> dict[str, list[Row]]:
    """Return the rows of who and what may get in now; nothing where nobody has an account."""
    if BACKED_UP["account"].is_empty(storage):
        return {}
    return {one: [row for page in BACKED_UP[one].pages(storage) for row in page] for one in WAYS_IN}


def _remake(storage: Storage, migrations: Sequence[schema.Migration], clock: Clock) -> None:
    """Make every table anew, as it was when the backup was made."""
    for table in reversed(EVERY):
        table.drop(storage)
    schema.migrate(storage, migrations, clock)


@dataclass
class _Filling:
    """Reads the file twice: who was erased since, and whose file it is whole; then all the rest."""

    storage: Storage
    file: SealedFile
    known: Erased
    ways_in: Mapping[str, Sequence[Row]]
    """Rows that stand in the place of the backup's."""
    rows: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    gone: set[bytes] = field(default_factory=set)
    """People of whom nothing comes back."""
    later: Erased = field(init=False)
    """What is known beyond the backup."""
    subjects: set[str] = field(default_factory=set)
    """Who they are in the journal."""
    tasks: set[str] = field(default_factory=set)
    """Tasks about them."""

    def __post_init__(self) -> None:
        """Find out whose rows are left out; BackupRefused where the file is not whole."""
        backup = Erased()
        self.later = self.known
        entombed: dict[bytes, str] | None = None
        for part in self.file.parts():
            if part.table in _FACTS:
                backup.add(part.table, part.as_rows())
                continue
            if entombed is None:
                self.later = self.known.beyond(backup)
                entombed = self.later.identities()
                self.gone = people(entombed)
            if part.table in {"person_identity", "journal_subject"}:
                self._find(part.table, part.as_rows(), entombed)
        self.later = self.known.beyond(backup)

    def _find(self, table: str, rows: Sequence[Row], entombed: Mapping[bytes, str]) -> None:
        for row in rows:
            person = cast("bytes", row["person"])
            if table == "person_identity" and row["hash"] in entombed:
                self.gone.add(person)
            elif table == "journal_subject" and person in self.gone:
                self.subjects.add(str(row["subject"]))

    def backup(self) -> None:
        """Fill the tables, as they were when the backup was made."""
        for part in self.file.parts():
            if part.table not in self.ways_in:
                table = BACKED_UP[part.table]
                kept = list(self._kept(table, part.as_rows()))
                table.put(self.storage, part.columns, kept)
                self.rows[table.name] += len(kept)
                if table.name not in _FACTS:
                    self.left_out[table.name] += len(part.rows) - len(kept)

    def present(self) -> None:
        """Add what is known of later, to the tables as they are now."""
        self.later.put(self.storage)
        self.rows.update(self.later.counts)
        for name, rows in self.ways_in.items():
            if rows:
                BACKED_UP[name].put(self.storage, list(rows[0]), rows)
            self.rows[name] = len(rows)

    def _kept(self, table: Table, rows: Sequence[Row]) -> Iterator[Row]:
        superseded = self.later.rows.get(table.name, {})
        for row in rows:
            if tuple(row[one] for one in table.key) in superseded:
                continue
            if table.name in _FACTS or not self._about_gone(table.name, row):
                yield row
            elif table.name == "task":
                self.tasks.add(str(row["id"]))

    def _about_gone(self, table: str, row: Row) -> bool:
        if table == "task":
            return row["subject"] in self.subjects
        if table == "upload":
            return row["task"] in self.tasks
        if table == "due":
            named = _HASH.findall(" ".join([str(row["subject"]), str(row["arguments"])]))
            hidden = {one.hex() for one in self.gone} | self.subjects if named else set()
            return not hidden.isdisjoint(named)
        return row.get("person") in self.gone


def _settled(storage: Storage, filling: _Filling, given: Given) -> Restored:
    """Let nothing go on by itself that may have gone on since the backup was made."""
    # What was started after it had numbers that the backup knows nothing of.
    storage.run("renumber_due", more=int(given.clock.now().timestamp()))
    at = datetime.fromisoformat(filling.file.head.at)
    vendors = [str(vendor) for (vendor,) in storage.run("sent_vendors")]
    why = said(
        "restored from the backup of {at}: what was sent since is not known", at=at.isoformat()
    )
    for one in vendors:
        Pauses(storage, given.clock).pause(one, BY, why)
    return Restored(
        filling.file.head.id,
        at,
        {name: count for name, count in filling.rows.items() if count},
        {name: count for name, count in filling.left_out.items() if count},
        len(filling.gone),
        vendors,
        not filling.ways_in and bool(filling.rows["account"]),
    )


def _record(storage: Storage, done: Restored, given: Given, lost: reading.Head | None) -> None:
    """Say in the journal that it was taken back, and how far the one that is lost had come."""
    Journal(storage, given.clock, given.keys).append(
        f"restore:{done.backup}:{int(given.clock.now().timestamp())}",
        "storage.restored",
        by=given.by,
        facts={
            "backup": done.backup,
            "made_at": done.at.isoformat(),
            "rows": sum(done.rows.values()),
            "left_out": dict(done.left_out),
            "replaced_entries": lost.size if lost else 0,
            "replaced_head": lost.head.hex() if lost else "",
        },
    )
