import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from klarsyn.errors import RegisterError, UnknownName
from klarsyn.register import load, versions
from tests.register.builders import COMPANY, VENDOR, edited, swap
from tests.register.repositories import (
    ANOTHER_ELEMENT,
    ANOTHER_VENDOR,
    FIRST,
    SECOND,
    THIRD,
    Repository,
)

FILES = set(edited())


@pytest.fixture
def repository(tmp_path):
    """A repository without a commit."""
    return Repository(tmp_path / "repository")


def names(folder):
    """Return which files each version has."""
    return [set(one.contents) for one in versions.versions(folder)]


# All versions


def test_versions_are_told_oldest_first(repository):
    """
    Commit, instant and contents of each.
    """
    one = repository.commit(FIRST)
    two = repository.commit(SECOND, ANOTHER_VENDOR)
    found = versions.versions(repository.folder)

    assert [one, two] == [it.commit for it in found]
    assert [
        datetime(2026, 1, 10, 12, tzinfo=UTC),
        datetime(2026, 2, 20, 12, tzinfo=UTC),
    ] == [it.instant for it in found]
    assert [FILES, FILES | {"vendors/third.yaml"}] == [set(it.contents) for it in found]
    assert edited()[COMPANY].encode() == found[0].contents[COMPANY]


def test_nothing_where_there_is_no_repository(tmp_path):
    """
    A folder of its own has no versions.
    """
    (tmp_path / "register").mkdir()

    assert [] == versions.versions(tmp_path / "register")
    assert not versions.is_shallow(tmp_path / "register")


def test_nothing_where_there_is_no_git(repository, monkeypatch):
    """
    A missing program is no failure.
    """
    repository.commit(FIRST)
    monkeypatch.setenv("PATH", "")

    assert [] == versions.versions(repository.folder)


def test_nothing_where_there_is_no_such_folder(tmp_path):
    """
    A folder that is not there has no versions.
    """
    assert [] == versions.versions(tmp_path / "nowhere")


def test_file_that_went_is_gone(repository):
    """
    And is back in the version in which it came back.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, lambda files: {k: v for k, v in files.items() if k != VENDOR})
    repository.commit(THIRD)

    assert [FILES, FILES - {VENDOR}, FILES] == names(repository.folder)


def test_version_without_any_file_is_none(repository):
    """
    A register that was taken away and put back was not there in between.
    """
    repository.commit(FIRST)
    for path in repository.folder.rglob("*.yaml"):
        path.unlink()
    repository.commit_all(SECOND)
    repository.commit(THIRD)

    assert [FILES, FILES] == names(repository.folder)


def test_only_files_of_the_register_are_read(repository):
    """
    Papers and pictures beside them are no part of it.
    """
    repository.write()
    (repository.folder / "agreements").mkdir()
    (repository.folder / "agreements" / "dpa.pdf").write_bytes(b"%PDF")
    (repository.folder / "page.txt").write_text("a page")
    repository.commit_all(FIRST)

    assert [FILES] == names(repository.folder)


def test_link_is_no_file(repository):
    """
    What a link leads to is not in git, so no version has it; nor a commit that reads so.
    """
    repository.write()
    (repository.root / "shared.yaml").write_text("name: elsewhere")
    (repository.folder / "vendors" / "linked.yaml").symlink_to("../../shared.yaml")
    repository.commit_all(FIRST)

    assert [FILES] == names(repository.folder)
    assert "linked" not in versions.at_revision(repository.folder, "HEAD").vendors


def test_file_that_becomes_a_link_is_gone(repository):
    """
    From the version on in which it is one.
    """
    repository.commit(FIRST)
    (repository.folder / VENDOR).unlink()
    (repository.folder / VENDOR).symlink_to("vault.yaml")
    repository.commit_all(SECOND)

    assert [FILES, FILES - {VENDOR}] == names(repository.folder)


def test_register_at_the_top_of_its_repository(tmp_path):
    """
    Where the register is the whole repository.
    """
    repository = Repository(tmp_path / "top", "")
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)

    assert [FILES, FILES | {"vendors/third.yaml"}] == names(repository.folder)
    assert "third" in versions.at_revision(repository.folder, "HEAD").vendors


@pytest.mark.parametrize(
    "folder",
    ["vores register æøå", "reg[1]", "re*", " begins with a space", "ends with one ", "a\nb", "-x"],
)
def test_folder_may_be_called_anything(tmp_path, folder):
    """
    No name is taken for a pattern, and none is cut.
    """
    repository = Repository(tmp_path / "repository", folder)
    beside = Repository(tmp_path / "repository", "register")
    beside.write(ANOTHER_VENDOR)
    repository.commit(FIRST)

    assert [FILES] == names(repository.folder)
    assert 2 == len(versions.at_revision(repository.folder, "HEAD").vendors)


def test_folder_whose_name_is_no_unicode(tmp_path):
    """
    A name of another time is bytes like any other.
    """
    name = os.fsdecode(b"l\xe6r")
    repository = Repository(tmp_path / "repository", name)
    repository.commit(FIRST)

    assert [FILES] == names(repository.folder)
    assert 2 == len(versions.at_revision(repository.folder, "HEAD").vendors)


def test_name_with_other_letters_is_kept(repository):
    """
    Git prints such names in quotes unless it is told not to.
    """
    repository.write()
    (repository.folder / "vendors" / "øst.yaml").write_text("x")
    repository.commit_all(FIRST)

    assert [FILES | {"vendors/øst.yaml"}] == names(repository.folder)


# Branches


def test_commits_of_a_merged_branch_do_not_count(repository):
    """
    Only the merge does.
    """
    repository.commit(FIRST)
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit(SECOND, ANOTHER_VENDOR)
    repository.git("checkout", "--quiet", "main")
    at = "2026-03-30T12:00:00Z"
    repository.git("merge", "--quiet", "--no-ff", "-m", "x", "topic", at=at)
    found = versions.versions(repository.folder)

    assert [FIRST, THIRD] == [one.instant.date() for one in found]
    assert "vendors/third.yaml" in found[-1].contents


def test_branch_that_one_stands_on_counts(repository):
    """
    Versions are those of the commit that is checked out.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)
    repository.git("checkout", "--quiet", "HEAD^")

    assert [FILES] == names(repository.folder)


# A folder that was renamed


def test_renamed_folder_is_followed(repository):
    """
    Under each of its earlier names, from the top or from below.
    """
    repository.commit(FIRST)
    repository.git("mv", "register", "privacy")
    repository.commit_all(SECOND)
    (repository.root / "docs").mkdir()
    repository.git("mv", "privacy", "docs/privacy")
    repository.commit_all(THIRD)
    found = versions.versions(repository.root / "docs" / "privacy")

    assert [FIRST, SECOND, THIRD] == [one.instant.date() for one in found]
    assert [FILES] * 3 == [set(one.contents) for one in found]


def test_vendor_that_went_as_the_folder_was_renamed_is_gone(repository):
    """
    One commit may do both.
    """
    repository.commit(FIRST, ANOTHER_VENDOR)
    repository.git("mv", "register", "privacy")
    (repository.root / "privacy" / "vendors" / "third.yaml").unlink()
    repository.commit_all(SECOND)

    assert [FILES | {"vendors/third.yaml"}, FILES] == names(repository.root / "privacy")


def test_register_that_moved_down_from_the_top_is_followed(tmp_path):
    """
    Where it was the whole repository once.
    """
    repository = Repository(tmp_path / "repository", "")
    repository.commit(FIRST)
    (repository.root / "register").mkdir()
    moved = sorted({path.name for path in repository.root.iterdir()} - {".git", "register"})
    repository.git("mv", *moved, "register")
    repository.commit_all(SECOND)

    assert [FILES, FILES] == names(repository.root / "register")


def test_folder_that_was_moved_there_and_back_ends(repository):
    """
    A name that was looked at is not looked at again.
    """
    repository.commit(FIRST)
    repository.git("mv", "register", "privacy")
    repository.commit_all(SECOND)
    repository.git("mv", "privacy", "register")
    repository.commit_all(THIRD)

    assert [FILES, FILES] == names(repository.folder)


# What a repository may lack


def test_copy_without_older_commits_is_shallow(repository, tmp_path):
    """
    As many build machines make one.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)
    words = ("git", "clone", "--quiet", "--depth=1", repository.root.as_uri(), "copy")
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)

    assert not versions.is_shallow(repository.folder)
    assert versions.is_shallow(tmp_path / "copy" / "register")
    assert 1 == len(versions.versions(tmp_path / "copy" / "register"))


def test_content_that_is_lost_is_empty(repository):
    """
    A damaged repository is no traceback: that version does not load, the others do.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_ELEMENT)
    blob = repository.git("rev-parse", f"HEAD^:register/{VENDOR}").strip()
    lost = repository.root / ".git" / "objects" / blob[:2] / blob[2:]
    lost.unlink()
    first, second = versions.versions(repository.folder)

    assert b"" == first.contents[VENDOR]
    assert edited()[COMPANY].encode() == first.contents[COMPANY]
    assert edited(ANOTHER_ELEMENT)[VENDOR].encode() == second.contents[VENDOR]


def test_settings_of_the_user_change_nothing(repository, tmp_path, monkeypatch):
    """
    Colours, signatures, orders and renames that somebody set for their own eyes.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)
    config = tmp_path / "config"
    config.write_text(
        "[color]\nui = always\n[log]\nshowSignature = true\ndecorate = full\ndate = relative\n"
        "diffMerges = combined\n[diff]\nrenames = copies\nnoprefix = true\nrelative = true\n"
        "[core]\nabbrev = 4\nquotePath = true\n[format]\npretty = oneline\n"
    )
    plain = versions.versions(repository.folder)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    assert plain == versions.versions(repository.folder)
    assert 2 == len(plain)


# One version


@pytest.fixture
def tagged(repository):
    """A repository with a tag, a branch and a commit after both."""
    repository.commit(FIRST)
    repository.git("tag", "v1")
    repository.git("tag", "--annotate", "--message=x", "v1-annotated")
    repository.git("branch", "was/before")
    repository.commit(SECOND, ANOTHER_VENDOR)
    return repository


@pytest.mark.parametrize(
    ("revision", "vendors"),
    [
        ("HEAD", 3),
        ("main", 3),
        ("HEAD^", 2),
        ("main~1", 2),
        ("v1", 2),
        ("v1-annotated", 2),
        ("was/before", 2),
        ("main@{0}", 3),
    ],
)
def test_version_is_named_as_git_names_commits(tagged, revision, vendors):
    """
    Tags, branches, and the way from them.
    """
    assert vendors == len(versions.at_revision(tagged.folder, revision).vendors)


def test_version_may_be_named_by_a_part_of_its_id(tagged):
    """
    As git prints it.
    """
    commit = tagged.git("rev-parse", "--short", "HEAD^").strip()

    assert 2 == len(versions.at_revision(tagged.folder, commit).vendors)


@pytest.mark.parametrize(
    "revision",
    [
        "nowhere",
        "",
        " ",
        "-h",
        "--all",
        "--upload-pack=touch owned",
        "--output=owned",
        "--end-of-options",
        "--git-dir",
        "^HEAD",
        "HEAD^{tree}",
        "HEAD:register",
        "HEAD..HEAD",
        "v1...main",
        "HEAD\nHEAD",
        "0" * 40,
        "x" * 5000,
        "HEAD^99",
        "$(touch owned)",
        "; touch owned",
    ],
)
def test_name_of_no_version_is_refused(tagged, revision):
    """
    15, in one sentence; no name is read as an option or given to a shell.
    """
    before = sorted(tagged.root.rglob("*"))

    with pytest.raises(UnknownName) as refusal:
        versions.at_revision(tagged.folder, revision)

    assert revision in str(refusal.value)
    assert before == sorted(tagged.root.rglob("*"))


def test_tag_that_looks_like_an_option_is_read_as_a_tag(tagged):
    """
    Git itself makes no such tag; where one lies there all the same, it is a name.
    """
    refs = tagged.root / ".git" / "refs" / "tags"
    (refs / "-h").write_bytes((refs / "v1").read_bytes())

    assert 2 == len(versions.at_revision(tagged.folder, "-h").vendors)


def test_version_before_the_register_is_refused(tagged):
    """
    A commit in which the folder was not there has no register.
    """
    tagged.git("checkout", "--quiet", "--orphan", "other")
    tagged.git("rm", "--quiet", "-r", "-f", "--cached", ".")
    tagged.git("commit", "--quiet", "--allow-empty", "--message=x")
    tagged.git("tag", "empty")
    tagged.git("checkout", "--quiet", "--force", "main")

    with pytest.raises(UnknownName):
        versions.at_revision(tagged.folder, "empty")


def test_version_that_does_not_load_is_refused_with_its_mistakes(repository):
    """
    File and line, as for a register on disk.
    """
    repository.commit(FIRST, swap(VENDOR, "kind: other", "kind: nothing"))

    with pytest.raises(RegisterError) as refusal:
        versions.at_revision(repository.folder, "HEAD")

    assert "register/vendors/postdesk.yaml:3" in str(refusal.value)


def test_folder_without_git_has_no_revision(tmp_path):
    """
    The same sentence as for a name that git does not know.
    """
    with pytest.raises(UnknownName):
        versions.at_revision(tmp_path, "HEAD")


def test_version_is_the_register_as_it_was(tagged):
    """
    The same as if it lay on disk.
    """
    old = versions.at_revision(tagged.folder, "v1")
    tagged.write()

    assert load(tagged.folder).vendors == old.vendors
    assert Path(tagged.folder) == old.folder
