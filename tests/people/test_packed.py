"""Hashes in a few bytes."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from klarsyn.people import packed

hashes = st.dictionaries(st.integers(0, 65535), st.binary(min_size=12, max_size=12), max_size=9)


@given(these=hashes)
def test_what_is_packed_is_read_again(these: dict[int, bytes]) -> None:
    """As wanted, and as held since an instant."""
    held = packed.held({number: (one, 7.9) for number, one in these.items()})
    assert these == packed.read_wanted(packed.wanted(these))
    assert {number: (one, 7) for number, one in these.items()} == packed.read_held(held)
    assert packed.wanted(these) == packed.as_wanted(held)
    assert these.keys() == packed.numbers(packed.wanted(these))
    assert held == packed.held_first(packed.wanted(these), 7)


@given(these=st.lists(hashes))
def test_digests_of_many_are_those_of_each(these: list[dict[int, bytes]]) -> None:
    """Fast and slow are the same."""
    many = [packed.wanted(one) for one in these]
    assert [packed.digest(one) for one in many] == packed.digests(many)


_ROW = st.lists(st.sampled_from([packed.NOTHING, b"a" * 12, b"%b%%" * 3]), min_size=4, max_size=4)


@given(numbers=st.sets(st.integers(0, 65535), max_size=4), people=st.lists(_ROW))
@example(numbers={37, 37 << 8}, people=[[b"a" * 12] * 4])  # the sign of a format
def test_many_are_packed_as_each_is(numbers: set[int], people: list[list[bytes]]) -> None:
    """By columns, with gaps and without, whatever bytes numbers and hashes have."""
    rows = [dict(zip(sorted(numbers), one, strict=False)) for one in people]
    each = [{number: one for number, one in row.items() if one != packed.NOTHING} for row in rows]
    columns = [(number, [row[number] for row in rows]) for number in sorted(numbers)]
    told = [(number, column, packed.NOTHING in column) for number, column in columns]
    assert [packed.wanted(one) for one in each] == packed.wanted_of_all(told, len(rows))
