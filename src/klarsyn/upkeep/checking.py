"""
Whether Klarsyn's own database is sound: each thing that is looked at, what is wrong, what to do.
"""

from __future__ import annotations

import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal

from klarsyn.errors import KlarsynError, Message, said
from klarsyn.journal import public_keys, verify
from klarsyn.keys import Keys
from klarsyn.settings import OwnRetention
from klarsyn.storage import Storage
from klarsyn.storage import migrations as schema
from klarsyn.upkeep.retention import Ended, standing

About = Literal["files", "opens", "schema", "integrity", "journal", "keys", "orphans", "retention"]
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_REPAIR: Final = said(
    "Stop every worker, save who was erased (`klarsyn storage tombstones FILE`), and restore "
    "a backup."
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at."""

    about: About
    wrong: tuple[Message, ...] = ()
    """What is wrong; nothing where it is sound."""
    remedy: Message | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination goes by."""

    storage: Storage
    """Opened without being brought up to date."""
    keys: Keys
    now: datetime
    periods: OwnRetention
    ended: Ended


def files(found: Iterable[Path]) -> Checked:
    """Tell which of some files and folders, where they are there, others may open."""
    open_to_others = [
        str(one)
        for one in found
        if one.exists() and not one.is_symlink() and one.stat().st_mode & _OTHERS
    ]
    wrong = tuple(said("others may open {file}", file=one) for one in open_to_others)
    remedy = said("Take their rights: `chmod go= {files}`.", files=" ".join(open_to_others))
    return Checked("files", wrong, remedy if wrong else None)


def examined(about: Examined) -> Iterator[Checked]:
    """Yield everything that is looked at; nothing is changed. What cannot be read is wrong."""
    first = _tried("schema", partial(_schema, about.storage))
    yield first
    yield _tried("integrity", partial(_integrity, about.storage))
    if first.wrong:
        return  # the tables are not those that are asked for below
    yield _tried("journal", partial(_journal, about))
    yield _tried("keys", partial(_keys, about))
    yield _tried("orphans", partial(_orphans, about))
    yield _tried("retention", partial(_retention, about))


def _tried(about: About, look: Callable[[], Checked]) -> Checked:
    try:
        return look()
    except KlarsynError as error:
        return Checked(about, (error.message,), error.remedy or _REPAIR)


def _schema(storage: Storage) -> Checked:
    pending = schema.pending(storage, schema.read())
    wrong = tuple(
        said("migration {version} ({name}) was not applied", version=one.version, name=one.name)
        for one in pending
    )
    remedy = said("The next command that opens the database applies it, such as `klarsyn work`.")
    return Checked("schema", wrong, remedy if wrong else None)


def _integrity(storage: Storage) -> Checked:
    found = [str(word) for query in storage.database.integrity for (word,) in storage.run(query)]
    wrong = tuple(
        said("{database}: {what}", database=storage.database.shown, what=one) for one in found
    )
    return Checked("integrity", wrong, _REPAIR if wrong else None)


def _journal(about: Examined) -> Checked:
    verdict = verify(about.storage, public_keys(about.keys))
    if verdict.damage is None:
        return Checked("journal")
    return Checked("journal", (verdict.damage.message,), verdict.damage.remedy)


def _keys(about: Examined) -> Checked:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, key_id in about.storage.run("any_key"):
        if key_id not in about.keys.secrets:
            places[str(key_id)].append(str(place))
    wrong = tuple(
        said(
            "the key {key} is not given, and in {places} something lies under it",
            key=key_id,
            places=found,
        )
        for key_id, found in sorted(places.items())
    )
    remedy = said("Put it back into KLARSYN_KEYS, before those that are newer.")
    return Checked("keys", wrong, remedy if wrong else None)


def _orphans(about: Examined) -> Checked:
    counts = {str(place): count for place, count in about.storage.run("count_orphans")}
    wrong = tuple(
        said("{count} rows of {table} belong to nothing", count=count, table=place)
        for place, count in counts.items()
        if count
    )
    remedy = said("Erase them: `klarsyn storage retention --now`.")
    return Checked("orphans", wrong, remedy if wrong else None)


def _retention(about: Examined) -> Checked:
    found = standing(about.storage, about.now, about.periods, about.ended)
    wrong = tuple(
        said("overdue to be erased: {count} of {what}", count=one.overdue, what=one.kept.what)
        for one in found
        if one.overdue
    )
    remedy = said(
        "Let `klarsyn work` run, which erases each night what is due, or run "
        "`klarsyn storage retention --now`."
    )
    return Checked("retention", wrong, remedy if wrong else None)
