"""
`klarsyn score`: a score of one person, explained to them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from klarsyn.cli.check import Day
from klarsyn.errors import ScoreNotCalculated, UnknownName, said

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.cli.group import App
    from klarsyn.people.rejected import Rejections
    from klarsyn.people.scores import Explanation
    from klarsyn.people.source import Source
    from klarsyn.register import Register
    from klarsyn.register.company import ScoreCard


@click.group()
def command() -> None:
    """Explain the scores that are calculated by a card in scores/."""


@command.command("explain")
@click.argument("element")
@click.option("--customer", metavar="KEY", required=True, help="The company's own key of them.")
@click.option("--date", "on", type=Day(), help="The score of this day (default: today).")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def told(app: App, element: str, *, customer: str, on: date | None, as_json: bool) -> None:
    """
    Print one person's score of ELEMENT: of what it was made, and what would have changed it.

    It asks the company's source, stores nothing, and speaks the company's first language.
    """
    from klarsyn.language import translator
    from klarsyn.people.rejected import Rejections
    from klarsyn.people.source import Source
    from klarsyn.register import load

    register = load(app.settings.register, cache=app.settings.cache)
    card, rejected = _card(register, element), Rejections()
    source = Source.of(app.settings, register)
    explained = _explained(source, card, customer, app.day(on, register), rejected)
    say = translator(register.company.languages[0]).say
    lines = [say(one) for one in explained.messages]
    if as_json:
        plain = {"element": element, **explained.plain(), "text": lines, "left_out": rejected.rows}
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(lines))
    if rejected.rows:
        warning = said(
            "Rows that are wrong and were left out: {n}. `klarsyn source check` tells of them.",
            n=rejected.rows,
        )
        click.echo(app.voice.say(warning), err=True)


def _card(register: Register, element: str) -> ScoreCard:
    if element not in register.elements:
        what = said("The register has no element called {name}.", name=element)
        raise UnknownName(what, said("elements.yaml lists them."))
    card = register.scores.get(register.elements[element].score or "")
    if card is None:
        what = said("{name} is no score.", name=element)
        raise ScoreNotCalculated(what, said("A score names its card: `score:` in elements.yaml."))
    return card


def _explained(
    source: Source, card: ScoreCard, customer: str, day: date, rejected: Rejections
) -> Explanation:
    from klarsyn.people.cells import folded
    from klarsyn.people.scores import Scores, explain, is_known, tables
    from klarsyn.personal import Personal

    key = Personal(folded(customer))
    scores = Scores.of(tables(source, rejected), card, day, keep=[key])
    if key not in scores and not is_known(source, key):
        what = said("The source has nobody with this key.")
        raise UnknownName(what, said("It is the column `source: key:` in klarsyn.yaml."))
    return explain(scores, key, card, source.register.company.name)
