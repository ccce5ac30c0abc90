"""
Evernote by its exports: the files (.enex) that a colleague saves from the desktop program.

For companies without a token, which the vendor no longer issues. From the vendor's document type
evernote-export4, read on 2026-11-22; nothing was tried with a present program.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from klarsyn.errors import said
from klarsyn.transport.enex import Note, enex_notes
from klarsyn.vendors.evernote import ANYWHERE, CONTENT, NUMBERS
from klarsyn.vendors.sheet import (
    Api,
    Assumption,
    Connection,
    Depth,
    Grade,
    HowFar,
    NoAuth,
    Places,
    Record,
    Setting,
    Vendor,
)

api = Api(
    protocol="files",
    base="",
    hosts=(),
    auth=NoAuth(),
    settings=(Setting("exports", said("an exported file, or the folder that holds them")),),
    reference="http://xml.evernote.com/pub/evernote-export4.dtd",
    read_on="2026-11-22",
)


def exported(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield every note of every export; the program writes one file a notebook."""
    path = Path(connection.settings["exports"])
    files = sorted(path.glob("*.enex")) if path.is_dir() else [path]
    for number, file in enumerate(files, 1):
        for one in enex_notes(file):
            yield [as_read(one, f"{number}:{one.line}")]


def as_read(one: Note, key: str) -> dict[str, Any]:
    """Return a note in the form in which the API shows it; its key is file and line."""
    attributes = {NAMES.get(name, name): value for name, value in one.attributes.items()}
    files = [
        {"attributes": {"fileName": file.name, "sourceURL": file.source}, "text": file.text}
        for file in one.resources
    ]
    return {
        "guid": key,
        "title": one.title,
        "text": one.text,
        "attributes": attributes,
        "tagNames": list(one.tags),
        "tasks": list(one.tasks),
        "resources": files,
        "recognised": " ".join(file.seen for file in one.resources),
    }


NAMES = {"source-url": "sourceURL", "place-name": "placeName"}
"""The format's names of the attributes that are elements."""

note = Record(
    name="note",
    about=said("whoever colleagues have written about"),
    read=exported,
    key="guid",
    elements=CONTENT,
    open_fields=ANYWHERE,
    ignored=(*NUMBERS, "attributes.reminder-order"),
)

BY_HAND = said("a person does it in Evernote, and empties the trash there")

evernote_enex = Vendor(
    id="evernote-enex",
    name="Evernote (exports)",
    api=api,
    records=(note,),
    read=HowFar(Depth.FULL, said("as it was on the day of the export")),
    find=HowFar(Depth.FULL, said("as it was on the day of the export")),
    rectify=HowFar(Depth.MANUAL, BY_HAND),
    erase=HowFar(Depth.MANUAL, BY_HAND),
    deliver=HowFar(Depth.NONE, said("nothing about customers belongs there")),
    unseen=(
        said("notebooks that nobody has exported"),
        said("the trash, older versions, and with whom notebooks are shared"),
        said("tags that no note has, names of notebooks, and saved searches"),
        said("passages that somebody has encrypted"),
        said("files that are neither text (up to 1 MB) nor picture"),
    ),
    assumptions=(
        Assumption(said("tasks and recognised words stand in exports of version 10"), Grade.THIRD),
    ),
)
