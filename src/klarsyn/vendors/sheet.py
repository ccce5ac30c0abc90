"""
The vocabulary of fact sheets: where a vendor holds personal data, and how far each job goes there.

A sheet is one file that is read from top to bottom: who and when read, api, quirks, records,
vendor. A typed function may stand wherever a fact is not enough. The wire words come from
`klarsyn.transport.words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Literal

from msgspec import Struct

from klarsyn.errors import Message
from klarsyn.personal import Personal, Unshown
from klarsyn.transport.auth import (
    Basic,
    Bearer,
    ClientCredentials,
    CodeFlow,
    EitherKey,
    HeaderKey,
    NoAuth,
    Signed,
)
from klarsyn.transport.connection import Connection
from klarsyn.transport.words import (
    DELETE,
    GET,
    PATCH,
    POST,
    PUT,
    VALUE,
    Api,
    Assumption,
    Beside,
    Call,
    Cursor,
    Failure,
    Filled,
    Grade,
    IdempotencyKey,
    Kind,
    LastKey,
    Limit,
    Link,
    Numbered,
    Offset,
    Once,
    Place,
    Repeat,
    Setting,
)
from klarsyn.vendors.elements import CHANGES, NUMBER, TEXT, Clear, Element, Wire, body_of
from klarsyn.vendors.progress import Done, Later, Level, Progress, Refused, Unknown

__all__ = [
    "CHANGES",
    "DELETE",
    "GET",
    "NUMBER",
    "PATCH",
    "POST",
    "PUT",
    "TEXT",
    "VALUE",
    "Api",
    "Assumption",
    "Basic",
    "Bearer",
    "Beside",
    "Call",
    "Clear",
    "ClientCredentials",
    "CodeFlow",
    "Connection",
    "Cursor",
    "Delivery",
    "Depth",
    "Done",
    "EitherKey",
    "Element",
    "Failure",
    "Filled",
    "Grade",
    "HeaderKey",
    "HowFar",
    "IdempotencyKey",
    "Job",
    "Kind",
    "LastKey",
    "Later",
    "Left",
    "Level",
    "Limit",
    "Link",
    "Lookup",
    "NoAuth",
    "Numbered",
    "Offset",
    "Once",
    "Place",
    "Places",
    "Progress",
    "Reader",
    "Record",
    "Refused",
    "Repeat",
    "Residue",
    "Row",
    "RowOutcome",
    "RowState",
    "Setting",
    "Signed",
    "Stage",
    "Target",
    "Unknown",
    "Vendor",
    "Walk",
    "Wire",
    "Within",
    "body_of",
]

Places = Mapping[str, Any]
"""What fills the {places} of a call: ids of the record and of those above it."""


class Depth(Enum):
    """How far a job goes at a vendor."""

    FULL = "full"  #: all that the vendor can hold
    PARTIAL = "partial"  #: a part; the sheet says which
    MANUAL = "manual"  #: a person has to do it; the sheet says what
    NONE = "none"  #: it makes no sense here


# Where records are


Reader = Callable[[Connection, Places], Iterator[list[Any]]]
"""Yields records in batches, for what no paging word can say."""


@dataclass(frozen=True, slots=True)
class Within:
    """Records lie within others, which are walked first: members within audiences."""

    of: Walk | Record
    gives: Mapping[str, str]
    """The places that the outer record fills: place -> path in it."""
    where: Callable[[Any], bool] | None = None
    """Which of them have any inside: messages with replies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Things without personal data that have to be walked to reach what has some."""

    name: str
    read: Call | Reader
    within: Within | None = None
    only: str = ""
    """The setting that names those which are to be walked; all where it is not set."""
    key: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A way to find records by what is known of a person. Equality is always checked again."""

    by: Literal["email", "phone", "name", "company", "organisation_number", "reference"]
    call: Call | Callable[[Connection, str, Places], Iterator[Any]]
    compute: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """Places that are computed from what is looked for: a hash of the address."""
    over: Within | None = None
    """What has to be walked for it, where that is not what the record lies within."""
    gives: Mapping[str, str] | None = None
    """Nothing is walked: what is found tells what it lies within. Place -> path in it."""
    again: Call | None = None
    """What the vendor finds is a summary: read the record itself by this call."""
    lag: float = 0
    """For how many seconds a new record may not be found."""


# Jobs


@dataclass(frozen=True, slots=True)
class Target:
    """A record of one person, as it was read."""

    record: Record
    key: str
    raw: Mapping[str, Any] = field(repr=False)
    places: Places = field(repr=False)
    changes: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    """For rectification: element -> new value, None to clear."""
    known: tuple[Personal[str], ...] = field(default=(), repr=False)
    """What the person is known by, where somebody was looked for: what a redaction blacks out."""
    confirmed: Personal[str] | None = field(default=None, repr=False)
    """For what reaches beyond this record: by which of these a person has confirmed the deed."""

    @property
    def filled(self) -> dict[str, Any]:
        """All places that it fills: its key, those of what it lies within, and the changes."""
        changes = body_of(self.record.elements, self.changes)
        return {**self.places, "id": self.key, "changes": changes}


Stage = Call | Callable[[Connection, Target], Progress]
"""An idempotent part of a job: it may be run again after a crash."""


@dataclass(frozen=True, slots=True)
class Residue:
    """What a job leaves, and until when, where that is known."""

    what: Message
    until: Callable[[date, Mapping[str, Any]], date | None] = lambda _on, _known: None
    """Is told the day, the settings, and what quirks have learnt of the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Rectification or erasure of one record, stage by stage."""

    stages: tuple[Stage, ...]
    level: Level = Level.PURGED
    """For erasure: what is true of the data afterwards."""
    proof: Call | Callable[[Connection, Target], bool] | None = None
    """What shows that it was done; else the record is read again."""
    residue: tuple[Residue, ...] = ()
    by_hand: Message | None = None
    """What a person has to do at the vendor afterwards: a manual task."""
    lag: float = 0
    """For how many seconds the old state may still be read."""


class Row(Unshown, Struct, frozen=True, gc=False):
    """What one person is to be given at a vendor: element -> value, None to clear."""

    key: str
    """The person's reference where the delivery asks for one, else the row's number; no key."""
    values: Mapping[str, str | None]
    known_as: str = ""
    """The vendor's key, where it is known from an earlier delivery."""


RowState = Literal["created", "updated", "queued", "refused", "unknown"]
"""Queued: the vendor has taken it and does not say what becomes of it."""


class RowOutcome(Struct, frozen=True, gc=False):
    """What became of a row."""

    row: Row
    state: RowState
    known_as: str = ""
    why: Message | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How rows get to a vendor: so many in one call."""

    send: Callable[[Connection, Sequence[Row], Places], Iterable[RowOutcome]]
    most: int = 1
    alone: bool = False
    """Whether rows are only looked up together, and each is written by a call of its own."""
    match_on: str = "email"
    """The element by which the vendor knows a person again."""
    reference: bool = False
    """Whether `Row.key` stands for `match_on` where nothing declared does: it says nothing."""
    known_by: tuple[str, ...] = ()
    """Elements that only say who is meant: every row has them, and the vendor keeps its own."""
    creates: tuple[str, ...] = ()
    """The constants that a new record gets, for the docs: what keeps the vendor quiet."""
    repeat: Repeat = Repeat.SAFE
    """What is done with rows of which nobody knows whether they arrived."""
    by_key: bool = False
    """Whether somebody is known again by the vendor's own key, whatever else has changed."""
    consent: str = ""
    """The element that says whether mail is wanted: where it is sent, nobody is without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How a vendor tells who wants no mail, or whom none reaches; `read` lists those at least."""

    read: Call | Reader
    tells: Callable[[Any], Literal["", "unsubscribed", "bounced"]]
    """What a record says, from this list or from that of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A kind of record in which a vendor holds personal data."""

    name: str
    about: Message
    """Whose data these are."""
    read: Call | Reader
    key: str = "id"
    elements: tuple[Element, ...] = ()
    open_fields: tuple[str, ...] = ()
    """Where anything can stand: notes, tags; `*` is everywhere. Nothing else is looked at."""
    ignored: tuple[str, ...] = ()
    """Fields below open ones that hold no words of people."""
    unread: Callable[[Any], Message | None] = lambda _raw: None
    """Why a part of a record is not read: a picture, something archived."""
    within: Within | None = None
    find: tuple[Lookup, ...] = ()
    rectify: Job | None = None
    erase: Job | None = None
    deliver: Delivery | None = None
    left: Left | None = None
    stop: Job | None = None
    """Ends mail to the person and mails nobody; all that is held stays."""
    order: int = 0
    """In which order records of one person are erased: tickets before the user."""

    def element(self, name: str) -> Element:
        """Return an element by its name."""
        return next(one for one in self.elements if one.name == name)

    def admits(self, name: str) -> bool:
        """Return whether a company may map one of its elements to this name."""
        if any(one.name == name for one in self.elements):
            return True
        # In a path below an open field `*` stands for one name.
        paths = [re.escape(one).replace(r"\*", r"[^.\[\]]+") for one in self.open_fields]
        return any(re.fullmatch(one, name) for one in paths)


Catalogue = Callable[[Connection, Mapping[str, tuple[Element, ...]]], tuple[Record, ...]]


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far a job goes at a vendor, and what is to be said of it."""

    depth: Depth
    note: Message | None = None
    """What is left out, or what a person has to do."""
    by_hand: Literal["", "task", "attestation"] = ""
    """Where calls do a part of it: what a person gives for the rest, as the note says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A fact sheet, whole."""

    id: str
    name: str
    api: Api
    records: tuple[Record, ...]
    read: HowFar
    find: HowFar
    rectify: HowFar
    erase: HowFar
    deliver: HowFar
    unseen: tuple[Message, ...] = ()
    """What a key cannot see: no audit covers it."""
    assumptions: tuple[Assumption, ...] = ()
    fields: Callable[[Connection], Iterator[tuple[str, str]]] | None = None
    """Yields record.path and label of the fields that an account has of its own."""
    catalogue: Catalogue | None = None
    """Makes the records that exist only once a connection is read: the tables of a database."""
    own: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)
    """By record of the catalogue: the places that the company's elements have there."""
    receives: Callable[[Mapping[str, tuple[Element, ...]]], tuple[Record, ...]] | None = None
    """Makes those records of the catalogue that take deliveries, without a connection."""
    probe: Callable[[Connection], Mapping[str, Any]] | None = None
    """What a key may and how long, without telling anyone: `scopes`, `until`, `plan`, `asked`."""

    def record(self, name: str) -> Record:
        """Return a record by its name."""
        return next(one for one in self.records if one.name == name)

    @property
    def receiving(self) -> tuple[Record, ...]:
        """The records that take deliveries."""
        made = self.receives(self.own) if self.receives else ()
        return (*(one for one in self.records if one.deliver), *made)

    @property
    def jobs(self) -> Mapping[str, HowFar]:
        """The five jobs, by name."""
        names = ("read", "find", "rectify", "erase", "deliver")
        return {one: getattr(self, one) for one in names}
