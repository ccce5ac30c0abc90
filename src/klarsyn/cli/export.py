"""
`klarsyn export`: legal papers from the register.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klarsyn.cli.check import Day

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.cli.group import App
    from klarsyn.publication.papers import Commission

FORMATS = ("md", "html", "pdf")


@click.command()
@click.argument("paper", required=False)
@click.option("--vendor", metavar="ID", help="The vendor that the paper is about.")
@click.option("--role", metavar="ROLE", help="Of the company in a record: controller, processor.")
@click.option("--language", metavar="CODE", help="One of the company's (default: its first).")
@click.option(
    "--format", "forms", type=click.Choice(FORMATS), multiple=True,
    help="Of the file (default: md); with --all, may be given again.",
)  # fmt: skip
@click.option("-o", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write a file.")
@click.option(
    "--all", "folder", type=click.Path(path_type=Path, file_okay=False),
    help="Write every paper, in every language, into this folder.",
)  # fmt: skip
@click.option("--list", "listed", is_flag=True, help="Print what can be made.")
@click.option("--date", "on", type=Day(), help="As of this day (default: today).")
@click.pass_obj
def command(app: App, /, paper: str | None, on: date | None, **given: Any) -> None:
    """
    Print a legal paper filled in from the register, or write it to a file.

    PAPER is one of those that --list prints, such as scc-2021-915 or ropa.
    """
    from klarsyn.publication import papers
    from klarsyn.register import load

    forms, out = given["forms"] or ("md",), given["out"]
    if given["folder"] and (paper or out or given["vendor"] or given["role"] or given["language"]):
        raise click.UsageError(app.voice.text("--all takes --format and --date only."))
    register = load(app.settings.register, cache=app.settings.cache)
    order = papers.commission(register, app.day(on, register), given["language"])
    if given["folder"]:
        written = papers.export_all(register, order.on, forms, given["folder"])
        click.echo(app.voice.plural("{n} file written", "{n} files written", written))
    elif paper is None or given["listed"]:
        _print_list(order, app)
    else:
        if forms[0] == "pdf" and out is None and sys.stdout.isatty():
            raise click.UsageError(app.voice.text("A PDF is no text: name a file with -o."))
        choice = papers.Choice(paper, given["vendor"], given["role"])
        content = papers.export(order, choice, forms[0])
        papers.save(content, out) if out else sys.stdout.buffer.write(content)


def _print_list(order: Commission, app: App) -> None:
    from klarsyn.publication import papers

    widest = max(map(len, papers.ABOUT))
    for name, about in papers.ABOUT.items():
        click.echo(f"{name:<{widest}}  {app.voice.text(about)}")
    click.echo()
    for one in papers.choices(order):
        click.echo(f"klarsyn export {one}")
