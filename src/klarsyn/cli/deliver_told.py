"""
How deliveries ended, as it is printed; and the error that says that not everything was sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from klarsyn.errors import ApprovalMissing, DeliveryIncomplete, said

if TYPE_CHECKING:
    from klarsyn.cli.deliver_ends import End, Say

ENDS: Final = {
    "created": said("created"),
    "updated": said("updated"),
    "queued": said("taken by the vendor, which does not tell the end"),
    "removed": said("removed"),
    "refused": said("refused"),
    "waiting": said("put off"),
    "later": said("put off, being removed"),
    "unknown": said("unknown whether they arrived"),
    "dead": said("refused to the end"),
    "by-hand": said("left to a person: `klarsyn tasks`"),
}
"""What becomes of people in a run."""
STOPPED: Final = {
    "nothing": said("nothing to do"),
    "closed": said("nothing can be sent there"),
    "paused": said("paused"),
    "read-only": said("not sent"),
    "approval": said("waits for an approval"),
    "refused": said("an approval was refused"),
    "changed": said("the source changed meanwhile, so nothing was sent: apply again"),
    "opt-outs": said("put off"),
    "failed": said("the run failed"),
    "stopped": said("stopped"),
}
_FIRST: Final = 3
"""So many reasons are printed."""


def told(end: End, say: Say) -> Iterator[str]:
    """Yield a line on a vendor, and lines on what is open there."""
    counted = [f"{count} {say(ENDS[word])}" for word, count in end.ends.items()]
    words = [say(STOPPED[end.word])] if end.word else []
    why = f": {say(end.why)}" if end.why else ""
    yield f"{end.vendor}: {', '.join([*counted, *words]) or say(said('nothing was sent'))}{why}"
    if end.request:
        yield f"  {say(said('decide it: `klarsyn approve {id}`', id=end.request))}"
    status = end.status
    if status is None:
        return
    for one in status.reasons[:_FIRST]:
        yield f"  {say(said('{people} people: {why}', people=one.people, why=one.why))}"
    if status.resumes_at and status.count("waiting"):
        at = status.resumes_at.isoformat(timespec="minutes")
        yield f"  {say(said('tried again from {at} on, by `klarsyn work`', at=at))}"


def close(ends: Sequence[End]) -> None:
    """Raise ApprovalMissing or DeliveryIncomplete where something was not sent."""
    asked = [one.vendor for one in ends if one.word == "approval"]
    if asked:
        raise ApprovalMissing(
            said("This waits for an approval: {vendors}.", vendors=asked),
            said("Apply again when it was given."),
        )
    left = [one.vendor for one in ends if not one.complete]
    if left:
        raise DeliveryIncomplete(
            said("Not everything was sent, at: {vendors}.", vendors=left),
            said("`klarsyn deliver status` tells what is open."),
        )
