import hashlib
from datetime import date

import pytest

from klarsyn.errors import OutputRefused, RegisterError, RegisterExists
from klarsyn.language import translator
from klarsyn.register import load
from klarsyn.register.drafts import starting
from klarsyn.register.drafts.draft import draft
from klarsyn.register.drafts.draftcompany import Answers
from klarsyn.register.drafts.handwritten import LARGEST_PAGE, read_page


@pytest.fixture
def files():
    """The files of a small register."""
    return draft(Answers(name="Acme", vendors=("Slack",)), date(2026, 11, 22)).files


def below(folder):
    """Return the files below a folder."""
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())


@pytest.mark.parametrize("place", ["new", "new/within", "."])
def test_register_is_written_whole(tmp_path, files, place):
    """
    In a new folder, below one, or in one that is there.
    """
    starting.begin(tmp_path / place, files)

    assert sorted(files) == below(tmp_path / place)
    assert "Acme" == load(tmp_path / place / "register").company.name


def test_what_lies_in_the_folder_is_left_alone(tmp_path, files):
    """
    Other files stay as they are.
    """
    (tmp_path / "notes.txt").write_text("mine")

    starting.begin(tmp_path, files)

    assert sorted([*files, "notes.txt"]) == below(tmp_path)


@pytest.mark.parametrize("name", ["klarsyn.yaml", "register"])
def test_register_that_is_there_is_never_written_over(tmp_path, files, name):
    """
    Half a register is one too.
    """
    (tmp_path / name).mkdir()

    with pytest.raises(RegisterExists):
        starting.begin(tmp_path, files)

    assert [name] == [one.name for one in tmp_path.iterdir()]


def test_register_that_does_not_load_is_not_written(tmp_path, files):
    """
    What was written is read back before it is put in its place.
    """
    files["register/company.yaml"] = b"format: 1\n"

    with pytest.raises(RegisterError):
        starting.begin(tmp_path / "new", files)

    assert [] == list(tmp_path.iterdir())


def test_failure_halfway_leaves_nothing(tmp_path, files):
    """
    A name that is taken in the last moment undoes what was moved before.
    """
    (tmp_path / "page.txt").mkdir()
    (tmp_path / "page.txt" / "full").touch()

    with pytest.raises(OutputRefused):
        starting.begin(tmp_path, {**files, "page.txt": b"page"})

    assert ["page.txt/full"] == below(tmp_path)


def test_folder_that_is_a_file_is_refused(tmp_path, files):
    """
    The reason is told, with a remedy.
    """
    (tmp_path / "file").touch()

    with pytest.raises(OutputRefused) as refusal:
        starting.begin(tmp_path / "file", files)

    assert refusal.value.remedy


def test_page_is_copied_unless_it_lies_there(tmp_path):
    """
    Under its own name, or one with its hash where that is taken.
    """
    page = tmp_path / "page.txt"
    page.write_bytes(b"page")
    other = tmp_path / "other"
    other.mkdir()
    sha256 = hashlib.sha256(b"page").hexdigest()

    assert ("page.txt", {}) == _named(starting.page_file(tmp_path, page, b"page"))
    assert ("page.txt", {"page.txt": b"page"}) == _named(starting.page_file(other, page, b"page"))
    (other / "page.txt").write_bytes(b"mine")
    name = f"page-{sha256[:8]}.txt"
    assert (name, {name: b"page"}) == _named(starting.page_file(other, page, b"page"))


def _named(made):
    return made[0].name, made[1]


def test_no_more_of_a_file_is_read_than_refuses_it(tmp_path):
    """
    A film that was named by mistake does not fill the memory.
    """
    film = tmp_path / "film"
    film.write_bytes(b"x" * (LARGEST_PAGE + 1000))

    assert LARGEST_PAGE + 1 == len(starting.read_bounded(film))


def test_account_tells_the_use_of_every_line():
    """
    In the numbers of the page, with what was not understood at the end.
    """
    text = "Acme vendors\n\nSlack (chat)\n- Name\n- E-mail\n"

    told = starting.account(read_page(text, html=False, language="en"), translator("en"))

    assert "4 lines: 1 title, 1 heading, 2 elements, 0 not understood" == told
