"""
A plan of deliveries, and what became of it, as they are printed at a terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from klarsyn.disclosure.plans import words
from klarsyn.errors import Message, said

if TYPE_CHECKING:
    from klarsyn.disclosure.plans.plan import Limits, Plan, VendorPlan

    Say = Callable[[Message], str]


def lines(plan: Plan, limits: Limits, say: Say) -> Iterator[str]:
    """Yield a table of the vendors, then each with its elements and reasons, then wrong rows."""
    yield say(words.heading(plan))
    yield ""
    yield from overview(plan, say)
    for one in plan.vendors:
        if inside := list(_vendor(one, limits, say)):
            yield ""
            yield one.vendor
            yield from (f"  {line}" for line in inside)
    for number, message in enumerate(words.rejected(plan)):
        yield from ["", say(message)] if not number else [f"  {say(message)}"]
    if plan.empty:
        yield ""
        yield say(said("Nothing to do."))


def overview(plan: Plan, say: Say) -> Iterator[str]:
    """Yield a line for each vendor: people by what is done, those it holds, the fewest calls."""
    heads = [said("vendor"), *words.KINDS.values(), said("held now"), said("calls")]
    rows = [
        [one.vendor, *(one.kinds[kind] for kind in words.KINDS), one.held, one.calls]
        for one in plan.vendors
    ]
    yield from table([[say(one) for one in heads], *rows])


def _vendor(one: VendorPlan, limits: Limits, say: Say) -> Iterator[str]:
    if elements := sorted({*one.sets, *one.clears}):
        heads = [say(said("element")), say(said("set")), say(said("cleared"))]
        yield from table([heads, *([e, one.sets[e], one.clears[e]] for e in elements)])
    yield from map(say, words.sentences(one, limits))


def table(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield rows in columns: the first to the left, numbers to the right, 0 as a dash."""
    cells = [[str(cell) if cell != 0 else "-" for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    for first, *rest in cells:
        numbers = (one.rjust(width) for one, width in zip(rest, widths[1:], strict=True))
        yield "  ".join([first.ljust(widths[0]), *numbers]).rstrip()
