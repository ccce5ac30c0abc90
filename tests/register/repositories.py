"""
Real repositories with the small register in them: committed on any day, under any name.
"""

from __future__ import annotations

import os
import subprocess
from datetime import date
from typing import TYPE_CHECKING

from klarsyn.register import load
from tests.register.builders import VENDOR, Edit, add, after, edited

if TYPE_CHECKING:
    from pathlib import Path

    from klarsyn.register import Register

AUTHORED = "2020-01-01T00:00:00Z"  # when a commit was begun says nothing
FIRST = date(2026, 1, 10)
SECOND = date(2026, 2, 20)
THIRD = date(2026, 3, 30)

ANOTHER_VENDOR = add("vendors/third.yaml", edited()[VENDOR].replace("Postdesk", "Third"))
ANOTHER_ELEMENT = after(
    VENDOR, "- {element: person.email", "      - {element: order.score, direction: delivered}\n"
)


class Repository:
    """A real repository with a register in it."""

    def __init__(self, root: Path, folder: str = "register") -> None:
        self.root = root
        self.folder = root / folder
        root.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str, at: str = "2026-01-01T12:00:00Z") -> str:
        """Run git, as somebody, at some time, and return what it prints."""
        identity = ("-c", "user.name=A. Jensen", "-c", "user.email=a@f.example")
        return subprocess.run(
            ["git", *identity, *words],
            cwd=self.root,
            env={**os.environ, "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": AUTHORED},
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout

    def write(self, *edits: Edit) -> None:
        """Write the register after some edits, and nothing else."""
        for old in self.folder.rglob("*.yaml"):
            old.unlink()
        for name, text in edited(*edits).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def commit(self, day: date | str, *edits: Edit) -> str:
        """Commit the register after some edits on a day; return the commit's id."""
        self.write(*edits)
        return self.commit_all(day)

    def commit_all(self, day: date | str) -> str:
        """Commit what lies there on a day at noon, or at an instant; return the commit's id."""
        at = day if isinstance(day, str) else f"{day.isoformat()}T12:00:00Z"
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "new vendor, new country", at=at)
        return self.git("rev-parse", "HEAD").strip()

    def load(self) -> Register:
        """Return the register as it lies on disk."""
        return load(self.folder)
