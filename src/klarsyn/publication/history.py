"""
When a register last changed in substance: read from git, never from a commit's words.
"""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from klarsyn.errors import RegisterError
from klarsyn.register import loading
from klarsyn.register.substance import substance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from klarsyn.register.register import Register


def last_change(register: Register, on: date, *, cache: Path | None = None) -> date:
    """
    Return the day on which the register got the substance that it has now.

    It is the day of the oldest commit in an unbroken run, back from the newest, whose substance
    is today's. Without git, or with changes that are not committed yet, it is `on`.
    """
    now = substance(register)
    zone = ZoneInfo(register.company.timezone)
    found = on
    for instant, contents in _versions(register.folder):
        day = instant.astimezone(zone).date()
        if day > on:
            continue
        try:
            then = loading.assemble(contents, register.folder, cache=cache)
        except RegisterError:
            break
        if substance(then) != now:
            break
        found = day
    return found


def _versions(folder: Path) -> Iterator[tuple[datetime, Mapping[str, bytes]]]:
    """Yield the committed versions of the files in a folder, newest first."""
    log = _git(folder, "log", "--format=%H %ct", "--", ".")
    for line in log.decode().splitlines():
        commit, seconds = line.split()
        yield datetime.fromtimestamp(int(seconds), UTC), _Tree(folder, commit)


class _Tree(dict[str, bytes]):
    """The register's files at a commit."""

    def __init__(self, folder: Path, commit: str) -> None:
        listing = _git(folder, "ls-tree", "-r", "-z", commit, "--", ".").split(b"\0")
        names: dict[str, str] = {}
        for row in listing:
            about, _, name = row.decode(errors="replace").partition("\t")
            if name.endswith((".yaml", ".yml")):
                names[name] = about.split()[2]
        blobs = _blobs(folder, list(names.values()))
        super().__init__(zip(names, blobs, strict=True))


def _blobs(folder: Path, ids: list[str]) -> list[bytes]:
    """Return the contents of objects, in one call to git."""
    asked = "".join(f"{one}\n" for one in ids).encode()
    answer = _git(folder, "cat-file", "--batch", given=asked)
    contents, at = [], 0
    for _ in ids:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        contents.append(answer[end + 1 : end + 1 + size])
        at = end + size + 2
    return contents


def _git(folder: Path, *words: str, given: bytes = b"") -> bytes:
    """Return what git prints, and nothing where there is no git or no repository."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
