"""
Who publishes, what it processes and why: company.yaml, purposes.yaml, elements.yaml, scores.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from klarsyn.language import mark
from klarsyn.register.calculation import Calculation
from klarsyn.register.facts import (
    Contact,
    Country,
    Fact,
    Id,
    Language,
    Part,
    Period,
    PrintedPage,
    Remark,
    Sources,
    Text,
    WebAddress,
)
from klarsyn.register.measures import Measure

Colour = Annotated[
    str,
    Meta(
        pattern=r"\A#[0-9a-f]{6}\Z",
        extra={"description": mark("a colour as #rrggbb in small letters")},
    ),
]


class Look(Part, frozen=True, kw_only=True):
    """How the published pages look: base address, logo (an SVG beside the file), accent colours."""

    base_address: WebAddress | None = None
    home: WebAddress | None = None
    logo: str | None = None
    accent: Colour = "#0b5cad"
    accent_dark: Colour = "#8ec5ff"


class Gap(Part, frozen=True, kw_only=True):
    """Processing that is known to happen but stands nowhere in the register yet (D25)."""

    what: Text
    source: Id


class Company(Part, frozen=True, kw_only=True):
    """company.yaml: the publisher, its roles, languages, notice period and look."""

    format: Literal[1]
    id: Id
    name: str
    sources: Sources = {}
    legal_name: Fact[str]
    registration: Fact[str]
    address: Fact[str]
    country: Fact[Country]
    """Of the main establishment; the lead authority follows it (R92)."""
    contact: Fact[Contact]
    data_protection_officer: Fact[Contact] | None = None
    no_data_protection_officer: Text | None = None
    representative: Fact[Contact] | None = None
    acts_as: Fact[list[Literal["controller", "joint-controller", "processor"]]]
    """Towards its customers; a vendor is a sub-processor only where this holds processor (R2)."""
    markets: list[Country] = []
    languages: Annotated[list[Language], Meta(min_length=1)]
    not_reviewed: list[Language] = []
    """Languages that no native speaker has read; each of their pages says so."""
    timezone: str
    notice_period: Fact[Period]
    """How long before a change the customers are told, where their contract says nothing else."""
    objections: Fact[Contact]
    title: Text
    introduction: Text
    measures: list[Measure] = []
    """Its own, as a processor for its customers and in its records (R72, R74, R76)."""
    look: Look = Look()
    publish_findings: list[Id] = []
    """Rules whose open findings the pages show; `all` for every one."""
    known_gaps: list[Gap] = []
    remarks: list[Remark] = []
    printed: PrintedPage | None = None


class DataSubjects(Part, frozen=True, kw_only=True):
    """A category of people (R17, R57): customers' contact persons, visitors, and so on."""

    label: Text


LegalBasis = Literal[
    "6-1-a-consent",
    "6-1-b-contract",
    "6-1-c-legal-obligation",
    "6-1-d-vital-interests",
    "6-1-e-public-task",
    "6-1-f-legitimate-interests",
]


class Purpose(Part, frozen=True, kw_only=True):
    """A purpose of processing: what for, on which basis, about whom (R7, R13, R19)."""

    label: Text
    explanation: Text | None = None
    kind: Literal["service", "marketing", "analytics", "sales", "internal"]
    legal_basis: Fact[LegalBasis]
    legitimate_interests: Text | None = None
    necessity: str | None = None
    """Why the contract makes this indispensable, where 6(1)(b) is unusual for the kind (R13)."""
    withdrawal: Fact[Text] | None = None
    """How consent is withdrawn, and that it reaches every vendor of the purpose (R14)."""
    one_opt_out: Fact[bool] | None = None
    """Whether one opt-out stops every vendor of the purpose (R42, D20)."""
    data_subjects: Fact[list[Id]]
    nature: Fact[Text] | None = None
    """What the company itself does with the data on its customers' behalf (R72)."""
    duration: Fact[Text] | None = None
    """How long it does so on their behalf (R72)."""
    dpv: list[str] = []
    fideslang: list[str] = []


class Purposes(Part, frozen=True, kw_only=True):
    """purposes.yaml: the purposes and the categories of people they are about."""

    format: Literal[1]
    sources: Sources = {}
    data_subjects: dict[Id, DataSubjects] = {}
    purposes: dict[Id, Purpose]


Fit = Literal["exact", "narrower", "narrower+exact", "close", "broader", "nearest", "conditional"]


class Terms(Part, frozen=True, kw_only=True):
    """Terms of a public vocabulary and how well they fit."""

    terms: list[str]
    match: Fit


class DataElement(Part, frozen=True, kw_only=True):
    """One kind of data: what it is called, whose it is, where it comes from, how sensitive."""

    label: Text
    explanation: Text | None = None
    about: Literal["person", "company", "account", "customer"]
    """Whose it is (D05); `customer` is a firm or a person as the party to the contract."""
    personal_if: Literal["sole_trader"] | None = None
    origin: Literal["provided", "observed", "generated", "inferred", "collected"]
    """From the person, seen in use, made by us, calculated, or had from others (R18, R41)."""
    from_others: Fact[Text] | None = None
    sensitivity: Literal[
        "ordinary",
        "special-category",
        "criminal",
        "national-id",
        "national-id-if-sole-trader",
        "secret",
    ] = "ordinary"
    sole_traders: Fact[Literal["left-out", "masked", "allowed"]] | None = None
    """What is done with a Swedish sole trader's number, which is a national id (R90, D16)."""
    free_text: bool = False
    group: bool = False
    """Several fields under one name; has to be expanded before anything is delivered."""
    profiling: bool = False
    score: Id | None = None
    dpv: Terms
    fideslang: Terms
    question: Text | None = None
    """An open question about what the element means; a finding until it is answered (D05)."""
    note: str | None = None


class Elements(Part, frozen=True, kw_only=True):
    """elements.yaml: every kind of data that any vendor may have."""

    format: Literal[1]
    sources: Sources = {}
    elements: dict[Id, DataElement]


class Definition(Part, frozen=True, kw_only=True):
    """One wording of what a score means; a card with one confirmed is settled (D06)."""

    text: Text
    confirmed: Fact[bool]
    printed: str | None = None


class Input(Part, frozen=True, kw_only=True):
    """What goes into a score, which way it moves it, and how much."""

    label: Text
    element: Id | None = None
    direction: Literal["raises", "lowers", "both"]
    weight: str | None = None


class ScoreCard(Part, frozen=True, kw_only=True):
    """
    scores/<id>.yaml: how a score is made and who acts on it (R5, R44-R48).

    Source of the fields: GDPR Art. 13(2)(f), 15(1)(h), 22; C-634/21; C-203/22.
    """

    format: Literal[1]
    sources: Sources = {}
    elements: list[Id]
    label: Text
    definitions: dict[Id, Definition] = {}
    inputs: Fact[list[Input]]
    period: Fact[Period]
    method: Fact[Text]
    version: Fact[str]
    acted_on_by: Fact[Text]
    effect: Fact[Text]
    human_step: Fact[Text]
    objection: Fact[Text]
    example: Fact[Text]
    """"If X had been Y, the score would have been Z"."""
    shown_per_person: Fact[list[Id]] | None = None
    """Vendors to which a score of single persons may go; others may not have it (R48)."""
    calculation: Calculation | None = None
    """How it is carried out; left out, the score comes from elsewhere, or is not made at all."""


class CustomerTerms(Part, frozen=True, kw_only=True):
    """What a customer's contract says of new sub-processors (R50, R54)."""

    authorisation: Literal["specific", "general"]
    notice_period: Period | None = None
    contract: str | None = None
    since: date | None = None
    forward_requests: bool = True
    """Whether a data subject's request is passed on rather than answered (R60)."""


class Customers(Part, frozen=True, kw_only=True):
    """customers.yaml: customer ids and terms, never a contact (those can be erased)."""

    format: Literal[1]
    customers: dict[Id, CustomerTerms]
