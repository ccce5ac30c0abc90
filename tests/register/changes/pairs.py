"""
The hand-made pairs of versions: read, applied to the base register, and loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from klarsyn.register.loading import Memory, assemble

if TYPE_CHECKING:
    from klarsyn.register import Register

HERE = Path(__file__).parent
BASE = {
    path.relative_to(HERE / "base").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((HERE / "base").rglob("*.yaml"))
}
MEMORY = Memory()
"""Files are read once for all pairs, as for all versions of a history."""

NAMES = sorted(path.stem for path in HERE.glob("[0-9]*.yaml"))


@dataclass(frozen=True)
class Pair:
    """Two versions, the day of the newer one, and the change log that is expected."""

    announced: date
    old: Register
    new: Register
    expected: list[dict[str, Any]]


@cache
def pair(name: str) -> Pair:
    """Return a pair by its file's name."""
    written = YAML(typ="safe").load(HERE / f"{name}.yaml")
    return Pair(
        announced=written["announced"],
        old=_loaded(written.get("old", [])),
        new=_loaded(written.get("new", [])),
        expected=written["expected"],
    )


def _loaded(edits: list[dict[str, Any]]) -> Register:
    files = dict(BASE)
    for edit in edits:
        _edit(files, edit)
    contents = {name: text.encode() for name, text in files.items()}
    return assemble(contents, Path("register"), memory=MEMORY)


def _edit(files: dict[str, str], edit: dict[str, Any]) -> None:
    """Carry out one edit; a text to find must stand there exactly once."""
    file = edit["file"]
    if "write" in edit:
        files[file] = edit["write"]
    elif "remove" in edit:
        del files[file]
    elif "rename" in edit:
        files[edit["rename"]] = files.pop(file)
    else:
        assert 1 == files[file].count(edit["find"]), (file, edit["find"])
        files[file] = files[file].replace(edit["find"], edit["replace"])
