import http.client
import json
from contextlib import closing
from urllib.parse import quote

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.mailchimp import MailchimpStandIn
from klarsyn.testing.standins.mailchimp_content import NEWS, PARTNERS
from klarsyn.testing.standins.mailchimp_wire import digest
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

MEMBERS = f"/3.0/lists/{NEWS}/members"
SOMEBODY = {"email_address": "ny@example.com", "merge_fields": {"FNAME": "Ny"}}
#: What the reply on a member never lacks.
MEMBER = [
    *("id", "email_address", "unique_email_id", "contact_id", "full_name", "web_id", "email_type"),
    *("status", "merge_fields", "stats.avg_open_rate", "ip_signup", "timestamp_signup", "ip_opt"),
    *("timestamp_opt", "member_rating", "last_changed", "language", "vip", "email_client"),
    *("location", "source", "tags_count", "tags", "list_id"),
]
ALWAYS = {
    "GET /lists/{listId}/members": [f"members.{name}" for name in MEMBER],
    "GET /lists/{listId}/members/{subscriberHash}": MEMBER,
    "PUT /lists/{listId}/members/{subscriberHash}": MEMBER,
}


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("mailchimp", ALWAYS) as exchanges:
        yield exchanges


@pytest.fixture
def standin(judged):
    """A running stand-in whose clock stands still."""
    with MailchimpStandIn(clock=StillClock()) as one:
        yield one
    judged += one.exchanges


@pytest.fixture
def call(standin):
    """Sends a request with the key; returns status and body."""

    def send(method, path, body=None):
        key = {"Authorization": f"Bearer {standin.secrets['api_key']}"}
        content = body if isinstance(body, str | None) else json.dumps(body)
        address = standin.url.removeprefix("http://")
        with closing(http.client.HTTPConnection(address)) as connection:
            connection.request(method, path, content, key)
            with connection.getresponse() as reply:
                return reply.status, json.loads(reply.read() or "{}")

    return send


@pytest.fixture
def member(standin):
    """The first member of the news audience, who is subscribed."""
    return next(iter(standin.audiences[NEWS].members.values()))


@pytest.fixture
def path(member):
    """Where that member is."""
    return f"{MEMBERS}/{member.hash}"


def of_status(standin, status):
    """Return a member of that status."""
    members = standin.audiences[NEWS].members.values()
    return next(one for one in members if one.status == status)


# What is there at the start


def texts(value, place=""):
    """Return the texts of a reply by place, list items under one name."""
    if isinstance(value, list):
        return [pair for one in value for pair in texts(one, place)]
    if isinstance(value, dict):
        inner = [(place, "")]
        return inner + [pair for name in value for pair in texts(value[name], f"{place}.{name}")]
    return [(place, str(value))]


def test_everybody_lies_where_it_was_noted(standin, call):
    """
    What was planted is found in the replies: own places, and strangers' names in free text.
    """
    found: dict[str, str] = {}
    for list_id in (NEWS, PARTNERS):
        for one in standin.audiences[list_id].members:
            at = f"/3.0/lists/{list_id}/members/{one}"
            for more in ("", "/notes", "/activity-feed?count=99", "/tags", "/events", "/goals"):
                for place, text in texts(call("GET", at + more)[1], "member"):
                    found[place] = f"{found.get(place, '')} {text}"

    free = {"notes.note", "last_note.note", "activity.note_text", "activity.message_text"}
    free |= {"tags.name", "merge_fields.MMERGE3"}
    strangers = [one for one in standin.planted if one.place.removeprefix("member.") in free]
    assert {f"member.{one}" for one in free} == {one.place for one in strangers}
    assert {one.place for one in standin.planted} <= set(found) | {
        "member.activity",
        "member.events",
    }
    for place, person in ((one.place, one.person) for one in strangers):
        details = (person.name, person.email, person.phone, person.company)
        assert any(text in found[place] for text in details)


def test_same_seed_same_content():
    """
    Two stand-ins of one seed hold the same, to the last id.
    """
    first, second = (MailchimpStandIn(clock=StillClock(), seed=3) for _ in range(2))
    other = MailchimpStandIn(clock=StillClock(), seed=4)

    assert first.audiences[NEWS].members == second.audiences[NEWS].members
    assert first.audiences[NEWS].members != other.audiences[NEWS].members


def test_undeclared_data_are_told(call, path):
    """
    A reply tells more of a person than anybody asked for.
    """
    told = call("GET", path)[1]

    assert ("192.0.2.0", "DK", 1) == (
        told["ip_signup"],
        told["location"]["country_code"],
        told["stats"]["ecommerce_data"]["number_of_orders"],
    )
    assert {"addr1", "addr2", "city", "state", "zip", "country"} == set(
        told["merge_fields"]["ADDRESS"]
    )


# Listing


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("vip_only=true", 2),
        ("email_type=text", 0),
        ("since_last_changed=2026-09-01T00:00:00%2B00:00", 7),
        ("before_last_changed=2026-09-01T00:00:00", 4),
        ("since_timestamp_opt=2020-01-01&before_timestamp_opt=2021-01-01", 0),
    ],
)
def test_listing_is_filtered(call, query, count):
    """
    Parameters leave only the members to whom they apply.
    """
    assert count == call("GET", f"{MEMBERS}?{query}")[1]["total_items"]


def test_listing_is_sorted(call):
    """
    The order is by an instant, either way.
    """
    up = call("GET", f"{MEMBERS}?sort_field=last_changed&count=20")[1]["members"]
    down = call("GET", f"{MEMBERS}?sort_field=last_changed&sort_dir=DESC&count=20")[1]["members"]

    instants = [one["last_changed"] for one in up]
    assert sorted(instants) == instants
    assert instants[::-1] == [one["last_changed"] for one in down]


@pytest.mark.parametrize(
    "query", ["status=gone", "sort_field=email", "since_last_changed=yesterday"]
)
def test_listing_refuses_what_it_does_not_know(standin, call, query):
    """
    An unknown status, order or instant is refused.
    """
    standin.recording = False  # the contract lists what is allowed

    assert (400, query.split("=")[0]) == (
        (reply := call("GET", f"{MEMBERS}?{query}"))[0],
        reply[1]["errors"][0]["field"],
    )


def test_changes_are_listed_since(standin, call, path):
    """
    A sync finds what changed after it looked last.
    """
    since = quote(standin.clock.now().isoformat())
    standin.clock.move(seconds=5)
    call("PATCH", path, {"vip": False})

    assert [path.rpartition("/")[2]] == [
        one["id"] for one in call("GET", f"{MEMBERS}?since_last_changed={since}")[1]["members"]
    ]


# Writing


def test_new_member_is_told_whole(standin, call):
    """
    What the body names is read back; unknown merge tags are dropped without a word.
    """
    body = SOMEBODY | {
        "status": "subscribed",
        "merge_fields": {"FNAME": "Ny", "NICKNAME": "Nysse", "LNAME": None},
        "language": "sv",
        "ip_opt": "192.0.2.77",
        "timestamp_opt": "2026-01-02T03:04:05Z",
        "location": {"latitude": 55.5, "longitude": 12.5},
        "tags": ["Messe"],
        "vip": True,
    }
    status, told = call("POST", MEMBERS, body)

    assert (200, "Ny", "sv", True) == (status, told["full_name"], told["language"], told["vip"])
    assert ("192.0.2.77", "2026-01-02T03:04:05+00:00") == (told["ip_opt"], told["timestamp_opt"])
    assert ([55.5], ["Messe"]) == (
        [told["location"]["latitude"]],
        [one["name"] for one in told["tags"]],
    )
    assert ("", False) == (told["merge_fields"]["LNAME"], "NICKNAME" in told["merge_fields"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "archived"}, "status"),
        ({"status": 7}, "status"),
        ({"vip": "yes"}, "vip"),
        ({"merge_fields": []}, "merge_fields"),
        ({"language": None}, "language"),
        ({"timestamp_opt": "now"}, "timestamp_opt"),
        ({"merge_fields": {"FNAME": ""}}, "FNAME"),
        ({"merge_fields": {"FNAME": "N", "RATING": "high"}}, "RATING"),
        ({"merge_fields": {"FNAME": "N", "ADDRESS": {"city": "Nordenby"}}}, "ADDRESS"),
        ({"merge_fields": {"FNAME": "N", "ADDRESS": "Polarlysvej 1"}}, "ADDRESS"),
    ],
)
def test_what_does_not_fit_is_refused(call, change, field):
    """
    A wrong type, an unknown status, a missing or impossible merge value: the field is named.
    """
    status, told = call("POST", MEMBERS, SOMEBODY | {"status": "subscribed"} | change)

    assert (400, "Invalid Resource") == (status, told["title"])
    assert [field] == [one["field"] for one in told["errors"]]
    assert 404 == call("GET", f"{MEMBERS}/ny@example.com")[0]


def test_choices_are_kept(call):
    """
    A dropdown takes only its choices, and a required one takes not nothing.
    """
    at = f"/3.0/lists/{PARTNERS}/members"
    body = SOMEBODY | {"status": "subscribed"}

    assert 400 == call("POST", at, body)[0]
    assert 400 == call("POST", at, body | {"merge_fields": {"KILDE": "Avis"}})[0]
    assert 200 == call("POST", at, body | {"merge_fields": {"KILDE": "Messe"}})[0]


def test_merge_validation_can_be_skipped(call):
    """
    With skip_merge_validation a member is taken without what is required.
    """
    body = {"email_address": "ny@example.com", "status": "subscribed"}

    assert 400 == call("POST", MEMBERS, body)[0]
    assert 200 == call("POST", f"{MEMBERS}?skip_merge_validation=true", body)[0]


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a@b@example.com"])
def test_address_has_to_be_one(call, address):
    """
    Without an address there is no member.
    """
    status, told = call("POST", MEMBERS, {"email_address": address, "status": "subscribed"})

    assert (400, "Please provide a valid email address.") == (status, told["detail"])


@pytest.mark.parametrize("body", ["{", "[]"])
def test_body_has_to_be_an_object(call, body):
    """
    What is no JSON, or no object, is refused.
    """
    assert 400 == call("POST", MEMBERS, body)[0]


def test_put_of_a_new_one_needs_a_status(call):
    """
    A PUT does not say by itself what somebody new has agreed to.
    """
    at = f"{MEMBERS}/{digest('ny@example.com')}"

    assert (400, "status_if_new") == (
        (reply := call("PUT", at, SOMEBODY))[0],
        reply[1]["errors"][0]["field"],
    )
    assert 200 == call("PUT", at, SOMEBODY | {"status_if_new": "pending"})[0]


def test_put_by_a_wrong_hash(call, member):
    """
    A PUT to a wrong hash, of an address that is there, tells to use PUT.
    """
    body = {"email_address": member.email, "status_if_new": "subscribed"}
    status, told = call("PUT", f"{MEMBERS}/{digest('other@example.com')}", body)

    assert (400, "Member Exists") == (status, told["title"])


def test_existing_member_is_not_added(call, member):
    """
    A POST of somebody who is there is refused.
    """
    body = {"email_address": member.email, "status": "subscribed"}

    assert "Member Exists" == call("POST", MEMBERS, body)[1]["title"]


def test_address_of_another_is_not_taken(standin, call, path):
    """
    Nobody gets the address of another member, by a change.
    """
    other = standin.people[1].email

    assert "Member Exists" == call("PATCH", path, {"email_address": other})[1]["title"]


@pytest.mark.parametrize("status", ["unsubscribed", "cleaned"])
def test_opted_out_stay_out(standin, call, status):
    """
    Whoever left or bounced is not subscribed again but by asking them.
    """
    at = f"{MEMBERS}/{of_status(standin, status).hash}"
    refused = call("PATCH", at, {"status": "subscribed"})

    assert (400, "Member In Compliance State") == (refused[0], refused[1]["title"])
    assert status == call("GET", at)[1]["status"]
    assert "pending" == call("PATCH", at, {"status": "pending"})[1]["status"]


def test_opted_out_stay_out_through_the_archive(standin, call):
    """
    Archiving somebody who left does not make them new.
    """
    left = of_status(standin, "unsubscribed")
    assert 204 == call("DELETE", f"{MEMBERS}/{left.hash}")[0]
    body = {"email_address": left.email, "status": "subscribed"}

    assert "Member In Compliance State" == call("POST", MEMBERS, body)[1]["title"]


def test_archived_come_back(standin, call):
    """
    An archived member is brought back by adding them.
    """
    archived = of_status(standin, "archived")
    body = {"email_address": archived.email, "status": "subscribed"}

    assert "subscribed" == call("POST", MEMBERS, body)[1]["status"]
    assert archived.notes == of_hash(standin, archived.hash).notes


def of_hash(standin, subscriber_hash):
    """Return a member of the news audience."""
    return standin.audiences[NEWS].members[subscriber_hash]


@pytest.mark.parametrize("status", ["cleaned", "pending", "archived"])
def test_some_cannot_be_archived(standin, call, status):
    """
    Bounced, pending and archived members are not archived: only deletion for ever takes them.
    """
    at = f"{MEMBERS}/{of_status(standin, status).hash}"

    assert 405 == call("DELETE", at)[0]
    assert 204 == call("POST", f"{at}/actions/delete-permanent")[0]


# Forgetting


@pytest.mark.parametrize("by", ["email", "contact_id"])
def test_deletion_takes_the_hash_only(call, member, by):
    """
    Deleting by address or contact id deletes nobody.
    """
    assert 404 == call("POST", f"{MEMBERS}/{getattr(member, by)}/actions/delete-permanent")[0]
    assert 200 == call("GET", f"{MEMBERS}/{getattr(member, by)}")[0]


def test_forgotten_by_every_way(standin, call, member, path):
    """
    Nothing brings a forgotten address back: PUT, POST, a batch, or another member's change.
    """
    assert 204 == call("POST", f"{path}/actions/delete-permanent")[0]
    body = {"email_address": member.email, "status": "subscribed", "status_if_new": "subscribed"}
    row = {"email_address": member.email, "status": "subscribed"}
    other = f"{MEMBERS}/{digest(standin.people[1].email)}"

    forgotten = "Forgotten Email Not Subscribed"
    assert forgotten == call("PUT", path, body)[1]["title"]
    assert forgotten == call("POST", MEMBERS, row)[1]["title"]
    assert forgotten == call("PATCH", other, {"email_address": member.email})[1]["title"]
    batch = call("POST", f"/3.0/lists/{NEWS}", {"members": [row], "update_existing": True})[1]
    assert ("ERROR_GENERIC", 1) == (batch["errors"][0]["error_code"], batch["error_count"])
    assert "cannot be re-imported" in batch["errors"][0]["error"]


def test_forgetting_takes_everything_along(call, path):
    """
    With the member go the notes, the tags, the events and what they did.
    """
    call("POST", f"{path}/actions/delete-permanent")

    for more in ("", "/notes", "/tags", "/events", "/goals", "/activity-feed"):
        assert 404 == call("GET", path + more)[0]
    assert 404 == call("POST", f"{path}/actions/delete-permanent")[0]


# What hangs on a member


@pytest.mark.parametrize("tags", [[], None, [{"name": "", "status": "active"}], [{"name": "A"}]])
def test_tags_have_a_form(call, path, tags):
    """
    Tags without a name or a status are refused.
    """
    assert 400 == call("POST", f"{path}/tags", {"tags": tags})[0]


@pytest.mark.parametrize("text", ["", "x" * 1001, 5])
def test_notes_have_a_length(call, path, text):
    """
    A note has 1 to 1,000 characters.
    """
    assert 400 == call("POST", f"{path}/notes", {"note": text})[0]


def test_unknown_note(call, path):
    """
    A note that does not exist, or belongs to another, is a 404.
    """
    assert 404 == call("GET", f"{path}/notes/1")[0]


@pytest.mark.parametrize("name", ["x", "y" * 31, None])
def test_events_have_a_name(call, path, name):
    """
    An event's name has 2 to 30 characters.
    """
    assert 400 == call("POST", f"{path}/events", {"name": name})[0]


# Batches of an audience


def test_batch_of_members(standin, call, member):
    """
    New ones are added, old ones changed, tags replaced if one asks; errors name the field.
    """
    rows = [
        SOMEBODY | {"status": "subscribed"},
        {"email_address": "uden@example.com", "status": "subscribed"},
        {"email_address": member.email, "tags": ["Kun denne"]},
        {"email_address": of_status(standin, "cleaned").email, "status": "subscribed"},
    ]
    body = {"members": rows, "update_existing": True, "sync_tags": True}
    told = call("POST", f"/3.0/lists/{NEWS}", body)[1]

    assert (1, 1, 2) == (told["total_created"], told["total_updated"], told["error_count"])
    assert ("FNAME", "Please enter a value") == (
        told["errors"][0]["field"],
        told["errors"][0]["field_message"],
    )
    assert "compliance state" in told["errors"][1]["error"]
    assert ["Kun denne"] == list(member.tags)


def test_batch_and_duplicates(call):
    """
    The same address twice is an error, unless the client wants the first one to count.
    """
    rows = [SOMEBODY | {"status": "subscribed"}] * 2
    first = call("POST", f"/3.0/lists/{NEWS}", {"members": rows})[1]
    body = {"members": rows, "update_existing": True}
    second = call("POST", f"/3.0/lists/{NEWS}?skip_duplicate_check=true", body)[1]

    assert (1, 1) == (first["total_created"], first["error_count"])
    assert (1, 0) == (second["total_updated"], second["error_count"])


@pytest.mark.parametrize("count", [0, 501])
def test_batch_has_a_size(call, count):
    """
    More than 500 members are refused, and none too.
    """
    rows = [{"email_address": f"m{one}@example.com", "status": "pending"} for one in range(count)]

    assert 400 == call("POST", f"/3.0/lists/{NEWS}", {"members": rows})[0]
