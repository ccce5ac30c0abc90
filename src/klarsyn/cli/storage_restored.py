"""
What a restore did, for people and for programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.errors import Message
    from klarsyn.upkeep.restore import Restored


def lines(done: Restored) -> Iterator[Message]:
    """Yield what was restored, what was left out, and what a person has to do now."""
    rows, left = sum(done.rows.values()), sum(done.left_out.values())
    yield said("Rows restored, as they were at {at}: {count}.", at=done.at.isoformat(), count=rows)
    if done.erased:
        yield said(
            "People who were erased since, and stay erased: {people}; left out: {count} rows.",
            people=done.erased,
            count=left,
        )
    if done.old_accounts:
        yield said("Accounts are those of then: look at `klarsyn users list`, and remove who left.")
    if done.paused:
        yield said("Nothing is sent for now to: {vendors}.", vendors=list(done.paused))
        yield said(
            "What was sent since the backup would be sent once more. Look at each vendor, then "
            "run `klarsyn deliver plan` and `klarsyn deliver resume VENDOR`."
        )


def plain(done: Restored) -> dict[str, Any]:
    """Return it for programs."""
    return {
        "backup": done.backup,
        "at": done.at.isoformat(),
        "rows": dict(done.rows),
        "left_out": dict(done.left_out),
        "erased": done.erased,
        "paused": list(done.paused),
        "old_accounts": done.old_accounts,
    }
