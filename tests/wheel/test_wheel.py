import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import hatch_build

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "klarsyn"
NOT_SHIPPED = {".po", ".pot", ".mo", ".pyc"}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def run(*command, cwd, **environment):
    """Return what a command prints; fail with what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as a release makes it: from an sdist, from a copy that holds no compiled file."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, checkout)
    shutil.copytree(
        ROOT / "src", checkout / "src", ignore=shutil.ignore_patterns("*.mo", "__pycache__")
    )
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, checkout, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def inside(wheel):
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def declared(name, seen=None):
    """Return the distributions that a distribution needs, and those that they need."""
    seen = set() if seen is None else seen
    for text in metadata.requires(name) or []:
        wanted = Requirement(text)
        if (not wanted.marker or wanted.marker.evaluate()) and wanted.name not in seen:
            seen.add(wanted.name)
            declared(wanted.name, seen)
    return seen


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """
    The wheel in an environment of its own, far from the source.

    Of what is installed here it sees the declared dependencies and nothing else, so that a
    dependency which only developers have is missed. No network, no pip.
    """
    place = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=place)
    python = place / "bin" / "python"
    paths = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(python, "-I", "-c", paths, cwd=place).strip())
    here = sysconfig.get_path("purelib")
    run(python, "-m", "installer", wheel, cwd=place, PYTHONPATH=here)
    for name in declared("klarsyn"):
        for file in metadata.files(name) or []:
            top = file.parts[0]
            if top not in {"..", "__pycache__"} and not (packages / top).exists():
                (packages / top).symlink_to(Path(here, top))
    return place


def test_data_files_are_shipped(inside):
    """
    Every template, style sheet, query and marker of the source is in the wheel.
    """
    wanted = {
        path.relative_to(SOURCE.parent).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and path.suffix not in NOT_SHIPPED
    }

    assert set() == wanted - inside


def test_catalogues_are_compiled(inside):
    """
    A language is shipped as .mo, made by the build; sources of translations are not shipped.
    """
    wanted = {
        path.relative_to(SOURCE.parent).with_suffix(".mo").as_posix()
        for path in SOURCE.rglob("*.po")
    }

    assert wanted == {name for name in inside if name.endswith(".mo")}
    assert [] == [name for name in inside if name.endswith((".po", ".pot"))]


def test_nothing_else_is_shipped(inside):
    """
    The wheel holds the package, its metadata and licence; no test, script or cache.
    """
    tops = {name.partition("/")[0] for name in inside}

    assert {"klarsyn", f"klarsyn-{metadata.version('klarsyn')}.dist-info"} == tops
    assert [] == [name for name in inside if name.endswith(".pyc")]


def test_catalogues_are_the_same_in_every_build(wheel):
    """
    The wheel's catalogues are, byte for byte, what this checkout compiles.
    """
    with zipfile.ZipFile(wheel) as archive:
        for po in SOURCE.rglob("*.po"):
            name = po.relative_to(SOURCE.parent).with_suffix(".mo").as_posix()
            assert hatch_build.compiled(po) == archive.read(name)


def test_command_runs_without_the_source(installed, tmp_path):
    """
    The installed command starts, and what it runs is the wheel's code.
    """
    command = installed / "bin" / "klarsyn"
    where = "import klarsyn; print(klarsyn.__file__)"
    module = run(installed / "bin" / "python", "-I", "-c", where, cwd=tmp_path).strip()

    assert Path(module).is_relative_to(installed)
    assert metadata.version("klarsyn") in run(command, "--version", cwd=tmp_path)
    assert "Usage" in run(command, "--help", cwd=tmp_path)
