"""
`klarsyn tasks`: what only a person can do, by when.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

from klarsyn.cli.tasks_end import attest, done, fail
from klarsyn.cli.tasks_open import assign, open_
from klarsyn.cli.tasks_show import evidence, plain, show
from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from klarsyn.cli.group import App
    from klarsyn.tasks import Task
    from klarsyn.tasks.work import Kind, State

KINDS = click.Choice(["manual", "attestation", "any"])
STATES = click.Choice(["open", "done", "failed", "attested", "any"])


@click.group(invoke_without_command=True)
@click.option("--state", type=STATES, default="open", show_default=True, help="Only these.")
@click.option("--kind", type=KINDS, default="any", show_default=True, help="Only these.")
@click.option("--vendor", default="", metavar="ID", help="Only those about a vendor.")
@click.option("--for", "whose", default="", metavar="NAME", help="Only those given to somebody.")
@click.option("--remind", is_flag=True, help="Only those to be reminded of today.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    state: State | Literal["any"],
    kind: Kind | Literal["any"],
    vendor: str,
    whose: str,
    **shown: bool,
) -> None:
    """Print tasks that wait for a person, the next due first."""
    if ctx.invoked_subcommand:
        return
    from klarsyn.cli.tasks_desk import desk
    from klarsyn.tasks import Wanted, reminders

    app: App = ctx.obj
    with desk(app) as at:
        assigned = at.users.named(whose).pseudonym if whose else ""
        wanted = Wanted(
            state="" if state == "any" else state,
            kind="" if kind == "any" else kind,
            vendor=vendor,
            assigned=assigned,
        )
        found = at.tasks.all(wanted)
        today = _today(app)
        if shown["remind"]:
            found = [one.task for one in reminders(found, today)]
        if shown["as_json"]:
            rows = [plain(app, at, one) for one in found]
            click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        click.echo("\n".join(_lines(app, found, today)))


def _lines(app: App, tasks: Iterable[Task], today: date) -> Iterable[str]:
    say, none = app.voice.say, True
    for one in tasks:
        none, asked = False, one.asked
        late = one.state == "open" and asked.due < today
        state = say(said("overdue")) if late else say(STATE_WORDS[one.state])
        yield f"{one.id}  {asked.due.isoformat()}  {state:<10} {say(asked.what)}"
    if none:
        yield say(said("There are no such tasks."))


STATE_WORDS = {
    "open": said("open"),
    "done": said("done"),
    "failed": said("given up"),
    "attested": said("attested"),
}


def _today(app: App) -> date:
    from klarsyn.register import load

    return app.day(None, load(app.settings.register, cache=app.settings.cache))


for one in (show, evidence, open_, assign, done, attest, fail):
    command.add_command(one)
