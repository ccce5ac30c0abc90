import pytest

from klarsyn import settings
from klarsyn.errors import SettingsError


def written(folder, text):
    """Write klarsyn.yaml and return its folder."""
    (folder / "klarsyn.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(folder):
    """Return what is refused."""
    with pytest.raises(SettingsError) as refusal:
        settings.load(folder)
    return [str(one) for one in refusal.value.problems]


def test_paths_are_made_whole(tmp_path):
    """
    The register lies beside klarsyn.yaml, wherever the command is run.
    """
    read = settings.load(written(tmp_path, "format: 1\nregister: ours/register\n"))

    assert tmp_path == read.folder
    assert tmp_path / "ours" / "register" == read.register


def test_register_has_a_usual_name(tmp_path):
    """
    Without a word about it, the folder is called register.
    """
    assert tmp_path / "register" == settings.load(written(tmp_path, "format: 1\n")).register


def test_cache_is_in_the_home(tmp_path, empty_home):
    """
    What was parsed before is kept where the system keeps such things.
    """
    assert (
        empty_home / ".cache" / "klarsyn" == settings.load(written(tmp_path, "format: 1\n")).cache
    )


def test_cache_follows_the_system(tmp_path, monkeypatch):
    """
    XDG_CACHE_HOME moves it.
    """
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))

    expected = tmp_path / "elsewhere" / "klarsyn"
    assert expected == settings.load(written(tmp_path, "format: 1\n")).cache


def test_missing_file_tells_how_to_begin(tmp_path):
    """
    Who runs klarsyn in the wrong folder is told what to do.
    """
    (told,) = problems(tmp_path)

    assert "there is no klarsyn.yaml" in told
    assert "klarsyn init" in told
    assert "-C" in told


def test_folder_of_that_name_is_no_file(tmp_path):
    """
    A folder called klarsyn.yaml is as good as none.
    """
    (tmp_path / "klarsyn.yaml").mkdir()

    assert "there is no klarsyn.yaml" in problems(tmp_path)[0]


def test_every_mistake_is_told(tmp_path):
    """
    Two mistakes, two lines, and what would be right.
    """
    assert [
        "klarsyn.yaml:1: format is '2': write one of: 1",
        "klarsyn.yaml:2: the key 'registre' is not known here: did you mean 'register'?",
    ] == problems(written(tmp_path, "format: 2\nregistre: register\n"))


def test_empty_file_is_refused(tmp_path):
    """
    An empty file says nothing, not even its format.
    """
    assert ["klarsyn.yaml:1: the file is empty: begin with `format: 1`"] == problems(
        written(tmp_path, "")
    )
