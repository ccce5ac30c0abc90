"""
Starting a delivery as durable work, and following it to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from klarsyn.errors import WorkRefused, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.disclosure.plans.plan import VendorPlan
    from klarsyn.durable import Engine, State

_DIGITS = 12
"""Of a digest, in the id of a run."""


def began(opened: Engine[Any], plan: VendorPlan) -> str:
    """Start what was planned for a vendor, once while it runs, and return the id of the run."""
    from klarsyn.disclosure.delivering import deliver

    number = 0
    while True:
        number += 1
        run = f"deliver:{plan.vendor}:{plan.digest[:_DIGITS]}:{number}"
        if opened.start(deliver, run, lane=plan.vendor, vendor=plan.vendor, digest=plan.digest):
            return run
        if not (state := opened.state(run)).ended:
            raise _under_way(state)


def finish_earlier(app: App, opened: Engine[Any], vendors: Sequence[str]) -> None:
    """
    End what an earlier run left at these vendors, whose worker died.

    WorkRefused, which names it, where a worker lives that carries it.
    """
    from klarsyn.disclosure.delivering import deliver, resume

    names = {deliver.full_name, resume.full_name}
    earlier = [one for one in opened.unfinished() if one.lane in vendors and one.name in names]
    if earlier and opened.has_worker():
        raise _under_way(earlier[0])
    for one in earlier:
        told = said("Not ended, and goes on before anything is planned: {run}.", run=one.run)
        click.echo(app.voice.say(told), err=True)
    list(follow(app, opened, [one.run for one in earlier]))


def _under_way(state: State) -> WorkRefused:
    return WorkRefused(
        said("Under way at {vendor} already: {run}.", vendor=state.lane, run=state.run),
        said("Wait for its end; `klarsyn deliver status {vendor}`.", vendor=state.lane),
    )


def follow(app: App, opened: Engine[Any], runs: Sequence[str]) -> Iterator[State]:
    """Yield each run when all have ended, in the order of their ends; be the worker if need be."""
    left, ended = list(runs), []

    def over() -> bool:
        for run in left[:]:
            if (state := opened.state(run)).ended:
                left.remove(run)
                ended.append(state)
                if left:
                    told = said(
                        "{vendor} has ended; {count} to go.", vendor=state.lane, count=len(left)
                    )
                    click.echo(app.voice.say(told), err=True)
        return not left

    try:
        while not over():
            if opened.has_worker():
                opened.wait(left[0], 1)
            else:
                opened.work(over)
    except KeyboardInterrupt:
        told = said("Nothing is lost: `klarsyn work`, or the same command again, goes on with it.")
        click.echo(app.voice.say(told), err=True)
        raise
    return iter(ended)
