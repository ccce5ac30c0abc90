import threading
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from klarsyn import keys as klarsyn_keys
from klarsyn.errors import StorageConflict
from klarsyn.journal import Journal, public_keys, verify
from klarsyn.storage.queries import Query
from klarsyn.testing import StillClock
from klarsyn.testing.storage import memory
from tests.journal.recording import SOME, record

#: Every column that evidence rests on; who a subject is lies outside of it.
COLUMNS = {
    "journal_head": ("name", "journal", "size", "head", "peaks"),
    "journal_entry": ("number", "key", "kind", "vendor", "at", "entry", "hashes"),
    "journal_row": ("entry", "position", "subject", "facts"),
    "journal_checkpoint": ("size", "note"),
}
READ = "select {1}, {2} from {0} order by {2}"
WRITE = "update {0} set {1} = :value where {2}"
KEYS = {
    "journal_head": ("name",),
    "journal_entry": ("number",),
    "journal_row": ("entry", "position"),
    "journal_checkpoint": ("size",),
}
CELLS = [(table, column) for table, columns in COLUMNS.items() for column in columns]


class Undone(Exception):
    """What was spoilt is to be as it was."""


def run(storage, sql, **values):
    """Do to the database what somebody does who may write to it."""
    return storage.run(Query("spoil", sql), **values)


def damage(storage, trusted, kept=()):
    """Return the number of the entry that is wrong, and what is."""
    found = verify(storage, trusted, kept).damage
    assert found is not None
    assert found.remedy
    return found.number, str(found.message)


# What holds


def test_sound_journal_is_told(told, storage, trusted):
    """
    How many entries, up to where they are signed, and by which key.
    """
    found = verify(storage, trusted)

    assert (SOME, 4, None) == (found.entries, found.unsigned, found.damage)
    assert found.checkpoint
    assert (7, trusted[0]) == (found.checkpoint.size, found.key)
    assert not found.own_key


def test_empty_journal_is_sound(storage, journal, trusted):
    """
    Before the first entry, and with a checkpoint of nothing.
    """
    assert (0, None) == (verify(storage, trusted).entries, verify(storage, trusted).damage)
    journal.checkpoint()

    found = verify(storage, trusted)
    assert found.checkpoint
    assert (0, 0, None) == (found.checkpoint.size, found.unsigned, found.damage)


def test_kept_checkpoint_holds(told, storage, trusted, clock):
    """
    One that lies elsewhere is compared where it belongs, though the database has lost its own.
    """
    kept = told.checkpoint()
    clock.move(days=1)
    record(told, 20, first=SOME)
    run(storage, "delete from journal_checkpoint")

    found = verify(storage, trusted, [kept])
    assert (kept, 9, None) == (found.checkpoint, found.unsigned, found.damage)


def test_what_is_appended_meanwhile_is_no_damage(told, storage, trusted):
    """
    Others go on recording and signing while it is read.
    """
    stop = threading.Event()

    def go_on():
        at = SOME
        while not stop.is_set():
            record(told, at + 1, first=at)
            told.checkpoint()
            at += 1

    other = threading.Thread(target=go_on)
    other.start()
    found = [verify(storage, trusted).damage for _ in range(8)]
    stop.set()
    other.join()

    assert [None] * 8 == found


# What does not


@pytest.fixture(scope="module")
def spoilt():
    """A signed journal in memory that property tests spoil and mend again."""
    keys = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("k1")})
    clock = StillClock()
    with memory(clock) as storage:
        journal = Journal(storage, clock, keys)
        record(journal, 7)
        journal.checkpoint()
        record(journal, SOME, first=7)
        run(storage, "pragma foreign_keys = off")
        yield storage, public_keys(keys)


def altered(value, at, bits):
    """Return a value with other bits at a place: of its bytes, its letters, or the number."""
    if isinstance(value, int):
        return value ^ bits
    if isinstance(value, bytes):
        place = at % len(value)
        return value[:place] + bytes([value[place] ^ bits]) + value[place + 1 :]
    place = at % len(value)
    return value[:place] + chr(ord(value[place]) ^ bits) + value[place + 1 :]


@given(st.sampled_from(CELLS), st.integers(0), st.integers(0), st.integers(1, 127))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_byte_altered_in_the_database_is_found(spoilt, cell, row, at, bits):
    """
    In any column of any row of entries, people's rows, head and checkpoints.
    """
    storage, trusted = spoilt
    key = KEYS[cell[0]]
    rows = run(storage, READ.format(*cell, ", ".join(key)))
    value, *place = rows[row % len(rows)]
    assume(value != "")
    write = WRITE.format(*cell, " and ".join(f"{one} = :{one}" for one in key))
    there = dict(zip(key, place, strict=True))
    found = []
    with suppress(Undone), storage.transaction():
        # What the schema itself refuses needs no finding.
        with suppress(StorageConflict):
            run(storage, write, value=altered(value, at, bits), **there)
            found.append(verify(storage, trusted).damage)
        raise Undone

    assert None not in found


@pytest.mark.parametrize(
    ("spoil", "number", "says"),
    [
        ("update journal_entry set kind = 'a.b' where number = 3", 3, "column kind says something"),
        ("update journal_entry set entry = 'x' where number = 3", 3, "its text is not an entry"),
        ("update journal_entry set entry = entry || ' ' where number = 3", 3, "that was hashed"),
        (
            "update journal_row set facts = '{}' where entry = 4 and position = 1",
            4,
            "rows of people",
        ),
        ("update journal_row set subject = 'anna' where entry = 4", 4, "rows of people"),
        ("delete from journal_row where entry = 10", 10, "rows of people"),
        ("update journal_row set entry = 2 where entry = 1 and position = 2", 1, "rows of people"),
        ("update journal_head set head = :junk", 11, "the head is not the last entry"),
        ("delete from journal_head", 0, "a checkpoint signs 7 entries of journal"),
        ("update journal_checkpoint set size = 6", 0, "a checkpoint lies where another one was"),
        ("update journal_checkpoint set note = 'x'", 0, "A signed note does not hold"),
    ],
)
def test_first_damage_is_named(told, storage, trusted, spoil, number, says):
    """
    The entry's number, and in words what is wrong with it.
    """
    run(storage, spoil, **({"junk": b"x" * 32} if ":junk" in spoil else {}))

    found = damage(storage, trusted)
    assert number == found[0]
    assert says in found[1]


def test_gap_is_named(journal, storage, trusted):
    """
    The first number that is not there.
    """
    with storage.transaction():
        for one in range(6):
            journal.append(f"k{one}", "trial.done")
    run(storage, "delete from journal_entry where number = 6")
    assert (6, "Entry 6: it is missing.") == damage(storage, trusted)

    run(storage, "delete from journal_entry where number = 2")
    assert (2, "Entry 2: it is missing.") == damage(storage, trusted)


def test_journal_without_head_is_damage(journal, storage, trusted):
    """
    Entries that nobody counts, though nothing was signed yet.
    """
    record(journal, 2)
    run(storage, "delete from journal_head")

    assert "there are entries or rows that no head knows" in damage(storage, trusted)[1]


def test_entry_beyond_the_head_is_damage(told, storage, trusted):
    """
    It was never appended.
    """
    run(
        storage,
        "insert into journal_entry select 40, 'k', kind, vendor, at, entry, hashes "
        "from journal_entry where number = 2",
    )

    assert "there are entries or rows that no head knows" in damage(storage, trusted)[1]


def rewritten(storage, clock, keys, upto):
    """Put another journal of so many entries in the place of one, with its own id."""
    ((journal,),) = run(storage, "select journal from journal_head")
    run(storage, "delete from journal_row")
    run(storage, "delete from journal_entry")
    run(storage, "delete from journal_head")
    again = Journal(storage, clock, keys)
    run(
        storage,
        "insert into journal_head values ('journal', :journal, 0, :head, :peaks)",
        journal=journal,
        head=bytes.fromhex(journal),
        peaks=b"",
    )
    record(again, upto)


def test_history_written_anew_is_found(told, storage, trusted, clock, keys):
    """
    Every hash fits; the signature of what there was does not.
    """
    clock.move(days=1)
    rewritten(storage, clock, keys, SOME)

    number, says = damage(storage, trusted)
    assert 7 == number
    assert "not what the checkpoint of 2026-11-26T09:00:00.000000Z signs" in says


def test_journal_cut_off_is_found_by_a_later_checkpoint(told, storage, trusted, clock, keys):
    """
    Back to the first seven entries, and every later checkpoint deleted: whoever kept one knows.
    """
    kept = told.checkpoint()
    run(storage, "delete from journal_checkpoint where size > 7")
    rewritten(storage, clock, keys, 7)

    assert verify(storage, trusted).damage is None
    assert "a checkpoint signs 11 entries" in damage(storage, trusted, [kept])[1]


def test_checkpoint_of_another_journal_is_told(told, storage, trusted, clock, keys):
    """
    Somebody began anew.
    """
    with memory(clock) as other:
        kept = Journal(other, clock, keys).checkpoint()

    assert f"of journal {kept.journal[:8]}" in damage(storage, trusted, [kept])[1]


def test_key_that_is_not_trusted_signs_nothing(told, storage):
    """
    Though it has the same name.
    """
    others = public_keys(klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("k1")}))

    assert "signature of klarsyn-journal/k1 is wrong" in damage(storage, others)[1]


def test_column_of_another_kind_is_damage(spoilt):
    """
    SQLite lets bytes stand where text was.
    """
    storage, trusted = spoilt
    with suppress(Undone), storage.transaction():
        run(storage, "update journal_entry set entry = cast(entry as blob) where number = 2")
        assert (0, "Journal: a column holds another kind of value.") == damage(storage, trusted)
        raise Undone
