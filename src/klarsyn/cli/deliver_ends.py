"""
How a delivery to a vendor ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from klarsyn.errors import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from klarsyn.disclosure.telling.status import Status
    from klarsyn.durable import State

    Say = Callable[[Message], str]


@dataclass(frozen=True, slots=True)
class End:
    """How it ended at one vendor."""

    vendor: str
    word: str = ""
    """Why nothing, or not all, was sent; a word of deliver_told.STOPPED, or blank."""
    why: Message | None = None
    run: str = ""
    ends: Mapping[str, int] = field(default_factory=dict)
    request: str = ""
    """The approval that it waits for."""
    status: Status | None = None
    """How things stand after it."""

    @classmethod
    def of(cls, vendor: str, state: State) -> End:
        """Return what the result of a run says."""
        from klarsyn.stored import from_json

        if state.stage != "done":
            why = state.failure.message if state.failure else None
            return cls(vendor, "failed", why, state.run)
        found: Mapping[str, Any] = state.result
        if "ends" not in found:
            why = from_json(found["why"])
            return cls(vendor, found["stopped"], why, state.run, request=found.get("request", ""))
        stopped = found["stopped"]
        why = from_json(stopped) if stopped else None
        return cls(vendor, "stopped" if stopped else "", why, state.run, found["ends"])

    def with_status(self, status: Status) -> End:
        """Return it with how things stand now."""
        return replace(self, status=status)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be done."""
        return self.word in {"", "nothing"} and not (self.status and self.status.open)

    def plain(self, say: Say) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "vendor": self.vendor,
            "run": self.run,
            "outcome": self.word or ("done" if self.complete else "open"),
            "why": say(self.why) if self.why else "",
            "request": self.request,
            "people": dict(self.ends),
            "status": self.status.plain() if self.status else None,
        }


def nothing(vendor: str) -> End:
    """Return that a vendor has what it should have."""
    return End(vendor, "nothing")


def refused(vendor: str, word: str, why: Message, request: str = "") -> End:
    """Return why nothing was begun at a vendor."""
    return End(vendor, word, why, request=request)
