"""
`klarsyn check`: what the register leaves open.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from klarsyn.errors import FindingsRemain, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App


class Day(click.ParamType["date"]):
    """A date of ISO 8601."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or tell how one is written."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007  (a day)
        except ValueError:
            self.fail(f"{value!r} is no date such as 2026-11-22", param, ctx)


@click.command()
@click.option("--strict", is_flag=True, help="Fail while a finding is open.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "each", "json", "sarif"]),
    default="table",
    help="A table of counts, each finding with its file and line, or a report for programs.",
)
@click.option("--date", "on", type=Day(), help="As of this day (default: today).")
@click.pass_obj
def command(
    app: App, *, strict: bool, form: Literal["table", "each", "json", "sarif"], on: date | None
) -> None:
    """Examine the register and print what it leaves open."""
    from klarsyn.cli import findings
    from klarsyn.register import examine, load, report

    register = load(app.settings.register, cache=app.settings.cache)
    day = app.day(on, register)
    outcome = examine(register, day)
    if form == "json":
        click.echo(report.as_json(register, outcome, day, app.voice))
    elif form == "sarif":
        from importlib.metadata import version

        click.echo(report.as_sarif(register, outcome, version("klarsyn"), app.voice))
    elif form == "each":
        findings.print_each(register, outcome, app.voice)
    else:
        findings.print_table(register, outcome, app.voice)
    if strict and outcome.open:
        remedy = said("Answer them, or accept them in writing in accepted.yaml.")
        raise FindingsRemain(said("Findings still open: {n}.", n=len(outcome.open)), remedy)
