"""
`klarsyn deliver plan`: what would be sent where, in numbers; nothing is sent or stored.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.errors import CallRefused, ChangesFound, UnknownName, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.disclosure.around import Around
    from klarsyn.disclosure.plans.plan import Plan

_FILE = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.command("plan")
@click.argument("names", nargs=-1, metavar="[VENDOR]...")
@click.option("--out", type=_FILE, help="Write the plan for `deliver apply` and for review.")
@click.option("--markdown", type=_FILE, help="Write it as Markdown, for a pull request.")
@click.option("--exit-code", is_flag=True, help="Exit with 3 if there is anything to do.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def plan(
    app: App,
    names: tuple[str, ...],
    *,
    out: Path | None,
    markdown: Path | None,
    exit_code: bool,
    as_json: bool,
) -> None:
    """
    Print what would be created, updated, cleared and removed at each vendor, and what would not.

    Without VENDOR at all that have `deliver:` in the register. No value of anybody is printed.
    """
    from klarsyn.cli.connected import database
    from klarsyn.cli.deliver_shown import lines
    from klarsyn.cli.working import present
    from klarsyn.disclosure.plans import words
    from klarsyn.disclosure.plans.markdown import as_markdown
    from klarsyn.disclosure.plans.planning import make

    say = app.voice.say
    with database(app, make=True) as storage:
        assert storage  # noqa: S101  (it was to be made)
        around = present(app, storage)
        made = make(around, chosen(around, names))
    plain = json.dumps(made.to_json(), indent=2, ensure_ascii=False) + "\n"
    if out:
        out.write_text(plain, encoding="utf-8")
    if markdown:
        markdown.write_text(as_markdown(made, around.limits, say), encoding="utf-8")
    if as_json:
        click.echo(plain, nl=False)
    else:
        click.echo("\n".join(lines(made, around.limits, say)))
    for message in words.tables(around.calculated):
        click.echo(say(message), err=True)
    _end(made, exit_code=exit_code)


def _concerned(around: Around, vendor: str) -> bool:
    """Return whether a vendor is sent anything, or has ended and holds something still."""
    from klarsyn.disclosure.plans.ending import has_ended

    if around.register.vendors[vendor].deliver:
        return True
    return has_ended(around.register, vendor) and around.ledger.count(vendor) > 0


def chosen(around: Around, names: Sequence[str]) -> list[str]:
    """Return the vendors that are meant; UnknownName for one that the register does not have."""
    known = around.register.vendors
    for name in names:
        if name not in known:
            raise UnknownName(
                said("the register has no vendor '{name}'", name=name),
                said("there are {names}", names=list(known)),
            )
    found = list(names) or [one for one in known if _concerned(around, one)]
    if not found:
        raise CallRefused(
            said("No vendor of the register has `deliver:`, so nothing is sent anywhere."),
            said("Write it into a vendor's file: see docs, Deliver data."),
        )
    return found


def _end(made: Plan, *, exit_code: bool) -> None:
    if exit_code and not made.empty:
        raise ChangesFound(said("Changes: {n}.", n=sum(one.people for one in made.vendors)))
