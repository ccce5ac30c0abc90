import pytest

from klarsyn.errors import JournalDamaged
from klarsyn.journal import reading, tree
from klarsyn.journal.reading import Selection
from tests.journal.recording import SOME


def test_stored_hashes_are_the_tree(told, storage):
    """
    Each entry holds its own hash and those of what it completes; together they are every subtree.
    """
    hashes = reading.hashes(storage)
    leaves = [one.hashed for one in told.entries()]

    assert leaves == [hashes(0, at) for at in range(SOME)]
    assert tree.root(tree.in_memory(leaves), SOME) == tree.root(hashes, SOME)
    assert told.checkpoint().root == tree.root(hashes, SOME)


def test_hash_beyond_the_end_is_missing(told, storage):
    """
    No proof is made of what is not there.
    """
    with pytest.raises(JournalDamaged, match="Entry 12: a hash of the tree is missing"):
        reading.hashes(storage)(0, SOME)


def test_entries_come_in_batches(told, storage, monkeypatch):
    """
    So that a long journal needs no more memory than a short one.
    """
    monkeypatch.setattr(reading, "BATCH", 4)
    found = reading.batches(storage, 10, Selection())

    assert [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]] == [[one.number for one in of] for of in found]


def test_rows_come_by_entry(told, storage):
    """
    In their order; an entry without rows is not there.
    """
    found = reading.rows(storage, 2, 9)

    assert [4, 7] == list(found)
    assert [0, 1, 2] == [row.position for row in found[4]]


def test_nothing_recorded_has_no_head(storage):
    """
    Nor is one made by looking.
    """
    assert reading.head(storage) is None
    assert reading.head(storage) is None
