"""
`klarsyn keys`: makes Klarsyn's own keys.
"""

from __future__ import annotations

from datetime import UTC, datetime

import click


@click.group()
def command() -> None:
    """Make a key; keys stand in KLARSYN_KEYS, never in klarsyn.yaml."""


@command.command("new")
@click.option("--id", "key_id", help="What it is called; the day, if not given.")
def new(key_id: str | None) -> None:
    """
    Print a new key.

    Put it behind the others in KLARSYN_KEYS, or in the file that KLARSYN_KEYS_FILE names. The last
    key is in use; older ones stay as long as something lies under them.
    """
    from klarsyn.keys import made

    click.echo(made(key_id or datetime.now(UTC).date().isoformat()))
