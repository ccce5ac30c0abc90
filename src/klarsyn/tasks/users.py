"""
Those who work here: who they are, how they prove it, and what they may do.

Nobody acts under a typed name: what needs a person takes a `SignedIn`, which only a passphrase
makes and which lasts ten minutes. Rights are read again each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from klarsyn.clock import Clock
from klarsyn.errors import (
    AccountRefused,
    RoleMissing,
    SignInRefused,
    StorageConflict,
    UnknownName,
    said,
)
from klarsyn.keys import Keys
from klarsyn.personal import Personal, Secret
from klarsyn.storage import Buckets, Storage
from klarsyn.tasks.accounts import Account, Accounts, Inside, Right, Role, User, normal
from klarsyn.tasks.passphrases import Passphrases
from klarsyn.tasks.records import Records

__all__ = ["Right", "Role", "SignedIn", "User", "Users"]

#: For how long a proof of who somebody is may be used.
FRESH: Final = timedelta(minutes=10)
#: Ten wrong attempts at once, and one more each minute. NIST SP 800-63B-4, 3.2.2 allows a hundred
#: in a row; here they are limited by time, so that nobody is locked out for good.
ATTEMPTS: Final = 10
_A_MINUTE: Final = 1 / 60
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has just given their own passphrase."""

    user: User
    at: float
    """Seconds since 1970."""


class Users:
    """The accounts, and the only way to a `SignedIn`."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        keys: Keys,
        records: Records,
        passphrases: Passphrases | None = None,
    ) -> None:
        """Keep accounts in a storage; who is added and removed is recorded by pseudonym."""
        self._storage = storage
        self._clock = clock
        self._records = records
        self._accounts = Accounts(storage, keys)
        self._buckets = Buckets(storage, clock)
        self._passphrases = passphrases or Passphrases()

    # Proof

    def sign_in(self, name: str, passphrase: Secret) -> SignedIn:
        """
        Return the proof that somebody knows the passphrase of a name.

        SignInRefused says the same, after the same work, whether the name or the passphrase is
        wrong. An attempt is counted before it is looked at, and no longer once it was right.
        """
        bucket = self._counted(name)
        now = self._clock.now()
        account = self._accounts.named(name)
        if account and account.user.expires_at <= now:
            account = None
        if not self._passphrases.fits(passphrase, account.hash if account else None):
            account = None
        if account is None:
            raise SignInRefused(said("Name and passphrase do not belong together."))
        self._storage.run("count_less", name=bucket)
        stored = account.hash
        if self._passphrases.outdated(stored):
            stored = self._passphrases.again(passphrase)
        # Somebody else may have signed in under the same name meanwhile; that renewed it, too.
        self._accounts.renew(account, stored, now)
        return SignedIn(account.user, now.timestamp())

    def check(self, who: SignedIn, right: Right) -> User:
        """Return the user as they are now; refuse a stale proof, or a role without the right."""
        account = self._accounts.get(who.user.pseudonym)
        if account is None or self._clock.now().timestamp() - who.at > FRESH.total_seconds():
            raise SignInRefused(said("The sign-in has lapsed."), said("Sign in again."))
        if not account.user.may(right):
            raise RoleMissing(
                said("The role {role} may not do this.", role=account.user.role),
                said("Ask somebody who may, or an administrator for another role."),
            )
        return account.user

    # Accounts

    def add(self, name: str, passphrase: Secret, role: Role, by: SignedIn | None) -> User:
        """
        Add an account.

        Only an administrator may, except where there is none: then it needs nobody, and whoever is
        added becomes one.
        """
        name = normal(name)
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise AccountRefused(said("This is no name for an account."))
        stored = self._passphrases.hashed(passphrase, name)
        with self._storage.transaction():
            now = self._clock.now()
            self._storage.run("remove_expired_accounts", now=now.timestamp())
            if self.has_administrator():
                if by is None:
                    raise RoleMissing(said("Only an administrator adds accounts."))
                adder = self.check(by, "administer").pseudonym
            else:
                role, adder = "administrator", ""
            user = self._accounts.add(Inside(name, role, stored), now)
            if user is None:
                raise AccountRefused(said("There is an account of this name."))
            self._record(user, "user.added", adder or user.pseudonym, {"role": role})
        return user

    def has_administrator(self) -> bool:
        """Tell whether somebody is there to add others."""
        return any(one.role == "administrator" for one in self.all())

    def all(self) -> list[User]:
        """Return those whose account has not lapsed, by name."""
        now = self._clock.now()
        living = [one.user for one in self._accounts.all() if one.user.expires_at > now]
        return sorted(living, key=lambda one: one.name.reveal().casefold())

    def called(self, pseudonym: str) -> Personal[str] | None:
        """Return the name behind a pseudonym, for those who may see it; None where it is gone."""
        account = self._accounts.get(pseudonym)
        return account.user.name if account else None

    def named(self, name: str) -> User:
        """Return the user of a name; UnknownName, which does not repeat it, where there is none."""
        return self._named(name).user

    def remove(self, name: str, by: SignedIn) -> User:
        """Erase an account; the last administrator stays."""
        with self._storage.transaction():
            remover = self.check(by, "administer")
            user = self._named(name).user
            others = [one for one in self.all() if one.pseudonym != user.pseudonym]
            if not any(one.role == "administrator" for one in others):
                raise AccountRefused(
                    said("This is the last administrator."),
                    said("Add another one before."),
                )
            self._accounts.remove(user.pseudonym)
            self._record(user, "user.removed", remover.pseudonym, {})
        return user

    def change(self, who: SignedIn, passphrase: Secret) -> None:
        """Give oneself another passphrase; nobody gives one to somebody else."""
        user = self.check(who, "read")
        stored = self._passphrases.hashed(passphrase, user.name.reveal())
        with self._storage.transaction():
            account = self._accounts.get(user.pseudonym)
            now = self._clock.now()
            if account is None or not self._accounts.renew(account, stored, now):
                raise StorageConflict(said("The account was changed at the same moment."))
            self._record(user, "user.passphrase", user.pseudonym, {"at": int(now.timestamp())})

    def _named(self, name: str) -> Account:
        account = self._accounts.named(name)
        if account is None:
            raise UnknownName(
                said("There is no account of this name."), said("See `klarsyn users list`.")
            )
        return account

    def _counted(self, name: str) -> str:
        # 4,096 buckets hold every name: guesses neither fill the database nor tell who is there.
        bucket = f"sign-in:{self._accounts.hashes(name)[0].hex()[:3]}"
        wait = self._buckets.take(bucket, _A_MINUTE, ATTEMPTS)
        if wait:
            raise SignInRefused(
                said("There were too many attempts."),
                said("Try again in {seconds} seconds.", seconds=int(wait) + 1),
            )
        return bucket

    def _record(self, user: User, kind: str, by: str, facts: dict[str, str | int]) -> None:
        key = ":".join([kind, user.pseudonym, *(str(one) for one in facts.values())])
        self._records.append(key, kind, by=by, facts={"user": user.pseudonym, **facts})
