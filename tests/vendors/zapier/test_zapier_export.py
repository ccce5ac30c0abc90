"""
What is special about Zapier's export: runs are not in it, and nobody says that they are.
"""

import json
import zipfile
from pathlib import Path

import pytest

from klarsyn.testing.clock import StillClock
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import Coverage, read
from klarsyn.vendors.sheet import Level
from klarsyn.vendors.zapier_export import PAGES, ZAPS, zapier_export
from tests.vendors.trials import ZAPIER_EXPORT
from tests.vendors.zapier_accounts import ZapierExports


def everything(**settings):
    """Return all records of an export by kind, and what was not read."""
    coverage = Coverage()
    with Connection("zapier-export", zapier_export.api, settings) as opened:
        found = {
            record.name: [seen for page in read(opened, record, coverage) for seen in page]
            for record in zapier_export.records
        }
    return found, coverage


def packed(path, **entries):
    """Write an export with other entries; a name's last `_` stands for a dot."""
    whole = {ZAPS[0]: '{"zaps": []}', ZAPS[1]: '{"zaps": []}', PAGES: "name,url\n"}
    whole |= {".".join(name.rsplit("_", 1)): text for name, text in entries.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in whole.items():
            if text is not None:
                archive.writestr(name, text)
    return {"export": str(path)}


@pytest.mark.network
def test_samples_in_the_editor_are_read():
    """
    The export shows what the API does not: test data that stay until the Zap is deleted.
    """
    with ZAPIER_EXPORT.running() as running:
        person = next(one.person for one in running.standin.planted if one.place == "zap.sample")
        found = [one.seen.record.name for one in running.find(person, "email").matches]

    assert "zap" in found


@pytest.mark.network
def test_pages_that_are_not_here_are_not_covered():
    """
    The file lists where runs can be had; one page fewer than that is told.
    """
    with ZapierExports(clock=StillClock()) as standin:
        assert everything(**standin.secrets)[1].complete
        next(Path(standin.secrets["runs"]).glob("*.json")).unlink()
        found, coverage = everything(**standin.secrets)
        none, without = everything(export=standin.secrets["export"])

    assert found["run"]
    assert ["run"] == [name for name, _ in coverage.missed] == [name for name, _ in without.missed]
    assert [] == none["run"]


def test_page_of_other_things_is_looked_through(tmp_path):
    """
    What a page holds in another form than runs is read all the same.
    """
    (tmp_path / "1.json").write_text(json.dumps(["Ring til Liv Holmvik"]), encoding="utf-8")
    found, coverage = everything(**packed(tmp_path / "e.zip"), runs=str(tmp_path))

    assert coverage.complete
    assert ["Ring til Liv Holmvik"] == [text.reveal() for _, text in found["run"][0].texts()]


@pytest.mark.parametrize("content", ["[]", '{"zaps": 1}', "cut off"])
def test_zaps_of_another_form_are_not_covered(tmp_path, content):
    """
    A changed file is a part that was not read, never an account without Zaps.
    """
    _, coverage = everything(**packed(tmp_path / "e.zip", Zapfile_json=content))

    assert ["zap"] == [name for name, _ in coverage.missed]


def test_lacking_entry_is_not_covered(tmp_path):
    """
    An export without one of its two lists, or another ZIP file, is not covered.
    """
    _, half = everything(**packed(tmp_path / "e.zip", zap_data_json=None))
    _, other = everything(**packed(tmp_path / "f.zip", Zapfile_json=None))

    assert ["zap"] == [name for name, _ in half.missed]
    assert ["zap", "run", "other"] == [name for name, _ in other.missed]


def test_entry_of_no_known_kind_is_told(tmp_path):
    """
    What nobody knows how to read is counted as not read.
    """
    found, coverage = everything(**packed(tmp_path / "e.zip", notes_html="<p>Hej</p>"))

    assert ["notes.html"] == [one.key for one in found["other"]]
    assert [1] == [count for _, count in coverage.unread.values()]


@pytest.mark.network
def test_erasure_is_a_persons():
    """
    The file is a copy: what is to go is deleted in Zapier.
    """
    with ZAPIER_EXPORT.running() as running:
        target = running.find(running.standin.people[0], "email").matches[0].target
        with running.open(Purpose.ERASE) as connection:
            erased = jobs.erase(connection, target)

    assert ("refused", Level.MANUAL) == (erased.state, erased.level)
