import subprocess
from datetime import date, timedelta

import pytest

from klarsyn.register import load
from klarsyn.register.history import history
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    HOST,
    SCORE,
    VENDOR,
    add,
    line,
    swap,
    unknown,
    without,
)
from tests.register.repositories import (
    ANOTHER_ELEMENT,
    ANOTHER_VENDOR,
    FIRST,
    SECOND,
    THIRD,
    Repository,
)

ON = date(2026, 11, 22)

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
    "another vendor": ANOTHER_VENDOR,
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


@pytest.fixture
def repository(tmp_path):
    """A repository without a commit."""
    return Repository(tmp_path)


def updated(repository, on=ON):
    """Return the day of the last change of what lies there."""
    return history(repository.load(), on).updated


def changes_of(entry):
    """Return what changed on a day; the first has nothing to differ from."""
    return entry.difference.changes if entry.difference else ()


def days(repository, on=ON):
    """Return each day of the history with what changed on it: kind and vendor."""
    return [
        (
            one.day,
            [(it.kind, it.vendor) for it in one.difference.changes] if one.difference else None,
        )
        for one in history(repository.load(), on).entries
    ]


# Without a history


def test_register_without_git_changed_today(tmp_path):
    """
    Where nothing is known of the past, the day of the publication is told.
    """
    Repository(tmp_path).write()
    (tmp_path / ".git").rename(tmp_path / "elsewhere")

    assert ON == history(load(tmp_path / "register"), ON).updated


def test_machine_without_git_is_like_no_history(repository, monkeypatch):
    """
    A missing program is no failure.
    """
    repository.commit(FIRST)
    monkeypatch.setenv("PATH", "")

    assert ON == updated(repository)


def test_register_that_was_never_committed_changed_today(repository):
    """
    A repository without a commit tells nothing.
    """
    repository.write()

    assert ON == updated(repository)


# With one


def test_first_commit_is_the_first_change(repository):
    """
    A register that has never changed is as old as its first commit.
    """
    repository.commit(FIRST)

    assert FIRST == updated(repository)


@pytest.mark.parametrize("edit", EDITORIAL.values(), ids=EDITORIAL)
def test_editorial_commit_does_not_move_the_day(repository, edit):
    """
    R98: words, order, comments, sources and the look are not what a customer is told about.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, edit)

    assert FIRST == updated(repository)


@pytest.mark.parametrize("edit", SUBSTANCE.values(), ids=SUBSTANCE)
def test_change_of_substance_moves_the_day(repository, edit):
    """
    R98: vendors, data, countries, entities, roles and grounds are.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, edit)

    assert SECOND == updated(repository)


def test_day_is_that_of_the_last_change_not_of_the_words_of_a_commit(repository):
    """
    What a commit says of itself counts for nothing, and neither does what comes after.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_ELEMENT)
    repository.commit(THIRD, ANOTHER_ELEMENT, EDITORIAL["a label"])
    repository.commit(date(2026, 4, 30), ANOTHER_ELEMENT, EDITORIAL["a comment"])

    assert SECOND == updated(repository)


def test_change_that_was_taken_back_is_a_change(repository):
    """
    Back where it was: the last change is the way back, not the first commit.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_ELEMENT)
    repository.commit(THIRD)

    assert THIRD == updated(repository)


def test_uncommitted_substance_changed_today(repository):
    """
    What is not committed yet is published today.
    """
    repository.commit(FIRST)
    repository.write(ANOTHER_VENDOR)

    assert ON == updated(repository)


def test_uncommitted_words_change_nothing(repository):
    """
    An editorial change that is not committed yet is editorial all the same.
    """
    repository.commit(FIRST)
    repository.write(EDITORIAL["a label"])

    assert FIRST == updated(repository)


def test_unreadable_version_is_passed_over(repository):
    """
    A version that nobody can read is named; what it did shows in the next one that loads.
    """
    repository.commit(FIRST)
    repository.write(ANOTHER_VENDOR)
    (repository.folder / VENDOR).write_text("name: [broken")
    broken = repository.commit_all(SECOND)
    repository.commit(THIRD, ANOTHER_VENDOR)

    assert (broken,) == history(repository.load(), ON).unreadable
    assert [(FIRST, None), (THIRD, [("added", "third")])] == days(repository)


def test_unreadable_version_that_was_mended_did_nothing(repository):
    """
    What nobody could read was never published.
    """
    repository.commit(FIRST)
    (repository.folder / VENDOR).write_text("name: [broken")
    repository.commit_all(SECOND)
    repository.commit(THIRD)

    assert [(FIRST, None)] == days(repository)


def test_commits_after_the_day_are_passed_over(repository):
    """
    As of a day in the past, later commits are not known.
    """
    repository.commit(FIRST)
    repository.commit(date(2026, 12, 24), EDITORIAL["a label"])

    assert FIRST == updated(repository)


def test_commit_elsewhere_in_the_repository_is_nothing(repository):
    """
    Only the register's own folder has a history.
    """
    repository.commit(FIRST)
    (repository.root / "README.md").write_text("hello")
    repository.commit_all(SECOND)

    assert FIRST == updated(repository)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-01-10T22:30:00Z", date(2026, 1, 10)),
        ("2026-01-10T23:30:00Z", date(2026, 1, 11)),
        ("2026-07-10T22:30:00Z", date(2026, 7, 11)),
    ],
    ids=["before midnight", "after midnight", "summer time"],
)
def test_day_is_that_of_the_company(repository, instant, day):
    """
    A commit at 23:30 in Greenwich is of the next day in Copenhagen.
    """
    repository.commit(instant)

    assert day == updated(repository)


def test_name_with_other_letters_is_found(repository):
    """
    A folder with a space and letters beyond ASCII has a history like any other.
    """
    repository.folder = repository.root / "vores register æøå"
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)

    assert SECOND == updated(repository)


# Day by day


def test_commits_of_a_day_are_one_entry(repository):
    """
    What counts is how the register stood at the end of the day.
    """
    repository.commit(FIRST)
    repository.commit("2026-02-20T08:00:00Z", ANOTHER_VENDOR)
    repository.commit("2026-02-20T15:00:00Z", ANOTHER_ELEMENT)

    assert [(FIRST, None), (SECOND, [("data", "postdesk")])] == days(repository)


def test_day_that_ends_as_the_one_before_is_none(repository):
    """
    A change taken back on the same day never reached anybody.
    """
    repository.commit(FIRST)
    repository.commit("2026-02-20T08:00:00Z", ANOTHER_VENDOR)
    repository.commit("2026-02-20T15:00:00Z")

    assert [(FIRST, None)] == days(repository)


def test_clock_that_went_backwards_turns_no_time_back(repository):
    """
    A commit that says it is older than the one before it is of that one's day.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)
    repository.commit(date(2025, 5, 5), ANOTHER_VENDOR, ANOTHER_ELEMENT)

    assert [
        (FIRST, None),
        (SECOND, [("added", "third"), ("data", "postdesk")]),
    ] == days(repository)


def test_day_of_the_merge_counts(repository):
    """
    A version is there when it reached the branch, not when it was written (R97).
    """
    repository.commit(FIRST)
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit(date(2026, 1, 15), ANOTHER_VENDOR)
    repository.commit(date(2026, 1, 20), ANOTHER_VENDOR, ANOTHER_ELEMENT)
    repository.git("checkout", "--quiet", "main")
    at = "2026-02-20T12:00:00Z"
    repository.git("merge", "--quiet", "--no-ff", "-m", "x", "topic", at=at)

    assert [
        (FIRST, None),
        (SECOND, [("added", "third"), ("data", "postdesk")]),
    ] == days(repository)


def test_uncommitted_change_is_an_entry_of_today(repository):
    """
    It is marked as not for good, and is the last one.
    """
    repository.commit(FIRST)
    repository.write(ANOTHER_VENDOR)
    first, last = history(repository.load(), ON).entries

    assert (True, False) == (first.is_committed, last.is_committed)
    assert (ON, "third") == (last.day, changes_of(last)[0].vendor)


def test_day_on_which_something_is_committed_and_something_not_is_one_entry(repository):
    """
    Two entries of one day would have the same address.
    """
    repository.commit(FIRST)
    repository.commit(ON, ANOTHER_VENDOR)
    repository.write(ANOTHER_VENDOR, ANOTHER_ELEMENT)
    past = history(repository.load(), ON)

    assert [(FIRST, True), (ON, False)] == [(one.day, one.is_committed) for one in past.entries]
    assert [(FIRST, None), (ON, [("added", "third"), ("data", "postdesk")])] == days(repository)


def test_change_of_today_that_was_taken_back_but_not_committed_is_none(repository):
    """
    What lies there is what was there before, and git has it.
    """
    repository.commit(FIRST)
    repository.commit(ON, ANOTHER_VENDOR)
    repository.write()
    (only,) = history(repository.load(), ON).entries

    assert (FIRST, True) == (only.day, only.is_committed)


def test_entries_hold_the_register_of_their_day(repository):
    """
    Each with the version that it is told against; the last one is what lies on disk.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)
    register = repository.load()
    first, second = history(register, ON).entries

    assert (2, 3) == (len(first.register.vendors), len(second.register.vendors))
    assert second.difference
    assert second.difference.old is first.register
    assert second.register is register


def test_editorial_day_is_an_entry_but_is_not_told(repository):
    """
    `klarsyn history --all` names it; page and feeds do not.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, EDITORIAL["a label"])
    past = history(repository.load(), ON)

    assert [FIRST, SECOND] == [one.day for one in past.entries]
    assert [FIRST] == [one.day for one in past.told]


def test_newest_is_told_first(repository):
    """
    As a reader wants it.
    """
    repository.commit(FIRST)
    repository.commit(SECOND, ANOTHER_VENDOR)
    repository.commit(THIRD, ANOTHER_ELEMENT)

    assert [THIRD, SECOND, FIRST] == [one.day for one in history(repository.load(), ON).told]


# A history that is not whole


def cut(repository, tmp_path, depth=1):
    """Return a copy of a repository that lacks its older commits."""
    words = ("git", "clone", "--quiet", f"--depth={depth}", repository.root.as_uri(), "copy")
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    return load(tmp_path / "copy" / "register")


@pytest.fixture
def apart(tmp_path):
    """A repository beside which there is room for a copy."""
    return Repository(tmp_path / "origin")


def test_history_that_is_cut_says_so(apart, tmp_path):
    """
    A copy with the newest commit only does not know what came before.
    """
    apart.commit(FIRST)
    apart.commit(SECOND, ANOTHER_VENDOR)

    assert not history(apart.load(), ON).is_cut
    assert history(cut(apart, tmp_path), ON).is_cut


def test_cut_history_does_not_begin_where_it_was_cut(apart, tmp_path):
    """
    On the oldest day that is left, nothing is known to have changed.
    """
    apart.commit(FIRST)
    apart.commit(SECOND, ANOTHER_VENDOR)
    apart.commit(THIRD, EDITORIAL["a label"])

    assert [] == history(cut(apart, tmp_path), ON).told
    assert THIRD == history(cut_deeper(apart, tmp_path), ON).entries[-1].day


def cut_deeper(repository, tmp_path):
    """Return another copy, with two commits."""
    (tmp_path / "more").mkdir()
    return cut(repository, tmp_path / "more", depth=2)


def test_cut_history_tells_what_it_knows(apart, tmp_path):
    """
    What came after the oldest version that is left is told on its day.
    """
    apart.commit(FIRST)
    apart.commit(SECOND, EDITORIAL["a label"])
    apart.commit(THIRD, ANOTHER_VENDOR)
    past = history(cut(apart, tmp_path, depth=2), ON)

    assert [THIRD] == [one.day for one in past.told]
    assert THIRD == past.updated


# A page kept by hand

PRINTED = add(
    COMPANY,
    f'printed: {{file: page.txt, sha256: "{"0" * 64}", language: en, updated: 2025-06-01}}\n',
)
ROW = add(VENDOR, "printed: {heading: Postdesk, purpose: Support}\n")


def test_history_begins_with_the_page_kept_by_hand(repository):
    """
    On its day, with the vendors that it printed; what came to light after it is told after it.
    """
    repository.commit(FIRST, PRINTED, ROW)
    first, second = history(repository.load(), ON).entries

    assert (date(2025, 6, 1), ["postdesk"], None, True) == (
        first.day,
        list(first.register.vendors),
        first.difference,
        first.is_committed,
    )
    assert FIRST == second.day
    assert ("added", "vault") in [(one.kind, one.vendor) for one in changes_of(second)]


def test_page_kept_by_hand_is_drawn_from_the_first_version(repository):
    """
    What was found out since stands in a later entry.
    """
    repository.commit(FIRST, PRINTED, ROW)
    repository.commit(SECOND, PRINTED, ROW, without(HOST))

    assert [date(2025, 6, 1), FIRST, SECOND] == [day for day, _ in days(repository)]


@pytest.mark.parametrize("later", [timedelta(), timedelta(days=1)])
def test_page_that_is_not_older_than_the_register_begins_nothing(repository, later):
    """
    The register was there first, and git knows since when.
    """
    day = (FIRST + later).isoformat()
    same = add(COMPANY, PRINTED(dict.fromkeys([COMPANY], ""))[COMPANY].replace("2025-06-01", day))
    repository.commit(FIRST, same, ROW)

    assert [(FIRST, None)] == days(repository)
    assert history(repository.load(), ON).entries[0].is_committed


def test_page_of_a_day_to_come_begins_nothing(repository):
    """
    As of a day before it, the page is not there yet.
    """
    repository.write(PRINTED, ROW)

    assert [(date(2025, 1, 1), None)] == days(repository, on=date(2025, 1, 1))


def test_page_kept_by_hand_is_where_a_register_without_git_begins(repository):
    """
    The page is for good; what lies there today is not yet.
    """
    repository.write(PRINTED, ROW)
    past = history(repository.load(), ON)

    assert [(date(2025, 6, 1), True), (ON, False)] == [
        (one.day, one.is_committed) for one in past.entries
    ]
