"""
`klarsyn approve`: what waits for a second pair of eyes, and the decision.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from klarsyn.cli.approve_shown import ALONE, lines, plain
from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.cli.tasks_desk import Desk
    from klarsyn.tasks import Request


@click.command()
@click.argument("request_id", required=False, metavar="[ID]")
@click.option("--refuse", "deed", flag_value="refuse", help="Refuse it.")
@click.option("--withdraw", "deed", flag_value="withdraw", help="Take back what you asked for.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(app: App, request_id: str | None, *, deed: str | None, as_json: bool) -> None:
    """
    Print what waits for approval, or approve one of it with your own passphrase.

    KLARSYN_USER and KLARSYN_PASSPHRASE_FILE sign in where nobody types.
    """
    from klarsyn.cli.tasks_desk import desk, sign_in

    if deed and not request_id:
        raise click.UsageError(app.voice.text("Name the request."))
    with desk(app) as at:
        if not request_id:
            _print(app, at, at.approvals.waiting(), as_json=as_json)
            return
        asked = at.approvals.get(request_id)
        if not as_json:
            click.echo("\n".join(lines(app, at, asked)))
        who = sign_in(app, at.users)
        decide = {
            None: at.approvals.approve,
            "refuse": at.approvals.refuse,
            "withdraw": at.approvals.withdraw,
        }[deed]
        decided = decide(asked, who)
        if as_json:
            click.echo(json.dumps(plain(app, at, decided), indent=2, ensure_ascii=False))
        else:
            click.echo(_outcome(app, decided))


def _print(app: App, at: Desk, waiting: list[Request], *, as_json: bool) -> None:
    if as_json:
        rows = [plain(app, at, one) for one in waiting]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif not waiting:
        click.echo(app.voice.say(said("Nothing waits for approval.")))
    else:
        click.echo("\n\n".join("\n".join(lines(app, at, one)) for one in waiting))


OUTCOMES = {
    "approved": said("Approved."),
    "refused": said("Refused."),
    "withdrawn": said("Withdrawn."),
}


def _outcome(app: App, one: Request) -> str:
    told = app.voice.say(OUTCOMES[one.state])
    shown = one.decision and not one.decision.four_eyes
    return f"{told} {app.voice.say(ALONE)}" if shown else told
