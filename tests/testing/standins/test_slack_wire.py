import json
from contextlib import closing
from http.client import HTTPConnection

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.slack import FORM, SlackStandIn
from klarsyn.testing.standins.slack_cast import channel_named
from tests.testing.standins.test_slack_contract import client_of, judging, refusal

pytestmark = pytest.mark.network


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


def ask(slack, method, path, body=None, **headers):
    """Return status, headers and body of one exchange by the standard library's client."""
    key = {"Authorization": f"Bearer {slack.secrets['token']}"}
    with closing(HTTPConnection(slack.url.removeprefix("http://"))) as connection:
        connection.request(method, path, body, {**key, **headers})
        with connection.getresponse() as reply:
            return reply.status, dict(reply.getheaders()), reply.read()


# Files


def test_files_page_by_number(slack, client):
    """
    Each file comes once; channel, type, user and time narrow them down.
    """
    pages = [client.files_list(count=5, page=page) for page in (1, 2, 3)]
    ids = [file["id"] for page in pages for file in page["files"]]
    snippet = client.files_list(types="snippets")["files"][0]
    kunder = client.files_list(**place(slack, "kunder"))["files"]

    assert 14 == len(set(ids)) == len(ids) == pages[0]["paging"]["total"]
    assert {"email"} == {file["mode"] for file in kunder}
    assert [snippet["id"]] == [
        file["id"] for file in client.files_list(user=snippet["user"])["files"]
    ]
    after = client.files_list(ts_from=str(snippet["created"] + 1), ts_to="9999999999")["files"]
    assert snippet["id"] not in [file["id"] for file in after]
    assert "unknown_type" == refusal(client.files_list, types="songs")
    assert "user_not_found" == refusal(client.files_list, user="U9999999999")


def test_e_mail_as_a_file_holds_the_customer(slack, client):
    """
    Sender, copy, subject and text stand in the file's own fields.
    """
    file = client.files_list(**place(slack, "kunder"))["files"][-1]
    whole, person = client.files_info(file=file["id"])["file"], slack.people[0]

    assert person.email == whole["from"][0]["address"] == whole["cc"][0]["address"]
    assert person.company in whole["subject"]
    assert person.phone in whole["plain_text"]


def test_body_of_a_file_needs_the_token(slack, client):
    """
    A snippet's preview hides what its body tells; without the key there is a page to sign in.
    """
    file = client.files_list(types="snippets")["files"][0]
    path = file["url_private"].removeprefix("https://files.slack.com")
    status, headers, body = ask(slack, "GET", path)

    assert (200, "text/plain") == (status, headers["Content-Type"])
    assert client.files_info(file=file["id"])["content"].encode() == body
    assert file["preview"].encode() == body[: len(file["preview"])] != body
    download = file["url_private_download"].removeprefix("https://files.slack.com")
    assert body == ask(slack, "GET", download)[2]
    assert 302 == ask(slack, "GET", path, Authorization="Bearer nobody")[0]
    assert 404 == ask(slack, "GET", "/files-pri/T0000000001-F9999999999/x")[0]
    slack.faults.add(Trouble.EXPIRED_KEY, on="GET /files-pri/*")
    assert 302 == ask(slack, "GET", path)[0]


def test_who_deletes_which_files(slack, client, bot):
    """
    One's own, or an admin any; the message keeps a tombstone and the body is gone.
    """
    file = client.files_list(**place(slack, "kunder"))["files"][0]
    number, path = file["id"], file["url_private"].removeprefix("https://files.slack.com")

    assert "cant_delete_file" == refusal(bot.files_delete, file=number)
    assert client.files_delete(file=number)["ok"]
    assert "file_deleted" == refusal(client.files_delete, file=number)
    assert "file_not_found" == refusal(client.files_info, file="F9999999999")
    assert 404 == ask(slack, "GET", path)[0]
    assert {"id": number, "mode": "tombstone"} in [
        one
        for message in slack.workspace.timeline(place(slack, "kunder")["channel"])
        for one in message.get("files", ())
    ]


# The wire, limits and faults


def test_get_form_and_json_are_read_where_slack_reads_them(slack, client):
    """
    Reads take an address or a form, JSON is for those that write; a key in an address is none.
    """
    channel = place(slack, "kunder")["channel"]
    json_ = {"Content-Type": "application/json; charset=utf-8"}
    read, said = "/api/conversations.info", json.dumps({"channel": channel, "text": "hej"})

    def told(*request, **headers):
        return json.loads(ask(slack, *request, **headers)[2])

    assert told("GET", f"{read}?channel={channel}")["ok"]
    assert told("POST", read, f"channel={channel}", **{"Content-Type": FORM})["ok"]
    assert "channel_not_found" == told("POST", read, said, **json_)["error"]
    assert told("POST", "/api/chat.postMessage", said, **json_)["ok"]
    slack.recording = False  # what follows is nothing to referee
    for body in ("[]", "{"):
        wrong = told("POST", "/api/chat.update", body, **json_)
        assert "channel_not_found" == wrong["error"]
    no_key = {"Authorization": ""}
    form = {"Content-Type": FORM, **no_key}
    assert told("POST", "/api/auth.test", f"token={client.token}", **form)["ok"]
    assert "not_authed" == told("GET", f"/api/auth.test?token={client.token}", **no_key)["error"]
    assert "unknown_method" == told("GET", "/api/files.upload")["error"]
    assert {"ok": True} == told("GET", "/api/api.test")
    assert 404 == ask(slack, "GET", "/")[0]


def test_each_method_is_limited_by_its_tier(slack, client):
    """
    The call too many gets 429 and the seconds to wait; other methods go on.
    """
    for _ in range(20):
        client.users_list()
    with pytest.raises(SlackApiError) as caught:
        client.users_list()

    assert 429 == caught.value.response.status_code
    assert "60" == caught.value.response.headers["Retry-After"]
    assert "ratelimited" == caught.value.response["error"]
    assert client.users_info(user="U0000000001")["ok"]
    slack.clock.move(seconds=61)
    assert client.users_list()["ok"]


def test_one_post_a_second_in_a_channel(slack, client):
    """
    Another channel takes one at once, the same one a second later.
    """
    client.chat_postMessage(channel="kunder", text="1")

    assert "ratelimited" == refusal(client.chat_postMessage, **place(slack, "kunder"), text="2")
    assert client.chat_postMessage(channel="general", text="2")["ok"]
    slack.clock.move(seconds=1)
    assert client.chat_postMessage(channel="kunder", text="2")["ok"]


def test_distributed_app_reads_little(slack, client):
    """
    Outside the Marketplace an app gets 15 messages once a minute; a company's own app is spared.
    """
    slack.rules.distributed, slack.rules.page_cap = True, 1000
    kunder = place(slack, "kunder")

    page = client.conversations_history(**kunder, limit=200)
    assert 15 == len(page["messages"])
    assert page["has_more"]
    assert "ratelimited" == refusal(client.conversations_history, **kunder)


@pytest.mark.slow
def test_slacks_client_waits_as_told(slack, client):
    """
    With its retries on, it obeys Retry-After and gets what it asked for.
    """
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.faults.add(Trouble.THROTTLED, retry_after=1)

    assert client.auth_test()["ok"]
    assert [429, 200] == [one.reply.status for one in slack.exchanges]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble.THROTTLED, "ratelimited"),
        (Trouble.THROTTLED_SILENTLY, "ratelimited"),
        (Trouble.EXPIRED_KEY, "invalid_auth"),
        (Trouble.ERROR_IN_OK, "fatal_error"),
    ],
)
def test_faults_have_slacks_form(slack, client, trouble, error):
    """
    All but throttling come with status 200.
    """
    slack.faults.add(trouble)
    with pytest.raises(SlackApiError) as caught:
        client.team_info()

    throttled = error == "ratelimited"
    assert error == caught.value.response["error"]
    assert (429 if throttled else 200) == caught.value.response.status_code
    assert (trouble is Trouble.THROTTLED) == ("Retry-After" in caught.value.response.headers)


# What is in it


def test_same_seed_same_content():
    """
    Two stand-ins of one seed hold the same, and everybody stands somewhere odd.
    """
    one, other = (SlackStandIn(clock=StillClock(), seed=3, count=20) for _ in range(2))

    assert one.workspace.messages == other.workspace.messages
    assert one.planted == other.planted
    assert set(one.people) == {planted.person for planted in one.planted}
    odd = {planted.person for planted in (*one.planted, *one.unseen) if not planted.expected}
    assert set(one.people) == odd


def test_nobody_is_nowhere():
    """
    Without people the workspace holds employees' talk alone.
    """
    empty = SlackStandIn(clock=StillClock(), count=0)

    assert [] == empty.planted
    assert 2 == sum(map(len, empty.workspace.messages.values()))
    assert ("slack.com", "files.slack.com") == empty.hosts
