import pytest

from tests.acceptance.processes import EXAMPLES, klarsyn
from tests.cli.test_publish import contents, written

DAY = ("--date", "2026-11-22")


@pytest.fixture
def company(tmp_path):
    """The small register beside a klarsyn.yaml, in English."""
    written(tmp_path)
    return tmp_path


def test_paper_is_printed(company):
    """
    Markdown to stdout, in the company's first language, whatever the terminal speaks.
    """
    done = klarsyn("export", "supervision", *DAY, folder=company, KLARSYN_LANG="sv")

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith("# Plan for the supervision of processors\n")


def test_paper_in_another_language_and_format(company):
    """
    -o names the file; the language is one of the company's.
    """
    done = klarsyn(
        "-C", EXAMPLES / "nordlys", "export", "ropa", "--role", "processor", "--language", "nb",
        "--format", "html", "-o", company / "ropa.html", *DAY,
    )  # fmt: skip

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    assert '<html lang="nb">' in (company / "ropa.html").read_text()


def test_list_tells_what_can_be_made(company):
    """
    Without a paper, the same list.
    """
    told = klarsyn("export", "--list", folder=company).stdout

    assert told == klarsyn("export", folder=company).stdout
    assert "klarsyn export scc-2021-915 --vendor postdesk\n" in told
    assert "\nropa            records of processing" in told


def test_all_papers_are_written(company):
    """
    Every paper in every format asked for, into a folder of their own.
    """
    done = klarsyn(
        "export", "--all", "papers", "--format", "md", "--format", "pdf", *DAY, folder=company
    )

    assert (0, "10 files written\n") == (done.returncode, done.stdout)
    assert 10 + 1 == len(contents(company / "papers"))  # and the mark that it is ours
    assert (company / "papers/en/recipients.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nothing",), 15, "There is no paper called nothing. Name one of: scc-2021-914,"),
        (("scc-2021-914", "--vendor", "vault"), 18, "Vault has no transfer on standard"),
        (("ropa",), 18, "[paper-refused]"),
        (("recipients", "--language", "sv"), 15, "Fjordkraft does not publish in sv."),
        (("recipients", "--format", "docx"), 2, "docx"),
        (("recipients", "--all", "x"), 2, "--all takes --format and --date only."),
        (("recipients", "-o", "no/such/folder.md"), 13, "cannot be written"),
    ],
)
def test_refusal_has_its_own_exit_code(company, words, code, told):
    """
    Each is one line, with the next move.
    """
    done = klarsyn("export", *words, *DAY, folder=company)

    assert (code, "") == (done.returncode, done.stdout)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_pdf_can_be_piped(company):
    """
    To a file or a program; only a terminal is spared it.
    """
    done = klarsyn("export", "supervision", "--format", "pdf", "-o", "plan.pdf", folder=company)

    assert 0 == done.returncode, done.stderr
    assert (company / "plan.pdf").read_bytes().startswith(b"%PDF-")
