import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.register.changes.tree import MISSING, ORDER, Edit, applied, at, edits, tree, whole
from tests.register import builders
from tests.register.builders import COMPANY, VENDOR, add, swap

CHAIN = (
    "chain: [{name: Granit, country: NL, what: {en: x}}, "
    "{name: Kestrel, country: GB, what: {en: y}}]\n"
)


def of(register, file):
    """Return one file of a register as a tree."""
    return tree(register, file, whole(register)[file])


def vendor(*changes):
    """Return a vendor's file as a tree after some edits."""
    return of(builders.register(*changes), VENDOR)


# Files as trees


def test_every_file_has_a_tree():
    """
    Those that are not there are empty: customers and acceptances.
    """
    register = builders.register()
    files = set(whole(register))

    assert set(builders.BASE) | {"customers.yaml", "accepted.yaml"} == files
    assert [dict] * len(files) == [type(of(register, one)) for one in files]
    assert {"customers": {}} == of(register, "customers.yaml")


def test_list_with_identities_is_keyed_by_them():
    """
    Purposes, elements, sub-processors and countries are found wherever they stand.
    """
    moved = vendor(add(VENDOR, CHAIN + "transfers: [{to: GB, mechanism: adequacy, source: own}]\n"))

    assert ["support"] == moved["processing"][ORDER]
    assert "delivered" == at(
        moved, ("processing", "support", "elements", "person.name", "direction")
    )
    assert ["Granit", "Kestrel"] == moved["chain"][ORDER]
    assert "adequacy" == moved["transfers"]["GB"]["mechanism"]


def test_second_entry_with_the_same_identity_is_numbered():
    """
    Two grounds for one country are two entries, in their order.
    """
    grounds = (
        "transfers: [{to: US, mechanism: dpf, source: own}, "
        "{to: US, mechanism: scc, source: own}]\n"
    )
    transfers = vendor(add(VENDOR, grounds))["transfers"]

    assert ["US", "US#2"] == transfers[ORDER]
    assert ["dpf", "scc"] == [transfers[one]["mechanism"] for one in transfers[ORDER]]


@pytest.mark.parametrize("name", ["(order)", "order", "#2", "Granit#2"])
def test_firm_may_be_called_anything(name):
    """
    No name of a sub-processor is taken for a mark of the tree's own.
    """
    text = CHAIN.replace("Kestrel", f'"{name}"').replace("GB", "{country}")
    trees = [vendor(add(VENDOR, text.replace("{country}", one))) for one in ("GB", "US")]
    found = list(edits(*trees))

    assert [Edit(("chain", name, "country"), "GB", "US")] == found


def test_order_of_purposes_is_a_difference():
    """
    What stands first on the page is part of the file.
    """
    first, second = (
        "      - {element: person.name, direction: delivered}\n",
        "      - {element: person.email, direction: delivered}\n",
    )
    turned = vendor(swap(VENDOR, first + second, second + first))
    place = ("processing", "support", "elements", ORDER)

    assert [Edit(place, ["person.name", "person.email"], ["person.email", "person.name"])] == list(
        edits(vendor(), turned)
    )


def test_sources_of_elements_and_purposes_are_in_their_trees():
    """
    They stand outside of what the register keeps of these files.
    """
    for file in ("elements.yaml", "purposes.yaml"):
        assert ["own"] == list(of(builders.register(), file)["sources"])


def test_default_written_out_is_no_difference():
    """
    What a file leaves out and what it says as the default are the same.
    """
    old, new = (
        of(builders.register(*one), COMPANY) for one in ((), [add(COMPANY, "markets: []\n")])
    )

    assert [] == list(edits(old, new))


# Places


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), {"a": {"b": 0}}),
        (("a", "b"), 0),
        (("a", "c"), MISSING),
        (("a", "b", "c"), MISSING),
        (("x", "y"), MISSING),
    ],
)
def test_place_holds_what_stands_there_or_nothing(path, expected):
    """
    Zero is something; what lies below a single value is nothing.
    """
    assert expected == at({"a": {"b": 0}}, path)


def test_nothing_has_a_name():
    """
    In the output of a test, nothing is told from None.
    """
    assert "MISSING" == repr(MISSING)


# Any two trees

PLAIN = st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2)
TREES = st.dictionaries(
    st.text("abc", min_size=1, max_size=2),
    st.recursive(
        PLAIN,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


@given(TREES, TREES)
def test_edits_make_one_tree_of_another(old, new):
    """
    Applied, they give the new tree; where there are none, the trees are equal.
    """
    found = list(edits(old, new))

    assert new == applied(old, found)
    assert (old == new) == (found == [])


@given(TREES, TREES)
def test_edits_are_the_smallest(old, new):
    """
    No edit lies inside another, and each changes something at its place.
    """
    found = list(edits(old, new))
    paths = [one.path for one in found]

    assert [] == [
        (one, other)
        for one in paths
        for other in paths
        if one is not other and other[: len(one)] == one
    ]
    assert [(at(old, one.path), at(new, one.path)) for one in found] == [
        (one.before, one.after) for one in found
    ]
    assert all(one.before != one.after for one in found)


@given(TREES, TREES)
def test_applied_leaves_both_trees_alone(old, new):
    """
    What is made shares nothing with what it was made of.
    """
    made = applied(old, edits(old, new))
    copy = applied(made, [])
    _empty(made)

    assert new == copy
    assert copy == applied(old, edits(old, new))


def _empty(one):
    """Take everything out of a tree, from the bottom."""
    for inner in list(one.values() if isinstance(one, dict) else one):
        if isinstance(inner, (dict, list)):
            _empty(inner)
    one.clear()


def test_equal_values_may_be_one_object():
    """
    A file of two versions that were read together is the same object in both.
    """
    register = builders.register()
    other = dataclasses.replace(register, customers={})

    assert whole(register)[VENDOR] is whole(other)[VENDOR]
