"""
`klarsyn storage`: upkeep of Klarsyn's own database.
"""

from __future__ import annotations

import click

from klarsyn.cli.storage_backup import backup
from klarsyn.cli.storage_check import check
from klarsyn.cli.storage_restore import restore
from klarsyn.cli.storage_retention import retention
from klarsyn.cli.storage_tombstones import tombstones


@click.group()
def command() -> None:
    """Back up and restore the database, examine it, and see for how long everything is kept."""


for one in (check, retention, backup, tombstones, restore):
    command.add_command(one)
