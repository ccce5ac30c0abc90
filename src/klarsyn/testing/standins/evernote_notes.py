"""
Evernote's NoteStore: what each of its methods does with the account.
"""

from __future__ import annotations

from typing import ClassVar

from klarsyn.testing.standins import evernote_reading
from klarsyn.testing.standins.evernote_account import Account
from klarsyn.testing.standins.evernote_wire import Code, Struct, missing, new, refused


class NoteStore:
    """The methods, named as Python would; their arguments come as on the wire, less the token."""

    account: Account

    chunk_cap: ClassVar[int] = 256
    """Entries of a chunk (from evernote-backup's source; the IDL names none)."""
    page_cap: ClassVar[int] = 250
    """Notes of a page of findNotesMetadata (NoteStore.thrift)."""
    premium: ClassVar[bool] = True
    """Only such an account shows the versions of a note."""

    # Reading

    def get_sync_state(self) -> Struct:
        """Return the highest number so far."""
        opened = self.account.opened
        return new(
            "SyncState",
            currentTime=self.account.now(),
            fullSyncBefore=opened,
            updateCount=self.account.usn,
            uploaded=0,
            userLastUpdated=opened,
        )

    def get_filtered_sync_chunk(self, after: int, most: int, wanted: Struct) -> Struct:
        """Return what has changed after a number."""
        return evernote_reading.chunk(
            self.account,
            after or 0,
            min(most or 0, self.chunk_cap),
            wanted or new("SyncChunkFilter"),
        )

    def list_notebooks(self) -> list[Struct]:
        """Return every notebook, with whom it is shared."""
        return list(self.account.notebooks.values())

    def list_tags(self) -> list[Struct]:
        """Return every tag."""
        return list(self.account.tags.values())

    def list_shared_notebooks(self) -> list[Struct]:
        """Return with whom notebooks are shared."""
        books = self.account.notebooks.values()
        return [share for book in books for share in book.sharedNotebooks or ()]

    def find_notes_metadata(self, wanted: Struct, offset: int, most: int, spec: Struct) -> Struct:
        """Return a page of what a search finds."""
        bounds = (offset or 0, most or 0, self.page_cap)
        spec = spec or new("NotesMetadataResultSpec")
        return evernote_reading.page(self.account, wanted or new("NoteFilter"), bounds, spec)

    def get_note_with_result_spec(self, guid: str, spec: Struct) -> Struct:
        """Return a note with what is asked for."""
        return evernote_reading.note(self.account.note(guid), spec or new("NoteResultSpec"))

    def get_note(self, guid: str, *included: bool) -> Struct:
        """Return a note; never with whom it is shared."""
        names = ("Content", "ResourcesData", "ResourcesRecognition", "ResourcesAlternateData")
        wishes = {f"include{name}": wish for name, wish in zip(names, included, strict=True)}
        return self.get_note_with_result_spec(guid, new("NoteResultSpec", **wishes))

    def get_note_search_text(self, guid: str, *wishes: bool) -> str:
        """Return the text of a note: without its pictures', as words."""
        note_only, tokens = wishes
        note = self.account.note(guid)
        return evernote_reading.search_text(note, note_only=note_only, tokens=tokens)

    def get_note_tag_names(self, guid: str) -> list[str]:
        """Return the names of a note's tags."""
        return self.account.tag_names(self.account.note(guid))

    def get_resource(self, guid: str, *wishes: bool) -> Struct:
        """Return a resource: with its body, recognised text, attributes, and other form."""
        body, recognition, attributes, alternate = wishes
        spec = new(
            "NoteResultSpec",
            includeResourcesData=body,
            includeResourcesRecognition=recognition,
            includeResourcesAlternateData=alternate,
        )
        shown = evernote_reading.resource(self.account.resource(guid), spec)
        shown.attributes = shown.attributes if attributes else None
        return shown

    def list_note_versions(self, guid: str) -> list[Struct]:
        """Return what a note was before, the newest first."""
        return [
            new(
                "NoteVersionId",
                updateSequenceNum=note.updateSequenceNum,
                updated=note.updated,
                saved=saved,
                title=note.title,
            )
            for saved, note in self._history(guid)
        ]

    def get_note_version(self, guid: str, usn: int, *wishes: bool) -> Struct:
        """Return a note as it was when its number was that."""
        for _, note in self._history(guid):
            if note.updateSequenceNum == usn:
                names = ("Data", "Recognition", "AlternateData")
                pairs = zip(names, wishes, strict=True)
                asked = {f"includeResources{name}": wish for name, wish in pairs}
                spec = new("NoteResultSpec", includeContent=True, **asked)
                return evernote_reading.note(note, spec)
        raise missing("Note.updateSequenceNumber", str(usn))

    def _history(self, guid: str) -> list[tuple[int, Struct]]:
        if not self.premium:
            # That such an account is refused so is not verified.
            raise refused(Code.PERMISSION_DENIED, "Note")
        return self.account.history(guid)

    # Writing

    def create_note(self, note: Struct) -> Struct:
        """Keep a new note."""
        return self._shown(self.account.create(note))

    def update_note(self, note: Struct) -> Struct:
        """Change a note."""
        return self._shown(self.account.update(note))

    def update_note_if_usn_matches(self, note: Struct) -> Struct:
        """Change a note unless somebody else has."""
        kept, updated = self.account.update_if(note)
        return new("UpdateNoteIfUsnMatchesResult", note=self._shown(kept), updated=updated)

    def delete_note(self, guid: str) -> int:
        """Move a note to the trash."""
        return self.account.delete(guid)

    def expunge_note(self, guid: str) -> int:
        """Refuse: third parties may not."""
        del guid
        raise refused(Code.PERMISSION_DENIED, "Note")

    def _shown(self, note: Struct) -> Struct:
        return evernote_reading.note(note, new("NoteResultSpec"))
