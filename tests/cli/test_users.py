import pytest
from click.testing import CliRunner

from klarsyn.cli.group import group
from tests.cli.staffed import KEY, PHRASES, Office

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An administrator, an approver and an editor."""
    return Office(tmp_path_factory.mktemp("users"))


def test_first_one_becomes_administrator(office):
    """
    Whatever was asked for; the others get the role that they were given.
    """
    rows = {row["name"]: row["role"] for row in office.json("users", "list")}

    assert {"freja": "administrator", "nils": "approver", "tove": "editor"} == rows
    assert "freja                    administrator  staff-" in office.run("users", "list").stdout


def test_others_are_added_by_an_administrator_only(office, tmp_path):
    """
    With their own passphrase; nobody else's name helps.
    """
    file = tmp_path / "jens.txt"
    file.write_text("winter maps fold themselves\n")
    words = ("users", "add", "jens", "--passphrase-file", file)

    assert 81 == office.run(*words, who="nils").returncode
    wrong = office.run(*words, KLARSYN_USER="freja", KLARSYN_PASSPHRASE_FILE=str(file))
    assert (80, "") == (wrong.returncode, wrong.stdout)
    assert 3 == len(office.json("users", "list"))


def test_weak_passphrase_and_missing_file_are_refused(office, tmp_path):
    """
    Neither is repeated.
    """
    file = tmp_path / "weak.txt"
    file.write_text("hunter2\n")
    weak = office.run("users", "add", "jens", "--passphrase-file", file, who="freja")
    missing = office.run(
        "users", "add", "jens", "--passphrase-file", tmp_path / "none.txt", who="freja"
    )
    file.write_text("")

    assert 85 == weak.returncode
    assert "hunter2" not in weak.stderr
    assert 80 == missing.returncode
    assert "none.txt cannot be read" in missing.stderr
    assert (
        85 == office.run("users", "add", "jens", "--passphrase-file", file, who="freja").returncode
    )


def test_last_administrator_stays(office):
    """
    And whoever is unknown cannot be removed.
    """
    assert 85 == office.run("users", "remove", "freja", who="freja").returncode
    assert 15 == office.run("users", "remove", "jens", who="freja").returncode


def test_names_do_not_lie_in_the_database(office):
    """
    Nor do hashes of passphrases, in clear.
    """
    content = office.everything()

    assert b"staff-" in content
    assert [] == [word for word in (b"freja", b"tove", b"$argon2id") if word in content]


def test_keys_are_needed(office):
    """
    The error says how to make them.
    """
    done = office.run("users", "list", KLARSYN_KEYS="")

    assert 24 == done.returncode
    assert "KLARSYN_KEYS is not set" in done.stderr


def test_at_a_terminal_everything_is_asked(tmp_path, monkeypatch):
    """
    A new passphrase twice; whoever signs in is asked for name and passphrase.
    """
    (tmp_path / "klarsyn.yaml").write_text("format: 1\n")
    monkeypatch.setenv("KLARSYN_KEYS", KEY)

    def run(*words, typed):
        return CliRunner().invoke(group, ["-C", str(tmp_path), "users", *words], input=typed)

    new, other = PHRASES["freja"], PHRASES["nils"]
    first = run("add", "freja", typed=f"{new}\n{new}\n")
    assert 0 == first.exit_code, first.output
    assert "freja is administrator" in first.output
    assert new not in first.output
    changed = run("passphrase", typed=f"freja\n{new}\n{other}\n{other}\n")
    assert 0 == changed.exit_code, changed.output
    second = run("add", "nils", "--role", "approver", typed=f"freja\n{other}\n{new}\n{new}\n")
    assert 0 == second.exit_code, second.output
    removed = run("remove", "nils", typed=f"freja\n{other}\n")
    assert "nils was erased; staff-" in removed.output
