import json

import pytest

from tests.acceptance.processes import klarsyn

PERSONAL = ["Lindqvist", "070-1740605", "anna@rör.example", "121212-1212"]


@pytest.fixture
def notes(tmp_path):
    """Notes in three forms."""
    (tmp_path / "notes.txt").write_text(
        "Ring Anna Lindqvist på 070-1740605\n\nanna@rör.example, cpr 121212-1212\n",
        encoding="utf-8",
    )
    (tmp_path / "customers.csv").write_text(
        "id;fornavn;orgnr\n7;Xyzabc;988077917\n8;;\n", encoding="utf-8"
    )
    (tmp_path / "chat.jsonl").write_text(
        '{"from": {"epost": "anna@rör.example"}, "lines": ["tel 070-1740605", 5]}\n',
        encoding="utf-8",
    )
    return tmp_path


def test_counts_and_masked_excerpts(notes):
    """
    One row a category; nothing of it is personal.
    """
    done = klarsyn("recognise", notes / "notes.txt")

    assert 0 == done.returncode, done.stderr
    assert "notes.txt: 2 texts read." in done.stdout
    assert "PERSON" in done.stdout
    assert "1: A*** ********t" in done.stdout
    assert [] == [value for value in PERSONAL if value in done.stdout]


def test_json_counts(notes):
    """
    For programs: counts only.
    """
    done = klarsyn("recognise", notes / "notes.txt", "--format", "json")

    assert {
        "texts": 2,
        "findings": {"PERSON": 1, "EMAIL": 1, "PHONE": 1, "NATID": 1},
    } == json.loads(done.stdout)


def test_columns_of_a_table_tell_what_they_hold(notes):
    """
    By their names; the delimiter is declared.
    """
    done = klarsyn("recognise", notes / "customers.csv", "--delimiter", ";", "--format", "json")

    assert {"PERSON": 1, "ORGNR": 1} == json.loads(done.stdout)["findings"]


def test_keys_of_json_lines_tell_what_they_hold(notes):
    """
    At any depth.
    """
    done = klarsyn("recognise", notes / "chat.jsonl", "--format", "json", "--excerpts", "0")

    assert {"EMAIL": 1, "PHONE": 1} == json.loads(done.stdout)["findings"]


def test_nothing_found_is_no_promise(tmp_path):
    """
    It says so, and fails for nothing.
    """
    (tmp_path / "empty.txt").write_text("ingenting här\n", encoding="utf-8")
    done = klarsyn("recognise", tmp_path / "empty.txt")

    assert 0 == done.returncode
    assert "no proof" in done.stdout


def test_a_file_that_is_not_there(tmp_path):
    """
    2, as for every wrong argument.
    """
    assert 2 == klarsyn("recognise", tmp_path / "none.txt").returncode
