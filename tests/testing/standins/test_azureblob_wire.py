"""
Plain HTTP against the stand-in of Azure Blob Storage: what Microsoft's client never sends.
"""

import http.client
import re
import shutil
from contextlib import closing
from dataclasses import replace
from email.utils import format_datetime
from urllib.parse import quote

import pytest

from klarsyn.testing import Request, StillClock, Trouble
from klarsyn.testing.standins.azureblob import AzureBlobStandIn
from klarsyn.testing.standins.azureblob_signing import shared_key, shared_key_text
from scripts import azurite
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

HOST = "klarprisdata.blob.core.windows.net"
LEAST = Request("GET", "/", {}, {}, b"")
BLOCK = {"x-ms-blob-type": "BlockBlob"}


class Permanent(AzureBlobStandIn):
    """An account that lets go of soft-deleted versions when told to."""

    def fill(self):
        """Allow permanent deletes."""
        super().fill()
        self.protection.permanent_delete = True


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("microsoft") as exchanges:
        yield exchanges


@pytest.fixture
def standin(judged):
    """A running account whose clock stands still."""
    with Permanent(clock=StillClock()) as one:
        yield one
    for exchange in one.exchanges:
        body = exchange.reply.content.removeprefix(b"\xef\xbb\xbf")
        judged.append(replace(exchange, reply=replace(exchange.reply, body=body)))


def send(standin, method, path, headers=None, body=b""):
    """Return status, headers and body of a request to the account's host, as it is given."""
    address = standin.url.removeprefix("http://")
    with closing(http.client.HTTPConnection(address)) as connection:
        connection.request(method, path, body, {"Host": HOST, **(headers or {})})
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()


def signed(standin, method, path, headers=None, body=b""):
    """Return the headers of a request with version, date and signature."""
    date = format_datetime(standin.clock.now(), usegmt=True)
    sent = {"x-ms-version": "2021-10-04", "x-ms-date": date, **(headers or {})}
    lower = {name.lower(): value for name, value in sent.items()}
    if body or method in {"PUT", "POST"}:
        lower["content-length"] = str(len(body))
    account = (standin.account, standin.account_key)
    return sent | {"Authorization": shared_key(method, path, lower, account)}


def ask(standin, method, path, headers=None, body=b""):
    """Return status, error code and body of a signed request."""
    sent = signed(standin, method, path, headers, body)
    status, got, content = send(standin, method, path, sent, body)
    return status, got.get("x-ms-error-code"), content


def refused(standin, method, path, headers=None, body=b""):
    """Return status and error code of a signed request."""
    return ask(standin, method, path, headers, body)[:2]


# Keys, versions, form


def test_signature_is_of_the_documented_text():
    """
    Verb, eleven places, x-ms- headers in order, account and path, parameters in order.
    """
    headers = {"x-ms-version": "2021-10-04", "x-ms-date": "now", "content-length": "0"}
    text = shared_key_text("GET", "/crm/%C3%A6?b=2&a=1&b=1", headers, "acc")

    expected = ["GET", *[""] * 11, "x-ms-date:now", "x-ms-version:2021-10-04"]
    assert [*expected, "/acc/crm/%C3%A6", "a:1", "b:1,2"] == text.split("\n")


def test_account_is_reached_by_its_host_and_by_path(standin):
    """
    Both ways lead to the same blob, and are recorded the same.
    """
    path = "/invoices/2026/F-5001.txt"
    by_path = f"/{standin.account}{path}"
    by_host = send(standin, "GET", path, signed(standin, "GET", path))
    sent = {**signed(standin, "GET", by_path), "Host": "localhost:10000"}

    assert 200 == by_host[0]
    assert by_host[2] == send(standin, "GET", by_path, sent)[2]
    assert [path, path] == [one.request.path for one in standin.exchanges]


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        ("Authorization", (401, "NoAuthenticationInformation")),
        ("x-ms-date", (400, "MissingRequiredHeader")),
        ("x-ms-version", (400, "MissingRequiredHeader")),
    ],
)
def test_header_that_is_required(standin, lost, expected):
    """
    Without signature, date or version nothing is answered.
    """
    sent = signed(standin, "GET", "/?comp=list")
    del sent[lost]
    status, headers, _ = send(standin, "GET", "/?comp=list", sent)

    assert expected == (status, headers["x-ms-error-code"])
    assert (status == 401) is ("WWW-Authenticate" in headers)


def test_version_and_date_have_a_form(standin):
    """
    A version is a date; a date of yesterday is refused where the account is strict.
    """
    path = "/?comp=list"
    assert (400, "InvalidHeaderValue") == refused(standin, "GET", path, {"x-ms-version": "9"})
    old = {"x-ms-date": "Wed, 25 Nov 2026 09:00:00 GMT"}
    assert 200 == ask(standin, "GET", path, old)[0]
    standin.strict_dates = True
    assert (403, "AuthenticationFailed") == refused(standin, "GET", path, old)
    old = {"x-ms-date": "yesterday"}
    assert (400, "InvalidHeaderValue") == refused(standin, "GET", path, old)


def test_every_reply_can_be_traced(standin):
    """
    The client's own number comes back, beside the service's.
    """
    sent = signed(standin, "GET", "/none/x", {"x-ms-client-request-id": "mine"})
    status, headers, body = send(standin, "GET", "/none/x", sent)

    assert 404 == status
    assert ("mine", "2021-10-04") == (headers["x-ms-client-request-id"], headers["x-ms-version"])
    assert headers["x-ms-request-id"]
    assert [b"Error", b"Code", b"Message"] == re.findall(rb"<(\w+)>", body)


def test_lists_begin_with_a_byte_order_mark(standin):
    """
    As the service's do, which trips whoever reads them as text.
    """
    assert ask(standin, "GET", "/?comp=list")[2].startswith(b"\xef\xbb\xbf<?xml")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("PATCH", "/crm?restype=container", (405, "UnsupportedHttpVerb")),
        ("PATCH", "/crm/customers.csv", (405, "UnsupportedHttpVerb")),
        ("GET", "/?comp=nothing", (404, "ResourceNotFound")),
        ("GET", "/crm", (404, "ContainerNotFound")),
        ("GET", "/C--m?restype=container", (400, "InvalidResourceName")),
        ("GET", "/c?restype=container", (400, "OutOfRangeInput")),
        ("GET", "/crm?restype=container&comp=list&maxresults=0", (400,)),
        ("GET", "/crm?restype=container&comp=list&marker=xyz", (400,)),
        ("HEAD", "/crm/none", (404, "BlobNotFound")),
        ("HEAD", "/crm?restype=container", (200, None)),
        ("PUT", "/crm/customers.csv?comp=immutabilityPolicies", (400, "MissingRequiredHeader")),
        ("PUT", "/crm/x", (400, "MissingRequiredHeader")),
    ],
)
def test_what_is_asked_for_wrongly(standin, method, path, expected):
    """
    A request that means nothing is refused in the service's own words.
    """
    standin.recording = False  # most of these are no operations at all
    assert expected == refused(standin, method, path)[: len(expected)]


def test_limit_of_requests(standin):
    """
    Too many in a second and the service is busy, until the second is over.
    """
    standin.window.limit = 2
    path = "/?comp=list"

    assert [200, 200, 503] == [ask(standin, "GET", path)[0] for _ in range(3)]
    standin.clock.move(seconds=1)
    assert 200 == ask(standin, "GET", path)[0]


# Conditions and bodies


def test_conditions_on_reading(standin):
    """
    Etag, instant and tags may be conditions; one that is not met is 304 or 412.
    """
    path, past = "/invoices/2026/F-5001.txt", "Wed, 25 Nov 2026 09:00:00 GMT"
    etag = send(standin, "HEAD", path, signed(standin, "HEAD", path))[1]["ETag"]
    future = "Fri, 27 Nov 2026 09:00:00 GMT"

    def status(**conditions):
        sent = {name.replace("_", "-"): value for name, value in conditions.items()}
        return ask(standin, "GET", path, sent)[0]

    assert 304 == status(if_none_match=etag)
    assert 304 == status(if_modified_since=future)
    assert 412 == status(if_match='"0x0"')
    assert 200 == status(if_modified_since=past, if_unmodified_since=future)
    assert 304 == status(if_unmodified_since=past)
    assert 400 == status(if_modified_since="soon")
    assert 304 == status(x_ms_if_tags="kind='letter'")
    assert 200 == status(x_ms_if_tags="kind='invoice'")


def test_body_is_checked(standin):
    """
    A wrong digest, metadata with a bad name or too long, and broken XML are refused.
    """
    path = "/crm/new.txt"
    md5 = {**BLOCK, "Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}
    assert (400, "Md5Mismatch") == refused(standin, "PUT", path, md5, b"x")
    named = {**BLOCK, "x-ms-meta-a-b": "c"}
    assert (400, "InvalidMetadata") == refused(standin, "PUT", path, named, b"x")
    long = {**BLOCK, "x-ms-meta-a": "c" * 9000}
    assert (400, "MetadataTooLarge") == refused(standin, "PUT", path, long, b"x")
    page = {"x-ms-blob-type": "PageBlob"}
    assert (400, "InvalidHeaderValue") == refused(standin, "PUT", path, page, b"x")
    tags = ("PUT", "/crm/customers.csv?comp=tags", {"Content-Type": "application/xml"})
    assert (400, "InvalidXmlDocument") == refused(standin, *tags, b"<Tags")


def test_headers_are_kept(standin):
    """
    What a blob was put with comes back with it.
    """
    kept = {"x-ms-blob-content-type": "text/plain", "x-ms-blob-cache-control": "no-store"}
    assert 201 == ask(standin, "PUT", "/crm/a.txt", {**BLOCK, **kept}, b"0123")[0]
    headers = send(standin, "GET", "/crm/a.txt", signed(standin, "GET", "/crm/a.txt"))[1]

    assert ("text/plain", "no-store") == (headers["Content-Type"], headers["Cache-Control"])
    wrong = {"x-ms-range": "lines=1-2"}
    assert (400, "InvalidHeaderValue") == refused(standin, "GET", "/crm/a.txt", wrong)
    assert (416, "InvalidRange") == refused(standin, "GET", "/crm/a.txt", {"Range": "bytes=9-"})


def test_name_that_xml_cannot_hold(standin):
    """
    Such a name is percent-encoded in lists.
    """
    path = f"/crm/{quote(chr(1))}x.txt"
    assert 201 == ask(standin, "PUT", path, BLOCK, b"x")[0]
    listed = ask(standin, "GET", "/crm?restype=container&comp=list")[2]

    assert b'<Name Encoded="true">%01x.txt</Name>' in listed


# Deleting


def test_delete_for_good(standin):
    """
    A soft-deleted version goes at once where the account allows it, and only then.
    """
    path = "/uploads/logo.png"
    version = standin.keeping.containers["uploads"].lineages["logo.png"].current.version_id
    named = f"{path}?versionid={quote(version)}"
    for_good = f"{named}&deletetype=permanent"

    assert (404, "BlobNotFound") == refused(standin, "DELETE", for_good)
    assert [202, 202, 202] == [ask(standin, "DELETE", one)[0] for one in (path, named, for_good)]
    assert "logo.png" not in standin.keeping.containers["uploads"].lineages
    standin.protection.permanent_delete = False
    assert (409, "PermanentDeleteNotAllowed") == refused(standin, "DELETE", for_good)
    strange = {"x-ms-delete-snapshots": "all"}
    assert (400, "InvalidHeaderValue") == refused(standin, "DELETE", path, strange)


def test_hold_blocks_overwriting_without_versions(standin):
    """
    With versions an overwrite keeps the held state; without them it is refused.
    """
    path = "/invoices/2021/F-101.txt"
    assert 201 == ask(standin, "PUT", path, BLOCK, b"x")[0]
    hold = {"x-ms-legal-hold": "true"}
    assert 200 == ask(standin, "PUT", f"{path}?comp=legalhold", hold)[0]
    standin.protection.versioning = False

    assert (409, "BlobImmutableDueToLegalHold") == refused(standin, "PUT", path, BLOCK, b"x")
    metadata = ("PUT", f"{path}?comp=metadata", {"x-ms-meta-a": "b"})
    assert (409, "BlobImmutableDueToLegalHold") == refused(standin, *metadata)


def test_container_is_restored_under_its_own_name(standin):
    """
    Another name is refused.
    """
    version = standin.keeping.deleted[0].version
    given = {"x-ms-deleted-container-name": "campaign-2025"}
    given["x-ms-deleted-container-version"] = version

    other = "/another?restype=container&comp=undelete"
    assert (400, "InvalidHeaderValue") == refused(standin, "PUT", other, given)
    own = "/campaign-2025?restype=container&comp=undelete"
    assert 201 == ask(standin, "PUT", own, given)[0]


# Batches


def batch(*lines):
    """Return the body of a batch with one request."""
    head = ["--mark", "Content-Type: application/http", ""]
    return "\r\n".join([*head, *lines, "", "--mark--", ""]).encode()


MIXED = {"Content-Type": "multipart/mixed; boundary=mark"}


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({"Content-Type": "text/plain"}, b"x", "InvalidHeaderValue"),
        (MIXED, b"--mark--", "InvalidInput"),
        (MIXED, batch("GET /crm/customers.csv HTTP/1.1", ""), "InvalidInput"),
        (MIXED, batch("nonsense", ""), "InvalidInput"),
        (MIXED, batch("DELETE /a/b HTTP/1.1", "") * 257, "ExceedsMaxBatchRequestCount"),
    ],
)
def test_batch_has_a_form(standin, headers, body, code):
    """
    A batch is multipart, of deletes, and of 256 at most.
    """
    body = body.replace(b"--mark--\r\n--mark", b"--mark")

    assert (400, code) == refused(standin, "POST", "/?comp=batch", headers, body)


def test_requests_of_a_batch_are_signed_one_by_one(standin):
    """
    One without a signature fails; the batch does not.
    """
    path = "/crm?restype=container&comp=batch"
    body = batch("DELETE /crm/customers.csv HTTP/1.1", "x-ms-date: now")
    status, _, content = ask(standin, "POST", path, MIXED, body)

    assert 202 == status
    assert [b"401"] == re.findall(rb"HTTP/1.1 (\d+)", content)


# Faults


@pytest.mark.parametrize(
    ("trouble", "status", "code", "retry"),
    [
        (Trouble.THROTTLED, 503, "ServerBusy", "2"),
        (Trouble.THROTTLED_SILENTLY, 503, "ServerBusy", None),
        (Trouble.DOWN, 503, None, None),
        (Trouble.EXPIRED_KEY, 403, "AuthenticationFailed", None),
        (Trouble.ERROR_IN_OK, 200, "InternalError", None),
    ],
)
def test_trouble(standin, trouble, status, code, retry):
    """
    Each fault has the service's status and code.
    """
    standin.faults.add(trouble)
    got, headers, _ = send(standin, "GET", "/?comp=list", signed(standin, "GET", "/?comp=list"))

    assert (status, code) == (got, headers.get("x-ms-error-code"))
    assert retry == headers.get("Retry-After")


def test_batch_may_be_accepted_and_fail(standin):
    """
    202 says nothing of the requests inside.
    """
    standin.faults.add(Trouble.ERROR_IN_OK)
    body = batch("DELETE /crm/customers.csv HTTP/1.1", "")
    status, _, content = ask(standin, "POST", "/?comp=batch", MIXED, body)

    assert 202 == status
    assert b"HTTP/1.1 500" in content


def test_renamed_element(standin):
    """
    A field of another name is an element of another name; nothing is recorded unless wanted.
    """
    standin.recording = False
    standin.faults.add(Trouble.RENAMED_FIELD, field="Name")
    content = ask(standin, "GET", "/?comp=list")[2]

    assert b"<Name_v2>crm</Name_v2>" in content
    assert [] == standin.exchanges
    assert "ResourceNotFound" == standin.not_found(LEAST).headers["x-ms-error-code"]


def test_nobody():
    """
    An account without people has containers all the same, and nobody in them.
    """
    standin = AzureBlobStandIn(count=0)

    assert [] == standin.planted
    assert 5 == len(standin.keeping.containers)


@pytest.mark.slow
@pytest.mark.skipif(
    not azurite.AZURITE.is_file() or not shutil.which("node"),
    reason="Azurite is not under build/azurite (see scripts/azurite.py), or there is no node",
)
def test_azurite_answers_the_same():
    """
    Microsoft's emulator gives the same status, code and elements, step by step.
    """
    assert [] == azurite.differences()
