import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.slack import SlackStandIn
from klarsyn.testing.standins.slack_cast import channel_named, member_named
from tests.testing.standins.test_slack_contract import client_of, judging, refusal

pytestmark = pytest.mark.network

METADATA = {"event_type": "delivery", "event_payload": {"id": "7"}}


@pytest.fixture(scope="module")
def judged():
    """Every exchange of this file; judged at the end."""
    with judging() as exchanges:
        yield exchanges


@pytest.fixture
def slack(judged):
    """A running stand-in with limits whose clock stands still."""
    with SlackStandIn(clock=StillClock()) as standin:
        yield standin
    judged += standin.exchanges


@pytest.fixture
def client(slack):
    """Slack's own client with an admin's token."""
    return client_of(slack, slack.secrets["token"])


@pytest.fixture
def bot(slack):
    """Slack's own client with the token of the app's bot."""
    return client_of(slack, slack.bot_token)


def place(slack, name):
    """Return the argument that names a channel."""
    return {"channel": channel_named(slack.workspace, name).id}


def written_by(slack, login, name="kunder"):
    """Return where the first message of a member's in a channel is."""
    user, where = member_named(slack.workspace, login), place(slack, name)
    ours = [one for one in slack.workspace.timeline(where["channel"]) if one.get("user") == user]
    return {**where, "ts": ours[0]["ts"]}


# Post and change


def test_post_is_kept_with_its_metadata(slack, bot):
    """
    What an app's event carried comes back, whole to those who ask for all of it.
    """
    kunder = place(slack, "kunder")
    posted = bot.chat_postMessage(**kunder, text="Leveret", metadata=METADATA)
    whole = bot.conversations_history(**kunder, limit=1, include_all_metadata=True)["messages"][0]
    short = bot.conversations_history(**kunder, limit=1)["messages"][0]

    assert METADATA == posted["message"]["metadata"] == whole["metadata"]
    assert {"event_type": "delivery"} == short["metadata"]
    assert "klarsyn" == whole["bot_profile"]["name"]
    assert posted["ts"] == whole["ts"]


def test_post_goes_to_a_name_a_member_or_a_thread(slack, client):
    """
    A reply stays out of the channel unless it is broadcast.
    """
    parent = client.chat_postMessage(channel="#kunder", text="Hej")
    thread = {"channel": parent["channel"], "thread_ts": parent["ts"], "text": "Svar"}
    slack.clock.move(seconds=2)
    client.chat_postMessage(**thread)
    slack.clock.move(seconds=2)
    client.chat_postMessage(**thread, reply_broadcast=True)
    newest = client.conversations_history(**place(slack, "kunder"), limit=2)["messages"]
    direct = client.chat_postMessage(channel=member_named(slack.workspace, "oskar"), text="Hej")

    assert ["thread_broadcast", None] == [one.get("subtype") for one in newest]
    assert 2 == newest[1]["reply_count"]
    assert "D" == direct["channel"][0]


@pytest.mark.parametrize(
    ("error", "more"),
    [
        ("no_text", {"text": ""}),
        ("msg_too_long", {"text": "x" * 40_001}),
        ("too_many_attachments", {"text": "x", "attachments": [{"text": "x"}] * 101}),
        ("invalid_blocks", {"text": "x", "blocks": [{"type": "divider"}] * 51}),
        ("invalid_metadata", {"text": "x", "metadata": "{no"}),
        ("channel_not_found", {"text": "x", "channel": "C9999999999"}),
        ("is_archived", {"text": "x", "channel": "projekt-2024"}),
        ("not_in_channel", {"text": "x", "channel": "support"}),
    ],
)
def test_post_is_refused(slack, bot, error, more):
    """
    Nothing to say, too much of it, not JSON, or nowhere to say it.
    """
    said = {**place(slack, "kunder"), **more}

    assert error == refusal(bot.api_call, "chat.postMessage", json=said)


def test_post_takes_attachments_and_numbers_them(slack, client):
    """
    As a form and as JSON; Slack gives each attachment an id.
    """
    attachments = [{"fallback": "a", "text": "a"}]
    posted = client.chat_postMessage(**place(slack, "kunder"), text="x", attachments=attachments)

    assert [{"id": 1, "fallback": "a", "text": "a"}] == posted["message"]["attachments"]


def test_update_keeps_what_it_does_not_name(slack, client):
    """
    A text alone leaves blocks with the old words in them; an empty list takes them away.
    """
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "gammel"}}]
    post = client.chat_postMessage(**place(slack, "kunder"), text="gammel", blocks=blocks)
    where = {"channel": post["channel"], "ts": post["ts"]}

    assert blocks == client.chat_update(**where, text="ny")["message"]["blocks"]
    assert "blocks" not in client.chat_update(**where, text="ny", blocks=[])["message"]
    client.chat_update(**where, text="ny", blocks=blocks)
    slack.rules.blocks_outlive_text = False
    assert "blocks" not in client.chat_update(**where, text="ny")["message"]
    history = client.conversations_history(**place(slack, "kunder"), limit=1)["messages"][0]
    assert history["edited"]["ts"] > post["ts"]


def test_only_ones_own_messages_are_changed(slack, client, bot):
    """
    Neither an admin nor a bot changes what others wrote, nor anybody what is old.
    """
    assert "cant_update_message" == refusal(
        client.chat_update, **written_by(slack, "oskar"), text="x"
    )
    assert "cant_update_message" == refusal(bot.chat_update, **written_by(slack, "oskar"), text="x")
    assert "hej" == bot.chat_update(**written_by(slack, "klarsyn"), text="hej")["text"]
    slack.rules.edit_window = 60
    own = written_by(slack, "nanna", "general")
    assert "edit_window_closed" == refusal(client.chat_update, **own, text="x")
    gone = {**place(slack, "kunder"), "ts": "1700000000.000000"}
    assert "message_not_found" == refusal(client.chat_update, **gone, text="x")


def test_topic_is_set_and_told_in_the_history(slack, client, bot):
    """
    The old topic is gone from the channel, not from the line that told of it.
    """
    channels = slack.workspace.channels.values()
    channel = next(one for one in channels if one.topic["value"])
    there = {"channel": channel.id}
    old = channel.topic["value"]
    changed = client.conversations_setTopic(**there, topic="")["channel"]
    client.conversations_setPurpose(**there, purpose="Montage")
    history = client.conversations_history(**there)["messages"]

    assert "" == changed["topic"]["value"]
    assert ["Montage", None, None] == [one.get("purpose") for one in history]
    assert [None, "", old] == [one.get("topic") for one in history]


@pytest.mark.parametrize(
    ("error", "name", "topic"),
    [
        ("method_not_supported_for_channel_type", "nanna-oskar", "x"),
        ("is_archived", "projekt-2024", "x"),
        ("too_long", "kunder", "x" * 251),
    ],
)
def test_topic_is_refused(slack, client, error, name, topic):
    """
    Of direct messages, archived channels, and too long ones.
    """
    assert error == refusal(client.conversations_setTopic, **place(slack, name), topic=topic)


def test_topic_is_set_by_those_in_the_channel(slack):
    """
    A member who sees a channel and is not in it cannot describe it.
    """
    slack.workspace.channels[place(slack, "support")["channel"]].members.pop(1)
    oskar = client_of(slack, slack.member_token)

    assert "not_in_channel" == refusal(
        oskar.conversations_setTopic, **place(slack, "support"), topic="x"
    )


# Erase


def test_who_deletes_which_messages(slack, client, bot):
    """
    A bot its own, a member their own, an admin anybody's; twice is not found.
    """
    oskar = client_of(slack, slack.member_token)

    assert bot.chat_delete(**written_by(slack, "klarsyn"))["ok"]
    assert "cant_delete_message" == refusal(bot.chat_delete, **written_by(slack, "oskar"))
    assert "cant_delete_message" == refusal(oskar.chat_delete, **written_by(slack, "pia"))
    assert oskar.chat_delete(**written_by(slack, "oskar"))["ok"]
    theirs = written_by(slack, "pia")
    assert client.chat_delete(**theirs)["ok"]
    assert "message_not_found" == refusal(client.chat_delete, **theirs)
    slack.rules.compliance_exports = True
    theirs = written_by(slack, "pia")
    assert "compliance_exports_prevent_deletion" == refusal(client.chat_delete, **theirs)


def test_thread_outlives_its_parent(slack, client):
    """
    Replies stay under a tombstone, and the tombstone goes with the last of them.
    """
    support = place(slack, "support")
    messages = slack.workspace.timeline(support["channel"])
    parent = next(one for one in messages if "vand" in one["text"])
    thread = {**support, "ts": parent["ts"]}
    client.chat_delete(**thread)
    left = client.conversations_replies(**thread)["messages"]

    assert ["tombstone", None, None] == [one.get("subtype") for one in left]
    assert 2 == left[0]["reply_count"]
    assert "message_not_found" == refusal(client.chat_delete, **thread)
    for reply in left[1:]:
        client.chat_delete(**support, ts=reply["ts"])
    assert "thread_not_found" == refusal(client.conversations_replies, **thread)


def test_permalink_leads_to_a_message_or_a_reply(slack, client):
    """
    A reply's link names its thread.
    """
    support = place(slack, "support")["channel"]
    (thread, replies), *_ = [one for one in slack.workspace.replies.items() if one[0][0] == support]
    parent = client.chat_getPermalink(channel=support, message_ts=thread[1])["permalink"]
    reply = client.chat_getPermalink(channel=support, message_ts=replies[0])["permalink"]

    assert f"https://klarpris.slack.com/archives/{support}/p{thread[1].replace('.', '')}" == parent
    assert reply.endswith(f"?thread_ts={thread[1]}&cid={support}")
