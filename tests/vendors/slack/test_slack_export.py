"""
What is special about Slack's export: it is a file, and it holds what no token sees.
"""

import json
import zipfile

import pytest

from klarsyn.testing.clock import StillClock
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import Coverage, read
from klarsyn.vendors.sheet import Level
from klarsyn.vendors.slack import slack
from klarsyn.vendors.slack_export import BATCH, slack_export
from tests.vendors.slack_exports import SlackExports
from tests.vendors.trials import SLACK_EXPORT


def everything(path):
    """Return all records of an export by kind, and what was not read."""
    coverage = Coverage()
    settings = {"export": str(path)}
    with Connection("slack-export", slack_export.api, settings, purpose=Purpose.AUDIT) as opened:
        found = {
            record.name: [seen for page in read(opened, record, coverage) for seen in page]
            for record in slack_export.records
        }
    return found, coverage


def packed(path, **entries):
    """Write an export with further entries; a name's `__` stands for a slash, `_` for a dot."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", "[]")
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_talk_of_others_is_found_that_no_token_sees():
    """
    Private channels and direct messages of others stand in the file.
    """
    with SLACK_EXPORT.running() as running:
        hidden = running.standin.unseen[0].person
        texts = {
            match.seen.raw["text"]
            for match in running.find(hidden, "name", "email").matches
            if match.seen.record.name == "message"
        }

    assert {f"{hidden.name} truer med advokat", f"Kender du {hidden.email}?"} <= texts


def test_replies_stand_among_the_messages():
    """
    Unlike the channel's history a day's file holds the replies of its threads.
    """
    with SlackExports(clock=StillClock()) as standin:
        found, coverage = everything(standin.secrets["export"])
        replies = [one for one in found["message"] if one.raw.get("parent_user_id")]

    assert coverage.complete
    assert 3 == len(replies)


def test_each_record_has_a_key_of_its_own_and_its_channel():
    """
    A ts is told apart only within a channel; with the entry it is a key of the file.
    """
    with SlackExports(clock=StillClock()) as standin:
        messages = everything(standin.secrets["export"])[0]["message"]
        channels = {one.raw["export"]["channel"] for one in messages}

    assert len(messages) == len({one.key for one in messages})
    assert channels <= set(standin.workspace.channels)


def test_same_fields_are_looked_through_as_by_the_api():
    """
    A message, a channel and a member are the same objects in both.
    """
    for record in ("message", "channel", "user"):
        own, other = slack_export.record(record), slack.record(record)

        assert (own.elements, own.open_fields) == (other.elements, other.open_fields)


def test_large_day_comes_in_batches(tmp_path):
    """
    No more than one batch is held at a time.
    """
    day = json.dumps([{"ts": f"{number}.0", "text": "Hej"} for number in range(BATCH + 1)])
    path = packed(tmp_path / "e.zip", **{"general__2026-11-02_json": day})
    with Connection("slack-export", slack_export.api, {"export": str(path)}) as opened:
        pages = [len(page) for page in read(opened, slack_export.record("message"))]

    assert [BATCH, 1] == pages


def test_entry_of_no_known_kind_is_read_or_told(tmp_path):
    """
    Lists of another kind are looked through; what is not JSON is told as not read.
    """
    entries = {
        "canvases_json": json.dumps([{"title": "Aftale med Liv Holmvik", "text": "Hej"}]),
        "notes_html": "<p>Hej</p>",
    }
    found, coverage = everything(packed(tmp_path / "e.zip", **entries))
    texts = [text.reveal() for one in found["other"] for _, text in one.texts()]

    assert ["Aftale med Liv Holmvik", "Hej"] == texts
    assert [1] == [count for _, count in coverage.unread.values()]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"[]"])
def test_file_that_is_no_export_is_not_covered(tmp_path, content):
    """
    A broken file is a part that was not read, never an empty workspace.
    """
    path = tmp_path / "e.zip"
    path.write_bytes(content)
    found, coverage = everything(path)

    assert not any(found.values())
    assert {"channel", "message", "user", "other"} == {name for name, _ in coverage.missed}


def test_erasure_and_correction_are_a_persons():
    """
    The file is a copy: what is to go is deleted in Slack.
    """
    with SLACK_EXPORT.running() as running:
        target = running.find(running.standin.people[0], "email").matches[0].target
        with running.open(Purpose.ERASE) as connection:
            erased = jobs.erase(connection, target)
        with running.open(Purpose.RECTIFY) as connection:
            rectified = jobs.rectify(connection, target, {"text": "Står i systemet"})

    assert ("refused", Level.MANUAL) == (erased.state, erased.level)
    assert ("refused", Level.MANUAL) == (rectified.state, rectified.level)
