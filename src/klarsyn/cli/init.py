"""
`klarsyn init`: a small register, from a few questions, from flags, or from a page kept by hand.
"""

from __future__ import annotations

import shlex
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from klarsyn.cli.check import Day
from klarsyn.language import COUNTRIES, LANGUAGES
from klarsyn.register.drafts.draftcompany import Answers, timezone_of

if TYPE_CHECKING:
    from klarsyn.cli.group import App


def _country(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is None or value.upper() in COUNTRIES:
        return value and value.upper()
    told = ctx.obj.voice.text("write the two letters of ISO 3166, such as DK")
    raise click.BadParameter(told, ctx, param)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@click.option("--name", help="The company's name.")
@click.option("--country", callback=_country, help="Of its main establishment, two letters.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(LANGUAGES),
    help="To publish in; may be given again.",
)
@click.option("--vendor", "vendors", multiple=True, help="A vendor's name; may be given again.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A page kept by hand (text, Markdown or HTML) to draft the register from.",
)
@click.option("--date", "on", type=Day(), help="As of this day (default: today).")
@click.pass_obj
def command(
    app: App, /, directory: Path | None, source: Path | None, on: date | None, **given: Any
) -> None:
    """
    Make a small register in DIRECTORY, or draft one from a page kept by hand.

    All of it is written, or nothing; a register that lies there already is left alone.
    """
    from klarsyn.register.drafts import starting
    from klarsyn.register.drafts.draft import draft
    from klarsyn.register.drafts.handwritten import read_file

    folder = directory or app.folder
    starting.refuse_existing(folder)
    answers = Answers(**given)
    if not (source or (answers.name and answers.vendors)):
        answers = _asked(answers, app)
    zone = answers.timezone or timezone_of(answers.country, (answers.languages or ("en",))[0])
    today = on or datetime.now(ZoneInfo(zone)).date()
    page = file = None
    copy: dict[str, bytes] = {}
    if source:
        content = starting.read_bounded(source)
        page = read_file(content, source.name, next(iter(answers.languages), None))
        file, copy = starting.page_file(folder, source, content)
    made = draft(answers, today, page, file)
    starting.begin(folder, made.files | copy)
    for name in (*made.files, *copy):
        click.echo(str(folder / name))
    if page:
        click.echo(f"\n{starting.account(page, app.voice)}")
        click.echo(app.voice.plural("{n} open point", "{n} open points", len(made.open_points)))
    for point in made.open_points:
        click.echo(f"- {app.voice.say(point)}")
    at = "" if folder == Path() else f" -C {shlex.quote(str(folder))}"
    told = app.voice.text("Next:")
    click.echo(f"\n{told}\n  klarsyn{at} check\n  klarsyn{at} publish OUT")


def _asked(given: Answers, app: App) -> Answers:
    from klarsyn.cli.questions import ask

    if sys.stdin.isatty():
        return ask(given, app.voice)
    flags = "--name NAME --vendor VENDOR, or --from FILE"
    told = app.voice.text("There is nobody to ask here: give {flags}.", flags=flags)
    raise click.UsageError(told)
