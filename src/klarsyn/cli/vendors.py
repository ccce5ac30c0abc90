"""
`klarsyn vendors`: every vendor, and how far each job goes there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from klarsyn.cli.vendors_enable import enable
from klarsyn.cli.vendors_map import propose_map
from klarsyn.cli.vendors_show import show
from klarsyn.errors import UnknownName, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.errors import Message

JOBS = {
    "read": said("audit"),
    "find": said("find"),
    "rectify": said("rectify"),
    "erase": said("erase"),
    "deliver": said("deliver"),
}


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Print every vendor of the register and how far each job goes there."""
    if ctx.invoked_subcommand:
        return
    app: App = ctx.obj
    rows = _rows(app)
    if as_json:
        click.echo(json.dumps([_plain(row) for row in rows], indent=2, ensure_ascii=False))
        return
    say = app.voice.say
    heads = [say(said("vendor")), *map(say, JOBS.values()), say(said("connection"))]
    lines = [heads, *([name, *(say(one) for _, one in cells)] for _, name, cells in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


Row = tuple[str, str, "list[tuple[str, Message]]"]


def _rows(app: App) -> list[Row]:
    from klarsyn.cli.connected import database, state
    from klarsyn.register import load
    from klarsyn.vendors import sheet

    register = load(app.settings.register, cache=app.settings.cache)
    found: list[Row] = []
    with database(app) as storage:
        for vendor_id, vendor in register.vendors.items():
            link = vendor.connection
            try:
                jobs = sheet((link.sheet if link else None) or vendor_id).jobs
                cells = [(jobs[one].depth.value, DEPTHS[jobs[one].depth.value]) for one in JOBS]
            except UnknownName:
                cells = [("", said("?"))] * len(JOBS)
            found.append((vendor_id, vendor.name, [*cells, state(register, vendor_id, storage)]))
    return found


DEPTHS = {
    "full": said("full"),
    "partial": said("in part"),
    "manual": said("by hand"),
    "none": said("none"),
}


def _plain(row: Row) -> dict[str, str]:
    vendor_id, name, cells = row
    words = dict(zip([*JOBS, "connection"], (word for word, _ in cells), strict=True))
    return {"id": vendor_id, "name": name, **words}


command.add_command(show)
command.add_command(propose_map)
command.add_command(enable)
