import json
import os
import shutil

import pytest

from tests.acceptance.processes import EXAMPLES, klarsyn
from tests.publication.sites import read
from tests.register.builders import COMPANY, add, edited

DAY = ("--date", "2026-11-22")


@pytest.fixture
def company(tmp_path):
    """The small register beside a klarsyn.yaml, in English."""
    written(tmp_path)
    return tmp_path


def written(folder, *edits):
    """Write the small register after some edits."""
    (folder / "klarsyn.yaml").write_text("format: 1\n")
    for name, text in edited(*edits).items():
        path = folder / "register" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def contents(folder):
    """Return what lies in a folder, by path."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_site_is_published_beside_the_settings(company):
    """
    OUT is seen from where one stands; what to open is told.
    """
    done = klarsyn("publish", "public", *DAY, folder=company)

    assert 0 == done.returncode, done.stderr
    assert "12 pages published (en). Open public/index.html\n" == done.stdout
    assert (company / "public/en/vendors/postdesk.html").is_file()


def test_day_can_be_given(company):
    """
    The pages are as of the day that was asked for.
    """
    klarsyn("publish", "public", "--date", "2026-05-04", folder=company)
    page = read((company / "public/en/index.html").read_text()).root

    assert "4 May 2026" == page.every("time")[0].text


def test_another_directory_can_be_named(company, tmp_path_factory):
    """
    -C names the company's folder; OUT stays where one stands.
    """
    here = tmp_path_factory.mktemp("here")
    done = klarsyn("-C", company, "publish", "public", *DAY, folder=here)

    assert 0 == done.returncode
    assert (here / "public/subprocessors.json").is_file()


def test_second_publication_of_the_same_day_is_the_same(company):
    """
    Nothing changes from one run to the next.
    """
    klarsyn("publish", "one", *DAY, folder=company)
    klarsyn("publish", "two", *DAY, folder=company)
    one, two = (
        {path.relative_to(company / name): text for path, text in contents(company / name).items()}
        for name in ("one", "two")
    )

    assert one == two


def test_english_edition_of_klarpris_is_published(tmp_path):
    """
    A company that publishes in one language has one edition.
    """
    shutil.copytree(EXAMPLES / "klarpris", tmp_path, dirs_exist_ok=True)
    file = tmp_path / "register/company.yaml"
    text = file.read_text().replace("languages: [sv, da, nb, en, de, fi]", "languages: [en]")
    file.write_text(text.replace("not_reviewed: [de, fi]\n", ""))
    done = klarsyn("publish", "public", *DAY, folder=tmp_path)
    rows = json.loads((tmp_path / "public/subprocessors.json").read_text())["vendors"]

    assert 0 == done.returncode, done.stderr
    assert 16 == len(rows)
    assert "e-conomic" in [one["id"] for one in rows]


def test_unreadable_colour_leaves_the_old_site(company):
    """
    12: the mistake is told with file and line, and what is published stays.
    """
    klarsyn("publish", "public", *DAY, folder=company)
    before = contents(company / "public")
    written(company, add(COMPANY, 'look: {accent: "#ffffff"}\n'))
    done = klarsyn("publish", "public", *DAY, folder=company)
    line = len(edited()[COMPANY].splitlines()) + 1

    assert 12 == done.returncode
    assert done.stderr.startswith(f"register/company.yaml:{line}: #ffffff on #ffffff ")
    assert "[page-invalid]" in done.stderr
    assert "" == done.stdout
    assert before == contents(company / "public")


@pytest.mark.parametrize("out", [".", "register"])
def test_folder_of_somebody_else_is_refused(company, out):
    """
    13: the company's own folder is not replaced by its site.
    """
    before = contents(company)
    done = klarsyn("publish", out, *DAY, folder=company)

    assert 13 == done.returncode
    assert "[output-refused]" in done.stderr
    assert before == contents(company)


def test_place_that_cannot_be_written_is_refused(company):
    """
    13: below a file there is no folder; no traceback.
    """
    done = klarsyn("publish", "klarsyn.yaml/public", *DAY, folder=company)

    assert 13 == done.returncode
    assert "Traceback" not in done.stderr


def test_terminal_in_danish_changes_no_page(company):
    """
    The reader of the terminal and the reader of the page are two people.
    """
    klarsyn("publish", "one", *DAY, folder=company)
    done = klarsyn("publish", "two", *DAY, folder=company, LANG="da_DK.UTF-8")
    same = [(company / name / "en/index.html").read_bytes() for name in ("one", "two")]

    assert same[0] == same[1]
    assert "pages published" not in done.stdout


def test_files_read_long_ago_are_forgotten(company, tmp_path_factory):
    """
    What the cache kept for more than two months goes; what was just read stays.
    """
    home = tmp_path_factory.mktemp("cache")
    old = home / "klarsyn" / "vendor-1-old"
    old.parent.mkdir()
    old.write_bytes(b"old")
    os.utime(old, (0, 0))

    klarsyn("publish", "public", *DAY, folder=company, XDG_CACHE_HOME=str(home))

    assert not old.exists()
    assert [] != list(old.parent.glob("vendor-*"))
