"""
Whether a connection works: settings, key, rights and reach, without telling anybody anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from klarsyn.errors import KlarsynError, Message, said
from klarsyn.transport.connection import Purpose, Surroundings
from klarsyn.vendors.connections import Bound

Verdict = Literal["sound", "warning", "broken", "unconnected"]

SOON = timedelta(days=30)
"""A key that ends within this time is worth a word."""
ATTESTED_FOR = timedelta(days=365)
"""For how long a signed word stands in for a look."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    verdict: Verdict
    what: Message
    remedy: Message | None = None


@dataclass(slots=True)
class Diagnosis:
    """What a look at one vendor's connection found."""

    vendor_id: str
    checks: list[Check] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        order: tuple[Verdict, ...] = ("broken", "unconnected", "warning")
        found = {one.verdict for one in self.checks}
        return next((one for one in order if one in found), "sound")

    def tell(self, verdict: Verdict, what: Message, remedy: Message | None = None) -> None:
        """Keep what was found."""
        self.checks.append(Check(verdict, what, remedy))


def diagnose(bound: Bound, around: Surroundings) -> Diagnosis:
    """Look at a connection whose settings are in order; makes calls that only read."""
    found = Diagnosis(bound.vendor_id)
    if bound.unmapped:
        what = said("no place is named for {elements}", elements=list(bound.unmapped))
        remedy = said("run `klarsyn vendors map {vendor}`", vendor=bound.vendor_id)
        found.tell("warning", what, remedy)
    for problem in bound.missing:
        found.tell("unconnected", problem.what, problem.remedy)
    if bound.missing:
        return found
    if bound.vendor.api.protocol == "none":
        _tell_of_attestation(found, bound, around.clock.now().date())
        return found
    try:
        with bound.open(Purpose.AUDIT, around) as connection:
            if connection.api.ping:
                connection.call(connection.api.ping)
            known = bound.vendor.probe(connection) if bound.vendor.probe else {}
            today = connection.clock.now().date()
    except KlarsynError as error:
        found.tell("broken", error.message, error.remedy)
        return found
    if known.get("asked", bool(bound.vendor.api.ping or bound.vendor.probe)):
        found.tell("sound", said("the vendor answers and the key is valid"))
    else:
        found.tell("sound", said("nobody was asked: whether it works shows when it is used"))
    _tell_of_key(found, known, today)
    return found


def _tell_of_attestation(found: Diagnosis, bound: Bound, today: date) -> None:
    """Tell of a vendor whom nobody can ask by machine what stands in for a look: its word."""
    found.tell("sound", said("there is nothing to connect: what it holds is attested"))
    try:
        signed = date.fromisoformat(bound.settings.get("attested", ""))
    except ValueError:
        signed = date.min
    remedy = said("have it signed, and put the day into the setting 'attested'")
    if signed > today:
        found.tell("warning", said("the attestation is of a day to come"), remedy)
    elif today - signed >= ATTESTED_FOR:
        found.tell("warning", said("an attestation is due"), remedy)
    else:
        until = signed + ATTESTED_FOR
        verdict: Verdict = "warning" if until - today < SOON else "sound"
        found.tell(verdict, said("the attestation is valid until {until}", until=until))


def _tell_of_key(found: Diagnosis, known: Mapping[str, Any], today: date) -> None:
    """Tell what the vendor says of the key: until when, which rights, which plan."""
    until = known.get("until")
    if isinstance(until, datetime):
        until = until.date()
    if isinstance(until, date):
        verdict: Verdict = "warning" if until - today < SOON else "sound"
        found.tell(verdict, said("the key is valid until {until}", until=until))
    lacking = known.get("lacking") or ()
    if lacking:
        what = said("the key lacks {scopes}", scopes=sorted(lacking))
        found.tell("warning", what, said("without them a part is not read, and counts as not read"))
    for one in known.get("advice") or ():
        found.tell("warning", one)
    held = known.get("scopes") or ()
    if held:
        found.tell("sound", said("the key has {scopes}", scopes=sorted(held)))
    for name in ("role", "plan"):
        if known.get(name):
            word = said("role") if name == "role" else said("plan")
            found.tell("sound", said("{word}: {value}", word=word, value=str(known[name])))
