"""
A register in a folder, and what lies in a folder: what the guarantees are tried on.
"""

import os
import subprocess
import sys

from tests.register.builders import edited


def written(folder, *edits):
    """Write klarsyn.yaml and the small register after some edits; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "klarsyn.yaml").write_text("format: 1\n")
    for name, text in edited(*edits).items():
        path = folder / "register" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def contents(folder):
    """Return the bytes of every file below a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def klarsyn(folder, *words, **environment):
    """Run the command line beside a folder's klarsyn.yaml, as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "klarsyn", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
