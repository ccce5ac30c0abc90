import builtins
import io
import re
import shutil
import subprocess

import page as somebody_elses
import pikepdf
import pytest

from klarsyn.errors import PaperRefused
from klarsyn.publication.papers.pdf import breakable, pdf
from tests.publication.papers import hostile
from tests.publication.papers.desk import every, named
from tests.publication.sites import LANGUAGES

UA_1 = somebody_elses.ValidationProfile.PDF_UA_1


def words(content, tmp_path):
    """Return the words of a PDF in reading order, by poppler; without places to break."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not on this machine")
    file = tmp_path / "paper.pdf"
    file.write_bytes(content)
    done = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
    return re.sub(r"[\s\u200b\u00ad]+", "", done.stdout.decode())


def failures(content):
    """Return what an independent validator has against a PDF as PDF/UA-1."""
    report = somebody_elses.validate_pdf_bytes(content, profile=UA_1)
    return [(one.rule_id, one.message) for one in report.failures]


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_are_pdf_ua(language):
    """
    Every paper of the complete example, by a validator that nobody here wrote.
    """
    found = {one.name: failures(pdf(one)) for one in every("nordlys", language)}

    assert 16 == len(found)
    assert {} == {name: told for name, told in found.items() if told}


def test_validator_can_say_no():
    """
    A PDF that is not tagged does not pass: the test above can fail.
    """
    with pikepdf.open(io.BytesIO(pdf(named("nordlys", "en", "recipients")))) as file:
        del file.Root.StructTreeRoot
        target = io.BytesIO()
        file.save(target)

    assert [] != failures(target.getvalue())


@pytest.mark.parametrize("language", LANGUAGES)
def test_file_says_language_title_and_day(language, tmp_path):
    """
    What a reader's program shows and a screen reader needs.
    """
    paper = named("nordlys", language, "recipients")
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf(paper))
    with pikepdf.open(file) as opened:
        metadata = opened.open_metadata()
        facts = {
            "language": str(opened.Root.Lang),
            "title": metadata["dc:title"],
            "part": metadata["pdfuaid:part"],
            "tagged": bool(opened.Root.MarkInfo.Marked),
        }

        assert language == facts["language"].partition("-")[0]
        assert paper.title == facts["title"]
        assert "1" == facts["part"]
        assert facts["tagged"]
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20261122")


def test_same_paper_is_the_same_bytes():
    """
    G5: no clock and no font of the machine.
    """
    paper = named("nordlys", "de", "scc-2021-914-relaygrove")

    assert pdf(paper) == pdf(paper)


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_no_text_becomes_markup(text, tmp_path):
    """
    Read back by poppler, each text stands there as written.
    """
    content = pdf(hostile.paper(text))
    wanted = re.sub(r"[\s\u200b\u00ad]+", "", text)

    assert [] == failures(content)
    assert hostile.TIMES <= words(content, tmp_path).count(wanted)


def test_long_words_stay_on_the_page(tmp_path):
    """
    A word longer than its column is broken, and whole again when it is read back.
    """
    content = pdf(hostile.paper(hostile.LONG))
    found = words(content, tmp_path).replace("-", "")

    assert hostile.LONG in found


def test_right_to_left_names_are_printed():
    """
    Hebrew stands in the fonts; the file is still PDF/UA.
    """
    assert [] == failures(pdf(hostile.paper(hostile.RIGHT_TO_LEFT)))


def test_letter_without_a_font_is_refused_and_named():
    """
    A name with a letter left out would be another name.
    """
    with pytest.raises(PaperRefused, match="中"):
        pdf(hostile.paper("中文有限公司"))


def test_another_failure_of_typst_is_told():
    """
    What Typst itself says comes along, cut to a line.
    """
    from klarsyn.publication.papers.pdf import _refusal

    assert "out of memory" in str(_refusal("out of memory"))


def test_missing_typst_is_told_with_the_remedy(monkeypatch):
    """
    PDF is an extra; without it the refusal says what to type.
    """
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PaperRefused) as refusal:
        pdf(named("nordlys", "en", "recipients"))

    assert "pip install klarsyn[pdf]" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Auftragsverarbeitungsvertrag", "Auftragsverarbeitungsvertrag"),
        ("privacy@nordlys.example", "privacy@\u200bnordlys.\u200bexample"),
        ("https://a.example/b-c", "https://\u200ba.\u200bexample/\u200bb-\u200bc"),
        ("x" * 45, f"{'x' * 30}\u200b{'x' * 15}"),
        ("short", "short"),
    ],
)
def test_addresses_and_endless_words_may_be_broken(text, expected):
    """
    The words of a language are left to hyphenation.
    """
    assert expected == breakable(text)
