"""
The files that the shape tests look at.
"""

import subprocess
from pathlib import Path, PurePosixPath

from tests.shape.measure import Module

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "klarsyn"
TESTS = ROOT / "tests"


def modules() -> list[Module]:
    """Return every module of the package."""
    return [
        Module(path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
    ]


def committed_files() -> list[Path]:
    """Return what is in git or would be with the next `git add`; [] where there is no git."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listing.stdout.decode().split("\0") if listing.returncode == 0 else []
    return [ROOT / name for name in sorted(filter(None, names)) if (ROOT / name).is_file()]


def tested_by(module: Module) -> PurePosixPath | None:
    """
    Return the test file that bears a module's name.

    None for what is tested under other names: packages' front doors, fact sheets, which one suite
    tests, and the parts of a stand-in, which is tested as the server that it is.
    """
    path = PurePosixPath(module.path)
    if path.name in {"__init__.py", "__main__.py"} or path.parts[0] == "vendors":
        return None
    if path.parts[:2] == ("testing", "standins"):
        return None
    return path.with_name(f"test_{path.name.lstrip('_')}")


def without_a_test(every: list[Module]) -> list[str]:
    """Return the modules that have no test file of their own name."""
    wanted = {module.path: tested_by(module) for module in every}
    return [path for path, test in wanted.items() if test and not (TESTS / test).exists()]
