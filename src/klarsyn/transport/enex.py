"""
ENEX, the export of Evernote's desktop programs, read note by note.

An export holds the notes of a notebook with their files inline, and can be larger than memory: of
a file only its name, kind and size are kept, and its text where it is text and not too long. The
document type that Evernote names is not fetched; a document that declares anything is refused.
"""

from __future__ import annotations

import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers import expat

import msgspec

from klarsyn.errors import FileRefused, Message, said
from klarsyn.transport.enml import LAST, plain_text, refuse_declarations
from klarsyn.transport.files import AGAIN, HARMFUL, NOT_OURS, Place, chunks

#: Characters of one note, without its files. Evernote itself takes 5 MB of content.
_NOTE = 16 << 20
#: The longest text that is taken out of a file in a note, in bytes.
_TEXT = 1 << 20
#: Expat holds a tag until it ends; no tag of an export comes near this.
_TAG = 1 << 20
_ELEMENTS = 100_000  # of one note
_NAMES = 500  # of elements and attributes; expat remembers each. The format has about 60.
_DEPTH = 32
_NOT_DATA = "\n \t\r="  # of base64
_GUESS = re.compile(r"<t\b[^<>]*>([^<>]*)</t>")


class Resource(msgspec.Struct, frozen=True):
    """A file in a note. `text` is None where it is no text, is too long, or is damaged."""

    name: str
    mime: str
    size: int
    source: str
    text: str | None
    seen: str  #: words that Evernote recognised in a picture, its best guess of each


class Note(msgspec.Struct, frozen=True):
    """
    A note as exported. Instants are None where the export has none that can be read.

    `attributes` bears the names of the format: author, source, source-url, latitude, place-name.
    """

    title: str
    text: str
    whole: bool  #: whether the markup was; the text of broken markup is complete but has no lines
    created: datetime | None
    updated: datetime | None
    tags: tuple[str, ...]
    attributes: dict[str, str]
    tasks: tuple[str, ...]  #: titles of tasks
    resources: tuple[Resource, ...]
    line: int  #: where it begins in the file


def enex_notes(path: Path) -> Iterator[Note]:
    """Return the notes of an export, one after the other, in constant memory."""
    return read_notes(chunks(path), Place(str(path)))


def read_notes(pieces: Iterable[bytes], place: Place) -> Iterator[Note]:
    """Return the notes of an export that comes in pieces; where it is cut makes no difference."""
    reader = _Reader(place)
    fed = 0
    for piece in pieces:
        fed += len(piece)
        yield from reader.read(piece)
        if fed - reader.parser.CurrentByteIndex > _TAG + len(piece):
            raise reader.refused(said("it holds a tag without an end"), NOT_OURS)
    yield from reader.read(b"", last=LAST)


class _Open:
    """A note or a file in it that has begun."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.texts: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.tags: list[str] = []
        self.tasks: list[str] = []
        self.resources: list[Resource] = []
        self.size = 0


class _Reader:
    """What expat calls: it keeps the open note and hands out the closed ones."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._closed: list[Note] = []
        self._path: list[str] = []
        self._names: set[str] = set()
        self._note = self._resource = _Open(0)
        self._pieces: list[str] = []
        self._kept = self._elements = self._encoded = 0
        self._key = ""
        #: What happens where an element ends, by its parent's name and its own.
        self._ends: dict[tuple[str, str], Callable[[str], None]] = {
            ("note", "tag"): self._end_tag,
            ("task", "title"): self._end_task,
            ("resource", "data"): self._end_data,
            ("note", "resource"): self._end_resource,
            ("en-export", "note"): self._end_note,
        }
        self.parser = expat.ParserCreate("utf-8", intern=None)
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 16
        refuse_declarations(self.parser, place)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.SkippedEntityHandler = self._named

    def read(self, piece: bytes, *, last: bool = False) -> Iterator[Note]:
        """Read on and return the notes that end; those before a mistake come before its error."""
        refusal = None
        try:
            self.parser.Parse(piece, last)
        except expat.ExpatError as error:
            what = said("it is not whole XML ({reason})", reason=_reason(error))
            refusal = self._refused_at(error.lineno, what, AGAIN)
        except FileRefused as error:
            refusal = error
        notes, self._closed = self._closed, []
        yield from notes
        if refusal:
            raise refusal

    def refused(self, what: Message, remedy: Message = HARMFUL) -> FileRefused:
        """Return the error to raise about what is being read."""
        return self._refused_at(self.parser.CurrentLineNumber, what, remedy)

    def _refused_at(self, line: int, what: Message, remedy: Message) -> FileRefused:
        byte = max(0, self.parser.CurrentByteIndex)  # -1 in an empty file
        at = said("line {line}, byte {byte}", line=line, byte=byte)
        return self._place.at(at).refused(what, remedy)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path and name != "en-export":
            raise self.refused(said("it is not an export of Evernote"), NOT_OURS)
        self._path.append(name)
        self._names.add(name)
        self._names.update(attributes)
        self._pieces.clear()
        self._encoded = 0
        self._key = attributes.get("key", "")
        if name == "note":
            self._note = _Open(self.parser.CurrentLineNumber)
            self._kept = self._elements = 0
        elif name == "resource":
            self._resource = _Open(self.parser.CurrentLineNumber)
        self._elements += 1
        if len(self._names) > _NAMES or len(self._path) > _DEPTH or self._elements > _ELEMENTS:
            raise self.refused(said("it has more elements than an export has"))

    def _text(self, text: str) -> None:
        if self._path[-1] != "data":
            self._keep(len(text))
            self._pieces.append(text)
            return
        self._encoded += len(text) - sum(map(text.count, _NOT_DATA))
        # The kind of a file comes after it, so what is short is kept until then.
        if self._encoded * 3 // 4 <= _TEXT:
            self._pieces.append(text)
        else:
            self._pieces.clear()

    def _named(self, name: str, _is_parameter: int) -> None:
        # A name of HTML, which other programs write as if the DTD had it.
        self._text(html.unescape(f"&{name};"))

    def _keep(self, length: int) -> None:
        self._kept += length
        if self._kept > _NOTE:
            raise self.refused(said("a note has more than {number} characters", number=_NOTE))

    def _end(self, name: str) -> None:
        text = unicodedata.normalize("NFC", "".join(self._pieces))
        self._pieces.clear()
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if end := self._ends.get((parent, name)):
            end(text)
        elif parent == "note-attributes":
            self._note.attributes[f"{name}:{self._key}" if self._key else name] = text
        elif parent in {"resource", "resource-attributes"}:
            self._resource.texts[name] = text
        elif parent == "note":
            self._note.texts[name] = text

    def _end_tag(self, text: str) -> None:
        self._note.tags.append(text)

    def _end_task(self, text: str) -> None:
        self._note.tasks.append(text)

    def _end_data(self, text: str) -> None:
        self._resource.size = self._encoded * 3 // 4
        self._resource.texts["data"] = text

    def _end_resource(self, _text: str) -> None:
        resource = _resource(self._resource)
        self._keep(len(resource.text or ""))
        self._note.resources.append(resource)
        self._resource = _Open(0)

    def _end_note(self, _text: str) -> None:
        texts = self._note.texts
        at = said("line {line}", line=self._note.line)
        text, whole = plain_text(texts.get("content", ""), self._place.at(at))
        self._closed.append(
            Note(
                title=texts.get("title", ""),
                text=unicodedata.normalize("NFC", text),
                whole=whole,
                created=_instant(texts.get("created", "")),
                updated=_instant(texts.get("updated", "")),
                tags=tuple(self._note.tags),
                attributes=self._note.attributes,
                tasks=tuple(self._note.tasks),
                resources=tuple(self._note.resources),
                line=self._note.line,
            )
        )
        self._note = _Open(0)
        self._kept = self._elements = 0


def _resource(found: _Open) -> Resource:
    texts = found.texts
    mime = texts.get("mime", "")
    return Resource(
        name=texts.get("file-name", ""),
        mime=mime,
        size=found.size,
        source=texts.get("source-url", ""),
        text=_decoded(texts.get("data", "")) if mime.startswith("text/") else None,
        seen=_seen(texts.get("recognition", "")),
    )


def _decoded(encoded: str) -> str | None:
    """Return the text of a file; one that is not UTF-8 is taken for Windows' Western European."""
    try:
        content = binascii.a2b_base64(encoded)
    except ValueError:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return unicodedata.normalize("NFC", text) or None


def _seen(recognition: str) -> str:
    """Return the first guess of every word that was recognised in a picture."""
    items = recognition.split("<item")[1:]
    guesses = (_GUESS.search(item) for item in items)
    return " ".join(html.unescape(guess[1]) for guess in guesses if guess)


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _reason(error: expat.ExpatError) -> str:
    """Return expat's sentence for the kind of mistake, which holds nothing of the file."""
    return expat.ErrorString(error.code) or ""
