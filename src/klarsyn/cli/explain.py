"""
`klarsyn explain`: why a finding matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from klarsyn.errors import UnknownName, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App


@click.command()
@click.argument("name", metavar="ID")
@click.pass_obj
def command(app: App, name: str) -> None:
    """
    Tell why a finding matters and what to do about it.

    ID is a finding (role-missing), a requirement (R82) or a defect first seen (D24).
    """
    import difflib

    from klarsyn.publication.words import SEVERITIES
    from klarsyn.register import RULES, lookup

    rules = lookup(name)
    if not rules:
        near = difflib.get_close_matches(name, RULES, n=1)
        remedy = (
            said("Did you mean {name}?", name=near[0])
            if near
            else said("`klarsyn check` prints the ids that are open.")
        )
        raise UnknownName(said("There is no finding called {name}.", name=name), remedy)
    speak = app.voice
    for number, rule in enumerate(rules):
        if number:
            click.echo()
        click.secho(f"{rule.id}: {speak.text(rule.title)}", bold=True)
        about = [rule.requirement, speak.text(SEVERITIES[rule.severity])]
        click.echo("  " + " · ".join([*about, rule.seen_as] if rule.seen_as else about))
        click.echo(click.wrap_text(speak.text(rule.why), 90, "  ", "  "))
        click.echo(click.wrap_text(f"→ {speak.text(rule.remedy)}", 90, "  ", "    "))
