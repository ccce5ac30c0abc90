import os
import tempfile
import threading
from pathlib import Path

import pytest

from klarsyn.errors import OutputRefused
from klarsyn.publication.output import MARKER, write
from tests.acceptance.processes import python

OLD = {"index.html": b"old", "sv/index.html": b"gammal", "assets/style.css": b"a"}
NEW = {"index.html": b"new", "da/index.html": b"ny"}


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, by path, without the marker."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MARKER
    }


def names(folder: Path) -> list[str]:
    """Return what lies directly in a folder."""
    return sorted(path.name for path in folder.iterdir())


# Writing


def test_site_is_written_where_nothing_was(tmp_path):
    """
    The folder and those above it are made.
    """
    write(OLD, tmp_path / "a" / "b" / "site")

    assert OLD == files(tmp_path / "a" / "b" / "site")
    assert ["site"] == names(tmp_path / "a" / "b")


def test_empty_folder_is_taken(tmp_path):
    """
    A folder with nothing in it holds nothing to lose.
    """
    (tmp_path / "site").mkdir()
    write(OLD, tmp_path / "site")

    assert OLD == files(tmp_path / "site")


def test_site_is_replaced_whole(tmp_path):
    """
    Nothing of the old site is left inside, and nothing beside.
    """
    write(OLD, tmp_path / "site")
    write(NEW, tmp_path / "site")

    assert NEW == files(tmp_path / "site")
    assert ["site"] == names(tmp_path)


def test_site_can_be_read_by_a_web_server(tmp_path):
    """
    Another user may enter the folder and read the pages.
    """
    write(OLD, tmp_path / "site")

    assert 0o755 == (tmp_path / "site").stat().st_mode & 0o777


def test_site_may_be_named_from_where_one_stands(tmp_path, monkeypatch):
    """
    A relative name lies in the folder that one works in.
    """
    monkeypatch.chdir(tmp_path)
    write(OLD, Path("site"))
    write(NEW, Path("site/../site"))

    assert NEW == files(tmp_path / "site")


def test_link_to_the_site_stays_a_link(tmp_path):
    """
    A web server that follows a link goes on following it.
    """
    link = tmp_path / "current"
    write(OLD, tmp_path / "disk" / "site")
    link.symlink_to("disk/site")
    write(NEW, link)

    assert "disk/site" == str(link.readlink())
    assert NEW == files(tmp_path / "disk" / "site")
    assert ["current", "disk"] == names(tmp_path)
    assert ["site"] == names(tmp_path / "disk")


# Refusing


def test_folder_of_somebody_else_is_refused(tmp_path):
    """
    What Klarsyn did not write it does not replace.
    """
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(OutputRefused) as refusal:
        write(NEW, tmp_path)

    assert 13 == refusal.value.exit_code
    assert str(tmp_path) in str(refusal.value)
    assert {"thesis.txt": b"years of work"} == files(tmp_path)


def test_file_is_refused(tmp_path):
    """
    A file is not turned into a folder.
    """
    file = tmp_path / "site"
    file.write_text("a file")

    with pytest.raises(OutputRefused):
        write(NEW, file)

    assert "a file" == file.read_text()
    assert ["site"] == names(tmp_path)


@pytest.mark.parametrize("stray", ["notes.txt", "sv/notes.txt", ".git/config"])
def test_site_with_a_stray_file_is_refused(tmp_path, stray):
    """
    What somebody laid into the site by hand is not deleted with it.
    """
    site = tmp_path / "site"
    write(OLD, site)
    (site / stray).parent.mkdir(exist_ok=True)
    (site / stray).write_text("mine")

    with pytest.raises(OutputRefused) as refusal:
        write(NEW, site)

    assert stray.partition("/")[0] in str(refusal.value)
    assert {**OLD, stray: b"mine"} == files(site)


def test_page_changed_by_hand_is_replaced(tmp_path):
    """
    A page is generated: changes belong into the register, and a publication takes them away.
    """
    write(OLD, tmp_path / "site")
    (tmp_path / "site" / "index.html").write_text("changed by hand")
    write(NEW, tmp_path / "site")

    assert NEW == files(tmp_path / "site")


# Failing


def test_place_that_cannot_be_is_refused(tmp_path):
    """
    Below a file there is no folder.
    """
    (tmp_path / "file").write_text("")

    with pytest.raises(OutputRefused) as refusal:
        write(NEW, tmp_path / "file" / "site")

    assert "cannot be written" in str(refusal.value)


AS_NOBODY = """
import os, sys
from pathlib import Path
from klarsyn.errors import OutputRefused
from klarsyn.publication.output import write
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    write({"index.html": b"new"}, Path(sys.argv[1]))
except OutputRefused as refusal:
    print(refusal.id)
"""


@pytest.fixture
def open_folder():
    """A folder that other users may enter; those of pytest are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_unwritable_parent_leaves_the_old_site(open_folder):
    """
    Where the new site cannot be laid beside the old one, the old one stays.
    """
    write(OLD, open_folder / "site")
    open_folder.chmod(0o555)
    told = python(AS_NOBODY, open_folder / "site")
    open_folder.chmod(0o755)

    assert "output-refused" == told.strip()
    assert OLD == files(open_folder / "site")
    assert ["site"] == names(open_folder)


FULL_DISK = """
import resource, sys
from pathlib import Path
from klarsyn.errors import OutputRefused
from klarsyn.publication.output import write
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write({"index.html": b"new", "large.html": b"x" * 2000}, Path(sys.argv[1]))
except OutputRefused as refusal:
    print(refusal.id)
except OSError as failure:
    print("bare", type(failure).__name__)
"""


@pytest.fixture
def failed_on_a_full_disk(tmp_path):
    """What is told when the disk is full in the middle of the second file."""
    write(OLD, tmp_path / "site")
    return python(FULL_DISK, tmp_path / "site").strip()


def test_full_disk_leaves_the_old_site(tmp_path, failed_on_a_full_disk):
    """
    Half a site is never published, and is not left lying about.
    """
    assert failed_on_a_full_disk
    assert OLD == files(tmp_path / "site")
    assert ["site"] == names(tmp_path)


def test_full_disk_is_told_as_a_refusal(failed_on_a_full_disk):
    """
    A failure of the disk is a message with the next move, not a traceback.
    """
    assert "output-refused" == failed_on_a_full_disk


# One stroke


def lists_its_first_page(site: Path) -> bool:
    """
    Tell whether a listing of the site has its first page.

    A listing begun before an exchange and ended after it is of the folder that is gone: no answer.
    """
    opened = os.open(site, os.O_RDONLY)
    try:
        has_it = "index.html" in os.listdir(opened)  # noqa: PTH208 (a path cannot be held open)
        return has_it or os.fstat(opened).st_ino != site.stat().st_ino
    finally:
        os.close(opened)


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux exchanges in one step")
def test_reader_never_meets_a_missing_page(tmp_path):
    """
    Who reads the site while it is published fifty times always finds a whole one.
    """
    site = tmp_path / "site"
    versions = [{"index.html": b"%d" % n, f"sv/{n}.html": b"%d" % n} for n in range(50)]
    write(versions[0], site)
    missed, seen, done = [], set(), threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                seen.add((site / "index.html").read_bytes())
                if not lists_its_first_page(site):
                    missed.append("listed")
            except OSError as failure:
                missed.append(str(failure))

    reader = threading.Thread(target=look)
    reader.start()
    for version in versions:
        write(version, site)
    done.set()
    reader.join()

    assert [] == missed
    assert 1 < len(seen)
    assert versions[-1] == files(site)
    assert ["site"] == names(tmp_path)


# What stays the same


def place(path: Path) -> tuple[int, int]:
    """Return where a file lies on the disk, and its time."""
    return path.stat().st_ino, path.stat().st_mtime_ns


def test_unchanged_file_keeps_its_place_and_time(tmp_path):
    """
    Whoever copies the site further copies what changed.
    """
    site = tmp_path / "site"
    write(OLD, site)
    before = {name: place(site / name) for name in OLD}
    write({**OLD, "index.html": b"new"}, site)
    after = {name: place(site / name) for name in OLD}

    assert {"index.html"} == {name for name in OLD if before[name] != after[name]}
    assert b"new" == (site / "index.html").read_bytes()


def test_file_of_the_same_size_is_looked_into(tmp_path):
    """
    As long as before is not as before.
    """
    write({"a.html": b"old"}, tmp_path / "site")
    write({"a.html": b"new"}, tmp_path / "site")

    assert {"a.html": b"new"} == files(tmp_path / "site")


def test_changed_file_is_written_anew_and_not_over(tmp_path):
    """
    Another name of the old file, as in a backup made of links, keeps the old page.
    """
    site, backup = tmp_path / "site", tmp_path / "backup.html"
    write(OLD, site)
    backup.hardlink_to(site / "index.html")
    write(NEW, site)

    assert b"old" == backup.read_bytes()


def test_folder_in_the_place_of_a_file_gives_way(tmp_path):
    """
    A path that was a folder may be a file now, and the other way.
    """
    write({"a/b.html": b"1", "c": b"2"}, tmp_path / "site")
    write({"a": b"1", "c/d.html": b"2"}, tmp_path / "site")

    assert {"a": b"1", "c/d.html": b"2"} == files(tmp_path / "site")


def test_link_in_the_place_of_a_page_becomes_a_page(tmp_path):
    """
    Though it leads to the same words today.
    """
    site = tmp_path / "site"
    write(OLD, site)
    (tmp_path / "elsewhere").write_bytes(b"old")
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(tmp_path / "elsewhere")
    write(OLD, site)

    assert not (site / "index.html").is_symlink()
    assert OLD == files(site)


# What is carried over


def test_carried_file_is_the_same_file(tmp_path):
    """
    Not a copy: the same place on the disk, the same time.
    """
    site = tmp_path / "site"
    write(OLD, site)
    before = place(site / "sv" / "index.html")
    write(NEW, site, {"2026-01-10/sv.html": site / "sv" / "index.html"})

    assert {**NEW, "2026-01-10/sv.html": b"gammal"} == files(site)
    assert before == place(site / "2026-01-10" / "sv.html")


def test_carried_file_is_ours_the_next_time(tmp_path):
    """
    The mark lists it, so a site without it replaces it.
    """
    site = tmp_path / "site"
    write(OLD, site)
    write({}, site, {"sv/index.html": site / "sv" / "index.html"})
    write(NEW, site)

    assert NEW == files(site)


def test_disk_without_links_gets_a_copy(tmp_path, monkeypatch):
    """
    The same bytes and the same time, at another place.
    """
    site = tmp_path / "site"
    write(OLD, site)
    before = {name: place(site / name) for name in OLD}

    def refused(*_):
        raise OSError

    monkeypatch.setattr(Path, "hardlink_to", refused)
    write({"index.html": b"old"}, site, {"sv/index.html": site / "sv" / "index.html"})

    assert {"index.html": b"old", "sv/index.html": b"gammal"} == files(site)
    assert before["sv/index.html"][1] == place(site / "sv/index.html")[1]
    assert before["sv/index.html"][0] != place(site / "sv/index.html")[0]


def test_carried_file_that_is_gone_leaves_the_old_site(tmp_path):
    """
    All or nothing.
    """
    site = tmp_path / "site"
    write(OLD, site)

    with pytest.raises(OutputRefused):
        write(NEW, site, {"2026-01-10/index.html": tmp_path / "nowhere"})

    assert OLD == files(site)
    assert ["site"] == names(tmp_path)
