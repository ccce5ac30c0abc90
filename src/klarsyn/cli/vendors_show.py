"""
`klarsyn vendors show NAME`: a fact sheet in words.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.vendors.sheet import Vendor


@click.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def show(app: App, name: str, *, as_json: bool) -> None:
    """Print what a vendor can hold, how far each job goes, and what nobody has confirmed."""
    from klarsyn.vendors import sheet

    vendor = sheet(name)
    if as_json:
        click.echo(json.dumps(_plain(vendor), indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(vendor, app)))


def _lines(vendor: Vendor, app: App) -> Iterator[str]:
    from klarsyn.cli.vendors import DEPTHS, JOBS

    say = app.voice.say
    anything = say(said("anything"))
    yield f"{vendor.name}  {vendor.api.reference} ({vendor.api.read_on})"
    for job, how_far in vendor.jobs.items():
        note = f": {say(how_far.note)}" if how_far.note else ""
        yield f"  {say(JOBS[job]):<12} {say(DEPTHS[how_far.depth.value])}{note}"
    for record in vendor.records:
        yield ""
        yield f"{record.name} ({say(record.about)})"
        for element in record.elements:
            yield f"  {record.name}.{element.name:<24} {', '.join(element.paths)}"
        for one in record.open_fields:
            yield f"  {record.name}.{one:<24} {anything}"
    for head, told in (
        (
            said("Keys and settings"),
            [f"{one.name}: {say(one.what)}" for one in vendor.api.settings],
        ),
        (said("Not seen by any audit"), [say(one) for one in vendor.unseen]),
        (said("Confirmed by nobody"), [say(one.what) for one in vendor.assumptions]),
    ):
        if told:
            yield from ("", say(head), *(f"  {one}" for one in told))


def _plain(vendor: Vendor) -> dict[str, Any]:
    return {
        "id": vendor.id,
        "name": vendor.name,
        "reference": vendor.api.reference,
        "read_on": vendor.api.read_on,
        "jobs": {job: how_far.depth.value for job, how_far in vendor.jobs.items()},
        "records": [
            {
                "name": record.name,
                "elements": {one.name: list(one.paths) for one in record.elements},
                "open_fields": list(record.open_fields),
            }
            for record in vendor.records
        ],
        "settings": [{"name": one.name, "secret": one.secret} for one in vendor.api.settings],
        "unseen": [str(one) for one in vendor.unseen],
        "unverified": [str(one.what) for one in vendor.assumptions],
    }
