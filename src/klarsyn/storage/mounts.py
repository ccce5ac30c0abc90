"""
Which file system a file lies on, as Linux tells it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

#: File systems of other machines. SQLite says why not: sqlite.org/useovernet.html
NETWORK_TYPES: Final = frozenset(
    {
        *("afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs"),
        *("nfs", "nfs3", "nfs4", "smb2", "smb3", "smbfs"),
        *("fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
    }
)
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a file system is attached, and of which type it is."""

    place: str
    type: str


def network_mount(path: Path, mounts: str) -> Mount | None:
    """
    Return the network mount that a whole path lies on; None where it is local or not known.

    `mounts` is the text of /proc/mounts (proc(5)); elsewhere than on Linux it is empty.
    """
    over = [mount for mount in _read(mounts) if path.is_relative_to(PurePosixPath(mount.place))]
    # Of two at one place, the later hides the earlier.
    nearest = max(enumerate(over), key=lambda at: (len(at[1].place), at[0]), default=None)
    if nearest and nearest[1].type in NETWORK_TYPES:
        return nearest[1]
    return None


def _read(mounts: str) -> list[Mount]:
    rows = [line.split() for line in mounts.splitlines()]
    return [Mount(_plain(row[1]), row[2]) for row in rows if len(row) > 2]  # noqa: PLR2004


def _plain(place: str) -> str:
    """Undo how a blank, a tab, a newline or a backslash is written there."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), place)
