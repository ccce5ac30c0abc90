"""
The schedule `deliver`: every vendor that something is sent to gets a run of its own.
"""

from __future__ import annotations

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.delivering import Result, deliver
from klarsyn.durable import Json, Run, work
from klarsyn.errors import KlarsynError


@work("disclosure.round", 1, schedule="deliver")
def deliver_to_all(run: Run[Around]) -> Json:
    """Plan and deliver at every vendor that has `deliver:` and may be written to."""
    return run.step("start", lambda: _started(run.around))


def _started(around: Around) -> Result:
    """Put a row that is due now for each vendor; it waits for whatever is in its lane."""
    vendors = [one for one, vendor in around.register.vendors.items() if vendor.deliver]
    begun = [one for one in vendors if _may_write(around, one)]
    for one in begun:
        arguments = {"vendor": one, "digest": ""}
        around.due.put(deliver, one, around.clock.now(), lane=one, arguments=arguments)
    return {"vendors": begun}


def _may_write(around: Around, vendor: str) -> bool:
    """Tell whether a connection was enabled; where it is wrong, its own run says so."""
    try:
        return around.bind(vendor).enabled
    except KlarsynError:
        return True
