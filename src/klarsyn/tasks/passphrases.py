"""
Passphrases: how they are hashed, and which are refused.

Argon2id with the second recommended option of RFC 9106, section 4 (64 MiB, three passes, four
lanes), which is what argon2-cffi takes by itself; the first takes 2 GiB for every attempt.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from klarsyn.errors import AccountRefused, said
from klarsyn.personal import Secret

if TYPE_CHECKING:
    from argon2 import Parameters

#: NIST SP 800-63B-4, 3.1.1.2: a password that is the only factor has at least 15 characters, is
#: taken whole, and follows no rules of composition.
SHORTEST: Final = 15
LONGEST: Final = 1000
#: Fewer different characters than this are a key that was held down.
_DIFFERENT: Final = 5
#: A shorter name stands in many a passphrase by chance.
_TELLING_NAME: Final = 4


class Passphrases:
    """Hashes and verifies, at a cost in memory and time."""

    def __init__(self, cost: Parameters | None = None) -> None:
        """Take the recommended cost; tests take a lower one."""
        from argon2 import PasswordHasher
        from argon2.profiles import RFC_9106_LOW_MEMORY

        self._hasher = PasswordHasher.from_parameters(cost or RFC_9106_LOW_MEMORY)

    def hashed(self, passphrase: Secret, name: str) -> str:
        """Return what is stored; AccountRefused where the passphrase is too easy to guess."""
        text = _normal(passphrase)
        if not SHORTEST <= len(text) <= LONGEST:
            raise AccountRefused(
                said(
                    "A passphrase has between {least} and {most} characters.",
                    least=SHORTEST,
                    most=LONGEST,
                ),
                said("Take four or five words that have nothing to do with each other."),
            )
        named = len(name) >= _TELLING_NAME and name.casefold() in text.casefold()
        if named or len(set(text)) < _DIFFERENT:
            raise AccountRefused(
                said("The passphrase holds the name itself, or hardly any different characters."),
                said("Take four or five words that have nothing to do with each other."),
            )
        return self._hasher.hash(text)

    def fits(self, passphrase: Secret, stored: str | None) -> bool:
        """Tell whether it is the one that was hashed; as much work where nothing is stored."""
        from argon2.exceptions import InvalidHashError, VerificationError

        text = _normal(passphrase)[: LONGEST + 1]
        if stored is None:
            self._hasher.hash(text)
            return False
        try:
            return self._hasher.verify(stored, text)
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        """Tell whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    def again(self, passphrase: Secret) -> str:
        """Hash one that has just been verified, at today's cost."""
        return self._hasher.hash(_normal(passphrase))


def _normal(passphrase: Secret) -> str:
    return unicodedata.normalize("NFC", passphrase.reveal())
