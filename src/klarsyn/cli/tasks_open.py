"""
`klarsyn tasks open VENDOR JOB` and `klarsyn tasks assign ID NAME`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from klarsyn.errors import UnknownName, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.register import Register
    from klarsyn.tasks import NewTask
    from klarsyn.tasks.sheets import JobName


@click.command("open")
@click.argument("vendor")
@click.argument(
    "job", type=click.Choice(["read", "find", "rectify", "erase", "deliver"]), default="read"
)
@click.pass_obj
def open_(app: App, vendor: str, job: JobName) -> None:
    """Open what a job leaves to a person at a vendor; by default, telling what it holds."""
    from klarsyn.cli.tasks_desk import desk, sign_in
    from klarsyn.register import load

    register = load(app.settings.register, cache=app.settings.cache)
    task = _task(app, register, vendor, job)
    if task is None:
        told = said("{vendor}: calls do this job, and nothing is left to a person.", vendor=vendor)
        click.echo(app.voice.say(told))
        return
    with desk(app) as at:
        opened = at.tasks.open(task, sign_in(app, at.users))
        facts = {"id": opened.id, "due": opened.asked.due, "what": opened.asked.what}
        click.echo(app.voice.say(said("{id} is due {due}: {what}", **facts)))


def _task(app: App, register: Register, vendor: str, job: JobName) -> NewTask | None:
    from klarsyn.tasks import Case, for_job
    from klarsyn.vendors import sheet

    if vendor not in register.vendors:
        raise UnknownName(
            said("the register has no vendor '{name}'", name=vendor),
            said("there are {names}", names=list(register.vendors)),
        )
    link = register.vendors[vendor].connection
    today = app.day(None, register)
    case = Case(
        key=f"by-hand:{vendor}:{today.isoformat()}",
        vendor=vendor,
        company=register.company.name,
        today=today,
    )
    return for_job(case, sheet((link.sheet if link else None) or vendor), job)


@click.command("assign")
@click.argument("task_id", metavar="ID")
@click.argument("name")
@click.pass_obj
def assign(app: App, task_id: str, name: str) -> None:
    """Give an open task to somebody."""
    from klarsyn.cli.tasks_desk import desk, sign_in

    with desk(app) as at:
        user = at.users.named(name)
        at.tasks.assign(task_id, user, sign_in(app, at.users))
        facts = {"id": task_id, "name": user.name.reveal()}
        click.echo(app.voice.say(said("{id} was given to {name}.", **facts)))
