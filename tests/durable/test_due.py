from datetime import timedelta

import pytest

from klarsyn.durable import work
from klarsyn.durable.due import Due
from klarsyn.testing import StillClock


@work("press.print", 1)
def printing(run, page=1):
    """Print a page."""
    return page


def later(clock, **by):
    """Return an instant from now on."""
    return clock.now() + timedelta(**by)


def test_row_is_due_when_its_instant_has_come(due, clock):
    """
    Our clock decides, and a test may move it.
    """
    due.put(printing, "postdesk", later(clock, days=1), lane="postdesk", arguments={"page": 2})
    assert [] == due.now()
    clock.move(days=1)
    (one,) = due.now()

    assert "press.print:postdesk:1" == one.run
    assert (clock.now(), "postdesk", {"page": 2}) == (one.at, one.lane, one.arguments)


def test_same_subject_is_replaced(due, clock):
    """
    A vendor that is down twice is tried again once.
    """
    due.put("press.print", "postdesk", clock.now())
    assert "press.print:postdesk:2" == due.put("press.print", "postdesk", later(clock, hours=1))

    assert [later(clock, hours=1)] == [one.at for one in due.waiting()]


def test_what_is_put_while_another_starts_it_stays(due, clock):
    """
    Who read the row before does not take away what was put since.
    """
    due.put("press.print", "postdesk", clock.now())
    (read,) = due.now()
    due.put("press.print", "postdesk", later(clock, hours=1))
    due.started(read)

    assert [2] == [one.number for one in due.waiting()]


def test_number_is_given_once(due, clock):
    """
    The id of work that was started is never that of other work.
    """
    due.put("press.print", "postdesk", clock.now())
    due.started(due.now()[0])

    assert [] == due.waiting()
    assert "press.print:postdesk:2" == due.put("press.print", "postdesk", clock.now())


def test_what_waits_is_called_off(due, clock):
    """
    An approval that was withdrawn is not waited for.
    """
    due.put("press.print", "postdesk", clock.now())

    assert due.cancel("press.print", "postdesk")
    assert not due.cancel("press.print", "postdesk")
    assert [] == due.now()


def test_longest_overdue_comes_first(due, clock):
    """
    After a night without a worker nothing overtakes.
    """
    for hours, subject in ((3, "c"), (1, "a"), (2, "b")):
        due.put("press.print", subject, later(clock, hours=hours))
    clock.move(days=1)

    assert ["a", "b", "c"] == [one.subject for one in due.now()]


def test_row_is_undone_with_its_transaction(due, storage, clock):
    """
    What is decided and what follows from it are kept together.
    """
    with pytest.raises(ZeroDivisionError), storage.transaction():
        _ = due.put("press.print", "postdesk", clock.now()), 1 / 0

    assert [] == due.waiting()


def test_only_what_no_longer_waits_is_forgotten(due, clock):
    """
    A row that was put anew meanwhile stays.
    """
    due.put("press.print", "a", clock.now())
    due.started(due.now()[0])
    assert [("press.print", "a", 1)] == list(due.spent())
    due.put("press.print", "a", clock.now())
    due.forget("press.print", "a", 1)
    assert 1 == len(due.waiting())

    due.started(due.now()[0])
    due.forget("press.print", "a", 2)
    assert [] == list(due.spent())


def test_instants_survive_the_database(storage):
    """
    To the microsecond that a clock tells.
    """
    clock = StillClock()
    clock.move(seconds=0.123456)
    due = Due(storage, clock)
    due.put("press.print", "a", clock.now())

    assert [clock.now()] == [one.at for one in due.now()]
