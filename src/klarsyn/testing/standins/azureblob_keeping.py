"""
What an Azure storage account keeps: containers, blobs, and all the states that outlive a delete.

Rules of soft delete and versioning are those of the service: an overwrite or a delete leaves a
version where versioning is on, a soft-deleted copy where retention is on, and nothing otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from klarsyn.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: A name is free again half a minute after its container was deleted.
CONTAINER_REST = timedelta(seconds=30)


class Refused(Exception):
    """The service says no, by one of its error codes."""

    def __init__(self, code: str, *, detail: tuple[str, str] | None = None) -> None:
        """Remember the code, and the one element that some errors add."""
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(slots=True)
class Protection:
    """How an account is set up against loss, which is what stands against erasure."""

    versioning: bool = True
    blob_days: int = 7
    """How long soft delete keeps a blob; 0 is off."""
    container_days: int = 7
    permanent_delete: bool = False
    """Whether `deletetype=permanent` is allowed for what is soft-deleted already."""


@dataclass(slots=True)
class Blob:
    """One state of a blob: the present one, an earlier version, or a snapshot."""

    name: str
    content: bytes = field(repr=False)
    modified: datetime
    etag: str
    content_type: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    """Content-Encoding and its like, as they are sent back."""
    metadata: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime = _EPOCH
    version_id: str = ""
    snapshot: str = ""
    deleted: datetime | None = None
    gone_from: datetime | None = None
    """When soft delete lets go of it."""
    legal_hold: bool = False
    immutable_until: datetime | None = None
    immutable_mode: str = ""
    searchable_from: datetime = _EPOCH
    """When the index of tags has caught up with it."""

    def delete_softly(self, now: datetime, days: int) -> None:
        """Hide it for so many days."""
        self.deleted, self.gone_from = now, now + timedelta(days=days)

    def restore(self) -> None:
        """Undo a soft delete."""
        self.deleted = self.gone_from = None

    def guard(self, now: datetime) -> None:
        """Refuse a change where a hold or a policy forbids it."""
        if self.legal_hold:
            raise Refused("BlobImmutableDueToLegalHold")
        if self.immutable_until and now < self.immutable_until:
            raise Refused("BlobImmutableDueToPolicy")


@dataclass(slots=True)
class Lineage:
    """All that is kept under one name."""

    name: str
    current: Blob | None = None
    """The base blob; soft-deleted where versioning was off when it was deleted."""
    versions: list[Blob] = field(default_factory=list)
    """Earlier ones, oldest first."""
    snapshots: list[Blob] = field(default_factory=list)

    def live(self) -> Blob:
        """Return the base blob, or say that there is none."""
        if self.current is None or self.current.deleted:
            raise Refused("BlobNotFound")
        return self.current

    def states(self) -> Iterator[Blob]:
        """Return every state, the base blob last."""
        yield from self.snapshots
        yield from self.versions
        if self.current:
            yield self.current

    def find(self, *, snapshot: str = "", version_id: str = "") -> Blob:
        """Return the state that a request names, if it is not deleted."""
        if not snapshot and not version_id:
            return self.live()
        for blob in self.states():
            named = blob.snapshot == snapshot if snapshot else blob.version_id == version_id
            if named and not blob.deleted:
                return blob
        raise Refused("BlobNotFound")

    def put(self, blob: Blob, protection: Protection, stamp: str) -> None:
        """Make a blob the base; what was there stays as a version or a soft-deleted snapshot."""
        old, self.current = self.current, blob
        if old is None:
            return
        if protection.versioning and not old.deleted:
            self.versions.append(old)
        elif protection.blob_days:
            if not old.deleted:
                old.delete_softly(blob.modified, protection.blob_days)
            old.snapshot = stamp
            self.snapshots.append(old)

    def delete(self, scope: str, protection: Protection, now: datetime) -> None:
        """Delete the base blob; `include` its snapshots, or the snapshots `only`."""
        base = self.live()
        snapshots = [one for one in self.snapshots if not one.deleted]
        if snapshots and not scope:
            raise Refused("SnapshotsPresent")
        doomed = snapshots if scope == "only" else [*snapshots, base]
        for blob in doomed:
            blob.guard(now)
        for blob in snapshots:
            self.drop(blob, protection, now)
        if scope == "only":
            return
        if protection.versioning:
            self.versions.append(base)
            self.current = None
        else:
            self.drop(base, protection, now)

    def drop(self, blob: Blob, protection: Protection, now: datetime) -> None:
        """Delete one state, softly where retention is on."""
        blob.guard(now)
        if protection.blob_days and not blob.deleted:
            blob.delete_softly(now, protection.blob_days)
        else:
            self.forget(blob)

    def forget(self, blob: Blob) -> None:
        """Keep one state no longer, in no form."""
        self.snapshots = [one for one in self.snapshots if one is not blob]
        self.versions = [one for one in self.versions if one is not blob]
        if self.current is blob:
            self.current = None

    def undelete(self) -> None:
        """Restore every state that soft delete still keeps."""
        states = list(self.states())
        if not states:
            raise Refused("BlobNotFound")
        for blob in states:
            blob.restore()


@dataclass(slots=True)
class Container:
    """A container and its blobs by name."""

    name: str
    modified: datetime
    etag: str
    metadata: dict[str, str] = field(default_factory=dict)
    lineages: dict[str, Lineage] = field(default_factory=dict)
    deleted: datetime | None = None
    gone_from: datetime | None = None
    version: str = ""
    """What a deleted container is told from its namesakes by."""

    def lineage(self, name: str) -> Lineage:
        """Return what is kept under a name, even if that is nothing."""
        return self.lineages.get(name) or Lineage(name)

    def sweep(self, now: datetime) -> None:
        """Forget what soft delete keeps no longer."""
        for lineage in list(self.lineages.values()):
            for blob in list(lineage.states()):
                if blob.gone_from and blob.gone_from <= now:
                    lineage.forget(blob)
            if not any(lineage.states()):
                del self.lineages[lineage.name]


class Keeping:
    """The account: its containers, its protection, its time."""

    def __init__(self, clock: Clock, protection: Protection, tag_lag: float) -> None:
        """Begin empty; the index of tags follows after `tag_lag` seconds."""
        self.clock = clock
        self.protection = protection
        self.tag_delay = timedelta(seconds=tag_lag)
        self.containers: dict[str, Container] = {}
        self.deleted: list[Container] = []
        self._ticks = 0
        self._changes = 0

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock.now()

    def stamp(self) -> str:
        """Return an instant as versions and snapshots are named by; no two are the same."""
        ticks = int((self.now() - _EPOCH) / timedelta(microseconds=1)) * 10
        self._ticks = max(self._ticks + 1, ticks)
        moment = _EPOCH + timedelta(microseconds=self._ticks // 10)
        return f"{moment:%Y-%m-%dT%H:%M:%S.%f}{self._ticks % 10}Z"

    def etag(self) -> str:
        """Return a tag that no state had before."""
        self._changes += 1
        return f'"0x8DE{self._changes:012X}"'

    def sweep(self) -> None:
        """Let time do what it does to things deleted."""
        now = self.now()
        self.deleted = [one for one in self.deleted if one.gone_from and now < one.gone_from]
        for container in self.containers.values():
            container.sweep(now)

    def container(self, name: str) -> Container:
        """Return a container, or say that there is none."""
        if name not in self.containers:
            raise Refused("ContainerNotFound")
        return self.containers[name]

    def create(self, name: str, metadata: dict[str, str]) -> Container:
        """Return a new container."""
        if name in self.containers:
            raise Refused("ContainerAlreadyExists")
        resting = [one.deleted for one in self.deleted if one.name == name and one.deleted]
        if any(self.now() < deleted + CONTAINER_REST for deleted in resting):
            raise Refused("ContainerBeingDeleted")
        self.containers[name] = Container(name, self.now(), self.etag(), metadata)
        return self.containers[name]

    def remove(self, name: str) -> None:
        """Delete a container with all that is in it, softly where retention is on."""
        container, now = self.container(name), self.now()
        for lineage in container.lineages.values():
            for blob in lineage.states():
                blob.guard(now)
        del self.containers[name]
        days = timedelta(days=self.protection.container_days)
        container.deleted, container.version = now, self.stamp()
        container.gone_from = now + max(days, CONTAINER_REST)
        self.deleted.append(container)

    def restore(self, name: str, version: str) -> None:
        """Bring a deleted container back."""
        if name in self.containers:
            raise Refused("ContainerAlreadyExists")
        for container in self.deleted if self.protection.container_days else ():
            if (container.name, container.version) == (name, version):
                container.deleted = container.gone_from = None
                self.deleted.remove(container)
                self.containers[name] = container
                return
        raise Refused("ContainerNotFound")

    def put(self, container: Container, blob: Blob) -> Blob:
        """Keep a blob as the base of its name; instants, etag and version are set here."""
        lineage = container.lineages.setdefault(blob.name, Lineage(blob.name))
        now = self.now()
        old = lineage.current if lineage.current and not lineage.current.deleted else None
        if old and not self.protection.versioning:
            old.guard(now)
        blob.modified, blob.etag = now, self.etag()
        blob.created = old.created if old else now
        blob.searchable_from = now + self.tag_delay
        blob.version_id = self.stamp() if self.protection.versioning else ""
        lineage.put(blob, self.protection, self.stamp())
        return blob

    def touch(self, container: Container, blob: Blob, metadata: dict[str, str]) -> Blob:
        """Change metadata, which is a new version where versioning is on."""
        blob.guard(self.now())
        if self.protection.versioning:
            return self.put(container, replace(blob, metadata=metadata))
        blob.metadata, blob.modified, blob.etag = metadata, self.now(), self.etag()
        return blob

    def snapshot(self, container: Container, blob: Blob, metadata: dict[str, str]) -> Blob:
        """Keep a copy of a base blob as it is now."""
        lineage = container.lineages[blob.name]
        copy = replace(blob, snapshot=self.stamp(), metadata=metadata or dict(blob.metadata))
        copy.version_id, copy.legal_hold, copy.immutable_until = "", False, None
        lineage.snapshots.append(copy)
        if self.protection.versioning:
            self.put(container, replace(blob))
        return copy


def http_date(instant: datetime) -> str:
    """Return an instant as HTTP writes it."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def read_date(text: str) -> datetime:
    """Return the instant that a header names."""
    try:
        instant = parsedate_to_datetime(text)
    except ValueError as error:
        raise Refused("InvalidHeaderValue") from error
    return instant.replace(tzinfo=instant.tzinfo or UTC)
