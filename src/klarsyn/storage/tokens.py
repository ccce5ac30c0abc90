"""
Secrets that a vendor gives at run time, such as OAuth refresh tokens: encrypted where they lie.

What is encrypted is bound to its name and version, so a row copied to another place is refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

from klarsyn.personal import Secret
from klarsyn.storage.port import Storage
from klarsyn.storage.sealing import Sealed, Sealing

Version = NewType("Version", str)


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret as it was read. The version tells whether somebody replaced it since."""

    secret: Secret
    version: Version
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A row, still encrypted."""

    name: str
    version: Version
    key_id: str
    sealed: bytes
    expires_at: float | None


class Vault:
    """Encrypted secrets in a storage, each under a name such as `hubspot:refresh`."""

    def __init__(self, storage: Storage, keys: Mapping[str, bytes]) -> None:
        """Hold keys of 32 bytes by their ids, oldest first: the last one encrypts."""
        self._storage = storage
        self._sealing = Sealing(keys)

    def put(self, name: str, secret: Secret, expires_at: datetime | None = None) -> Version:
        """Store a secret whatever stood there, and return its version."""
        return self._write("put_secret", name, secret, expires_at) or Version("")

    def get(self, name: str) -> StoredSecret | None:
        """Return a secret, expired or not; SecretUnreadable where it cannot be decrypted."""
        rows = self._storage.read(_Sealed, "secret", name=name)
        if not rows:
            return None
        (row,) = rows
        expires_at = None if row.expires_at is None else datetime.fromtimestamp(row.expires_at, UTC)
        return StoredSecret(Secret(self._opened(row)), row.version, expires_at)

    def replace(
        self,
        name: str,
        old_version: Version,
        secret: Secret,
        expires_at: datetime | None = None,
    ) -> Version | None:
        """
        Store a newer secret where the old one still stands; None where it does not.

        Who is told None reads again: another process was given a token after ours. A vendor that
        takes each refresh token once wants a lease around the refresh as well.
        """
        return self._write("replace_secret", name, secret, expires_at, old_version=old_version)

    def rotate(self) -> int:
        """
        Encrypt again, under the newest key, all that lies under older ones; return how many.

        Versions stay, so that who refreshes at this moment can still replace.
        """
        rows = self._storage.read(_Sealed, "secrets_under_other_keys", key_id=self._sealing.newest)
        return sum(
            len(
                self._storage.run(
                    "reseal_secret",
                    name=row.name,
                    version=row.version,
                    old_key_id=row.key_id,
                    key_id=self._sealing.newest,
                    sealed=self._sealed(row.name, row.version, self._opened(row)),
                )
            )
            for row in rows
        )

    def remove(self, name: str) -> bool:
        """Erase a secret; False where there was none."""
        return bool(self._storage.run("remove_secret", name=name))

    def remove_expired(self, now: datetime) -> int:
        """Erase those whose time is over; return how many."""
        return len(self._storage.run("remove_expired_secrets", now=now.timestamp()))

    def _write(
        self,
        query: str,
        name: str,
        secret: Secret,
        expires_at: datetime | None,
        **condition: str,
    ) -> Version | None:
        # Random, not counted: a name that was removed and stored again must not have old versions.
        version = Version(secrets.token_hex(16))
        stored = self._storage.run(
            query,
            name=name,
            version=version,
            key_id=self._sealing.newest,
            sealed=self._sealed(name, version, secret.reveal()),
            expires_at=None if expires_at is None else expires_at.timestamp(),
            **condition,
        )
        return version if stored else None

    def _sealed(self, name: str, version: str, clear: str) -> bytes:
        return self._sealing.seal(clear.encode(), _bound(name, version)).sealed

    def _opened(self, row: _Sealed) -> str:
        sealed, bound_to = Sealed(row.key_id, row.sealed), _bound(row.name, row.version)
        return self._sealing.open(sealed, bound_to, row.name).decode()


def _bound(name: str, version: str) -> str:
    """Return what an encrypted secret is bound to; versions hold no blank, so it is unambiguous."""
    return f"klarsyn secret {version} {name}"
