"""
Hypothesis strategies: score cards of every kind, and tables of orders for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from klarsyn.register.calculation import Figure
from tests.people.scores.cards import BANDS, card, order, points, share

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from klarsyn.register.company import ScoreCard
    from tests.people.scores.cards import Order

STATISTICS = ("count", "days", "sum", "mean", "median", "days-since-last")
PEOPLE = ("a", "b", "c")

_SHARES = st.builds(
    share, st.sampled_from(["count", "sum"]), decimals=st.integers(0, 3), bands=st.just(BANDS)
)


@st.composite
def _statistics(draw: DrawFn) -> ScoreCard:
    """Return a card of one to four figures whose weights make 100."""
    kinds = st.tuples(st.sampled_from(["orders", "logins"]), st.sampled_from(STATISTICS))
    chosen = draw(st.lists(kinds, min_size=1, max_size=4, unique=True))
    weights = [draw(st.integers(1, 25)) for _ in chosen[1:]]
    figures = [
        points(
            statistic,
            str(weight),
            draw(st.sampled_from(["0.5", "3", "10", "250", "1000000"])),
            direction=draw(st.sampled_from(["raises", "lowers"])),
            table=table,
        )
        for (table, statistic), weight in zip(chosen, [100 - sum(weights), *weights], strict=True)
    ]
    bands = draw(st.sampled_from([[], BANDS]))
    return card(*figures, decimals=draw(st.integers(0, 2)), bands=bands)


CARDS = st.one_of(_SHARES, _statistics())

_ORDERS = st.builds(
    order,
    st.sampled_from(PEOPLE),
    st.decimals("-50", "500", places=2, allow_nan=False).map(str),
    st.integers(0, 32),
)


def tables(made: ScoreCard) -> st.SearchStrategy[dict[str, list[Order]]]:
    """Return rows for the tables that a card names."""
    assert made.calculation
    names = {one.table for one in made.calculation.figures}
    return st.fixed_dictionaries({name: st.lists(_ORDERS, max_size=12) for name in sorted(names)})


__all__ = ["CARDS", "PEOPLE", "Figure", "tables"]
