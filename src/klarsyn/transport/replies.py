"""
A vendor's reply, which cannot be printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from klarsyn.transport.paths import at

if TYPE_CHECKING:
    from klarsyn.transport.words import Codec


class Reply:
    """Status, headers and body of a reply; its repr tells the status only."""

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        """Keep what came; header names are looked up in any case."""
        self.status = status
        self.headers = {header.lower(): value for header, value in headers.items()}
        """By names in lower case."""
        self.content = content
        self.codec: Codec | None = None
        """How the body is read where it is not JSON."""

    def __repr__(self) -> str:
        """Return the status: a body is somebody's data."""
        return f"<Reply {self.status}>"

    @property
    def json(self) -> Any:
        """The body as JSON; nothing where it is empty. Raises ValueError where it is neither."""
        if not self.readable:
            raise ValueError("neither empty nor of its form")
        return self._read

    @cached_property
    def readable(self) -> bool:
        """Whether the body is empty, or of the form that it should have: JSON or the codec's."""
        self._read: Any = None
        if not self.content:
            return True
        decode = self.codec.decode if self.codec else msgspec.json.decode
        try:
            self._read = decode(self.content)
        except (ValueError, RecursionError):
            # The decoder's own words may quote the body, so they go no further.
            return False
        return True

    def at(self, path: str) -> Any:
        """Return the first value at a path of the JSON body, or None where there is none."""
        try:
            return at(self.json, path)
        except ValueError:
            return None

    def header(self, name: str) -> str:
        """Return a header, in any case, or nothing."""
        return self.headers.get(name.lower()) or ""

    def number(self, header: str) -> float | None:
        """Return a header as a number, or None."""
        try:
            return float(self.header(header))
        except ValueError:
            return None
