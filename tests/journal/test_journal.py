import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.errors import EntryDiffers, JournalDamaged
from klarsyn.journal import Journal, Selection, verify
from klarsyn.personal import Personal
from klarsyn.storage.queries import Query
from tests.journal.recording import PEOPLE, SOME, record

APPENDING = Path(__file__).parent / "appending.py"
COUNT = Query("count", "select count(*) from journal_entry")


class Undone(Exception):
    """The caller's transaction is not to be kept."""


def sent(journal, key="deliver:slack:7", **changes):
    """Append an entry, with some changes."""
    usual = {"vendor": "slack", "by": "staff-7", "facts": {"rows": 3}}
    return journal.append(key, "delivery.sent", **(usual | changes))


# Appending


def test_entries_count_from_one(journal):
    """
    Each names the one before by its hash, and the first one the journal itself.
    """
    assert [1, 2, 3] == [sent(journal, f"k{one}") for one in range(3)]
    first, second, third = journal.entries()

    assert first.previous == journal.checkpoint().journal
    assert (first.hashed.hex(), second.hashed.hex()) == (second.previous, third.previous)


def test_entry_says_what_was_said(journal, clock):
    """
    With the clock's instant, and nothing else.
    """
    clock.move(seconds=0.25)
    sent(journal)
    (found,) = journal.entries()

    assert ("deliver:slack:7", "delivery.sent") == (found.key, found.kind)
    assert ("slack", "staff-7", {"rows": 3}) == (found.vendor, found.by, found.facts)
    assert "2026-11-26T09:00:00.250000Z" == found.at


def test_repeated_append_changes_nothing(journal, clock):
    """
    The same number comes back, also a year later.
    """
    people = [(journal.subject(PEOPLE[0]), {"n": 1})]
    sent(journal, people=people)
    clock.move(days=365)

    assert 1 == sent(journal, people=people)
    assert 1 == len(list(journal.entries()))
    assert 1 == len(journal.rows(1))


@pytest.mark.parametrize(
    "change",
    [
        {"vendor": "mailchimp"},
        {"by": ""},
        {"facts": {"rows": 4}},
        {"people": [("ab" * 16, {})]},
    ],
)
def test_other_content_under_the_same_key_is_an_error(journal, change):
    """
    Otherwise the second event would never have happened.
    """
    sent(journal)
    with pytest.raises(EntryDiffers, match="Entry 1 has the same key"):
        sent(journal, **change)

    assert 1 == len(list(journal.entries()))


def test_rows_on_people_lie_beside_the_entry(journal):
    """
    Their number and the root of their tree stand in it; the order of subjects tells nothing.
    """
    people = [(journal.subject(one), {"n": at}) for at, one in enumerate(PEOPLE)]
    sent(journal, people=people)
    (entry,) = journal.entries()

    assert 3 == entry.rows
    told = [(row.subject, json.loads(row.facts)) for row in journal.rows(1)]
    assert sorted(people, key=lambda one: one[0]) == told
    assert [] == journal.rows(2)
    assert 1 == sent(journal, people=people[::-1])


def test_what_is_no_fact_is_refused_before_anything_is_written(journal, storage):
    """
    A value of a person above all; nothing of it is repeated.
    """
    with pytest.raises(TypeError, match="an entry holds no Personal"):
        sent(journal, facts={"email": Personal("anna@rör.example")})
    with pytest.raises(TypeError, match="an entry holds no Personal"):
        sent(journal, people=[("ab" * 16, {"email": Personal("anna@rör.example")})])
    with pytest.raises(ValueError, match="this is no subject"):
        sent(journal, people=[("anna", {})])

    assert [(0,)] == storage.run(COUNT)


def test_entry_is_kept_or_undone_with_the_callers_transaction(journal, storage):
    """
    What did not happen is not recorded, and its number is given to the next.
    """
    with suppress(Undone), storage.transaction():
        sent(journal, "undone")
        raise Undone
    with storage.transaction():
        assert 1 == sent(journal, "kept")

    assert ["kept"] == [one.key for one in journal.entries()]


@pytest.mark.slow
def test_threads_and_processes_leave_no_gap(url, storage, journal, trusted):
    """
    Three processes of four threads: every number once, the chain unbroken, shared keys once.
    """
    processes = [
        subprocess.Popen([sys.executable, APPENDING, url, f"p{one}", "4", "12"]) for one in range(3)
    ]
    assert [0, 0, 0] == [one.wait(120) for one in processes]

    assert [*range(1, 157)] == [one.number for one in journal.entries()]
    assert (156, None) == _read(verify(storage, trusted))


def _read(verdict):
    return verdict.entries, verdict.damage


# Asking


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Selection(), [*range(1, 12)]),
        (Selection(vendor="slack"), [2, 4, 6, 8, 10]),
        (Selection(kind="delivery.cleared"), []),
        (Selection(since="2026-11-27"), [8, 9, 10, 11]),
        (Selection(vendor="slack", since="2026-11-27"), [8, 10]),
    ],
)
def test_entries_are_selected(journal, clock, wanted, numbers):
    """
    By vendor, kind and day; what is blank asks for all.
    """
    record(journal, 7)
    clock.move(days=1)
    record(journal, SOME, first=7)

    assert numbers == [one.number for one in journal.entries(wanted)]


def test_entries_on_a_subject_are_selected(told):
    """
    Every third one has rows.
    """
    wanted = Selection(subject=told.subject(PEOPLE[1]))

    assert [1, 4, 7, 10] == [one.number for one in told.entries(wanted)]


def test_nothing_recorded_is_nothing(journal):
    """
    An empty journal can be read and signed.
    """
    assert [] == list(journal.entries())
    assert 0 == journal.checkpoint().size


def test_many_entries_are_read_in_order(journal, storage):
    """
    More than are held at once.
    """
    with storage.transaction():
        for one in range(510):
            sent(journal, f"k{one}")

    assert [f"k{one}" for one in range(510)] == [one.key for one in journal.entries()]


# People


def test_forgotten_person_leaves_the_chain_whole(told, storage, trusted):
    """
    The entries stay; nothing leads from the person to them, and the next subject is another.
    """
    before = told.subject(PEOPLE[0])

    assert told.forget(PEOPLE[0])
    assert not told.forget(PEOPLE[0])
    assert (SOME, None) == _read(verify(storage, trusted))
    assert before != told.subject(PEOPLE[0])


def test_forgotten_person_is_in_no_byte_of_the_database(tmp_path, clock, keys):
    """
    SQLite overwrites what is deleted; once it is closed, file and log hold nothing of the person.
    """
    from klarsyn import storage as storages

    file = tmp_path / "klarsyn.sqlite"
    with storages.open(f"sqlite:///{file}", clock) as storage:
        journal = Journal(storage, clock, keys)
        record(journal, 4)
        subject = journal.subject(PEOPLE[0])
        journal.forget(PEOPLE[0])
    found = b"".join(one.read_bytes() for one in tmp_path.iterdir())

    assert subject.encode() in found
    assert PEOPLE[1] in found
    assert PEOPLE[0] not in found


# Checkpoints


def test_checkpoint_signs_all_there_is(told, trusted):
    """
    How many, their root, the last one's hash; the same one until something is added.
    """
    found = told.checkpoint()

    assert SOME == found.size
    assert list(told.entries())[-1].hashed.hex() == found.head
    assert found == told.checkpoint()


def test_checkpoint_does_not_read_everything(told, storage, monkeypatch):
    """
    It needs the head and as many hashes as a proof has: nothing grows but the logarithm.
    """
    with storage.transaction():
        record(told, 600, first=SOME)
    asked = []
    really_run = storage.run

    def run(query, **values):
        asked.append(query)
        return really_run(query, **values)

    monkeypatch.setattr(storage, "run", run)
    told.checkpoint()

    assert len(asked) < 25


def test_nothing_is_signed_that_goes_back_on_what_was(told, storage):
    """
    Somebody rewrote a signed entry and all hashes after it: no key of ours signs that.
    """
    storage.run(Query("spoil", "update journal_head set peaks = :peaks"), peaks=b"x" * 96)
    with pytest.raises(JournalDamaged, match="does not begin with what the newest checkpoint"):
        told.checkpoint()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("update journal_head set peaks = :none", "the head of the journal was altered"),
        ("update journal_head set size = 6", "entries after 6 were cut off"),
        ("update journal_head set size = 0, peaks = :none", "entries after 0 were cut off"),
        ("update journal_head set journal = 'x'", "of another journal"),
        ("update journal_checkpoint set note = 'x'", "signed note does not hold"),
    ],
)
def test_nothing_is_signed_that_is_damaged(told, storage, spoil, says):
    """
    A head or a checkpoint that was altered is told instead.
    """
    values = {"none": b""} if ":none" in spoil else {}
    storage.run(Query("spoil", spoil), **values)
    with pytest.raises(JournalDamaged, match=says):
        told.checkpoint()


def test_head_that_is_not_the_last_entry_is_not_signed(journal, storage):
    """
    Before the first checkpoint, too.
    """
    record(journal, 3)
    storage.run(Query("spoil", "update journal_head set head = :head"), head=b"x" * 32)
    with pytest.raises(JournalDamaged, match="head is not the last entry"):
        journal.checkpoint()


def test_missing_hash_is_told(told, storage):
    """
    Its entry is named.
    """
    storage.run(Query("spoil", "update journal_entry set hashes = :none"), none=b"")
    with pytest.raises(JournalDamaged, match="a hash of the tree is missing"):
        told.checkpoint()


def test_new_key_signs_from_now_on(told, storage, clock, keys):
    """
    The old one verifies what it signed, and is needed for that.
    """
    newer = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("k2")})
    both = klarsyn_keys.Keys({**keys.secrets, **newer.secrets})

    assert "— klarsyn-journal/k2 " in Journal(storage, clock, both).checkpoint().note
    with pytest.raises(JournalDamaged, match="klarsyn-journal/k2, whose public key is not given"):
        told.checkpoint()
