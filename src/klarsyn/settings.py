"""
klarsyn.yaml: this installation. What a company declares stands in its register, never here.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from klarsyn import yamlfiles
from klarsyn.errors import Message, Problem, SettingsError, said
from klarsyn.language import mark
from klarsyn.sourcesettings import SourceSettings

FILE = "klarsyn.yaml"


Every = Annotated[
    str,
    Meta(
        pattern=r"\A(P[1-9][0-9]{0,2}D|PT[1-9][0-9]{0,2}H|PT[1-9][0-9]{0,3}M)\Z",
        extra={"description": mark("a duration such as P1D, PT2H or PT30M")},
    ),
]
"""How often something recurs."""
Daily = Annotated[
    str,
    Meta(
        pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z",
        extra={"description": mark("a time of day such as 03:00")},
    ),
]
"""A time of day where the company is."""


class Schedule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When something recurs: either of the two."""

    every: Every | None = None
    """How often, such as PT1H: on the hour (UTC), and P1D at midnight."""
    daily: Daily | None = None
    """At a time of day where the company is, such as 03:00."""

    @staticmethod
    def mistake(found: Mapping[str, object]) -> tuple[Message, Message] | None:
        """Return what is wrong where neither or both are given."""
        if len(found) == 1:
            return None
        return said("this does not say when"), said("write either `every` or `daily`")

    @property
    def period(self) -> timedelta | None:
        """How often it recurs, where that is what it says."""
        if self.every is None:
            return None
        number, unit = int(re.sub(r"\D", "", self.every)), self.every[-1]
        return timedelta(**{{"D": "days", "H": "hours", "M": "minutes"}[unit]: number})

    @property
    def time_of_day(self) -> time:
        """The time of day, where that is what it says; midnight else."""
        return time.fromisoformat(self.daily or "00:00")


Period = Annotated[
    str,
    Meta(
        pattern=r"\AP[1-9][0-9]{0,2}[DMY]\Z",
        extra={"description": mark("a period such as P90D, P18M or P2Y")},
    ),
]
"""How long something is kept."""


class OwnRetention(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long Klarsyn keeps what is its own, where a company may choose."""

    steps: Period = "P30D"
    """Recorded steps of work that has ended."""
    past_recipients: Period = "P3Y"
    """That a vendor once had a person's data, after the last one has removed them."""
    refused: Period = "P1Y"
    """That a vendor refused a person's row to the end; its values are kept for 30 days."""
    lifted: Period = "P1Y"
    """Tombstones and opt-outs after they were lifted. Backups should not be older than this."""


Count = Annotated[int, Meta(ge=0, extra={"description": mark("a whole number, 0 or more")})]
Percent = Annotated[
    int, Meta(ge=0, le=100, extra={"description": mark("a whole number from 0 to 100")})
]


class Ceilings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which size on a delivery to one vendor waits for an approval."""

    removals: Count = 25
    """How many people may be removed without one."""
    percent: Percent = 25
    """Which part of the people whom the vendor holds may be changed without one."""
    few: Count = 50
    """How many changed people are never too many, whatever part of all they are."""


class SettingsFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What klarsyn.yaml may hold."""

    format: Literal[1]
    register: str = "register"
    """The folder of the register, beside this file."""
    database: str = "sqlite:///klarsyn.sqlite"
    """
    Where Klarsyn keeps what is its own: `sqlite:///FILE` beside this file, or
    `postgresql://USER@HOST/DATABASE`. A password stands in PGPASSWORD or a .pgpass file.
    """
    source: SourceSettings | None = None
    """Where the company's own people stand; needed for deliveries."""
    four_eyes: bool = True
    """
    Whether somebody else has to approve what a person asked for. A company of one may say no; then
    every approval shows it.
    """
    ceilings: Ceilings = Ceilings()
    """How many people a delivery may remove or change before somebody has to approve it."""
    schedules: dict[str, Schedule] = {}
    """What recurs, by name; `klarsyn work` sees to it."""
    keep_evidence: Period = "P2Y"
    """How long files that were uploaded to a task are kept after it ended, such as P2Y or P18M."""
    retention: OwnRetention = OwnRetention()
    """How long Klarsyn keeps what is its own; `klarsyn storage retention` prints all periods."""
    tombstones: str | None = None
    """
    A file beside this one, or better on another disk, to which each backup and each night add who
    was erased. No backup brings them back, even where the database is lost.
    """


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, with every path made whole."""

    folder: Path
    register: Path
    cache: Path
    database: str
    """An address with a whole path."""
    source: SourceSettings | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    """Of klarsyn.yaml, by path: `source/columns/person.email`."""
    four_eyes: bool = True
    keep_evidence: str = "P2Y"
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    ceilings: Ceilings = field(default_factory=Ceilings)
    retention: OwnRetention = field(default_factory=OwnRetention)
    tombstones: Path | None = None


def load(folder: Path) -> Settings:
    """
    Read klarsyn.yaml in `folder`.

    Raises SettingsError with every mistake, or with how to begin where there is no such file.
    """
    file = folder / FILE
    if not file.is_file():
        what = said("there is no {file} in {folder}", file=FILE, folder=str(folder))
        remedy = said("run `klarsyn init` there, or name another folder with -C")
        raise SettingsError([Problem(str(file), 1, what, remedy)])
    loaded = yamlfiles.load(file, SettingsFile, shown=FILE)
    if loaded.value is None:
        raise SettingsError(loaded.problems)
    return Settings(
        folder,
        folder / loaded.value.register,
        _cache_folder(os.environ),
        _whole(loaded.value.database, folder),
        source=loaded.value.source,
        lines=loaded.lines,
        four_eyes=loaded.value.four_eyes,
        keep_evidence=loaded.value.keep_evidence,
        schedules=loaded.value.schedules,
        ceilings=loaded.value.ceilings,
        retention=loaded.value.retention,
        tombstones=folder / loaded.value.tombstones if loaded.value.tombstones else None,
    )


def _whole(database: str, folder: Path) -> str:
    """Return the address of a database whose file lies beside klarsyn.yaml."""
    kind, _, path = database.partition(":///")
    if kind != "sqlite" or path.startswith("/"):
        return database
    return f"sqlite:///{(folder / path).absolute()}"


def _cache_folder(environ: os._Environ[str] | dict[str, str]) -> Path:
    """Return where files that were read are kept (XDG Base Directory Specification)."""
    base = environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "klarsyn"
