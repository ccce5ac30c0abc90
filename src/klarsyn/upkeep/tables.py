"""
Every table of the database: by what its rows are told apart, and whether a backup holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from klarsyn.storage import Storage, Value
from klarsyn.storage.queries import Query

Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with its primary key."""

    name: str
    key: tuple[str, ...]
    page: int = 1000
    """So many rows are held at once while it is read."""

    def pages(self, storage: Storage) -> Iterator[list[Row]]:
        """Yield all rows in the order of the key, a page at a time."""
        order = ", ".join(self.key)
        after = ", ".join(f":{one}" for one in self.key)
        ends = f"order by {order} limit {self.page}"
        going_on = self._query("read", "select * from", f"where ({order}) > ({after}) {ends}")
        rows: list[Row] = storage.read(dict, self._query("read", "select * from", ends))
        while rows:
            yield rows
            last = {one: rows[-1][one] for one in self.key}
            rows = storage.read(dict, going_on, **last) if len(rows) == self.page else []

    def is_empty(self, storage: Storage) -> bool:
        """Tell whether it has no row."""
        return not storage.run(self._query("look into", "select 1 from", "limit 1"))

    def put(self, storage: Storage, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add rows, with these columns each."""
        places = ", ".join(f":{one}" for one in columns)
        values = f"({', '.join(columns)}) values ({places})"
        every = {one: [row[one] for row in rows] for one in columns}
        storage.run_many(self._query("restore", "insert into", values), every)

    def drop(self, storage: Storage) -> None:
        """Take the table itself away."""
        storage.run(self._query("drop", "drop table if exists", ""))

    def _query(self, what: str, before: str, after: str) -> Query:
        return Query(f"{what} {self.name}", f"{before} {self.name} {after}")


#: What no backup may undo: who was erased, opted out or objected, whose data rest. Restored first.
FACTS: Final = (
    Table("tombstone", ("identity",)),
    Table("tombstone_lift", ("identity", "lifted_at")),
    Table("opt_out", ("identity", "family", "origin")),
    Table("restriction", ("person",)),
    Table("customer_hold", ("customer", "vendor", "element")),
)
#: Tables follow those that they refer to; who a person is comes before what is known of them.
REST: Final = (
    Table("person_identity", ("hash", "person")),
    Table("person_known_by", ("person", "hashes")),
    Table("journal_subject", ("person",)),
    Table("element_in_effect", ("vendor", "element")),
    Table("element_number", ("number",)),
    Table("delivery", ("person", "vendor")),
    Table("change", ("vendor", "person")),
    Table("paused_delivery", ("vendor",)),
    Table("dead_letter", ("vendor", "person"), page=100),
    Table("dropped_element", ("vendor", "element")),
    Table("secret", ("name",)),
    Table("enabled_connection", ("vendor",)),
    Table("due", ("what", "subject")),
    Table("account", ("pseudonym",)),
    Table("approval_request", ("id",)),
    Table("task", ("id",)),
    Table("upload", ("id",), page=1),  # a file may have 25 MB
    Table("journal_head", ("name",)),
    Table("journal_entry", ("number",)),
    Table("journal_row", ("entry", "position")),
    Table("journal_checkpoint", ("size",)),
)
#: Ways in, which somebody may have closed since a backup: those that are open now stay open.
WAYS_IN: Final = ("account", "secret", "enabled_connection")
#: What is of the moment: how much a vendor still takes.
PASSING: Final = (
    Table("bucket", ("name",)),
    Table("lease", ("name", "slot")),
)
HISTORY: Final = Table("migration", ("version",))
BACKED_UP: Final = {one.name: one for one in (*FACTS, *REST)}
"""What a backup holds, in this order."""
EVERY: Final = (*FACTS, *REST, *PASSING, HISTORY)
