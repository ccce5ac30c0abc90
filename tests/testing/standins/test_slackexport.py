import io
import json
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.slack import SlackStandIn
from klarsyn.testing.standins.slackexport import DAY_BYTES, write_export


@pytest.fixture
def slack():
    """A workspace that nobody serves."""
    return SlackStandIn(clock=StillClock())


def export(slack, **options):
    """Return an export, opened, and what was written."""
    file = io.BytesIO()
    written = write_export(slack, file, **options)
    return zipfile.ZipFile(file), written


def read(archive, name):
    """Return a file of an export."""
    return json.loads(archive.read(name))


def days(archive):
    """Return the files that hold messages."""
    return [name for name in archive.namelist() if "/" in name]


def test_export_lists_everything_by_kind(slack):
    """
    Channels of each kind have their own list, and members theirs.
    """
    archive, _ = export(slack)
    lists = {name: len(read(archive, name)) for name in archive.namelist() if "/" not in name}

    assert {
        "channels.json": 6,
        "groups.json": 2,
        "dms.json": 2,
        "mpims.json": 1,
        "users.json": 8,
        "integration_logs.json": 0,
    } == lists
    assert {"id", "created", "members"} == set(read(archive, "dms.json")[0])
    assert {"creator", "topic", "purpose", "is_archived"} < set(read(archive, "groups.json")[0])


def test_export_holds_every_message_once_on_its_day(slack):
    """
    Replies too, and what an admin's token never sees; a direct message lies under its id.
    """
    archive, written = export(slack)
    found = [(name, one) for name in days(archive) for one in read(archive, name)]
    stored = [one["ts"] for each in slack.workspace.messages.values() for one in each.values()]

    assert sorted(stored) == sorted(one["ts"] for _, one in found)
    assert len(stored) == written.messages
    for name, one in found:
        day = datetime.fromtimestamp(float(one["ts"]), UTC).date()
        assert name.endswith(f"/{day}.json")
    text = "".join(one["text"] for _, one in found)
    assert "truer med advokat" in text
    assert any(name.startswith("D0000000") for name, _ in found)
    assert {1, 2} == {len(one["replies"]) for _, one in found if "replies" in one}


def test_export_of_public_channels_alone(slack):
    """
    A free plan's export leaves out all that is private.
    """
    archive, _ = export(slack, public_only=True)

    assert "groups.json" not in archive.namelist()
    assert not [name for name in days(archive) if name.startswith(("D0", "ledelse", "mpdm"))]


def test_export_is_as_large_as_it_shall_be(slack):
    """
    It is filled up with days of talk, in which a customer is named now and then.
    """
    archive, written = export(slack, size=10_000_000)
    sizes = [one.file_size for one in archive.infolist()]
    plain = export(slack)[1]
    swollen = [one for name in days(archive) for one in read(archive, name)]
    named = [one for one in swollen if "kaffen er betalt" in one["text"] and "@" in one["text"]]

    packed = sum(one.compress_size for one in archive.infolist())

    assert sum(sizes) == written.size
    assert 5 < written.size / packed < 50
    assert 10_000_000 <= written.size < 10_010_000
    assert max(sizes) < DAY_BYTES + 10_000
    assert plain.messages + written.filled == written.messages == len(swollen)
    assert written.named == len(named) > 1
    assert slack.people[0].email in named[0]["text"]


def test_nobody_is_named_where_there_is_nobody():
    """
    Filling without people is talk alone.
    """
    _, written = export(SlackStandIn(clock=StillClock(), count=0), size=3_000_000)

    assert written.filled > 0 == written.named


@pytest.mark.slow
def test_export_is_written_in_constant_memory(slack, tmp_path):
    """
    Four times the size takes no more memory.
    """
    peaks = []
    for size in (8_000_000, 32_000_000):
        tracemalloc.start()
        write_export(slack, tmp_path / "export.zip", size=size)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5
    assert peaks[1] < 4_000_000


def test_same_content_same_bytes(slack):
    """
    An export can be made again, byte for byte.
    """
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        write_export(slack, file, size=1_000_000)

    assert files[0].getvalue() == files[1].getvalue()
