import json
import re
from pathlib import Path

import msgspec
import pytest

from klarsyn import yamlfiles
from klarsyn.register import loading, schemas
from tests.acceptance.processes import EXAMPLES, klarsyn
from tests.publication.jsonschemas import complaints

KINDS = ("klarsyn", "company", "elements", "purposes", "vendor", "score", "customers", "accepted")
FOLDERS = {"vendors": "vendor", "scores": "score"}
FILES = sorted(path.relative_to(EXAMPLES) for path in EXAMPLES.rglob("*.yaml"))


def kind_of(path: Path) -> str:
    """Return the kind of an example's file."""
    return FOLDERS.get(path.parent.name, path.stem)


def plain(path: Path):
    """Return what a file holds, as JSON would."""
    loaded = yamlfiles.load(EXAMPLES / path, schemas.KINDS[kind_of(path)], shown=path.name)
    assert () == loaded.problems
    return msgspec.to_builtins(loaded.value, str_keys=True)


@pytest.fixture(scope="module")
def printed():
    """The schema of every kind, read."""
    return {kind: json.loads(schemas.schema(kind)) for kind in KINDS}


def test_kinds_are_those_of_the_files():
    """
    Each file that the register reads has its kind, and klarsyn.yaml has one.
    """
    read = {*loading.NEEDED.values(), *loading.OPTIONAL.values(), *loading.FOLDERS.values()}

    assert KINDS == tuple(schemas.KINDS)
    assert read == set(schemas.KINDS.values()) - {schemas.KINDS["klarsyn"]}


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_printed_as_json(kind):
    """
    `klarsyn schema KIND` prints one JSON document of the dialect 2020-12.
    """
    done = klarsyn("schema", kind)
    found = json.loads(done.stdout)

    assert 0 == done.returncode
    assert "https://json-schema.org/draft/2020-12/schema" == found["$schema"]
    assert schemas.schema(kind).decode() == done.stdout


@pytest.mark.parametrize("path", FILES, ids=str)
def test_schema_accepts_the_real_files(printed, path):
    """
    What the register reads an editor does not underline.
    """
    assert [] == complaints(plain(path), printed[kind_of(path)])


@pytest.mark.parametrize("path", FILES, ids=str)
def test_schema_for_any_file_accepts_the_real_files(path):
    """
    Without a kind, a file of any kind fits.
    """
    assert [] == complaints(plain(path), json.loads(schemas.schema()))


def test_schema_underlines_an_unknown_key(printed):
    """
    A misspelt key is wrong in the editor as it is in the register.
    """
    vendor = plain(Path("nordlys/register/vendors/puffinpost.yaml"))

    assert ["/entty: is not known"] == complaints({**vendor, "entty": {}}, printed["vendor"])


def test_schema_underlines_a_wrong_word(printed):
    """
    A closed set is closed in the editor too, and what is needed is missed.
    """
    vendor = plain(Path("nordlys/register/vendors/puffinpost.yaml"))
    without = {key: value for key, value in vendor.items() if key != "entity"}

    assert [": lacks entity"] == complaints(without, printed["vendor"])
    assert 1 == len(complaints({**vendor, "kind": "newsletters"}, printed["vendor"]))


@pytest.mark.parametrize("kind", KINDS)
def test_patterns_are_those_that_editors_know(kind):
    r"""
    JSON Schema's patterns are ECMA-262: \A and \Z, which only Python knows, fail there.
    """
    text = schemas.schema(kind).decode()
    patterns = re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', text)

    assert [] == sorted({one for one in patterns if re.search(r"\\\\[AZz]|\(\?P", one)})


def test_unknown_kind_names_those_there_are():
    """
    15: the kinds are told.
    """
    done = klarsyn("schema", "vendors")

    assert 15 == done.returncode
    assert "" == done.stdout
    assert [] == [kind for kind in KINDS if kind not in done.stderr]


def test_schemas_are_written_for_an_editor(tmp_path):
    """
    --out writes one file for each kind, as printed.
    """
    done = klarsyn("schema", "--out", tmp_path / "schemas")

    assert 0 == done.returncode
    assert {f"{kind}.json": schemas.schema(kind) for kind in KINDS} == {
        path.name: path.read_bytes() for path in (tmp_path / "schemas").iterdir()
    }


def test_one_schema_is_written_when_one_is_named(tmp_path):
    """
    --out with a kind writes that file and no other.
    """
    klarsyn("schema", "vendor", "--out", tmp_path)

    assert ["vendor.json"] == [path.name for path in tmp_path.iterdir()]
