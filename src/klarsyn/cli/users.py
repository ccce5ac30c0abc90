"""
`klarsyn users`: those who work here, and how they prove who they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said
from klarsyn.personal import Secret

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.tasks import Role

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def command() -> None:
    """Add and remove those who approve and do tasks, each with a passphrase of their own."""


@command.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["viewer", "editor", "approver", "administrator"]),
    default="viewer",
    show_default=True,
    help="What they may do; the first one becomes administrator.",
)
@click.option("--passphrase-file", type=FILE, help="Read their passphrase from a file.")
@click.pass_obj
def add(app: App, name: str, *, role: Role, passphrase_file: Path | None) -> None:
    """Add somebody; an administrator signs in for it, except for the first one."""
    from klarsyn.cli.tasks_desk import desk, sign_in

    with desk(app) as at:
        by = sign_in(app, at.users) if at.users.has_administrator() else None
        user = at.users.add(name, _new(app, passphrase_file), role, by)
        facts = {"name": user.name.reveal(), "role": user.role, "pseudonym": user.pseudonym}
        click.echo(app.voice.say(said("{name} is {role}; the journal says {pseudonym}.", **facts)))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def list_(app: App, *, as_json: bool) -> None:
    """Print who there is, with which role, and until when an unused account lives."""
    import json

    from klarsyn.cli.tasks_desk import desk

    with desk(app) as at:
        rows = [
            {
                "name": one.name.reveal(),
                "role": one.role,
                "pseudonym": one.pseudonym,
                "expires": one.expires_at.date().isoformat(),
            }
            for one in at.users.all()
        ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']:<24} {row['role']:<14} {row['pseudonym']}  {row['expires']}")


@command.command("remove")
@click.argument("name")
@click.pass_obj
def remove(app: App, name: str) -> None:
    """Erase an account; the journal keeps its pseudonym. The last administrator stays."""
    from klarsyn.cli.tasks_desk import desk, sign_in

    with desk(app) as at:
        user = at.users.remove(name, sign_in(app, at.users))
        facts = {"name": user.name.reveal(), "pseudonym": user.pseudonym}
        click.echo(app.voice.say(said("{name} was erased; {pseudonym} names nobody.", **facts)))


@command.command("passphrase")
@click.option("--passphrase-file", type=FILE, help="Read the new one from a file.")
@click.pass_obj
def passphrase(app: App, *, passphrase_file: Path | None) -> None:
    """Give yourself another passphrase; sign in with the old one."""
    from klarsyn.cli.tasks_desk import desk, sign_in

    with desk(app) as at:
        who = sign_in(app, at.users)
        at.users.change(who, _new(app, passphrase_file))
        click.echo(app.voice.say(said("The old passphrase is over.")))


def _new(app: App, file: Path | None) -> Secret:
    """Return a new passphrase: from a file, or typed twice."""
    from klarsyn.cli.tasks_desk import read_passphrase

    if file:
        return read_passphrase(file)
    say = app.voice.say
    typed = click.prompt(
        say(said("New passphrase")), hide_input=True, confirmation_prompt=True, err=True
    )
    return Secret(typed)
