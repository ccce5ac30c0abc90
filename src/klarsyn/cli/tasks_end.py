"""
`klarsyn tasks done|attest|fail ID`: how a task ends, by somebody who signs in for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.tasks.work import Failure

EVIDENCE = click.option(
    "--evidence",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file that shows it; it is kept, sealed. May be given several times.",
)


@click.command("done")
@click.argument("task_id", metavar="ID")
@EVIDENCE
@click.pass_obj
def done(app: App, task_id: str, *, files: tuple[Path, ...]) -> None:
    """Say that a task was done, and show it."""
    from klarsyn.cli.tasks_desk import desk, sign_in
    from klarsyn.tasks.evidence import read

    shown = [read(one) for one in files]
    with desk(app) as at:
        at.tasks.done(task_id, shown, sign_in(app, at.users))
        click.echo(app.voice.say(said("{id} is done.", id=task_id)))


@click.command("attest")
@click.argument("task_id", metavar="ID")
@EVIDENCE
@click.pass_obj
def attest(app: App, task_id: str, *, files: tuple[Path, ...]) -> None:
    """Attest what a task says, with the signed paper where there is one."""
    from klarsyn.cli.tasks_desk import desk, sign_in
    from klarsyn.tasks.evidence import read

    shown = [read(one) for one in files]
    with desk(app) as at:
        click.echo(app.voice.say(at.tasks.get(task_id).asked.what), err=True)
        at.tasks.attest(task_id, shown, sign_in(app, at.users))
        click.echo(app.voice.say(said("{id} is attested.", id=task_id)))


@click.command("fail")
@click.argument("task_id", metavar="ID")
@click.option(
    "--why",
    type=click.Choice(["no-answer", "refused", "impossible", "needless"]),
    required=True,
    help="The reason, which the journal keeps.",
)
@click.pass_obj
def fail(app: App, task_id: str, *, why: Failure) -> None:
    """Give a task up."""
    from klarsyn.cli.tasks_desk import desk, sign_in
    from klarsyn.tasks.work import FAILURES

    with desk(app) as at:
        at.tasks.fail(task_id, why, sign_in(app, at.users))
        told = said("{id} is given up: {why}.", id=task_id, why=FAILURES[why])
        click.echo(app.voice.say(told))
