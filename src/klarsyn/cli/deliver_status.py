"""
`klarsyn deliver status`: whom vendors hold, what is open there and why, and when it goes on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from klarsyn.errors import Message, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.disclosure.telling.status import Status

STATES = {
    "waiting": said("waiting"),
    "sending": said("being sent"),
    "unknown": said("unknown whether they arrived"),
    "dead": said("refused to the end"),
}
"""The states of a change."""


@click.command("status")
@click.argument("name", required=False, metavar="[VENDOR]")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def status(app: App, name: str | None, *, as_json: bool) -> None:
    """
    Print how deliveries stand: people held, open changes with reasons, pauses, the last run.

    Of one VENDOR also the subjects that `deliver settle` asks for. Nobody is called.
    """
    from klarsyn.cli.deliver_books import books

    with books(app) as found:
        vendors = [found.named(name)] if name else [*found.vendors]
        every = [found.standing.at(one) for one in vendors]
        shown = every if name else [one for one in every if _says_something(one)]
        unknown = found.standing.unknown(name) if name else []
    if as_json:
        rows = [one.plain() | ({"unknown": unknown} if name else {}) for one in shown]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    say = app.voice.say
    for one in shown:
        click.echo(one.vendor)
        for message in _told(one):
            click.echo(f"  {say(message)}")
    for subject in unknown:
        click.echo(f"  {say(said('to be settled: {subject}', subject=subject))}")
    if not shown:
        click.echo(say(said("Nothing was delivered yet.")))


def _says_something(one: Status) -> bool:
    return bool(one.held or one.open or one.paused or one.last)


def _told(one: Status) -> Iterator[Message]:
    from klarsyn.disclosure.plans.words import KINDS
    from klarsyn.disclosure.telling.status import told

    yield said("people held: {count}", count=one.held)
    if one.paused:
        yield said("paused since {at}: {why}", at=told(one.paused.since), why=one.paused.why)
    for (kind, state), count in one.open.items():
        yield said("{kind}: {count} {state}", kind=KINDS[kind], count=count, state=STATES[state])
    for reason in one.reasons:
        yield said("{count} people: {why}", count=reason.people, why=reason.why)
    if one.resumes_at:
        yield said("tried again from {at} on", at=told(one.resumes_at.timestamp()))
    if one.letters and one.letters_expire_at:
        yield said(
            "dead letters: {count}, the first is erased at {at}",
            count=one.letters,
            at=told(one.letters_expire_at),
        )
    for each in one.dropped:
        facts = {"element": each.element, "looked": each.looked, "dropped": each.dropped}
        if each.dropped:
            yield said("{element}: read back {looked}, not kept by the vendor {dropped}", **facts)
        else:
            yield said("{element}: read back {looked}, all there", **facts)
    if one.last:
        yield said("last plan carried out at {at}", at=one.last.at)
