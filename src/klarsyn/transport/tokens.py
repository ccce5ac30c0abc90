"""
Refresh tokens in Klarsyn's own database, encrypted, for all processes.
"""

from __future__ import annotations

from klarsyn.personal import Secret
from klarsyn.storage import Vault, Version


class StoredTokens:
    """A token vault on Klarsyn's database; who comes second takes the token of who was first."""

    def __init__(self, vault: Vault) -> None:
        """Keep tokens in a vault."""
        self._vault = vault

    def get(self, name: str) -> tuple[str, str] | None:
        """Return a token and its version."""
        stored = self._vault.get(name)
        return (stored.secret.reveal(), stored.version) if stored else None

    def replace(self, name: str, token: str, version: str | None) -> bool:
        """Put a token where that version stands, or any; False where somebody was faster."""
        if version is None:
            self._vault.put(name, Secret(token))
            return True
        return self._vault.replace(name, Version(version), Secret(token)) is not None
