import json
from datetime import date
from pathlib import Path

import pytest

from klarsyn.register import Finding, count, examine, load

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent
DAY = date(2026, 11, 22)
HEAD = """\
# What Klarsyn finds on KlarPris's page of 25 January 2022

The register in examples/klarpris, checked as of 22 November 2026. R-numbers are the legal
requirements, D-numbers the defects that were found in the page by hand. This file is written by
`just golden` and read by people: a change here is a change of what a customer is told.
"""


@pytest.fixture(scope="module")
def register():
    """The register of the first page."""
    return load(ROOT / "examples" / "klarpris" / "register")


@pytest.fixture(scope="module")
def findings(register):
    """What is open in it."""
    return examine(register, DAY).open


def counts_table(findings):
    """Return how many findings each rule has, gravest first."""
    lines = ["| findings | severity | rule | requirement | seen as | what it means |"]
    lines += ["|---:|---|---|---|---|---|"]
    lines += [
        f"| {n} | {one.severity} | {one.id} | {one.requirement} | {one.seen_as} | {one.title} |"
        for one, n in count(findings).items()
    ]
    lines += [f"| **{len(findings)}** | | all | | | |"]
    return "\n".join(lines)


def defects_table(findings):
    """Return by which rules each defect of the page was found."""
    found: dict[str, list[str]] = {}
    for one in count(findings):
        for defect in one.seen_as.split():
            found.setdefault(defect, []).append(one.id)
    lines = ["| defect | found by |", "|---|---|"]
    return "\n".join([*lines, *(f"| {one} | {', '.join(found[one])} |" for one in sorted(found))])


def sections(register, findings):
    """Return the findings, subject by subject: where, which rule, what."""
    by_subject: dict[str, list[Finding]] = {}
    for one in findings:
        by_subject.setdefault(one.subject, []).append(one)
    for subject, some in by_subject.items():
        name = register.vendors[subject].name if subject in register.vendors else subject
        lines = [
            f"- {one.place.file}:{register.line(one.place)} **{one.rule.id}** {one.what}"
            for one in some
        ]
        yield "\n".join([f"## {name} ({len(some)})", "", *lines])


def as_text(register, findings):
    """Return the whole file for people."""
    tables = [
        "## Counts by rule\n\n" + counts_table(findings),
        "## The page's defects\n\n" + defects_table(findings),
    ]
    return "\n\n".join([HEAD.strip(), *tables, *sections(register, findings)]) + "\n"


def as_data(register, findings):
    """Return the same for machines."""
    rows = [
        {
            "rule": one.rule.id,
            "requirement": one.rule.requirement.split(),
            "seen_as": one.rule.seen_as.split(),
            "severity": one.rule.severity,
            "place": str(one.place),
            "file": one.place.file,
            "line": register.line(one.place),
            "what": str(one.what),
            "remedy": str(one.remedy),
        }
        for one in findings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize(("name", "write"), [("md", as_text), ("json", as_data)])
def test_findings_are_the_golden_ones(register, findings, rewrite, name, write):
    """
    What is found on KlarPris's page changes only when somebody means it to.
    """
    golden = GOLDEN / f"klarpris-findings.{name}"
    told = write(register, findings)
    if rewrite:
        golden.write_text(told, encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == told


def test_finding_twice_finds_the_same(register, findings):
    """
    The same register on the same day has the same findings in the same order.
    """
    again = examine(load(register.folder), DAY).open

    assert as_data(register, findings) == as_data(register, again)
