"""
What `users`, `approve` and `tasks` share: the tables they work on, and how somebody signs in.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from klarsyn.errors import SignInRefused, said
from klarsyn.personal import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.storage import Storage
    from klarsyn.tasks import Approvals, SignedIn, Tasks, Uploads, Users

USER: Final = "KLARSYN_USER"
FILE: Final = "KLARSYN_PASSPHRASE_FILE"


@dataclass(frozen=True, slots=True)
class Desk:
    """The tables of one installation."""

    storage: Storage
    users: Users
    approvals: Approvals
    tasks: Tasks
    uploads: Uploads

    def name(self, pseudonym: str) -> str:
        """Return a name to print; the pseudonym where the account is gone."""
        called = self.users.called(pseudonym) if pseudonym else None
        return called.reveal() if called else pseudonym


@contextmanager
def desk(app: App) -> Iterator[Desk]:
    """Open the database, with the keys that the environment gives."""
    from klarsyn import keys
    from klarsyn.cli.connected import database
    from klarsyn.clock import SystemClock
    from klarsyn.journal import Journal
    from klarsyn.tasks import Approvals, Tasks, Uploads, Users

    given, clock = keys.load(os.environ), SystemClock()
    with database(app, make=True) as storage:
        assert storage  # noqa: S101  (it was to be made)
        journal = Journal(storage, clock, given)
        users = Users(storage, clock, given, journal)
        four_eyes = app.settings.four_eyes
        approvals = Approvals(storage, clock, given, users, journal, four_eyes=four_eyes)
        uploads = Uploads(storage, given, app.settings.keep_evidence)
        yield Desk(
            storage, users, approvals, Tasks(storage, clock, users, uploads, journal), uploads
        )


def sign_in(app: App, users: Users) -> SignedIn:
    """Return who is at the terminal, proved; scripts name a user and a file by the environment."""
    say = app.voice.say
    name = os.environ.get(USER) or click.prompt(say(said("Your name")), err=True)
    if file := os.environ.get(FILE):
        return users.sign_in(name, read_passphrase(Path(file)))
    typed = click.prompt(say(said("Your passphrase")), hide_input=True, err=True)
    return users.sign_in(name, Secret(typed))


def read_passphrase(file: Path) -> Secret:
    """Return the first line of a file; SignInRefused where it cannot be read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise SignInRefused(said("{file} cannot be read.", file=str(file))) from None
    return Secret(lines[0] if lines else "")


def instant(seconds: float) -> str:
    """Return an instant as lists show it and programs read it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
