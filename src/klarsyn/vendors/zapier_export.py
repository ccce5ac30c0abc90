"""
Zapier by its export: the ZIP file that an owner gets, and the pages of runs that it leads to.

From the vendor's help page on exports, read on 2026-11-22; nothing was tried with an export of a
live account.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from klarsyn.errors import said
from klarsyn.transport.archives import Archive, open_archive
from klarsyn.transport.files import ITEM, NOT_OURS, chunks, json_items
from klarsyn.transport.files import Place as InFile
from klarsyn.vendors.sheet import (
    Api,
    Assumption,
    Connection,
    Depth,
    HowFar,
    NoAuth,
    Places,
    Record,
    Setting,
    Vendor,
)
from klarsyn.vendors.zapier import FIELDS, RUN_FIELDS

api = Api(
    protocol="files",
    base="",
    hosts=(),
    auth=NoAuth(),
    settings=(
        Setting("export", said("the path of the ZIP file")),
        Setting(
            "runs",
            said("the folder with the pages of runs (.json) that the file's list leads to"),
            required=False,
        ),
    ),
    reference="https://help.zapier.com/hc/en-us/articles/8496289406349",
    read_on="2026-11-22",
)

ZAPS, PAGES = ("Zapfile.json", "zap_data.json"), "task_history_download_urls.csv"
KNOWN = frozenset({*ZAPS, PAGES})


def opened(connection: Connection) -> Archive:
    """Open the export; a file without Zaps is none."""
    archive = open_archive(Path(connection.settings["export"]))
    if ZAPS[0] not in archive:
        archive.close()
        raise archive.place("").refused(said("it is not an export of Zapier"), NOT_OURS)
    return archive


def zaps(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield every Zap as it is run, with samples of data, and as it is edited."""
    with opened(connection) as archive:
        for name in ZAPS:
            if name not in archive:
                raise archive.place(name).refused(said("there is no such entry"), NOT_OURS)
            whole = archive.read_json(name)
            listed = whole.get("zaps") if isinstance(whole, dict) else None
            if not isinstance(listed, list):
                raise archive.place(name).refused(said("it is not a list of Zaps"), NOT_OURS)
            yield [{"key": f"{name}#{at}", "zap": one} for at, one in enumerate(listed)]


def runs(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield the runs of all pages; where fewer lie there than the export lists, say so."""
    with opened(connection) as archive:
        text = archive.read(PAGES).decode("utf-8-sig", "replace")
        listed = sum(1 for row in csv.reader(io.StringIO(text)) if row) - 1
        place = archive.place(PAGES)
    folder = connection.settings.get("runs")
    pages = sorted(Path(folder).glob("*.json")) if folder else []
    for page in pages:
        items = json_items(chunks(page), InFile(str(page)), ITEM)
        yield [one if isinstance(one, dict) else {"data_in": one} for one in items]
    if len(pages) < listed:
        what = said(
            "it lists {all} pages of runs, and {here} are here", all=listed, here=len(pages)
        )
        raise place.refused(what, said("download each page of the list into one folder"))


def others(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield the entries of no known kind, which are not read."""
    with opened(connection) as archive:
        yield [{"name": one.name} for one in archive.entries() if one.name not in KNOWN]


zap = Record(
    name="zap",
    about=said("whom somebody has written into a Zap, and samples of what went through it"),
    read=zaps,
    key="key",
    open_fields=("zap",),
)
run = Record(
    name="run",
    about=said("whoever went through a Zap in the last weeks"),
    read=runs,
    elements=FIELDS,
    open_fields=RUN_FIELDS,
)


def unread(_raw: Mapping[str, Any]) -> Any:
    """Return that nobody knows what it is."""
    return said("it is an entry of no known kind")


other = Record(
    name="other",
    about=said("whoever stands in entries of another kind"),
    read=others,
    key="name",
    unread=unread,
)

BY_HAND = said("in Zapier itself; the file is a copy, to be deleted after use")

zapier_export = Vendor(
    id="zapier-export",
    name="Zapier (export)",
    api=api,
    records=(zap, run, other),
    read=HowFar(Depth.FULL, said("as it was on the day of the export")),
    find=HowFar(Depth.FULL, said("as it was on the day of the export")),
    rectify=HowFar(Depth.MANUAL, BY_HAND),
    erase=HowFar(Depth.MANUAL, BY_HAND),
    deliver=HowFar(Depth.NONE, said("a file takes nothing; a Catch Hook does")),
    unseen=(
        said("what lies in Storage, Tables, Interfaces and Chatbots"),
        said("the apps to which a Zap passes data on"),
    ),
    assumptions=(
        Assumption(said("a page of runs is an array of the objects that the Partner API shows")),
        Assumption(said("both JSON files list the Zaps under 'zaps'")),
    ),
)
