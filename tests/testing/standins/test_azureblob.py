"""
Microsoft's own Python client drives the stand-in: neither knows of the other.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import (
    AccountSasPermissions,
    BlobServiceClient,
    ImmutabilityPolicy,
    ResourceTypes,
    generate_account_sas,
)

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.azureblob import AzureBlobStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

ALL = ["snapshots", "versions", "deleted", "metadata", "tags", "legalhold", "immutabilitypolicy"]


class Unversioned(AzureBlobStandIn):
    """An account with soft delete and without versioning."""

    versioning = False


class Unprotected(AzureBlobStandIn):
    """An account in which a delete is a delete."""

    versioning = False
    soft_delete_days = 0


def judgeable(exchange):
    """Return an exchange without the byte order mark, which hides XML from the referee."""
    body = exchange.reply.body
    marked = isinstance(body, bytes) and body.startswith(b"\xef\xbb\xbf")
    return replace(exchange, reply=replace(exchange.reply, body=body[3:])) if marked else exchange


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("microsoft") as exchanges:
        yield exchanges


@pytest.fixture
def kind(request):
    """Which account; a versioned one unless the test is parametrised."""
    return getattr(request, "param", AzureBlobStandIn)


@pytest.fixture
def standin(kind, judged):
    """A running account whose clock stands still."""
    with kind(clock=StillClock()) as one:
        yield one
    judged += map(judgeable, one.exchanges)


@pytest.fixture
def account(standin):
    """The vendor's client, sent to loopback; it does not try again."""
    with connect(standin, standin.account_key) as client:
        yield client


def connect(standin, credential):
    """Return a client of the account with a key, or with a shared access signature."""
    url = f"{standin.url}/{standin.account}"
    return BlobServiceClient(url, credential, retry_total=0, max_single_put_size=1 << 20)


def refused(kind, call, *arguments, **details):
    """Return the error code with which a call is refused."""
    with pytest.raises(kind) as error:
        call(*arguments, **details)
    return error.value.response.headers["x-ms-error-code"]


def states(container, name, *include):
    """Return how many states of a blob a list shows."""
    found = container.list_blobs(name_starts_with=name, include=list(include))
    return len([one for one in found if one.name == name])


unversioned = pytest.mark.parametrize("kind", [Unversioned], indirect=True)
unprotected = pytest.mark.parametrize("kind", [Unprotected], indirect=True)


# Listing and reading


def test_containers_are_listed_to_the_end(standin, account):
    """
    Pages are short and end in a marker; deleted containers come when they are asked for.
    """
    names = ["backups", "crm", "exports", "invoices", "uploads"]

    assert names == [one.name for one in account.list_containers(results_per_page=2)]
    assert ["crm"] == [one.name for one in account.list_containers(name_starts_with="c")]
    deleted = [one.name for one in account.list_containers(include_deleted=True) if one.deleted]
    assert ["campaign-2025"] == deleted
    (owned, *_) = account.list_containers(name_starts_with="inv", include_metadata=True)
    assert {"owner": "finance"} == owned.metadata


def test_blobs_are_listed_to_the_end(standin, account):
    """
    Every blob comes once, however short the pages are.
    """
    invoices = account.get_container_client("invoices")
    names = [one.name for one in invoices.list_blobs(results_per_page=3)]

    assert len(standin.people) + 2 == len(names)
    assert sorted(set(names)) == names
    assert names == [one.name for one in invoices.list_blobs()]
    assert 2 == len(list(invoices.list_blobs(name_starts_with="2021/")))


def test_page_is_never_longer_than_the_service_makes_it(standin, account):
    """
    More than 5,000 are never given, whatever was asked for; here even fewer.
    """
    standin.page_limit = 4
    pages = account.get_container_client("invoices").list_blobs(results_per_page=9000).by_page()

    assert 4 == len(list(next(pages)))
    assert pages.continuation_token


def test_list_in_folders(account):
    """
    With a delimiter a list has folders, each once.
    """
    walked = account.get_container_client("invoices").walk_blobs()

    assert ["2021/", "2026/"] == [one.name for one in walked]
    inside = account.get_container_client("exports").walk_blobs(name_starts_with="newsletter/")
    assert 3 == len(list(inside))


def test_list_shows_what_a_plain_list_hides(account):
    """
    Snapshots, versions and deleted blobs hold people too, and come when they are asked for.
    """
    crm = account.get_container_client("crm")
    shown = list(crm.list_blobs(include=ALL))

    assert 1 == states(crm, "customers.csv")
    assert 2 == states(crm, "customers.csv", "snapshots")
    assert 4 == len(shown)
    assert [None, None, None, True] == [one.is_current_version for one in shown]
    exports = account.get_container_client("exports")
    (old,) = (one for one in exports.list_blobs(include=["deleted"]) if one.deleted)
    assert ("old-list.csv", 7) == (old.name, old.remaining_retention_days)


def test_content_and_what_is_known_of_it(standin, account):
    """
    A blob comes back as it was put, whole or in part, text or not.
    """
    person = standin.people[0]
    invoice = account.get_blob_client("invoices", "2026/F-5001.txt")
    picture = account.get_blob_client("uploads", "logo.png").download_blob().readall()

    assert person.phone in invoice.download_blob().readall().decode()
    assert b"Fak" == invoice.download_blob(offset=0, length=3).readall()
    assert picture.startswith(b"\x89PNG")
    assert standin.people[2].email.encode() in picture
    known = invoice.get_blob_properties()
    assert ("text/plain", 2) == (known.content_settings.content_type, known.tag_count)
    assert {"customer": "K-1001"} == known.metadata
    assert not account.get_blob_client("invoices", "none").exists()


def test_empty_blob(account):
    """
    A blob of no bytes has no range; the client asks again without one.
    """
    empty = account.get_blob_client("crm", "empty.txt")
    empty.upload_blob(b"")

    assert b"" == empty.download_blob().readall()


def test_everybody_is_planted_where_it_says(standin, account):
    """
    What `planted` says of plain blobs is so.
    """
    plain = [one for one in standin.planted if "#" not in one.place]
    for one in plain:
        content = account.get_blob_client(*one.place.split("/", 1)).download_blob().readall()
        assert one.person.email.encode() in content or one.person.phone.encode() in content

    assert {one.number for one in standin.people} == {one.person.number for one in plain}
    assert any(not one.expected for one in standin.planted)


# Finding


def test_tags_find_blobs(account):
    """
    A condition on tags finds blobs in all containers, or in one.
    """
    where = "\"customer\"='K-1003' AND kind='invoice'"
    invoices = account.get_container_client("invoices")

    (found,) = account.find_blobs_by_tags(where)
    assert ("2026/F-5003.json", "invoices") == (found.name, found.container_name)
    assert {"customer": "K-1003", "kind": "invoice"} == found.tags
    assert 3 == len(list(invoices.find_blobs_by_tags("\"customer\">='K-1010'", results_per_page=1)))
    assert [] == list(account.find_blobs_by_tags("@container='crm' AND kind='invoice'"))


def test_condition_has_to_be_one(account):
    """
    What is no condition is refused.
    """
    code = refused(HttpResponseError, lambda: list(account.find_blobs_by_tags("customer is K-1")))

    assert "InvalidQueryParameterValue" == code


def test_index_of_tags_lags(standin, account):
    """
    New tags are read at once and found later; what is deleted is found no more.
    """
    blob = account.get_blob_client("crm", "note.txt")
    blob.upload_blob(b"x", tags={"customer": "K-1"})
    blob.set_blob_tags({"customer": "K-2 co"})

    assert {"customer": "K-2 co"} == blob.get_blob_tags()
    assert [] == list(account.find_blobs_by_tags("customer='K-2 co'"))
    standin.clock.move(seconds=30)
    assert ["note.txt"] == [one.name for one in account.find_blobs_by_tags("customer='K-2 co'")]
    blob.delete_blob()
    assert [] == list(account.find_blobs_by_tags("customer='K-2 co'"))


def test_tags_hold_no_address(account):
    """
    An at sign is not allowed in tags, nor are more than ten of them.
    """
    blob = account.get_blob_client("invoices", "2026/F-5001.txt")

    assert "InvalidInput" == refused(HttpResponseError, blob.set_blob_tags, {"c": "a@example.com"})
    many = {f"k{number}": "v" for number in range(11)}
    assert "InvalidInput" == refused(HttpResponseError, blob.set_blob_tags, many)
    blob.set_blob_tags({"empty": ""})
    assert {"empty": ""} == blob.get_blob_tags()


# Writing


def test_put_meets_its_conditions(account):
    """
    A blob is not overwritten unasked, nor one that has changed since.
    """
    blob = account.get_blob_client("crm", "note.txt")
    etag = blob.upload_blob(b"one")["etag"]

    assert "BlobAlreadyExists" == refused(ResourceExistsError, blob.upload_blob, b"two")
    unchanged = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
    blob.upload_blob(b"two", overwrite=True, **unchanged)
    call = (ResourceModifiedError, blob.upload_blob, b"three")
    assert "ConditionNotMet" == refused(*call, overwrite=True, **unchanged)
    assert b"two" == blob.download_blob().readall()


def test_metadata_is_replaced(account):
    """
    New metadata replace all the old, and are a new version.
    """
    blob = account.get_blob_client("invoices", "2026/F-5001.txt")
    before = blob.get_blob_properties().version_id
    blob.set_blob_metadata({"seen": "yes"})
    after = blob.get_blob_properties()

    assert {"seen": "yes"} == after.metadata
    assert before != after.version_id
    assert b"Faktura" in blob.download_blob(version_id=before).readall()


def test_containers_come_and_go(standin, account):
    """
    A container is made, described, deleted with all in it, and can be brought back.
    """
    made = account.create_container("new-one", metadata={"a": "b"})
    made.set_container_metadata({"owner": "sales"})
    made.upload_blob("x.txt", b"x")

    assert {"owner": "sales"} == made.get_container_properties().metadata
    assert "ContainerAlreadyExists" == refused(ResourceExistsError, made.create_container)
    made.delete_container()
    assert "ContainerNotFound" == refused(ResourceNotFoundError, made.get_container_properties)
    (gone,) = (one for one in account.list_containers("new", include_deleted=True) if one.deleted)
    account.undelete_container("new-one", gone.version)
    assert 1 == len(list(made.list_blobs()))


def test_deleted_container_rests_and_goes(standin, account):
    """
    Its name is not free for half a minute, and after a week nothing brings it back.
    """
    version = standin.keeping.deleted[0].version
    code = refused(ResourceExistsError, account.create_container, "campaign-2025")
    assert "ContainerBeingDeleted" == code
    call = (ResourceNotFoundError, account.undelete_container, "campaign-2025")
    assert "ContainerNotFound" == refused(*call, "2020-01-01T00:00:00.0000000Z")
    standin.clock.move(days=7)

    assert "ContainerNotFound" == refused(*call, version)
    account.create_container("campaign-2025")
    there = (ResourceExistsError, account.undelete_container, "campaign-2025")
    assert "ContainerAlreadyExists" == refused(*there, version)


# Erasing


@unprotected
def test_delete_is_a_delete_where_nothing_protects(account):
    """
    Without versions and soft delete nothing is left.
    """
    blob = account.get_blob_client("crm", "customers.csv")
    blob.delete_blob(delete_snapshots="include")

    crm = account.get_container_client("crm")
    assert [] == list(crm.list_blobs(include=ALL))
    assert "BlobNotFound" == refused(ResourceNotFoundError, blob.delete_blob)
    assert "BlobNotFound" == refused(ResourceNotFoundError, blob.undelete_blob)


@unversioned
def test_snapshots_stand_in_the_way(account):
    """
    A blob with snapshots is not deleted, unless they are to go too.
    """
    crm = account.get_container_client("crm")
    blob = crm.get_blob_client("customers.csv")

    assert "SnapshotsPresent" == refused(HttpResponseError, blob.delete_blob)
    blob.delete_blob(delete_snapshots="only")
    assert 1 == states(crm, "customers.csv", "snapshots")
    taken = blob.create_snapshot()["snapshot"]
    assert b"customer," in crm.get_blob_client("customers.csv", taken).download_blob().readall()
    blob.delete_blob(delete_snapshots="include")
    assert 0 == states(crm, "customers.csv", "snapshots")


@unversioned
def test_soft_delete_keeps_for_a_week(standin, account):
    """
    What was deleted can be brought back, until its days are over.
    """
    crm = account.get_container_client("crm")
    blob = crm.get_blob_client("customers.csv")
    blob.delete_blob(delete_snapshots="include")
    assert "BlobNotFound" == refused(ResourceNotFoundError, blob.download_blob)
    blob.undelete_blob()
    assert 3 == states(crm, "customers.csv", "snapshots")
    blob.delete_blob(delete_snapshots="include")
    standin.clock.move(days=6)
    assert 3 == states(crm, "customers.csv", "snapshots", "deleted")
    standin.clock.move(days=1)

    assert 0 == states(crm, "customers.csv", "snapshots", "deleted")
    assert "BlobNotFound" == refused(ResourceNotFoundError, blob.undelete_blob)


@unversioned
def test_overwriting_leaves_a_deleted_snapshot(account):
    """
    With soft delete and without versions the overwritten state stays, hidden.
    """
    uploads = account.get_container_client("uploads")
    uploads.upload_blob("logo.png", b"new", overwrite=True)
    uploads.delete_blob("logo.png")
    uploads.upload_blob("logo.png", b"newer")

    assert 1 == states(uploads, "logo.png", "snapshots")
    assert 3 == states(uploads, "logo.png", "snapshots", "deleted")
    uploads.get_blob_client("logo.png").set_blob_metadata({"a": "b"})
    assert 3 == states(uploads, "logo.png", "snapshots", "deleted")


def test_delete_leaves_a_version(standin, account):
    """
    With versions a delete makes the base an earlier version; each has to be deleted by itself.
    """
    uploads = account.get_container_client("uploads")
    blob = uploads.get_blob_client("logo.png")
    blob.delete_blob()

    assert 0 == states(uploads, "logo.png", "deleted")
    (left,) = uploads.list_blobs("logo", include=["versions"])
    assert b"PNG" in blob.download_blob(version_id=left.version_id).readall()
    blob.delete_blob(version_id=left.version_id)
    assert 0 == states(uploads, "logo.png", "versions")
    assert 1 == states(uploads, "logo.png", "versions", "deleted")
    standin.clock.move(days=7)
    assert 0 == states(uploads, "logo.png", "versions", "deleted")


def test_current_version_is_not_deleted_by_its_id(account):
    """
    The base is deleted by its name only.
    """
    blob = account.get_blob_client("uploads", "logo.png")
    current = blob.get_blob_properties().version_id
    code = refused(HttpResponseError, blob.delete_blob, version_id=current)

    assert "OperationNotAllowedOnRootBlob" == code
    other = "2020-01-01T00:00:00.0000000Z"
    assert "BlobNotFound" == refused(HttpResponseError, blob.delete_blob, version_id=other)


def test_hold_and_policy_block_deletes(standin, account):
    """
    A legal hold is lifted by hand; a locked policy ends when its time has come.
    """
    held = account.get_blob_client("invoices", "2021/F-101.txt")
    kept = account.get_blob_client("invoices", "2021/F-102.txt")

    assert "BlobImmutableDueToLegalHold" == refused(HttpResponseError, held.delete_blob)
    assert "BlobImmutableDueToPolicy" == refused(HttpResponseError, kept.delete_blob)
    container = account.get_container_client("invoices")
    assert "BlobImmutableDueToLegalHold" == refused(HttpResponseError, container.delete_container)
    code = refused(HttpResponseError, kept.delete_immutability_policy)
    assert "BlobImmutableDueToPolicy" == code
    assert kept.get_blob_properties().immutability_policy.expiry_time
    held.set_legal_hold(legal_hold=False)
    held.delete_blob()
    standin.clock.move(days=5 * 365)
    kept.delete_blob()


def test_unlocked_policy_is_lifted(standin, account):
    """
    A policy is set, shown in lists, and lifted while it is not locked.
    """
    blob = account.get_blob_client("uploads", "logo.png")
    until = standin.clock.now() + timedelta(days=3)
    blob.set_immutability_policy(ImmutabilityPolicy(expiry_time=until, policy_mode="Unlocked"))
    blob.set_legal_hold(legal_hold=True)

    (shown,) = account.get_container_client("uploads").list_blobs("logo", include=ALL)
    assert (until, True) == (shown.immutability_policy.expiry_time, shown.has_legal_hold)
    blob.set_legal_hold(legal_hold=False)
    blob.delete_immutability_policy()
    blob.delete_blob()


def test_batch_answers_each_of_its_requests(account):
    """
    A batch succeeds as a whole and says of each of its requests what became of it.
    """
    exports = account.get_container_client("exports")
    names = [one.name for one in exports.list_blobs()]
    answers = exports.delete_blobs(*names, "none", raise_on_any_failure=False)

    assert [202] * len(names) + [404] == [one.status_code for one in answers]
    assert [] == list(exports.list_blobs())


# The account as a whole


@pytest.mark.parametrize("kind", [AzureBlobStandIn, Unprotected], indirect=True)
def test_properties_tell_of_soft_delete(standin, account):
    """
    How long deleted blobs are kept can be asked.
    """
    policy = account.get_service_properties()["delete_retention_policy"]

    assert (standin.soft_delete_days > 0) is policy.enabled
    assert (standin.soft_delete_days or None) == policy.days


def test_wrong_key_is_refused(standin):
    """
    A signature by another key is none.
    """
    with connect(standin, "QW5vdGhlciBrZXk=") as stranger:
        code = refused(ClientAuthenticationError, lambda: list(stranger.list_containers()))

    assert "AuthenticationFailed" == code


def test_shared_access_signature(standin):
    """
    A signature allows what it names, until it expires.
    """
    token = generate_account_sas(
        standin.account,
        standin.account_key,
        ResourceTypes(container=True, object=True),
        AccountSasPermissions(read=True, list=True, delete=True),
        standin.clock.now() + timedelta(hours=1),
    )
    with connect(standin, token) as account:
        invoices = account.get_container_client("invoices")
        blob = invoices.get_blob_client("2026/F-5001.txt")
        assert 14 == len(list(invoices.list_blobs()))
        code = refused(HttpResponseError, blob.upload_blob, b"x", overwrite=True)
        assert "AuthorizationPermissionMismatch" == code
        code = refused(HttpResponseError, blob.delete_blob, version_id="2020")
        assert "AuthorizationPermissionMismatch" == code
        code = refused(HttpResponseError, lambda: list(account.list_containers()))
        assert "AuthorizationResourceTypeMismatch" == code
        standin.clock.move(seconds=3600)
        assert "AuthenticationFailed" == refused(ClientAuthenticationError, blob.delete_blob)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.THROTTLED, "ServerBusy"),
        (Trouble.EXPIRED_KEY, "AuthenticationFailed"),
        (Trouble.RENAMED_FIELD, None),
    ],
)
def test_trouble_has_the_vendors_form(standin, account, trouble, code):
    """
    The vendor's own client reads the fault.
    """
    standin.faults.add(trouble, on="GET /invoices", field="Blob")
    invoices = account.get_container_client("invoices")

    if code:
        assert code == refused(HttpResponseError, lambda: list(invoices.list_blobs()))
    else:
        assert [] == list(invoices.list_blobs(results_per_page=100))
    assert len(standin.people) + 2 == len(list(invoices.list_blobs()))
