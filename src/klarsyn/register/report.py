"""
Findings as a report: JSON for programs, SARIF 2.1.0 for code-review tools.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from klarsyn.register.examination import count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from klarsyn.language import Translator
    from klarsyn.register.examination import Outcome
    from klarsyn.register.findings import Finding
    from klarsyn.register.register import Register

FORMAT = 1

_LEVELS = {"high": "error", "medium": "warning", "low": "note"}


def as_json(register: Register, outcome: Outcome, on: date, speak: Translator) -> str:
    """Return the findings as JSON; `docs/reference/json.md` tells the keys."""
    report = {
        "format": FORMAT,
        "date": on.isoformat(),
        "company": register.company.id,
        "counts": {rule.id: n for rule, n in count(outcome.open).items()},
        "findings": [_row(register, one, speak) for one in outcome.open],
        "accepted": [_row(register, one, speak) for one in outcome.accepted],
    }
    return msgspec.json.format(msgspec.json.encode(report), indent=1).decode()


def file_of(register: Register, finding: Finding) -> str:
    """Return the file of a finding as seen from beside klarsyn.yaml."""
    return f"{register.folder.name}/{finding.place.file}"


def _row(register: Register, finding: Finding, speak: Translator) -> dict[str, object]:
    return {
        "id": finding.rule.id,
        "requirement": finding.rule.requirement.split(),
        "seen_as": finding.rule.seen_as.split(),
        "severity": finding.rule.severity,
        "title": speak.text(finding.rule.title),
        "file": file_of(register, finding),
        "line": register.line(finding.place),
        "place": str(finding.place),
        "what": speak.say(finding.what),
        "remedy": speak.say(finding.remedy),
    }


def as_sarif(register: Register, outcome: Outcome, version: str, speak: Translator) -> str:
    """Return the open findings as SARIF 2.1.0 (OASIS, 27 March 2020)."""
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": speak.text(rule.title)},
            "fullDescription": {"text": speak.text(rule.why)},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            "properties": {"tags": rule.requirement.split()},
        }
        for rule in count(outcome.open)
    ]
    driver = {"name": "klarsyn", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "results": list(_results(register, outcome.open, speak))}
    sarif = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return msgspec.json.format(msgspec.json.encode(sarif), indent=1).decode()


def _results(
    register: Register, findings: Iterable[Finding], speak: Translator
) -> Iterable[dict[str, object]]:
    for finding in findings:
        region = {"startLine": register.line(finding.place)}
        artifact = {"uri": file_of(register, finding)}
        yield {
            "ruleId": finding.rule.id,
            "level": _LEVELS[finding.rule.severity],
            "message": {"text": f"{speak.say(finding.what)}: {speak.say(finding.remedy)}"},
            "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
            "partialFingerprints": {"place/v1": _fingerprint(finding)},
        }


def _fingerprint(finding: Finding) -> str:
    """Return what tells a finding apart from others at its place, however the lines move."""
    facts = hashlib.sha256(str(finding.what).encode()).hexdigest()[:12]
    return f"{finding.rule.id}:{finding.place}:{facts}"
