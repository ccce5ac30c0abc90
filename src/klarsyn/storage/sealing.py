"""
Values at rest: AES-256-GCM under a key that is not in the database.

What is sealed is bound to a name (which table, which row, which version), so that bytes copied
to another place are refused. An older copy of the whole row is not told from the newest.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from klarsyn.errors import SecretUnreadable, said

KEY_BYTES: Final = 32
#: NIST SP 800-38D, 8.2: 96 random bits serve 2**32 encryptions under one key.
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """What lies in the database: under which key, and nonce with ciphertext."""

    key_id: str
    sealed: bytes


class Sealing:
    """Keys of 32 bytes by their ids, oldest first: the last one encrypts."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Hold the keys; ValueError where one is not as long as it has to be."""
        wrong = [key_id for key_id, key in keys.items() if len(key) != KEY_BYTES]
        if wrong or not keys:
            raise ValueError(f"keys are {KEY_BYTES} bytes each, at least one; wrong: {wrong}")
        self._keys = dict(keys)
        self.newest = list(keys)[-1]

    def knows(self, key_id: str) -> bool:
        """Tell whether a key is given."""
        return key_id in self._keys

    def seal(self, clear: bytes, bound_to: str) -> Sealed:
        """Encrypt under the newest key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        key = AESGCM(self._keys[self.newest])
        return Sealed(self.newest, nonce + key.encrypt(nonce, clear, bound_to.encode()))

    def open(self, sealed: Sealed, bound_to: str, name: str) -> bytes:
        """Decrypt; SecretUnreadable, which calls it `name`, where key or place is another."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if sealed.key_id not in self._keys:
            raise SecretUnreadable(
                said(
                    "The secret {name} is encrypted under the key {key}, which is not given.",
                    name=name,
                    key=sealed.key_id,
                ),
                said("Give that key too, or connect the vendor anew."),
            )
        nonce, ciphertext = sealed.sealed[:_NONCE_BYTES], sealed.sealed[_NONCE_BYTES:]
        try:
            key = AESGCM(self._keys[sealed.key_id])
            return key.decrypt(nonce, ciphertext, bound_to.encode())
        except (InvalidTag, ValueError, TypeError):  # the last two: no longer even bytes enough
            raise SecretUnreadable(
                said(
                    "The secret {name} was altered, or the key {key} is not the one that it had.",
                    name=name,
                    key=sealed.key_id,
                ),
                said("Connect the vendor anew."),
            ) from None
