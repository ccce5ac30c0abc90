import gettext
import io
import shutil
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

import hatch_build

PO = """\
msgid ""
msgstr ""
"Language: sv\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Vendors"
msgstr "Leverantörer"

#, fuzzy
msgid "Purpose"
msgstr "Gissat"
"""


def catalogue(root, text=PO):
    """Write a Swedish catalogue where the hook looks."""
    po = root / hatch_build.LOCALES / "sv" / "LC_MESSAGES" / "klarsyn.po"
    po.parent.mkdir(parents=True)
    po.write_text(text, encoding="utf-8")
    return po


def test_no_catalogues_is_fine(tmp_path):
    """
    A tree without one translation builds.
    """
    assert [] == hatch_build.compile_catalogues(tmp_path)


def test_catalogue_is_compiled_beside_its_source(tmp_path):
    """
    Confirmed texts are there; a fuzzy one stays in the source language.
    """
    po = catalogue(tmp_path)

    assert [po.with_suffix(".mo")] == hatch_build.compile_catalogues(tmp_path)

    texts = gettext.GNUTranslations(io.BytesIO(po.with_suffix(".mo").read_bytes()))
    assert "Leverantörer" == texts.gettext("Vendors")
    assert "Purpose" == texts.gettext("Purpose")


def test_bytes_do_not_depend_on_the_day(tmp_path):
    """
    A catalogue that names no date gets the same one in every build.
    """
    assert b"POT-Creation-Date: 1970-01-01" in hatch_build.compiled(catalogue(tmp_path))


def hook(root):
    """Return the hook as hatchling makes it."""
    builder = WheelBuilder(str(root), config={"project": {"name": "klarsyn", "version": "1"}})
    config = {"compiled": ["mypy[mypyc]"]}
    bound = (str(root), config, builder.config, builder.metadata)
    return hatch_build.Compilation(*bound, str(root), "wheel")


@pytest.mark.parametrize("switch", [None, "", "0"])
def test_nothing_is_compiled_unasked(tmp_path, monkeypatch, switch):
    """
    Without the switch a build needs no compiler, and its wheel is for every platform.
    """
    if switch is not None:
        monkeypatch.setenv("KLARSYN_COMPILED", switch)
    build_data: dict[str, Any] = {"force_include": {}, "pure_python": True, "infer_tag": False}
    before = {**build_data}
    hook(tmp_path).initialize("standard", build_data)

    assert before == build_data
    assert [] == hook(tmp_path).dependencies()


def test_an_editable_install_stays_python(tmp_path, monkeypatch):
    """
    A developer who exported the switch still imports the source.
    """
    monkeypatch.setenv("KLARSYN_COMPILED", "1")
    build_data: dict[str, Any] = {}
    hook(tmp_path).initialize("editable", build_data)

    assert {} == build_data


compiles = pytest.mark.skipif(
    shutil.which("cc") is None or not Path(sysconfig.get_path("include"), "Python.h").is_file(),
    reason="no C compiler here, or no headers of Python",
)
IN_C = """
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "_two"};
PyMODINIT_FUNC PyInit__two(void) { return PyModuleDef_Init(&module); }
"""


def recognition(root, text):
    """Write a package of one module, and one in C, where recognition lies."""
    package = root / "src" / "klarsyn" / "recognition"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "one.py").write_text(text, encoding="utf-8")
    (package / "_two.c").write_text(IN_C, encoding="utf-8")


@compiles
@pytest.mark.slow
def test_compiled_modules_go_into_the_wheel_alone(tmp_path, monkeypatch):
    """
    Beside their sources in the wheel, which is of this platform; nothing is left in the checkout.
    """
    monkeypatch.setenv("KLARSYN_COMPILED", "1")
    recognition(tmp_path, "def twice(number: int) -> int:\n    return number * 2\n")
    before = sorted(tmp_path.rglob("*"))
    build_data: dict[str, Any] = {"force_include": {}}
    asked = hook(tmp_path)
    asked.initialize("standard", build_data)
    built = build_data.pop("force_include")
    there = [path for path in built if Path(path).exists()]
    asked.finalize("standard", build_data, "")

    assert {"pure_python": False, "infer_tag": True} == build_data
    names = sorted(name.partition(".")[0] for name in built.values())
    package = "klarsyn/recognition"
    assert [f"{package}/_two", f"{package}/one", "klarsyn_recognition__mypyc"] == names
    assert list(built) == there
    assert before == sorted(tmp_path.rglob("*"))
    assert [] == [path for path in there if Path(path).exists()]


@pytest.mark.slow
def test_a_mistake_in_a_type_stops_the_build(tmp_path):
    """
    What mypyc refuses makes no wheel that lacks a part.
    """
    recognition(tmp_path, "def twice(number: int) -> str:\n    return number\n")

    with pytest.raises(RuntimeError, match="could not be compiled"):
        hatch_build.compile_recognition(tmp_path, tmp_path / "room")
