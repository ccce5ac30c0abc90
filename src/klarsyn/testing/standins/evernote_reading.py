"""
How Evernote shows an account: notes without their contents, chunks by number, pages of a search.
"""

from __future__ import annotations

import copy
import re
from heapq import nsmallest
from typing import Any
from zoneinfo import ZoneInfo

from klarsyn.testing.standins import evernote_enml as enml
from klarsyn.testing.standins import evernote_search as search
from klarsyn.testing.standins.evernote_account import Account
from klarsyn.testing.standins.evernote_wire import Code, Struct, missing, new, refused

#: Limits.thrift.
QUERY_LENGTH = 1024
NOTES_MAX = 100_000
NOTE_SIZE = 209_715_200
_SORTED_BY = {1: "created", 2: "updated", 4: "updateSequenceNum", 5: "title"}


# One note


def note(kept: Struct, spec: Struct) -> Struct:
    """Return a note with what a NoteResultSpec asks for, and nothing more."""
    shown = copy.copy(kept)
    shown.content = kept.content if spec.includeContent else None
    shown.attributes = _attributes(kept.attributes, values=bool(spec.includeNoteAppDataValues))
    shown.resources = [resource(one, spec) for one in kept.resources or ()] or None
    shown.sharedNotes = kept.sharedNotes if spec.includeSharedNotes else None
    if spec.includeAccountLimits:
        shown.limits = new(
            "NoteLimits",
            noteResourceCountMax=1000,
            uploadLimit=10_737_418_240,
            resourceSizeMax=NOTE_SIZE,
            noteSizeMax=NOTE_SIZE,
            uploaded=0,
        )
    return shown


def resource(kept: Struct, spec: Struct) -> Struct:
    """Return a resource with the bodies that a NoteResultSpec asks for."""
    shown = copy.copy(kept)
    shown.data = _body(kept.data, wanted=bool(spec.includeResourcesData))
    shown.recognition = _body(kept.recognition, wanted=bool(spec.includeResourcesRecognition))
    shown.alternateData = _body(kept.alternateData, wanted=bool(spec.includeResourcesAlternateData))
    values = bool(spec.includeResourceAppDataValues)
    shown.attributes = _attributes(kept.attributes, values=values)
    return shown


def plain(kept: Struct) -> str:
    """Return the text of a note's content."""
    return enml.text(kept.content)


def recognised(kept: Struct) -> str:
    """Return the text that was recognised in a note's pictures."""
    bodies = [one.recognition.body for one in kept.resources or () if one.recognition]
    return " ".join(re.sub(r"<[^>]*>", " ", body.decode()) for body in bodies)


def search_text(kept: Struct, *, note_only: bool, tokens: bool) -> str:
    """Return what search reads of a note and its pictures, raw or as words."""
    text = plain(kept) if note_only else f"{plain(kept)}\n{recognised(kept)}".strip()
    return " ".join(search.words(text)) if tokens else text


def _body(kept: Struct | None, *, wanted: bool) -> Struct | None:
    if kept is None or wanted:
        return kept
    return new("Data", bodyHash=kept.bodyHash, size=kept.size)


def _attributes(kept: Struct | None, *, values: bool) -> Struct | None:
    """Return attributes; the entries of applicationData by name only, unless they are wanted."""
    if kept is None or kept.applicationData is None or values:
        return kept
    shown = copy.copy(kept)
    shown.applicationData = new("LazyMap", keysOnly=list(kept.applicationData.fullMap or ()))
    return shown


# Everything, by number


def chunk(account: Account, after: int, most: int, wanted: Struct) -> Struct:
    """Return what was changed after a number, at most so many entries."""
    if after < 0:
        raise refused(Code.BAD_DATA_FORMAT, "afterUSN")
    if most < 1:
        raise refused(Code.BAD_DATA_FORMAT, "maxEntries")
    if wanted.notebookGuids and wanted.includeExpunged:
        raise refused(Code.DATA_CONFLICT, "SyncChunkFilter.notebookGuids")
    entries = [one for one in _entries(account, wanted) if one[0] > after]
    shown = nsmallest(most, entries, key=lambda entry: entry[0])
    found: dict[str, list[Any]] = {}
    for _, kind, thing in shown:
        found.setdefault(kind, []).append(_synced(kind, thing, wanted))
    return new(
        "SyncChunk",
        currentTime=account.now(),
        chunkHighUSN=shown[-1][0] if shown else None,
        updateCount=account.usn,
        **found,
    )


def _entries(account: Account, wanted: Struct) -> list[tuple[int, str, Any]]:
    """Return everything that a filter lets through, with its number and the list it goes to."""
    found: list[tuple[int, str, Any]] = []
    notes = [one for one in account.notes.values() if _synchronised(one, wanted)]
    if wanted.includeNotes:
        found += [(one.updateSequenceNum, "notes", one) for one in notes]
    if wanted.includeNotebooks:
        books = [one for one in account.notebooks.values() if _within(one.guid, wanted)]
        found += [(one.updateSequenceNum, "notebooks", one) for one in books]
    if wanted.includeTags:
        found += [(one.updateSequenceNum, "tags", one) for one in account.tags.values()]
    if wanted.includeResources:
        held = [one for kept in notes for one in kept.resources or ()]
        found += [(one.updateSequenceNum, "resources", one) for one in held]
    if wanted.includeNotes and wanted.includeExpunged:
        found += [(usn, "expungedNotes", guid) for guid, usn in account.expunged.items()]
    return found


def _within(notebook: str, wanted: Struct) -> bool:
    return not wanted.notebookGuids or notebook in wanted.notebookGuids


def _synchronised(kept: Struct, wanted: Struct) -> bool:
    """Return whether a note is in the notebooks, and of the class, that a filter names."""
    needed = wanted.requireNoteContentClass
    actual = kept.attributes.contentClass or ""
    fits = not needed or (
        actual.startswith(needed[:-1]) if needed.endswith("*") else actual == needed
    )
    return fits and _within(kept.notebookGuid, wanted)


def _synced(kind: str, thing: Any, wanted: Struct) -> Any:
    """Return an entry of a chunk with what the filter includes."""
    if kind == "notes":
        spec = new(
            "NoteResultSpec",
            includeSharedNotes=wanted.includeSharedNotes,
            includeNoteAppDataValues=wanted.includeNoteApplicationDataFullMap,
            includeResourceAppDataValues=wanted.includeNoteResourceApplicationDataFullMap,
        )
        shown = note(thing, spec)
        shown.resources = shown.resources if wanted.includeNoteResources else None
        shown.attributes = shown.attributes if wanted.includeNoteAttributes else None
        return shown
    if kind == "resources":
        values = wanted.includeResourceApplicationDataFullMap
        return resource(thing, new("NoteResultSpec", includeResourceAppDataValues=values))
    if kind == "notebooks" and wanted.omitSharedNotebooks:
        shown = copy.copy(thing)
        shown.sharedNotebooks = shown.sharedNotebookIds = None
        return shown
    return thing


# A search


def page(account: Account, asked: Struct, bounds: tuple[int, int, int], spec: Struct) -> Struct:
    """Return one page of the notes that a filter finds; bounds are offset, most, and the cap."""
    offset, most, cap = bounds
    for name, number in (("offset", offset), ("maxNotes", most)):
        if not 0 <= number <= NOTES_MAX:
            raise refused(Code.BAD_DATA_FORMAT, name)
    found = _found(account, asked)
    words = search.searched_words(asked.words or "")
    return new(
        "NotesMetadataList",
        startIndex=offset,
        totalNotes=len(found),
        notes=[_metadata(one, spec) for one in found[offset : offset + min(most, cap)]],
        searchedWords=words or None,
        updateCount=account.usn,
    )


def _found(account: Account, asked: Struct) -> list[Struct]:
    words = asked.words or ""
    if len(words) > QUERY_LENGTH:
        raise refused(Code.BAD_DATA_FORMAT, "NoteFilter.words")
    if asked.notebookGuid is not None and asked.notebookGuid not in account.notebooks:
        raise missing("Notebook.guid", asked.notebookGuid)
    zone = ZoneInfo(asked.timeZone or "UTC")
    moment = search.Moment(account.clock.now(), zone, account.words_are_prefixes)
    matches = search.query(words, moment)
    found = [
        one
        for one in account.notes.values()
        if bool(one.active) is not bool(asked.inactive)
        and asked.notebookGuid in {None, one.notebookGuid}
        and set(asked.tagGuids or ()) <= set(one.tagGuids or ())
        and (not words or matches(_indexed(account, one)))
    ]
    by = _SORTED_BY.get(asked.order or 1, "updated")
    return sorted(found, key=lambda one: getattr(one, by), reverse=not asked.ascending)


def _indexed(account: Account, kept: Struct) -> search.Indexed:
    """Return what search knows of a note: names of files only where fileName: asks for them."""
    tags = account.tag_names(kept)
    title = search.words(kept.title)
    texts = [plain(kept), recognised(kept), *tags]
    attributes: dict[str, tuple[object, ...]] = {
        "created": (kept.created,),
        "updated": (kept.updated,),
        "resource": tuple(one.mime for one in kept.resources or ()),
    }
    for holder in (kept, *(kept.resources or ())):
        for name, value in vars(holder.attributes).items():
            if isinstance(value, str | int | float):
                attributes[name] = (*attributes.get(name, ()), value)
    return search.Indexed(
        title=title,
        texts=(title, *map(search.words, texts)),
        notebook=account.notebooks[kept.notebookGuid].name,
        tags=tuple(tags),
        attributes=attributes,
    )


def _metadata(kept: Struct, spec: Struct) -> Struct:
    """Return a note's NoteMetadata with what is asked for; without a wish only the guid."""
    largest = max(kept.resources or (), key=lambda one: one.data.size, default=None)
    values = {**vars(kept), "attributes": _attributes(kept.attributes, values=False)}
    if largest is not None:
        values |= {"largestResourceMime": largest.mime, "largestResourceSize": largest.data.size}
    wishes = [wish.removeprefix("include") for wish, wanted in vars(spec).items() if wanted]
    fields = [wish[0].lower() + wish[1:] for wish in wishes]
    return new("NoteMetadata", guid=kept.guid, **{one: values.get(one) for one in fields})
