"""
The wire words: how a vendor's API is reached, asked, paged, limited and misunderstood.

A fact sheet is written in these words and those of `vendors.sheet`. They are values only: nothing
here connects to anything. Whatever could destroy more than one record cannot be written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, Protocol

from klarsyn.errors import Message

if TYPE_CHECKING:
    from klarsyn.transport.auth import Auth
    from klarsyn.transport.connection import Connection
    from klarsyn.transport.replies import Reply

PLACE = re.compile(r"\{(\w+)\}")


class Grade(Enum):
    """How a fact came to be known; the docs of a vendor list what is not verified."""

    CONTRACT = "contract"  #: in the vendor's machine-readable contract or own client
    DOCS = "docs"  #: on a page of the vendor's documentation
    THIRD = "third-party"  #: seen in somebody else's code or report
    UNVERIFIED = "unverified"  #: recollection or inference; nobody has confirmed it


@dataclass(frozen=True, slots=True)
class Assumption:
    """A fact that the code relies on and nobody has confirmed."""

    what: Message
    grade: Grade = Grade.UNVERIFIED


# Repeating


class Repeat(Enum):
    """What happens when nobody knows whether a call arrived."""

    SAFE = "safe"  #: sending it again changes nothing
    KEYED = "keyed"  #: the vendor knows the key of an earlier attempt, for a while
    LOOK_FIRST = "look first"  #: look whether it was done before sending it again
    NEVER = "never"  #: a person settles it


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A header by which the vendor recognises a call that it has had before."""

    header: str
    lifetime: int
    """For how many seconds the vendor remembers."""


# Paging


@dataclass(frozen=True, slots=True)
class Offset:
    """Pages by how many records come before (`offset`, `skip`)."""

    size: str
    most: int
    send: str = "offset"
    total: str | None = None
    """Where the reply tells how many there are in all; else a short page is the last."""
    more: str | None = None
    """Where the reply says whether there is more; where it does not, a short page is the last."""
    cap: int | None = None
    """The vendor shows no record beyond this one: what lies behind is not read."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """Pages by number, from 1."""

    size: str
    most: int
    send: str = "page"
    more: str | None = None
    """Where the reply tells of a next page (true, a number or a link)."""
    last: str | None = None
    """Where the reply tells the number of the last page."""
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Pages by a token from the page before; none or an empty one ends."""

    read: str
    send: str
    size: str | None = None
    most: int = 100
    more: str | None = None
    """Where the reply says that there is more; only false ends."""
    less: str | None = None
    """Where the reply says that this was the last; only true ends."""


@dataclass(frozen=True, slots=True)
class Link:
    """Pages by the address of the next one, which must be on a host of the sheet."""

    read: str
    size: str | None = None
    most: int = 100
    more: str | None = None


@dataclass(frozen=True, slots=True)
class LastKey:
    """Pages by the key of the last record seen (`before`, `id_greater`)."""

    send: str
    key: str
    size: str | None = None
    most: int = 100
    least: bool = False
    """It goes on before the least key of a page, in whatever order the page is."""


@dataclass(frozen=True, slots=True)
class Once:
    """All there is comes in one reply."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Records that a reply lists beside its own, to be put into those that name them by id."""

    items: str
    """Where the reply lists them."""
    to: str
    """The name under which they are put."""
    by: str | tuple[str, ...]
    """The path of the id, for one record; paths of ids, for a list of records."""


Paging = Offset | Numbered | Cursor | Link | LastKey | Once


# Calls


class Codec(Protocol):
    """A form of bodies other than JSON."""

    @property
    def content_type(self) -> str:
        """How the form is called in a header."""
        ...

    def encode(self, body: Any) -> bytes:
        """Return a body whose places are filled as it goes on the wire."""
        ...

    def decode(self, content: bytes) -> Any:
        """Return what a reply says, in dicts, lists and values; ValueError where it is broken."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """
    One request, with {places} in path, query and body that are filled when it is made.

    A place that is filled with nothing, or with what would change the path, is refused: a blank
    id in `DELETE /users/{id}` would be `DELETE /users`.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    form: bool = False
    """The body goes as form fields, not as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    items: str = ""
    """Where the records are in the reply: a path, or nothing for the reply itself."""
    empty_is_null: bool = False
    """Where there are no records, the vendor writes null for the list."""
    pages: Paging = field(default_factory=Once)
    beside: tuple[Beside, ...] = ()
    """What the reply lists beside the records, and which of these it belongs to."""
    each: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Query parameters of which every value has to be asked for on its own (`status`)."""
    repeat: Repeat = Repeat.SAFE
    key: IdempotencyKey | None = None
    reads: bool = False
    """It changes nothing, whatever its method."""
    notifies: str = ""
    """Whom it tells something: such a call is refused in audits and trials."""
    cost: int = 1
    """How much of the limit it takes."""
    limit: str = ""
    """The name of the limit of its own that it counts against, too."""
    absent: tuple[int, ...] = (404, 410)
    """Statuses that say: there is no such record."""
    answers: tuple[int, ...] = ()
    """Statuses of refusals to be read by whoever called: which of many rows are wrong."""
    host: str = ""
    """Another base than the API's, for the few calls that have one."""
    codec: Codec | None = None
    """How bodies are written and read where they are not JSON."""
    solid: tuple[str, ...] = ()
    """Places of the body that may be left blank as little as those of the path."""
    name: str = ""
    """What it is called in messages, where method and path do not tell."""

    def __post_init__(self) -> None:
        """Refuse a deletion that is not of one named record."""
        if self.method == "DELETE" and not (
            PLACE.fullmatch(self.path.removesuffix("/").rsplit("/", 1)[-1])
            or any(isinstance(one, Place) for one in self.query.values())
        ):
            message = f"DELETE {self.path} names no single record: end the path in a {{place}}"
            raise ValueError(message)

    @property
    def template(self) -> str:
        """The call as it may be printed: its name, or method and path with their {places}."""
        return self.name or f"{self.method} {self.path}"

    @property
    def places(self) -> tuple[str, ...]:
        """The places that may not be left blank: those of the path, and some of the body."""
        return (*PLACE.findall(self.path), *self.solid)

    @property
    def harmless(self) -> bool:
        """Whether it may be sent again without a thought."""
        return self.reads or self.repeat is Repeat.SAFE

    def but(self, **changes: Any) -> Call:
        """Return the same call with changes."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Place:
    """A value that is filled in when the call is made, in a query or a body."""

    name: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text of a query with {places} in it: `type:ticket requester:{value}`."""

    text: str


VALUE = Place("value")
"""What is looked for."""


def GET(path: str, **more: Any) -> Call:  # noqa: N802  (reads like the reference)
    """Return a call that only reads."""
    return Call("GET", path, reads=True, **more)


def POST(path: str, **more: Any) -> Call:  # noqa: N802
    """Return a call that makes or does something; unless told otherwise, look before a repeat."""
    return Call("POST", path, **{"repeat": Repeat.LOOK_FIRST, **more})


def PUT(path: str, **more: Any) -> Call:  # noqa: N802
    """Return a call that sets a record to what the body says."""
    return Call("PUT", path, **more)


def PATCH(path: str, **more: Any) -> Call:  # noqa: N802
    """Return a call that sets the named fields of a record."""
    return Call("PATCH", path, **more)


def DELETE(path: str, **more: Any) -> Call:  # noqa: N802
    """Return a call that deletes one named record; gone already is as good."""
    return Call("DELETE", path, **more)


# Limits and failures


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may be asked: so many requests per seconds, at most so many at once."""

    requests: int = 0
    """0: the vendor publishes none."""
    per: float = 60
    at_once: int = 0
    remaining: str = ""
    """The header that tells how many are left."""
    resets: str = ""
    """The header that tells when: seconds from now, or an instant in epoch seconds."""
    left: Callable[[Reply], float | None] | None = None
    """Tells how many are left, where no header is that number."""


class Kind(Enum):
    """What a failure means for whoever called."""

    KEY = "key"  #: the key is wrong or has expired
    RIGHTS = "rights"  #: the key lacks a right, or the plan lacks the feature
    ABSENT = "absent"  #: there is no such record
    REFUSED = "refused"  #: this record or value is refused, now and again
    THROTTLED = "throttled"  #: too much, come back later
    DOWN = "down"  #: the vendor's fault, for the moment
    DONE = "done"  #: what was asked for had been done before


@dataclass(frozen=True, slots=True)
class Failure:
    """What a reply says went wrong. The code is the vendor's own word, never a person's data."""

    kind: Kind
    code: str = ""
    after: float | None = None
    """After how many seconds it may be tried again, where the vendor says so."""


Classifier = Callable[["Reply"], Failure | None]
"""Tells what a reply means beyond its status: a 200 that is an error, a 403 that is throttling."""


# The API


@dataclass(frozen=True, slots=True)
class Setting:
    """What a connection has to be told: a key, a subdomain, which lists."""

    name: str
    what: Message
    secret: bool = False
    made_at: str = ""
    """The page on which a key is made."""
    rights: Message | None = None
    """The least rights it needs."""
    lasts: Message | None = None
    """How long it lives, where it dies by itself."""
    many: bool = False
    """A list of values."""
    required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()
    form: str = ""
    """A regular expression that a value has to match."""
    instead: str = ""
    """Another setting that does in its place: a token for a key."""


Derived = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Computes further settings from those given: a data centre from the end of a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A vendor's API: where it is, how one gets in, how fast, and how it complains."""

    base: str
    """The address with {settings} in it; other bases by name stand in `bases`."""
    hosts: tuple[str, ...]
    """Patterns of all hosts that a request may go to; an address learnt later has to match one."""
    auth: Auth
    settings: tuple[Setting, ...]
    reference: str
    read_on: str
    """The day on which the reference was read."""
    bases: Mapping[str, str | Callable[[Connection], str]] = field(default_factory=dict)
    """Other bases by name; a function where the vendor has to be asked for it."""
    derive: Derived | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    limit: Limit = field(default_factory=Limit)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """Limits of single calls or groups of calls, by name."""
    classify: Classifier | None = None
    codes: Mapping[str, Kind] = field(default_factory=dict)
    """The vendor's own words for failures; a word that is not here is never repeated."""
    hints: Mapping[int | str, Message] = field(default_factory=dict)
    """Help by status or code."""
    protocol: Literal["http", "thrift", "sql", "files", "none"] = "http"
    ping: Call | None = None
    """A call that tells whether the key is valid and tells nobody else."""
    seconds: float = 30
    """How long one reply may take."""
    most_bytes: int = 64 << 20
    """How large one reply may be, unpacked."""
