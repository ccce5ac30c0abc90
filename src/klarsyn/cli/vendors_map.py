"""
`klarsyn vendors map NAME`: proposes the `connection` of a vendor from its live list of fields.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from klarsyn.cli.group import App
    from klarsyn.errors import Message
    from klarsyn.register.vendor import Link
    from klarsyn.vendors.proposing import Proposal

REASONS: dict[str, Message] = {
    "mapped": said("stands in the register"),
    "category": said("the same category of data; look whether it is what you mean"),
    "label": said("a field is called alike; look whether it is what you mean"),
    "": said("nothing fits; name the place, or stop declaring it"),
}


@click.command("map")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def propose_map(app: App, name: str, *, as_json: bool) -> None:
    """Propose which place at a vendor holds which data element; changes nothing."""
    from klarsyn.cli.connected import bound, database, surroundings
    from klarsyn.register import load
    from klarsyn.transport.connection import Purpose
    from klarsyn.vendors.proposing import propose

    register = load(app.settings.register, cache=app.settings.cache)
    with database(app) as storage:
        found = bound(register, name, storage)
        fields: list[tuple[str, str]] = []
        if found.vendor.fields:
            with found.open(Purpose.AUDIT, surroundings(name, storage)) as connection:
                fields = list(found.vendor.fields(connection))
    proposals = list(propose(register, found, fields))
    if as_json:
        rows = [{"element": one.element, "place": one.place, "why": one.why} for one in proposals]
        click.echo(json.dumps({"map": rows, "fields": fields}, indent=2, ensure_ascii=False))
        return
    link = register.vendors[name].connection
    click.echo("\n".join(_yaml(app, link, proposals)))
    free = [f"{place} ({label})" for place, label in fields if not _is_used(place, proposals)]
    if free:
        say = app.voice.say(said("Fields of the account that no element has:"))
        click.echo("\n".join(["", f"# {say}", *(f"#   {one}" for one in free)]))


def _is_used(place: str, proposals: Iterable[Proposal]) -> bool:
    return any(one.place == place for one in proposals)


def _yaml(app: App, link: Link | None, proposals: Iterable[Proposal]) -> Iterator[str]:
    """Yield the lines to put into the vendor's file; what is open is commented out."""
    yield "connection:"
    if link and link.sheet:
        yield f"  sheet: {link.sheet}"
    if link and link.settings:
        yield "  settings:"
        yield from (f"    {key}: {json.dumps(value)}" for key, value in link.settings.items())
    yield "  map:"
    for one in proposals:
        why = app.voice.say(REASONS[one.why])
        line = f"{one.element}: {one.place}"
        yield f"    {line}  # {why}" if one.place else f"    # {one.element}: ...  # {why}"
