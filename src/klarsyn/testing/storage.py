"""
Klarsyn's own database for tests and trials, gone when it is closed.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from klarsyn import storage
from klarsyn.clock import Clock


def memory(clock: Clock | None = None) -> storage.Storage:
    """
    Return an empty storage that nobody else sees; closing it leaves nothing behind.

    It is the real SQLite in a folder of its own: what holds here between threads and
    transactions holds in a file.
    """
    folder = TemporaryDirectory(prefix="klarsyn-", ignore_cleanup_errors=True)
    try:
        return storage.open(f"sqlite:///{Path(folder.name) / 'klarsyn.db'}", clock, folder.cleanup)
    except BaseException:
        folder.cleanup()
        raise
