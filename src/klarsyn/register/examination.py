"""
The examination of a register: every check, the acceptances, and the rules by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.errors import said
from klarsyn.language import mark
from klarsyn.register import (
    duties,
    lineage,
    papers,
    scoring,
    security,
    sense,
    systems,
    terms,
    wording,
)
from klarsyn.register.findings import SEVERITIES, Finding, Rule
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from klarsyn.register.register import Register

CHECKS = (
    duties.roles,
    duties.company,
    duties.purposes,
    duties.retention,
    duties.reviews,
    duties.knowledge,
    papers.entities,
    papers.countries,
    papers.transfers,
    papers.agreements,
    security.measures,
    sense.claims_of_none,
    sense.incidental,
    sense.secrets,
    sense.elements,
    scoring.scores,
    lineage.gaps,
    systems.devices,
    systems.shared_purposes,
    systems.completeness,
    systems.not_listed,
    terms.unknown_terms,
    wording.languages,
    wording.typing,
    wording.labels,
    wording.page,
)
"""Every check: a function from a register and a day to findings."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check of a register found: open findings, and those accepted in writing."""

    open: tuple[Finding, ...]
    accepted: tuple[Finding, ...]


def examine(register: Register, on: date) -> Outcome:
    """Return the findings of a register as of a day, in the order of file and line."""
    found = [finding for function in CHECKS for finding in function(register, on)]
    found.sort(key=lambda one: _order(register, one))
    open_: list[Finding] = []
    accepted: list[Finding] = []
    for finding in found:
        (accepted if _is_accepted(register, finding, on) else open_).append(finding)
    return Outcome(tuple(open_) + tuple(_stale_acceptances(register, found, on)), tuple(accepted))


def count(findings: Iterable[Finding]) -> dict[Rule, int]:
    """Return how many findings each rule has, gravest first, then most."""
    counts: dict[Rule, int] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    order = sorted(counts, key=lambda one: (SEVERITIES.index(one.severity), -counts[one], one.id))
    return {one: counts[one] for one in order}


def lookup(name: str) -> list[Rule]:
    """Return the rules called `name`: an id, a requirement (R82) or a defect first seen (D24)."""
    wanted = name.casefold()
    return [
        one
        for one in RULES.values()
        if wanted == one.id or wanted.upper() in {*one.requirement.split(), *one.seen_as.split()}
    ]


def _order(register: Register, finding: Finding) -> tuple[bool, str, int, str]:
    is_vendor = finding.place.file.startswith("vendors/")
    return (is_vendor, finding.place.file, register.line(finding.place), finding.rule.id)


# Acceptance in writing.

ACCEPTANCE_STALE = Rule(
    id="acceptance-stale",
    requirement="R12",
    severity="medium",
    title=mark("An acceptance has lapsed or fits nothing"),
    what=mark("the acceptance of {finding} at {place} {state}"),
    why=mark(
        "A finding is accepted in writing, by a person, for a reason and for a time. After that "
        "time somebody has to look again; an acceptance that fits no finding hides nothing and "
        "should go."
    ),
    remedy=mark("answer the finding, renew the acceptance with a reason, or delete it"),
)


def _is_accepted(register: Register, finding: Finding, on: date) -> bool:
    return any(
        one.finding == finding.rule.id and one.place == str(finding.place) and on <= one.until
        for one in register.accepted
    )


def _stale_acceptances(register: Register, found: list[Finding], on: date) -> Iterator[Finding]:
    places = {(finding.rule.id, str(finding.place)) for finding in found}
    for number, one in enumerate(register.accepted):
        fits = (one.finding, one.place) in places
        if fits and on <= one.until:
            continue
        state = said("lapsed on {day}", day=one.until) if fits else said("fits no finding")
        place = Place("accepted.yaml", f"accepted/{number}")
        facts = {"finding": one.finding, "place": one.place, "state": state}
        yield Finding(ACCEPTANCE_STALE, place, facts)


RULES = {
    one.id: one
    for module in (duties, papers, security, sense, scoring, lineage, systems, terms, wording)
    for one in [*vars(module).values(), ACCEPTANCE_STALE]
    if isinstance(one, Rule)
}
"""Every rule by its id."""
