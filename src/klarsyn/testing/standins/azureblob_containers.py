"""
What Azure Storage does with one container, and what it says of the whole account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.azureblob_blobs import metadata_of
from klarsyn.testing.standins.azureblob_keeping import Keeping, Protection, Refused, http_date
from klarsyn.testing.standins.azureblob_wording import XML, Pair, document, element, elements


def create(keeping: Keeping, request: Request, name: str) -> Reply:
    """Make a container."""
    made = keeping.create(name, metadata_of(request.headers))
    return Reply(201, None, {"ETag": made.etag, "Last-Modified": http_date(made.modified)}, XML)


def described(keeping: Keeping, _: Request, name: str) -> Reply:
    """Return what is known of a container, all of it in headers."""
    found = keeping.container(name)
    metadata = {f"x-ms-meta-{key}": value for key, value in found.metadata.items()}
    headers = {
        "ETag": found.etag,
        "Last-Modified": http_date(found.modified),
        "x-ms-lease-status": "unlocked",
        "x-ms-lease-state": "available",
        "x-ms-has-immutability-policy": "false",
        "x-ms-has-legal-hold": "false",
    }
    return Reply(200, None, headers | metadata, XML)


def set_metadata(keeping: Keeping, request: Request, name: str) -> Reply:
    """Replace all metadata."""
    found = keeping.container(name)
    found.metadata = metadata_of(request.headers)
    found.modified, found.etag = keeping.now(), keeping.etag()
    headers = {"ETag": found.etag, "Last-Modified": http_date(found.modified)}
    return Reply(200, None, headers, XML)


def remove(keeping: Keeping, _: Request, name: str) -> Reply:
    """Delete a container and all that is in it."""
    keeping.remove(name)
    return Reply(202, None, {}, XML)


def restore(keeping: Keeping, request: Request, name: str) -> Reply:
    """Bring back a container that soft delete still keeps."""
    if request.headers.get("x-ms-deleted-container-name", name) != name:
        raise Refused("InvalidHeaderValue")
    keeping.restore(name, request.headers.get("x-ms-deleted-container-version", ""))
    return Reply(201, None, {}, XML)


CONTAINER_CALLS: Mapping[tuple[str, str], Callable[[Keeping, Request, str], Reply]] = {
    ("PUT", ""): create,
    ("GET", ""): described,
    ("HEAD", ""): described,
    ("GET", "metadata"): described,
    ("PUT", "metadata"): set_metadata,
    ("DELETE", ""): remove,
    ("PUT", "undelete"): restore,
}


def properties(protection: Protection) -> bytes:
    """Return how the account is set up, soft delete above all."""
    days = protection.blob_days
    kept: list[Pair] = [("Days", days), ("AllowPermanentDelete", protection.permanent_delete)]
    logging: list[Pair] = [("Version", "1.0"), ("Delete", False), ("Read", False), ("Write", False)]
    off = elements([("Enabled", False)])
    metrics = elements([("Version", "1.0"), ("Enabled", False)]) + element("RetentionPolicy", off)
    policy = elements([("Enabled", days > 0), *(kept if days else [])])
    parts = [
        element("Logging", elements(logging) + element("RetentionPolicy", off)),
        element("HourMetrics", metrics),
        element("MinuteMetrics", metrics),
        element("Cors"),
        element("DeleteRetentionPolicy", policy),
        element("StaticWebsite", off),
    ]
    return document(element("StorageServiceProperties", "".join(parts)))
