"""
Evernote by its exports: the same notes, without a key and without anybody being asked.
"""

import pytest

from klarsyn.errors import FileRefused
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors import evernote, jobs
from klarsyn.vendors.evernote_enex import evernote_enex, note
from klarsyn.vendors.reading import Coverage, read
from klarsyn.vendors.sheet import Level
from tests.vendors.trials import EVERNOTE, EVERNOTE_ENEX

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">
<en-export export-date="20261126T090000Z" application="Evernote" version="10.100.0">
<note><title>Lapp</title><content><![CDATA[<en-note><b>An</b>na</en-note>]]></content>
<tag>offert</tag><note-attributes><source-url>mailto:anna@example.org</source-url>
<place-name>Nordenby</place-name><latitude>55.5</latitude></note-attributes>
<task><title>Ring Anna</title></task>
<resource><mime>text/plain</mime><data encoding="base64">QW5uYSBCZXJn</data>
<resource-attributes><file-name>anna.txt</file-name></resource-attributes></resource>
</note></en-export>
"""


@pytest.fixture
def export(tmp_path):
    """An export of one note."""
    path = tmp_path / "a.enex"
    path.write_text(EXPORT, encoding="utf-8")
    return path


def exported(path, coverage=None):
    """Return what is read of an export, or of a folder."""
    settings = {"exports": str(path)}
    with Connection("evernote-enex", evernote_enex.api, settings) as connection:
        return [one for page in read(connection, note, coverage) for one in page]


def test_note_is_read_as_by_the_api(export):
    """
    The same elements and open fields, whatever the format calls them.
    """
    (seen,) = exported(export)
    texts = {path: text.reveal() for path, text in seen.texts()}
    values = {name: value.reveal() for name, value in seen.values().items()}

    source = {"source": "mailto:anna@example.org", "place": "Nordenby"}
    assert {"title": "Lapp", "text": "Anna", **source} == values
    assert {"attributes.latitude", "tagNames[]", "tasks[]"} <= set(texts)
    assert "anna.txt" == texts["resources[].attributes.fileName"]
    assert "Anna Berg" == texts["resources[].text"]
    assert "1:4" == seen.key


def test_folder_is_read_file_by_file(export):
    """
    The program writes one file a notebook; what is no export beside them is left alone.
    """
    for name in ("b.enex", "c.txt"):
        export.with_name(name).write_text(EXPORT, encoding="utf-8")

    assert ["1:4", "2:4"] == [one.key for one in exported(export.parent)]


def test_damaged_export_is_named(export):
    """
    What could not be read is a finding, and what came before it is kept.
    """
    coverage = Coverage()
    export.write_text(EXPORT.replace("</en-export>", "<note>"), encoding="utf-8")

    assert 1 == len(exported(export, coverage))
    assert ["note"] == [name for name, _ in coverage.missed]


def test_missing_export_is_told(tmp_path):
    """
    A path at which there is nothing is no empty account.
    """
    with pytest.raises(FileRefused, match="cannot be opened"):
        exported(tmp_path / "a.enex")


@pytest.mark.parametrize("purpose", [Purpose.ERASE, Purpose.RECTIFY])
def test_person_does_the_rest(export, purpose):
    """
    A file cannot be written back, so a person is asked.
    """
    (seen,) = exported(export)
    settings = {"exports": str(export)}
    with Connection("evernote-enex", evernote_enex.api, settings, purpose=purpose) as connection:
        if purpose is Purpose.ERASE:
            outcome = jobs.erase(connection, seen.target)
        else:
            outcome = jobs.rectify(connection, seen.target, {"title": "Ny"})

    assert Level.MANUAL is outcome.level
    assert evernote_enex.erase.note


@pytest.mark.network
def test_both_ways_find_the_same():
    """
    What an export holds is found in it by the same words as by the API.
    """
    with EVERNOTE.running() as running, EVERNOTE_ENEX.running() as exports:
        for person in running.standin.people[:8]:
            found = running.find(person, "name", thorough=True).matches
            kept = {
                one.seen.raw["title"]
                for one in found
                if one.seen.record is evernote.note and one.seen.raw["active"]
            }
            also = exports.find(person, "name", thorough=True).matches
            assert kept == {one.seen.raw["title"] for one in also}
