import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klarsyn.durable import Due
from klarsyn.errors import BackupRefused, MigrationChanged, StorageNewer, WorkRefused, said
from klarsyn.journal import public_keys, verify
from klarsyn.storage import EnabledConnections, Sealing
from klarsyn.storage import migrations as schema
from klarsyn.storage.opening import database
from klarsyn.storage.port import Storage
from klarsyn.testing import StillClock
from klarsyn.testing.storage import memory
from klarsyn.upkeep.backup import back_up, parts
from klarsyn.upkeep.erased import Erased, remember, remembered
from klarsyn.upkeep.restore import BY, Given, restore
from klarsyn.upkeep.sealedfile import Head, Part, SealedFile, made_head, write
from klarsyn.upkeep.tables import BACKED_UP
from tests.upkeep.house import DAY, KEYS, PHRASE, ROTATED, VENDOR, House, identities, moved

#: What a restore itself adds or moves.
TOUCHED = {"paused_delivery", "due", "journal_head", "journal_entry"}


def sealed(file):
    """Return a backup, opened with every key."""
    return SealedFile(file, Sealing(ROTATED.all("seal")))


def restored(house, file, keys=KEYS, **how):
    """Restore it into a house, and return what was done."""
    return restore(house.storage, sealed(file), Given(house.clock, keys, **how))


@pytest.fixture
def saved(house, backup):
    """A backup of the furnished house, made an hour ago."""
    back_up(house.storage, backup, house.clock, KEYS)
    moved(house.clock, seconds=3600)
    return house


def test_everything_comes_back(saved, empty, backup):
    """
    From each database into SQLite: row by row as it was.
    """
    before = saved.content()
    done = restored(empty, backup)
    after = empty.content()

    assert {one: rows for one, rows in before.items() if one not in TOUCHED} == {
        one: rows for one, rows in after.items() if one not in TOUCHED
    }
    assert {one: len(rows) for one, rows in before.items()} | {
        "journal_entry": len(before["journal_entry"]) - 1  # that the backup was made
    } == done.rows
    assert ({}, 0) == (done.left_out, done.erased)


def test_it_comes_back_into_either_database(saved, backup):
    """
    Over what was there, by an approval.
    """
    before = saved.content()
    saved.deliver(9)
    restored(saved, backup, replace=True)

    assert before["delivery"] == saved.content()["delivery"]
    assert saved.users.sign_in("freja", PHRASE)
    assert verify(saved.storage, public_keys(KEYS)).damage is None


def test_a_full_database_is_not_replaced(saved, backup):
    """
    Without somebody's word nothing is touched.
    """
    before = saved.content()
    with pytest.raises(BackupRefused, match="is not empty"):
        restored(saved, backup)

    assert before == saved.content()


def test_a_spoilt_backup_changes_nothing(saved, backup):
    """
    It is read to its end before anything is taken away.
    """
    before = saved.content()
    backup.write_bytes(backup.read_bytes()[:-40])
    with pytest.raises(BackupRefused):
        restored(saved, backup, replace=True)

    assert before == saved.content()


def test_it_waits_for_workers_to_end(saved, empty, backup):
    """
    Asked before the beginning, and again before it counts.
    """
    asked = []

    def alone():
        asked.append(1)
        if len(asked) == 2:
            raise WorkRefused(said("somebody began"))

    with pytest.raises(WorkRefused):
        restored(empty, backup, alone=alone)

    assert 2 == len(asked)
    assert [] == [one for one, rows in empty.content().items() if rows]


def test_the_erased_do_not_come_back(saved, backup):
    """
    Of whoever was erased since, no row of any table; the gate is shut for them, and for others not.
    """
    saved.erase(1)
    done = restored(saved, backup, replace=True)

    assert {} == saved.traces_of(1)
    assert saved.is_shut_for(1)
    assert not saved.is_shut_for(2)
    assert 1 == done.erased
    assert {
        *("person_identity", "person_known_by", "journal_subject", "delivery", "change"),
        *("dead_letter",),
        *("task", "upload", "due"),
    } == done.left_out.keys()


def test_what_was_recorded_of_them_leads_to_nobody(saved, backup):
    """
    The journal is whole, and the subject is a number without a person.
    """
    subject = saved.journal.subject(saved.person(1))
    saved.erase(1)
    restored(saved, backup, replace=True)

    assert saved.journal.subjects.known(saved.person(1)) is None
    assert subject not in str(saved.content()["task"])
    assert verify(saved.storage, public_keys(KEYS)).damage is None


def test_a_file_replaces_the_database_that_was_lost(saved, empty, backup, tmp_path):
    """
    Who was erased is known from a few lines elsewhere.
    """
    saved.erase(1)
    remember(saved.storage, tmp_path / "tombstones")
    restored(empty, backup, lists=[remembered(tmp_path / "tombstones")])

    assert {} == empty.traces_of(1)
    assert empty.is_shut_for(1)
    assert empty.traces_of(2)


def test_an_address_is_enough_to_know_who_was_erased(saved, backup):
    """
    Where the erasure marked what they are known by, and not the person as such.
    """
    saved.facts.bury(identities(1)[:1], saved.clock.now())
    done = restored(saved, backup, replace=True)

    assert 1 == done.erased
    assert [] == saved.ledger.holdings_of(saved.person(1))


def test_erased_under_a_newer_key(saved, backup):
    """
    The hashes of the backup are of an older one; whoever erases marks both.
    """
    newer = House(saved.storage, saved.clock, ROTATED)
    newer.erase(1)
    restored(newer, backup, ROTATED, replace=True)

    assert {} == newer.traces_of(1)
    assert newer.is_shut_for(1)


def test_who_was_erased_before_the_backup_is_as_the_backup_has_them(house, backup):
    """
    Who came back before it was made is not taken away by an erasure of long ago.
    """
    house.erase(1)
    moved(house.clock, days=1)
    house.facts.lift(identities(1), "approval-7", "test")
    house.deliver(1)
    back_up(house.storage, backup, house.clock, KEYS)
    restored(house, backup, replace=True)

    assert house.ledger.holdings_of(house.person(1))
    assert not house.is_shut_for(1)


def test_the_later_of_two_erasures_counts(house, backup):
    """
    Erased before the backup, come back, and erased again: what the backup has is of before.
    """
    house.erase(1)
    house.facts.lift(identities(1), "approval-7", "test")
    house.deliver(1)
    back_up(house.storage, backup, house.clock, KEYS)
    moved(house.clock, days=1)
    house.erase(1)
    restored(house, backup, replace=True)

    assert {} == house.traces_of(1)
    assert house.is_shut_for(1)


def test_no_objection_opt_out_or_restriction_is_lost(saved, backup):
    """
    Those of the present stay; one that ended since may come back, which is the safe side.
    """
    saved.facts.hold("k-9", VENDOR, "", "objection-9", "test")
    saved.facts.opt_out(identities(2), saved.clock.now())
    saved.facts.restrict(identities(2)[0].form, "test")
    present = Erased.of(saved.storage).rows
    restored(saved, backup, replace=True)

    assert present == Erased.of(saved.storage).rows


def test_no_way_in_is_opened_again(saved, backup):
    """
    Whoever has left since, and a connection that was closed, stay out.
    """
    by = saved.users.sign_in("freja", PHRASE)
    saved.users.add("nils", PHRASE, "administrator", by)
    saved.users.remove("freja", saved.users.sign_in("nils", PHRASE))
    EnabledConnections(saved.storage, saved.clock).disable(VENDOR)
    done = restored(saved, backup, replace=True)

    assert ["nils"] == [one.name.reveal() for one in saved.users.all()]
    assert EnabledConnections(saved.storage, saved.clock).get(VENDOR, "digest") is None
    assert not done.old_accounts


def test_accounts_of_then_are_told(saved, empty, backup):
    """
    In an empty database nobody knows who has left since.
    """
    assert restored(empty, backup).old_accounts


def test_vendors_are_paused(saved, empty, backup):
    """
    What was sent since the backup is not known to it, and would be sent again.
    """
    done = restored(empty, backup)
    paused = {str(row[0]): row[2] for row in empty.storage.run("paused_deliveries")}

    assert [VENDOR] == done.paused
    assert {"hotjar": "test", VENDOR: BY} == paused


def test_no_number_of_a_wait_is_given_twice(saved, empty, backup):
    """
    What was put after the backup had numbers that it knows nothing of.
    """
    due = Due(saved.storage, saved.clock)
    later = [due.put("a", "b", saved.clock.now()) for _ in range(3)]
    restored(empty, backup)
    waiting = Due(empty.storage, empty.clock).waiting()

    assert 2 == len(waiting)
    assert all(one.number > len(later) for one in waiting)


def test_a_row_that_was_being_sent_is_settled_as_after_a_crash(house, empty, backup):
    """
    It is in the backup as it was, and the next run decides.
    """
    house.change(5)
    house.ledger.claim(VENDOR, [house.person(5)])
    back_up(house.storage, backup, house.clock, KEYS)
    restored(empty, backup)

    assert [house.person(5)] == [one.person for one in empty.ledger.all(VENDOR, "sending")]


def test_the_journal_says_that_it_was_taken_back(saved, backup):
    """
    To which backup, by whom, and how far the one that is gone had come.
    """
    ended = list(saved.journal.entries())[-1].number
    done = restored(saved, backup, replace=True, by="staff-1")
    last = list(saved.journal.entries())[-1]

    assert ("storage.restored", "staff-1") == (last.kind, last.by)
    assert (done.backup, ended) == (last.facts["backup"], last.facts["replaced_entries"])


def test_a_backup_of_an_older_schema_is_brought_up_to_date(empty, backup, clock, tmp_path):
    """
    Its rows are put into the tables of then, which are then migrated with them inside.
    """
    older, seal = schema.read()[:7], Sealing(KEYS.all("seal"))
    with Storage(database(f"sqlite:///{tmp_path / 'older.db'}", clock)) as past:
        schema.migrate(past, older, clock)
        House(past, clock).facts.hold("k-1", VENDOR, "", "objection-1", "test")
        House(past, clock).facts.put_in_effect(VENDOR, ["a"], DAY, DAY, "test")
        had = [(one.version, one.sha256) for one in older]
        pages = [
            (name, page)
            for name in ("customer_hold", "element_in_effect")
            for page in BACKED_UP[name].pages(past)
        ]
        found = [
            Part(name, list(page[0]), [list(row.values()) for row in page]) for name, page in pages
        ]
        write(backup, made_head(clock.now(), had, seal), found, seal)
    restored(empty, backup)

    assert 1 == len(empty.facts.elements_in_effect()) == len(empty.facts.holds())
    assert [] == schema.pending(empty.storage, schema.read())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda had: [*had, (99, "ab")], StorageNewer),
        (lambda had: [(1, "ab"), *had[1:]], MigrationChanged),
    ],
)
def test_a_backup_of_another_klarsyn_is_refused(empty, backup, clock, change, error):
    """
    A newer one, and one with another past.
    """
    seal = Sealing(KEYS.all("seal"))
    had = change([(one.version, one.sha256) for one in schema.read()])
    write(backup, made_head(clock.now(), had, seal), [], seal)
    with pytest.raises(error):
        restored(empty, backup)


@settings(max_examples=25)
@given(
    before=st.sets(st.integers(1, 4)),
    erased=st.sets(st.integers(1, 4)),
    again=st.sets(st.integers(1, 4)),
    lost=st.booleans(),
)
def test_whoever_was_erased_since_is_not_back(before, erased, again, lost):
    """
    Whoever it is, known to the backup or not, delivered again or not, the database lost or not.
    """
    clock = StillClock()
    with tempfile.TemporaryDirectory() as folder, memory(clock) as first, memory(clock) as second:
        file, told = Path(folder) / "backup", Path(folder) / "tombstones"
        house = House(first, clock)
        for number in before:
            house.deliver(number)
            house.change(number, vendor="pipedrive")
        back_up(first, file, clock, KEYS)
        moved(clock, days=1)
        for number in erased:
            house.erase(number)
        for number in again - erased:
            house.deliver(number)
        remember(first, told)
        target = House(second, clock) if lost else house
        restored(target, file, lists=[remembered(told)], replace=True)

        assert [True] * len(erased) == [target.is_shut_for(one) for one in sorted(erased)]
        assert [{}] * len(erased) == [target.traces_of(one) for one in sorted(erased)]
        kept = before - erased
        assert [True] * len(kept) == [bool(target.traces_of(one)) for one in sorted(kept)]
        assert not any(target.is_shut_for(one) for one in before - erased)


def test_head_is_plain(saved, backup):
    """
    Whoever finds a backup can tell which one it is, and under which key.
    """
    head = sealed(backup).head

    assert isinstance(head, Head)
    assert "old" == head.key
    assert next(iter(parts(saved.storage))).table == "tombstone"
