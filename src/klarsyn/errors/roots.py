"""
What every error of ours descends from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from klarsyn.errors.sentences import Message, Problem, said

if TYPE_CHECKING:
    from collections.abc import Iterable


class KlarsynError(Exception):
    """Something that Klarsyn refuses or cannot do; every error of ours descends from this."""

    id: ClassVar[str] = "klarsyn-error"
    exit_code: ClassVar[int] = 70

    def __init__(self, message: Message, remedy: Message | None = None) -> None:
        """Keep the message, and the next move where there is one."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """Return message, remedy and id on one line, in English."""
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.message}{tail} [{self.id}]"


class ManyProblems(KlarsynError):
    """Mistakes in the user's files, all told at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of file and line."""
        self.problems = tuple(sorted(problems))
        super().__init__(said("Mistakes: {count}.", count=len(self.problems)))

    def __str__(self) -> str:
        """Return one line a problem, and the id."""
        return "\n".join([*map(str, self.problems), f"[{self.id}]"])
