"""
Accounts as they lie in the database: sealed, found by a keyed hash of the name.

What somebody may do is sealed with the name, so that whoever can write to the database alone
makes nobody an approver.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec

from klarsyn.keys import Keys
from klarsyn.personal import Personal
from klarsyn.storage import Sealed, Sealing, Storage

Role = Literal["viewer", "editor", "approver", "administrator"]
Right = Literal["read", "work", "approve", "administer"]
MAY: Final[dict[Right, frozenset[Role]]] = {
    "read": frozenset({"viewer", "editor", "approver", "administrator"}),
    "work": frozenset({"editor", "approver", "administrator"}),
    "approve": frozenset({"approver", "administrator"}),
    "administer": frozenset({"administrator"}),
}
"""Which roles have which right; to work is to ask, and to do tasks."""
#: An account that nobody has used for this long is erased.
UNUSED: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who works here. The journal knows the pseudonym alone."""

    pseudonym: str
    name: Personal[str]
    role: Role
    added_at: datetime
    expires_at: datetime
    """When the account is erased, unless it is used before."""

    def may(self, right: Right) -> bool:
        """Tell whether the role has a right."""
        return self.role in MAY[right]


class Inside(msgspec.Struct, frozen=True):
    """What is sealed of an account."""

    name: str
    role: Role
    hash: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it was read, opened."""

    user: User
    hash: str
    """Of the passphrase."""
    sealed: Sealed
    """As it lay there, so that a newer one is not written over."""


@dataclass(frozen=True, slots=True)
class _Row:
    pseudonym: str
    key_id: str
    sealed: bytes
    added_at: float
    expires_at: float


class Accounts:
    """The table of accounts, under the keys of this installation."""

    def __init__(self, storage: Storage, keys: Keys) -> None:
        """Open with any of the keys, seal with the newest."""
        self._storage = storage
        self._keys = keys
        self._sealing = Sealing(keys.all("seal"))

    def add(self, inside: Inside, now: datetime) -> User | None:
        """Add an account under a new pseudonym; None where the name is taken."""
        if self.named(inside.name):
            return None
        pseudonym = f"staff-{secrets.token_hex(8)}"
        sealed = self._seal(pseudonym, inside)
        added = self._storage.run(
            "add_account",
            pseudonym=pseudonym,
            looked_up_by=self.hashes(inside.name)[0],
            key_id=sealed.key_id,
            sealed=sealed.sealed,
            added_at=now.timestamp(),
            expires_at=(now + UNUSED).timestamp(),
        )
        user = User(pseudonym, Personal(inside.name), inside.role, now, now + UNUSED)
        return user if added else None

    def named(self, name: str) -> Account | None:
        """Return the account of a name, however it is spelt in small and capital letters."""
        for hashed in self.hashes(name):
            for row in self._storage.read(_Row, "account_by_name", looked_up_by=hashed):
                return self._opened(row)
        return None

    def get(self, pseudonym: str) -> Account | None:
        """Return an account by its pseudonym."""
        rows = self._storage.read(_Row, "account", pseudonym=pseudonym)
        return self._opened(rows[0]) if rows else None

    def all(self) -> Iterator[Account]:
        """Yield all accounts, the oldest first."""
        yield from map(self._opened, self._storage.read(_Row, "accounts"))

    def renew(self, account: Account, stored: str, now: datetime) -> bool:
        """Store another hash of the passphrase, and another year; False where it was changed."""
        user = account.user
        name = user.name.reveal()
        sealed = self._seal(user.pseudonym, Inside(name, user.role, stored))
        return bool(
            self._storage.run(
                "reseal_account",
                pseudonym=user.pseudonym,
                looked_up_by=self.hashes(name)[0],
                key_id=sealed.key_id,
                sealed=sealed.sealed,
                old=account.sealed.sealed,
                expires_at=(now + UNUSED).timestamp(),
            )
        )

    def remove(self, pseudonym: str) -> bool:
        """Erase an account; False where there was none."""
        return bool(self._storage.run("remove_account", pseudonym=pseudonym))

    def hashes(self, name: str) -> list[bytes]:
        """Return the keyed hashes by which a name is found, that of the newest key first."""
        spelt = b"account\0" + normal(name).casefold().encode()
        keys = reversed(self._keys.all("hash").values())
        return [hmac.new(key, spelt, hashlib.sha256).digest() for key in keys]

    def _seal(self, pseudonym: str, inside: Inside) -> Sealed:
        return self._sealing.seal(msgspec.json.encode(inside), _bound(pseudonym))

    def _opened(self, row: _Row) -> Account:
        sealed = Sealed(row.key_id, row.sealed)
        clear = self._sealing.open(sealed, _bound(row.pseudonym), row.pseudonym)
        inside = msgspec.json.decode(clear, type=Inside)
        user = User(
            row.pseudonym,
            Personal(inside.name),
            inside.role,
            datetime.fromtimestamp(row.added_at, UTC),
            datetime.fromtimestamp(row.expires_at, UTC),
        )
        return Account(user, inside.hash, sealed)


def normal(name: str) -> str:
    """Return a name as it is kept: composed (NFC), without blanks around it."""
    return unicodedata.normalize("NFC", name).strip()


def _bound(pseudonym: str) -> str:
    return f"klarsyn account {pseudonym}"
