"""
The versions of a register that git keeps: their files, commit by commit, without a checkout.

Two calls of git read a history whole: `log --raw` says which contents came and went, and
`cat-file --batch` hands them over. On a branch that others were merged into, only the merges
count: a version is there on the day on which it reached the branch (R97).
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from klarsyn.errors import UnknownName, said
from klarsyn.register import loading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from klarsyn.register.register import Register

_LOG = (
    "log",
    "-z",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-show-signature",
    "--no-relative",
    "--first-parent",
    "--diff-merges=first-parent",
    "--format=%x01%H %ct",
)
_FILE_MODES = frozenset({"100644", "100755"})


@dataclass(frozen=True, slots=True)
class Version:
    """The register's files as a commit left them, by name below the register's folder."""

    commit: str
    instant: datetime
    """The committer's, in UTC."""
    contents: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Step:
    """What a commit did: the ids of the contents that came, by name; None for what went."""

    commit: str
    instant: datetime
    blobs: dict[str, str | None] = field(default_factory=dict)
    begins: bool = False
    """Whether the folder had another name before, or none: what stands here is all it had."""


def versions(folder: Path) -> list[Version]:
    """
    Return the committed versions of a register's folder, oldest first.

    A folder that was renamed is followed under its earlier names. Nothing where there is no git
    or no repository.
    """
    steps = _steps(folder)
    ids = sorted({one for step in steps for one in step.blobs.values() if one})
    blobs = dict(zip(ids, _blobs(folder, ids), strict=True))
    found: list[Version] = []
    held: dict[str, bytes] = {}
    for step in steps:
        if step.begins:
            held.clear()
        for name, blob in step.blobs.items():
            if blob is None:
                held.pop(name, None)
            else:
                held[name] = blobs[blob]
        found.append(Version(step.commit, step.instant, dict(held)))
    return [one for one in found if one.contents]


def is_shallow(folder: Path) -> bool:
    """Tell whether the repository lacks its older commits, as after `git clone --depth`."""
    return git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def at_revision(folder: Path, revision: str, *, cache: Path | None = None) -> Register:
    """
    Return the register as it stands in a commit, named as git names commits.

    Raises UnknownName where there is no such commit, RegisterError where its files do not load.
    """
    wanted = ("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = git(folder, "rev-parse", *wanted).decode().strip()
    prefix = _prefix(folder)
    within = ("--", prefix) if prefix else ()
    listing = git(folder, "ls-tree", "-r", "-z", "--full-tree", commit, *within) if commit else b""
    names: dict[str, str] = {}
    for row in os.fsdecode(listing).split("\0"):
        about, _, name = row.partition("\t")
        if _is_register_file(name) and about.split()[0] in _FILE_MODES:
            names[name.removeprefix(prefix)] = about.split()[2]
    if not names:
        raise UnknownName(
            said("'{name}' is neither a folder nor a version of this register.", name=revision),
            said("Name a commit, a tag or a branch, or the folder of another register."),
        )
    blobs = _blobs(folder, list(names.values()))
    return loading.assemble(dict(zip(names, blobs, strict=True)), folder, cache=cache)


def _prefix(folder: Path) -> str:
    """Return the folder's path inside its repository with a closing slash; empty at the top."""
    return os.fsdecode(git(folder, "rev-parse", "--show-prefix")).removesuffix("\n")


def _is_register_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _steps(folder: Path) -> list[_Step]:
    """Return what the commits did to the folder, oldest first, under all its names."""
    top = _prefix(folder)
    revision, names, found = "HEAD", {top}, list[_Step]()
    while True:
        # From the top, so that a name that is no longer there can be asked for.
        log = git(folder, *_LOG, revision, "--", f":(top,literal){top}")
        steps = list(_read(os.fsdecode(log), top))
        if steps:
            steps[-1] = replace(steps[-1], begins=True)
        found.extend(steps)
        earlier = _name_before(folder, steps[-1].commit, top) if steps else None
        if earlier is None or earlier in names:
            return found[::-1]
        revision, top = f"{steps[-1].commit}^", earlier
        names.add(top)


def _read(log: str, top: str) -> Iterator[_Step]:
    step: _Step | None = None
    tokens = iter(log.split("\0"))
    for token in tokens:
        word = token.strip("\n")
        if word.startswith("\x01"):
            if step:
                yield step
            commit, seconds = word[1:].split()
            step = _Step(commit, datetime.fromtimestamp(int(seconds), UTC))
        elif word.startswith(":") and step:
            _, mode, _, blob, _ = word.split(" ")
            name = next(tokens)
            if name.startswith(top) and _is_register_file(name):
                step.blobs[name.removeprefix(top)] = blob if mode in _FILE_MODES else None
    if step:
        yield step


def _name_before(folder: Path, commit: str, top: str) -> str | None:
    """Return what the folder was called before a commit, or None where it is as old as that."""
    words = ("-r", "-M", "-z", "--name-status", "--no-relative", f"{commit}^", commit)
    moved = git(folder, "diff-tree", *words)
    fields = iter(os.fsdecode(moved).split("\0"))
    for status in fields:
        names = [next(fields, "") for _ in range(2 if status.startswith(("R", "C")) else 1)]
        if status.startswith("R") and names[1] == f"{top}company.yaml":
            before = PurePosixPath(names[0])
            parent = before.parent.as_posix()
            return (
                ("" if parent == "." else f"{parent}/") if before.name == "company.yaml" else None
            )
    return None


def _blobs(folder: Path, ids: Sequence[str]) -> list[bytes]:
    """
    Return the contents of objects, in one call to git.

    What a damaged or partial repository lacks is empty: no file of a register loads from that.
    """
    asked = "".join(f"{one}\n" for one in ids).encode()
    answer = git(folder, "cat-file", "--batch", given=asked)
    contents, at = [], 0
    for _ in ids:
        end = answer.find(b"\n", at)
        about = answer[at : max(end, at)].split()
        size = int(about[2]) if len(about) > len(("id", "missing")) else None
        contents.append(b"" if size is None else answer[end + 1 : end + 1 + size])
        at = end + 1 if size is None else end + size + 2
    return contents


def git(folder: Path, *words: str, given: bytes = b"") -> bytes:
    """Return what git prints, and nothing where there is no git or no repository."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], input=given, capture_output=True, check=False
        )
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
