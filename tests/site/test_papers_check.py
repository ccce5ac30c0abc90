"""The checker of papers: a good PDF passes what others say of it, a bad one fails."""

import shutil

import pytest
import typst

from klarsyn.publication.papers.pdf import pdf
from scripts import papers_check
from tests.publication.papers.desk import named

NEEDS = {"poppler": "pdfinfo", "qpdf": "qpdf"}


@pytest.fixture
def good(tmp_path):
    """A paper as it is exported."""
    file = tmp_path / "nordlys" / "en" / "good.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(pdf(named("nordlys", "en", "supervision")))
    return file


@pytest.fixture
def bad(tmp_path):
    """A PDF without tags, title and language; half of it is missing, so that nothing holds."""
    file = tmp_path / "bad.pdf"
    content = typst.compile(b"Hello", pdf_tags=False)
    file.write_bytes(content[: len(content) // 2])
    return file


def always_wrong(file):
    """A check that nothing passes."""
    return [f"{file.name} is wrong"]


@pytest.mark.parametrize("name", papers_check.CHECKS)
def test_check_lets_a_good_paper_pass_and_no_bad_one(name, good, bad):
    """
    Each of the foreign programs can say no.
    """
    command = NEEDS.get(name)
    if command and shutil.which(command) is None:
        pytest.skip(f"{command} is not on this machine")
    check = papers_check.CHECKS[name]

    assert [] == check(good)
    try:
        told = check(bad)
    except Exception as refusal:  # noqa: BLE001  (each program refuses in its own way)
        told = [str(refusal)]
    assert [] != told


def test_missing_program_is_said_and_fails_nothing(monkeypatch, good, capsys):
    """
    A machine without qpdf says so.
    """
    monkeypatch.setattr(shutil, "which", {}.get)

    assert papers_check.passed("qpdf", papers_check.qpdf, [good])
    assert "not run: qpdf: qpdf is not on this machine\n" == capsys.readouterr().out


def test_failure_names_the_paper(capsys, good):
    """
    Example, language and name of the file, and what is wrong.
    """
    assert not papers_check.passed("always", always_wrong, [good])
    assert (
        "always: 0 of 1 passed\n  nordlys/en/good.pdf: good.pdf is wrong\n"
        == capsys.readouterr().out
    )


def test_pictures_are_kept_of_the_languages_asked_for(good, tmp_path):
    """
    Every page is drawn; kept are those that somebody wants to look at.
    """
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not on this machine")

    assert 1 == papers_check.draw([good], tmp_path / "pictures", [])
    assert not (tmp_path / "pictures").exists()
    assert 1 == papers_check.draw([good], tmp_path / "pictures", ["en"])
    assert ["good-1.png"] == [one.name for one in (tmp_path / "pictures").rglob("*.png")]
