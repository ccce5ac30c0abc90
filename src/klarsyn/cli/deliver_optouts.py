"""
`klarsyn deliver opt-outs` and `opt-in EMAIL`: who wants no newsletter any more, and who does again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klarsyn.errors import DeliveryIncomplete, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.errors import Message


@click.command("opt-outs")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def opt_outs(app: App, *, as_json: bool) -> None:
    """
    Ask every newsletter system who has left it, and stop the others for them.

    A delivery asks first, too; `schedules: opt-outs:` in klarsyn.yaml asks by itself.
    """
    from klarsyn.cli.deliver_followed import follow
    from klarsyn.cli.working import engine
    from klarsyn.clock import SystemClock
    from klarsyn.disclosure.optouts.learning import LANE
    from klarsyn.disclosure.optouts.learning import opt_outs as kind

    with engine(app) as (opened, _):
        run = f"{LANE}:{SystemClock().now().isoformat()}"
        opened.start(kind, run, lane=LANE)
        (state,) = follow(app, opened, [run])
    if state.stage != "done":
        raise DeliveryIncomplete(said("The run {run} failed.", run=run))
    found: dict[str, Any] = dict(state.result)
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for message in _told(found):
            click.echo(app.voice.say(message))
    if found["stopped"]:
        raise DeliveryIncomplete(
            said("Not every vendor was asked, or stopped: {vendors}.", vendors=[*found["stopped"]]),
            said("`klarsyn work` tries again."),
        )


def _told(found: dict[str, Any]) -> Iterator[Message]:
    from klarsyn.stored import from_json

    for origin, count in found["noted"].items():
        if origin == "self":
            yield said("New opt-outs in the source: {count}.", count=count)
        else:
            yield said("New opt-outs at {vendor}: {count}.", vendor=origin, count=count)
    yield said("Stopped: {count}.", count=found["ends"].get("stopped", 0))
    if by_hand := found["ends"].get("by-hand"):
        yield said("Left to a person: {count}; see `klarsyn tasks`.", count=by_hand)
    for vendor, why in found["stopped"].items():
        yield said("{vendor}: {why}", vendor=vendor, why=from_json(why))


@click.command("opt-in")
@click.argument("address", metavar="EMAIL")
@click.option(
    "--proof",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="What shows that they opted in, and when; it is kept, sealed.",
)
@click.pass_obj
def opt_in(app: App, address: str, *, proof: Path) -> None:
    """
    Note that somebody who had opted out has opted in again, with the proof; sign in for it.

    EMAIL may be `-`: it is asked for then, and stands in no history of commands.
    """
    from klarsyn.cli.recorded import recorded
    from klarsyn.cli.tasks_desk import sign_in
    from klarsyn.cli.working import present
    from klarsyn.disclosure.optouts import optins
    from klarsyn.personal import Personal
    from klarsyn.tasks.evidence import read

    shown = read(proof)
    if address == "-":
        address = click.prompt(app.voice.text("E-mail address"), err=True, hide_input=True)
    with recorded(app) as storage:
        around = present(app, storage)
        who = sign_in(app, around.users)
        task = optins.opt_in(around, Personal(address), [shown], who)
    click.echo(app.voice.say(said("Noted; the proof is with the task {id}.", id=task.id)))
    told = said("A vendor that has them as unsubscribed keeps them so: they subscribe there again.")
    click.echo(app.voice.say(told))
