import pytest

from klarsyn.register.changes.comparison import Comparison
from klarsyn.register.changes.kinds import Change, Compared

OLD = {"name": "Postdesk", "sources": {"own": 1}, "entity": {"name": 1, "address": 1}, "chain": {}}


def comparison(**changed):
    """Return a comparison of a vendor's file in which something is another."""
    return Comparison("postdesk", OLD, {**OLD, **changed}, None)


def test_change_bears_the_new_name():
    """
    The vendor is told under the name that it has now.
    """
    found = comparison(name="Helpwell")
    found.tell("country", "storage-country", ("countries",), before=("DK",), after=("DE",))

    assert [
        Change("country", "postdesk", "Helpwell", "storage-country", "", ("DK",), ("DE",))
    ] == found.changes


def test_value_is_told_with_what_it_was():
    """
    Before, after, and whether it is only now known.
    """
    found = comparison()
    found.tell_value("purpose", "role", ("x",), Compared("a", "b", first_told=True), "support")

    assert [
        Change("purpose", "postdesk", "Postdesk", "role", "support", "a", "b", first_told=True)
    ] == found.changes


def test_equal_files_hold_nothing_editorial():
    """
    Where nothing differs, nothing is left to tell.
    """
    assert not comparison().is_editorial_besides()


@pytest.mark.parametrize(
    ("changed", "explained", "editorial"),
    [
        ({"entity": {"name": 2, "address": 1}}, (("entity", "name"),), False),
        ({"entity": {"name": 2, "address": 2}}, (("entity", "name"),), True),
        ({"entity": {"name": 2, "address": 2}}, (("entity",),), False),
        # The whole of it came: the place inside it is the reason.
        ({"chain": {}, "end": {"value": 1}}, (("end", "value"),), False),
        ({"chain": {"a": 1}}, (("entity",),), True),
        # What a changed fact rests on came with it; alone it is editorial.
        ({"sources": {"own": 2}}, (("entity",),), False),
        ({"sources": {"own": 2}}, (), True),
        ({"name": "Helpwell"}, (), True),
    ],
)
def test_what_no_change_explains_is_editorial(changed, explained, editorial):
    """
    A change explains its places and what lies below them, never what stands beside.
    """
    found = comparison(**changed)
    if explained:
        found.tell("entity", "entity", *explained)

    assert editorial == found.is_editorial_besides()
