import shutil
from datetime import date

import pytest

from klarsyn.errors import OutputRefused, PageError
from klarsyn.publication import publish
from klarsyn.publication.publishing import LARGEST_LOGO
from klarsyn.register import load
from tests.publication.sites import DAY, EXAMPLES
from tests.register.builders import COMPANY, HOST, VENDOR, add, edited, line, swap
from tests.register.repositories import ANOTHER_VENDOR, FIRST, SECOND, THIRD, Repository

LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
LOOK = add(COMPANY, "look: {logo: logo.svg}\n")


@pytest.fixture
def folder(tmp_path):
    """A folder for a register, beside it a place for a site."""
    return tmp_path / "register"


def written(folder, *edits, logo=None):
    """Write the small register after some edits, and read it."""
    for name, text in edited(*edits).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if logo is not None:
        (folder / "logo.svg").write_text(logo)
    return load(folder)


def test_register_is_published(folder, tmp_path):
    """
    The folder holds exactly the site, and the mark that it is ours.
    """
    site = publish(written(folder), tmp_path / "out", DAY)
    there = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }

    assert {".klarsyn-site"} == set(there) - set(site.files)
    assert dict(site.files) == {path: there[path] for path in site.files}
    # The choice of languages, overview, two vendors, three elements and their list, matrix, flows,
    # one score card, changes.
    assert 1 + 1 + 2 + 4 + 1 + 1 + 1 + 1 == site.pages


def test_example_is_published_as_it_lies_there(tmp_path):
    """
    KlarPris from its own folder, in all its languages.
    """
    shutil.copytree(EXAMPLES / "klarpris", tmp_path / "klarpris")
    register = load(tmp_path / "klarpris" / "register")
    site = publish(register, tmp_path / "out", DAY)

    assert 1 + 6 * 47 == site.pages


def test_failed_build_leaves_the_old_site(folder, tmp_path):
    """
    A page that would be unreadable stops all; what is published stays as it was.
    """
    out = tmp_path / "out"
    publish(written(folder), out, DAY)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    faint = line(COMPANY, "title: ", 'look: {accent: "#ffffff"}\ntitle: {en: Processors}')

    with pytest.raises(PageError):
        publish(written(folder, faint), out, DAY)

    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_site_is_not_written_over_the_register(folder):
    """
    OUT by mistake the register's own folder is refused.
    """
    register = written(folder)

    with pytest.raises(OutputRefused):
        publish(register, folder, DAY)

    assert (folder / VENDOR).is_file()


def test_day_of_the_last_change_is_never_after_the_day_of_publication(folder, tmp_path):
    """
    Without a history the site says the day that it was published as of.
    """
    publish(written(folder), tmp_path / "out", date(2026, 5, 4))

    assert "4 May 2026" in (tmp_path / "out/en/index.html").read_text()


# The logo


def test_logo_is_published_under_its_hash(folder, tmp_path):
    """
    A plain drawing is shown on every page, named by its hash.
    """
    site = publish(written(folder, LOOK, logo=LOGO), tmp_path / "out", DAY)
    names = [path for path in site.files if path.startswith("assets/logo.")]

    assert 1 == len(names)
    assert LOGO.encode() == site.files[names[0]]
    assert f'src="../{names[0]}" alt=""'.encode() in site.files["en/index.html"]


def test_page_without_a_logo_has_no_picture(folder, tmp_path):
    """
    Where there is none, none is asked for.
    """
    site = publish(written(folder), tmp_path / "out", DAY)

    assert b"<img" not in site.files["en/index.html"]


@pytest.mark.parametrize(
    "logo",
    [
        "<svg><script>alert(1)</script></svg>",
        "<svg><SCRIPT/></svg>",
        '<svg onload="alert(1)"/>',
        "<svg\nonload=alert(1)/>",
        "<svg><foreignObject/></svg>",
        '<svg><a href="javascript:alert(1)"/></svg>',
        '<svg><image href="https://tracker.example/x.png"/></svg>',
        '<svg><image xlink:href="http://tracker.example/x.png"/></svg>',
        '<svg><image href="//tracker.example/x.png"/></svg>',
        "<svg><style>@import url(https://tracker.example/x.css)</style></svg>",
        '<svg><rect style="fill: url(https://tracker.example/x)"/></svg>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
        f"<svg>{' ' * LARGEST_LOGO}</svg>",
        "no drawing",
        "",
    ],
)
def test_logo_that_could_run_or_load_something_is_refused(folder, tmp_path, logo):
    """
    A drawing with scripts, handlers, foreign content or addresses stops the build, with the line.
    """
    register = written(folder, LOOK, logo=logo)

    with pytest.raises(PageError) as refusal:
        publish(register, tmp_path / "out", DAY)

    line_of_look = len(edited(LOOK)[COMPANY].splitlines())
    assert f"register/company.yaml:{line_of_look}:" in str(refusal.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["../logo.svg", "logo.png", "nowhere.svg", "/etc/passwd"])
def test_logo_lies_in_the_register(folder, tmp_path, name):
    """
    A file outside the register is never published, whatever it is.
    """
    (tmp_path / "logo.svg").write_text(LOGO)
    register = written(folder, add(COMPANY, f"look: {{logo: {name}}}\n"), logo=LOGO)
    (folder / "logo.png").write_text(LOGO)

    with pytest.raises(PageError):
        publish(register, tmp_path / "out", DAY)


def test_logo_that_is_a_link_to_the_outside_is_refused(folder, tmp_path):
    """
    A link inside the register to a file outside of it is outside.
    """
    register = written(folder, LOOK)
    (tmp_path / "secret.svg").write_text(LOGO)
    (folder / "logo.svg").symlink_to(tmp_path / "secret.svg")

    with pytest.raises(PageError):
        publish(register, tmp_path / "out", DAY)


# With a history


def committed(tmp_path, *days):
    """Return a repository whose register was committed on some days, each after its edits."""
    repository = Repository(tmp_path / "repository")
    for day, *edits in days:
        repository.commit(day, *edits)
    return repository


def test_day_of_the_last_change_is_the_commits(tmp_path):
    """
    Not the day of the publication.
    """
    repository = committed(tmp_path, (FIRST,), (SECOND, ANOTHER_VENDOR))
    publish(repository.load(), tmp_path / "out", DAY)

    assert "20 February 2026" in (tmp_path / "out/en/index.html").read_text().replace("\xa0", " ")


def test_changes_of_each_day_are_published(tmp_path):
    """
    On the page of changes, and in both feeds.
    """
    repository = committed(tmp_path, (FIRST,), (SECOND, ANOTHER_VENDOR))
    site = publish(repository.load(), tmp_path / "out", DAY)

    for path in ("en/changes.html", "en/changes.atom", "en/changes.json"):
        text = site.files[path].decode()
        assert "2026-01-10" in text
        assert "2026-02-20" in text
        assert "Third" in text


def test_text_that_was_in_the_wrong_language_once_does_not_stop_the_site(tmp_path):
    """
    It was corrected; that it stands in the history nobody can change.
    """
    wrong = nature("Tar emot, sorterar och arkiverar kundernas frågor till supporten.")
    right = nature("Receives, sorts and files the questions that customers ask.")
    repository = committed(tmp_path, (FIRST, wrong), (SECOND, right))
    publish(repository.load(), tmp_path / "out", DAY)

    assert "frågor" in (tmp_path / "out/en/changes.html").read_text()


def test_text_in_the_wrong_language_stops_the_site(tmp_path):
    """
    As long as it is today's.
    """
    wrong = nature("Tar emot, sorterar och arkiverar kundernas frågor till supporten.")
    repository = committed(tmp_path, (FIRST, wrong))

    with pytest.raises(PageError):
        publish(repository.load(), tmp_path / "out", DAY)


def nature(text):
    """Say what the vendor does with the data."""
    kept = "    retention: {period: {value: P2Y, source: own}}\n"
    return swap(VENDOR, kept, f'{kept}    nature: {{value: {{en: "{text}"}}, source: own}}\n')


def test_language_that_was_added_later_has_a_past_too(tmp_path):
    """
    What a version said that had no Danish yet is told in the language that it had.
    """
    english = nature("Receives, sorts and files the questions that customers ask.")
    repository = committed(tmp_path, (FIRST, english))
    shutil.rmtree(repository.folder)
    shutil.copytree(EXAMPLES / "nordlys" / "register", repository.folder)
    repository.commit_all(SECOND)
    publish(repository.load(), tmp_path / "out", DAY)

    assert (tmp_path / "out/2026-02-20/fi/index.html").is_file()
    assert not (tmp_path / "out/2026-01-10/fi").exists()
    assert "Postdesk" in (tmp_path / "out/fi/changes.html").read_text()


def test_second_publication_writes_only_what_changed(tmp_path):
    """
    Everything else keeps its place on the disk, the archive included.
    """
    repository = committed(tmp_path, (FIRST,), (SECOND, ANOTHER_VENDOR))
    out = tmp_path / "out"
    publish(repository.load(), out, DAY)
    places = {path: path.stat().st_ino for path in out.rglob("*") if path.is_file()}
    repository.commit(THIRD, ANOTHER_VENDOR, line(HOST, "storage: {value: [", MOVED))
    publish(repository.load(), out, DAY)
    changed = {
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if path.is_file() and path.stat().st_ino != places.get(path)
    }

    assert {"en/vendors/vault.html", "en/changes.html", "2026-03-30/en/index.html"} <= changed
    assert set() == {one for one in changed if one.startswith(("2026-01", "2026-02", "assets/"))}
    assert set() == {one for one in changed if one.startswith("schemas/")}


MOVED = "storage: {value: [US], source: own}"


def test_end_of_all_days_is_no_traceback(tmp_path):
    """
    A review "never", written as the last day that there is.
    """
    never = swap(VENDOR, "by: A. Jensen, next: 2027-05-01", "by: A. Jensen, next: 9999-12-31")
    repository = committed(tmp_path, (FIRST, never))
    publish(repository.load(), tmp_path / "out", DAY)

    assert b"DTSTART;VALUE=DATE:99991231" in (tmp_path / "out/en/calendar.ics").read_bytes()
