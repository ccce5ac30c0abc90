from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klarsyn.errors import (
    CallRefused,
    KeyRefused,
    KlarsynError,
    OutcomeUnknown,
    RecordRefused,
    ReplyUnread,
    Throttled,
    VendorDown,
)
from klarsyn.testing import Reply, StillClock, Trouble
from klarsyn.transport.auth import Outgoing
from klarsyn.transport.bodies import Xml
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.transport.words import (
    DELETE,
    GET,
    POST,
    PUT,
    Call,
    Failure,
    IdempotencyKey,
    Kind,
    Limit,
    Place,
    Repeat,
)
from tests.transport.desk import KEY, Desk, api, connect, opened, shown

pytestmark = pytest.mark.network

READ = GET("/people/{id}")
ADD = POST("/people", body={"name": Place("name")})
SET = PUT("/people/{id}", body={"name": Place("name")})
AWAY = DELETE("/people/{id}")
HOOK = POST("/people", repeat=Repeat.NEVER)
KEYED = ADD.but(repeat=Repeat.KEYED, key=IdempotencyKey("Idempotency-Key", 60))
DOWN = [Trouble.CUT_OFF, Trouble.DOWN]


# What is allowed


@pytest.mark.parametrize("purpose", [Purpose.AUDIT, Purpose.FIND])
@pytest.mark.parametrize("call", [ADD, SET, AWAY, READ.but(notifies="the person")])
def test_who_reads_does_not_write(purpose, call):
    """
    A connection to read makes no call that changes anything or tells anybody.
    """
    with opened(purpose=purpose) as (desk, connection):
        with pytest.raises(CallRefused, match="is not made on a connection"):
            connection.call(call, id=1, name="x")
        assert 200 == connection.call(READ, id=1).status
        assert 1 == len(desk.sent)


def test_who_delivers_does_not_delete():
    """
    A delivery writes, tells people if it has to, and deletes nobody.
    """
    with opened(purpose=Purpose.DELIVER) as (_, connection):
        assert 200 == connection.call(ADD.but(notifies="the person"), name="x").status
        with pytest.raises(CallRefused):
            connection.call(AWAY, id=1)
    with opened(purpose=Purpose.ERASE) as (_, connection):
        assert 200 == connection.call(AWAY, id=1).status


def test_blank_id_is_sent_nowhere():
    """
    A deletion without an id is refused before it leaves.
    """
    with opened() as (desk, connection):
        for blank in (None, "", " ", ".", "..", True, ("",)):
            with pytest.raises(CallRefused, match="would be called without id"):
                connection.call(AWAY, id=blank)
        assert [] == desk.sent


# Where and what


def test_address_and_settings():
    """
    The base may be another one by name, or be asked for; settings given and derived fill it.
    """
    bases = {
        "other": "https://other.desk.example/{team}",
        "asked": lambda one: one.filled("https://{where}"),
    }
    derived = {"derive": lambda given: {"where": f"{given['team']}.desk.example"}}
    with opened(settings={"team": "blue"}, bases=bases, **derived) as (_, connection):
        assert "https://api.desk.example/v1/people/a%2Fb" == connection.address(READ, {"id": "a/b"})
        query = READ.but(host="other", query={"q": "å b"})
        assert "https://other.desk.example/blue/people/1?q=%C3%A5+b" == connection.address(
            query, {"id": 1}
        )
        asked = connection.address(READ.but(host="asked"), {"id": 1})
        assert "https://blue.desk.example/people/1" == asked


def test_headers_and_body():
    """
    Headers of the sheet and of the call go along, bodies are JSON, a form, or what a codec says.
    """
    with opened(headers={"X-Version": "1", "Accept": "a/b"}) as (desk, connection):
        connection.call(ADD.but(headers={"X-Call": "2"}), name="å")
        connection.call(ADD.but(form=True), name="å")
        desk.says = [Reply(200, "<a><b>5</b></a>", {}, "application/xml")]
        assert "5" == connection.call(READ.but(codec=Xml()), id=1).at("b")
        first, second, _ = desk.sent

    names = ("x-version", "x-call", "accept", "x-key", "content-type")
    assert ("1", "2", "a/b", KEY, "application/json") == tuple(map(first.headers.get, names))
    assert {"name": "å"} == first.json()
    assert {"name": "å"} == second.form()


def test_account_is_told_from_others_without_its_key():
    """
    Limits and tokens are kept under a name that public settings make, and no key.
    """
    with (
        opened(settings={"team": "blue"}) as (desk, first),
        opened(settings={"team": "red"}) as (_, other),
    ):
        with connect(desk, settings={"team": "blue", "key": "another"}) as same:
            assert first.account == same.account
        assert first.account != other.account
    assert "blue" not in first.account
    assert "<Connection to desk to erase>" == repr(first)


def test_connection_without_surroundings():
    """
    A connection opens by itself and sends nothing.
    """
    with Connection("desk", api(), {"key": KEY}) as connection:
        connection.memory["a"] = 1
        assert "" == connection.token
    assert {} == connection.memory


# What is not there


def test_look():
    """
    A record that is not there is None; any other failure is raised.
    """
    by_word = {
        "classify": lambda reply: (
            Failure(Kind.REFUSED, str(reply.at("error"))) if reply.at("error") else None
        )
    }
    with opened(**by_word) as (desk, connection):
        desk.says = [
            Reply(404),
            Reply(410),
            Reply(200, {"error": "gone"}),
            Reply(400),
            Reply(400),
            Reply(403),
        ]
        assert [None] * 3 == [connection.look(READ, id=1) for _ in range(3)]
        assert None is connection.look(READ.but(absent=(400,)), id=1)
        with pytest.raises(RecordRefused):
            connection.look(READ, id=1)
        with pytest.raises(KlarsynError):
            connection.look(READ, id=1)
        assert "1" == connection.look(READ, id=1).at("id")


def test_refusal_may_be_an_answer():
    """
    Which of many rows are wrong stands in a refusal; another status is a failure still.
    """
    with opened() as (desk, connection):
        desk.says = [Reply(400, {"wrong": [1]}), Reply(422), Reply(503), Reply(400)]
        asked = READ.but(answers=(400, 503))
        assert [1] == connection.call(asked, id=1).at("wrong")
        with pytest.raises(RecordRefused):
            connection.call(asked, id=1)
        assert 400 == connection.call(asked, id=1).status


def test_what_was_done_before_is_done():
    """
    A vendor that says that it has been done already has said yes.
    """
    classify = {
        "classify": lambda reply: Failure(Kind.REFUSED, "done") if reply.status == 409 else None
    }
    with opened(**classify) as (desk, connection):
        desk.says = [Reply(409, {"error": "done"})]
        assert 409 == connection.call(AWAY, id=1).status


# Again, and not again


@pytest.mark.parametrize("call", [READ, SET, AWAY, KEYED])
@pytest.mark.parametrize("trouble", [*DOWN, Trouble.THROTTLED, Trouble.THROTTLED_SILENTLY])
def test_what_may_be_repeated_is(call, trouble):
    """
    What reads, sets, deletes or has a key is sent again until it is answered.
    """
    with opened() as (desk, connection):
        desk.faults.add(trouble, times=3)
        assert 200 == connection.call(call, id=1, name="x").status
        assert 4 == len(desk.sent)
        assert 3 <= len(desk.clock.slept)


@pytest.mark.parametrize("call", [ADD, HOOK])
@pytest.mark.parametrize("trouble", [*DOWN, Trouble.MALFORMED, Trouble.BOMB])
def test_what_may_not_be_repeated_is_unknown(call, trouble):
    """
    A POST that may have arrived is sent once; nobody knows, and that is said.
    """
    with opened(most_bytes=1000) as (desk, connection):
        desk.faults.add(trouble)
        with pytest.raises(
            OutcomeUnknown, match="nobody knows whether POST /people was carried out"
        ):
            connection.call(call, name="x")
        assert 1 == len(desk.sent)


@pytest.mark.parametrize("call", [ADD, HOOK, KEYED])
def test_what_was_refused_for_being_too_much_is_repeated(call):
    """
    A 429 did nothing, so a POST is sent again after it.
    """
    with opened() as (desk, connection):
        desk.faults.add(Trouble.THROTTLED, retry_after=7)
        assert 200 == connection.call(call, name="x").status
        assert [7] == [round(one) for one in desk.clock.slept]


def test_what_never_left_is_repeated():
    """
    Where no connection is made nothing can have been done: a POST is tried again, then told.
    """
    clock = StillClock()
    with Desk(clock=clock) as desk:
        connection = connect(desk, around={"patience": 20})
    with connection, pytest.raises(VendorDown):
        connection.call(HOOK)
    assert 3 <= len(clock.slept)


def test_one_key_for_all_attempts():
    """
    The key by which a vendor knows a second attempt is the deed's name, or stays the same.
    """
    with opened() as (desk, connection):
        desk.faults.add(Trouble.CUT_OFF, times=2)
        connection.call(KEYED, name="x")
        connection.call(KEYED, name="x")
        connection.call(KEYED, once="deed-1", name="x")
        keys = [one.headers["idempotency-key"] for one in desk.sent]

    assert [keys[0]] * 3 == keys[:3]
    assert keys[0] != keys[3]
    assert "deed-1" == keys[4]
    assert 36 == len(keys[0])


def test_no_longer_than_the_key_lives():
    """
    A call is not sent again when its key may be forgotten; then it is unknown.
    """
    with opened(around={"patience": 1000}) as (desk, connection):
        desk.faults.add(Trouble.DOWN, times=99)
        with pytest.raises(OutcomeUnknown):
            connection.call(KEYED, name="x")
        assert sum(desk.clock.slept) < 60
        desk.faults.clear()
        desk.faults.add(Trouble.DOWN)
        desk.faults.add(Trouble.THROTTLED, times=99, retry_after=50)
        with pytest.raises(OutcomeUnknown):
            connection.call(KEYED, name="x")


def test_answer_after_a_doubt_is_believed():
    """
    A refusal after an attempt that was lost is the vendor's word.
    """
    with opened() as (desk, connection):
        desk.faults.add(Trouble.CUT_OFF)
        desk.says = [Reply(200, {"a": "b" * 99}), Reply(422)]
        with pytest.raises(RecordRefused):
            connection.call(KEYED, name="x")


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(Trouble.DOWN, VendorDown), (Trouble.CUT_OFF, VendorDown), (Trouble.THROTTLED, Throttled)],
)
def test_patience_ends(trouble, kind):
    """
    After the given time the caller is told; waits grow, and are shortened by chance only.
    """
    with opened(around={"patience": 100}) as (desk, connection):
        desk.faults.add(trouble, times=99, retry_after=0)
        with pytest.raises(kind):
            connection.call(READ, id=1)
        waits = [round(one, 1) for one in desk.clock.slept if one > 0.01]
    for wait, most in zip(waits, [1, 2, 4, 8, 16, 32], strict=False):
        assert most * 0.75 <= wait <= most
    assert 100 >= sum(desk.clock.slept) > 30


def test_long_wait_is_told_at_once():
    """
    A vendor that says to come back after our patience is not waited for.
    """
    with opened(around={"patience": 100}) as (desk, connection):
        desk.says = [Reply(429, {}, {"Retry-After": "101"})]
        with pytest.raises(Throttled) as caught:
            connection.call(READ, id=1)
        assert ([], 101) == (desk.clock.slept, caught.value.after)
        with pytest.raises(Throttled):
            connection.call(READ, id=1)
        assert 1 == len(desk.sent)


def test_no_place_in_time():
    """
    Where all places at once are taken, it is told when patience ends; nothing is sent.
    """
    with opened(limit=Limit(at_once=1), around={"patience": 1}) as (desk, connection):
        taken = connection._turnstile.through({"all": connection.api.limit}, 1, 60, 0)
        with taken, pytest.raises(Throttled):
            connection.call(READ, id=1)
        assert [] == desk.sent
        assert 200 == connection.call(READ, id=1).status


@pytest.mark.parametrize("status", [301, 400, 409, 422])
def test_refusal_is_final(status):
    """
    What the vendor refuses is not sent again.
    """
    with opened() as (desk, connection):
        desk.says = [Reply(status, {}, {"Location": "https://evil.example/"})]
        with pytest.raises(RecordRefused):
            connection.call(ADD, name="x")
        assert 1 == len(desk.sent)


# What cannot be read


@pytest.mark.parametrize("call", [READ, SET])
def test_success_that_is_no_json(call):
    """
    A success whose body is not what its type says is not taken for one.
    """
    with opened() as (desk, connection):
        desk.faults.add(Trouble.MALFORMED)
        with pytest.raises(ReplyUnread, match="is not JSON"):
            connection.call(call, id=1, name="x")
        desk.faults.add(Trouble.BOMB)
    with opened(most_bytes=9) as (_, connection), pytest.raises(ReplyUnread, match="too large"):
        connection.call(call, id="a-long-one", name="x")


# What an error says


secrets = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=12, max_size=40).map(
    lambda text: f"maja-{text}-end"
)


def refused(connection, call, **places):
    """Return all that the error of a call, or of its pages, could print."""
    try:
        connection.call(call, **places)
        list(connection.pages(call.but(items="id"), **places))
    except KlarsynError as error:
        return shown(error)
    return ""


@pytest.fixture(scope="module")
def desk():
    """One desk for many examples."""
    with Desk(clock=StillClock()) as running:
        yield running


@given(value=secrets, status=st.sampled_from([200, 301, 400, 401, 403, 404, 422, 429, 503]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_error_holds_no_value(desk, value, status):
    """
    Whatever is sent or comes back, nothing of it is in an error, its cause or its context.
    """
    desk.clock = StillClock()
    bodies = [{"error": value, "data": value}, f'{{"broken": "{value}', value]
    calls = [READ, ADD.but(repeat=Repeat.SAFE), ADD, GET("/people", query={"q": Place("name")})]
    codes = {
        "classify": lambda reply: Failure(Kind.REFUSED, value) if reply.status == 422 else None
    }
    headers = {"X-Of": "maja-in-a-header", "Location": "https://evil.example/maja-"}
    with connect(desk, around={"patience": 0}, settings={"key": "maja-key"}, **codes) as connection:
        for call in calls:
            for body in bodies:
                desk.says = [Reply(status, body, headers)]
                said = refused(connection, call, id=value, name=value)
                assert "maja-" not in said
                assert value not in unquote(said)
                desk.says.clear()
    desk.exchanges.clear()


@pytest.mark.parametrize(
    "trouble", [*DOWN, Trouble.SLOW, Trouble.MALFORMED, Trouble.BOMB, Trouble.EXPIRED_KEY]
)
@pytest.mark.parametrize("call", [READ, ADD])
def test_lost_call_holds_no_value(trouble, call):
    """
    Nor when the connection breaks, the key is refused or the reply is no reply.
    """
    with opened(around={"patience": 0}, most_bytes=1000, settings={"key": "maja-key"}) as (
        desk,
        connection,
    ):
        desk.faults.add(trouble, times=9)
        said = refused(connection, call, id="maja-1", name="maja-2")
        assert "maja-" not in said
        assert said


def test_vendor_that_cannot_be_reached_for_a_token():
    """
    A request that is sent as it is finds the vendor down, or the host refused.
    """
    with opened() as (desk, connection):
        desk.faults.add(Trouble.CUT_OFF)
        with pytest.raises(VendorDown, match="does not answer"):
            connection.send(Outgoing("GET", "https://api.desk.example/maja-", {}, b""))
        with pytest.raises(CallRefused):
            connection.send(Outgoing("GET", "https://evil.example/", {}, b""))
        desk.faults.add(Trouble.EXPIRED_KEY)
        with pytest.raises(KeyRefused):
            connection.call(READ, id=1)


def test_reader_may_not_follow_a_link_of_a_writing_call():
    """
    A link is followed under the same guards as any call.
    """
    with opened(purpose=Purpose.AUDIT) as (_, connection), pytest.raises(CallRefused):
        connection.at(Call("PUT", "/x"), "https://api.desk.example/v1/people/1")
