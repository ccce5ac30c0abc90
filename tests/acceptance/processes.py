"""
The real command line, run as a process of its own, as a user runs it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
KLARSYN = Path(sys.executable).with_name("klarsyn")


def klarsyn(
    *words: str | Path, folder: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run `klarsyn` in a folder; the environment is the test's own and what is named here."""
    return subprocess.run(
        [KLARSYN, *map(str, words)],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def python(code: str, *words: str | Path, **environ: str) -> str:
    """Run a piece of Python in a process of its own, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout
