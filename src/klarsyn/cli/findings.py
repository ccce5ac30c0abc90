"""
Findings at the terminal: counted in a table, or each on a line that editors can jump to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from klarsyn.publication.words import SEVERITIES
from klarsyn.register import count
from klarsyn.register.report import file_of

if TYPE_CHECKING:
    from klarsyn.language import Translator
    from klarsyn.register import Outcome, Register

_COLOURS = {"high": "red", "medium": "yellow", "low": "blue"}


def print_table(register: Register, outcome: Outcome, speak: Translator) -> None:
    """Print a row for each rule that has findings, gravest first, and what to do next."""
    click.echo(
        speak.text(
            "{company}: {vendors} vendors, {elements} data elements, languages {languages}.",
            company=register.company.name,
            vendors=len(register.vendors),
            elements=len(register.elements),
            languages=" ".join(register.company.languages),
        )
    )
    counts = count(outcome.open)
    titles = {rule: speak.text(rule.title) for rule in counts}
    widest = max(map(len, titles.values()), default=0)
    severity = None
    for rule, n in counts.items():
        if rule.severity != severity:
            severity = rule.severity
            click.secho(f"\n{speak.text(SEVERITIES[severity])}", fg=_COLOURS[severity], bold=True)
        law = rule.requirement.split()[0]
        click.echo(f"{n:5}  {titles[rule]:<{widest}}  {law:<4} {rule.id}")
    click.echo()
    click.echo(_closing(outcome, speak))


def _closing(outcome: Outcome, speak: Translator) -> str:
    accepted = len(outcome.accepted)
    told = speak.plural("{n} finding is open", "{n} findings are open", len(outcome.open))
    told += speak.text(", {n} accepted in writing.", n=accepted) if accepted else "."
    if not outcome.open:
        return told
    first = next(iter(count(outcome.open)))
    return "\n".join(
        (
            told,
            speak.text("Each with its file and line: klarsyn check --format each"),
            speak.text("Why, and what to do: klarsyn explain {rule}", rule=first.id),
        )
    )


def print_each(register: Register, outcome: Outcome, speak: Translator) -> None:
    """Print each open finding as `file:line: what: remedy [id]`."""
    for finding in outcome.open:
        place = f"{file_of(register, finding)}:{register.line(finding.place)}"
        what, remedy = speak.say(finding.what), speak.say(finding.remedy)
        click.echo(f"{place}: {what}: {remedy} [{finding.rule.id}]")
