"""
`klarsyn who-has EMAIL`: every vendor that has, or once had, something of somebody.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.disclosure.telling.recipients import Found, Recipient
    from klarsyn.errors import Message


@click.command("who-has")
@click.argument("address", metavar="EMAIL")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(app: App, address: str, *, as_json: bool) -> None:
    """
    Print which vendors received data of the person with an address, past vendors too.

    EMAIL may be `-`: it is asked for then, and stands in no history of commands. It is not stored.
    """
    from klarsyn.cli.recorded import recorded
    from klarsyn.cli.working import present
    from klarsyn.disclosure.telling.recipients import who_has
    from klarsyn.personal import Personal

    if address == "-":
        address = click.prompt(app.voice.text("E-mail address"), err=True, hide_input=True)
    with recorded(app) as storage:
        around = present(app, storage)
        found = who_has(
            Personal(address), around.source, around.ledger, around.hashes, around.journal
        )
    if as_json:
        plain = {
            "in_source": found.in_source,
            "past": found.past,
            "recipients": [one.plain() for one in found.recipients],
        }
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    for message in _told(found):
        click.echo(app.voice.say(message))


def _told(found: Found) -> Iterator[Message]:
    yield said("People in the source who have this address: {count}.", count=found.in_source)
    if found.past:
        yield said("People who had it when they were delivered: {count}.", count=found.past)
    for one in found.recipients:
        yield from _recipient(one)
    if not found.recipients:
        yield said("No vendor was sent anything by Klarsyn.")


def _recipient(one: Recipient) -> Iterator[Message]:
    if removed := one.removed_at:
        yield said("{vendor}: removed on {day}", vendor=one.vendor, day=removed.date())
    else:
        yield said("{vendor}: since {day}", vendor=one.vendor, day=one.first_at.date())
    for held in one.holds:
        facts = {"element": held.element, "place": held.place, "day": held.since.date()}
        yield said("  {element} as {place}, since {day}", **facts)
    if one.once:
        yield said("  once, and no more: {elements}", elements=list(one.once))
