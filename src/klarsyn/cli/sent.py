"""
`klarsyn sent VENDOR`: what a vendor was sent, in numbers.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from klarsyn.cli.group import App
    from klarsyn.disclosure.telling.sent import Sent
    from klarsyn.errors import Message

LAST = 10
"""So many runs are printed; --json has all."""


@click.command("sent")
@click.argument("name", metavar="VENDOR")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(app: App, name: str, *, as_json: bool) -> None:
    """Print of how many people VENDOR was sent what, since when, and in which runs."""
    from klarsyn.cli.deliver_books import books
    from klarsyn.disclosure.telling.sent import sent_to

    with books(app) as found:
        sent = sent_to(found.named(name), found.ledger, found.journal)
    if as_json:
        click.echo(json.dumps(sent.plain(), indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(sent, app.voice.say)))


def _lines(sent: Sent, say: Callable[[Message], str]) -> Iterator[str]:
    from klarsyn.cli.deliver_shown import table

    yield say(said("People of whom it holds something: {count}.", count=sent.people))
    if sent.past:
        yield say(said("People whom it was told to remove: {count}.", count=sent.past))
    if sent.elements:
        heads = [said("element"), said("people"), said("first"), said("last")]
        rows = [(e.element, e.people, _day(e.first_at), _day(e.last_at)) for e in sent.elements]
        yield ""
        yield from table([[say(one) for one in heads], *rows])
    if sent.runs:
        heads = [said("run"), said("at"), said("arrived"), said("removed")]
        runs = [(one.run, one.at[:16], one.arrived, one.removed) for one in sent.runs[-LAST:]]
        yield ""
        yield from table([[say(one) for one in heads], *runs])


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()
