"""
Checkpoints: how many entries there are and what their root is, signed.

Whoever keeps one can tell later that nothing before it was changed or cut off. The first three
lines are those of https://c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from klarsyn.errors import EvidenceUnread, JournalDamaged, said
from klarsyn.journal.entries import instant
from klarsyn.journal.notes import PublicKey, Signer, opened, parts

ORIGIN: Final = "klarsyn-journal/"
_BODY: Final = re.compile(
    re.escape(ORIGIN)
    + r"(?P<journal>[0-9a-f]{64})\n"
    + r"(?P<size>0|[1-9][0-9]{0,18})\n"
    + r"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    + r"head (?P<head>[0-9a-f]{64})\n"
    + r"at (?P<at>[0-9T:.-]{26}Z)\n"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A state of the journal; `note` is the signed text itself, the rest is read from it."""

    journal: str
    size: int
    root: bytes
    """Of the tree over so many entries."""
    head: str
    """The hash of the last of them, in hexadecimal; the journal's id where there is none."""
    at: str
    """When it was signed, in UTC."""
    note: str

    @classmethod
    def read(cls, note: str) -> Checkpoint:
        """Return what a note says, its signature unverified; JournalDamaged where it says none."""
        return cls._of(parts(note)[0], note)

    @classmethod
    def verified(cls, note: str, trusted: Sequence[PublicKey]) -> tuple[Checkpoint, PublicKey]:
        """Return what a note says, and the key that signed it; JournalDamaged where none did."""
        body, key = opened(note, trusted)
        return cls._of(body, note), key

    @classmethod
    def _of(cls, body: str, note: str) -> Checkpoint:
        found = _BODY.fullmatch(body)
        if not found:
            raise JournalDamaged(
                said("A signed note is no checkpoint of a journal."),
                said("Take the text as `klarsyn evidence checkpoint` printed it, every line."),
            )
        root = base64.b64decode(found["root"])
        return cls(found["journal"], int(found["size"]), root, found["head"], found["at"], note)


@dataclass(frozen=True, slots=True)
class State:
    """What a checkpoint signs."""

    journal: str
    size: int
    root: bytes
    head: str


def signed(state: State, at: datetime, signer: Signer) -> Checkpoint:
    """Return a checkpoint of a state, signed with the key in use."""
    lines = (
        f"{ORIGIN}{state.journal}",
        f"{state.size}",
        base64.b64encode(state.root).decode(),
        f"head {state.head}",
        f"at {instant(at)}",
    )
    return Checkpoint.read(signer.sign("".join(f"{line}\n" for line in lines)))


def kept(text: str) -> Checkpoint:
    """
    Return a checkpoint that somebody kept elsewhere: the note, or a file of evidence.

    EvidenceUnread where it is neither.
    """
    note = text.replace("\r\n", "\n").strip() + "\n"
    try:
        if note.startswith("{"):
            note = msgspec.json.decode(note.partition("\n")[0], type=_Evidence).checkpoint
        return Checkpoint.read(note)
    except JournalDamaged as damage:
        raise EvidenceUnread(damage.message, damage.remedy) from None
    except msgspec.DecodeError:
        raise EvidenceUnread(
            said("This is neither a checkpoint nor evidence."),
            said("Take the text as `klarsyn evidence checkpoint` printed it, every line."),
        ) from None


class _Evidence(msgspec.Struct):
    """What a file of evidence rests on; the rest of its first line is left aside."""

    checkpoint: str
