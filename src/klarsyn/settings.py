"""
klarsyn.yaml: this installation. What a company declares stands in its register, never here.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from msgspec import Struct

from klarsyn import yamlfiles
from klarsyn.errors import Problem, SettingsError, said

FILE = "klarsyn.yaml"


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


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, with every path made whole."""

    folder: Path
    register: Path
    cache: Path
    database: str
    """An address with a whole path."""


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
