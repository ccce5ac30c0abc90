"""
A run of the command line: a command, or one clear refusal with its own exit code.
"""

from __future__ import annotations

import gc
import sys

import click

from klarsyn.cli.group import group, voice
from klarsyn.errors import KlarsynError, ManyProblems


def run() -> None:
    """Run a command; every refusal of ours is one message and its own exit code."""
    collect_seldom()
    try:
        group(prog_name="klarsyn")
    except KlarsynError as refusal:
        _tell(refusal)
        sys.exit(refusal.exit_code)


def collect_seldom() -> None:
    """Look for cycles among values seldom: they are built and let go, and looking takes a tenth."""
    gc.set_threshold(200_000, 20, 20)


def _tell(refusal: KlarsynError) -> None:
    say = voice().say
    if isinstance(refusal, ManyProblems):
        for one in refusal.problems:
            click.echo(f"{one.file}:{one.line}: {say(one.what)}: {say(one.remedy)}", err=True)
        click.echo(f"{say(refusal.message)} [{refusal.id}]", err=True)
        return
    remedy = f" {say(refusal.remedy)}" if refusal.remedy else ""
    click.echo(f"{say(refusal.message)}{remedy} [{refusal.id}]", err=True)
