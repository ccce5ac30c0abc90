"""
A plan in words: what would not be sent and why, what waits for whom, what a removal leaves.

No value and no person stands in them, so they may be printed, mailed and kept with a pull request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from klarsyn.disclosure.plans.gate import NAMES, REASONS, SHARED
from klarsyn.disclosure.plans.plan import Limits, Plan, VendorPlan
from klarsyn.errors import Message, said
from klarsyn.people.rejected import Rejected
from klarsyn.people.scored import Calculated, ScoresOfDay

KINDS: Final = {
    "create": said("create"),
    "update": said("update"),
    "clear": said("clear"),
    "remove": said("remove"),
}
"""What is done with a person at a vendor, in the order of a table."""
_STUCK: Final = {
    "unknown": "settle",
    "dead": "retry",
}


def heading(plan: Plan) -> Message:
    """Return how many people were looked at."""
    return said("People in the source: {count}.", count=plan.people)


def sentences(one: VendorPlan, limits: Limits) -> Iterator[Message]:
    """Yield what there is to say of one vendor beside its counts."""
    if one.closed:
        yield said("nothing is sent there: {why} ({remedy})", why=one.closed, remedy=one.remedy)
    if one.known_there and one.people > one.kinds["remove"]:
        yield one.known_there
    for element, why in sorted(one.withheld.items()):
        yield said("{element} is not sent: {why}", element=element, why=why)
    for reason in (name for name in REASONS if one.skipped[name]):
        why = _why(one, reason)
        yield said("people passed over: {count} ({why})", count=one.skipped[reason], why=why)
    for element, count in sorted(one.left_out.items()):
        yield said(
            "{element} is left out for {count}: it is, or may be, a national id (R90)",
            element=element,
            count=count,
        )
    for element, count in sorted(one.fixed.items()):
        yield said(
            "{element} differs for {count}, and only a person can change it there",
            element=element,
            count=count,
        )
    yield from _stuck(one)
    if one.kinds["remove"]:
        for left in one.residue:
            yield said("a removal leaves: {what}", what=left)
    if one.digest and (why_asked := one.needs(limits)):
        yield said("somebody has to approve it: {why}", why=why_asked)


def _why(one: VendorPlan, reason: str) -> Message:
    if reason != NAMES[SHARED] or one.known_there:  # by a value that need be no address
        return REASONS[reason]
    return said(
        "another customer has the same e-mail address, and {vendor} knows people by it",
        vendor=one.vendor,
    )


def _stuck(one: VendorPlan) -> Iterator[Message]:
    for state, count in sorted(one.stuck.items()):
        facts: dict[str, object] = {"count": count, "vendor": one.vendor}
        if state == "unknown":
            yield said(
                "nobody knows whether it arrived: {count} (`klarsyn deliver settle {vendor}`)",
                **facts,
            )
        elif state == "dead":
            yield said("refused to the end: {count} (`klarsyn deliver retry {vendor}`)", **facts)
        else:
            yield said("being sent at this moment: {count}", **facts)


def rejected(plan: Plan) -> Iterator[Message]:
    """Yield what is wrong with rows of the source: lines and reasons."""
    if not plan.rejected:
        return
    yield said(
        "Rows that are wrong, so nobody in them is sent or removed: {count}", count=plan.rejected
    )
    if plan.nameless:
        yield said(
            "Of these it cannot be told whose they are: {count}. "
            "So nobody is removed for being absent.",
            count=plan.nameless,
        )
    for one in plan.wrong:
        yield mistake(one)


def tables(calculated: Calculated) -> Iterator[Message]:
    """Yield how many rows the scores were made without: they are wrong in a table of the source."""
    if isinstance(calculated, ScoresOfDay) and calculated.rejected.rows:
        yield said(
            "Rows that are wrong and that no score counts: {count}. `klarsyn source check` tells.",
            count=calculated.rejected.rows,
        )


def mistake(one: Rejected) -> Message:
    """Return one mistake of a row."""
    place = {"file": one.source, "line": one.line, "reason": one.reason}
    if not one.column:
        return said("{file}:{line}: {reason}", **place)
    return said("{file}:{line}: {column}: {reason}", column=one.column, **place)
