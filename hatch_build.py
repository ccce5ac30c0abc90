"""
The build hook that compiles the message catalogues and, where asked, recognition.

Git holds the .po files; programs read .mo files. This hook makes the second from the first for
every wheel, be it built from a checkout, from an sdist or as an editable install. The same
.po file always gives the same bytes, so two builds of one commit are equal.

With KLARSYN_COMPILED=1 a wheel also holds what mypyc makes of `klarsyn.recognition`, the same
sources, and what a compiler makes of its C: faster, for one Python on one platform. Nothing
compiled is left in the checkout, where an editable install would import it instead of the source.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALES = Path("src", "klarsyn", "locales")
#: Babel writes the moment of the build where a catalogue names none; this stands in its place.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)

SWITCH = "KLARSYN_COMPILED"
COMPILED = Path("klarsyn", "recognition")
NUMPY = "\nimport numpy"
#: Run in src, so that mypy calls the modules what they are called.
SETUP = """
import sys
from pathlib import Path
from mypyc.build import mypycify
from setuptools import Extension, setup
room, *modules = sys.argv[1:]
sources = sorted(Path(modules[0]).parent.glob("*.c"))
mypy = ["--config-file=", "--no-site-packages", "--ignore-missing-imports"]
mypy += ["--follow-imports=silent", f"--cache-dir={room}/mypy"]
setup(
    name="klarsyn",
    ext_modules=[
        *mypycify(
            [*mypy, *modules],
            debug_level="0",
            target_dir=f"{room}/c",
            group_name="klarsyn_recognition",
        ),
        *(Extension(".".join(one.with_suffix("").parts), [str(one)]) for one in sources),
    ],
    script_args=["build_ext", f"--build-lib={room}/lib", f"--build-temp={room}/temp"],
)
"""


def compiled(po: Path) -> bytes:
    """Return the .mo bytes of a .po file. Fuzzy entries stay out: nobody has confirmed them."""
    with po.open("rb") as text:
        catalogue = read_po(text, locale=po.parent.parent.name, abort_invalid=True)
    for message in list(catalogue):
        # Babel would put the English plural where a form is empty; a missing text stays missing.
        if isinstance(message.string, (list, tuple)) and not all(message.string):
            catalogue.delete(message.id)
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    mo = io.BytesIO()
    write_mo(mo, catalogue)
    return mo.getvalue()


def compile_catalogues(root: Path) -> list[Path]:
    """Compile every catalogue under `root` beside its .po file, and return what was written."""
    written = []
    for po in sorted((root / LOCALES).glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        mo.write_bytes(compiled(po))
        written.append(mo)
    return written


def compile_recognition(root: Path, room: Path) -> dict[str, str]:
    """
    Compile recognition in `room`; return each file's path and its place in the wheel.

    The package's `__init__` stays Python, which only names what the others hold, and so do the
    modules that import NumPy: their time is NumPy's, and its types differ between its versions.
    What else is installed makes no difference: mypy is not to look at it.
    """
    source = root / "src"
    modules = [
        path.relative_to(source).as_posix()
        for path in sorted((source / COMPILED).glob("*.py"))
        if path.stem != "__init__" and NUMPY not in path.read_text(encoding="utf-8")
    ]
    # A process of its own: mypyc and setuptools go by the working directory, and exit.
    command = [sys.executable, "-c", SETUP, str(room), *modules]
    if subprocess.run(command, cwd=source, check=False).returncode:
        raise RuntimeError("recognition could not be compiled; mypyc says why above")
    built = sorted(path for path in (room / "lib").rglob("*") if path.is_file())
    return {str(path): path.relative_to(room / "lib").as_posix() for path in built}


class Compilation(BuildHookInterface[Any]):
    """Compiles before a wheel is put together: the catalogues always, recognition where asked."""

    _room: TemporaryDirectory[str] | None = None

    def dependencies(self) -> list[str]:
        """Return what a compiled build needs beside `build-system.requires`."""
        return list(self.config["compiled"]) if os.environ.get(SWITCH) == "1" else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile in place what the wheel's `artifacts` pattern picks up, the rest elsewhere."""
        compile_catalogues(Path(self.root))
        if os.environ.get(SWITCH) == "1" and version == "standard":
            self._room = TemporaryDirectory()
            built = compile_recognition(Path(self.root), Path(self._room.name).resolve())
            build_data["force_include"].update(built)
            build_data.update(pure_python=False, infer_tag=True)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 (hatchling's signature)
        """Remove what the wheel has a copy of."""
        if self._room is not None:
            self._room.cleanup()
