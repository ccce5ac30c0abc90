"""
`klarsyn deliver apply`: carries out what was planned, where it is still what would be done.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.cli.deliver_ends import End
from klarsyn.cli.deliver_told import close, told
from klarsyn.errors import PlanRefused, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.disclosure.plans.plan import Plan


@click.command("apply")
@click.argument("given", nargs=-1, metavar="[PLAN.json | VENDOR...]")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def apply(app: App, given: tuple[str, ...], *, as_json: bool) -> None:
    """
    Plan again, and send it; of a PLAN that was written down exactly that, or nothing.

    What is larger than `ceilings:` in klarsyn.yaml waits for `klarsyn approve`; apply it again
    then. It becomes the worker where none lives, else it follows. Ctrl-C loses nothing.
    """
    from klarsyn.cli.deliver_followed import began, finish_earlier, follow
    from klarsyn.cli.deliver_plan import chosen
    from klarsyn.cli.deliver_shown import overview
    from klarsyn.cli.deliver_shut import shut
    from klarsyn.cli.working import engine
    from klarsyn.disclosure.plans.planning import make
    from klarsyn.disclosure.telling.status import Standing

    say = app.voice.say
    written = _written(given)
    with engine(app) as (opened, present):
        around = present()
        vendors = chosen(around, given if written is None else list(written))
        finish_earlier(app, opened, vendors)
        made = make(around, vendors)
        _refuse_other(made, written)
        if not as_json:
            click.echo("\n".join([*overview(made, say), ""]))
        ends = {one.vendor: end for one in made.vendors if (end := shut(app, around, one))}
        runs = {began(opened, one): one.vendor for one in made.vendors if one.vendor not in ends}
        for state in follow(app, opened, list(runs)):
            vendor = runs[state.run]
            ends[vendor] = End.of(vendor, state)
        standing = Standing(around.storage, around.clock, around.keys)
        found = [ends[one].with_status(standing.at(one)) for one in vendors]
    if as_json:
        click.echo(json.dumps([one.plain(say) for one in found], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(line for one in found for line in told(one, say)))
    close(found)


def _written(given: Sequence[str]) -> dict[str, str] | None:
    """Return the digests of a plan that was written down; None where vendors are named."""
    from klarsyn.disclosure.plans.plan import digests

    if len(given) != 1 or not Path(given[0]).is_file():
        return None
    return digests(Path(given[0]).read_bytes())


def _refuse_other(made: Plan, written: dict[str, str] | None) -> None:
    """Refuse where another change set would be carried out than the one that was looked at."""
    if written is None:
        return
    other = [one.vendor for one in made.vendors if one.digest != written[one.vendor]]
    if other:
        raise PlanRefused(
            said("The plan is not what would be done now, at: {vendors}.", vendors=other),
            said("Nothing was sent. Plan again: `klarsyn deliver plan --out plan.json`."),
        )
