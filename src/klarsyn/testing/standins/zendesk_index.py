"""
What Zendesk's search knows: every record as it was some minutes ago.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

_TERM = re.compile(r'(?:(\w+):)?(?:"([^"]*)"|(\S+))')


def words(text: str) -> list[str]:
    """Return a text's words in lower case."""
    return re.findall(r"\w+", text.lower())


def terms(query: str) -> list[tuple[str, str]]:
    """Return a query's terms: name (or nothing) and value."""
    found = [(name.lower(), quoted or bare) for name, quoted, bare in _TERM.findall(query)]
    return [(name, value) for name, value in found if value]


class SearchIndex:
    """Snapshots of records by type and id, the old ones kept until the new ones are due."""

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self._seen: dict[tuple[str, int], list[tuple[datetime, dict[str, Any] | None, str]]] = {}

    def put(self, key: tuple[str, int], when: datetime, record: dict[str, Any], text: str) -> None:
        """Note a record as it is since `when`, and the text by which it is found."""
        self._seen.setdefault(key, []).append((when, copy.deepcopy(record), text))

    def drop(self, key: tuple[str, int], when: datetime) -> None:
        """Note that a record is no longer there."""
        self._seen.setdefault(key, []).append((when, None, ""))

    def known(self, kind: str, until: datetime) -> list[tuple[dict[str, Any], str]]:
        """Return the records of a type, with their texts, as they were at an instant."""
        found = []
        for (one_kind, _), versions in sorted(self._seen.items()):
            past = [(record, text) for when, record, text in versions if when <= until]
            if one_kind == kind and past and (record := past[-1][0]) is not None:
                found.append((copy.deepcopy(record), past[-1][1]))
        return found
