"""
Which connections may write. A new one, or one whose settings or map changed, is read-only.
"""

from __future__ import annotations

from dataclasses import dataclass

from klarsyn.clock import Clock
from klarsyn.storage.port import Storage


@dataclass(frozen=True, slots=True)
class Enabled:
    """Since when a connection may write (seconds since 1970), and who let it."""

    enabled_at: float
    enabled_by: str


class EnabledConnections:
    """The connections that may write, each with the digest of what was looked at then."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep them in a storage."""
        self._storage = storage
        self._clock = clock

    def enable(self, vendor: str, digest: str, by: str) -> None:
        """Let a connection write as it stands now; `by` is who decided."""
        now = self._clock.now().timestamp()
        self._storage.run(
            "enable_connection", vendor=vendor, digest=digest, enabled_at=now, enabled_by=by
        )

    def get(self, vendor: str, digest: str) -> Enabled | None:
        """Return since when it may write; None where it may not, or is no longer the same."""
        rows = self._storage.read(Enabled, "enabled_connection", vendor=vendor, digest=digest)
        return rows[0] if rows else None

    def disable(self, vendor: str) -> bool:
        """Make a connection read-only again; False where it was."""
        return bool(self._storage.run("disable_connection", vendor=vendor))
