from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest

from klarsyn import storage
from klarsyn.errors import CallRefused, KeyRefused, Throttled, VendorDown
from klarsyn.testing import Reply, StillClock, Trouble, route
from klarsyn.testing.storage import memory
from klarsyn.transport.auth import (
    Basic,
    Bearer,
    ClientCredentials,
    CodeFlow,
    EitherKey,
    HeaderKey,
    NoAuth,
    Outgoing,
    Signed,
)
from klarsyn.transport.tokens import StoredTokens
from klarsyn.transport.words import GET
from tests.transport.desk import Desk, connect, opened, shown

pytestmark = pytest.mark.network

CALL = GET("/people")
TOKEN_URL = "https://api.desk.example/token"
CLIENT = {"client_id": "us", "client_secret": "secret-of-ours"}
CREDENTIALS = ClientCredentials(TOKEN_URL, "{client_id}", "{client_secret}", "read")
FLOW = CodeFlow(
    "https://{team}.desk.example/authorise", TOKEN_URL, "{client_id}", "{client_secret}", ("a", "b")
)


class Door(Desk):
    """A desk that sells tokens, and takes those it sold last."""

    def fill(self):
        """Sell nothing yet; refresh tokens are good for one use."""
        super().fill()
        self.valid = set()
        self.refresh = "refresh-0"
        self.sold = 0
        self.rotates = True
        self.keeps = False
        self.lives = 600

    def before(self, request):
        """Let in who has a valid token."""
        if request.path == "/token" or self.says:
            return super().before(request)
        word = request.headers.get("authorization", "").removeprefix("Bearer ")
        return None if word in self.valid else self.key_refused(request)

    @route("POST", "/token")
    def sell(self, request):
        """Sell a token."""
        form = request.form()
        if form.get("client_secret") != "secret-of-ours":
            return Reply(401, {"error": "invalid_client"})
        refreshes = form["grant_type"] == "refresh_token"
        if refreshes and form["refresh_token"] != self.refresh:
            return Reply(400, {"error": "invalid_grant"})
        self.sold += 1
        if form["grant_type"] != "client_credentials" and self.rotates:
            self.refresh = f"refresh-{self.sold}"
        self.valid = {f"token-{self.sold}", *(self.valid if self.keeps else ())}
        sold = {"access_token": f"token-{self.sold}", "expires_in": self.lives}
        given = (
            {"refresh_token": self.refresh} if form["grant_type"] != "client_credentials" else {}
        )
        return Reply(200, sold | given)

    @property
    def asked(self):
        """How often a token was asked for."""
        return len([one for one in self.sent if one.path == "/token"])


@pytest.fixture
def door():
    """A running door whose clock stands still."""
    with Door(clock=StillClock()) as running:
        yield running


@pytest.fixture
def vault():
    """A vault in a database, with the first refresh token to come."""
    with memory() as opened_storage:
        yield StoredTokens(storage.Vault(opened_storage, {"k": bytes(32)}))


def sign(outgoing, connection):
    """Sign as an invented vendor does."""
    outgoing.headers["X-Signature"] = f"{connection.filled('{key}')}:{outgoing.url[-6:]}"


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        (NoAuth(), "authorization", None),
        (HeaderKey("X-Key", "k {key}/{none}"), "x-key", "k 123/"),
        (Bearer("key"), "authorization", "Bearer 123"),
        (Basic("{key}"), "authorization", "Basic MTIzOg=="),
        (Basic("user", "å{key}"), "authorization", "Basic dXNlcjrDpTEyMw=="),
        (Signed(sign), "x-signature", "123:people"),
        (
            EitherKey({"other": Bearer("other"), "key": Bearer("key")}),
            "authorization",
            "Bearer 123",
        ),
        (EitherKey({"other": NoAuth(), "third": Bearer("key")}), "authorization", None),
    ],
)
def test_what_cannot_be_renewed(auth, header, value):
    """
    The key goes along as the vendor wants it; when it is refused, it is not tried again.
    """
    with opened(auth=auth, settings={"key": "123"}) as (desk, connection):
        connection.call(CALL)
        assert value == desk.sent[0].headers.get(header)
        desk.faults.add(Trouble.EXPIRED_KEY, times=9)
        with pytest.raises(KeyRefused, match="wrong or has expired"):
            connection.call(CALL)
        assert 2 == len(desk.sent)


def test_outgoing_shows_its_method_only():
    """
    What is on its way holds a key.
    """
    assert "Outgoing(method='GET'" == repr(Outgoing("GET", "https://k", {"a": "k"}, b"k"))[:21]
    assert "k'" not in repr(Outgoing("GET", "https://k", {"a": "k"}, b"k"))


# Client credentials


def test_token_is_bought_once_until_it_ends(door):
    """
    One token serves until a minute before its end; then another is bought.
    """
    with connect(door, auth=CREDENTIALS, settings=CLIENT) as connection:
        connection.call(CALL)
        connection.call(CALL)
        door.clock.move(seconds=539)
        connection.call(CALL)
        assert 1 == door.asked
        door.clock.move(seconds=1)
        connection.call(CALL)
    form = {"grant_type": "client_credentials", **CLIENT, "scope": "read"}
    assert form == door.sent[0].form()
    assert 2 == door.asked


def test_refused_token_is_renewed_once(door):
    """
    A token that is refused before its end is bought anew; when that one is refused, too, it ends.
    """
    with connect(door, auth=CREDENTIALS, settings=CLIENT) as connection:
        connection.call(CALL)
        door.valid.clear()
        connection.call(CALL)
        assert 2 == door.asked
        door.faults.add(Trouble.EXPIRED_KEY, on="GET *", times=9)
        with pytest.raises(KeyRefused):
            connection.call(CALL)
    assert 3 == door.asked


def test_threads_buy_one_token(door):
    """
    Eight threads that start at once, and that are refused at once, buy one token each time.
    """
    everybody = Barrier(8)

    def together(connection):
        everybody.wait()
        return connection.call(CALL).status

    with (
        connect(door, auth=CREDENTIALS, settings=CLIENT) as connection,
        ThreadPoolExecutor(8) as pool,
    ):
        assert [200] * 8 == list(pool.map(together, [connection] * 8))
        assert 1 == door.asked
        door.valid.clear()
        assert [200] * 8 == list(pool.map(together, [connection] * 8))
    assert 2 == door.asked


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (40, 20),
        ("40", 20),
        (None, 3540),
        ("soon", 3540),
        (0, 3540),
        (-1, 3540),
        (1e300, 366 * 86400 - 60),
    ],
)
def test_life_of_a_token(door, told, seconds):
    """
    A short life is used to the half, an odd one counts as an hour.
    """
    door.lives = told
    with connect(door, auth=CREDENTIALS, settings=CLIENT) as connection:
        connection.call(CALL)
        door.clock.move(seconds=seconds - 1)
        assert connection.token
        door.clock.move(seconds=1)
        assert not connection.token


@pytest.mark.parametrize(
    ("reply", "kind", "after"),
    [
        (Reply(400, {"error": "maja", "access_token": "x"}), KeyRefused, None),
        (Reply(200, {"access_token": ""}), KeyRefused, None),
        (Reply(200, {"access_token": 5}), KeyRefused, None),
        (Reply(200, "<p>maja", {}, "text/html"), KeyRefused, None),
        (Reply(429, {}, {"Retry-After": "7"}), Throttled, 7),
        (Reply(503, "maja"), VendorDown, None),
    ],
)
def test_token_that_is_not_sold(door, reply, kind, after):
    """
    A refusal is one of the key; overload and outage are not, and nothing is quoted.
    """
    with connect(door, auth=ClientCredentials(TOKEN_URL, "a", "b"), settings=CLIENT) as connection:
        door.says = [reply]
        with pytest.raises(kind, match="token could not be got") as caught:
            connection.call(CALL)
    assert after == caught.value.after
    assert "maja" not in shown(caught.value)


def test_token_is_bought_from_the_vendor_only(door):
    """
    A token's address has to be on a host of the sheet; where nobody answers, the vendor is down.
    """
    foreign = ClientCredentials("https://evil.example/", "a", "b")
    with connect(door, auth=foreign) as connection, pytest.raises(CallRefused):
        connection.call(CALL)
    door.faults.add(Trouble.CUT_OFF, on="POST /token")
    with connect(door, auth=CREDENTIALS, settings=CLIENT) as connection, pytest.raises(VendorDown):
        connection.call(CALL)
    assert 1 == door.asked


# The code flow


def flowing(door, vault, **around):
    """Return a connection by code flow."""
    return connect(
        door,
        auth=FLOW,
        settings={**CLIENT, "team": "blue"},
        around={"vault": vault, **around},
    )


def test_where_a_person_agrees(door, vault):
    """
    The address names who asks, for what, and where to come back to.
    """
    with flowing(door, vault) as connection:
        address = FLOW.address(connection, "https://us.example/back", "state-1")
    assert "https://blue.desk.example/authorise" == address.partition("?")[0]
    assert {
        "response_type": ["code"],
        "client_id": ["us"],
        "redirect_uri": ["https://us.example/back"],
        "scope": ["a b"],
        "state": ["state-1"],
    } == parse_qs(urlsplit(address).query)


def test_code_is_redeemed_and_the_token_rotates(door, vault):
    """
    A code buys tokens; each refresh puts the next refresh token into the vault.
    """
    with flowing(door, vault) as connection:
        FLOW.redeem(connection, "code-1", "https://us.example/back")
        connection.call(CALL)
        assert "refresh-1" == vault.get(connection.account)[0]
    assert "code-1" == door.sent[0].form()["code"]
    with flowing(door, vault) as later:
        later.call(CALL)
        assert "refresh-2" == vault.get(later.account)[0]
        door.valid.clear()
        later.call(CALL)
        assert "refresh-3" == vault.get(later.account)[0]


def test_agreeing_again_replaces_what_was_agreed(door, vault):
    """
    Who agrees anew is believed, whatever stood in the vault; a vendor that gives nothing is not.
    """
    with flowing(door, vault) as connection:
        vault.replace(connection.account, "stale", None)
        FLOW.redeem(connection, "code-1", "https://us.example/back")
        assert "refresh-1" == vault.get(connection.account)[0]
        door.says = [Reply(200, {"access_token": "x"})]
        with pytest.raises(KeyRefused, match="no lasting token"):
            FLOW.redeem(connection, "code-2", "https://us.example/back")
    with flowing(door, None) as connection, pytest.raises(KeyRefused, match="no lasting token"):
        FLOW.redeem(connection, "code-3", "https://us.example/back")


def test_refresh_token_that_stays(door, vault):
    """
    A vendor that gives the same token again leaves the vault as it is.
    """
    door.rotates = False
    with flowing(door, vault) as connection:
        vault.replace(connection.account, "refresh-0", None)
        before = vault.get(connection.account)
        connection.call(CALL)
        assert before == vault.get(connection.account)


def test_nobody_has_agreed(door, vault):
    """
    Without a refresh token, or a vault for one, it is said how to get there.
    """
    for one in (vault, None):
        refused = pytest.raises(KeyRefused, match="nobody has agreed")
        with flowing(door, one) as connection, refused:
            connection.call(CALL)
    assert [] == door.sent


def test_refresh_token_that_was_revoked(door, vault):
    """
    A refused refresh token is tried once: nobody has put another there.
    """
    with flowing(door, vault) as connection:
        vault.replace(connection.account, "revoked", None)
        with pytest.raises(KeyRefused, match="token could not be got"):
            connection.call(CALL)
    assert 1 == door.asked


def test_who_was_slower_takes_the_newer_token(door, vault):
    """
    A token that another process has used up is not the end: its successor is in the vault.
    """
    with flowing(door, vault) as connection:
        vault.replace(connection.account, "used-up", None)

        def refuse_while_another_puts_the_next():
            vault.replace(connection.account, "refresh-0", None)
            return Reply(400, {"error": "invalid_grant"})

        door.says = [refuse_while_another_puts_the_next]
        connection.call(CALL)
        assert "refresh-1" == vault.get(connection.account)[0]


def test_connections_that_refresh_at_once(vault):
    """
    Of connections that share a database one refreshes at a time, so each token is used once.
    """
    everybody = Barrier(4)

    def call(connection):
        everybody.wait()
        return [connection.call(CALL).status for _ in range(3)]

    with Door() as door, memory() as shared, ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        door.keeps = True
        buckets = storage.Buckets(shared, door.clock)
        connections = [stack.enter_context(flowing(door, vault, buckets=buckets)) for _ in range(4)]
        vault.replace(connections[0].account, "refresh-0", None)
        assert [[200] * 3] * 4 == list(pool.map(call, connections))
        assert "refresh-4" == vault.get(connections[0].account)[0]
    assert [] == [one for one in door.exchanges if one.reply.status == 400]
