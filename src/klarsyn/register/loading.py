"""
From a folder of files to a register: read them all, then tell every mistake at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from klarsyn import yamlfiles
from klarsyn.errors import Problem, RegisterError, said
from klarsyn.register import consistency
from klarsyn.register.company import Company, Customers, Elements, Purposes, ScoreCard
from klarsyn.register.register import Accepted, Register
from klarsyn.register.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from klarsyn.yamlfiles import Loaded

T = TypeVar("T")

NEEDED: dict[str, type[Any]] = {
    "company.yaml": Company,
    "elements.yaml": Elements,
    "purposes.yaml": Purposes,
}
OPTIONAL: dict[str, type[Any]] = {"customers.yaml": Customers, "accepted.yaml": Accepted}
FOLDERS: dict[str, type[Any]] = {"vendors": Vendor, "scores": ScoreCard}


@dataclass(slots=True)
class Memory:
    """What was read, and found right, in versions before."""

    files: dict[tuple[str, bytes], Loaded[Any]] = field(default_factory=dict)
    """By name and contents."""
    sound: consistency.Sound = field(default_factory=set)


@dataclass(slots=True)
class _Files:
    """The files read so far, by name below the register's folder."""

    folder: Path
    cache: Path | None
    memory: Memory
    loaded: dict[str, Loaded[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self, name: str, content: bytes, into: type[Any]) -> None:
        """Read one file, keeping its value or its problems."""
        loaded = self.memory.files.get((name, content))
        if loaded is None:
            shown = f"{self.folder.name}/{name}"
            loaded = yamlfiles.parse(content, into, shown=shown, cache_folder=self.cache)
            self.memory.files[name, content] = loaded
        self.loaded[name] = loaded
        self.problems.extend(loaded.problems)

    def value(self, name: str) -> Any:
        """Return what a file holds, or None where it is absent or wrong."""
        loaded = self.loaded.get(name)
        return loaded.value if loaded else None

    def values(self, folder: str) -> dict[str, Any]:
        """Return the values of a folder's files by id."""
        return {
            name.removeprefix(f"{folder}/").removesuffix(".yaml"): loaded.value
            for name, loaded in self.loaded.items()
            if name.startswith(f"{folder}/") and loaded.value is not None
        }


def load(folder: Path, *, cache: Path | None = None) -> Register:
    """
    Read the register in `folder`.

    With a `cache` folder, files whose bytes were read before are not parsed again. Raises
    RegisterError with every mistake of every file.
    """
    if not folder.is_dir():
        what = said("the register's folder is not there")
        remedy = said("run `klarsyn init`, or set `register:` in klarsyn.yaml")
        raise RegisterError([Problem(folder.name, 1, what, remedy)])
    contents: dict[str, bytes] = {}
    unreadable: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() not in {".yaml", ".yml"} or path.is_dir():
            continue
        try:
            contents[name] = path.read_bytes()
        except OSError as failure:
            what = said("the file cannot be read ({reason})", reason=failure.strerror or "?")
            remedy = said("check its rights")
            unreadable.append(Problem(f"{folder.name}/{name}", 1, what, remedy))
    return assemble(contents, folder, cache=cache, unreadable=unreadable)


def assemble(
    contents: Mapping[str, bytes],
    folder: Path,
    *,
    cache: Path | None = None,
    memory: Memory | None = None,
    unreadable: Sequence[Problem] = (),
) -> Register:
    """
    Make a register of the contents of its files, by name below the folder; see `load`.

    The files need not lie on disk: a version of long ago comes from git's history. With a
    `memory`, a file with the same contents is read once, and is one object in all versions.
    `unreadable` are problems that were met on the way here, told together with the others.
    """
    memory = memory or Memory()
    files = _Files(folder, cache, memory)
    for name in sorted(contents):
        if kind := _kind(name):
            files.read(name, contents[name], kind)
    lost = {one.file.partition("/")[2] for one in unreadable}
    files.problems.extend([*unreadable, *_missing({*contents, *lost}, folder)])
    files.problems.extend(_strays(contents, folder))
    if files.problems:
        raise RegisterError(files.problems)
    register = _register(files)
    if problems := list(consistency.problems(register, memory.sound)):
        raise RegisterError(problems)
    return register


def _kind(name: str) -> type[Any] | None:
    if kind := (NEEDED | OPTIONAL).get(name):
        return kind
    parent, _, file = name.rpartition("/")
    return FOLDERS.get(parent) if file.endswith(".yaml") else None


def _missing(contents: Collection[str], folder: Path) -> list[Problem]:
    problems = [
        Problem(
            f"{folder.name}/{name}",
            1,
            said("the file is not there"),
            said("write it, or begin with `klarsyn init`"),
        )
        for name in NEEDED
        if name not in contents
    ]
    if not any(name.startswith("vendors/") for name in contents):
        what = said("there is no vendor")
        remedy = said("add a file such as {file}", file="vendors/mailchimp.yaml")
        problems.append(Problem(f"{folder.name}/vendors", 1, what, remedy))
    return problems


def _strays(contents: Mapping[str, bytes], folder: Path) -> list[Problem]:
    """Name each file that looks like a part of the register and would never be read."""
    problems = []
    for name in contents:
        stem = name.removesuffix(".yaml").rpartition("/")[2]
        shown = f"{folder.name}/{name}"
        if _kind(name) is None:
            remedy = said("rename it, or move it out of the register")
            problems.append(Problem(shown, 1, said("this file is never read"), remedy))
        elif not re.fullmatch(r"[a-z0-9]+([._-][a-z0-9]+)*", stem):
            remedy = said("use small letters, digits, and . _ - between them")
            problems.append(Problem(shown, 1, said("the file's name is no id"), remedy))
    return problems


def _register(files: _Files) -> Register:
    purposes, elements = files.value("purposes.yaml"), files.value("elements.yaml")
    customers, accepted = files.value("customers.yaml"), files.value("accepted.yaml")
    vendors = files.values("vendors")
    by_name = sorted(vendors, key=lambda one: (vendors[one].name.casefold(), one))
    return Register(
        folder=files.folder,
        company=files.value("company.yaml"),
        purposes=purposes.purposes,
        data_subjects=purposes.data_subjects,
        elements=elements.elements,
        vendors={one: vendors[one] for one in by_name},
        scores=files.values("scores"),
        customers=customers.customers if customers else {},
        accepted=tuple(accepted.accepted) if accepted else (),
        sources={
            name: getattr(loaded.value, "sources", {}) for name, loaded in files.loaded.items()
        },
        lines={name: loaded.lines for name, loaded in files.loaded.items()},
    )
