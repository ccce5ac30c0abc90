"""
Files that people upload as evidence: read once, hashed, sealed, and erased when their time is over.

The journal keeps the SHA-256, so that a file kept elsewhere can still be shown to be the one.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from klarsyn.errors import EvidenceRefused, Message, UnknownName, said
from klarsyn.keys import Keys
from klarsyn.personal import Personal
from klarsyn.rules.periods import after
from klarsyn.storage import Sealed, Sealing, Storage

LARGEST: Final = 25 << 20
"""Bytes of one file: a signed letter or some pictures, not a film; it is sealed in one piece."""
MOST: Final = 20
"""Files of one task."""
_LONGEST_NAME: Final = 120
_ENDING: Final = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that was read, not yet kept."""

    name: Personal[str]
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """What stands for it in the journal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is kept: which task, which hash, how many bytes, until when."""

    id: str
    task: str
    sha256: str
    size: int
    uploaded_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class _SealedUpload(Upload):
    key_id: str
    sealed: bytes


class _Inside(msgspec.Struct, frozen=True):
    """What is sealed: a file's name may name a person, too."""

    name: str
    content: bytes


def read(file: Path) -> Evidence:
    """
    Read a file; EvidenceRefused where it is none, or empty, or too large.

    A link is refused, and so are pipes and devices: what is kept is what was named.
    """
    shown = _printable(file.name)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(file, flags)
    except (OSError, ValueError):
        raise _refused(shown, said("it cannot be opened, or is a link")) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _refused(shown, said("it is not a plain file"))
    with os.fdopen(descriptor, "rb") as stream:
        content = stream.read(LARGEST + 1)
    if not content:
        raise _refused(shown, said("it is empty"))
    if len(content) > LARGEST:
        raise _refused(shown, said("it has more than {most} bytes", most=LARGEST))
    return Evidence(Personal(shown), content)


def _refused(shown: str, what: Message) -> EvidenceRefused:
    return EvidenceRefused(said("{file}: {what}.", file=shown, what=what))


def _printable(name: str) -> str:
    """Return a name for people alone: nothing in it moves a cursor or walks through folders."""
    composed = unicodedata.normalize("NFC", name)
    shown = "".join(sign if sign.isprintable() and sign not in "/\\" else "_" for sign in composed)
    return shown[-_LONGEST_NAME:] or "_"


class Uploads:
    """The files that are kept, sealed."""

    def __init__(self, storage: Storage, keys: Keys, keep: str = "P2Y") -> None:
        """Keep files for a period from the day on which their task ends."""
        self._storage = storage
        self._sealing = Sealing(keys.all("seal"))
        self._keep = keep

    def until(self, instant: datetime) -> datetime:
        """Return when what ends at an instant is erased."""
        day = after(instant.date(), self._keep)
        return datetime.combine(day, instant.time(), UTC)

    def keep(self, task: str, evidence: Evidence, now: datetime) -> Upload:
        """Keep a file; runs within the transaction that ends the task."""
        upload_id = secrets.token_hex(8)
        inside = msgspec.msgpack.encode(_Inside(evidence.name.reveal(), evidence.content))
        sealed = self._sealing.seal(inside, _bound(upload_id, task))
        kept = Upload(
            upload_id,
            task,
            evidence.sha256,
            len(evidence.content),
            now.timestamp(),
            self.until(now).timestamp(),
        )
        self._storage.run(
            "keep_upload",
            id=kept.id,
            task=task,
            sha256=kept.sha256,
            size=kept.size,
            key_id=sealed.key_id,
            sealed=sealed.sealed,
            uploaded_at=kept.uploaded_at,
            expires_at=kept.expires_at,
        )
        return kept

    def of(self, task: str) -> list[Upload]:
        """Return what is kept of a task, without the files themselves."""
        return self._storage.read(Upload, "uploads", task=task)

    def open(self, upload_id: str) -> Evidence:
        """Return a file as it was uploaded; UnknownName where it was erased."""
        rows = self._storage.read(_SealedUpload, "upload", id=upload_id)
        if not rows:
            raise UnknownName(said("There is no file {id}.", id=repr(upload_id)))
        (row,) = rows
        sealed = Sealed(row.key_id, row.sealed)
        clear = self._sealing.open(sealed, _bound(row.id, row.task), f"upload {row.id}")
        inside = msgspec.msgpack.decode(clear, type=_Inside)
        return Evidence(Personal(inside.name), inside.content)

    def erase(self, upload_id: str) -> bool:
        """Erase a file before its time; False where it was gone."""
        return bool(self._storage.run("remove_upload", id=upload_id))


def written(evidence: Evidence, folder: Path, number: int) -> Path:
    """Write a file into a folder under a name of ours, with its own harmless ending."""
    ending = Path(evidence.name.reveal()).suffix.lower()
    safe = ending if _ENDING.fullmatch(ending) else ".bin"
    target = folder / f"evidence-{number}-{evidence.sha256[:12]}{safe}"
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(evidence.content)
    return target


def _bound(upload_id: str, task: str) -> str:
    return f"klarsyn upload {upload_id} {task}"
