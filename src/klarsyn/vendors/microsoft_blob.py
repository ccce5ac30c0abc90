"""
Azure Blob Storage: files in the containers of a storage account, as they are and as they were.

From Microsoft's contract of the version 2021-10-04 and its documents, read on 2026-11-22; nothing
was tried against the live service. Azurite, Microsoft's own emulator, was asked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from klarsyn.errors import said
from klarsyn.transport.azure import by_key, by_sas, by_token, told_by_sas
from klarsyn.transport.azureblob import (
    BLOBS,
    STATES,
    family,
    is_past,
    kept_until,
    listing,
    plain_name,
    states,
)
from klarsyn.transport.bodies import Xml
from klarsyn.transport.replies import Reply
from klarsyn.vendors.microsoft_blob_states import (
    delete_past,
    overwrite,
    remove,
    says_no_more,
    unprotected,
    with_text,
)
from klarsyn.vendors.sheet import (
    GET,
    Api,
    Assumption,
    Connection,
    Depth,
    EitherKey,
    Element,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    Level,
    Limit,
    Lookup,
    Places,
    Record,
    Residue,
    Setting,
    Signed,
    Vendor,
    Walk,
    Within,
)
from klarsyn.vendors.stages import only_if

IMMUTABLE = ("BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold")


def classify(reply: Reply) -> Failure | None:
    """An error's word stands in a header; with it, a success is none."""
    code = reply.header("x-ms-error-code")
    return Failure(Kind.DOWN, code) if code in api.codes or (code and reply.status < 400) else None


api = Api(
    base="https://{account}.blob.core.windows.net",
    hosts=("*.blob.core.windows.net",),
    settings=(
        Setting("account", said("the name of the storage account"), form="[a-z0-9]{3,24}"),
        Setting(
            "sas",
            said("a shared access signature of the account, for the service b and the types sco"),
            secret=True,
            made_at="https://portal.azure.com/#browse/Microsoft.Storage%2FStorageAccounts",
            rights=said("r, l, t and f to read; w, d, x and y to rectify and erase"),
            lasts=said("until the day that it names"),
            instead="token account_key",
        ),
        Setting("token", said("a token of Entra for this account"), secret=True, required=False),
        Setting("account_key", said("a key of the account"), secret=True, required=False),
        Setting("containers", said("names of containers to look at"), many=True, required=False),
        Setting("tags", said("tags that hold customers' numbers"), many=True, required=False),
        Setting("own_domains", said("domains of your own addresses"), many=True, required=False),
    ),
    auth=EitherKey(
        {"sas": Signed(by_sas), "token": Signed(by_token), "account_key": Signed(by_key)}
    ),
    headers={"x-ms-version": "2021-10-04"},
    limit=Limit(requests=20_000, per=1),
    classify=classify,
    codes={
        **dict.fromkeys(("AuthenticationFailed", "NoAuthenticationInformation"), Kind.KEY),
        **dict.fromkeys(("AuthorizationFailure", "AuthorizationPermissionMismatch"), Kind.RIGHTS),
        **dict.fromkeys(("ServerBusy",), Kind.THROTTLED),
        **dict.fromkeys(("OperationTimedOut", "InternalError"), Kind.DOWN),
        **dict.fromkeys(("ConditionNotMet", "LeaseIdMissing", *IMMUTABLE), Kind.REFUSED),
    },
    hints={
        "AuthorizationFailure": said("the account's firewall may not know this machine"),
        "ConditionNotMet": said("it was changed after it was read; read it again"),
        "LeaseIdMissing": said("a program holds a lease on it; wait until it lets go"),
        **dict.fromkeys(IMMUTABLE, said("a policy or a legal hold of yours protects it")),
    },
    ping=GET("/", query={"comp": "list", "maxresults": 1}, codec=Xml()),
    reference="https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api",
    read_on="2026-11-22",
)

# Quirks


def current(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield blobs as they are, one by one: texts can be long."""
    for raw in states(connection, BLOBS, places):
        yield [with_text(connection, raw, places)]


def past(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield blobs as they were: snapshots, earlier versions, and what is deleted softly."""
    for raw in states(connection, STATES, places):
        if is_past(raw):
            yield [with_text(connection, raw, places)]


def by_tag(connection: Connection, value: str, places: Places) -> Iterator[Any]:
    """Yield blobs that bear a tag of this value; without names of tags, every blob is read."""
    tags = connection.settings.get("tags") or ()
    names: set[str] = set()
    for tag in tags if re.fullmatch(r"[\w +\-./:=]+", value, re.ASCII) else ():
        call = listing("blobs", "Blobs", where=f"\"{tag}\"='{value}'")
        names |= {plain_name(raw) for page in connection.pages(call, **places) for raw in page}
    for name in sorted(names):
        found = family(connection, places["container"], name)
        yield from (with_text(connection, raw, places) for raw in found if not is_past(raw))
    if not tags:
        yield from (raw for page in current(connection, places) for raw in page)


def probe(connection: Connection) -> Mapping[str, object]:
    """Return what a shared access signature allows and until when; other keys do not say."""
    rights, until = told_by_sas(str(connection.settings.get("sas") or ""))
    return {"scopes": rights, "lacking": set("rltf") - rights, "until": until} if rights else {}


# Records

OVERWRITTEN = Residue(said("the blob as it was, where versions or deleted blobs are kept"))
FREE = only_if(unprotected, said("a legal hold or a policy protects it; nothing is deleted"))
TO_DELETE = Job(
    stages=(FREE, remove, delete_past),
    level=Level.PURGED,
    proof=says_no_more,
    residue=(Residue(said("what soft delete keeps, which can be brought back"), kept_until),),
)

walked = Walk(
    name="container",
    read=listing("list", "Containers", "/", include="system"),
    only="containers",
    key="Name",
)
blob = Record(
    name="blob",
    about=said("whoever a file is about"),
    within=Within(walked, {"container": "Name"}),
    read=current,
    key="key",
    elements=(Element("text", means="user.content", free=True),),
    open_fields=(
        "text",
        "unescaped",
        "Name",
        "Metadata",
        "Tags.TagSet[]",
        "Properties.Content-Disposition",
    ),
    unread=lambda raw: raw.get("unread"),
    find=(Lookup(by="reference", call=by_tag, lag=60),),
    rectify=Job(stages=(overwrite,), residue=(OVERWRITTEN,)),
    erase=TO_DELETE,
)

earlier = replace(
    blob,
    name="earlier",
    about=said("whoever a file was about: snapshots, versions, deleted blobs"),
    read=past,
    elements=(),
    find=(),
    rectify=None,
    erase=replace(TO_DELETE, stages=(FREE, delete_past)),
    order=1,
)

container = Record(
    name="container",
    about=said("whoever its name or its metadata speak of"),
    read=listing("list", "Containers", "/", include="metadata,deleted,system"),
    key="Name",
    open_fields=("Name", "Metadata"),
    unread=lambda raw: said("a deleted container") if raw.get("Deleted") == "true" else None,
)

microsoft_blob = Vendor(
    id="microsoft-blob",
    name="Azure Blob Storage",
    api=api,
    records=(blob, earlier, container),
    read=HowFar(Depth.FULL, said("names, tags, metadata, and plain texts of up to 8 MiB")),
    find=HowFar(Depth.FULL, said("a customer's number by its tag, all else by reading everything")),
    rectify=HowFar(Depth.FULL, said("a text is written anew as a whole; a name stays")),
    erase=HowFar(Depth.FULL, said("all its states; a text of several people is blacked out")),
    deliver=HowFar(Depth.NONE, said("files are nobody's list of customers")),
    unseen=(
        said("what is inside pictures, PDF, archives and other files that are no plain text"),
        said("texts of deleted blobs, and all that is in deleted containers, until they are gone"),
        said("queues, tables, file shares, and copies in other accounts"),
    ),
    assumptions=(
        Assumption(said("new tags are found within a minute; Microsoft says only: not at once")),
        Assumption(said("an account takes 20,000 requests a second"), Grade.DOCS),
        Assumption(said("an error's word in a header beside a success makes it none")),
        Assumption(said("accounts with folders (hierarchical namespace) refuse tags and versions")),
        Assumption(said("AllowPermanentDelete lets deleted states go at once"), Grade.CONTRACT),
    ),
    probe=probe,
)
