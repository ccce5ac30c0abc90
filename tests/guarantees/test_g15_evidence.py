"""G15. What was recorded can be checked by anybody, and tampering is found."""

import sqlite3

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn import storage as storages
from klarsyn.clock import SystemClock
from klarsyn.journal import Journal
from tests.guarantees.folders import klarsyn, written
from tests.journal.recording import SOME, record


@pytest.fixture
def company(tmp_path):
    """A folder with a journal, its key, and a checkpoint and an export that were given away."""
    folder, key = written(tmp_path / "company"), klarsyn_keys.made("k1")
    ours = klarsyn_keys.load({"KLARSYN_KEYS": key})
    with storages.open(f"sqlite:///{folder / 'klarsyn.sqlite'}") as storage:
        record(Journal(storage, SystemClock(), ours), SOME)
    given = tmp_path / "given"
    given.mkdir()
    for name, *words in (("checkpoint", "checkpoint"), ("key", "key")):
        (given / name).write_text(klarsyn(folder, "evidence", *words, KLARSYN_KEYS=key).stdout)
    klarsyn(folder, "evidence", "export", str(given / "evidence.jsonl"), KLARSYN_KEYS=key)
    return folder, given, key


def verified(folder, *words, **environment):
    """Return the exit code and what is said."""
    done = klarsyn(folder, "evidence", "verify", *map(str, words), **environment)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def altered(folder, sql):
    """Do what somebody does who may write to the database and has no key."""
    with sqlite3.connect(folder / "klarsyn.sqlite") as connection:
        connection.execute(sql)
    connection.close()


def test_anybody_verifies_a_file_with_the_published_key(company, tmp_path):
    """
    In an empty folder, without the database, without a secret.
    """
    _, given, _ = company
    key = (given / "key").read_text().strip()
    code, said = verified(tmp_path, given / "evidence.jsonl", "--key", key)

    assert 0 == code
    assert f"as they were written: {SOME}." in said
    assert "came with the file" not in said


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("update journal_entry set at = '2020' where number = 5", "Entry 5: its column at says"),
        ("update journal_row set facts = '{}' where entry = 7", "Entry 7: its rows of people"),
        ("update journal_entry set entry = entry || ' ' where number = 6", "Entry 6: its text"),
        ("update journal_checkpoint set note = replace(note, '11', '10')", "does not hold"),
    ],
)
def test_tampering_with_the_database_is_found(company, sql, says):
    """
    The first entry that is wrong is named; exit code 1.
    """
    folder, _, key = company
    assert 0 == verified(folder, KLARSYN_KEYS=key)[0]
    altered(folder, sql)
    code, said = verified(folder, KLARSYN_KEYS=key)

    assert 1 == code
    assert says in said


def test_journal_begun_anew_is_found_by_who_kept_a_checkpoint(company):
    """
    Even by the owner of the key, who could sign another history.
    """
    folder, given, key = company
    for file in folder.glob("klarsyn.sqlite*"):
        file.unlink()
    ours = klarsyn_keys.load({"KLARSYN_KEYS": key})
    with storages.open(f"sqlite:///{folder / 'klarsyn.sqlite'}") as storage:
        record(Journal(storage, SystemClock(), ours), SOME - 1)

    assert 0 == verified(folder, KLARSYN_KEYS=key)[0]
    code, said = verified(folder, "--checkpoint", given / "checkpoint", KLARSYN_KEYS=key)
    assert 1 == code
    assert "a checkpoint signs 11 entries" in said


def test_tampering_with_a_file_is_found(company):
    """
    Wherever it was.
    """
    folder, given, key = company
    file = given / "evidence.jsonl"
    file.write_text(file.read_text().replace("mailchimp", "mailchump", 1))
    code, said = verified(folder, file, KLARSYN_KEYS=key)

    assert 1 == code
    assert "is not one that the checkpoint signs" in said
