"""
Klarsyn's own keys: one secret an id, from the environment, and what is derived from it.

KLARSYN_KEYS, or the file that KLARSYN_KEYS_FILE names, holds `ID:SECRET` parts, oldest first; the
last is in use, older ones still verify and decrypt. They never stand in klarsyn.yaml or in the
database. For each use another key is derived (HKDF-SHA256, RFC 5869), so none serves two ends.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from klarsyn.errors import KeysMissing, said
from klarsyn.personal import Secret

VARIABLE: Final = "KLARSYN_KEYS"
BYTES: Final = 32
_PART = re.compile(r"(?P<id>[a-z0-9][a-z0-9-]{0,31}):(?P<secret>[A-Za-z0-9_-]{43}=?)")

Use = Literal["hash", "seal", "steps", "sign"]
"""Hashes of people's data, values at rest, the inputs of durable steps, checkpoints."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets of 32 bytes by their ids, oldest first."""

    secrets: Mapping[str, Secret]

    @property
    def newest(self) -> str:
        """The id of the key in use."""
        return list(self.secrets)[-1]

    def derived(self, use: Use, key_id: str | None = None) -> bytes:
        """Return the 32 bytes for a use, of the key in use or of an older one; KeyError else."""
        return _derived(self.secrets[key_id or self.newest], use)

    def all(self, use: Use) -> dict[str, bytes]:
        """Return the bytes for a use by key id, oldest first."""
        return {one: self.derived(use, one) for one in self.secrets}


@cache
def _derived(secret: Secret, use: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    expand = HKDF(SHA256(), BYTES, salt=None, info=f"klarsyn {use} 1".encode())
    return expand.derive(_decoded(secret.reveal()))


def made(key_id: str) -> str:
    """Return a new key as it is written down: `ID:SECRET`."""
    return f"{key_id}:{base64.urlsafe_b64encode(secrets.token_bytes(BYTES)).decode().rstrip('=')}"


def load(environ: Mapping[str, str]) -> Keys:
    """Return the keys that the environment gives; KeysMissing with how to make one, else."""
    text, origin = environ.get(VARIABLE, ""), VARIABLE
    if not text and (file := environ.get(f"{VARIABLE}_FILE", "").strip()):
        text, origin = _read(Path(file)), file
    if not text.strip():
        raise KeysMissing(
            said("There are no keys: {variable} is not set.", variable=VARIABLE),
            said("Make one with `klarsyn keys new`, and keep a copy where backups are not."),
        )
    lines = [re.sub(r"^\s*#.*", "", line) for line in text.splitlines()]
    found: dict[str, Secret] = {}
    for part in " ".join(lines).split():
        read = _PART.fullmatch(part)
        if read is None or read["id"] in found:
            # What it looks like is not told: it may be a key with a slip of the pen.
            raise KeysMissing(
                said("Part {number} of {origin} is no key.", number=len(found) + 1, origin=origin),
                said("Each part is ID:SECRET, as `klarsyn keys new` prints it, each id once."),
            )
        found[read["id"]] = Secret(read["secret"])
    return Keys(found)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise KeysMissing(
            said("{file} cannot be read.", file=str(file)),
            said("{variable}_FILE names the file that holds the keys.", variable=VARIABLE),
        ) from None


def _decoded(secret: str) -> bytes:
    return base64.urlsafe_b64decode(secret.rstrip("=") + "=")
