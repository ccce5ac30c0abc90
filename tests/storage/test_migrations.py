import threading

import pytest

from klarsyn.clock import SystemClock
from klarsyn.errors import MigrationChanged, StorageError, StorageNewer
from klarsyn.people.ledger import Ledger, Person
from klarsyn.storage.migrations import FOLDER, Migration, migrate, read
from klarsyn.storage.opening import database
from klarsyn.storage.port import Storage
from klarsyn.storage.queries import Query

FIRST = """
-- People's pets; and a word with a semicolon in a comment.
create table pet (name text not null primary key);
insert into pet values ('a;b');
"""
SECOND = "alter table pet add column legs bigint not null default 4;"
PETS = Query("pets", "select * from pet order by name")


@pytest.fixture
def bare(url, clock):
    """A database without a schema, of each kind in turn."""
    with Storage(database(url, clock)) as opened:
        yield opened


def history(folder, *texts):
    """Write migrations into a folder and read them."""
    folder.mkdir()
    for number, text in enumerate(texts, 1):
        (folder / f"{number:04}_step.sql").write_text(text)
    return read(folder)


def versions(storage):
    """Return which migrations a database has had."""
    return [version for version, _ in storage.run("applied_migrations")]


def test_ours_count_from_one():
    """
    The folder holds migrations and nothing else.
    """
    assert sorted(path.name for path in FOLDER.iterdir()) == [
        f"{one.version:04}_{one.name}.sql" for one in read()
    ]


def test_data_survive_the_next_release(bare, clock, tmp_path):
    """
    The new step meets the rows that the released schema holds.
    """
    released = history(tmp_path / "released", FIRST)
    newer = history(tmp_path / "newer", FIRST, SECOND)

    assert list(released) == migrate(bare, released, clock)
    bare.run(Query("add", "insert into pet values ('c')"))
    assert [newer[1]] == migrate(bare, newer, clock)
    assert [("a;b", 4), ("c", 4)] == bare.run(PETS)


def test_who_could_be_asked_for_still_can(bare, clock):
    """
    Step 10 has another way back from a person, and rows of the journal in a table anew.
    """
    ann, bo = (Person(one * 16) for one in (b"a", b"b"))
    known = [(b"1" * 16, ann), (b"2" * 16, ann), (b"2" * 16, bo)]
    rows = [(1, 0, "0" * 32, "{}"), (1, 1, "1" * 32, '{"a":1}')]
    migrate(bare, read()[:9], clock)
    put = Query("put", "insert into person_identity (hash, person, key_id) values (:h, :p, 'k')")
    line = Query(
        "line",
        "insert into journal_row (entry, position, subject, facts) values (1, :at, :who, :facts)",
    )
    for one, person in known:
        bare.run(put, h=one, p=person)
    told = {"key": "k", "kind": "a", "vendor": "", "at": "", "entry": "", "hashes": b""}
    bare.run("add_journal_entry", number=1, **told)
    for _, at, who, facts in rows:
        bare.run(line, at=at, who=who, facts=facts)
    migrate(bare, read(), clock)

    ledger = Ledger(bare, clock)
    assert [ann, bo] == ledger.people_known_by(b"2" * 16)
    assert {b"1" * 16, b"2" * 16} == ledger.identities_of(ann)
    ledger.forget_identities(ann)
    assert ([], [bo]) == (ledger.people_known_by(b"1" * 16), ledger.people_known_by(b"2" * 16))
    assert rows == bare.run("journal_rows", first=1, last=1)


def test_nothing_is_applied_twice(bare, clock, tmp_path):
    """
    A second start finds nothing to do.
    """
    steps = history(tmp_path / "steps", FIRST, SECOND)

    assert list(steps) == migrate(bare, steps, clock)
    assert [] == migrate(bare, steps, clock)
    assert [1, 2] == versions(bare)


def test_step_that_fails_leaves_the_one_before(bare, clock, tmp_path):
    """
    Tables are made in transactions too, on both databases.
    """
    broken = "create table other (x bigint);\ninsert into pet values (null);"
    with pytest.raises(StorageError, match="migration 0002"):
        migrate(bare, history(tmp_path / "broken", FIRST, broken), clock)

    assert [1] == versions(bare)
    with pytest.raises(StorageError):
        bare.run(Query("other", "select * from other"))


def test_newer_database_is_refused(bare, clock, tmp_path):
    """
    An older Klarsyn leaves it alone.
    """
    newer = history(tmp_path / "newer", FIRST, SECOND)
    migrate(bare, newer, clock)
    with pytest.raises(StorageNewer, match="has migration 2; this Klarsyn knows 1"):
        migrate(bare, newer[:1], clock)


def test_changed_migration_is_refused(bare, clock, tmp_path):
    """
    What was applied must be what would be applied; nothing is touched before that is known.
    """
    steps = history(tmp_path / "steps", FIRST)
    migrate(bare, steps, clock)
    changed = history(tmp_path / "changed", FIRST.replace("pet", "cat"), SECOND)
    with pytest.raises(MigrationChanged, match="Migration 1 of"):
        migrate(bare, changed, clock)

    assert [1] == versions(bare)


def test_many_start_at_once(url, tmp_path):
    """
    Each step is applied once, whoever comes first.
    """
    steps = history(tmp_path / "steps", FIRST, SECOND)
    done = []

    def start():
        # By a clock that stands still SQLite's lock would be waited for without any time passing.
        clock = SystemClock()
        with Storage(database(url, clock)) as mine:
            done.extend(migrate(mine, steps, clock))

    threads = [threading.Thread(target=start) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [1, 2] == sorted(one.version for one in done)


def test_one_that_came_late_does_nothing(bare, clock, tmp_path, monkeypatch):
    """
    Another process applied the step between the look and the lock.
    """
    steps = history(tmp_path / "steps", FIRST)
    looked: list[Query] = []
    really_run = bare.run

    def run(query, **values):
        if query is bare.database.has_migrations and not looked:
            looked.append(query)
            migrate(Storage(bare.database), steps, clock)
            return []
        return really_run(query, **values)

    monkeypatch.setattr(bare, "run", run)

    assert [] == migrate(bare, steps, clock)


def test_file_out_of_order_is_refused(tmp_path):
    """
    A gap in the numbers is a mistake, and so is a name that says no number.
    """
    (tmp_path / "0002_later.sql").write_text(FIRST)
    with pytest.raises(ValueError, match=r"0002_later\.sql should be called 0001_NAME\.sql"):
        read(tmp_path)


def test_half_a_statement_is_refused():
    """
    A forgotten semicolon does not drop the last statement.
    """
    with pytest.raises(ValueError, match="0001 ends in the middle of a statement"):
        list(Migration(1, "half", "select 1;\nselect 2").statements())
