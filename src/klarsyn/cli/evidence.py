"""
`klarsyn evidence`: verifies what was recorded, and hands it to somebody who was not there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from klarsyn.cli.evidence_export import export
from klarsyn.cli.evidence_verify import verify

if TYPE_CHECKING:
    from klarsyn.cli.group import App


@click.group()
def command() -> None:
    """Verify what was recorded, export it with proofs, print what others verify it by."""


@command.command("checkpoint")
@click.pass_obj
def checkpoint(app: App) -> None:
    """
    Sign how far the journal has come, and print it.

    Whoever keeps it elsewhere can tell later that nothing before it was changed or cut off.
    """
    from klarsyn.cli.recorded import journal

    with journal(app) as found:
        click.echo(found.checkpoint().note, nl=False)


@command.command("key")
def key() -> None:
    """Print the public keys that evidence is verified by, oldest first: publish them."""
    from klarsyn import keys
    from klarsyn.journal import public_keys

    for one in public_keys(keys.load(os.environ)):
        click.echo(str(one))


command.add_command(verify)
command.add_command(export)
