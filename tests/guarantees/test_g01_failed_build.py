"""G1. A build that fails leaves the published site untouched."""

import pytest

from tests.guarantees.folders import contents, klarsyn, written
from tests.register.builders import COMPANY, ELEMENTS, VENDOR, swap

pytestmark = pytest.mark.slow  # a process for each build

ONE = "languages: [en]"

SPOILT = {
    "broken reference": swap(VENDOR, "purpose: support", "purpose: supprt"),
    "another language": swap(COMPANY, "{en: Processors of Fjordkraft}", "{en: Vores leverandører}"),
    "unreadable colour": swap(COMPANY, ONE, ONE + '\nlook: {accent: "#ffff00"}'),
    "one label for two": swap(ELEMENTS, "{en: Name}", "{en: E-mail address}"),
    "missing logo": swap(COMPANY, ONE, ONE + "\nlook: {logo: logo.svg}"),
    "no YAML": swap(VENDOR, "format: 1", "format: [1"),
}  # fmt: skip


@pytest.mark.parametrize("edit", SPOILT.values(), ids=SPOILT)
def test_failed_build_leaves_every_file_as_it_was(tmp_path, edit):
    """
    Each way in which a build can fail: the old site stays, to the byte, and nothing lies beside.
    """
    folder = written(tmp_path)
    assert 0 == klarsyn(folder, "publish", "site").returncode
    before = contents(folder / "site")
    beside = sorted(path.name for path in folder.iterdir())

    written(folder, edit)
    failed = klarsyn(folder, "publish", "site")

    assert failed.returncode in {11, 12}, failed.stderr
    assert before == contents(folder / "site")
    assert beside == sorted(path.name for path in folder.iterdir())


def test_failed_first_build_leaves_nothing(tmp_path):
    """
    Where there was no site, there is none afterwards.
    """
    folder = written(tmp_path, SPOILT["another language"])

    assert 12 == klarsyn(folder, "publish", "site").returncode
    assert not (folder / "site").exists()
