"""
`klarsyn deliver settle VENDOR`: somebody looked, and says whether what is unknown arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from klarsyn.errors import UnknownName, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.cli.deliver_books import Books
    from klarsyn.cli.group import App
    from klarsyn.people.ledger import Change

TRIED_AGAIN: Final = said("somebody looked: it has not arrived")


@click.command("settle")
@click.argument("name", metavar="VENDOR")
@click.argument("subjects", nargs=-1, metavar="[SUBJECT]...")
@click.option("--arrived", "has_arrived", flag_value="yes", help="They arrived, or were removed.")
@click.option("--not-arrived", "has_arrived", flag_value="no", help="They did not: try again.")
@click.pass_obj
def settle(app: App, name: str, subjects: tuple[str, ...], *, has_arrived: str | None) -> None:
    """
    Say what became of people of whom nobody knows whether they arrived at VENDOR, or were removed.

    Of each SUBJECT that `deliver status VENDOR` names, or of all. It is recorded who said so.
    """
    from klarsyn.cli.acting import acting
    from klarsyn.cli.deliver_books import books

    if has_arrived is None:
        raise click.UsageError(app.voice.text("Say --arrived or --not-arrived."))
    with books(app) as found:
        vendor = found.named(name)
        chosen = _chosen(found, vendor, subjects)
        by = acting(app, found.users, "work")
        for subject, change in chosen.items():
            _settled(found, vendor, subject, change, by, arrived=has_arrived == "yes")
        if chosen and has_arrived == "no":
            found.resume_soon(vendor)
    click.echo(app.voice.say(said("Settled: {count}.", count=len(chosen))))


def _chosen(found: Books, vendor: str, subjects: Sequence[str]) -> dict[str, Change]:
    changes = {one.person: one for one in found.ledger.all(vendor, "unknown")}
    names = found.journal.subjects.of(changes)
    by_subject = {names[person]: change for person, change in changes.items()}
    for one in subjects:
        if one not in by_subject:
            raise UnknownName(
                said("Nothing is unknown of {subject}.", subject=one),
                said("See `klarsyn deliver status {vendor}`.", vendor=vendor),
            )
    return {one: by_subject[one] for one in subjects or by_subject}


def _settled(
    found: Books, vendor: str, subject: str, change: Change, by: str, *, arrived: bool
) -> None:
    """Keep the decision and its entry in the journal together."""
    outcome = "removed" if change.kind == "remove" else "arrived"
    with found.storage.transaction():
        if arrived:
            found.ledger.finish(vendor, change)
        else:
            found.ledger.postpone(vendor, change.person, "waiting", TRIED_AGAIN)
        found.journal.append(
            f"{change.run}:settled:{subject}:{change.attempts}",
            "delivery.settled",
            vendor=vendor,
            by=by,
            facts={"run": change.run},
            people=[(subject, {"outcome": outcome if arrived else f"not-{outcome}"})],
        )
