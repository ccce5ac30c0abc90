"""
What Azure Storage does with one blob: read, put, delete, snapshots, tags, holds.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.azureblob_keeping import (
    Blob,
    Container,
    Keeping,
    Lineage,
    Refused,
    http_date,
    read_date,
)
from klarsyn.testing.standins.azureblob_listing import met, parse_condition
from klarsyn.testing.standins.azureblob_wording import XML, document, element, read_tags, tag_set

METADATA_BYTES = 8192
TAGS = 10
_TAG_KEY = re.compile(r"[\w +\-./:=]{1,128}", re.ASCII)
_TAG_VALUE = re.compile(r"[\w +\-./:=]{0,256}", re.ASCII)
_META = "x-ms-meta-"
_KEPT_HEADERS = {
    "x-ms-blob-content-encoding": "Content-Encoding",
    "x-ms-blob-content-language": "Content-Language",
    "x-ms-blob-content-disposition": "Content-Disposition",
    "x-ms-blob-cache-control": "Cache-Control",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request about one blob."""

    request: Request
    keeping: Keeping
    container: Container
    name: str

    @property
    def lineage(self) -> Lineage:
        """All that is kept under the name."""
        return self.container.lineage(self.name)

    def state(self) -> Blob:
        """Return the state that the request names, if its conditions are met."""
        snapshot, version_id = self.request.param("snapshot"), self.request.param("versionid")
        blob = self.lineage.find(snapshot=snapshot, version_id=version_id)
        check_conditions(self.request, blob, self.container.name)
        return blob


def check_conditions(request: Request, blob: Blob | None, container: str) -> None:
    """Refuse where a condition in the headers is not met."""
    headers = request.headers
    wanted, unwanted = headers.get("if-match"), headers.get("if-none-match")
    unmet = bool(wanted) and (blob is None or wanted not in {"*", blob.etag})
    if blob:
        unmet = unmet or unwanted in {"*", blob.etag}
        if since := headers.get("if-modified-since"):
            unmet = unmet or blob.modified.replace(microsecond=0) <= read_date(since)
        if since := headers.get("if-unmodified-since"):
            unmet = unmet or blob.modified.replace(microsecond=0) > read_date(since)
        if where := headers.get("x-ms-if-tags"):
            unmet = unmet or not met(parse_condition(where), blob.tags, container)
    if unmet and unwanted == "*" and request.method == "PUT":
        raise Refused("BlobAlreadyExists")
    if unmet:
        raise Refused("ConditionNotMet")


def metadata_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the metadata in the headers of a request."""
    found = {n.removeprefix(_META): v for n, v in headers.items() if n.startswith(_META)}
    if not all(name.isidentifier() and value.isascii() for name, value in found.items()):
        raise Refused("InvalidMetadata")
    if sum(len(name) + len(value) for name, value in found.items()) > METADATA_BYTES:
        raise Refused("MetadataTooLarge")
    return found


def checked_tags(tags: dict[str, str]) -> dict[str, str]:
    """Return tags that the service takes: few, short, ASCII; an e-mail address is none."""
    fine = all(_TAG_KEY.fullmatch(k) and _TAG_VALUE.fullmatch(v) for k, v in tags.items())
    if len(tags) > TAGS or not fine:
        raise Refused("InvalidInput")
    return tags


# Reading


def get(call: Call) -> Reply:
    """Return the content, or the range of it that was asked for."""
    blob, headers = call.state(), call.request.headers
    asked = headers.get("x-ms-range") or headers.get("range")
    if not asked:
        return Reply(200, blob.content, described(call, blob), blob.content_type)
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked)
    if found is None:
        raise Refused("InvalidHeaderValue", detail=("HeaderName", "x-ms-range"))
    size, start = len(blob.content), int(found[1])
    end = min(int(found[2] or size - 1), size - 1)
    if start >= size or end < start:
        raise Refused("InvalidRange")
    part = {"Content-Range": f"bytes {start}-{end}/{size}"}
    content = blob.content[start : end + 1]
    return Reply(206, content, described(call, blob) | part, blob.content_type)


def head(call: Call) -> Reply:
    """Return what is known of a blob, without the content."""
    blob = call.state()
    tier = {"x-ms-access-tier": "Hot", "x-ms-access-tier-inferred": "true"}
    return Reply(200, blob.content, described(call, blob) | tier, blob.content_type)


def described(call: Call, blob: Blob) -> dict[str, str]:
    """Return the headers that go with a blob."""
    known = {
        "Last-Modified": http_date(blob.modified),
        "ETag": blob.etag,
        "Accept-Ranges": "bytes",
        "x-ms-blob-type": "BlockBlob",
        "x-ms-creation-time": http_date(blob.created),
        "x-ms-server-encrypted": "true",
        **blob.headers,
        **{f"{_META}{name}": value for name, value in blob.metadata.items()},
    }
    if not blob.snapshot:
        known |= {"x-ms-lease-status": "unlocked", "x-ms-lease-state": "available"}
    if blob.version_id:
        known["x-ms-version-id"] = blob.version_id
        if call.lineage.current is blob:
            known["x-ms-is-current-version"] = "true"
    if blob.tags:
        known["x-ms-tag-count"] = str(len(blob.tags))
    if blob.legal_hold:
        known["x-ms-legal-hold"] = "true"
    if blob.immutable_until:
        known["x-ms-immutability-policy-until-date"] = http_date(blob.immutable_until)
        known["x-ms-immutability-policy-mode"] = blob.immutable_mode
    return known


def get_tags(call: Call) -> Reply:
    """Return the tags of a blob."""
    tags = call.state().tags
    return Reply(200, document(element("Tags", tag_set(tags))), {}, XML)


# Writing


def put(call: Call) -> Reply:
    """Keep a block blob whole, in one request."""
    request, headers = call.request, call.request.headers
    if (kind := headers.get("x-ms-blob-type")) != "BlockBlob":
        code = "InvalidHeaderValue" if kind else "MissingRequiredHeader"
        raise Refused(code, detail=("HeaderName", "x-ms-blob-type"))
    base = call.lineage.current
    check_conditions(request, None if base and base.deleted else base, call.container.name)
    digest = hashlib.md5(request.body, usedforsecurity=False).digest()
    md5 = base64.b64encode(digest).decode()
    if headers.get("content-md5", md5) != md5:
        raise Refused("Md5Mismatch")
    kept = {ours: headers[theirs] for theirs, ours in _KEPT_HEADERS.items() if theirs in headers}
    plain = headers.get("content-type") or "application/octet-stream"
    pairs = Request("PUT", "", {}, {}, headers.get("x-ms-tags", "").encode()).form()
    blob = Blob(
        call.name,
        request.body,
        call.keeping.now(),
        "",
        content_type=headers.get("x-ms-blob-content-type") or plain,
        headers=kept | {"Content-MD5": md5},
        metadata=metadata_of(headers),
        tags=checked_tags(pairs),
    )
    done = changed(call.keeping.put(call.container, blob))
    return Reply(201, None, done | {"Content-MD5": md5}, XML)


def changed(blob: Blob) -> dict[str, str]:
    """Return the headers that go with a change."""
    version = {"x-ms-version-id": blob.version_id} if blob.version_id else {}
    return {
        "ETag": blob.etag,
        "Last-Modified": http_date(blob.modified),
        "x-ms-request-server-encrypted": "true",
        **version,
    }


def set_metadata(call: Call) -> Reply:
    """Replace all metadata of the base blob."""
    metadata = metadata_of(call.request.headers)
    blob = call.keeping.touch(call.container, call.state(), metadata)
    return Reply(200, None, changed(blob), XML)


def set_tags(call: Call) -> Reply:
    """Replace all tags of a blob; the index follows later."""
    blob = call.state()
    blob.tags = checked_tags(read_tags(call.request.body))
    blob.searchable_from = call.keeping.now() + call.keeping.tag_delay
    return Reply(204)


def snapshot(call: Call) -> Reply:
    """Keep the base blob as it is now."""
    blob = call.state()
    taken = call.keeping.snapshot(call.container, blob, metadata_of(call.request.headers))
    done = changed(call.lineage.live()) | {"x-ms-snapshot": taken.snapshot}
    return Reply(201, None, done, XML)


def delete(call: Call) -> Reply:
    """Delete the base blob, or the one snapshot or version that is named."""
    request, protection, now = call.request, call.keeping.protection, call.keeping.now()
    scope = request.headers.get("x-ms-delete-snapshots", "")
    if scope not in {"", "include", "only"}:
        raise Refused("InvalidHeaderValue", detail=("HeaderName", "x-ms-delete-snapshots"))
    if request.param("deletetype").lower() == "permanent":
        return delete_for_good(call)
    blob, lineage = call.state(), call.lineage
    if request.param("versionid") and blob is lineage.current:
        raise Refused("OperationNotAllowedOnRootBlob")
    if request.param("snapshot") or request.param("versionid"):
        lineage.drop(blob, protection, now)
    else:
        lineage.delete(scope, protection, now)
    call.container.sweep(now)
    kept = protection.blob_days or protection.versioning
    return Reply(202, None, {"x-ms-delete-type-permanent": str(not kept).lower()}, XML)


def delete_for_good(call: Call) -> Reply:
    """Let go of a snapshot or version that is soft-deleted already."""
    request = call.request
    if not call.keeping.protection.permanent_delete:
        raise Refused("PermanentDeleteNotAllowed")
    for blob in list(call.lineage.states()):
        named = (request.param("snapshot"), request.param("versionid"))
        own = (blob.snapshot, "" if blob.snapshot else blob.version_id)
        if blob.deleted and any(named) and named == own:
            blob.guard(call.keeping.now())
            call.lineage.forget(blob)
            call.container.sweep(call.keeping.now())
            return Reply(202, None, {"x-ms-delete-type-permanent": "true"}, XML)
    raise Refused("BlobNotFound")


def undelete(call: Call) -> Reply:
    """Bring back all that soft delete still keeps under a name."""
    call.lineage.undelete()
    return Reply(200, None, {}, XML)


# Immutability


def set_hold(call: Call) -> Reply:
    """Set a legal hold, or lift it."""
    blob = call.state()
    blob.legal_hold = call.request.headers.get("x-ms-legal-hold", "").lower() == "true"
    return Reply(200, None, {"x-ms-legal-hold": str(blob.legal_hold).lower()}, XML)


def set_policy(call: Call) -> Reply:
    """Make a state immutable until a date."""
    blob, headers = call.state(), call.request.headers
    if "x-ms-immutability-policy-until-date" not in headers:
        raise Refused("MissingRequiredHeader")
    until = read_date(headers["x-ms-immutability-policy-until-date"])
    guard_policy(blob, call.keeping.now(), until)
    blob.immutable_until = until
    blob.immutable_mode = headers.get("x-ms-immutability-policy-mode", "Unlocked").capitalize()
    kept = {
        "x-ms-immutability-policy-until-date": http_date(blob.immutable_until),
        "x-ms-immutability-policy-mode": blob.immutable_mode,
    }
    return Reply(200, None, kept, XML)


def lift_policy(call: Call) -> Reply:
    """Lift a policy that is not locked."""
    blob = call.state()
    guard_policy(blob, call.keeping.now(), None)
    blob.immutable_until, blob.immutable_mode = None, ""
    return Reply(200, None, {}, XML)


def guard_policy(blob: Blob, now: datetime, until: datetime | None) -> None:
    """A locked policy can only be made longer while it lasts."""
    locked = blob.immutable_mode == "Locked" and blob.immutable_until
    if locked and now < locked and (until is None or until < locked):
        raise Refused("BlobImmutableDueToPolicy")
