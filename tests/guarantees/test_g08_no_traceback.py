"""G8. No file of a user makes Klarsyn end in a traceback."""

import random

import pytest

from scripts import fuzz
from tests.guarantees.folders import klarsyn, written

pytestmark = pytest.mark.slow  # a process for each build

CASES = 150
STRANGE = {
    "nothing": b"",
    "zeros": b"\0" * 100,
    "no text": bytes(range(256)),
    "brackets": b"[" * 50_000,
    "one word": b"hello",
    "a list": b"- 1\n- 2\n",
    "an alias": b"a: &x 1\nb: *x\n",
    "another form": b"format: 2\n",
    "a number": b"12345678901234567890\n",
}


def test_spoilt_registers_end_in_a_refusal_or_load(tmp_path):
    """
    A sample of the fuzz; `just fuzz` tries 100,000.
    """
    tally = fuzz.try_cases(20261122, range(CASES), tmp_path)

    assert [] == tally.failures
    assert CASES == tally.endings.total()


@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize(
    "name", ["klarsyn.yaml", "register/company.yaml", "register/vendors/vault.yaml"]
)
def test_strange_file_is_refused_with_its_name(tmp_path, name, content):
    """
    The command line says which file, and ends with its own exit code.
    """
    folder = written(tmp_path)
    (folder / name).write_bytes(content)
    done = klarsyn(folder, "check")

    assert done.returncode in {10, 11}
    assert name.rpartition("/")[2] in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["page.txt", "page.html"])
def test_strange_page_is_refused_or_drafted(tmp_path, name):
    """
    `init --from` meets what people have saved: noise, half a page, nothing at all.
    """
    rng = random.Random(8)  # noqa: S311  (the same noise every time)
    for number, content in enumerate(
        [*STRANGE.values(), rng.randbytes(2_000), b"<table><tr><td>" * 99]
    ):
        (tmp_path / name).write_bytes(content)
        done = klarsyn(tmp_path, "init", f"new{number}", "--from", name)

        assert done.returncode in {0, 14}, done.stderr
        assert "Traceback" not in done.stderr
