import sqlite3
from dataclasses import replace

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.settings import OwnRetention
from klarsyn.storage import migrations as schema
from klarsyn.storage.opening import database
from klarsyn.storage.port import Storage
from klarsyn.storage.queries import Query
from klarsyn.upkeep.checking import Examined, examined, files
from tests.upkeep.house import KEYS, House, moved


@pytest.fixture
def about(house):
    """What an examination of the furnished house goes by."""
    return Examined(house.storage, KEYS, house.clock.now(), OwnRetention(), lambda _: 0)


def wrong(about):
    """Return what is wrong, by what it is about."""
    found = list(examined(about))
    assert all(bool(one.wrong) == bool(one.remedy) for one in found)
    return {one.about: [str(what) for what in one.wrong] for one in found if one.wrong}


def test_a_furnished_house_is_sound(about):
    """
    Everything was looked at.
    """
    assert {} == wrong(about)
    assert ["schema", "integrity", "journal", "keys", "orphans", "retention"] == [
        one.about for one in examined(about)
    ]


def test_a_missing_key_is_told_with_what_lies_under_it(about):
    """
    Before anything is overlooked for want of it.
    """
    other = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("other")})
    found = wrong(replace(about, keys=other))

    (told,) = found["keys"]
    assert told.startswith("the key old is not given, and in delivery, person_known_by, change")
    assert "journal" in found  # its checkpoint is signed by that key


def test_a_journal_that_was_altered_is_found(about):
    """
    By the chain, the tree and the checkpoint.
    """
    about.storage.run(Query("spoil", "update journal_entry set vendor = 'x' where number = 1"))

    assert "Entry 1" in wrong(about)["journal"][0]


def test_orphans_are_counted(about):
    """
    By table.
    """
    about.storage.run("put_identity", hash=b"h" * 16, person=b"p" * 16)
    found = wrong(about)
    about.storage.run("put_known_by", hashes=b"h" * 16, person=b"p" * 16, key_id="old")

    assert {"orphans": ["1 rows of person_identity belong to nothing"]} == found
    assert "1 rows of person_known_by belong to nothing" in wrong(about)["orphans"]


def test_what_the_job_has_not_erased_is_told(about, house):
    """
    Two days after it was due.
    """
    later = replace(about, now=moved(house.clock, days=32.5))

    assert {
        "retention": ["overdue to be erased: 2 of rows that a vendor refused to the end, sealed"]
    } == wrong(later)


def test_a_schema_that_waits_is_told_and_not_brought_up_to_date(url, clock):
    """
    Nothing below is looked at: the tables are others.
    """
    with Storage(database(url, clock)) as storage:
        schema.migrate(storage, schema.read()[:-1], clock)
        newest = schema.read()[-1]
        found = wrong(Examined(storage, KEYS, clock.now(), OwnRetention(), lambda _: 0))

        assert {"schema": [f"migration {newest.version} ({newest.name}) was not applied"]} == found
        assert [newest] == schema.pending(storage, schema.read())


def test_a_newer_schema_is_told(about):
    """
    In the words of whoever would have refused it.
    """
    newer = {"name": "later", "sha256": "ab", "applied_at": 1.0}
    about.storage.run("add_migration", version=99, **newer)

    assert "this Klarsyn knows" in wrong(about)["schema"][0]


def test_a_damaged_file_is_found(tmp_path, clock):
    """
    What SQLite says of it stands there, and what can still be examined is.
    """
    file = tmp_path / "klarsyn.db"
    with Storage(database(f"sqlite:///{file}", clock)) as storage:
        schema.migrate(storage, schema.read(), clock)
        for number in range(1, 60):
            House(storage, clock).deliver(number)
    _spoil(file)
    with Storage(database(f"sqlite:///{file}", clock)) as storage:
        found = wrong(Examined(storage, KEYS, clock.now(), OwnRetention(), lambda _: 0))

    assert found["integrity"]
    assert "klarsyn.db" in found["integrity"][0]


def _spoil(file):
    """Overwrite a page of the table by which people are found."""
    with sqlite3.connect(file) as opened:
        (size,) = opened.execute("pragma page_size").fetchone()
        name = "person_identity"
        (page,) = opened.execute(
            "select rootpage from sqlite_schema where name = ?", (name,)
        ).fetchone()
    opened.close()
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size + 8)
        stream.write(b"\xff" * (size - 8))


def test_files_that_others_may_open_are_told(tmp_path):
    """
    Missing ones are well; the remedy can be copied.
    """
    shut, wide = tmp_path / "shut", tmp_path / "wide"
    for one, mode in ((shut, 0o600), (wide, 0o640)):
        one.touch()
        one.chmod(mode)
    found = files([shut, wide, tmp_path / "missing"])

    assert [f"others may open {wide}"] == [str(one) for one in found.wrong]
    assert f"chmod go= {wide}" in str(found.remedy)
    assert files([shut]).remedy is None
