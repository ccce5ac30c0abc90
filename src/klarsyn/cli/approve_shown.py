"""
A request for approval as `klarsyn approve` shows it: to people, and to programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klarsyn.errors import Message, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.cli.tasks_desk import Desk
    from klarsyn.tasks import Request

NAMELESS = said("Nobody has put their name to it: two people have to, one after the other.")
ALONE = said("Four eyes are switched off: one may approve what one has asked for.")


def lines(app: App, at: Desk, one: Request) -> list[str]:
    """Return what is to be decided: what, who asked, until when, and the hash of exactly that."""
    from klarsyn.cli.tasks_desk import instant

    say = app.voice.say
    by = at.name(one.asked_by) or said("Klarsyn, by its schedule")
    return [
        f"{one.id}  {one.kind}",
        f"  {say(one.what)}",
        f"  {say(said('asked by {by}, {at}', by=by, at=instant(one.asked_at)))}",
        f"  {say(said('to be decided before {at}', at=instant(one.expires_at)))}",
        f"  SHA-256 {one.digest}",
        *(f"  {say(each)}" for each in _eyes(one, four=app.settings.four_eyes)),
    ]


def _eyes(one: Request, *, four: bool) -> list[Message]:
    """Return what is unusual about who has to approve it."""
    if not four:
        return [ALONE]
    return [] if one.asked_by else [NAMELESS]


def plain(app: App, at: Desk, one: Request) -> dict[str, str | bool]:
    """Return a request for programs; `four_eyes` says whether a second pair was asked for."""
    from klarsyn.cli.tasks_desk import instant

    plain: dict[str, str | bool] = {
        "id": one.id,
        "kind": one.kind,
        "what": app.voice.say(one.what),
        "digest": one.digest,
        "asked_by": at.name(one.asked_by),
        "asked_at": instant(one.asked_at),
        "expires_at": instant(one.expires_at),
        "state": one.state,
        "four_eyes": one.decision.four_eyes if one.decision else app.settings.four_eyes,
    }
    if one.decision:
        plain |= {
            "decided_by": at.name(one.decision.by),
            "decided_at": instant(one.decision.at),
            "own": one.decision.own,
        }
    return plain
