"""
A plan as Markdown, to stand in a pull request: counts and reasons, no value and no person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from klarsyn.disclosure.plans import words
from klarsyn.disclosure.plans.plan import Limits, Plan, VendorPlan
from klarsyn.errors import Message, said

Say = Callable[[Message], str]
"""Says a message in the reader's language."""


def as_markdown(plan: Plan, limits: Limits, say: Say) -> str:
    """Return the whole plan: a table of the vendors, then each with its elements and reasons."""
    lines = [f"# {say(said('Plan of deliveries'))}", "", say(words.heading(plan)), ""]
    lines += _overview(plan, limits, say)
    for one in plan.vendors:
        lines += ["", f"## {one.vendor}", "", *_vendor(one, limits, say)]
    if wrong := list(words.rejected(plan)):
        first, *rest = (_plain(say(one)) for one in wrong)
        lines += ["", f"## {say(said('Rows that are wrong'))}", "", first, ""]
        lines += [f"- {one}" for one in rest]
    return "\n".join(_single_blanks(lines)) + "\n"


def _overview(plan: Plan, limits: Limits, say: Say) -> Iterator[str]:
    heads = [say(said("vendor")), *map(say, words.KINDS.values())]
    heads += [say(said("held now")), say(said("calls")), say(said("approval"))]
    yield from _head(heads)
    for one in plan.vendors:
        asked = one.digest and one.needs(limits)
        counts = [str(one.kinds[kind]) for kind in words.KINDS]
        needed = say(said("needed")) if asked else ""
        yield _row([one.vendor, *counts, str(one.held), str(one.calls), needed])


def _vendor(one: VendorPlan, limits: Limits, say: Say) -> Iterator[str]:
    if elements := sorted({*one.sets, *one.clears}):
        yield from _head([say(said("element")), say(said("set")), say(said("cleared"))])
        for element in elements:
            yield _row([f"`{element}`", str(one.sets[element]), str(one.clears[element])])
        yield ""
    told = [f"- {_plain(say(each))}" for each in words.sentences(one, limits)]
    yield from told
    if not elements and not one.kinds["remove"] and not told:
        yield say(said("Nothing to do."))
    if one.digest:
        yield ""
        yield f"SHA-256 `{one.digest}`"


def _head(cells: Sequence[str]) -> Iterator[str]:
    yield _row(cells)
    yield "|" + "---|" * len(cells)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(one.replace('|', chr(92) + '|') for one in cells)} |"


def _plain(text: str) -> str:
    """Return a sentence that Markdown takes for nothing else."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def _single_blanks(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines without one blank line after another."""
    before = ""
    for number, one in enumerate(lines):
        if one or before or not number:
            yield one
        before = one
