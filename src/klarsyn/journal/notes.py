"""
Signed notes: a few lines of text and an ed25519 signature, as C2SP's signed-note has them.

A public key is one line, `NAME+ID+BASE64`, that can be printed in a contract. The form is that of
transparency logs, so their software reads it: https://c2sp.org/signed-note.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from klarsyn.errors import EvidenceUnread, JournalDamaged, Message, said
from klarsyn.keys import Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: What the signature type ed25519 is called in a key.
_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_KEY: Final = re.compile(
    r"(?P<name>[^\s+]{1,200})\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]{44})"
)
_SIGNED: Final = re.compile(
    r"(?P<body>(?:[^\n]+\n)+)\n— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key to verify with. Its name and its bytes make its id, so neither can be exchanged."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before a signature."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"

    @classmethod
    def read(cls, line: str) -> PublicKey:
        """Return the key that a line is; EvidenceUnread where it is none, or was altered."""
        found = _KEY.fullmatch(line.strip())
        if found:
            key = cls(found["name"], base64.b64decode(found["key"])[1:])
            if str(key) == line.strip():
                return key
        raise EvidenceUnread(
            said("{text} is no public key.", text=repr(line.strip()[:40])),
            said("It is one line, NAME+ID+BASE64, as `klarsyn evidence key` prints it."),
        )

    def signed(self, body: bytes, signature: bytes) -> bool:
        """Return whether it is this key's signature, id included."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature[_KEY_ID_BYTES:], body)
        except (InvalidSignature, ValueError):
            return False
        return signature.startswith(self.id)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs notes with the key in use, derived from Klarsyn's own."""

    keys: Keys

    @property
    def public(self) -> PublicKey:
        """The public half of the key in use."""
        return _public(self.keys, self.keys.newest)

    def sign(self, body: str) -> str:
        """Return a note: the body, which ends its lines, and the signature below it."""
        signature = self.public.id + _private(self.keys, self.keys.newest).sign(body.encode())
        return f"{body}\n— {self.public.name} {base64.b64encode(signature).decode()}\n"


def public_keys(keys: Keys) -> list[PublicKey]:
    """Return the public keys, oldest first; the last one belongs to what is signed today."""
    return [_public(keys, key_id) for key_id in keys.secrets]


def opened(note: str, trusted: Sequence[PublicKey]) -> tuple[str, PublicKey]:
    """Return the body of a note and the key that signed it; JournalDamaged where none did."""
    body, name, signature = parts(note)
    for key in trusted:
        if key.name == name and key.signed(body.encode(), signature):
            return body, key
    if any(key.name == name for key in trusted):
        raise _refused(said("the signature of {key} is wrong", key=name))
    raise _refused(said("it is signed by {key}, whose public key is not given", key=name))


def parts(note: str) -> tuple[str, str, bytes]:
    """Return body, name of the key and signature, unverified; JournalDamaged where it has none."""
    found = _SIGNED.fullmatch(note)
    if not found:
        raise _refused(said("it is not a text with a signature below"))
    signature = base64.b64decode(found["signature"])
    # The last letter holds two bits of nothing, which would let a byte be altered unseen.
    if base64.b64encode(signature).decode() != found["signature"]:
        raise _refused(said("the signature of {key} is wrong", key=found["name"]))
    return found["body"], found["name"], signature


def _refused(why: Message) -> JournalDamaged:
    return JournalDamaged(
        said("A signed note does not hold: {why}.", why=why),
        said("Ask whoever signed it for the note and for the public key, on another way."),
    )


def _private(keys: Keys, key_id: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(keys.derived("sign", key_id))


def _public(keys: Keys, key_id: str) -> PublicKey:
    key = _private(keys, key_id).public_key().public_bytes_raw()
    return PublicKey(f"klarsyn-journal/{key_id}", key)
