"""
A backup: every table as it was at one instant, sealed, in a file that both databases restore.

Recorded steps of work are not in it: they are of the moment. What was under way is planned anew
after a restore, and rows that were being sent are settled as after a crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from klarsyn.clock import Clock
from klarsyn.journal import Journal
from klarsyn.keys import Keys
from klarsyn.storage import Sealing, Storage
from klarsyn.upkeep.sealedfile import Part, Written, made_head, write
from klarsyn.upkeep.tables import BACKED_UP


def back_up(storage: Storage, file: Path, clock: Clock, keys: Keys) -> Written:
    """
    Write all that a restore needs into a new file, and record that there is such a copy.

    Others go on writing meanwhile; the file does not see it. Memory does not grow with the tables.
    """
    sealing = Sealing(keys.all("seal"))
    with storage.snapshot():
        migrations = cast("list[tuple[int, str]]", storage.run("applied_migrations"))
        written = write(file, made_head(clock.now(), migrations, sealing), parts(storage), sealing)
    Journal(storage, clock, keys).append(
        f"backup:{written.head.id}:made",
        "backup.made",
        facts={
            "backup": written.head.id,
            "sha256": written.sha256,
            "rows": sum(written.counts.values()),
        },
    )
    return written


def parts(storage: Storage) -> Iterator[Part]:
    """Yield the rows of every table, a page at a time."""
    for table in BACKED_UP.values():
        for page in table.pages(storage):
            columns = list(page[0])
            yield Part(table.name, columns, [[row[one] for one in columns] for row in page])
