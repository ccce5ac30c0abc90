"""
Where decisions and deeds are recorded: the part of the journal that this package needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

Recorded = str | int | list[str]
"""A fact of an entry: ids, hashes, counts and fixed words; never a value of a person."""


class Records(Protocol):
    """Keeps entries for good. `klarsyn.journal.Journal` is the one that does."""

    def append(
        self,
        key: str,
        kind: str,
        *,
        vendor: str = "",
        by: str = "",
        facts: Mapping[str, Recorded],
        people: Sequence[tuple[str, Mapping[str, Recorded]]] = (),
    ) -> int:
        """
        Append an entry once, however often it is asked for under the same key.

        `by` is the pseudonym of whoever did it; `people` are subject ids and facts about each.
        Called within the transaction that changes what is recorded, so both are kept or neither.
        """
        ...
