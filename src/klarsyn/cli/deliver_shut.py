"""
Why a vendor's plan is not begun with: shut, paused, read-only, or waiting for somebody to agree.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from klarsyn.cli.deliver_ends import End, nothing, refused
from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.disclosure.around import Around
    from klarsyn.disclosure.plans.plan import VendorPlan
    from klarsyn.tasks import SignedIn


def shut(app: App, around: Around, one: VendorPlan) -> End | None:
    """Return why a plan is not begun with; None where it may be."""
    if one.closed:
        return refused(one.vendor, "closed", one.closed)
    if pause := around.pauses.all().get(one.vendor):
        return refused(one.vendor, "paused", pause.why)
    if not one.digest:
        return nothing(one.vendor)
    if not around.bind(one.vendor).enabled:
        why = said("the connection is read-only: `klarsyn vendors enable {it}`", it=one.vendor)
        return refused(one.vendor, "read-only", why)
    return _unapproved(app, around, one)


def _unapproved(app: App, around: Around, one: VendorPlan) -> End | None:
    """Return that somebody has to agree who has not, and ask them; None where it may be sent."""
    from klarsyn.disclosure.plans.agreeing import agreement

    who = _requester(app, around) if one.needs(around.limits) else None
    request = agreement(around, one, who)
    if request is None or request.state == "approved":
        return None
    word = "refused" if request.state == "refused" else "approval"
    return refused(one.vendor, word, request.what, request.id)


def _requester(app: App, around: Around) -> SignedIn | None:
    """Return who asks for an approval, where somebody can sign in; a schedule cannot."""
    from klarsyn.cli.tasks_desk import USER, sign_in

    if around.users.all() and (os.environ.get(USER) or sys.stdin.isatty()):
        return sign_in(app, around.users)
    return None
