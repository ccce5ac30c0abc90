import json
import zipfile

import pytest

from klarsyn.errors import FileRefused
from klarsyn.transport.archives import Bounds
from klarsyn.transport.slackexport import Exported, slack_export

ANNA = {"id": "U1", "name": "anna", "profile": {"email": "anna@example.org"}}
GENERAL = {"id": "C1", "name": "general", "topic": {"value": "Allt"}}
MESSAGE: dict[str, object] = {
    "type": "message",
    "user": "U1",
    "text": "Ring Bo",
    "ts": "1604311200.000100",
}
WORKSPACE = {
    # A day comes before the lists: the order of an archive means nothing.
    "general/2026-11-03.json": [{**MESSAGE, "ts": "2"}, {**MESSAGE, "ts": "3"}],
    "general/2026-11-02.json": [MESSAGE],
    "D1/2026-11-02.json": [{"text": "no ts"}],
    "gone/2026-11-02.json": [],
    "old-name/2026-11-01.json": [MESSAGE],
    "users.json": [ANNA],
    "channels.json": [GENERAL],
    "dms.json": [{"id": "D1", "members": ["U1", "U2"]}],
    "integration_logs.json": [{"user_name": "anna", "change_type": "added"}],
    "settings.json": {"team": "T1"},
    "odd.json": "word",
    "general/canvas_in_the_conversation.json": [1],
    "empty.json": b"",
    "canvases/F1.html": b"<p>Anna</p>",
}


def pack(path, files):
    """Write a ZIP file of JSON documents and bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path


@pytest.fixture
def workspace(tmp_path):
    """The export of a small workspace."""
    del (files := dict(WORKSPACE))["empty.json"]
    return pack(tmp_path / "slack.zip", files)


def of_kind(path, kind):
    """Return the records of one kind."""
    return [one for one in slack_export(path) if one.kind == kind]


def test_message_comes_with_its_place_and_as_it_is(workspace):
    """
    Channel, day and ts say where a message stands; its body is untouched.
    """
    expected = Exported(
        kind="message",
        entry="general/2026-11-02.json",
        channel="general",
        channel_id="C1",
        day="2026-11-02",
        ts="1604311200.000100",
        body=MESSAGE,
    )

    assert expected in list(slack_export(workspace))


def test_messages_come_by_channel_and_day(workspace):
    """
    The order is that of names, however the archive was packed.
    """
    assert [
        ("D1", "D1", "2026-11-02", ""),
        ("general", "C1", "2026-11-02", "1604311200.000100"),
        ("general", "C1", "2026-11-03", "2"),
        ("general", "C1", "2026-11-03", "3"),
        ("old-name", "", "2026-11-01", "1604311200.000100"),
    ] == [(one.channel, one.channel_id, one.day, one.ts) for one in of_kind(workspace, "message")]


def test_channels_and_users_come_first(workspace):
    """
    Who speaks where is known before what is said.
    """
    first = [(one.kind, one.channel, one.body) for one in slack_export(workspace)][:3]

    assert [
        ("channel", "general", GENERAL),
        ("channel", "D1", {"id": "D1", "members": ["U1", "U2"]}),
        ("user", "", ANNA),
    ] == first


def test_other_lists_are_handed_out_too(workspace):
    """
    Logs and canvases name people as well, so nothing is left out because it is not known.
    """
    assert [
        ("general/canvas_in_the_conversation.json", {"": 1}),
        ("integration_logs.json", {"user_name": "anna", "change_type": "added"}),
        ("odd.json", {"": "word"}),
        ("settings.json", {"team": "T1"}),
    ] == [(one.entry, one.body) for one in of_kind(workspace, "other")]


def test_what_is_not_read_is_said(workspace):
    """
    An entry that is no JSON is named, so that an audit can tell what it did not see.
    """
    assert ["canvases/F1.html"] == [one.entry for one in of_kind(workspace, "unread")]


def test_export_packed_again_is_read(tmp_path):
    """
    A folder around everything, and what a Mac adds, make no difference.
    """
    files = {
        "Acme export/users.json": [ANNA],
        "Acme export/general/2026-11-02.json": [MESSAGE],
        "Acme export/.DS_Store": b"x",
        "__MACOSX/Acme export/._users.json": b"x",
        "__MACOSX/users.json": b"x",
    }

    found = list(slack_export(pack(tmp_path / "slack.zip", files)))

    assert ["user", "message"] == [one.kind for one in found]
    assert "Acme export/general/2026-11-02.json" == found[1].entry


def test_export_of_an_organisation_is_read(tmp_path):
    """
    Its list of users has a name of its own.
    """
    found = slack_export(pack(tmp_path / "slack.zip", {"org_users.json": [ANNA]}))

    assert [("user", ANNA)] == [(one.kind, one.body) for one in found]


def test_other_archive_is_refused(tmp_path):
    """
    Every export has a list of users.
    """
    with pytest.raises(FileRefused, match="not an export of Slack as JSON"):
        list(slack_export(pack(tmp_path / "zapier.zip", {"Zapfile.json": {}})))


@pytest.mark.parametrize("content", [{"a": 1}, [1], "text", [[]]])
def test_day_that_is_no_list_of_messages_is_refused(tmp_path, content):
    """
    The entry is named, its contents are not.
    """
    path = pack(tmp_path / "slack.zip", {"users.json": [], "general/2026-11-02.json": content})

    with pytest.raises(FileRefused, match=r"slack\.zip: general/2026-11-02\.json: it is not a"):
        list(slack_export(path))


def test_empty_document_is_refused(tmp_path):
    """
    No bytes are no JSON.
    """
    path = pack(tmp_path / "slack.zip", {"users.json": [], "empty.json": b""})

    with pytest.raises(FileRefused, match=r"empty\.json: it holds something that is not JSON"):
        list(slack_export(path))


def test_bounds_are_those_of_the_archive(workspace):
    """
    A caller may be stricter.
    """
    with pytest.raises(FileRefused, match="more than 3 entries"):
        list(slack_export(workspace, Bounds(entries=3)))
