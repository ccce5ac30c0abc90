"""
What commands that read or prove evidence share: the journal, and checkpoints that others keep.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from klarsyn.errors import EvidenceUnread, UnknownName, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.journal import Checkpoint, Journal
    from klarsyn.storage import Storage


@contextmanager
def recorded(app: App) -> Iterator[Storage]:
    """Yield the database of this installation; UnknownName where there is none yet."""
    from klarsyn.cli.connected import database

    with database(app) as storage:
        if storage is None:
            raise UnknownName(
                said("There is no database at {address}.", address=app.settings.database),
                said("The first command that records something makes it."),
            )
        yield storage


@contextmanager
def journal(app: App) -> Iterator[Journal]:
    """Yield the journal of this installation, which signs with its keys."""
    from klarsyn import keys
    from klarsyn.clock import SystemClock
    from klarsyn.journal import Journal

    ours = keys.load(os.environ)
    with recorded(app) as storage:
        yield Journal(storage, SystemClock(), ours)


def kept(file: Path) -> Checkpoint:
    """Return the checkpoint that a file holds, or that evidence in it rests on."""
    from klarsyn.journal import kept_checkpoint

    try:
        return kept_checkpoint(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise EvidenceUnread(
            said("{file} cannot be read.", file=str(file)),
            said("It is the text that `klarsyn evidence checkpoint` printed."),
        ) from None
