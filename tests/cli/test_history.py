import json
import shutil

import pytest

from tests.acceptance.processes import EXAMPLES, klarsyn
from tests.register.builders import COMPANY, VENDOR, line, swap
from tests.register.repositories import (
    ANOTHER_ELEMENT,
    ANOTHER_VENDOR,
    FIRST,
    SECOND,
    THIRD,
    Repository,
)

DAY = ("--date", "2026-11-23")
PROCESSOR = line(COMPANY, "acts_as: ", "acts_as: {value: [processor], source: own}")
LABEL = swap("elements.yaml", "{en: Name}", "{en: Full name}")


@pytest.fixture
def repository(tmp_path):
    """A company whose register changed on two days, and was reworded on a third."""
    made = Repository(tmp_path / "company")
    (made.root / "klarsyn.yaml").write_text("format: 1\n")
    made.commit(FIRST, PROCESSOR)
    made.commit(SECOND, PROCESSOR, ANOTHER_VENDOR)
    made.commit(THIRD, PROCESSOR, ANOTHER_VENDOR, LABEL)
    return made


def history(repository, *words, **environ):
    """Run `klarsyn history` where the company's klarsyn.yaml lies."""
    done = klarsyn("history", *DAY, *words, folder=repository.root, **environ)
    assert 0 == done.returncode, done.stderr
    return done


def days(done):
    """Return the days of a report in JSON."""
    return [one["day"] for one in json.loads(done.stdout)["days"]]


def test_days_are_told_newest_first(repository):
    """
    With what changed, and what was owed for it then.
    """
    done = history(repository)

    assert "" == done.stderr
    assert (
        "20 February 2026\n"
        "  Third\n"
        "    [added] New vendor; purpose: Customer support; data: Name and E-mail address; "
        "legal entity: Third ApS; country: Denmark\n"
        "  Customers may object until 22 March 2026. "
        "The change takes effect on 23 March 2026 at the earliest.\n"
        "\n"
        "10 January 2026\n"
        "  The list begins with 2 vendors. Postdesk and Vault.\n"
    ) == done.stdout.replace("\xa0", " ")


def test_editorial_days_are_told_where_all_is_asked_for(repository):
    """
    Otherwise only what a customer would want to know.
    """
    plain, whole = (history(repository, "--format", "json", *words) for words in ([], ["--all"]))

    assert ["2026-02-20", "2026-01-10"] == days(plain)
    assert ["2026-03-30", "2026-02-20", "2026-01-10"] == days(whole)
    assert "[editorial] Wording" in history(repository, "--all").stdout


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-01-10", ["2026-02-20", "2026-01-10"]),
        ("2026-01-11", ["2026-02-20"]),
        ("2026-02-20", ["2026-02-20"]),
        ("2026-02-21", []),
    ],
)
def test_history_may_begin_on_a_day(repository, since, expected):
    """
    That day is part of it.
    """
    assert expected == days(history(repository, "--since", since, "--format", "json"))


def test_history_may_be_told_as_of_a_day(repository):
    """
    What came later is an uncommitted change of that day.
    """
    done = klarsyn("history", "--date", "2026-01-20", "--format", "json", folder=repository.root)

    assert ["2026-01-20", "2026-01-10"] == days(done)


def test_uncommitted_change_is_told_and_marked(repository):
    """
    As of today.
    """
    repository.write(PROCESSOR, ANOTHER_VENDOR, LABEL, ANOTHER_ELEMENT)
    told = history(repository).stdout

    assert told.replace("\xa0", " ").startswith("23 November 2026\n  Postdesk\n    [data] ")
    assert 1 == told.count("Not committed yet.")


def test_version_that_does_not_load_is_named(repository):
    """
    On the channel for remarks; the history is told all the same.
    """
    (repository.folder / VENDOR).write_text("name: [broken")
    commit = repository.commit_all("2026-05-05T12:00:00Z")
    repository.write(PROCESSOR, ANOTHER_VENDOR, LABEL)
    repository.commit_all("2026-05-06T12:00:00Z")
    done = history(repository)

    assert f"The register of commit {commit[:12]} does not load.\n" == done.stderr
    assert "[added]" in done.stdout


def test_copy_without_older_commits_says_so(repository, tmp_path):
    """
    Else its reader would take its beginning for the register's.
    """
    repository.git("clone", "--quiet", "--depth=1", repository.root.as_uri(), tmp_path / "copy")
    done = klarsyn("history", *DAY, folder=tmp_path / "copy")

    assert 0 == done.returncode
    assert "The repository lacks its older commits; fetch them to see all.\n" == done.stderr


def test_register_without_git_has_a_history_of_one_day(repository):
    """
    Today, and not committed.
    """
    shutil.rmtree(repository.root / ".git")
    told = history(repository).stdout

    assert "The list begins with 3 vendors." in told
    assert "Not committed yet." in told


def test_markdown_has_a_heading_for_each_day(repository):
    """
    For a page of one's own.
    """
    told = history(repository, "--format", "markdown").stdout.replace("\xa0", " ")

    assert ["## 20 February 2026", "## 10 January 2026"] == [
        one for one in told.splitlines() if one.startswith("#")
    ]


def test_history_is_the_same_each_time(repository):
    """
    With cold and with warm caches.
    """
    one, two = (history(repository, "--all", "--format", "json").stdout for _ in range(2))

    assert one == two


def test_klarpris_begins_with_the_page_of_2022(tmp_path):
    """
    The page kept by hand that the register replaces.
    """
    shutil.copytree(EXAMPLES / "klarpris", tmp_path / "klarpris")
    done = klarsyn("-C", tmp_path / "klarpris", "history", *DAY)
    told = done.stdout.replace("\xa0", " ").splitlines()

    assert 0 == done.returncode
    assert "  The list begins with 16 vendors." in told[-1]
    assert "25 January 2022" == told[-2]


@pytest.mark.parametrize("language", ["sv", "da", "nb", "de", "fi"])
def test_reader_of_the_terminal_is_told_in_their_language(repository, language):
    """
    Every line of it.
    """
    repository.write(PROCESSOR, ANOTHER_VENDOR, LABEL, ANOTHER_ELEMENT)
    told = history(repository, "--all", KLARSYN_LANG=language).stdout

    for words in ("New vendor", "The list begins", "Not committed", "Wording", "Customers"):
        assert words not in told
