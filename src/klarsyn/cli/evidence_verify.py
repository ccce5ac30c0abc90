"""
`klarsyn evidence verify [FILE]`: every entry, every proof, every signature; nobody is called.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.errors import Message
    from klarsyn.journal import PublicKey, Verdict

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("verify")
@click.argument("file", required=False, type=_FILE)
@click.option("--key", "lines", multiple=True, help="A public key to trust; may be repeated.")
@click.option(
    "--checkpoint",
    "known",
    type=_FILE,
    multiple=True,
    help="A checkpoint that was kept; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def verify(
    app: App, file: Path | None, lines: tuple[str, ...], known: tuple[Path, ...], *, as_json: bool
) -> None:
    """
    Verify the journal, or evidence that was exported to FILE.

    By the keys of --key, else Klarsyn's own; without either, FILE is verified by the key inside it,
    which has to be compared with the one that was published. Exit code 1: something is wrong.
    """
    from klarsyn import journal
    from klarsyn.cli.recorded import kept, recorded

    trusted = [journal.PublicKey.read(one) for one in lines] or _ours(needed=file is None)
    checkpoints = [kept(one) for one in known]
    if file:
        verdict = journal.verify_file(file, trusted, checkpoints)
    else:
        with recorded(app) as storage:
            verdict = journal.verify(storage, trusted, checkpoints)
    if as_json:
        click.echo(json.dumps(_plain(verdict), indent=2, ensure_ascii=False))
    else:
        for line in _told(verdict):
            click.echo(app.voice.say(line))
    raise click.exceptions.Exit(1 if verdict.damage else 0)


def _ours(*, needed: bool) -> list[PublicKey]:
    """Return the public halves of the keys in the environment; [] where none are there."""
    from klarsyn import journal, keys

    if not needed and not {keys.VARIABLE, f"{keys.VARIABLE}_FILE"} & os.environ.keys():
        return []
    return journal.public_keys(keys.load(os.environ))


def _told(verdict: Verdict) -> Iterator[Message]:
    yield said("Entries read, and as they were written: {count}.", count=verdict.entries)
    if one := verdict.checkpoint:
        yield said("The checkpoint of {at} signs the first {size}.", at=one.at, size=one.size)
    if verdict.unsigned:
        yield said("Not signed by any checkpoint yet: {count}.", count=verdict.unsigned)
    if verdict.key:
        yield said("Public key: {key}", key=str(verdict.key))
    if verdict.own_key:
        yield said("This key came with the file: compare it with the one that was published.")
    if verdict.damage:
        yield verdict.damage.message
        if verdict.damage.remedy:
            yield verdict.damage.remedy
    else:
        yield said("Nothing is wrong.")


def _plain(verdict: Verdict) -> dict[str, object]:
    damage, checkpoint = verdict.damage, verdict.checkpoint
    return {
        "sound": damage is None,
        "entries": verdict.entries,
        "unsigned": verdict.unsigned,
        "checkpoint": checkpoint.note if checkpoint else None,
        "key": str(verdict.key) if verdict.key else None,
        "key_from_file": verdict.own_key,
        "damage": damage
        and {"number": damage.number, "what": str(damage.message), "remedy": str(damage.remedy)},
    }
