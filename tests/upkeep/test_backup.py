import threading

from klarsyn.storage import Sealing
from klarsyn.upkeep.backup import back_up, parts
from klarsyn.upkeep.sealedfile import SealedFile
from klarsyn.upkeep.tables import BACKED_UP
from tests.upkeep.house import KEYS, House


def test_every_table_is_in_it(house, backup):
    """
    With all its rows, tombstones first; what is of the moment is not.
    """
    counts = {name: len(rows) for name, rows in house.content().items()}
    done = back_up(house.storage, backup, house.clock, KEYS)
    read = list(SealedFile(backup, Sealing(KEYS.all("seal"))).parts())

    assert counts == done.counts
    assert list(BACKED_UP) == list(dict.fromkeys(one.table for one in read))


def test_no_value_stands_in_it(house, backup):
    """
    Neither hashes nor what is sealed already: all is sealed once more.
    """
    back_up(house.storage, backup, house.clock, KEYS)
    whole = backup.read_bytes()

    assert [] == [one for one in (b"freja", b"mailchimp", house.person(1)) if one in whole]


def test_the_journal_knows_that_there_is_a_copy(house, backup):
    """
    Which one, by its hash; the copy itself does not know of it.
    """
    done = back_up(house.storage, backup, house.clock, KEYS)
    last = list(house.journal.entries())[-1]

    assert ("backup.made", done.sha256) == (last.kind, last.facts["sha256"])
    assert last.number - 1 == done.counts["journal_entry"]


def test_it_is_of_one_instant(house):
    """
    What others write while it is made is not in it, in whichever table.
    """
    with house.storage.snapshot():
        before = {name: len(rows) for name, rows in house.content().items()}
        going = parts(house.storage)
        first = next(going)
        other = threading.Thread(target=_elsewhere, args=(house,))
        other.start()
        other.join(timeout=60)
        counts = {first.table: len(first.rows)}
        for part in going:
            counts[part.table] = counts.get(part.table, 0) + len(part.rows)

    assert before == counts
    assert before["delivery"] + 1 == len(house.content()["delivery"])


def _elsewhere(house):
    """Write by another connection, as another thread has one."""
    mine = House(house.storage, house.clock)
    mine.deliver(7)
    mine.facts.hold("k-7", "slack", "", "objection-7", "test")
