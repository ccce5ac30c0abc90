"""
What is read and found of Azure's blobs, and by which keys; the contract referees what is sent.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from klarsyn.errors import CallRefused, KeyRefused, RightsMissing, VendorDown
from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Reply
from klarsyn.transport.azureblob import BLOBS, READ, REMOVE
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.microsoft_blob import microsoft_blob, probe
from klarsyn.vendors.reading import read
from tests.testing.standins.azure_accounts import sas
from tests.vendors.microsoft_blob.accounts import (
    INVOICE,
    erased,
    lineage,
    put,
    target,
)

pytestmark = pytest.mark.network


# Reading


def test_whole_past_is_read(running):
    """
    A customer who was taken off a list is still in a snapshot and in an earlier version.
    """
    former = running.standin.people[-1]
    found = running.find(former, "email").matches
    places = {one.seen.key.partition("=")[0] for one in found if "customers.csv" in one.seen.key}

    assert {"customers.csv?snapshot", "customers.csv?versionid"} == places


def test_what_is_not_read_is_counted(running):
    """
    A picture, a long text, a deleted blob and a deleted container are told, each with its reason.
    """
    put(running, "uploads/long.txt", b"a" * (8 << 20) + b"b")
    found, coverage = running.everything()

    assert {
        ("blob", "not a plain text"): 1,
        ("blob", "a text of more than 8 MiB"): 1,
        ("earlier", "deleted softly: its text cannot be read"): 1,
        ("container", "a deleted container"): 1,
    } == {which: count for which, (_, count) in coverage.unread.items()}
    assert coverage.complete
    assert len(found) == sum(coverage.read.values())


def test_text_needs_no_type(running):
    """
    Microsoft's clients call every file application/octet-stream, and JSON need not be whole.
    """
    put(running, "uploads/a.CSV", "Åse;å@example.org".encode("cp1252"), content_type="")
    put(running, "uploads/b", b"{}\n{}\n", content_type="application/json")

    assert "Åse;å@example.org" == target(running, "a.CSV").raw["text"]
    assert "{}\n{}\n" == target(running, "b").raw["text"]


def test_text_that_cannot_be_had_is_told(running):
    """
    One blob that cannot be read does not end the reading.
    """
    running.standin.faults.add(Trouble.BOMB, on="GET /uploads/notes/*")
    _, coverage = running.everything()

    assert 1 == sum(one == "blob" and why.startswith("archived") for one, why in coverage.unread)
    assert coverage.complete


def test_odd_names_are_read_and_erased(running):
    """
    A name that XML cannot hold comes encoded; names with signs of addresses are kept apart.
    """
    for name in ("a\ufffe?x=1#&.txt", "å b+c%20.txt"):
        put(running, f"uploads/{name}", b"Maja")
        chosen = target(running, name)

        assert "Maja" == chosen.raw["text"]
        assert "done" == erased(running, chosen).state
        assert lineage(running, "uploads", name).current is None


def test_only_named_containers(running):
    """
    Who names containers has only those looked through.
    """
    with running.open(Purpose.AUDIT) as connection:
        connection.settings["containers"] = ["crm"]
        pages = list(read(connection, microsoft_blob.record("blob")))

    assert ["customers.csv"] == [seen.key for page in pages for seen in page]


# Finding


@pytest.fixture
def numbered(running):
    """Finds by a customer's number, and tells how many contents were read for it."""

    def found(number, **settings):
        begun = len(running.standin.exchanges)
        with running.open(Purpose.FIND) as connection:
            connection.settings.update(settings)
            identity = Identity(reference=(Personal(number),))
            finding = jobs.find(connection, one_record(), identity)
        made = [one.request for one in running.standin.exchanges[begun:]]
        contents = [one for one in made if one.path.count("/") > 1]
        assert finding.coverage.complete
        return [one.seen.key for one in finding.matches], len(contents)

    return found


def one_record():
    """Return the sheet with blobs as they are only: the past has no tags to ask for."""
    return replace(microsoft_blob, records=(microsoft_blob.record("blob"),))


def test_tags_are_asked_first(numbered):
    """
    Where a tag holds the customer's number, one content is read instead of all.
    """
    assert (["2026/F-5002.csv"], 1) == numbered("K-1002", tags=["customer"])
    assert ([], 0) == numbered("no'tag", tags=["customer"])


def test_without_tags_everything_is_read(numbered):
    """
    The number is found in texts, too.
    """
    keys, contents = numbered("K-1002")

    assert {"2026/F-5002.csv", "customers.csv"} == set(keys)
    assert contents > 10


def test_what_a_tag_finds_is_compared_again(running, numbered):
    """
    The index is behind: what it still finds is read as it is now.
    """
    found = lineage(running, "invoices", "2026/F-5002.csv")
    found.current.metadata = {}
    put(running, "invoices/2026/F-5002.csv", b"nothing", tags={"customer": "K-1"})
    running.standin.keeping.containers["invoices"].lineages["2026/F-5002.csv"].current.tags = {}

    assert ([], 0) == numbered("K-1002", tags=["customer"])


# Keys


def test_key_that_is_not_whole(running):
    """
    A key that was pasted by half is refused before anything is sent.
    """
    running.trial = replace(running.trial, settings={"account_key": "hal"})
    with pytest.raises(KeyRefused), running.open(Purpose.AUDIT) as connection:
        connection.call(microsoft_blob.api.ping)

    assert [] == running.standin.exchanges


def test_shared_access_signature(running):
    """
    A signature reads and tells its rights and its end; without a right, the right is named.
    """
    running.trial = replace(running.trial, settings={"sas": sas(running.standin, "rlt")})
    with running.open(Purpose.AUDIT) as connection:
        connection.call(microsoft_blob.api.ping)
        told = probe(connection)
    found, coverage = running.everything()

    assert {"r", "l", "t"} == told["scopes"]
    assert ({"f"}, running.clock.now().date() + timedelta(days=1)) == (
        told["lacking"],
        told["until"],
    )
    assert (True, True) == (coverage.complete, len(found) > 20)
    with pytest.raises(RightsMissing), running.open(Purpose.ERASE) as connection:
        connection.call(REMOVE, container="uploads", name="logo.png")


def test_signature_for_blobs_only(running):
    """
    A key that may not see the account's settings leaves the longest retention as residue.
    """
    chosen = target(running, INVOICE)
    signature = sas(running.standin, "rltdx", "co")
    running.trial = replace(running.trial, settings={"sas": signature})
    outcome = erased(running, chosen)

    assert "done" == outcome.state
    assert running.clock.now().date() + timedelta(days=365) == outcome.residue[0][1]


def test_token_goes_in_a_header(running):
    """
    A token of Entra takes the place of the key; the stand-in knows none and says so.
    """
    running.trial = replace(running.trial, settings={"token": "eyJ0.e30.x"})
    with pytest.raises(KeyRefused), running.open(Purpose.AUDIT) as connection:
        connection.call(microsoft_blob.api.ping)
    with running.open(Purpose.AUDIT) as connection:
        assert {} == probe(connection)

    headers = running.standin.exchanges[-1].request.headers
    assert ("Bearer eyJ0.e30.x", "2021-10-04") == (
        headers["authorization"],
        headers["x-ms-version"],
    )


# The wire


def test_error_word_beside_a_success(running):
    """
    A word in the header of errors is an error, whatever the status, and even if it is unknown.
    """
    odd = Reply(200, "", {"x-ms-error-code": "SomethingNew"}, "application/xml")
    running.standin.before = lambda _request: odd
    with pytest.raises(VendorDown), running.open(Purpose.AUDIT, patience=5) as connection:
        connection.call(microsoft_blob.api.ping)
    running.standin.exchanges.clear()


@pytest.mark.parametrize("item", ["<Blob><Name>a</Name></Blob>", "<Blob />"])
def test_state_without_properties_is_not_read(running, item):
    """
    A list whose entries are no blobs is not read as one of none.
    """
    body = f"<EnumerationResults><Blobs>{item}</Blobs><NextMarker /></EnumerationResults>"
    running.standin.answer_list = Reply(200, body.encode(), {}, "application/xml")
    dispatch = running.standin._dispatch
    running.standin._dispatch = lambda request: (
        running.standin.answer_list if request.param("restype") else dispatch(request)
    )
    _, coverage = running.everything()

    assert {"blob", "earlier"} == {name for name, _ in coverage.missed}
    running.standin.exchanges.clear()


@pytest.mark.parametrize("blank", ["", " ", None, ".."])
@pytest.mark.parametrize("place", ["container", "name"])
def test_blank_place_is_refused(running, blank, place):
    """
    No blob and no container is reached by a blank.
    """
    with running.open(Purpose.ERASE) as connection:
        for call in (READ, REMOVE):
            with pytest.raises(CallRefused):
                connection.call(call, **{"container": "uploads", "name": "a", place: blank})
        with pytest.raises(CallRefused):
            list(connection.pages(BLOBS, container=blank))

    assert [] == running.standin.exchanges


def test_audit_deletes_nothing(running):
    """
    A connection that was opened to read refuses to delete.
    """
    with running.open(Purpose.AUDIT) as connection, pytest.raises(CallRefused):
        connection.call(REMOVE, container="uploads", name="a")
