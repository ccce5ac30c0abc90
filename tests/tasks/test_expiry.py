from klarsyn.tasks import Erased, expire


def test_empty_database_has_nothing_to_erase(storage, clock):
    """
    The job may run on the first day. What it erases is told where each kind is tested.
    """
    assert Erased(0, 0, 0, 0) == expire(storage, clock.now())
