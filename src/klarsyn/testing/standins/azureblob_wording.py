"""
How Azure Storage words things: XML replies, and errors in body and header.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import quote

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.azureblob_keeping import Blob, Container, Refused, http_date

XML = "application/xml"
Pair = tuple[str, str | bool | int | None]
"""Name and value of an element; without a value there is no element."""
#: Status and text of each error that the stand-in gives.
ERRORS = {
    "AuthenticationFailed": (403, "Server failed to authenticate the request."),
    "AuthorizationPermissionMismatch": (403, "This permission does not allow the operation."),
    "AuthorizationResourceTypeMismatch": (403, "The signature is not for this resource type."),
    "BlobAlreadyExists": (409, "The specified blob already exists."),
    "BlobImmutableDueToLegalHold": (409, "The blob is immutable due to a legal hold."),
    "BlobImmutableDueToPolicy": (409, "The blob is immutable due to a policy."),
    "BlobNotFound": (404, "The specified blob does not exist."),
    "ConditionNotMet": (412, "The condition specified using HTTP conditional headers is not met."),
    "ContainerAlreadyExists": (409, "The specified container already exists."),
    "ContainerBeingDeleted": (409, "The specified container is being deleted."),
    "ContainerNotFound": (404, "The specified container does not exist."),
    "ExceedsMaxBatchRequestCount": (400, "The batch holds more subrequests than allowed."),
    "InternalError": (500, "The server encountered an internal error."),
    "InvalidHeaderValue": (400, "The value of one of the HTTP headers is not in correct format."),
    "InvalidInput": (400, "One of the request inputs is not valid."),
    "InvalidMetadata": (400, "The metadata specified is invalid."),
    "InvalidQueryParameterValue": (400, "A query parameter has an invalid value."),
    "InvalidRange": (416, "The range specified is invalid for the resource's current size."),
    "InvalidResourceName": (400, "The specified resource name contains invalid characters."),
    "InvalidXmlDocument": (400, "XML specified is not syntactically valid."),
    "Md5Mismatch": (400, "The MD5 value in the request does not match the server's."),
    "MetadataTooLarge": (400, "The metadata exceeds the maximum allowed size."),
    "MissingRequiredHeader": (400, "A mandatory HTTP header is missing."),
    "NoAuthenticationInformation": (401, "Server failed to authenticate the request."),
    "OperationNotAllowedOnRootBlob": (403, "Not allowed on the current version."),
    "OutOfRangeInput": (400, "The specified resource name length is not permissible."),
    "OutOfRangeQueryParameterValue": (400, "A query parameter is outside the permissible range."),
    "PermanentDeleteNotAllowed": (409, "Permanent delete is not enabled for the account."),
    "ResourceNotFound": (404, "The specified resource does not exist."),
    "ServerBusy": (503, "The server is busy."),
    "SnapshotsPresent": (409, "This operation is not permitted while the blob has snapshots."),
    "UnsupportedHttpVerb": (405, "The resource doesn't support the specified HTTP verb."),
}
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def text(value: str) -> str:
    """Return a value as it stands between two tags."""
    return html.escape(value, quote=False)


def element(name: str, inside: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """Return one element; `inside` is XML already."""
    listed = "".join(f' {key}="{html.escape(value)}"' for key, value in (attributes or {}).items())
    return f"<{name}{listed}>{inside}</{name}>" if inside else f"<{name}{listed} />"


def elements(values: Iterable[Pair]) -> str:
    """Return one element for each value that there is; nothing for None."""
    written = [(name, str(v).lower() if isinstance(v, bool) else v) for name, v in values]
    return "".join(element(name, text(str(v))) for name, v in written if v is not None)


def document(root: str) -> bytes:
    """Return a whole document; the service begins it with a byte order mark."""
    return f'\ufeff<?xml version="1.0" encoding="utf-8"?>{root}'.encode()


def named(name: str) -> str:
    """Return the name of a blob; one that XML cannot hold is percent-encoded."""
    if _UNWRITABLE.search(name):
        return element("Name", quote(name), {"Encoded": "true"})
    return element("Name", text(name))


def tag_set(tags: Mapping[str, str]) -> str:
    """Return the tags of a blob."""
    pairs = (element("Tag", elements([("Key", k), ("Value", v)])) for k, v in sorted(tags.items()))
    return element("TagSet", "".join(pairs))


def read_tags(body: bytes) -> dict[str, str]:
    """Return the tags in a body."""
    written = body.decode("utf-8-sig")
    pairs = re.findall(
        r"<Tag>\s*<Key>(.*?)</Key>\s*<Value(?:\s*/>|>(.*?)</Value>)\s*</Tag>", written, re.DOTALL
    )
    if "<TagSet" not in written or len(pairs) != written.count("<Tag>"):
        raise Refused("InvalidXmlDocument")
    return {html.unescape(key): html.unescape(value) for key, value in pairs}


def refusal(request: Request, code: str, detail: tuple[str, str] | None = None) -> Reply:
    """Return an error: the code stands in a header, and in the body where there is one."""
    status, words = ERRORS[code]
    reading = request.method in {"GET", "HEAD"}
    if code == "ConditionNotMet" and reading and "if-match" not in request.headers:
        status = HTTPStatus.NOT_MODIFIED
    details = [detail] if detail else []
    body = element("Error", elements([("Code", code), ("Message", words), *details]))
    headers = {"x-ms-error-code": code}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer resource_id="https://storage.azure.com"'
    bodiless = request.method == "HEAD" or status == HTTPStatus.NOT_MODIFIED
    return Reply(status, None if bodiless else document(body), headers, XML)


def container_item(container: Container, include: set[str], now_days: int | None) -> str:
    """Return a container as it is listed."""
    properties = elements(
        [
            ("Last-Modified", http_date(container.modified)),
            ("Etag", container.etag),
            ("LeaseStatus", "unlocked"),
            ("LeaseState", "available"),
            ("HasImmutabilityPolicy", False),
            ("HasLegalHold", False),
            ("DeletedTime", http_date(container.deleted) if container.deleted else None),
            ("RemainingRetentionDays", now_days),
        ]
    )
    deleted: list[Pair] = (
        [("Deleted", True), ("Version", container.version)] if container.deleted else []
    )
    metadata = element("Metadata", elements(container.metadata.items()))
    inside = elements([("Name", container.name), *deleted]) + element("Properties", properties)
    return element("Container", inside + (metadata if "metadata" in include else ""))


def blob_item(blob: Blob, include: set[str], *, current: bool, days: int | None) -> str:
    """Return a state of a blob as it is listed."""
    heads: list[Pair] = [
        ("Deleted", True if blob.deleted else None),
        ("Snapshot", blob.snapshot or None),
    ]
    if "versions" in include and blob.version_id and not blob.snapshot:
        heads += [("VersionId", blob.version_id), ("IsCurrentVersion", current or None)]
    properties = element("Properties", elements(_properties(blob, include, days)))
    parts = [named(blob.name), elements(heads), properties]
    if "metadata" in include:
        parts.append(element("Metadata", elements(blob.metadata.items())))
    if "tags" in include and blob.tags:
        parts.append(element("Tags", tag_set(blob.tags)))
    return element("Blob", "".join(parts))


def _properties(blob: Blob, include: set[str], days: int | None) -> list[Pair]:
    known: list[Pair] = [
        ("Creation-Time", http_date(blob.created)),
        ("Last-Modified", http_date(blob.modified)),
        ("Etag", blob.etag.strip('"')),
        ("Content-Length", len(blob.content)),
        ("Content-Type", blob.content_type),
        *((name, blob.headers.get(name, "")) for name in ("Content-Encoding", "Content-Language")),
        ("Content-MD5", blob.headers.get("Content-MD5", "")),
        ("Cache-Control", blob.headers.get("Cache-Control", "")),
        ("Content-Disposition", blob.headers.get("Content-Disposition", "")),
        ("BlobType", "BlockBlob"),
        ("AccessTier", "Hot"),
        ("AccessTierInferred", True),
        ("LeaseStatus", None if blob.snapshot else "unlocked"),
        ("LeaseState", None if blob.snapshot else "available"),
        ("ServerEncrypted", True),
        ("TagCount", len(blob.tags) or None),
        ("DeletedTime", http_date(blob.deleted) if blob.deleted else None),
        ("RemainingRetentionDays", days),
    ]
    if "immutabilitypolicy" in include and blob.immutable_until:
        known.append(("ImmutabilityPolicyUntilDate", http_date(blob.immutable_until)))
        known.append(("ImmutabilityPolicyMode", blob.immutable_mode))
    if "legalhold" in include and blob.legal_hold:
        known.append(("LegalHold", True))
    return known
