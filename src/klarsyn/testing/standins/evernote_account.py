"""
One person's Evernote: notebooks, tags, notes, what was in them before, and the trash.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Sequence

from klarsyn.clock import Clock
from klarsyn.testing.standins import evernote_enml as enml
from klarsyn.testing.standins.evernote_wire import Code, Struct, missing, new, refused

#: Limits.thrift: title, content, tag name and attribute.
TITLE_LENGTH = 255
CONTENT_LENGTH = 5_242_880
TAG_LENGTH = 100
ATTRIBUTE_LENGTH = 4096
TAGS_A_NOTE = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MIME = re.compile(r"[A-Za-z]+/[A-Za-z0-9._+-]+")


class Account:
    """What the service keeps of one person; every change takes the next update sequence number."""

    def __init__(self, clock: Clock, user_id: int = 4711) -> None:
        """Begin with one notebook, the default one."""
        self.clock = clock
        self.user_id = user_id
        self.usn = 0
        self.notes: dict[str, Struct] = {}
        """By guid, those in the trash too, with contents and bodies."""
        self.versions: dict[str, list[tuple[int, Struct]]] = {}
        """By guid of the note: when it was kept, and the note as it was; the oldest first."""
        self.notebooks: dict[str, Struct] = {}
        self.tags: dict[str, Struct] = {}
        self.expunged: dict[str, int] = {}
        """Guids of notes that are gone for good, with the number that their end took."""
        self.words_are_prefixes = True
        """The fact sheet's reading of search; the vendor's own page has them whole."""
        self._guids = 0
        self.opened = self.now()
        self.default = self.add_notebook("Anteckningar", default=True)

    # What a person does in the vendor's own programs

    def now(self) -> int:
        """Return the instant in milliseconds; the service is precise to the second."""
        return int(self.clock.now().timestamp()) * 1000

    def add_notebook(self, name: str, *, default: bool = False) -> str:
        """Add a notebook and return its guid."""
        now = self.now()
        notebook = new(
            "Notebook",
            guid=self.new_guid(),
            name=name,
            updateSequenceNum=self.next(),
            defaultNotebook=default,
            serviceCreated=now,
            serviceUpdated=now,
            published=False,
        )
        self.notebooks[notebook.guid] = notebook
        return str(notebook.guid)

    def share_notebook(self, guid: str, email: str) -> Struct:
        """Invite somebody to read a notebook by e-mail; nobody is mailed."""
        notebook = self.notebooks[guid]
        shares = list(notebook.sharedNotebooks or ())
        number = 1 + sum(len(one.sharedNotebooks or ()) for one in self.notebooks.values())
        share = new(
            "SharedNotebook",
            id=number,
            userId=self.user_id,
            notebookGuid=guid,
            email=email,
            notebookModifiable=False,
            serviceCreated=self.now(),
            serviceUpdated=self.now(),
            globalId=self.new_guid(),
            privilege=0,
            sharerUserId=self.user_id,
        )
        notebook.sharedNotebooks = [*shares, share]
        notebook.sharedNotebookIds = [one.id for one in notebook.sharedNotebooks]
        notebook.updateSequenceNum = self.next()
        return share

    def empty_trash(self) -> list[str]:
        """Expunge what is in the trash, as only a person can; return the guids."""
        gone = [guid for guid, note in self.notes.items() if not note.active]
        for guid in gone:
            del self.notes[guid]
            self.versions.pop(guid, None)
            self.expunged[guid] = self.next()
        return gone

    # What the service does when it is called

    def note(self, guid: str | None) -> Struct:
        """Return a note as it is kept, in the trash or not."""
        if not guid:
            raise refused(Code.BAD_DATA_FORMAT, "Note.guid")
        if guid not in self.notes:
            raise missing("Note.guid", guid)
        return self.notes[guid]

    def resource(self, guid: str | None) -> Struct:
        """Return a resource as it is kept."""
        if not guid:
            raise refused(Code.BAD_DATA_FORMAT, "Resource.guid")
        for note in self.notes.values():
            for resource in note.resources or ():
                if resource.guid == guid:
                    return resource
        raise missing("Resource.guid", guid)

    def create(self, asked: Struct) -> Struct:
        """Keep a new note; a guid that the client gives is not used."""
        _check(asked)
        if asked.content is None:
            raise refused(Code.BAD_DATA_FORMAT, "Note.content")
        notebook = self._notebook(asked.notebookGuid) or self.default
        tags = self._tags(asked)
        now = self.now()
        note = new(
            "Note",
            guid=self.new_guid(),
            created=asked.created if asked.created is not None else now,
            updated=asked.updated if asked.updated is not None else now,
            active=True,
            notebookGuid=notebook,
            attributes=new("NoteAttributes"),
        )
        self._write(note, asked, tags)
        self.notes[note.guid] = note
        if asked.active is False:
            self._trash(note, asked.deleted)
        return note

    def update(self, asked: Struct) -> Struct:
        """Change what is set of a note and keep what was; resources and content are replaced."""
        note = self.note(asked.guid)
        _check(asked)
        if asked.deleted is not None and asked.active is not False and note.active:
            raise refused(Code.DATA_CONFLICT, "Note.deleted")
        notebook = self._notebook(asked.notebookGuid)
        before = copy.deepcopy(note)
        self._write(note, asked, self._tags(asked))
        if (before.title, before.content, before.resources) != (
            note.title,
            note.content,
            note.resources,
        ):
            self.versions.setdefault(note.guid, []).append((self.now(), before))
        note.notebookGuid = notebook or note.notebookGuid
        note.created = asked.created if asked.created is not None else note.created
        note.updated = asked.updated if asked.updated is not None else self.now()
        if asked.active is False:
            self._trash(note, asked.deleted)
        elif asked.active:
            note.active, note.deleted = True, None
        return note

    def update_if(self, asked: Struct) -> tuple[Struct, bool]:
        """Change a note that nobody has changed since; return it and whether it was changed."""
        note = self.note(asked.guid)
        if not asked.updateSequenceNum:
            raise refused(Code.DATA_REQUIRED, "Note.updateSequenceNum")
        if asked.updateSequenceNum > note.updateSequenceNum:
            raise refused(Code.BAD_DATA_FORMAT, "Note.updateSequenceNum")
        if asked.updateSequenceNum < note.updateSequenceNum:
            return note, False
        return self.update(asked), True

    def delete(self, guid: str | None) -> int:
        """Move a note to the trash and return the number that it took."""
        note = self.note(guid)
        if not note.active:
            raise refused(Code.DATA_CONFLICT, "Note.guid")
        self._trash(note, None)
        note.updateSequenceNum = self.next()
        return int(note.updateSequenceNum)

    def history(self, guid: str | None) -> list[tuple[int, Struct]]:
        """Return the versions of a note before this one, the newest first."""
        if not guid:
            raise refused(Code.DATA_REQUIRED, "Note.guid")
        return self.versions.get(self.note(guid).guid, [])[::-1]

    def tag_names(self, note: Struct) -> list[str]:
        """Return the names of a note's tags."""
        return [str(self.tags[guid].name) for guid in note.tagGuids or ()]

    # How it does it

    def next(self) -> int:
        """Take the next update sequence number."""
        self.usn += 1
        return self.usn

    def new_guid(self) -> str:
        """Return a guid that nothing has; the same ones each time."""
        self._guids += 1
        return f"6b6c6172-7379-4e00-8000-{self._guids:012x}"

    def _trash(self, note: Struct, when: int | None) -> None:
        note.active = False
        note.deleted = when if when is not None else self.now()

    def _notebook(self, guid: str | None) -> str | None:
        if guid is not None and guid not in self.notebooks:
            raise missing("Note.notebookGuid", guid)
        return guid

    def _tags(self, asked: Struct) -> list[str] | None:
        """Return the guids of the tags that are asked for; names make tags where there are none."""
        if asked.tagGuids is None and asked.tagNames is None:
            return None
        for guid in asked.tagGuids or ():
            if guid not in self.tags:
                raise missing("Note.tagGuids", guid)
        names = asked.tagNames or ()
        if len(names) + len(asked.tagGuids or ()) > TAGS_A_NOTE:
            raise refused(Code.LIMIT_REACHED, "Note.tagGuids")
        for name in names:
            if not 0 < len(name) <= TAG_LENGTH or name != name.strip() or "," in name:
                raise refused(Code.BAD_DATA_FORMAT, "Tag.name")
        return list(dict.fromkeys([*(asked.tagGuids or ()), *map(self._tag, names)]))

    def _tag(self, name: str) -> str:
        for guid, tag in self.tags.items():
            if tag.name.casefold() == name.casefold():
                return guid
        guid = self.new_guid()
        self.tags[guid] = new("Tag", guid=guid, name=name, updateSequenceNum=self.next())
        return guid

    def _write(self, note: Struct, asked: Struct, tags: list[str] | None) -> None:
        """Put what is set into a note, and number it anew."""
        resources = None if asked.resources is None else _resources(self, note, asked.resources)
        note.title = asked.title
        if asked.content is not None:
            note.content = asked.content
            note.contentHash = md5(asked.content.encode())
            note.contentLength = len(asked.content)
        if resources is not None:
            note.resources = resources or None
        if tags is not None:
            note.tagGuids = tags or None
        if asked.attributes is not None:
            self._write_attributes(note, asked.attributes)
        note.updateSequenceNum = self.next()

    def _write_attributes(self, note: Struct, asked: Struct) -> None:
        before = note.attributes
        after = copy.copy(asked)
        after.shareDate = before.shareDate
        if asked.applicationData is None or asked.applicationData.fullMap is None:
            after.applicationData = before.applicationData
        reminds = after.reminderTime is not None or after.reminderDoneTime is not None
        if reminds and after.reminderOrder is None:
            after.reminderOrder = self.now()
        note.attributes = after


def md5(body: bytes) -> bytes:
    """Return the hash by which the service names a body."""
    return hashlib.md5(body, usedforsecurity=False).digest()


def data(body: bytes) -> Struct:
    """Return a body with its size and hash."""
    return new("Data", bodyHash=md5(body), size=len(body), body=body)


def _check(asked: Struct) -> None:
    """Refuse a note whose title, content or attributes the service would not take."""
    title = asked.title or ""
    if not 0 < len(title) <= TITLE_LENGTH or title != title.strip() or _CONTROL.search(title):
        raise refused(Code.BAD_DATA_FORMAT, "Note.title")
    if asked.content is not None:
        if len(asked.content) > CONTENT_LENGTH:
            raise refused(Code.BAD_DATA_FORMAT, "Note.content")
        try:
            enml.text(asked.content)
        except enml.Invalid as error:
            raise refused(Code.ENML_VALIDATION, str(error)) from error
    _check_strings(asked.attributes, "NoteAttribute")
    for resource in asked.resources or ():
        _check_strings(resource.attributes, "ResourceAttribute")


def _check_strings(attributes: Struct | None, name: str) -> None:
    """Refuse an attribute that is too long or holds control characters."""
    for field, value in vars(attributes).items() if attributes is not None else ():
        if isinstance(value, str) and len(value) > ATTRIBUTE_LENGTH:
            raise refused(Code.LIMIT_REACHED, f"{name}.{field}")
        if isinstance(value, str) and (not value or _CONTROL.search(value)):
            raise refused(Code.BAD_DATA_FORMAT, f"{name}s.{field}")


def _resources(account: Account, note: Struct, asked: Sequence[Struct]) -> list[Struct]:
    """Return the resources that a note shall have: those it has already, and new ones."""
    held = {one.guid: one for one in note.resources or ()}
    for one in asked:
        if one.guid not in held and (one.data is None or one.data.body is None):
            raise refused(Code.DATA_REQUIRED, "Resource.data")
        if one.guid not in held and not _MIME.fullmatch(one.mime or ""):
            raise refused(Code.BAD_DATA_FORMAT, "Resource.mime")
    return [
        _changed(account, held[one.guid], one) if one.guid in held else _new(account, note, one)
        for one in asked
    ]


def _changed(account: Account, held: Struct, asked: Struct) -> Struct:
    """Return a resource with the attributes that are asked for; its body never changes."""
    if asked.attributes is None or asked.attributes == held.attributes:
        return held
    changed = copy.copy(held)
    changed.attributes = asked.attributes
    changed.updateSequenceNum = account.next()
    return changed


def _new(account: Account, note: Struct, asked: Struct) -> Struct:
    """Return a resource that nothing held yet."""
    resource = copy.copy(asked)
    resource.guid = account.new_guid()
    resource.noteGuid = note.guid
    resource.active = True
    resource.data = data(asked.data.body)
    if asked.recognition is not None and asked.recognition.body is not None:
        resource.recognition = data(asked.recognition.body)
    resource.attributes = asked.attributes or new("ResourceAttributes")
    resource.updateSequenceNum = account.next()
    return resource
