"""
vendors/<id>.yaml: one vendor, what it may have, where, and on which papers.

The fields follow what the forms of the law ask for: SCC 2021/914 annexes I-III, 2021/915 annexes
I-IV, the Danish clauses' appendix B, GDPR Art. 28 and 30 (R49-R85).
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from klarsyn.register.facts import (
    Contact,
    Country,
    Fact,
    Id,
    Part,
    PartialDate,
    Period,
    PrintedLabel,
    PrintedRow,
    Remark,
    Sha256,
    Sources,
    Text,
    WebAddress,
)
from klarsyn.register.measures import Measure

Role = Literal["processor", "sub-processor", "controller", "joint-controller", "third-party"]

Declaration = Literal["listed", "incidental", "none"]
"""The data are listed; or only written in at times; or there are none (a claim to prove)."""

Direction = Literal[
    "delivered", "generated-at-vendor", "entered-by-staff", "held-by-us-at-the-host"
]

Kind = Literal[
    "accounting",
    "agency",
    "automation",
    "chat",
    "crm",
    "dashboards",
    "e-mail-marketing",
    "helpdesk",
    "hosting",
    "notes",
    "payments",
    "remote-support",
    "session-replay",
    "tasks",
    "other",
]


class Held(Part, frozen=True, kw_only=True):
    """A data element that the vendor may have, and how it gets there."""

    element: Id
    direction: Direction
    definition: Id | None = None
    """Of a score: which of its card's definitions this row means."""
    includes: list[Id] = []
    form: Fact[Text] | None = None
    """Of a secret: the form in which it is held, such as a salted hash (R11, D07)."""
    printed: PrintedLabel | None = None


class Retention(Part, frozen=True, kw_only=True):
    """How long, or by which criterion; and the statute that forbids to delete before (R10, R36)."""

    period: Fact[Period] | None = None
    criterion: Fact[Text] | None = None
    statute: Id | None = None


class Evidence(Part, frozen=True, kw_only=True):
    """A dated probe or signed statement that backs a claim, and when it lapses (R12)."""

    kind: Literal["probe", "signed-statement", "audit", "certificate"]
    what: Text
    on: date
    until: date
    file: str | None = None
    sha256: Sha256 | None = None


class Processing(Part, frozen=True, kw_only=True):
    """What the vendor does for one purpose: role, declaration, elements (R1, R6, R7, R10)."""

    purpose: Id
    role: Fact[Role]
    declaration: Declaration
    elements: list[Held] = []
    access: Fact[bool]
    storage: Fact[bool]
    retention: Retention
    nature: Fact[Text] | None = None
    """What is done with the data, and where this vendor's responsibility ends (R70, R71)."""
    frequency: Fact[Literal["one-off", "occasional", "continuous"]] | None = None
    rule: Fact[Text] | None = None
    """Of incidental data: what staff may write there and what never (D11)."""
    evidence: list[Evidence] = []
    is_source: bool = False
    """The master copy lies here: what others receive should be declared here (D13)."""
    conduit_for: Fact[list[Id]] | None = None
    """Vendors whose data passes through this one (D13)."""


class FormerEntity(Part, frozen=True, kw_only=True):
    """Who contracted before: what was disclosed in the past is answered with its name (R25)."""

    name: str
    country: Country
    until: PartialDate
    source: Id


class Entity(Part, frozen=True, kw_only=True):
    """The legal entity that contracts, with its address and contact (R64, R70)."""

    name: Fact[str]
    registration: Fact[str] | None = None
    address: Fact[str]
    contact: Fact[Contact]
    country: Fact[list[Country]]
    """One, or each where it is not settled which firm of a group contracts."""
    group: Fact[str] | None = None
    former: list[FormerEntity] = []


class Countries(Part, frozen=True, kw_only=True):
    """Where data lie and from where they are read (R82)."""

    storage: Fact[list[Country]]
    access: Fact[list[Country]]


class Assessment(Part, frozen=True, kw_only=True):
    """A transfer impact assessment (SCC 2021/914 clause 14, R85)."""

    file: str
    on: date
    by: str
    next: date


class Transfer(Part, frozen=True, kw_only=True):
    """One ground on which data may go to a third country, and from when (R82-R87)."""

    to: Country
    mechanism: Literal["adequacy", "dpf", "scc", "bcr", "derogation"]
    source: Id
    since: date | None = None
    until: date | None = None
    entity: str | None = None
    """The certified entity, which may be the parent (R84)."""
    scope: Literal["hr", "non-hr", "both"] | None = None
    checked: date | None = None
    module: Literal["c2c", "c2p", "p2p", "p2c"] | None = None
    fallback: Literal["scc", "bcr"] | None = None
    assessment: Assessment | None = None
    supplementary: list[Text] = []
    copy: Fact[str] | None = None
    """Where a person gets a copy of the safeguards (R86)."""


class Agreement(Part, frozen=True, kw_only=True):
    """The data processing agreement: which one, for which plan, where it lies (R56-R58, D23)."""

    version: str
    signed: date
    entity: str
    plan_covered: str
    file: str
    sha256: Sha256
    until: date | None = None
    clauses: dict[Literal["a", "b", "c", "d", "e", "f", "g", "h"], str]
    """Art. 28(3)(a)-(h): where each stands in this agreement."""
    same_duties_below: bool
    third_party_beneficiary: bool


class Supervision(Part, frozen=True, kw_only=True):
    """Danish supervision of processors: points, concept, next date, report (R68)."""

    points: Annotated[int, Meta(ge=1, le=10)]
    concept: Annotated[int, Meta(ge=1, le=6)]
    next: date
    report: str | None = None


class Review(Part, frozen=True, kw_only=True):
    """When the vendor's guarantees were looked at last, by whom, and when again (R49)."""

    last: date
    by: str
    next: date
    evidence: Text | None = None


class ChainLink(Part, frozen=True, kw_only=True):
    """A sub-processor of this vendor (R58, R64)."""

    name: str
    country: Country
    what: Text
    """What it does, and where its responsibility ends (R70)."""
    address: str | None = None
    contact: Fact[Contact] | None = None
    mirror_clauses: Fact[bool] | None = None


class Link(Part, frozen=True, kw_only=True):
    """
    How Klarsyn reaches the vendor, and which of its fields holds which data element.

    Kept here unread, with its lines; `klarsyn vendors` and `klarsyn doctor` check it against the
    vendor's fact sheet. Keys never stand here.
    """

    sheet: str | None = None
    """The fact sheet, where it is not named as this file is."""
    settings: dict[str, str] = {}
    """What the sheet asks for and is no secret: a subdomain, ids separated by spaces."""
    map: dict[str, str] = {}
    """From a data element to its place at the vendor: `person.phone: member.phone`."""


class Deliver(Part, frozen=True, kw_only=True):
    """
    That Klarsyn itself sends data to the vendor: for which purpose, of whom, and what.

    A declaration is a ceiling, not an order: without this nothing is sent (R8, R15).
    """

    purpose: Id
    """One of this vendor's purposes: only what is declared for it as delivered can be sent."""
    population: Id
    """Whose data: a name that klarsyn.yaml defines under `source: populations:`."""
    elements: list[Id] = []
    """A part of what is declared for the purpose; all of it where nothing is named."""
    into: dict[str, str] = {}
    """Within what, where the vendor has several: `list_id:` of an audience."""


class Vendor(Part, frozen=True, kw_only=True):
    """One vendor's file."""

    format: Literal[1]
    name: str
    kind: Kind
    sources: Sources = {}
    service: Text | None = None
    status: Fact[Literal["active", "archive", "ended"]]
    start: Fact[date]
    end: Fact[date] | None = None
    applies_to: Fact[Text] | None = None
    processing: Annotated[list[Processing], Meta(min_length=1)]
    entity: Entity
    countries: Countries
    transfers: list[Transfer] = []
    plan_used: Fact[str] | None = None
    agreement: Fact[Agreement]
    agreement_terms: Fact[WebAddress] | None = None
    """The vendor's own text of its agreement, which proves no signature."""
    own_list: Fact[WebAddress]
    chain: list[ChainLink] = []
    notice: Fact[Period] | None = None
    """How long before a change of its own the vendor tells us."""
    measures: list[Measure] = []
    device_access: Fact[bool]
    """Whether it stores or reads on the visitor's device (R88)."""
    device_consent: Id | None = None
    """The consent purpose that covers it."""
    risk: Fact[Literal["low", "medium", "high"]]
    supervision: Supervision | None = None
    review: Review | None = None
    connection: Link | None = None
    """How Klarsyn reaches it; nothing of this is published."""
    deliver: Deliver | None = None
    """What Klarsyn sends to it; nothing where this is not there."""
    remarks: list[Remark] = []
    printed: PrintedRow | None = None

    def is_over(self, on: date) -> bool:
        """Tell whether the vendor is no longer used, and its end has passed."""
        end = self.end.value if self.end else None
        return self.status.value == "ended" and end is not None and end < on

    def is_processor(self) -> bool:
        """Tell whether it processes on behalf of somebody, or may do so, for any purpose."""
        own = {"controller", "joint-controller", "third-party"}
        return any(one.role.value not in own for one in self.processing)
