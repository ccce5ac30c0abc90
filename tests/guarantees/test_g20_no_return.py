"""G20. Who was erased does not come back with a backup."""

from pathlib import Path

import pytest

from klarsyn.storage import Sealing
from klarsyn.testing import StillClock
from klarsyn.testing.storage import memory
from klarsyn.upkeep.backup import back_up
from klarsyn.upkeep.erased import remember, remembered
from klarsyn.upkeep.restore import Given, restore
from klarsyn.upkeep.sealedfile import SealedFile
from tests.upkeep.house import KEYS, House, moved

ANN, BO = 1, 2


@pytest.fixture
def house():
    """An installation with two people in every table that may hold one."""
    clock = StillClock()
    with memory(clock) as storage:
        yield House(storage, clock).furnish()


@pytest.fixture
def other():
    """A machine on which nothing was ever done."""
    clock = StillClock()
    moved(clock, days=2)
    with memory(clock) as storage:
        yield House(storage, clock)


@pytest.fixture
def backup(house, tmp_path):
    """A backup with both people in it, after which one of them was erased."""
    file = tmp_path / "klarsyn.backup"
    back_up(house.storage, file, house.clock, KEYS)
    moved(house.clock, days=1)
    house.erase(ANN)
    return file


def restored(house, file, **how):
    """Restore it."""
    sealed = SealedFile(file, Sealing(KEYS.all("seal")))
    return restore(house.storage, sealed, Given(house.clock, KEYS, **how))


def test_no_row_of_theirs_is_back(house, backup):
    """
    In whichever table; and the others' are.
    """
    restored(house, backup, replace=True)

    assert {} == house.traces_of(ANN)
    assert {"delivery", "dead_letter", "person_identity"} <= house.traces_of(BO).keys()


def test_they_are_sent_nothing(house, backup):
    """
    The gate knows them by any address or number, before anything can be planned.
    """
    restored(house, backup, replace=True)

    assert house.is_shut_for(ANN)
    assert not house.is_shut_for(BO)


def test_a_lost_database_changes_nothing(house, other, backup, tmp_path):
    """
    The small file that was written elsewhere is enough.
    """
    remember(house.storage, tmp_path / "tombstones")
    restored(other, backup, lists=[remembered(tmp_path / "tombstones")])

    assert {} == other.traces_of(ANN)
    assert other.is_shut_for(ANN)


def test_a_second_restore_changes_nothing(house, backup):
    """
    Nor does one from a backup that was made after the first.
    """
    restored(house, backup, replace=True)
    later = backup.with_name("later.backup")
    back_up(house.storage, later, house.clock, KEYS)
    for file in (backup, later):
        restored(house, file, replace=True)

        assert {} == house.traces_of(ANN)
        assert house.is_shut_for(ANN)


def test_no_byte_of_theirs_is_written(house, other, tmp_path):
    """
    They are left out before anything reaches the disk, not erased afterwards.
    """
    letters = {row[0]: row[2] for row in house.storage.run("dead_letters", vendor="pipedrive")}
    file = tmp_path / "klarsyn.backup"
    back_up(house.storage, file, house.clock, KEYS)
    house.erase(ANN)
    remember(house.storage, tmp_path / "tombstones")
    restored(other, file, lists=[remembered(tmp_path / "tombstones")])
    folder = Path(other.storage.database.shown).parent
    whole = b"".join(one.read_bytes() for one in folder.iterdir())

    assert letters[other.person(BO)] in whole
    assert letters[other.person(ANN)] not in whole
