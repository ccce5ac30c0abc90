from klarsyn.testing.faults import Faults, Trouble


def test_fault_meets_what_it_is_for():
    """
    Method and path are matched, with * for anything, as often as was said, after some have passed.
    """
    faults = Faults()
    faults.add(Trouble.DOWN, on="GET /a/*", times=2, after=1)

    assert None is faults.next("POST", "/a/1")
    assert None is faults.next("GET", "/b/1")
    met = [faults.next("GET", "/a/1") for _ in range(4)]
    assert [None, Trouble.DOWN, Trouble.DOWN, None] == [one and one.trouble for one in met]


def test_first_of_several_that_fits():
    """
    Faults happen in the order in which they were added; those called off never do.
    """
    faults = Faults()
    faults.add(Trouble.DOWN, on="POST *")
    faults.add(Trouble.SLOW, seconds=7)
    faults.add(Trouble.CUT_OFF)

    first, second = faults.next("GET", "/"), faults.next("POST", "/")
    assert first
    assert second
    assert (7, Trouble.DOWN) == (first.seconds, second.trouble)
    faults.clear()
    assert None is faults.next("GET", "/")
