"""
A small register in memory, complete and without a finding, and edits that spoil or mend it.

A test says what it changes and nothing else: `register(unknown(VENDOR, "agreement"))`. Every edit
is a function from files to files; one that changes nothing, or more than one place, fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from klarsyn.register import Finding, Outcome, Register, examine
from klarsyn.register.loading import assemble

Files = Mapping[str, str]
Edit = Callable[[Files], Files]

DAY = date(2026, 11, 22)
FOLDER = Path("register")
COMPANY, PURPOSES, ELEMENTS = "company.yaml", "purposes.yaml", "elements.yaml"
VENDOR, HOST = "vendors/postdesk.yaml", "vendors/vault.yaml"
SCORE, ACCEPTED = "scores/order-score.yaml", "accepted.yaml"

OWN = "sources: {own: {what: our own records, as_of: 2026-11-01, basis: own}}"
GAP = "{not_yet_known_until: 2027-06-30}"

_COMPANY = f"""\
format: 1
id: fjordkraft
name: Fjordkraft
{OWN}
legal_name: {{value: Fjordkraft A/S, source: own}}
registration: {{value: CVR 00000000, source: own}}
address: {{value: "Havnen 1, Esbjerg", source: own}}
country: {{value: DK, source: own}}
contact: {{value: {{email: privacy@fjordkraft.example}}, source: own}}
no_data_protection_officer: {{en: The law asks for none.}}
acts_as: {{value: [controller], source: own}}
languages: [en]
timezone: Europe/Copenhagen
notice_period: {{value: P30D, source: own}}
objections: {{value: {{email: privacy@fjordkraft.example}}, source: own}}
title: {{en: Processors of Fjordkraft}}
introduction: {{en: These are the processors that we use.}}
"""

_PURPOSES = f"""\
format: 1
{OWN}
data_subjects:
  customers: {{label: {{en: Customers}}}}
purposes:
  support:
    label: {{en: Customer support}}
    kind: service
    legal_basis: {{value: 6-1-b-contract, source: own}}
    data_subjects: {{value: [customers], source: own}}
  hosting:
    label: {{en: Hosting}}
    kind: internal
    legal_basis: {{value: 6-1-f-legitimate-interests, source: own}}
    data_subjects: {{value: [customers], source: own}}
"""

_ELEMENTS = f"""\
format: 1
{OWN}
elements:
  person.name:
    label: {{en: Name}}
    about: person
    origin: provided
    dpv: {{terms: ["pd:Name"], match: exact}}
    fideslang: {{terms: [user.name], match: exact}}
  person.email:
    label: {{en: E-mail address}}
    about: person
    origin: provided
    dpv: {{terms: ["pd:EmailAddress"], match: exact}}
    fideslang: {{terms: [user.contact.email], match: exact}}
  order.score:
    label: {{en: Order score}}
    about: person
    origin: inferred
    profiling: true
    score: order-score
    dpv: {{terms: ["pd:Profile"], match: close}}
    fideslang: {{terms: [user.demographic.profile], match: close}}
"""

_SCORE = f"""\
format: 1
{OWN}
elements: [order.score]
label: {{en: Order score}}
definitions:
  share:
    text: {{en: The share of orders that were paid in time.}}
    confirmed: {{value: true, source: own}}
inputs: {{value: [{{label: {{en: Orders}}, direction: raises}}], source: own}}
period: {{value: P1Y, source: own}}
method: {{value: {{en: A count.}}, source: own}}
version: {{value: "1.10", source: own}}
acted_on_by: {{value: {{en: Nobody.}}, source: own}}
effect: {{value: {{en: None.}}, source: own}}
human_step: {{value: {{en: A person looks at every case.}}, source: own}}
objection: {{value: {{en: Write to us.}}, source: own}}
example: {{value: {{en: "If ten orders were five, the score would be half."}}, source: own}}
"""

_PAPERS = f"""\
entity:
  name: {{value: NAME ApS, source: own}}
  address: {{value: "Gaden 2, Aarhus", source: own}}
  contact: {{value: {{email: privacy@vendor.example}}, source: own}}
  country: {{value: [DK], source: own}}
countries:
  storage: {{value: [DE], source: own}}
  access: {{value: [DK], source: own}}
plan_used: {{value: Team, source: own}}
agreement:
  value:
    version: "2.0"
    signed: 2025-01-15
    entity: NAME ApS
    plan_covered: Team
    file: agreements/dpa.pdf
    sha256: {"0" * 64}
    clauses: {{a: "3", b: "4", c: "5", d: "6", e: "7", f: "8", g: "9", h: "10"}}
    same_duties_below: true
    third_party_beneficiary: true
  source: own
own_list: {{value: "https://vendor.example/subprocessors", source: own}}
measures:
  - {{heading: protection-in-transmission, what: {{en: TLS 1.3.}}}}
device_access: {{value: false, source: own}}
risk: {{value: low, source: own}}
supervision: {{points: 2, concept: 1, next: 2027-05-01}}
review: {{last: 2026-05-01, by: A. Jensen, next: 2027-05-01}}
"""

_HEAD = f"""\
format: 1
name: NAME
kind: KIND
{OWN}
status: {{value: active, source: own}}
start: {{value: 2025-02-01, source: own}}
"""

_POSTDESK = """\
processing:
  - purpose: support
    role: {value: processor, source: own}
    declaration: listed
    access: {value: true, source: own}
    storage: {value: true, source: own}
    retention: {period: {value: P2Y, source: own}}
    elements:
      - {element: person.name, direction: delivered}
      - {element: person.email, direction: delivered}
"""

_VAULT = """\
processing:
  - purpose: hosting
    role: {value: processor, source: own}
    declaration: listed
    access: {value: false, source: own}
    storage: {value: true, source: own}
    retention: {period: {value: P2Y, source: own}}
    is_source: true
    elements:
      - {element: person.name, direction: held-by-us-at-the-host}
      - {element: person.email, direction: held-by-us-at-the-host}
      - {element: order.score, direction: held-by-us-at-the-host}
"""


def _vendor(name: str, kind: str, processing: str) -> str:
    whole = _HEAD + processing + _PAPERS
    return whole.replace("NAME", name).replace("KIND", kind)


BASE: Files = {
    COMPANY: _COMPANY,
    PURPOSES: _PURPOSES,
    ELEMENTS: _ELEMENTS,
    SCORE: _SCORE,
    VENDOR: _vendor("Postdesk", "other", _POSTDESK),
    HOST: _vendor("Vault", "hosting", _VAULT),
}


# Edits.


def swap(file: str, old: str, new: str) -> Edit:
    """Write `new` where `old` stands, once, in a file."""

    def edit(files: Files) -> Files:
        assert 1 == files[file].count(old), f"{files[file].count(old)} times in {file}: {old}"
        return {**files, file: files[file].replace(old, new)}

    return edit


def line(file: str, start: str, new: str = "") -> Edit:
    """Write `new` for the one line that begins with `start`; nothing takes the line out."""

    def edit(files: Files) -> Files:
        lines = files[file].splitlines(keepends=True)
        found = [n for n, one in enumerate(lines) if one.lstrip().startswith(start)]
        assert 1 == len(found), f"{len(found)} lines of {file} begin with {start}"
        space = lines[found[0]][: -len(lines[found[0]].lstrip())]
        lines[found[0]] = f"{space}{new}\n" if new else ""
        return {**files, file: "".join(lines)}

    return edit


def unknown(file: str, key: str) -> Edit:
    """Make the fact under a key one that is not yet known."""
    return line(file, f"{key}: ", f"{key}: {GAP}")


def add(file: str, text: str) -> Edit:
    """Write more at the end of a file, or a new file."""
    return lambda files: {**files, file: files.get(file, "") + text}


def without(file: str) -> Edit:
    """Take a file away."""
    return lambda files: {name: text for name, text in files.items() if name != file}


def after(file: str, start: str, text: str) -> Edit:
    """Write more below the one line that begins with `start`."""

    def edit(files: Files) -> Files:
        lines = files[file].splitlines(keepends=True)
        found = [n for n, one in enumerate(lines) if one.lstrip().startswith(start)]
        assert 1 == len(found), f"{len(found)} lines of {file} begin with {start}"
        lines.insert(found[0] + 1, text)
        return {**files, file: "".join(lines)}

    return edit


# From files to registers and findings.


def edited(*edits: Edit) -> Files:
    """Return the small register's files after some edits."""
    files = BASE
    for edit in edits:
        files = edit(files)
    return files


def load(files: Files, *, cache: Path | None = None) -> Register:
    """Return the register that some files make."""
    return assemble({name: text.encode() for name, text in files.items()}, FOLDER, cache=cache)


def register(*edits: Edit) -> Register:
    """Return the small register after some edits."""
    return load(edited(*edits))


def examined(*edits: Edit, on: date = DAY) -> Outcome:
    """Return what an examination of the small register finds after some edits."""
    return examine(register(*edits), on)


def findings(rule: str, *edits: Edit, on: date = DAY) -> list[Finding]:
    """Return the open findings of one rule."""
    return [one for one in examined(*edits, on=on).open if one.rule.id == rule]


def said(rule: str, *edits: Edit, on: date = DAY) -> list[str]:
    """Return what the open findings of one rule say."""
    return [str(one.what) for one in findings(rule, *edits, on=on)]


# One row of a table: what makes a rule fire, where, and what answers it.


@dataclass(frozen=True)
class Case:
    """A rule with its requirement, edits that make it fire once, and edits that answer it."""

    rule: str  # the requirement and the id, such as "R1 role-missing"
    at: str  # the file and how the line of the finding begins, such as "company.yaml: acts_as:"
    broken: tuple[Edit, ...]
    answered: tuple[Edit, ...] = ()
    beside: tuple[str, ...] = ()  # rules that the same fact breaks too

    def __str__(self) -> str:
        return self.rule

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.rpartition(" ")[2]

    def found(self) -> list[tuple[str, str]]:
        """Return what fires: each rule with its requirement, and the line where it points."""
        files = edited(*self.broken)
        read = load(files)
        told = []
        for one in examine(read, DAY).open:
            if one.rule.id in self.beside:
                continue
            text = files[one.place.file].splitlines()[read.line(one.place) - 1]
            begins = self.at.removeprefix(f"{one.place.file}: ")
            spot = begins if text.strip().startswith(begins) else text.strip()
            told.append((f"{one.rule.requirement} {one.rule.id}", f"{one.place.file}: {spot}"))
        return told

    def expected(self) -> list[tuple[str, str]]:
        """Return what has to fire: the rule, once, at its line."""
        return [(self.rule, self.at)]

    def left_when_answered(self) -> list[str]:
        """Return what the rule still says once the fact is there."""
        return said(self.id, *self.answered)
