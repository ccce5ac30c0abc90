"""G2. A folder that Klarsyn did not write is never replaced."""

import pytest

from tests.guarantees.folders import contents, klarsyn, written


@pytest.mark.parametrize("name", ["thesis.txt", "index.html", ".git/config", "a/b/c.jpg"])
def test_folder_of_somebody_else_is_left_alone(tmp_path, name):
    """
    Anything in the folder that does not bear our mark: refused, and every byte still there.
    """
    folder = written(tmp_path)
    mine = folder / "site" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("years of work")

    refused = klarsyn(folder, "publish", "site")

    assert 13 == refused.returncode
    assert "[output-refused]" in refused.stderr
    assert {name: b"years of work"} == contents(folder / "site")


def test_register_cannot_be_published_over_itself(tmp_path):
    """
    The nearest folder at hand is the register's own.
    """
    folder = written(tmp_path)
    before = contents(folder)

    assert 13 == klarsyn(folder, "publish", "register").returncode
    assert 13 == klarsyn(folder, "publish", ".").returncode
    assert before == contents(folder)


def test_file_is_left_alone(tmp_path):
    """
    A file of the name that was given stays a file.
    """
    folder = written(tmp_path)
    (folder / "site").write_text("mine")

    assert 13 == klarsyn(folder, "publish", "site").returncode
    assert "mine" == (folder / "site").read_text()
