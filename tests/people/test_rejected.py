from klarsyn.errors import said
from klarsyn.people.rejected import Rejected, Rejections
from klarsyn.personal import Personal

WRONG = said("wrong")


def test_rows_are_counted_once_and_mistakes_each():
    """
    A row with two mistakes is one row.
    """
    rejected = Rejections(most=1)
    for one in (Rejected(2, "a", WRONG), Rejected(2, "b", WRONG), Rejected(9, "a", WRONG)):
        rejected(one)

    assert (2, 1) == (rejected.rows, len(rejected.first))
    assert {("a", "wrong"): 2, ("b", "wrong"): 1} == rejected.counts


def test_lines_of_two_files_are_two_rows():
    """
    Line 2 of people and line 2 of orders.
    """
    rejected = Rejections()
    rejected(Rejected(2, "a", WRONG, source="people.csv"))
    rejected(Rejected(2, "a", WRONG, source="orders.csv"))

    assert 2 == rejected.rows


def test_who_is_meant_is_known_or_nobody_can_tell():
    """
    Whoever is in a rejected row is not to be removed for being absent.
    """
    rejected = Rejections()
    rejected(Rejected(2, "a", WRONG, Personal("17")))
    rejected(Rejected(3, "", WRONG))
    rejected(Rejected(3, "", WRONG))

    assert ({Personal("17")}, 1) == (rejected.keys, rejected.nameless)
    assert "17" not in repr(rejected.first)
