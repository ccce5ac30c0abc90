import json

import pytest

from tests.acceptance.processes import klarsyn
from tests.register.builders import COMPANY, VENDOR, line, swap
from tests.register.repositories import ANOTHER_VENDOR, FIRST, SECOND, Repository

DAY = ("--date", "2026-11-23")
PROCESSOR = line(COMPANY, "acts_as: ", "acts_as: {value: [processor], source: own}")
LABEL = swap("elements.yaml", "{en: Name}", "{en: Full name}")


@pytest.fixture
def repository(tmp_path):
    """A company with a tag at its first version and another vendor since."""
    made = Repository(tmp_path / "company")
    (made.root / "klarsyn.yaml").write_text("format: 1\n")
    made.commit(FIRST, PROCESSOR)
    made.git("tag", "v1")
    made.commit(SECOND, PROCESSOR, ANOTHER_VENDOR)
    return made


def diff(repository, *words, **environ):
    """Run `klarsyn diff` where the company's klarsyn.yaml lies."""
    return klarsyn("diff", *words, folder=repository.root, **environ)


def company(folder, *edits):
    """Write a company of its own, without a repository."""
    made = Repository(folder)
    (made.root / "klarsyn.yaml").write_text("format: 1\n")
    made.write(*edits)
    return made


# Versions


def test_change_is_told_in_words(repository):
    """
    Day, vendor, kind, sentence, and what is owed for it.
    """
    done = diff(repository, "v1", "main", *DAY)

    assert (0, "") == (done.returncode, done.stderr)
    assert (
        "23 November 2026\n"
        "  Third\n"
        "    [added] New vendor; purpose: Customer support; data: Name and E-mail address; "
        "legal entity: Third ApS; country: Denmark\n"
        "  Customers may object until 23 December 2026. "
        "The change takes effect on 24 December 2026 at the earliest.\n"
    ) == done.stdout.replace("\xa0", " ")


def test_second_name_may_be_left_out(repository):
    """
    It is the register as it lies there, committed or not.
    """
    repository.write(PROCESSOR, ANOTHER_VENDOR, LABEL)

    assert "[added]" in diff(repository, "v1", *DAY).stdout
    assert "[added]" not in diff(repository, "HEAD", *DAY).stdout
    assert "[editorial]" in diff(repository, "HEAD", *DAY).stdout


def test_order_of_the_names_counts(repository):
    """
    From the first to the second.
    """
    assert "No longer a vendor" in diff(repository, "main", "v1", *DAY).stdout


@pytest.mark.parametrize("way", ["klarsyn.yaml", "register"])
def test_folders_are_compared(repository, tmp_path, way):
    """
    One with a klarsyn.yaml, or the register's own.
    """
    other = company(tmp_path / "other", PROCESSOR)
    folder = other.root if way == "klarsyn.yaml" else other.folder

    assert "[removed] No longer a vendor" in diff(repository, "main", folder, *DAY).stdout
    assert "[added]" in diff(repository, folder, *DAY).stdout


def test_folder_may_be_named_from_where_one_stands(repository, tmp_path):
    """
    Also where the company is named by -C.
    """
    company(tmp_path / "other", PROCESSOR)
    done = klarsyn("-C", "company", "diff", "v1", "other", *DAY, folder=tmp_path)

    assert "No difference.\n" == done.stdout


def test_folder_without_git_has_no_versions_but_itself(tmp_path):
    """
    Folders can be compared all the same.
    """
    one, other = company(tmp_path / "one"), company(tmp_path / "other", LABEL)

    assert "[editorial]" in klarsyn("diff", other.root, folder=one.root).stdout


def test_nothing_different_is_said(repository):
    """
    In one sentence.
    """
    done = diff(repository, "main", *DAY)

    assert (0, "No difference.\n") == (done.returncode, done.stdout)


@pytest.mark.parametrize("word", ["v1", "v1^{commit}", "HEAD^", "main@{1}"])
def test_version_is_named_as_git_names_it(repository, word):
    """
    Tags, branches, and the way from them.
    """
    assert "[added]" in diff(repository, word, *DAY).stdout


@pytest.mark.parametrize(
    "word",
    ["nowhere", "", " ", "x" * 5000, "HEAD:register", "company.yaml", "v1..main", "ærø", "\n"],
)
def test_unknown_name_is_refused(repository, word):
    """
    15: as the old version and as the new one; nothing is compared with itself by mistake.
    """
    for words in ([word], [word, "main"], ["main", word]):
        done = diff(repository, *words, *DAY)
        assert (15, "") == (done.returncode, done.stdout), words
        assert "[unknown-name]" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("word", ["-h", "--all", "--upload-pack=touch owned", "--output=owned"])
def test_name_after_the_dashes_is_a_name(repository, word):
    """
    No option of ours, and none of git's.
    """
    before = sorted(repository.root.rglob("*"))
    done = diff(repository, *DAY, "--", word)

    assert 15 == done.returncode
    assert before == sorted(repository.root.rglob("*"))


def test_version_that_does_not_load_is_refused(repository):
    """
    11, with file and line.
    """
    (repository.folder / VENDOR).write_text("name: [broken")
    repository.commit_all("2026-03-30T12:00:00Z")
    repository.write(PROCESSOR)
    done = diff(repository, "HEAD", *DAY)

    assert 11 == done.returncode
    assert "register/vendors/postdesk.yaml:1" in done.stderr


def test_folder_without_settings_is_refused(tmp_path):
    """
    10: where no company is, no version is either.
    """
    done = klarsyn("diff", "HEAD", folder=tmp_path)

    assert 10 == done.returncode
    assert "[settings-invalid]" in done.stderr


# Forms


def test_json_is_for_programs(repository):
    """
    Always JSON, also where nothing differs.
    """
    changed = json.loads(diff(repository, "v1", "--format", "json", *DAY).stdout)
    same = json.loads(diff(repository, "main", "--format", "json", *DAY).stdout)

    assert [("added", "third", "2026-12-24")] == [
        (one["kind"], one["vendor"], one["effective"]) for one in changed["days"][0]["changes"]
    ]
    assert [{"day": "2026-11-23", "committed": True, "first": False, "changes": []}] == same["days"]


def test_markdown_is_for_a_change_request(repository):
    """
    A heading, a name in bold, a list.
    """
    lines = diff(repository, "v1", "--format", "markdown", *DAY).stdout.splitlines()

    assert "## 23 November 2026" == lines[0].replace("\xa0", " ")
    assert "**Third**" in lines
    assert [True] == [one.startswith("- *added*: New vendor") for one in lines if one[:2] == "- "]


def test_unknown_format_is_a_mistake_of_usage(repository):
    """
    2: what there is is told.
    """
    done = diff(repository, "v1", "--format", "yaml")

    assert 2 == done.returncode
    assert "markdown" in done.stderr


def test_without_a_name_the_usage_is_told(repository):
    """
    2.
    """
    assert 2 == diff(repository).returncode


# For scripts


@pytest.mark.parametrize(
    ("edits", "code"), [([], 0), ([LABEL], 0), ([ANOTHER_VENDOR], 3), ([LABEL, ANOTHER_VENDOR], 3)]
)
def test_exit_code_tells_whether_more_than_wording_differs(repository, edits, code):
    """
    3 where it was asked for; what differs is printed all the same.
    """
    repository.write(PROCESSOR, *edits)
    asked, unasked = (diff(repository, "v1", *words, *DAY) for words in (["--exit-code"], []))

    assert (code, 0) == (asked.returncode, unasked.returncode)
    assert asked.stdout == unasked.stdout
    assert ("[changes-found]" in asked.stderr) == (code == 3)


def test_exit_code_says_how_many(repository):
    """
    On the channel for refusals.
    """
    assert "Changes: 1. [changes-found]\n" == diff(repository, "v1", "--exit-code", *DAY).stderr


# Languages


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("sv", "Ny leverantör"),
        ("da", "Ny leverandør"),
        ("nb", "Ny leverandør"),
        ("de", "Neuer"),
        ("fi", "Uusi"),
    ],
)
def test_reader_of_the_terminal_is_told_in_their_language(repository, language, expected):
    """
    Whatever the register is published in.
    """
    done = diff(repository, "v1", *DAY, KLARSYN_LANG=language)

    assert 0 == done.returncode, done.stderr
    assert expected in done.stdout
    assert "New vendor" not in done.stdout


@pytest.mark.parametrize("language", ["sv", "da", "nb", "de", "fi"])
def test_every_line_is_in_the_readers_language(repository, language):
    """
    What is editorial, what is no vendor's, and what is refused.
    """
    repository.write(PROCESSOR, ANOTHER_VENDOR, LABEL)
    done = diff(repository, "HEAD", *DAY, KLARSYN_LANG=language)
    refused = diff(repository, "nowhere", KLARSYN_LANG=language)
    same = diff(repository, ".", *DAY, KLARSYN_LANG=language)

    assert 0 == done.returncode, done.stderr
    assert "Wording" not in done.stdout
    assert "neither a folder" not in refused.stderr
    assert "No difference" not in same.stdout
