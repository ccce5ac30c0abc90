"""
`klarsyn publish`: the site.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.cli.check import Day

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.cli.group import App


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--date", "on", type=Day(), help="As of this day (default: today).")
@click.pass_obj
def command(app: App, out: Path, on: date | None) -> None:
    """
    Build the site of the register in OUT.

    All of it is written, or nothing: a build that fails leaves the old site as it was.
    """
    from klarsyn.publication import publish
    from klarsyn.register import load
    from klarsyn.yamlfiles import forget_old

    register = load(app.settings.register, cache=app.settings.cache)
    forget_old(app.settings.cache)
    site = publish(register, out, app.day(on, register), cache=app.settings.cache)
    click.echo(
        app.voice.text(
            "{pages} pages published ({languages}). Open {file}",
            pages=site.pages,
            languages=", ".join(register.company.languages),
            file=str(out / "index.html"),
        )
    )
