"""
`klarsyn recognise`: how much personal data stands in a file.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from klarsyn.cli.group import App

Record = tuple[int, str | None, str]  # line, field's name, text
_BATCH = 20_000


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--delimiter", default=",", help="What parts the columns of a .csv file.")
@click.option("--excerpts", default=3, help="Masked examples of each category (default: 3).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="A table of counts with masked excerpts, or counts for programs.",
)
@click.pass_obj
def command(app: App, *, file: Path, delimiter: str, excerpts: int, form: str) -> None:
    """
    Count the personal data in FILE by category, and show masked excerpts.

    A .csv file is read by the names of its columns, .jsonl by its keys, any other line by line.
    """
    from klarsyn.recognition import CATEGORIES, masked, recognise

    counts: dict[str, int] = defaultdict(int)
    shown: dict[str, list[str]] = defaultdict(list)
    records = 0
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        every = _records(stream, file.suffix.lower(), delimiter)
        while batch := list(islice(every, _BATCH)):
            records += len(batch)
            texts = [text for _, _, text in batch]
            for one in recognise(texts, field_names=[field for _, field, _ in batch]):
                counts[one.category] += 1
                if len(shown[one.category]) < excerpts:
                    excerpt = masked(texts[one.record][one.start : one.end])
                    shown[one.category].append(f"{batch[one.record][0]}: {excerpt}")
    found = {category: counts[category] for category in CATEGORIES if counts[category]}
    if form == "json":
        click.echo(json.dumps({"texts": records, "findings": found}))
        return
    say = app.voice
    click.echo(say.text("{file}: {n} texts read.", file=file.name, n=records))
    for category, n in found.items():
        click.echo(f"{n:8}  {category:<8}  {'   '.join(shown[category])}".rstrip())
    if not found:
        click.echo(
            say.text("No personal data was recognised; that is no proof of there being none.")
        )


def _records(stream: TextIO, suffix: str, delimiter: str) -> Iterator[Record]:
    if suffix == ".csv":
        rows = csv.DictReader(stream, delimiter=delimiter)
        for row in rows:
            yield from ((rows.line_num, name, value) for name, value in row.items() if _is(value))
        return
    for n, line in enumerate(stream, 1):
        if suffix == ".jsonl":
            yield from ((n, name, text) for name, text in _values(json.loads(line), None))
        elif line.strip():
            yield n, None, line.rstrip("\r\n")


def _is(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _values(value: object, name: str | None) -> Iterator[tuple[str | None, str]]:
    """Yield the strings of a JSON value, each with the key it stands under."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, name)
    elif isinstance(value, (str, int)) and str(value):
        yield name, str(value)
