"""
`klarsyn source check`: reads the company's own people once, and says what is wrong with the rows.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from klarsyn.errors import Message, RowsRejected, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.people.census import Census
    from klarsyn.people.rejected import Rejected, Rejections
    from klarsyn.people.source import Source


@click.group()
def command() -> None:
    """Look at the company's own people, where `source:` of klarsyn.yaml says that they stand."""


@command.command("check")
@click.option("--most", default=50, help="How many mistakes to print (default: 50).")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def check(app: App, *, most: int, as_json: bool) -> None:
    """
    Read all people and print counts: nothing is sent or stored, and no value is printed.

    Rows with mistakes are told by line and reason; then the command fails. The people in them
    are neither sent nor removed anywhere.
    """
    from klarsyn.people.census import census
    from klarsyn.people.rejected import Rejections
    from klarsyn.people.source import Source
    from klarsyn.register import load

    register = load(app.settings.register, cache=app.settings.cache)
    source, rejected = Source.of(app.settings, register), Rejections(most=most)
    found = census(source, rejected)
    if as_json:
        click.echo(json.dumps(_plain(found, source, rejected), indent=2, ensure_ascii=False))
    else:
        for one in _told(found, source, rejected):
            click.echo(app.voice.say(one))
    if rejected.rows:
        raise RowsRejected(
            said("{count} rows have mistakes.", count=rejected.rows),
            said("Mend them where they come from; nobody in them is sent or removed until then."),
        )


def _told(found: Census, source: Source, rejected: Rejections) -> Iterator[Message]:
    yield said("{count} people", count=found.people)
    for name, count in found.populations.items():
        yield said("population {name}: {count}", name=name, count=count)
    for element, count in found.values.items():
        yield said("{element}: {count} have a value", element=element, count=count)
    for element, count in found.national_ids.items():
        yield said(
            "{element}: {count} are, or may be, national ids (R90)", element=element, count=count
        )
    for name, count in found.rows.items():
        yield said("table {name}: {count} rows", name=name, count=count)
    for element in source.unmapped:
        yield said("{element} is declared as delivered and has no column", element=element)
    for one in rejected.first:
        yield _mistake(one)
    left = sum(rejected.counts.values()) - len(rejected.first)
    if left:
        yield said("... and {count} more mistakes", count=left)


def _mistake(one: Rejected) -> Message:
    place = {"file": one.source, "line": one.line, "reason": one.reason}
    if not one.column:
        return said("{file}:{line}: {reason}", **place)
    return said("{file}:{line}: {column}: {reason}", column=one.column, **place)


def _plain(found: Census, source: Source, rejected: Rejections) -> dict[str, Any]:
    return {
        **asdict(found),
        "without_column": list(source.unmapped),
        "rejected": {"rows": rejected.rows, "first": [_row(one) for one in rejected.first]},
    }


def _row(one: Rejected) -> dict[str, Any]:
    reason = str(one.reason)
    return {"file": one.source, "line": one.line, "column": one.column, "reason": reason}
