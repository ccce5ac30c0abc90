"""
What can go wrong between a vendor and us, put into a stand-in on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from threading import Lock


class Trouble(Enum):
    """A kind of fault."""

    THROTTLED = "throttled"  #: 429 with Retry-After, in the vendor's own form
    THROTTLED_SILENTLY = "throttled-silently"  #: 429 (or the vendor's odd code), no Retry-After
    DOWN = "down"  #: 503 with a body that is not the vendor's
    SLOW = "slow"  #: the reply comes after `seconds`
    CUT_OFF = "cut-off"  #: the connection ends in the middle of the body; the deed is done
    MALFORMED = "malformed"  #: the body is not what its type says
    RENAMED_FIELD = "renamed-field"  #: `field` of every object in the body has another name
    EXPIRED_KEY = "expired-key"  #: the key is refused, in the vendor's own form
    ERROR_IN_OK = "error-in-ok"  #: success by its status, an error by its body
    BOMB = "bomb"  #: a small gzip body that grows to 256 megabytes


@dataclass(slots=True)
class Fault:
    """One fault: which requests meet it, and how often."""

    trouble: Trouble
    on: str = "* *"
    """Method and path, with * for anything: `GET /3.0/lists/*`."""
    times: int = 1
    after: int = 0
    """How many matching requests pass first."""
    retry_after: int = 2
    seconds: float = 1.0
    field: str = ""
    status: int = 503

    def matches(self, method: str, path: str) -> bool:
        """Return whether a request is one that this fault is for."""
        return fnmatchcase(f"{method} {path}", self.on)


class Faults:
    """The faults that are yet to happen; safe between threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: list[Fault] = []
        self._lock = Lock()

    def add(self, trouble: Trouble, **details: object) -> None:
        """Let a fault happen; details are those of Fault."""
        with self._lock:
            self._waiting.append(Fault(trouble, **details))  # type: ignore[arg-type]

    def clear(self) -> None:
        """Forget what has not happened yet."""
        with self._lock:
            self._waiting.clear()

    def next(self, method: str, path: str) -> Fault | None:
        """Return the fault that this request meets, and count it."""
        with self._lock:
            for fault in self._waiting:
                if not fault.matches(method, path):
                    continue
                if fault.after:
                    fault.after -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
