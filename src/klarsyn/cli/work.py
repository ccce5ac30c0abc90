"""
`klarsyn work`: carries what was started, here or elsewhere, until it is stopped.
"""

from __future__ import annotations

import shlex
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from klarsyn.cli.group import App


@click.command("work")
@click.option("--until-idle", is_flag=True, help="End when nothing waits, runs or is due.")
@click.pass_obj
def command(app: App, *, until_idle: bool) -> None:
    """
    Carry out what was started, and start what is due or scheduled.

    Any number of workers may run at one database; on PostgreSQL on any number of machines. What it
    does is told on stderr, one line an event. SIGTERM and Ctrl-C end it after the steps under way.
    """
    from klarsyn.cli.working import engine

    with engine(app, tell=told) as (opened, _):
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: opened.stop())
        opened.work(opened.is_idle if until_idle else lambda: False)


def told(event: str, /, **facts: str | float) -> None:
    """Print an event and its facts as `key=value`, with the instant."""
    words = [f"{name}={shlex.quote(str(fact))}" for name, fact in facts.items()]
    instant = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    click.echo(" ".join([instant, event, *words]), err=True)
