"""
Export files: what stands in them, and that they grow without memory growing.
"""

import base64
import io
import tracemalloc
from xml.parsers import expat

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins import enex
from klarsyn.testing.standins import evernote_enml as enml
from klarsyn.testing.standins.evernote import EvernoteStandIn
from klarsyn.testing.standins.evernote_wire import new


@pytest.fixture
def account():
    """An account with people in it."""
    return EvernoteStandIn(clock=StillClock()).account


class Reading:
    """The elements of an export as texts, by name, read by expat as they come."""

    def __init__(self):
        self.texts = {}
        self.attributes = []
        self._open = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._more

    def _start(self, name, attributes):
        self._open.append([])
        self.attributes.append((name, attributes))

    def _more(self, text):
        self._open[-1].append(text)

    def _end(self, name):
        text = "".join(self._open.pop())
        self.texts.setdefault(name, []).append(text.strip() if name == "content" else text)


def written(account, **options):
    """Return an export, and what is read out of it."""
    out = io.BytesIO()
    count = enex.write(out, account, **options)
    reading = Reading()
    reading.parser.Parse(out.getvalue(), True)
    assert count == len(reading.texts.get("note", []))
    return out.getvalue(), reading


def test_export_holds_every_note_but_the_trash(account):
    """
    Titles, contents and tags are those of the account's active notes.
    """
    content, reading = written(account)
    active = [note for note in account.notes.values() if note.active]

    assert [note.title for note in active] == reading.texts["title"]
    assert [note.content for note in active] == reading.texts["content"]
    assert [name for note in active for name in account.tag_names(note)] == reading.texts["tag"]
    assert b"evernote-export4.dtd" in content
    assert {"20261126T090000Z"} == set(reading.texts["created"]) | set(reading.texts["updated"])


def test_files_and_attributes_are_whole(account):
    """
    Bodies come back from base64, attributes by the document type's names.
    """
    _, reading = written(account)
    bodies = [base64.b64decode(one) for one in reading.texts["data"]]
    held = [one for note in account.notes.values() for one in note.resources or ()]

    assert [one.data.body for one in held] == bodies
    assert [one.attributes.fileName for one in held] == reading.texts["file-name"]
    assert ["true"] == reading.texts["attachment"]
    assert "20261127T090000Z" == reading.texts["reminder-time"][0]
    assert reading.texts["source-url"][0].startswith("mailto:")
    assert ("application-data", {"key": "crm"}) in reading.attributes
    assert "<recoIndex>" in reading.texts["recognition"][0]
    assert (["8"], ["8"]) == (reading.texts["width"], reading.texts["height"])


def test_text_that_looks_like_the_end_survives(account):
    """
    A content with ]]> in it, and a title with an ampersand, are read as they were.
    """
    account.notes.clear()
    content = enml.note("HERE").replace("HERE", "<![CDATA[<&]]>")
    account.create(new("Note", title="R&D <b>", content=content))
    _, reading = written(account)

    assert (["R&D <b>"], [content]) == (reading.texts["title"], reading.texts["content"])


def test_one_notebook(account):
    """
    The desktop program exports a notebook a file.
    """
    shared = next(guid for guid, one in account.notebooks.items() if one.sharedNotebooks)

    assert ["Möte"] == written(account, notebook=shared)[1].texts["title"]
    assert b"</en-export>" in written(account, notebook="none")[0]


def test_export_grows_to_a_size(account):
    """
    Notes about nobody stand between the account's own, each with another title.
    """
    content, reading = written(account, size=1_000_000)
    titles = reading.texts["title"]
    filler = [title for title in titles if title.startswith("Avläsning")]

    assert 1_000_000 <= len(content) < 1_500_000
    assert [f"Avläsning {number}" for number in range(1, len(filler) + 1)] == filler
    assert titles[0] not in filler
    assert titles[-1] not in filler
    assert 291_840 == max(len(base64.b64decode(one)) for one in reading.texts["data"])


class Counting(io.BytesIO):
    """A file that keeps only its length."""

    length = 0

    def write(self, part):
        """Count."""
        self.length += len(part)
        return len(part)


def test_memory_does_not_grow_with_the_file(account):
    """
    A file of 200 MB takes less than 4 MB of memory.
    """
    out = Counting()
    tracemalloc.start()
    enex.write(out, account, size=200_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert out.length >= 200_000_000
    assert peak < 4_000_000
