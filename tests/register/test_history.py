import os
import subprocess
from datetime import date
from pathlib import Path

import pytest
from klarsyn.publication.history import last_change

from klarsyn.register import load
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    HOST,
    SCORE,
    VENDOR,
    add,
    after,
    edited,
    line,
    swap,
    unknown,
    without,
)

ON = date(2026, 11, 22)
AUTHORED = "2020-01-01T00:00:00Z"  # when a commit was begun says nothing
FIRST = date(2026, 1, 10)
SECOND = date(2026, 2, 20)

THIRD = add("vendors/third.yaml", edited()[VENDOR].replace("Postdesk", "Third"))
ANOTHER_ELEMENT = after(
    VENDOR, "- {element: person.email", "      - {element: order.score, direction: delivered}\n"
)
REVERSED = swap(
    VENDOR,
    "      - {element: person.name, direction: delivered}\n"
    "      - {element: person.email, direction: delivered}\n",
    "      - {element: person.email, direction: delivered}\n"
    "      - {element: person.name, direction: delivered}\n",
)

EDITORIAL = {
    "a label": swap(ELEMENTS, "{en: Name}", "{en: Full name}"),
    "the order": REVERSED,
    "a comment": add(VENDOR, "# looked at again\n"),
    "a source": swap(VENDOR, "as_of: 2026-11-01", "as_of: 2026-11-02"),
    "the look": add(COMPANY, 'look: {accent: "#0a6b4f"}\n'),
    "the introduction": swap(COMPANY, "that we use.", "we use."),
    "a score's method": swap(SCORE, "A count.", "A sum."),
    "the vendor's name": swap(VENDOR, "name: Postdesk\n", "name: Postdesk Nordic\n"),
}
SUBSTANCE = {
    "another vendor": THIRD,
    "one vendor less": without(HOST),
    "another element": ANOTHER_ELEMENT,
    "another country of storage": line(
        VENDOR, "storage: {value: [", "storage: {value: [US], source: own}"
    ),
    "a country no longer known": unknown(VENDOR, "country"),
    "another role": line(VENDOR, "role: ", "role: {value: controller, source: own}"),
    "another ground": add(VENDOR, "transfers: [{to: US, mechanism: bcr, source: own}]\n"),
    "another legal entity": swap(VENDOR, "{value: Postdesk ApS", "{value: Postdesk A/S"),
}


class History:
    """A real repository with a register in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "register"
        self.git("init", "--quiet")

    def git(self, *words: str, at: str = "2026-01-01T12:00:00Z") -> None:
        """Run git, as somebody, at some time."""
        identity = ("-c", "user.name=A. Jensen", "-c", "user.email=a@f.example")
        subprocess.run(
            ["git", *identity, *words],
            cwd=self.root,
            env={**os.environ, "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": AUTHORED},
            check=True,
            capture_output=True,
        )

    def write(self, *edits) -> None:
        """Write the register after some edits, and nothing else."""
        for old in self.folder.rglob("*.yaml"):
            old.unlink()
        for name, text in edited(*edits).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, day: date | str, *edits) -> None:
        """Commit the register after some edits on a day."""
        self.write(*edits)
        self.commit_all(day)

    def commit_all(self, day: date | str) -> None:
        """Commit what lies there on a day at noon, or at an instant."""
        at = day if isinstance(day, str) else f"{day.isoformat()}T12:00:00Z"
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "new vendor, new country", at=at)

    def last_change(self, on: date = ON) -> date:
        """Return the day of the last change of what lies there."""
        return last_change(load(self.folder), on)


@pytest.fixture
def history(tmp_path):
    """A repository without a commit."""
    return History(tmp_path)


# Without a history


def test_register_without_git_changed_today(tmp_path):
    """
    Where nothing is known of the past, the day of the publication is told.
    """
    folder = tmp_path / "register"
    for name, text in edited().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    assert ON == last_change(load(folder), ON)


def test_machine_without_git_is_like_no_history(history, monkeypatch):
    """
    A missing program is no failure.
    """
    history.commit(FIRST)
    monkeypatch.setenv("PATH", "")

    assert ON == history.last_change()


def test_register_that_was_never_committed_changed_today(history):
    """
    A repository without a commit tells nothing.
    """
    history.write()

    assert ON == history.last_change()


# With one


def test_first_commit_is_the_first_change(history):
    """
    A register that has never changed is as old as its first commit.
    """
    history.commit(FIRST)

    assert FIRST == history.last_change()


@pytest.mark.parametrize("edit", EDITORIAL.values(), ids=EDITORIAL)
def test_editorial_commit_does_not_move_the_day(history, edit):
    """
    R98: words, order, comments, sources and the look are not what a customer is told about.
    """
    history.commit(FIRST)
    history.commit(SECOND, edit)

    assert FIRST == history.last_change()


@pytest.mark.parametrize("edit", SUBSTANCE.values(), ids=SUBSTANCE)
def test_change_of_substance_moves_the_day(history, edit):
    """
    R98: vendors, data, countries, entities, roles and grounds are.
    """
    history.commit(FIRST)
    history.commit(SECOND, edit)

    assert SECOND == history.last_change()


def test_day_is_that_of_the_last_change_not_of_the_words_of_a_commit(history):
    """
    What a commit says of itself counts for nothing, and neither does what comes after.
    """
    history.commit(FIRST)
    history.commit(SECOND, ANOTHER_ELEMENT)
    history.commit(date(2026, 3, 30), ANOTHER_ELEMENT, EDITORIAL["a label"])
    history.commit(date(2026, 4, 30), ANOTHER_ELEMENT, EDITORIAL["a comment"])

    assert SECOND == history.last_change()


def test_change_that_was_taken_back_is_a_change(history):
    """
    Back where it was: the last change is the way back, not the first commit.
    """
    history.commit(FIRST)
    history.commit(SECOND, ANOTHER_ELEMENT)
    history.commit(date(2026, 3, 30))

    assert date(2026, 3, 30) == history.last_change()


def test_uncommitted_substance_changed_today(history):
    """
    What is not committed yet is published today.
    """
    history.commit(FIRST)
    history.write(THIRD)

    assert ON == history.last_change()


def test_uncommitted_words_change_nothing(history):
    """
    An editorial change that is not committed yet is editorial all the same.
    """
    history.commit(FIRST)
    history.write(EDITORIAL["a label"])

    assert FIRST == history.last_change()


def test_unreadable_version_ends_the_search(history):
    """
    What lies behind a version that nobody can read is not known; the day after it holds.
    """
    history.commit(FIRST)
    history.write()
    (history.folder / VENDOR).write_text("name: [broken")
    history.commit_all(SECOND)
    history.commit(date(2026, 3, 30))

    assert date(2026, 3, 30) == history.last_change()


def test_commits_after_the_day_are_passed_over(history):
    """
    As of a day in the past, later commits are not known.
    """
    history.commit(FIRST)
    history.commit(date(2026, 12, 24), EDITORIAL["a label"])

    assert FIRST == history.last_change()


def test_commit_elsewhere_in_the_repository_is_nothing(history):
    """
    Only the register's own folder has a history.
    """
    history.commit(FIRST)
    (history.root / "README.md").write_text("hello")
    history.commit_all(SECOND)

    assert FIRST == history.last_change()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-01-10T22:30:00Z", date(2026, 1, 10)),
        ("2026-01-10T23:30:00Z", date(2026, 1, 11)),
        ("2026-07-10T22:30:00Z", date(2026, 7, 11)),
    ],
    ids=["before midnight", "after midnight", "summer time"],
)
def test_day_is_that_of_the_company(history, instant, day):
    """
    A commit at 23:30 in Greenwich is of the next day in Copenhagen.
    """
    history.commit(instant)

    assert day == history.last_change()


def test_name_with_other_letters_is_found(history):
    """
    A folder with a space and letters beyond ASCII has a history like any other.
    """
    history.folder = history.root / "vores register æøå"
    history.commit(FIRST)
    history.commit(SECOND, THIRD)

    assert SECOND == history.last_change()
