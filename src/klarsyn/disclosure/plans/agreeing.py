"""
Whether somebody has to agree to a plan, and whether they have.
"""

from __future__ import annotations

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.plan import VendorPlan
from klarsyn.errors import said
from klarsyn.tasks import Request, SignedIn


def agreement(around: Around, plan: VendorPlan, by: SignedIn | None) -> Request | None:
    """
    Return the request about a plan, made where there was none; None where nobody has to agree.

    `approved` is one that counts. One that lapsed or was taken back is asked for again under the
    next number, and one that was refused not before its time is over; `by` is None for a schedule.
    """
    why = plan.needs(around.limits)
    if why is None or not plan.digest:
        return None
    what = said("delivery to {vendor}: {why}", vendor=plan.vendor, why=why)
    approvals, now = around.approvals, around.clock.now().timestamp()
    number = 0
    while True:
        number += 1
        key = f"delivery:{plan.vendor}:{plan.digest}" + (f":{number}" if number > 1 else "")
        asked = approvals.ask(key, "delivery", what, plan.digest, by)
        if asked.state == "approved" and approvals.granted(key, plan.digest):
            return asked
        if asked.state == "open" or (asked.state == "refused" and asked.expires_at > now):
            return asked
