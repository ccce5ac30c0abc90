import pytest

from klarsyn.errors import OutputRefused, UnknownName
from klarsyn.publication.papers import (
    FORMATS,
    Choice,
    all_files,
    commission,
    export,
    export_all,
    save,
)
from tests.publication.sites import DAY, example, spoken
from tests.register import builders


def test_language_is_the_companys_first_unless_another_is_asked_for():
    """
    The company's languages, no others.
    """
    register = example("nordlys")

    assert "sv" == commission(register, DAY).language
    assert "fi" == commission(register, DAY, "fi").language
    with pytest.raises(UnknownName, match=r"Fjordkraft does not publish in sv\. Name one of: en"):
        commission(builders.register(), DAY, "sv")


def test_formats_are_what_they_say():
    """
    One paper in each.
    """
    order = commission(builders.register(), DAY)
    made = {form: export(order, Choice("supervision"), form) for form in FORMATS}

    assert made["md"].startswith(b"# Plan for")
    assert made["html"].startswith(b"<!doctype html>")
    assert made["pdf"].startswith(b"%PDF-")


def test_all_files_have_language_name_and_ending():
    """
    Every paper, in every language, in each format asked for.
    """
    files = all_files(spoken(example("nordlys"), "sv", "da"), DAY, ["md", "html"])

    assert 16 * 2 * 2 == len(files)
    assert {"sv/ropa-processor.md", "da/scc-2021-914-relaygrove.html"} <= set(files)


def test_same_register_gives_the_same_bytes():
    """
    G5: and the order of the formats changes nothing.
    """
    register = spoken(example("nordlys"), "de")

    assert all_files(register, DAY, ["md", "html"]) == all_files(register, DAY, ["html", "md"])


def test_folder_holds_the_papers_and_nothing_else(tmp_path):
    """
    G1, G2: at one stroke, and only a folder of our own.
    """
    out = tmp_path / "papers"
    register = builders.register()

    assert 5 == export_all(register, DAY, ["md"], out)
    assert 5 == len(list(out.rglob("*.md")))
    assert 5 == export_all(register, DAY, ["html"], out)
    assert [] == list(out.rglob("*.md"))
    (out / "mine.txt").write_text("x")
    with pytest.raises(OutputRefused):
        export_all(register, DAY, ["md"], out)


def test_file_is_written_at_one_stroke(tmp_path):
    """
    What lay there is replaced, nothing is left beside it, and others may read it.
    """
    file = tmp_path / "paper.md"
    file.write_bytes(b"old")
    save(b"new", file)

    assert b"new" == file.read_bytes()
    assert [file] == list(tmp_path.iterdir())
    assert 0o644 == file.stat().st_mode & 0o777


def test_file_that_cannot_be_written_is_refused(tmp_path):
    """
    No folder there; a folder in its place leaves nothing behind.
    """
    (tmp_path / "folder").mkdir()
    for file in (tmp_path / "nowhere" / "paper.md", tmp_path / "folder"):
        with pytest.raises(OutputRefused, match="cannot be written"):
            save(b"x", file)

    assert ["folder"] == [one.name for one in tmp_path.iterdir()]
