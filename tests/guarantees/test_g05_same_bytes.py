"""G5. The same register, history, day and version give the same bytes."""

import pytest

from tests.guarantees.folders import contents, klarsyn, written

pytestmark = pytest.mark.slow  # a process for each build


def published(folder, **environment):
    """Return the bytes of a site that a process of its own builds."""
    done = klarsyn(folder, "publish", "site", "--date", "2026-11-22", **environment)
    assert 0 == done.returncode, done.stderr
    return contents(folder / "site")


def test_two_processes_write_the_same_bytes(tmp_path):
    """
    Another hash seed, time zone, language at the terminal, and folder: nothing of it shows.
    """
    one = published(written(tmp_path / "one"), PYTHONHASHSEED="1", TZ="UTC", KLARSYN_LANG="en")
    two = published(
        written(tmp_path / "elsewhere" / "two"),
        PYTHONHASHSEED="2",
        TZ="Pacific/Auckland",
        KLARSYN_LANG="sv",
    )

    assert one == two


def test_cache_changes_nothing(tmp_path):
    """
    Files that were read before give the same site as files read for the first time.
    """
    folder = written(tmp_path / "one")
    cold = published(folder, XDG_CACHE_HOME=str(tmp_path / "cache"))
    warm = published(folder, XDG_CACHE_HOME=str(tmp_path / "cache"))

    assert cold == warm
