"""
`klarsyn tasks show ID` and `klarsyn tasks evidence ID FOLDER`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.cli.tasks_desk import Desk
    from klarsyn.tasks import Task


@click.command("show")
@click.argument("task_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def show(app: App, task_id: str, *, as_json: bool) -> None:
    """Print a task with its letter, ready to send, and what was uploaded."""
    from klarsyn.cli.tasks_desk import desk

    with desk(app) as at:
        task = at.tasks.get(task_id)
        letter = _letter(app, task)
        if as_json:
            told = {**plain(app, at, task), "letter": letter}
            click.echo(json.dumps(told, indent=2, ensure_ascii=False))
            return
        click.echo("\n".join(_lines(app, at, task)))
        if letter:
            click.echo(f"\n{letter}")


@click.command("evidence")
@click.argument("task_id", metavar="ID")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.pass_obj
def evidence(app: App, task_id: str, *, folder: Path) -> None:
    """Write what was uploaded to a task into a folder; somebody signs in for it."""
    from klarsyn.cli.tasks_desk import desk, sign_in
    from klarsyn.tasks.evidence import written

    with desk(app) as at:
        task = at.tasks.get(task_id)
        for number, one in enumerate(at.tasks.evidence(task, sign_in(app, at.users)), 1):
            click.echo(str(written(one, folder, number)))


def _lines(app: App, at: Desk, task: Task) -> list[str]:
    from klarsyn.cli.tasks import STATE_WORDS
    from klarsyn.cli.tasks_desk import instant

    say, asked = app.voice.say, task.asked
    lines = [
        f"{task.id}  {say(STATE_WORDS[task.state])}",
        say(asked.what),
        say(said("due {day}", day=asked.due)),
    ]
    lines += [say(said("due again {n} months after", n=asked.again))] if asked.again else []
    if asked.assigned:
        lines.append(say(said("given to {name}", name=at.name(asked.assigned))))
    if task.closed_at is not None:
        ended = said(
            "ended by {name}, {at}", name=at.name(task.closed_by), at=instant(task.closed_at)
        )
        lines.append(say(ended))
    return [
        *lines,
        *(f"  {one.id}  {one.size}  SHA-256 {one.sha256}" for one in at.uploads.of(task.id)),
    ]


def _letter(app: App, task: Task) -> str:
    """Return the letter in the first language of the company, whatever the terminal speaks."""
    from klarsyn.language import translator
    from klarsyn.register import load

    company = load(app.settings.register, cache=app.settings.cache).company
    return task.letter(translator(company.languages[0]))


def plain(app: App, at: Desk, task: Task) -> dict[str, Any]:
    """Return a task for programs."""
    from klarsyn.cli.tasks_desk import instant

    asked = task.asked
    return {
        "id": task.id,
        "kind": asked.kind,
        "state": task.state,
        "vendor": asked.vendor,
        "subject": asked.subject,
        "what": app.voice.say(asked.what),
        "due": asked.due.isoformat(),
        "again": asked.again,
        "assigned": at.name(asked.assigned),
        "closed_by": at.name(task.closed_by),
        "closed_at": instant(task.closed_at) if task.closed_at is not None else None,
        "evidence": [one.sha256 for one in at.uploads.of(task.id)],
    }
