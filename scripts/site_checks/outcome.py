"""What a check found, and how it is told."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SHOWN_MESSAGES = 25
SHOWN_PAGES = 3


class NotRun(Exception):
    """A check could not run: this machine lacks what it needs."""


@dataclass(frozen=True)
class Failure:
    """One thing wrong with one page."""

    page: str
    message: str


@dataclass
class Outcome:
    """What one check found on the pages it read."""

    check: str
    pages: int = 0
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    not_run: str | None = None

    def fail(self, page: str, message: str) -> None:
        """Record one thing wrong with a page."""
        self.failures.append(Failure(page, message))

    @property
    def result(self) -> str:
        """The one word or two that stand in the table."""
        if self.failures:
            return f"FAILED ({len(self.failures)})"
        return "not run" if self.not_run else "passed"

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add the time spent inside to this check's seconds."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - start

    def as_json(self) -> dict[str, object]:
        """The same facts for a machine."""
        return {
            "check": self.check,
            "result": "failed" if self.failures else self.result,
            "pages": self.pages,
            "seconds": round(self.seconds, 2),
            "failures": [{"page": f.page, "message": f.message} for f in self.failures],
            "notes": self.notes,
            "not_run": self.not_run,
        }


def say(line: str = "") -> None:
    """Write one line to the terminal."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def tell(outcomes: list[Outcome]) -> None:
    """Write the table, then what is wrong, what was noted and what did not run."""
    width = max(len("check"), *(len(outcome.check) for outcome in outcomes))
    say(f"{'check':<{width}}  pages  {'result':<14}  seconds")
    for outcome in outcomes:
        counted = f"{outcome.pages:>5}  {outcome.result:<14}  {outcome.seconds:>7.1f}"
        say(f"{outcome.check:<{width}}  {counted}")
    for outcome in outcomes:
        tell_failures(outcome)
    for outcome in outcomes:
        for note in outcome.notes:
            say(f"{outcome.check}: {note}")
    for outcome in outcomes:
        if outcome.not_run:
            say(f"not run: {outcome.check}: {outcome.not_run}")


def tell_failures(outcome: Outcome) -> None:
    """Write each message once, with the pages it is about."""
    about: dict[str, list[str]] = {}
    for failure in outcome.failures:
        pages = about.setdefault(failure.message, [])
        if failure.page not in pages:
            pages.append(failure.page)
    if about:
        say(f"\n{outcome.check} FAILED")
    for message, pages in list(about.items())[:SHOWN_MESSAGES]:
        named = ", ".join(pages[:SHOWN_PAGES])
        more = f" and {len(pages) - SHOWN_PAGES} more" if len(pages) > SHOWN_PAGES else ""
        say(f"  {named}{more}\n    {message}")
    if len(about) > SHOWN_MESSAGES:
        say(f"  ... and {len(about) - SHOWN_MESSAGES} other messages")
