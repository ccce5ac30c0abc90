"""
`klarsyn deliver pause|resume|retry VENDOR`: nothing for now, again, and what was refused once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from klarsyn.cli.deliver_books import Books
    from klarsyn.cli.group import App


@click.command("pause")
@click.argument("name", metavar="VENDOR")
@click.option("--why", required=True, metavar="TEXT", help="The reason, without anybody's data.")
@click.pass_obj
def pause(app: App, name: str, *, why: str) -> None:
    """Send nothing to VENDOR for now; what is under way stops after the step that it is in."""
    from klarsyn.cli.acting import acting
    from klarsyn.cli.deliver_books import books

    with books(app) as found:
        vendor = found.named(name)
        by = acting(app, found.users, "work")
        with found.storage.transaction():
            found.pauses.pause(vendor, by, said("{text}", text=why))
            _record(found, vendor, "delivery.paused", by)
    click.echo(app.voice.say(said("Nothing is sent to {vendor} for now.", vendor=vendor)))


@click.command("resume")
@click.argument("name", metavar="VENDOR")
@click.pass_obj
def resume(app: App, name: str) -> None:
    """Send to VENDOR again; a worker goes on with what waits."""
    from klarsyn.cli.acting import acting
    from klarsyn.cli.deliver_books import books

    with books(app) as found:
        vendor = found.named(name)
        by = acting(app, found.users, "work")
        with found.storage.transaction():
            if was := found.pauses.resume(vendor):
                _record(found, vendor, "delivery.resumed", by)
                found.resume_soon(vendor)
    told = (
        said("{vendor} is sent to again, by `klarsyn work`.", vendor=vendor)
        if was
        else said("{vendor} was not paused.", vendor=vendor)
    )
    click.echo(app.voice.say(told))


@click.command("retry")
@click.argument("name", metavar="VENDOR")
@click.pass_obj
def retry(app: App, name: str) -> None:
    """Try again what VENDOR refused to the end; it was mended there, or at the source."""
    from klarsyn.cli.acting import acting
    from klarsyn.cli.deliver_books import books

    with books(app) as found:
        vendor = found.named(name)
        by = acting(app, found.users, "work")
        with found.storage.transaction():
            people = [row[0] for row in found.storage.run("revive_changes", vendor=vendor)]
            found.letters.drop(vendor, people)  # type: ignore[arg-type]
            if people:
                found.resume_soon(vendor)
                _record(found, vendor, "delivery.retried", by, people=len(people))
    told = said("{count} people are tried again, by `klarsyn work`.", count=len(people))
    click.echo(app.voice.say(told))


def _record(found: Books, vendor: str, kind: str, by: str, **facts: int) -> None:
    """Note who decided it, in the journal; each time is another."""
    key = f"{kind}:{vendor}:{int(found.clock.now().timestamp() * 1000)}"
    found.journal.append(key, kind, vendor=vendor, by=by, facts=facts)
