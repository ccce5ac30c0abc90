"""
Evernote's export files (.enex), written as the desktop program writes them, in any size.

Elements and attributes are those of the vendor's evernote-export4 document type; their order is
that of version 10 of the program. Like it, an export holds no trash, no versions, no tag that no
note has, and not with whom a notebook is shared.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from klarsyn.testing.standins import evernote_enml as enml
from klarsyn.testing.standins.evernote_account import Account, data
from klarsyn.testing.standins.evernote_wire import Struct, new

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">\n'
    '<en-export export-date="{date}" application="Evernote" version="10.100.0">\n'
)
_END = b"</en-export>\n"
_PLACES = (("latitude", "latitude"), ("longitude", "longitude"), ("altitude", "altitude"))
_OF_A_NOTE = (
    ("subjectDate", "subject-date"),
    *_PLACES,
    ("author", "author"),
    ("source", "source"),
    ("sourceURL", "source-url"),
    ("sourceApplication", "source-application"),
    ("reminderOrder", "reminder-order"),
    ("reminderTime", "reminder-time"),
    ("reminderDoneTime", "reminder-done-time"),
    ("placeName", "place-name"),
    ("contentClass", "content-class"),
)
_OF_A_RESOURCE = (
    ("sourceURL", "source-url"),
    ("timestamp", "timestamp"),
    *_PLACES,
    ("cameraMake", "camera-make"),
    ("cameraModel", "camera-model"),
    ("recoType", "reco-type"),
    ("fileName", "file-name"),
    ("attachment", "attachment"),
)
_INSTANTS = frozenset({"subjectDate", "reminderTime", "reminderDoneTime", "timestamp"})
#: Whole lines of base64: 57 bytes make one of 76 characters.
_SLICE = 57 * 1024
_FILLER = 5 * _SLICE


def write(out: BinaryIO, account: Account, *, notebook: str | None = None, size: int = 0) -> int:
    """
    Write the notes of an account, or of one notebook by its guid; return how many.

    Notes about nobody, each with a file of 290 kB, stand in the middle until the export has at
    least `size` bytes. Memory stays that of one note, whatever the size.
    """
    kept = account.notes.values()
    notes = [one for one in kept if one.active and notebook in {None, one.notebookGuid}]
    middle = len(notes) // 2
    written = out.write(_HEAD.format(date=_date(account.now())).encode())
    written += _put(out, account, notes[:middle])
    before, after = _filler(account)
    added = 0
    while written < size:
        added += 1
        written += out.write(b"%b%d%b" % (before, added, after))
    _put(out, account, notes[middle:])
    out.write(_END)
    return len(notes) + added


def _put(out: BinaryIO, account: Account, notes: Iterable[Struct]) -> int:
    """Write notes and return how many bytes they took."""
    parts = (part for note in notes for part in _note(note, account.tag_names(note)))
    return sum(out.write(part) for part in parts)


def _filler(account: Account) -> tuple[bytes, bytes]:
    """Return a note about nobody: what comes before the number in its title, and after it."""
    body = hashlib.shake_256(b"filler").digest(_FILLER)
    resource = new(
        "Resource",
        data=data(body),
        mime="application/octet-stream",
        attributes=new("ResourceAttributes", fileName="avlasning.bin", attachment=True),
    )
    note = new(
        "Note",
        title="Avläsning {}",
        content=enml.note(*["Temperatur och tryck avlästa, inget att anmärka."] * 40),
        created=account.now(),
        updated=account.now(),
        attributes=new("NoteAttributes"),
        resources=[resource],
    )
    before, after = b"".join(_note(note, [])).split(b"{}")
    return before, after


# One note


def _note(note: Struct, tags: list[str]) -> Iterator[bytes]:
    """Yield a note in pieces, none much larger than its text or one slice of a file."""
    parts = [
        "  <note>\n",
        _element("title", note.title),
        _element("created", _date(note.created)),
        _element("updated", _date(note.updated)),
        *(_element("tag", name) for name in tags),
        _attributes("note-attributes", note.attributes, _OF_A_NOTE),
        f"    <content>\n      {_cdata(note.content)}    </content>\n",
    ]
    yield "".join(parts).encode()
    for resource in note.resources or ():
        yield from _resource(resource)
    yield b"  </note>\n"


def _resource(resource: Struct) -> Iterator[bytes]:
    yield b'    <resource>\n      <data encoding="base64">\n'
    body = memoryview(resource.data.body)
    for start in range(0, len(body), _SLICE):
        yield base64.encodebytes(body[start : start + _SLICE])
    parts = ["      </data>\n", _element("mime", resource.mime)]
    sizes = {"width": resource.width, "height": resource.height}
    parts += [_element(name, str(size)) for name, size in sizes.items() if size is not None]
    if resource.recognition is not None:
        text = resource.recognition.body.decode()
        parts.append(f"      <recognition>{_cdata(text)}      </recognition>\n")
    parts.append(_attributes("resource-attributes", resource.attributes, _OF_A_RESOURCE))
    yield "".join(parts).encode()
    yield b"    </resource>\n"


def _attributes(name: str, held: Struct, known: tuple[tuple[str, str], ...]) -> str:
    """Return the attributes that are set, and what applications put beside them."""
    parts = []
    for field, element in known:
        value = getattr(held, field)
        if value is not None:
            parts.append(_element(element, _text(field, value)))
    entries = held.applicationData.fullMap if held.applicationData is not None else None
    for key, value in (entries or {}).items():
        parts.append(
            f'    <application-data key="{html.escape(key)}">{_plain(value)}</application-data>\n'
        )
    return f"    <{name}>\n{''.join(parts)}    </{name}>\n"


def _text(field: str, value: object) -> str:
    """Return a value as the document type has it."""
    if field in _INSTANTS and isinstance(value, int):
        return _date(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _element(name: str, text: str) -> str:
    return f"    <{name}>{_plain(text)}</{name}>\n"


def _plain(text: str) -> str:
    return html.escape(text, quote=False)


def _cdata(text: str) -> str:
    """Return a text that may itself hold the end of such a section."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>\n"


def _date(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
