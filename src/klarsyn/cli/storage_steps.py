"""
What commands on the database share: a look at recorded steps, without carrying any.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.durable import Engine
    from klarsyn.storage import Storage
    from klarsyn.upkeep.retention import Ended


@contextmanager
def steps(app: App, storage: Storage) -> Iterator[Engine[None]]:
    """Yield an engine that knows no work; the register need not be readable."""
    from klarsyn import keys
    from klarsyn.clock import SystemClock
    from klarsyn.durable import Due, Engine, Workshop

    clock = SystemClock()
    shop: Workshop[None] = Workshop((), None, due=Due(storage, clock))
    with Engine(app.settings.database, clock, keys.load(os.environ), shop) as opened:
        yield opened


@contextmanager
def ended(app: App, storage: Storage) -> Iterator[Ended]:
    """Yield what counts ended work; where no work was ever started nothing is made for it."""
    from klarsyn.durable.sqlite import steps_file

    kind, _, path = app.settings.database.partition(":///")
    if kind == "sqlite" and not steps_file(Path(path).absolute()).exists():
        yield lambda _: 0
        return
    with steps(app, storage) as opened:
        yield opened.ended


def own_files(app: App) -> list[Path]:
    """Return the files that Klarsyn keeps on this machine; those on a server are not looked at."""
    from klarsyn.durable.sqlite import steps_file
    from klarsyn.keys import VARIABLE

    found = [app.settings.tombstones] if app.settings.tombstones else []
    if keys := os.environ.get(f"{VARIABLE}_FILE", "").strip():
        found.append(Path(keys))
    kind, _, path = app.settings.database.partition(":///")
    if kind == "sqlite":
        ours = Path(path).absolute()
        both = (ours, steps_file(ours))
        found += [one.with_name(f"{one.name}{end}") for one in both for end in ("", "-wal", "-shm")]
        found.append(steps_file(ours).with_suffix(".slots"))
    return found
