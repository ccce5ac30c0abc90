"""
Put a finished site in its place at one stroke: either all of it is new, or all of it is old.

The new site is written beside the old one and then exchanged with it. A folder that Klarsyn did
not write is never replaced.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from klarsyn.errors import OutputRefused, said

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKER = ".klarsyn-site"
"""A file of this name says that the folder is ours to replace."""

_MARK = "Written by klarsyn; the next `klarsyn publish` replaces this folder and these files:\n"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def write(files: Mapping[str, bytes], out: Path, carried: Mapping[str, Path] | None = None) -> None:
    """
    Make `out` hold exactly `files` and, as they are, the `carried` ones, by path inside it.

    A file whose content stays the same is not written again: it keeps its time and its place on
    the disk, so that whoever copies the site further sees what changed.

    Raises OutputRefused where `out` is a file, or a folder with anything that is not ours.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100  (a link to the site's folder stays a link)
    target = out.resolve() if out.is_symlink() else out
    _refuse_foreign(target)
    try:
        _replace(files, target, carried or {})
    except OSError as failure:
        reason = failure.strerror or "?"
        raise OutputRefused(
            said("{folder} cannot be written ({reason}).", folder=str(out), reason=reason),
            said("Name a folder that you may write, on a disk with room."),
        ) from None


def _replace(files: Mapping[str, bytes], target: Path, carried: Mapping[str, Path]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _fill(fresh, files, target, carried)
        _exchange(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    """Refuse a folder with anything in it that a build of ours did not put there."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    marker = target / MARKER
    if not marker.is_file():
        raise OutputRefused(
            said("{folder} holds something that klarsyn did not write.", folder=str(target)),
            said("Name a new or an empty folder."),
        )
    ours = {MARKER, *marker.read_text(encoding="utf-8").splitlines()}
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target).as_posix()
        if name not in ours and (path.is_symlink() or not path.is_dir()):
            raise OutputRefused(
                said("{file} was not written by klarsyn and would be lost.", file=str(path)),
                said("Move it away, or name another folder."),
            )


def _fill(folder: Path, files: Mapping[str, bytes], old: Path, carried: Mapping[str, Path]) -> None:
    folder.chmod(0o755)
    listed = "\n".join(sorted({*files, *carried}))
    (folder / MARKER).write_text(f"{_MARK}{listed}\n", encoding="utf-8")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not (_holds(old / name, content) and _linked(old / name, path)):
            path.write_bytes(content)
    for name, source in carried.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _linked(source, path):
            shutil.copy2(source, path)


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a file is there with this content."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _linked(source: Path, path: Path) -> bool:
    """Give a file a second name, if the file system can; the old site's name goes away later."""
    try:
        if source.is_symlink():  # the link may lead elsewhere tomorrow
            return False
        path.hardlink_to(source)
    except OSError:
        return False
    return True


def _exchange(fresh: Path, target: Path) -> None:
    """Exchange two folders; afterwards `fresh` holds the old site."""
    if not target.exists():
        fresh.rename(target)
        return
    if _exchanged_by_kernel(fresh, target):
        return
    # No exchange in one step here (not Linux, or an old file system): for an instant, no site.
    aside = fresh.with_name(f"{fresh.name}-old")
    target.rename(aside)
    try:
        fresh.rename(target)
    except OSError:
        aside.rename(target)
        raise
    aside.rename(fresh)


def _exchanged_by_kernel(one: Path, other: Path) -> bool:
    """Exchange two names atomically by renameat2(2), where there is such a thing."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = os.fsencode(one), os.fsencode(other)
    return bool(renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
