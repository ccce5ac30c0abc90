import base64
from datetime import date
from types import SimpleNamespace

import pytest
from azure.core.rest import HttpRequest
from azure.storage.blob._shared.authentication import SharedKeyCredentialPolicy

from klarsyn.errors import KeyRefused
from klarsyn.testing import StillClock
from klarsyn.transport.auth import Outgoing
from klarsyn.transport.azure import by_key, by_sas, by_token, told_by_sas

KEY = base64.b64encode(b"a key of nobody's").decode()
HOST = "https://nobody.blob.core.windows.net"


class Opened(SimpleNamespace):
    """As much of a connection as a signature needs."""

    name = "microsoft-blob"
    clock = StillClock()

    def filled(self, template):
        """Fill a template in."""
        return template.format(**self.settings)


def signed(by, outgoing, **settings):
    """Return a request that was signed with some settings."""
    by(outgoing, Opened(settings={"account": "nobody", **settings}))
    return outgoing


@pytest.mark.parametrize(
    ("method", "path", "headers", "content"),
    [
        ("GET", "/?comp=list&include=metadata%2Csystem&marker=", {}, b""),
        ("GET", "/c/a%2F%C3%A5%20b.txt?versionid=2026-11-26T10%3A00%3A00.0000000Z", {}, b""),
        ("PUT", "/c/a", {"If-Match": '"0x8"', "x-ms-meta-a_b": "1", "x-ms-meta-ab": "2"}, b"text"),
        ("PUT", "/c/a", {"x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": "a"}, b""),
        ("DELETE", "/c/a?snapshot=1&deletetype=permanent", {"x-ms-delete-snapshots": "only"}, b""),
    ],
)
def test_key_signs_as_microsofts_client_does(method, path, headers, content):
    """
    The signature of every kind of call is that of Microsoft's own client.
    """
    outgoing = Outgoing(method, HOST + path, {"x-ms-version": "2021-10-04", **headers}, content)
    signed(by_key, outgoing, account_key=KEY)
    ours = outgoing.headers.pop("Authorization")
    lengths = {"Content-Length": str(len(content))} if content else {}
    request = HttpRequest(method, HOST + path, headers=outgoing.headers | lengths)
    context = SimpleNamespace(transport=None)
    pipeline = SimpleNamespace(http_request=request, context=context)
    SharedKeyCredentialPolicy("nobody", KEY).on_request(pipeline)

    assert request.headers["Authorization"] == ours


def test_key_that_is_none():
    """
    What is not base64 is told as a wrong key, without it.
    """
    with pytest.raises(KeyRefused) as caught:
        signed(by_key, Outgoing("GET", HOST, {}, b""), account_key="half a key")

    assert "half" not in repr(caught.value)


def test_signature_stands_in_the_address():
    """
    A shared access signature is part of the query, however it was pasted.
    """
    plain = signed(by_sas, Outgoing("GET", f"{HOST}/c/a", {}, b""), sas=" ?sv=1&sig=x ")
    more = signed(by_sas, Outgoing("GET", f"{HOST}/?comp=list", {}, b""), sas="sv=1&sig=x")

    assert (f"{HOST}/c/a?sv=1&sig=x", True) == (plain.url, plain.secret_url)
    assert f"{HOST}/?comp=list&sv=1&sig=x" == more.url


def test_what_a_signature_tells():
    """
    Rights and the last day stand in it; in another key nothing does.
    """
    assert ({"r", "l"}, date(2026, 12, 1)) == told_by_sas(
        "?sp=rl&se=2026-12-01T00%3A00%3A00Z&sig=x"
    )
    assert (set(), None) == told_by_sas("")


def test_token_stands_in_a_header():
    """
    A token of Entra goes with the instant of the request.
    """
    outgoing = signed(by_token, Outgoing("GET", HOST, {}, b""), token="eyJ0")

    assert "Bearer eyJ0" == outgoing.headers["Authorization"]
    assert outgoing.headers["x-ms-date"].endswith("GMT")
