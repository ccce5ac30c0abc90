"""Hashes in a few bytes."""

from __future__ import annotations

from hypothesis import given
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
