import json
import shutil

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn import storage as storages
from klarsyn.clock import SystemClock
from klarsyn.durable import Engine, Run, Workshop, work
from klarsyn.people.facts import Facts
from klarsyn.people.hashes import Hashes
from klarsyn.testing import StillClock
from tests.cli.staffed import KEY, Office
from tests.upkeep.house import House, identities

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path):
    """People who sign in, and nothing delivered yet."""
    return Office(tmp_path)


@pytest.fixture
def keys():
    """The keys of the office."""
    return klarsyn_keys.load({"KLARSYN_KEYS": KEY})


def address(office):
    """Return the address of its database."""
    return f"sqlite:///{office.folder / 'klarsyn.sqlite'}"


def house(storage, keys, clock=None):
    """Return its tables."""
    return House(storage, clock or StillClock(SystemClock().now()), keys)


@pytest.fixture
def peopled(office, keys):
    """Two people were delivered."""
    with storages.open(address(office)) as storage:
        tables = house(storage, keys)
        tables.ledger.numbers("mailchimp", {"person.email": "member.email"})
        for number in (1, 2):
            tables.deliver(number)
    return office


def add(office, line):
    """Add a line to klarsyn.yaml."""
    with (office.folder / "klarsyn.yaml").open("a") as file:
        file.write(f"{line}\n")


def lose(office):
    """Take the database away, with all that lies beside it."""
    for one in office.folder.glob("klarsyn*.sqlite*"):
        one.unlink()
    shutil.rmtree(office.folder / "klarsyn-steps.slots", ignore_errors=True)


def test_a_sound_database(office):
    """
    Each thing that was looked at, and exit code 0.
    """
    done = office.run("storage", "check")

    assert 0 == done.returncode, done.stderr
    assert 8 == done.stdout.count("\n. ") + 1
    assert not list(office.folder.glob("klarsyn-steps*"))  # nothing was made to look at it


def test_what_is_wrong_stands_beside_what_to_do(office):
    """
    Exit code 28; for programs, the same.
    """
    (office.folder / "klarsyn.sqlite").chmod(0o644)
    done = office.run("storage", "check")

    assert (28, True) == (done.returncode, "Something is wrong: files" in done.stderr)
    assert "x files: " in done.stdout
    assert "-> Take their rights: `chmod go= " in done.stdout
    told = json.loads(office.run("storage", "check", "--json").stdout)
    assert ["files"] == [one["about"] for one in told if not one["sound"]]
    assert told[0]["wrong"][0].startswith("others may open ")


def test_a_database_that_is_not_there_is_not_sound(office):
    """
    Nor is one that does not open, or whose keys are missing.
    """
    lose(office)
    assert "there is no database at sqlite:" in office.run("storage", "check").stdout
    (office.folder / "klarsyn.sqlite").write_text("a letter, " * 99)
    assert "file is not a database" in office.run("storage", "check").stdout
    done = office.run("storage", "check", KLARSYN_KEYS="")

    assert (28, True) == (done.returncode, "x keys: " in done.stdout)


def test_a_network_is_no_place_for_it(office, tmp_path, monkeypatch):
    """
    It is not opened there, and what to do is told.
    """
    mounts = tmp_path / "mounts"
    mounts.write_text("files.example.com:/ / nfs4 rw 0 0\n")
    monkeypatch.setattr("klarsyn.storage.sqlite._MOUNTS", mounts)
    told = office.run("storage", "check").stdout

    assert "lies on a network file system (nfs4 at /)" in told
    assert "-> Put it on a local disk, or use PostgreSQL." in told


def test_files_that_are_looked_at(office, tmp_path):
    """
    The keys' and the tombstones' too, where they are named.
    """
    (tmp_path / "keys").write_text(KEY)
    add(office, "tombstones: stones")
    office.run("storage", "backup", tmp_path / "b")
    (office.folder / "stones").chmod(0o666)
    (tmp_path / "keys").chmod(0o666)
    environ = {"KLARSYN_KEYS": "", "KLARSYN_KEYS_FILE": str(tmp_path / "keys")}
    told = office.run("storage", "check", **environ).stdout

    assert f"others may open {office.folder / 'stones'}" in told
    assert f"others may open {tmp_path / 'keys'}" in told


def test_periods_are_printed_with_their_grounds(office):
    """
    What klarsyn.yaml has chosen, and nothing that is due.
    """
    add(office, "retention: {past_recipients: P5Y}")
    told = office.run("storage", "retention").stdout

    assert "past-recipients: which vendor once had data of whom" in told
    assert "  P5Y after the last vendor has removed them\n" in told
    assert "C-154/21" in told
    assert "due:" not in told


def test_what_is_due_is_erased_at_once_where_asked(peopled, keys):
    """
    Before it is only counted; it is recorded.
    """
    clock = StillClock()
    clock.move(days=-40)
    with storages.open(address(peopled), clock) as storage:
        house(storage, keys, clock).letters.put("mailchimp", b"p" * 16, {"email": "a@example.com"})
    assert "  due: 1, overdue: 1\n" in peopled.run("storage", "retention").stdout

    assert "erased now: 1" in peopled.run("storage", "retention", "--now").stdout
    (row,) = [
        one
        for one in json.loads(peopled.run("storage", "retention", "--json").stdout)
        if one["class"] == "dead-letters"
    ]
    assert (0, 0, ["dead_letter"]) == (row["due"], row["overdue"], row["tables"])


def test_a_backup_comes_back_into_an_empty_place(peopled, tmp_path):
    """
    With the accounts of then, and nothing that is sent by itself.
    """
    done = peopled.run("storage", "backup", tmp_path / "b")
    assert 0 == done.returncode, done.stderr
    assert f"Rows written to {tmp_path / 'b'}: " in done.stdout
    lose(peopled)
    back = peopled.run("storage", "restore", tmp_path / "b")

    assert 0 == back.returncode, back.stderr
    assert "Accounts are those of then" in back.stdout
    assert "Nothing is sent for now to: mailchimp." in back.stdout
    assert "freja" in peopled.run("users", "list").stdout
    assert 0 == peopled.run("storage", "check").returncode


def test_for_programs(peopled, tmp_path):
    """
    Counts by table, hash and key; what was restored and what was left out.
    """
    made = peopled.json("storage", "backup", tmp_path / "b")
    lose(peopled)
    back = peopled.json("storage", "restore", tmp_path / "b")

    assert ("2026", 2, made["backup"]) == (made["key"], made["rows"]["delivery"], back["backup"])
    assert ({}, 0, ["mailchimp"], True) == tuple(
        back[name] for name in ("left_out", "erased", "paused", "old_accounts")
    )


def test_who_was_erased_stays_erased(peopled, keys, tmp_path):
    """
    By a file that was named, or the one of klarsyn.yaml.
    """
    peopled.run("storage", "backup", tmp_path / "b")
    with storages.open(address(peopled)) as storage:
        house(storage, keys).erase(1)
    told = peopled.run("storage", "tombstones", tmp_path / "stones").stdout
    assert f"Added to {tmp_path / 'stones'}: 3.\n" == told
    lose(peopled)
    named = ("--tombstones", tmp_path / "stones")
    back = peopled.run("storage", "restore", tmp_path / "b", *named)

    assert "People who were erased since, and stay erased: 1; left out: 4 rows." in back.stdout
    with storages.open(address(peopled)) as storage:
        gate = Facts(storage, SystemClock(), Hashes(keys)).load()
        assert gate.erased(gate.hashes_of_identities(Hashes(keys), identities(1)))


def test_the_file_of_klarsyn_yaml_is_read_by_itself(peopled, keys, tmp_path):
    """
    Each backup adds to it.
    """
    add(peopled, "tombstones: stones")
    peopled.run("storage", "backup", tmp_path / "b")
    with storages.open(address(peopled)) as storage:
        house(storage, keys).erase(1)
    peopled.run("storage", "backup", tmp_path / "later")
    lose(peopled)

    assert 1 == peopled.json("storage", "restore", tmp_path / "b")["erased"]


def test_a_database_is_replaced_by_an_approval_of_that_very_file(peopled, tmp_path):
    """
    Asked for by one person, given by another; the second time it goes through.
    """
    peopled.run("storage", "backup", tmp_path / "b")
    words = ("storage", "restore", tmp_path / "b", "--replace")
    assert 27 == peopled.run("storage", "restore", tmp_path / "b").returncode
    asked = peopled.run(*words, who="freja")
    assert 84 == asked.returncode
    (waiting,) = peopled.json("approve")
    assert "storage.restore" == waiting["kind"]
    assert 82 == peopled.run("approve", waiting["id"], who="freja").returncode
    assert 0 == peopled.run("approve", waiting["id"], who="nils").returncode

    done = peopled.run(*words)
    assert 0 == done.returncode, done.stderr
    assert "Accounts are those of then" not in done.stdout


def test_a_refused_approval_replaces_nothing(peopled, tmp_path):
    """
    Until it can be asked for anew.
    """
    peopled.run("storage", "backup", tmp_path / "b")
    words = ("storage", "restore", tmp_path / "b", "--replace")
    peopled.run(*words, who="freja")
    (waiting,) = peopled.json("approve")
    peopled.run("approve", waiting["id"], "--refuse", who="nils")

    assert 84 == peopled.run(*words, who="freja").returncode
    assert [] == peopled.json("approve")


def test_one_that_was_withdrawn_is_asked_for_again(peopled, tmp_path):
    """
    Under the next number.
    """
    peopled.run("storage", "backup", tmp_path / "b")
    words = ("storage", "restore", tmp_path / "b", "--replace")
    peopled.run(*words, who="freja")
    (first,) = peopled.json("approve")
    peopled.run("approve", first["id"], "--withdraw", who="freja")
    peopled.run(*words, who="freja")
    (second,) = peopled.json("approve")

    assert first["id"] != second["id"]


def test_nobody_replaces_a_database_without_an_account(tmp_path, keys):
    """
    But for a company of one that says so.
    """
    office = Office(tmp_path)
    lose(office)
    with storages.open(address(office)) as storage:
        house(storage, keys).facts.hold("k-1", "slack", "", "objection-1", "test")
    words = ("storage", "restore", tmp_path / "b", "--replace")
    office.run("storage", "backup", tmp_path / "b")
    assert 81 == office.run(*words).returncode
    add(office, "four_eyes: false")

    assert 0 == office.run(*words).returncode


@work("test.waits", 1)
def waits(run: Run[None]) -> None:
    """Do nothing."""


def test_unfinished_work_of_before_is_called_off(peopled, keys, tmp_path):
    """
    It was about the database that is gone.
    """
    peopled.run("storage", "backup", tmp_path / "b")
    (peopled.folder / "klarsyn.sqlite").unlink()
    shop = Workshop((waits,), None)
    with Engine(address(peopled), SystemClock(), keys, shop) as engine:
        engine.start(waits, "one")
        assert 0 == peopled.run("storage", "restore", tmp_path / "b").returncode

        assert "cancelled" == engine.state("one").stage


def test_nothing_is_restored_while_a_worker_lives(peopled, keys, tmp_path):
    """
    It would go on in the middle.
    """
    peopled.run("storage", "backup", tmp_path / "b")
    lose(peopled)
    shop = Workshop((), None)
    with Engine(address(peopled), SystemClock(), keys, shop) as engine:
        slot = engine._below.slots.take(1)
        assert slot
        done = peopled.run("storage", "restore", tmp_path / "b")
        slot.release()

    assert (25, True) == (done.returncode, "Stop every `klarsyn work`" in done.stderr)
