from pathlib import Path

import pytest

from tests.cli.staffed import Office

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An administrator, an approver and an editor of a company with Signifly as a vendor."""
    return Office(tmp_path_factory.mktemp("tasks"))


@pytest.fixture
def answer(tmp_path):
    """A file that shows that something was done."""
    file = tmp_path / "answer.pdf"
    file.write_bytes(b"%PDF-1.7 Nothing is held of Birgit Lyngholt.")
    return file


def opened(office, *words):
    """Open a task at a vendor and return its id."""
    done = office.run("tasks", "open", *words, who="tove")
    assert 0 == done.returncode, done.stderr
    return done.stdout.split()[0]


def test_sheet_gives_task_and_letter(office):
    """
    The letter is in the company's language, the rest in the reader's; opening again opens none.
    """
    task = opened(office, "signifly", "erase")
    assert task == opened(office, "signifly", "erase")
    told = office.run("tasks", "show", task).stdout

    assert "Signifly: erase what is held of a person: ask in writing" in told
    assert "KlarPris" in told
    shown = office.json("tasks", "show", task)
    assert ("manual", "open", "signifly") == (shown["kind"], shown["state"], shown["vendor"])
    assert "by-hand:signifly:" in shown["letter"]


def test_task_is_done_with_evidence(office, answer, tmp_path):
    """
    The file is kept sealed, comes back to who signs in, and the task is over.
    """
    task = opened(office, "hotjar", "rectify")
    assert 87 == office.run("tasks", "done", task, who="tove").returncode
    done = office.run("tasks", "done", task, "--evidence", answer, who="tove")
    assert (0, f"{task} is done.\n") == (done.returncode, done.stdout), done.stderr

    folder = tmp_path / "out"
    folder.mkdir()
    written = office.run("tasks", "evidence", task, folder, who="nils").stdout.strip()
    assert answer.read_bytes() == Path(written).read_bytes()
    assert 86 == office.run("tasks", "done", task, "--evidence", answer, who="tove").returncode
    assert b"Birgit" not in office.everything()
    shown = office.run("tasks", "show", task).stdout
    assert "ended by tove" in shown
    assert 1 == shown.count("SHA-256")


def test_attestation_comes_again(office):
    """
    The next one is due a year after.
    """
    task = opened(office, "signifly")
    done = office.run("tasks", "attest", task, who="tove")
    rows = office.json("tasks", "--kind", "attestation")

    assert f"{task} is attested.\n" == done.stdout
    assert "what is hosted and where" in done.stderr
    assert [12] == [row["again"] for row in rows]
    assert "due again 12 months after" in office.run("tasks", "show", rows[0]["id"]).stdout
    assert [task] == [row["id"] for row in office.json("tasks", "--state", "attested")]


def test_task_is_given_to_somebody_and_given_up(office):
    """
    The list shows whose it is.
    """
    task = opened(office, "zapier", "find")
    given = office.run("tasks", "assign", task, "nils", who="tove")
    assert f"{task} was given to nils.\n" == given.stdout
    assert [task] == [row["id"] for row in office.json("tasks", "--for", "nils")]
    assert "given to nils" in office.run("tasks", "show", task).stdout

    failed = office.run("tasks", "fail", task, "--why", "no-answer", who="nils")
    assert f"{task} is given up: nobody answered.\n" == failed.stdout


def test_list_is_narrowed(office):
    """
    By vendor and state; nothing is an answer, too.
    """
    task = opened(office, "hotjar", "find")
    listed = office.run("tasks", "--vendor", "hotjar").stdout.splitlines()

    assert [task] == [line.split()[0] for line in listed]
    assert "open" in listed[0]
    assert "There are no such tasks.\n" == office.run("tasks", "--remind").stdout
    assert "There are no such tasks.\n" == office.run("tasks", "--vendor", "recurly").stdout
    assert task in [row["id"] for row in office.json("tasks", "--state", "any")]
    assert 15 == office.run("tasks", "--for", "nobody").returncode


def test_calls_that_do_it_all_leave_nothing(office):
    """
    No task is made up, and an unknown vendor is told.
    """
    done = office.run("tasks", "open", "mailchimp", "erase", who="tove")

    assert "nothing is left to a person" in done.stdout
    assert 15 == office.run("tasks", "open", "nowhere", who="tove").returncode
