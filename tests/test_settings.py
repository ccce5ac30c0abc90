from datetime import time, timedelta

import pytest

from klarsyn import settings
from klarsyn.errors import SettingsError
from klarsyn.settings import Ceilings


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


def test_four_eyes_are_wanted_unless_somebody_says_no(tmp_path):
    """
    A company of one may say no; nobody switches it off by leaving it out.
    """
    assert settings.load(written(tmp_path, "format: 1\n")).four_eyes
    assert not settings.load(written(tmp_path, "format: 1\nfour_eyes: false\n")).four_eyes


def test_evidence_is_kept_for_a_period(tmp_path):
    """
    Two years where nothing is said; what is no period is refused.
    """
    assert "P2Y" == settings.load(written(tmp_path, "format: 1\n")).keep_evidence
    assert (
        "P18M" == settings.load(written(tmp_path, "format: 1\nkeep_evidence: P18M\n")).keep_evidence
    )
    (told,) = problems(written(tmp_path, "format: 1\nkeep_evidence: for ever\n"))
    assert "a period such as P90D, P18M or P2Y" in told


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("every: PT30M", timedelta(minutes=30)),
        ("every: PT2H", timedelta(hours=2)),
        ("every: P1D", timedelta(days=1)),
        ("daily: 03:00", None),
    ],
)
def test_schedule_says_how_often_or_when(tmp_path, written_as, expected):
    """
    A time of day needs no quotation marks: it is read as its place expects.
    """
    text = f"format: 1\nschedules:\n  deliver: {{{written_as}}}\n"
    (schedule,) = settings.load(written(tmp_path, text)).schedules.values()

    assert expected == schedule.period
    assert time(3 if expected is None else 0) == schedule.time_of_day


def test_schedule_that_says_nothing_or_both_is_refused(tmp_path):
    """
    Each on its own line, like every other mistake.
    """
    text = "format: 1\nschedules:\n  a: {}\n  b: {every: PT1H, daily: 03:00}\n"

    assert [
        "klarsyn.yaml:3: this does not say when: write either `every` or `daily`",
        "klarsyn.yaml:4: this does not say when: write either `every` or `daily`",
    ] == problems(written(tmp_path, text))


@pytest.mark.parametrize("wrong", ["every: hourly", "every: PT0H", "daily: 25:00", "daily: 3"])
def test_time_that_is_none_is_refused(tmp_path, wrong):
    """
    What cannot be read is not guessed.
    """
    (told,) = problems(written(tmp_path, f"format: 1\nschedules:\n  a: {{{wrong}}}\n"))

    assert told.startswith("klarsyn.yaml:3: ")


def test_ceilings_have_sensible_values(tmp_path):
    """
    Each may be set by itself.
    """
    folder = written(tmp_path, "format: 1\nceilings: {removals: 3}\n")

    assert Ceilings(removals=3, percent=25, few=50) == settings.load(folder).ceilings


def test_ceiling_is_a_whole_number_in_its_range(tmp_path):
    """
    A part of all people is given in percent.
    """
    folder = written(tmp_path, "format: 1\nceilings: {removals: -1, percent: 101}\n")

    assert [
        "klarsyn.yaml:2: ceilings.removals is '-1': write a whole number, 0 or more",
        "klarsyn.yaml:2: ceilings.percent is '101': write a whole number from 0 to 100",
    ] == problems(folder)
