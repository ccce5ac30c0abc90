import pytest
from slack_sdk.errors import SlackApiError

from klarsyn.testing import StillClock
from klarsyn.testing.standins.slack import SlackStandIn
from klarsyn.testing.standins.slack_cast import channel_named, member_named
from tests.testing.standins.test_slack_contract import client_of, judging, refusal

pytestmark = pytest.mark.network

KINDS = "public_channel,private_channel,im,mpim"


@pytest.fixture(scope="module")
def judged():
    """Every exchange of this file; judged at the end."""
    with judging() as exchanges:
        yield exchanges


@pytest.fixture
def slack(judged):
    """A running stand-in without limits whose clock stands still."""
    with SlackStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    judged += standin.exchanges


@pytest.fixture
def client(slack):
    """Slack's own client with an admin's token."""
    return client_of(slack, slack.secrets["token"])


def channel_id(slack, name):
    """Return the id of a channel."""
    return channel_named(slack.workspace, name).id


def everything(client):
    """Return all messages that a token reads, walked as the documentation tells."""
    for page in client.conversations_list(types=KINDS, limit=5):
        for channel in page["channels"]:
            for part in client.conversations_history(channel=channel["id"], limit=200):
                for message in part["messages"]:
                    yield channel, message
                    if message.get("reply_count"):
                        place = {"channel": channel["id"], "ts": message["ts"], "limit": 1}
                        parts = client.conversations_replies(**place)
                        thread = [one for part in parts for one in part["messages"]]
                        assert thread.pop(0) == message
                        yield from ((channel, reply) for reply in thread)


# List to the end


def test_every_message_that_the_token_sees_is_read_page_by_page(slack, client):
    """
    Channels, histories and threads page; together they hold all but what the token cannot see.
    """
    read = {(channel["id"], message["ts"]) for channel, message in everything(client)}
    all_ = {(place, ts) for place, one in slack.workspace.messages.items() for ts in one}

    assert len(all_) - len(slack.unseen) == len(read)
    assert read < all_


def test_history_holds_no_replies(slack, client):
    """
    A thread's parent tells how many replies there are; only conversations.replies gives them.
    """
    support = channel_id(slack, "support")
    history = client.conversations_history(channel=support, limit=999)["messages"]
    counted = sum(message.get("reply_count", 0) for message in history)

    assert 3 == counted
    assert not [one for one in history if one.get("thread_ts", one["ts"]) != one["ts"]]


def test_history_between_two_instants(slack, client):
    """
    Bounds are left out unless `inclusive`, newest come first.
    """
    kunder = channel_id(slack, "kunder")
    stamps = [one["ts"] for one in slack.workspace.timeline(kunder)]
    bounds = {"channel": kunder, "oldest": stamps[1], "latest": stamps[4]}
    read = client.conversations_history

    assert stamps[3:1:-1] == [one["ts"] for one in read(**bounds)["messages"]]
    assert 4 == len(read(**bounds, inclusive=True)["messages"])
    slack.recording = False  # no referee would let pass what follows
    assert "invalid_ts_oldest" == refusal(read, channel=kunder, oldest="x")
    assert "invalid_ts_latest" == refusal(read, channel=kunder, latest="nan")


def test_pages_are_refused_beyond_their_bounds(client):
    """
    A limit over 1,000 and a cursor of one's own making are not accepted.
    """
    assert "invalid_limit" == refusal(client.conversations_list, limit=1001)
    assert "invalid_limit" == refusal(client.conversations_list, limit=0)
    for cursor in ("ä", "bmV4=", "c29tZTp0aGluZw=="):
        assert "invalid_cursor" == refusal(client.users_list, cursor=cursor)
    assert "invalid_types" == refusal(client.conversations_list, types="rooms")


def test_channels_of_every_kind_show_their_texts(slack, client):
    """
    Archived ones can be left out, direct messages have a person instead of a name.
    """
    all_ = [one for page in client.conversations_list(types=KINDS) for one in page["channels"]]
    live = client.conversations_list(types=KINDS, exclude_archived=True)["channels"]
    direct = client.conversations_info(channel=channel_id(slack, "nanna-oskar"))["channel"]
    general = {"channel": channel_id(slack, "general"), "include_num_members": True}

    assert len(all_) - 1 == len(live)
    assert member_named(slack.workspace, "oskar") == direct["user"]
    assert 6 == client.conversations_info(**general)["channel"]["num_members"]
    assert 6 == len(client.conversations_members(channel=general["channel"])["members"])


def test_customers_are_no_members(slack, client):
    """
    users.* knows employees, former ones and bots; no customer is found by address.
    """
    members = [one for page in client.users_list(limit=3) for one in page["members"]]

    assert 8 == len(members)
    assert (
        "Pia Storgaard"
        == client.users_lookupByEmail(email="PIA@klarpris.example")["user"]["real_name"]
    )
    for email in (slack.people[0].email, "tilde@klarpris.example"):
        assert "users_not_found" == refusal(client.users_lookupByEmail, email=email)
    assert "user_not_found" == refusal(client.users_info, user="U9999999999")
    assert members[0] == client.users_info(user=members[0]["id"])["user"]


def test_profiles_hold_what_members_say_of_customers(slack, client):
    """
    A status and a company's own field are read by users.profile.get.
    """
    rune = client.users_profile_get(user=member_named(slack.workspace, "rune"), include_labels=True)

    assert rune["profile"]["status_text"].startswith("Hos ")
    assert ["Kunder"] == [one["label"] for one in rune["profile"]["fields"].values()]
    assert "nanna" == client.users_profile_get()["profile"]["display_name"]


def test_corners_where_nobody_looks(slack, client):
    """
    Bookmarks, pins and reminders name customers too.
    """
    kunder = channel_id(slack, "kunder")

    assert 1 == len(client.bookmarks_list(channel_id=kunder)["bookmarks"])
    (pin,) = client.pins_list(channel=kunder)["items"]
    assert pin["message"]["permalink"].endswith(pin["message"]["ts"].replace(".", ""))
    assert 1 == len(client.reminders_list()["reminders"])
    client.chat_delete(channel=kunder, ts=pin["message"]["ts"])
    assert [] == client.pins_list(channel=kunder)["items"]


# Who sees what


def test_bot_reads_only_where_it_is(slack):
    """
    It lists every public channel, and reads one once it has joined.
    """
    bot, support = client_of(slack, slack.bot_token), channel_id(slack, "support")

    assert support in [one["id"] for one in bot.conversations_list()["channels"]]
    assert "not_in_channel" == refusal(bot.conversations_history, channel=support)
    assert bot.conversations_join(channel=support)["channel"]["is_member"]
    newest = bot.conversations_history(channel=support)["messages"][0]
    assert "channel_join" == newest["subtype"]
    assert "already_in_channel" == bot.conversations_join(channel=support)["warning"]
    assert "user_is_bot" == refusal(bot.reminders_list)


def test_private_channels_of_others_do_not_exist(slack, client):
    """
    To an admin's token too; nor are private ones joined, nor archived ones.
    """
    for name in ("ledelse", "pia-rune"):
        place = {"channel": channel_id(slack, name)}
        assert "channel_not_found" == refusal(client.conversations_history, **place)
    place = {"channel": channel_id(slack, "salg-intern")}
    assert "method_not_supported_for_channel_type" == refusal(client.conversations_join, **place)
    place = {"channel": channel_id(slack, "projekt-2024")}
    assert "is_archived" == refusal(client.conversations_join, **place)


def test_scopes_are_kept(slack, client):
    """
    A refusal names the scope that is needed and those that there are.
    """
    slack.workspace.tokens[client.token].scopes -= {"im:read", "team:read", "users:read.email"}
    with pytest.raises(SlackApiError) as caught:
        client.conversations_list(types="im,mpim")

    assert "im:read" == caught.value.response["needed"]
    assert "missing_scope" == refusal(client.team_info)
    assert "email" not in client.users_list()["members"][0]["profile"]
    assert "channels:read" in client.auth_test().headers["x-oauth-scopes"]
    assert "im:read" not in caught.value.response["provided"].split(",")


def test_tokens_are_known_or_refused(slack, client):
    """
    Unknown, expired and orphaned keys are told apart; api.test needs none.
    """
    assert "T0000000001" == client.auth_test()["team_id"]
    assert "bot_id" in client_of(slack, slack.bot_token).auth_test().data
    assert "KlarPris" == client.team_info()["team"]["name"]
    assert "invalid_auth" == refusal(client_of(slack, "xoxp-nobody").auth_test)
    assert "not_authed" == refusal(client_of(slack, None).auth_test)
    for error in ("token_expired", "account_inactive"):
        slack.workspace.tokens[client.token].error = error
        assert error == refusal(client.auth_test)
    assert "b" == client_of(slack, None).api_test(a="b")["args"]["a"]
    assert "odd" == refusal(client_of(slack, None).api_test, error="odd")


# Find


def test_search_finds_whole_words_of_what_the_token_sees(slack, client):
    """
    Words count in any order, in quotes in this one; a number is found only as it was written.
    """
    person = slack.people[1]
    turned = " ".join(person.phone.split()[::-1])

    def total(query):
        return client.search_messages(query=query)["messages"]["total"]

    assert total(f'"{person.email}"') >= 1
    assert 0 == total(person.email[:-2])
    assert total(person.phone) > 0 == total(person.phone.replace(" ", ""))
    assert total(turned) > 0 == total(f'"{turned}"')
    assert 0 == total("advokat")
    slack.workspace.channels[channel_id(slack, "ledelse")].members.append("U0000000001")
    assert 1 == total("advokat")


def test_search_pages_by_number(slack, client):
    """
    `count` and `page` give each match once; an empty query and a bot are refused.
    """
    pages = [
        client.search_messages(query="denne", count=5, page=n)["messages"] for n in (1, 2, 3, 4)
    ]
    stamps = [one["ts"] for page in pages for one in page["matches"]]
    oldest = client.search_messages(query="denne", sort_dir="asc")["messages"]["matches"]

    assert 12 == len(stamps) == len(set(stamps)) == pages[0]["paging"]["total"]
    assert stamps == [one["ts"] for one in oldest][::-1]
    bot = client_of(slack, slack.bot_token)
    assert "not_allowed_token_type" == refusal(bot.search_messages, query="denne")
    slack.recording = False  # the contract wants a query
    assert "No query passed" == refusal(client.search_messages, query="")


def test_search_lags_behind(slack, client):
    """
    New, changed and deleted messages are found as they were for half a minute.
    """
    place = {"channel": channel_id(slack, "kunder")}

    def found():
        return client.search_messages(query="pelikan")["messages"]["total"]

    place["ts"] = client.chat_postMessage(**place, text="En pelikan!")["ts"]
    assert 0 == found()
    slack.clock.move(seconds=31)
    assert 1 == found()
    client.chat_update(**place, text="En hejre!")
    assert 1 == found()
    slack.clock.move(seconds=31)
    assert 0 == found()
    client.chat_delete(**place)
    assert 0 == found()
