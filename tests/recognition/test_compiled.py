import os
import subprocess
import sys
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from hatch_build import NUMPY
from klarsyn.recognition import digits

NATIVE = tuple(EXTENSION_SUFFIXES)
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
MODULES = {path.stem: path for path in (SOURCE / "klarsyn" / "recognition").glob("*.py")}
IN_C = sorted((SOURCE / "klarsyn" / "recognition").glob("*.c"))

pytestmark = pytest.mark.skipif(
    not digits.__file__.endswith(NATIVE),
    reason="recognition is not compiled here; `just compiled` tries it",
)


def answers(path):
    """Return the file that answered, and its answers, where Python looks in `path` first."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.recognition.answers"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(path), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_modules_are_compiled():
    """
    All but the front door and those of NumPy, each beside its source, and what is in C.
    """
    files = [one for one in metadata.files("klarsyn") or [] if one.match("recognition/*")]
    natives = {one.name.partition(".")[0] for one in files if one.name.endswith(NATIVE)}
    wanted = {name for name, path in MODULES.items() if NUMPY not in path.read_text("utf-8")}

    assert set() == wanted - natives - {"__init__"}
    assert {path.stem for path in IN_C} <= natives
    assert set(MODULES) == {one.stem for one in files if one.suffix == ".py"}


def test_compiled_package_finds_what_the_sources_find():
    """
    To the letter, in some ten thousand findings of notes and random texts.
    """
    (native, *compiled), (python, *plain) = answers(""), answers(SOURCE)

    assert digits.__file__ == native
    assert str(SOURCE / "klarsyn" / "recognition" / "digits.py") == python
    assert len(plain) > 10_000
    assert [] == [pair for pair in zip(plain, compiled, strict=True) if len(set(pair)) > 1][:9]
