"""
Lists of Azure Storage: containers, blobs in their states, and blobs found by tags.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import eq, ge, gt, le, lt

from klarsyn.testing.serving import Request
from klarsyn.testing.standins.azureblob_keeping import Blob, Container, Keeping, Lineage, Refused
from klarsyn.testing.standins.azureblob_wording import (
    blob_item,
    container_item,
    document,
    element,
    elements,
    named,
    tag_set,
    text,
)

#: The service lists at most so many at once, however many are asked for.
MOST_RESULTS = 5000
Key = tuple[str, int, str]
"""Where an entry stands: name, kind, instant."""
_COMPARISONS = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
_TERM = re.compile(r"""\s*(@container|"[^"]+"|\w+)\s*(>=|<=|=|>|<)\s*'([^']*)'\s*""")


def containers(request: Request, keeping: Keeping, page: int, endpoint: str) -> bytes:
    """Return a page of containers."""
    include, now = _included(request), keeping.now()
    found = list(keeping.containers.values())
    if "deleted" in include and keeping.protection.container_days:
        found += keeping.deleted
    entries = [
        ((one.name, 0, one.version), container_item(one, include, _days(one, now)))
        for one in found
        if one.name.startswith(request.param("prefix"))
    ]
    return _page(request, entries, page, {"ServiceEndpoint": endpoint}, "Containers")


def blobs(
    request: Request, keeping: Keeping, container: Container, page: int, endpoint: str
) -> bytes:
    """Return a page of a container's blobs, in folders where a delimiter is given."""
    include, now = _included(request), keeping.now()
    prefix, delimiter = request.param("prefix"), request.param("delimiter")
    entries: dict[Key, str] = {}
    for name, lineage in container.lineages.items():
        if not name.startswith(prefix):
            continue
        states = list(_states(lineage, include))
        if delimiter and delimiter in name[len(prefix) :]:
            end = name.index(delimiter, len(prefix)) + len(delimiter)
            folder = name[:end]
            if states:
                entries[folder, -1, ""] = element("BlobPrefix", named(folder))
            continue
        for key, blob in states:
            current = blob is lineage.current
            entries[key] = blob_item(blob, include, current=current, days=_days(blob, now))
    attributes = {"ServiceEndpoint": endpoint, "ContainerName": container.name}
    return _page(request, list(entries.items()), page, attributes, "Blobs")


def _states(lineage: Lineage, include: set[str]) -> Iterator[tuple[Key, Blob]]:
    """Return the states that a list shows: snapshots and versions only if asked for."""
    shown = [lineage.current] if lineage.current else []
    if "snapshots" in include:
        shown += lineage.snapshots
    if "versions" in include:
        shown += lineage.versions
    for blob in shown:
        if blob.deleted and "deleted" not in include:
            continue
        if blob.snapshot:
            yield (lineage.name, 0, blob.snapshot), blob
        else:
            yield (lineage.name, 1, blob.version_id or "~"), blob


def by_tags(
    request: Request, keeping: Keeping, where: str, within: Container | None, endpoint: str
) -> bytes:
    """Return the blobs whose tags meet a condition, as far as the index has caught up."""
    terms, now = parse_condition(where), keeping.now()
    keys = {key for key, _, _ in terms}
    entries = []
    for container in [within] if within else keeping.containers.values():
        for lineage in container.lineages.values():
            blob = lineage.current
            if blob is None or blob.deleted or now < blob.searchable_from or not blob.tags:
                continue
            if not met(terms, blob.tags, container.name):
                continue
            tags = tag_set({k: v for k, v in blob.tags.items() if k in keys})
            heads = named(blob.name) + elements([("ContainerName", container.name)])
            item = element("Blob", heads + element("Tags", tags))
            entries.append(((container.name, 0, blob.name), item))
    attributes = {"ServiceEndpoint": endpoint}
    return _page(request, entries, MOST_RESULTS, attributes, "Blobs", where=where)


def parse_condition(where: str) -> list[tuple[str, str, str]]:
    """Return the terms of a condition on tags, all of which have to be met."""
    found = [_TERM.fullmatch(part) for part in re.split(r"\bAND\b", where, flags=re.IGNORECASE)]
    terms = [(m[1].strip('"'), m[2], m[3]) for m in found if m]
    if len(terms) < len(found):
        raise Refused("InvalidQueryParameterValue", detail=("QueryParameterName", "where"))
    return terms


def met(terms: list[tuple[str, str, str]], tags: Mapping[str, str], container: str) -> bool:
    """Return whether tags meet all terms; they are compared as text."""
    known = {**tags, "@container": container}
    return all(key in known and _COMPARISONS[sign](known[key], v) for key, sign, v in terms)


def _page(
    request: Request,
    entries: list[tuple[Key, str]],
    page: int,
    attributes: dict[str, str],
    tag: str,
    where: str | None = None,
) -> bytes:
    """Return the entries from the marker on, and where to go on from."""
    asked, marker = request.param("maxresults"), request.param("marker")
    if asked and not (asked.isdecimal() and int(asked)):
        raise Refused("OutOfRangeQueryParameterValue", detail=("QueryParameterName", "maxresults"))
    size = min(int(asked or MOST_RESULTS), page, MOST_RESULTS)
    start = _read_marker(marker) if marker else ("", -1, "")
    rest = sorted(entry for entry in entries if entry[0] >= start)
    following = _marker(rest[size][0]) if len(rest) > size else ""
    heads = [
        (name, request.param(parameter))
        for name, parameter in (
            ("Prefix", "prefix"),
            ("Marker", "marker"),
            ("MaxResults", "maxresults"),
            ("Delimiter", "delimiter"),
        )
        if request.param(parameter) and where is None
    ]
    if where is not None:
        heads = [("Where", where)]
    inside = element(tag, "".join(item for _, item in rest[:size]))
    end = element("NextMarker", text(following))
    return document(element("EnumerationResults", elements(heads) + inside + end, attributes))


def _marker(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _read_marker(marker: str) -> Key:
    try:
        name, kind, instant = json.loads(base64.urlsafe_b64decode(marker))
    except (ValueError, binascii.Error) as error:
        detail = ("QueryParameterName", "marker")
        raise Refused("InvalidQueryParameterValue", detail=detail) from error
    return name, kind, instant


def _included(request: Request) -> set[str]:
    return set(filter(None, ",".join(request.query.get("include", [])).split(",")))


def _days(one: Blob | Container, now: datetime) -> int | None:
    """Return how many days soft delete keeps something yet."""
    return (one.gone_from - now).days if one.gone_from else None
