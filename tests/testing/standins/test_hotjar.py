"""
Hotjar's stand-in, asked over HTTP; there is no client of the vendor's or anybody's to drive it.
"""

import http.client
import json
from contextlib import closing
from urllib.parse import urlencode

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins import standin as standin_of
from klarsyn.testing.standins.hotjar import HotjarStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

SITE = f"/v1/sites/{HotjarStandIn.SITE_ID}"
SURVEYS, CONTACT = f"{SITE}/surveys", f"{SITE}/surveys/880102/responses"
LOOKUP = f"/v1/organizations/{HotjarStandIn.ORGANIZATION_ID}/user-lookup"
ALWAYS = {
    "POST /oauth/token": ["access_token", "expires_in"],
    "GET /sites/{site_id}/surveys": ["results.id", "next_cursor"],
    "GET /sites/{site_id}/surveys/{survey_id}": ["questions.type"],
    "GET /sites/{site_id}/surveys/{survey_id}/responses": ["results.answers.answer", "next_cursor"],
}


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("hotjar", ALWAYS) as kept:
        yield kept


@pytest.fixture
def hotjar(exchanges):
    """An organisation whose clock stands still."""
    with HotjarStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def ask(standin, method, path, body=None, **headers):
    """Return status and body of one exchange."""
    usual = {"Host": "api.hotjar.io", "Content-Type": "application/json"}
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body) if isinstance(body, dict) else body
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request(method, path, content, given)
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text else None


def token(standin, **changed):
    """Return what the request for a token is answered."""
    secrets = standin.secrets
    pair = {name: secrets[name] for name in ("client_id", "client_secret")}
    form = urlencode({"grant_type": "client_credentials"} | pair | changed)
    kind = "application/x-www-form-urlencoded"
    return ask(standin, "POST", "/v1/oauth/token", form, Content_Type=kind)


def call(standin, method, path, body=None):
    """Return status and body of one exchange with a fresh token."""
    bearer = token(standin)[1]["access_token"]
    return ask(standin, method, path, body, Authorization=f"Bearer {bearer}")


def everything(standin, path, limit):
    """Return what a list holds, page by page."""
    _, page = call(standin, "GET", f"{path}?limit={limit}")
    found = page["results"]
    while cursor := page["next_cursor"]:
        _, page = call(standin, "GET", f"{path}?{urlencode({'limit': limit, 'cursor': cursor})}")
        found += page["results"]
    return found


# Keys


def test_vendor_is_at_home():
    """
    The class is found by the vendor's name.
    """
    assert HotjarStandIn is standin_of("hotjar")


def test_token_lives_an_hour(hotjar):
    """
    After an hour the same request is refused, in Hotjar's two words.
    """
    bearer = f"Bearer {token(hotjar)[1]['access_token']}"

    assert 200 == ask(hotjar, "GET", SURVEYS, Authorization=bearer)[0]
    hotjar.clock.move(seconds=3600)
    status, body = ask(hotjar, "GET", SURVEYS, Authorization=bearer)
    assert 401 == status
    assert {"error", "message"} == set(body)
    assert 401 == ask(hotjar, "GET", SURVEYS)[0]


def test_key_dies_after_a_year(hotjar):
    """
    A day before its end a key gives tokens, at its end none.
    """
    hotjar.clock.move(days=364)
    assert 200 == token(hotjar)[0]
    hotjar.clock.move(days=1)
    assert (401, "invalid_client") == (token(hotjar)[0], token(hotjar)[1]["error"])


def test_token_wants_the_form_and_the_pair(hotjar):
    """
    Another secret is refused with 401; another grant, or JSON, with 400.
    """
    assert 401 == token(hotjar, client_secret="another")[0]
    assert 400 == token(hotjar, grant_type="password")[0]
    assert 400 == ask(hotjar, "POST", "/v1/oauth/token", hotjar.secrets)[0]


@pytest.mark.parametrize(
    ("plans", "surveys", "responses", "lookup"),
    [
        ({"ask-scale"}, 200, 200, 200),
        ({"observe-scale"}, 200, 403, 200),
        (set(), 403, 403, 403),
    ],
)
def test_plan_opens_parts_of_the_api(hotjar, plans, surveys, responses, lookup):
    """
    Responses need Ask Scale; a company without either plan has no API.
    """
    hotjar.plans = plans
    asked = {"data_subject_email": "nobody@example.com", "delete_all_hits": True}

    assert surveys == call(hotjar, "GET", SURVEYS)[0]
    assert responses == call(hotjar, "GET", CONTACT)[0]
    assert lookup == call(hotjar, "POST", LOOKUP, asked)[0]


# Reading


def test_surveys_tell_their_questions_when_asked(hotjar):
    """
    Questions come with `with_questions` and with a single survey; a survey that is off is listed.
    """
    plain = everything(hotjar, SURVEYS, 3)
    _, full = call(hotjar, "GET", f"{SURVEYS}?with_questions=true&limit=100")
    _, one = call(hotjar, "GET", f"{SURVEYS}/880102")

    assert 4 == len(plain) == len(full["results"])
    assert not any("questions" in each for each in plain)
    assert 3 == sum(each["is_enabled"] for each in plain)
    assert ["email", "short-text"] == [each["type"] for each in one["questions"]]
    assert one in full["results"]


def test_responses_come_newest_first(hotjar):
    """
    Page by page to the end, each once; a response deleted in between loses no other.
    """
    found = everything(hotjar, CONTACT, 5)
    times = [one["created_time"] for one in found]

    assert {one.email for one in hotjar.people} == {one["answers"][0]["answer"] for one in found}
    assert sorted(times, reverse=True) == times
    _, first = call(hotjar, "GET", f"{CONTACT}?limit=5")
    hotjar.responses = [one for one in hotjar.responses if one.id != first["results"][-1]["id"]]
    _, second = call(hotjar, "GET", f"{CONTACT}?limit=5&cursor={first['next_cursor']}")
    assert found[5:10] == second["results"]


@pytest.mark.parametrize("query", ["limit=101", "limit=0", "limit=x", "cursor=x", "cursor=_w=="])
def test_page_that_cannot_be_is_refused(hotjar, query):
    """
    At most 100 a page, and no cursor but Hotjar's own.
    """
    assert (400, "bad_request") == (
        (reply := call(hotjar, "GET", f"{CONTACT}?{query}"))[0],
        reply[1]["error"],
    )


@pytest.mark.parametrize(
    "path",
    ["/v1/sites/1/surveys", "/v1/sites/1/surveys/880102", f"{SURVEYS}/1", f"{SURVEYS}/1/responses"],
)
def test_unknown_site_or_survey_is_not_found(hotjar, path):
    """
    404 in Hotjar's two words; so are the recordings, of which some pages dream.
    """
    assert (404, "not_found") == ((got := call(hotjar, "GET", path))[0], got[1]["error"])
    dream = HotjarStandIn(clock=hotjar.clock)
    dream.recording = False
    with dream:
        assert 404 == call(dream, "GET", f"{SITE}/recordings")[0]


def test_people_are_where_nobody_declared_them(hotjar):
    """
    All is unexpected; whatever is not filmed can be read through the API.
    """
    paths = [f"{SURVEYS}/{one['id']}/responses" for one in everything(hotjar, SURVEYS, 100)]
    text = json.dumps([everything(hotjar, one, 100) for one in paths], ensure_ascii=False)

    assert not any(one.expected for one in hotjar.planted)
    assert {
        "response.answers.answer",
        "response.answers.comment",
        "response.user_attributes.value",
        "recording",
    } == {one.place for one in hotjar.planted}
    assert all(one.email in text and one.name in text for one in hotjar.people)
    assert not any(one.street in text for one in hotjar.people)


# Lookup


def test_lookup_mails_the_person(hotjar):
    """
    Without `delete_all_hits` a letter goes to the data subject and to the organisation.
    """
    email = hotjar.people[0].email
    before = list(hotjar.responses)

    assert 200 == call(hotjar, "POST", LOOKUP, {"data_subject_email": email})[0]
    assert [email, hotjar.RECIPIENT] == [one.to for one in hotjar.mails]
    assert before == hotjar.responses
    call(hotjar, "POST", LOOKUP, {"data_subject_site_id_to_user_id_map": {hotjar.SITE_ID: "kp-1"}})
    assert (hotjar.RECIPIENT, "kp-1") == (hotjar.mails[-1].to, hotjar.mails[-1].about)


def test_lookup_deletes_what_was_consented_to(hotjar):
    """
    By address one response is gone at once; the free texts and the film stay.
    """
    person, silent = hotjar.people[0], hotjar.people[3]
    before, films = len(hotjar.responses), len(hotjar.recordings)
    asked = {"data_subject_email": person.email.upper(), "delete_all_hits": True}

    assert 200 == call(hotjar, "POST", LOOKUP, asked)[0]
    assert (before - 1, films) == (len(hotjar.responses), len(hotjar.recordings))
    assert [] == hotjar.mails
    assert person.phone in json.dumps(everything(hotjar, f"{SURVEYS}/880101/responses", 100))
    call(hotjar, "POST", LOOKUP, asked | {"data_subject_email": silent.email})
    assert before - 1 == len(hotjar.responses)


def test_lookup_deletes_by_identify(hotjar):
    """
    The site's own id reaches responses and films that Identify named, those of its site only.
    """
    before, films = len(hotjar.responses), len(hotjar.recordings)
    asked = {"delete_all_hits": True, "data_subject_site_id_to_user_id_map": {"1": "kp-1004"}}

    call(hotjar, "POST", LOOKUP, asked)
    assert (before, films) == (len(hotjar.responses), len(hotjar.recordings))
    asked["data_subject_site_id_to_user_id_map"] = {hotjar.SITE_ID: "kp-1004"}
    call(hotjar, "POST", LOOKUP, asked)
    assert (before - 1, films - 1) == (len(hotjar.responses), len(hotjar.recordings))


@pytest.mark.parametrize(
    "body",
    [
        {"delete_all_hits": True},
        {"data_subject_email": "", "delete_all_hits": True},
        {"data_subject_email": "someone@example.com", "delete_all_hits": "true"},
        {"data_subject_site_id_to_user_id_map": ["kp-1001"]},
        "[]",
        "{",
    ],
)
def test_lookup_of_nobody_is_refused(hotjar, body):
    """
    At least one of the two must say who; nothing is mailed or deleted.
    """
    before = len(hotjar.responses)

    assert 400 == call(hotjar, "POST", LOOKUP, body)[0]
    assert 404 == call(hotjar, "POST", "/v1/organizations/1/user-lookup", {})[0]
    assert (before, []) == (len(hotjar.responses), hotjar.mails)


# Troubles


def test_rate_is_3000_a_minute(hotjar):
    """
    One more is refused with 429, and the next minute is free.
    """
    hotjar.recording = False
    for _ in range(hotjar.REQUESTS):
        hotjar.window.take()

    status, body = token(hotjar)
    assert (429, "too_many_requests") == (status, body["error"])
    hotjar.clock.move(seconds=61)
    assert 200 == token(hotjar)[0]
    hotjar.limits = False
    assert 200 == token(hotjar)[0]


@pytest.mark.parametrize(
    ("trouble", "status", "kind"),
    [
        (Trouble.THROTTLED, 429, "too_many_requests"),
        (Trouble.THROTTLED_SILENTLY, 429, "too_many_requests"),
        (Trouble.EXPIRED_KEY, 401, "unauthorized"),
        (Trouble.ERROR_IN_OK, 200, "internal_error"),
    ],
)
def test_troubles_have_hotjars_form(hotjar, trouble, status, kind):
    """
    Every error is an object of `error` and `message`.
    """
    hotjar.faults.add(trouble, on="GET *")

    got, body = call(hotjar, "GET", SURVEYS)
    assert (status, kind) == (got, body["error"])
    assert {"error", "message"} == set(body)
