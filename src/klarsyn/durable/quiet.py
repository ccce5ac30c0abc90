"""
What the engine below logs, without its words: a message of its may hold arguments of work.
"""

from __future__ import annotations

import logging
from typing import Final, Protocol

from klarsyn.errors import WorkFailed

LOGGER: Final = "dbos"


class Tell(Protocol):
    """Takes events, one line each: a word and facts, never a value of a person."""

    def __call__(self, event: str, /, **facts: str | float) -> None:
        """Tell that something happened."""
        ...


def silent(event: str, /, **facts: str | float) -> None:
    """Tell nobody."""
    del event, facts


class _Places(logging.Handler):
    """Tells where a warning came from, and of which class an error was."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        if kind is WorkFailed:
            return  # told already, by whom it happened to
        place = f"{record.module}:{record.lineno}"
        self._tell("engine-warned", place=place, error=kind.__name__ if kind else "")


def quieten(tell: Tell) -> None:
    """
    Keep the engine's log from every other place, and tell events instead.

    It adds a console of its own only where its logger has nobody to write to.
    """
    logger = logging.getLogger(LOGGER)
    logger.handlers = [_Places(tell)]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
