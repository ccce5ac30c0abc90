"""
The group of commands: each command's file is imported only when it is called.
"""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klarsyn.cli import ABOUT, COMMANDS, help_text

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.language import Translator
    from klarsyn.register import Register
    from klarsyn.settings import Settings


@dataclass
class App:
    """What every command knows: where klarsyn.yaml lies, and the reader's language."""

    folder: Path

    @cached_property
    def voice(self) -> Translator:
        """Says things in the language of the person at the terminal."""
        return voice()

    @cached_property
    def settings(self) -> Settings:
        """The installation's settings."""
        from klarsyn import settings

        return settings.load(self.folder)

    def day(self, given: date | None, register: Register) -> date:
        """Return the day that was asked for, or today's where the company is."""
        if given:
            return given
        from datetime import datetime
        from zoneinfo import ZoneInfo

        return datetime.now(ZoneInfo(register.company.timezone)).date()


def voice() -> Translator:
    """Return the translator of the person at the terminal."""
    from klarsyn.language import preferred, translator

    return translator(preferred(os.environ))


class _Commands(click.Group):
    """A group that imports a command's file only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(
            f"klarsyn.cli.{cmd_name.replace('-', '_')}"
        ).command
        return command

    def get_help(self, ctx: click.Context) -> str:
        """Return the same help that `main` prints without loading anything."""
        del ctx
        return help_text(voice().text).rstrip()


def _version(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    del param
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"klarsyn {version('klarsyn')}")
        ctx.exit()


@click.group(cls=_Commands, help=ABOUT, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIRECTORY",
    help="Work beside the klarsyn.yaml of this directory.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the version.",
)
@click.pass_context
def group(ctx: click.Context, folder: Path) -> None:
    """Hold what every command knows."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    ctx.obj = App(folder)
