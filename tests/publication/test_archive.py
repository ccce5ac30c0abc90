import hashlib
import json
import shutil
from datetime import date, timedelta

import pytest

from klarsyn.errors import ArchiveDamaged, OutputRefused
from klarsyn.publication import publish
from klarsyn.publication.archive import MANIFEST, Archive, carried
from klarsyn.register import load
from tests.publication.sites import EXAMPLES, read
from tests.register.builders import COMPANY, HOST, VENDOR, add, line, swap, without
from tests.register.repositories import (
    ANOTHER_ELEMENT,
    ANOTHER_VENDOR,
    FIRST,
    SECOND,
    THIRD,
    Repository,
)

ON = date(2026, 11, 22)
GREEN = add(COMPANY, 'look: {accent: "#0a6b4f"}\n')
LABEL = swap("elements.yaml", "{en: Name}", "{en: Full name}")


@pytest.fixture
def repository(tmp_path):
    """A repository with two days on which the register changed."""
    made = Repository(tmp_path / "repository")
    made.commit(FIRST)
    made.commit(SECOND, ANOTHER_VENDOR)
    return made


@pytest.fixture
def out(tmp_path):
    """Where the site is published."""
    return tmp_path / "out"


def published(repository, out, on=ON):
    """Publish what lies there, and return the site."""
    return publish(repository.load(), out, on)


def contents(out):
    """Return every file of a site with its bytes, its place on the disk and its time."""
    return {
        path.relative_to(out).as_posix(): (
            path.read_bytes(),
            path.stat().st_ino,
            path.stat().st_mtime_ns,
        )
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def archived(out):
    """Return the files of a site's archive."""
    return {path: file for path, file in contents(out).items() if path[:4] == "2026"}


def manifest(out):
    """Return a site's manifest."""
    return json.loads((out / MANIFEST).read_text())


# What is archived


def test_each_day_of_substance_has_its_list(repository, out):
    """
    In each language, and a choice of languages, below the day.
    """
    published(repository, out)

    assert {
        "2026-01-10/index.html",
        "2026-01-10/en/index.html",
        "2026-02-20/index.html",
        "2026-02-20/en/index.html",
    } == set(archived(out))


def test_page_shows_the_list_as_it_was(repository, out):
    """
    The vendors of that day, and the day.
    """
    published(repository, out)
    pages = [
        read((out / day / "en/index.html").read_text()).root for day in ("2026-01-10", "2026-02-20")
    ]

    assert [["Postdesk", "Vault"], ["Postdesk", "Third", "Vault"]] == [
        [one.text for one in page.one("tbody").every("th")] for page in pages
    ]
    assert "The list as it was on 10 January 2026." in pages[0].text.replace("\xa0", " ")


def test_manifest_holds_the_hash_of_each_file(repository, out):
    """
    SHA-256, by day; and the style sheet and icon that the pages refer to.
    """
    published(repository, out)
    found = manifest(out)
    files = {path: one for day in found["days"].values() for path, one in day.items()}

    assert 1 == found["format"]
    assert ["2026-01-10", "2026-02-20"] == list(found["days"])
    assert set(archived(out)) == set(files)
    assert 2 == len(found["shared"])
    for path, expected in (files | found["shared"]).items():
        assert expected == hashlib.sha256((out / path).read_bytes()).hexdigest()


def test_editorial_day_has_no_page(repository, out):
    """
    The list was the same, in other words.
    """
    repository.commit(THIRD, ANOTHER_VENDOR, LABEL)
    published(repository, out)

    assert ["2026-01-10", "2026-02-20"] == list(manifest(out)["days"])


def test_uncommitted_change_has_no_page(repository, out):
    """
    Nobody can say yet that it was so.
    """
    repository.write(ANOTHER_VENDOR, ANOTHER_ELEMENT)
    site = published(repository, out)

    assert ["2026-01-10", "2026-02-20"] == list(manifest(out)["days"])
    assert (
        b"#day-2026-11-22" in site.files["en/changes.atom"]
        or b"2026-11-22" in site.files["en/changes.html"]
    )


def test_register_without_git_has_no_archive(repository, out):
    """
    Nothing is known of the past, so none is claimed.
    """
    shutil.rmtree(repository.root / ".git")
    published(repository, out)

    assert {} == archived(out)
    assert not (out / MANIFEST).exists()


def test_copy_without_older_commits_archives_nothing_of_its_first_day(repository, out):
    """
    On the day of the oldest commit that is left, nothing is known to have changed.
    """
    repository.git("clone", "--quiet", "--depth=1", repository.root.as_uri(), "copy")
    publish(load(repository.root / "copy" / "register"), out, ON)

    assert {} == archived(out)


def test_page_kept_by_hand_is_archived(tmp_path, out):
    """
    KlarPris's page of 2022, in all the languages of the register drawn from it.
    """
    shutil.copytree(EXAMPLES / "klarpris" / "register", tmp_path / "register")
    publish(load(tmp_path / "register"), out, ON)
    page = read((out / "2022-01-25" / "sv" / "index.html").read_text()).root

    assert ["2022-01-25"] == list(manifest(out)["days"])
    assert 16 == len(page.one("tbody").every("th"))


def test_days_lead_to_their_pages(repository, out):
    """
    From the page of changes, and back; every address that a page names is there.
    """
    published(repository, out)
    page = read((out / "en/changes.html").read_text()).root
    old = read((out / "2026-01-10/en/index.html").read_text()).root
    links = [one.attributes["href"] for one in page.every("a")]

    assert {"../2026-01-10/en/index.html", "../2026-02-20/en/index.html"} <= set(links)
    for one in (*old.every("a"), *old.every("link")):
        address = one.attributes["href"]
        if not address.startswith(("#", "data:", "https:")):
            assert (out / "2026-01-10/en" / address).resolve().is_file(), address


def test_vendor_that_stayed_is_the_same_row(repository, out):
    """
    From day to day, byte for byte.
    """
    published(repository, out)
    rows = [
        (out / day / "en/index.html")
        .read_text()
        .partition('<tr id="vault">')[2]
        .partition("</tr>")[0]
        for day in ("2026-01-10", "2026-02-20")
    ]

    assert rows[0] == rows[1] != ""


def test_ground_that_ended_between_two_days_is_shown_on_the_first_only(tmp_path, out):
    """
    A row is of its day, though the vendor's file did not change.
    """
    repository = Repository(tmp_path / "repository")
    ground = add(VENDOR, "transfers: [{to: US, mechanism: dpf, source: own, until: 2026-02-01}]\n")
    there = line(VENDOR, "storage: {value: [", "storage: {value: [US], source: own}")
    repository.commit(FIRST, ground, there)
    repository.commit(SECOND, ground, there, ANOTHER_VENDOR)
    repository.commit(THIRD, ground, there)
    published(repository, out)
    rows = [
        (out / day / "en/index.html")
        .read_text()
        .partition('<tr id="postdesk">')[2]
        .partition("</tr>")[0]
        for day in ("2026-01-10", "2026-02-20")
    ]

    assert [True, False] == ["Data Privacy Framework" in one for one in rows]


# Carried over


def test_second_publication_leaves_every_file_as_it_is(repository, out):
    """
    Same bytes, same place on the disk, same time.
    """
    published(repository, out)
    before = contents(out)
    published(repository, out)

    assert before == {**contents(out), ".klarsyn-site": before[".klarsyn-site"]}


def test_old_pages_stay_when_the_register_changes(repository, out):
    """
    Style, title, labels and vendors are others now; the pages of the past are not touched.
    """
    published(repository, out)
    before = archived(out)
    styles = {path for path in contents(out) if path.startswith("assets/style")}
    other = swap(COMPANY, "title: {en: Processors of Fjordkraft}", "title: {en: Our vendors}")
    repository.commit(THIRD, GREEN, LABEL, other, without(HOST))
    published(repository, out)
    after = archived(out)

    assert before == {path: file for path, file in after.items() if path in before}
    assert {"2026-03-30/index.html", "2026-03-30/en/index.html"} == set(after) - set(before)
    assert styles < {path for path in contents(out) if path.startswith("assets/style")}
    assert b"#0a6b4f" in (out / page_style(out, "2026-03-30")).read_bytes()
    assert b"#0a6b4f" not in (out / page_style(out, "2026-01-10")).read_bytes()


def page_style(out, day):
    """Return the path of the style sheet that a page of the archive refers to."""
    page = read((out / day / "en/index.html").read_text()).root
    sheet = page.one("link", rel="stylesheet").attributes["href"]
    return sheet.removeprefix("../../")


def test_only_days_that_are_missing_are_rendered(repository, out):
    """
    What is new is in the files of the site; what is old is carried.
    """
    first = published(repository, out)
    repository.commit(THIRD, ANOTHER_VENDOR, ANOTHER_ELEMENT)
    second = published(repository, out)
    days = [{path[:10] for path in site.files if path[:4] == "2026"} for site in (first, second)]

    assert [{"2026-01-10", "2026-02-20"}, {"2026-03-30"}] == days
    assert {"2026-01-10", "2026-02-20"} == {
        path[:10] for path in second.carried if path[:4] == "2026"
    }


def test_day_that_git_does_not_know_is_kept(repository, out, tmp_path):
    """
    A copy without older commits, or a history that was rewritten: what was published stays.
    """
    published(repository, out)
    before = archived(out)
    repository.git("clone", "--quiet", "--depth=1", repository.root.as_uri(), tmp_path / "copy")
    publish(load(tmp_path / "copy" / "register"), out, ON)

    assert before == archived(out)
    assert ["2026-01-10", "2026-02-20"] == list(manifest(out)["days"])


def test_day_is_kept_where_git_tells_it_otherwise_now(repository, out):
    """
    A second change on the same day is in the log; the page of the day stays as it was published.
    """
    published(repository, out)
    before = archived(out)
    repository.commit(f"{SECOND}T18:00:00Z", ANOTHER_VENDOR, ANOTHER_ELEMENT)
    published(repository, out)

    assert before == archived(out)


def test_site_without_its_manifest_is_rendered_again(repository, out):
    """
    As the refusal advises: what git has is there again.
    """
    published(repository, out)
    before = {path: file[0] for path, file in archived(out).items()}
    (out / MANIFEST).unlink()
    (out / "2026-01-10/en/index.html").write_text("spoilt")
    published(repository, out)

    assert before == {path: file[0] for path, file in archived(out).items()}
    assert ["2026-01-10", "2026-02-20"] == list(manifest(out)["days"])


def test_archive_of_a_site_that_is_moved_goes_with_it(repository, out, tmp_path):
    """
    What matters lies in the folder itself.
    """
    published(repository, out)
    before = {path: file[0] for path, file in archived(out).items()}
    shutil.copytree(out, tmp_path / "elsewhere")
    repository.git("checkout", "--quiet", "--orphan", "new")
    repository.git("commit", "--quiet", "--message=x", at="2026-05-05T12:00:00Z")
    published(repository, tmp_path / "elsewhere")
    after = {path: file[0] for path, file in archived(tmp_path / "elsewhere").items()}

    assert before.items() <= after.items()
    assert "2026-05-05/en/index.html" in after


# Damaged


def spoilt(path):
    """Change one letter of a file."""
    path.write_bytes(path.read_bytes().replace(b"Vault", b"Vaulx"))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("2026-01-10/en/index.html", spoilt),
        ("2026-01-10/en/index.html", lambda path: path.unlink()),
        ("2026-02-20/index.html", lambda path: path.write_text("")),
        ("2026-02-20", shutil.rmtree),
        (MANIFEST, lambda path: path.write_text("{")),
        (MANIFEST, lambda path: path.write_text("[]")),
        (MANIFEST, lambda path: path.write_bytes(b"\xff")),
        (MANIFEST, lambda path: path.write_text('{"format": 2}')),
        (MANIFEST, lambda path: path.write_text('{"format": 1, "more": 1}')),
    ],
)
def test_damaged_archive_stops_the_publication(repository, out, name, damage):
    """
    17, with the file's name; the site stays as it is.
    """
    published(repository, out)
    damage(out / name)
    before = contents(out)
    repository.commit(THIRD, ANOTHER_VENDOR, ANOTHER_ELEMENT)

    with pytest.raises(ArchiveDamaged) as refusal:
        published(repository, out)

    assert 17 == refusal.value.exit_code
    assert name in str(refusal.value)
    assert before == contents(out)
    assert ["out", "repository"] == sorted(path.name for path in out.parent.iterdir())


def test_missing_style_sheet_of_an_old_page_is_damage(repository, out):
    """
    Without it the page would be another.
    """
    published(repository, out)
    sheet = page_style(out, "2026-01-10")
    (out / sheet).unlink()

    with pytest.raises(ArchiveDamaged) as refusal:
        published(repository, out)

    assert sheet in str(refusal.value)


HASH = "0" * 64


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "/etc/passwd",
        "2026-01-10/../../secret.txt",
        "2026-01-10/./index.html",
        "2026-01-10//index.html",
        "..",
        ".htaccess",
        "2026-01-10/.htaccess",
        "2026-01-10\\..\\secret.txt",
        "2026-01-10/index.html\n",
        "2026-01-10/",
        "C:/secret.txt",
        "",
        "index.html",
        "en/index.html",
        "2026-01-11/index.html",
        "archive.json",
    ],
)
@pytest.mark.parametrize("part", ["days", "shared"])
def test_path_that_leads_elsewhere_is_refused(out, path, part):
    """
    A manifest that somebody else wrote names nothing outside the archive.
    """
    out.mkdir()
    days = {"2026-01-10": {path: HASH}} if part == "days" else {}
    shared = {path: HASH} if part == "shared" else {}
    (out / MANIFEST).write_text(json.dumps({"format": 1, "days": days, "shared": shared}))
    (out.parent / "secret.txt").write_text("secret")

    with pytest.raises(ArchiveDamaged) as refusal:
        carried(out)

    assert MANIFEST in str(refusal.value)


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("days", "index.html"),
        ("days", "2026-02-20/index.html"),
        ("shared", "2026-01-10/index.html"),
        ("shared", "en/index.html"),
    ],
)
def test_file_of_another_part_of_the_site_is_no_part_of_the_archive(repository, out, part, path):
    """
    A page of today that was taken for one of the past could never change again.
    """
    published(repository, out)
    found = hashlib.sha256((out / path).read_bytes()).hexdigest()
    whole = {"days": {"2026-01-10": {path: found}}} if part == "days" else {"shared": {path: found}}
    (out / MANIFEST).write_text(json.dumps({"format": 1, **whole}))

    with pytest.raises(ArchiveDamaged) as refusal:
        carried(out)

    assert f"file {MANIFEST} is missing" in str(refusal.value)


@pytest.mark.parametrize("found", ["x", "0" * 63, "0" * 65, "A" * 64, f"{HASH}\n"])
def test_what_is_no_hash_is_refused(out, found):
    """
    SHA-256 in 64 small hexadecimal digits.
    """
    out.mkdir()
    whole = {"format": 1, "days": {"2026-01-10": {"2026-01-10/index.html": found}}}
    (out / MANIFEST).write_text(json.dumps(whole))

    with pytest.raises(ArchiveDamaged):
        carried(out)


def test_manifest_from_nowhere_is_no_site(repository, out):
    """
    A folder with such a file that klarsyn did not write is not ours to replace.
    """
    out.mkdir()
    (out / MANIFEST).write_text('{"format": 1, "days": {}, "shared": {}}')

    with pytest.raises(OutputRefused):
        published(repository, out)

    assert [MANIFEST] == [path.name for path in out.iterdir()]


def test_manifest_laid_into_a_site_is_taken_for_what_it_says(tmp_path, out):
    """
    One that names files that are there and unchanged makes them part of the archive; others fail.
    """
    whole = {"format": 1, "days": {"2020-01-01": {"2020-01-01/index.html": HASH}}, "shared": {}}
    repository = Repository(tmp_path / "repository")
    repository.write()
    published(repository, out)
    (out / MANIFEST).write_text(json.dumps(whole))

    with pytest.raises(ArchiveDamaged):
        published(repository, out)


def test_folder_without_a_manifest_has_no_archive(tmp_path):
    """
    Whether there is a site or not.
    """
    assert Archive() == carried(tmp_path / "nowhere").archive
    assert {} == carried(tmp_path).files


def test_link_in_the_place_of_an_archived_file_is_not_carried_as_a_link(repository, out):
    """
    What is published does not hang on a file elsewhere.
    """
    published(repository, out)
    page = out / "2026-01-10/en/index.html"
    elsewhere = out.parent / "page.html"
    shutil.move(page, elsewhere)
    page.symlink_to(elsewhere)
    published(repository, out)

    assert not page.is_symlink()
    assert elsewhere.read_bytes() == page.read_bytes()


def test_days_are_told_in_their_order(repository, out):
    """
    The manifest reads like a calendar, whenever a page was rendered.
    """
    published(repository, out, on=FIRST + timedelta(days=1))
    published(repository, out)

    assert ["2026-01-10", "2026-02-20"] == list(manifest(out)["days"])
