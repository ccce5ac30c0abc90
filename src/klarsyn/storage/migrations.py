"""
The schema's own history: numbered files of SQL, applied once each and never taken back.

Each runs in one transaction under a lock that all processes share, so any number of them may
start at once. They are written as SQLite reads them, `without rowid` where rows lie by their key.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from klarsyn.clock import Clock
from klarsyn.errors import MigrationChanged, StorageNewer, said
from klarsyn.storage.port import Storage
from klarsyn.storage.queries import Query

FOLDER: Final = Path(__file__).parent / "migrations"
_FILE = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")
_TABLE = Query(
    "create_migration_table",
    """create table if not exists migration (
        version bigint not null primary key,
        name text not null,
        sha256 text not null,
        applied_at double precision not null
    )""",
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    version: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """What tells this text from any other."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def statements(self) -> Iterator[Query]:
        """Give its statements, in order."""
        waiting = ""
        for line in re.sub(r"--.*", "", self.text).splitlines():
            waiting += f"{line}\n"
            if waiting.strip() and sqlite3.complete_statement(waiting):
                yield Query(f"migration {self.version:04}", waiting.strip())
                waiting = ""
        if waiting.strip():
            raise ValueError(f"migration {self.version:04} ends in the middle of a statement")


@cache
def read(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Return the migrations of a folder, oldest first; they count from 1 without a gap."""
    found = []
    for number, file in enumerate(sorted(folder.glob("*.sql")), 1):
        named = _FILE.fullmatch(file.name)
        if not named or int(named["version"]) != number:
            raise ValueError(f"{file.name} should be called {number:04}_NAME.sql")
        found.append(Migration(number, named["name"], file.read_text(encoding="utf-8")))
    return tuple(found)


def migrate(storage: Storage, migrations: Sequence[Migration], clock: Clock) -> list[Migration]:
    """
    Apply what this database has not had yet, and return it.

    Raises StorageNewer or MigrationChanged, and then nothing was touched.
    """
    return [one for one in pending(storage, migrations) if _apply(storage, one, clock)]


def pending(storage: Storage, migrations: Sequence[Migration]) -> list[Migration]:
    """Return what this database has not had yet; StorageNewer or MigrationChanged."""
    applied = _applied(storage)
    _refuse_strange(storage, applied, migrations)
    return [one for one in migrations if one.version not in applied]


def _apply(storage: Storage, migration: Migration, clock: Clock) -> bool:
    """Apply one; False where another process has done it meanwhile."""
    with storage.transaction():
        if lock := storage.database.lock_migrations:
            storage.run(lock)
        storage.run(_TABLE)
        if migration.version in _applied(storage):
            return False
        for statement in migration.statements():
            storage.run(storage.database.understood(statement))
        storage.run(
            "add_migration",
            version=migration.version,
            name=migration.name,
            sha256=migration.sha256,
            applied_at=clock.now().timestamp(),
        )
    return True


def _applied(storage: Storage) -> dict[int, str]:
    if not storage.run(storage.database.has_migrations):
        return {}
    return dict(storage.read(_version_and_hash, "applied_migrations"))


def _version_and_hash(version: int, sha256: str) -> tuple[int, str]:
    return version, sha256


def _refuse_strange(
    storage: Storage, applied: Mapping[int, str], migrations: Sequence[Migration]
) -> None:
    newest = max(applied, default=0)
    if newest > len(migrations):
        what = said(
            "{database} has migration {newest}; this Klarsyn knows {known}.",
            database=storage.database.shown,
            newest=newest,
            known=len(migrations),
        )
        raise StorageNewer(what, said("Use the newer Klarsyn, or restore an older backup."))
    for one in migrations[:newest]:
        if applied.get(one.version) != one.sha256:
            what = said(
                "Migration {version} of {database} is not the one that this Klarsyn carries.",
                version=one.version,
                database=storage.database.shown,
            )
            raise MigrationChanged(what, said("Use the Klarsyn that made this database."))
