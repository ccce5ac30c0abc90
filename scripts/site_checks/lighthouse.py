"""Lighthouse: 100 in four categories, on a phone and on a desktop."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from scripts.site_checks.machine import CHROMIUM_FLAGS, chromium, npm_package, program
from scripts.site_checks.outcome import Outcome
from scripts.site_checks.pages import SitePage

NAME = "Lighthouse"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
PERFECT = 100
RUN_SECONDS = 180
SHOWN_ITEMS = 3


def measure(base: str, chosen: list[SitePage], *, everything: bool) -> Outcome:
    """Run Lighthouse on one overview as on a phone, or also on a vendor page and a desktop."""
    outcome = Outcome(NAME)
    with outcome.timed():
        node = program("node", "Node")
        command = [node, str(npm_package("lighthouse") / "cli" / "index.js")]
        for page in subjects(chosen, everything=everything):
            for device in ("mobile", "desktop") if everything else ("mobile",):
                outcome.pages += 1
                judge(command, base, page, device, outcome)
    return outcome


def subjects(chosen: list[SitePage], *, everything: bool) -> list[SitePage]:
    """The pages to measure: an overview, and for everything a vendor page."""
    kinds = ("overview", "vendor") if everything else ("overview",)
    first = {page.type: page for page in reversed(chosen)}
    return [first[kind] for kind in kinds if kind in first]


def judge(command: list[str], base: str, page: SitePage, device: str, outcome: Outcome) -> None:
    """Measure one page and record what keeps it from 100."""
    report, again = run(command, base + page.path, device), ""
    if short_of(report) == ["performance"]:
        report, again = run(command, base + page.path, device), " (second run)"
    if report.get("runtimeError"):
        reason = report["runtimeError"].get("message")
        outcome.fail(page.path, f"{device}: Lighthouse did not finish: {reason}")
        return
    scores = read_scores(report)
    told = "/".join(str(scores[name]) for name in CATEGORIES)
    outcome.notes.append(f"{told} {page.path} {device}{again}")
    for name in short_of(report):
        outcome.fail(page.path, f"{device}: {name} {scores[name]}{why(report, name)}")


def short_of(report: dict[str, Any]) -> list[str]:
    """
    The categories below 100.

    Performance alone is measured again once: it is a time, and a busy machine measures slow.
    """
    if report.get("runtimeError"):
        return []
    return [name for name, score in read_scores(report).items() if score != PERFECT]


def run(command: list[str], address: str, device: str) -> dict[str, Any]:
    """One run of Lighthouse: its report, or a report that says why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "report.json"
        options = [
            f"--chrome-flags={' '.join(flag for flag in CHROMIUM_FLAGS if ' ' not in flag)}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--output-path={result}",
            "--output=json",
            "--quiet",
            "--no-enable-error-reporting",
            "--disable-full-page-screenshot",
        ]
        if device == "desktop":
            options.append("--preset=desktop")
        environment = {**os.environ, "CHROME_PATH": chromium(), "TMPDIR": folder}
        try:
            ran = subprocess.run(
                [*command, address, *options],
                env=environment,
                capture_output=True,
                text=True,
                timeout=RUN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"runtimeError": {"message": f"no answer within {RUN_SECONDS} s"}}
        try:
            return dict(json.loads(result.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            said = (ran.stderr or ran.stdout).strip() or f"nothing, exit {ran.returncode}"
            return {"runtimeError": {"message": said[:500]}}


def read_scores(report: dict[str, Any]) -> dict[str, int]:
    """The scores as Lighthouse shows them; a category without one counts 0."""
    categories = report["categories"]
    return {name: round((categories[name]["score"] or 0) * 100) for name in CATEGORIES}


def why(report: dict[str, Any], category: str) -> str:
    """The failing audits of a category with their titles and the first things they point at."""
    lines = []
    for reference in report["categories"][category]["auditRefs"]:
        audit = report["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
            value = audit.get("displayValue") or audit.get("explanation") or ""
            lines.append(f"\n      {reference['id']}: {audit['title']} {value}".rstrip())
            lines += [f"\n        {item}" for item in pointed_at(audit)]
    return "".join(lines)


def pointed_at(audit: dict[str, Any]) -> list[str]:
    """The first elements, addresses or sentences that a failing audit names."""
    items = (audit.get("details") or {}).get("items") or []
    told = []
    for item in items[:SHOWN_ITEMS]:
        node = item.get("node") or {}
        source = item.get("source")
        words = [node.get("snippet"), item.get("url"), item.get("description"), source]
        told.append(" ".join(str(word) for word in words if isinstance(word, str)))
    return [line[:300] for line in told if line]
