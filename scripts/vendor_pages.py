"""
Write docs/reference/vendors: one page a fact sheet, or tell which are stale.

    python scripts/vendor_pages.py [--check]

Everything on a page comes from the sheet that the code runs on, and from the counts of the
referees in tests/testing; so a page cannot promise more than the code does.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from klarsyn.errors import Message  # noqa: E402  (after the path)
from klarsyn.transport.words import Grade, Limit, Setting  # noqa: E402
from klarsyn.vendors import names, sheet  # noqa: E402
from klarsyn.vendors.sheet import Job, Record, Vendor  # noqa: E402

OUT = ROOT / "docs" / "reference" / "vendors"
_NOTE = "<!-- Written by scripts/vendor_pages.py; change the sheet and run `just docs`. -->\n"
_JOBS = {
    "read": "Audit (read)",
    "find": "Find a person",
    "rectify": "Rectify",
    "erase": "Erase",
    "deliver": "Deliver",
}
_GRADES = {
    Grade.CONTRACT: "in the vendor's contract",
    Grade.DOCS: "on a page of the vendor's, not tried",
    Grade.THIRD: "reported by others",
    Grade.UNVERIFIED: "confirmed by nobody",
}
_CONTRACTS = {"microsoft": "", "microsoft-blob": "microsoft"}
"""Vendor -> whose contract it is; a database's contract is its own catalogue."""
_EXAMPLE_DAY = date(2026, 11, 26)


def main() -> int:
    """Write every page; with --check, compare and fail on a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a page is stale")
    check = parser.parse_args().check
    stale = []
    for name, text in pages().items():
        path = OUT / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            OUT.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        told = "is stale: run `just docs`" if check else "written"
        print(f"docs/reference/vendors/{name} {told}")
    return 1 if check and stale else 0


def pages() -> dict[str, str]:
    """Return every page by its name, the index among them."""
    sheets = [sheet(name) for name in names()]
    return {"index.md": index(sheets)} | {f"{one.id}.md": page(one) for one in sheets}


def index(sheets: list[Vendor]) -> str:
    """Return the table of vendors and jobs."""
    lines = [
        _NOTE,
        "# Vendors\n",
        "How far each job goes, by the fact sheets; each name leads to what is behind the word.\n",
        f"| | {' | '.join(_JOBS.values())} |",
        f"|---{'|---' * len(_JOBS)}|",
    ]
    for one in sheets:
        cells = [one.jobs[job].depth.value for job in _JOBS]
        lines.append(f"| [{one.name}]({one.id}.md) | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def page(vendor: Vendor) -> str:
    """Return what a person has to know before a vendor is connected."""
    parts = [
        _head(vendor),
        _how_far(vendor),
        _where(vendor),
        _erasure(vendor),
        _settings(vendor),
        _limits(vendor),
        _unseen(vendor),
        _unverified(vendor),
        _proof(vendor),
    ]
    return _NOTE + "\n" + "\n".join(part for part in parts if part)


def _head(vendor: Vendor) -> str:
    api = vendor.api
    source = f"The facts come from <{api.reference}>, read on {api.read_on}."
    return f"# {vendor.name}\n\n{source}\nNothing was tried against the live service.\n"


def _how_far(vendor: Vendor) -> str:
    rows = [
        f"| {label} | {vendor.jobs[job].depth.value} | {_said(vendor.jobs[job].note)} |"
        for job, label in _JOBS.items()
    ]
    return _section("How far each job goes", ["| job | how far | |", "|---|---|---|", *rows])


def _where(vendor: Vendor) -> str:
    lines: list[str] = []
    for record in vendor.records:
        lines += [f"### {record.name}\n", f"Of {record.about}.\n"]
        if record.elements:
            lines += ["| place | category | in the record | can be set |", "|---|---|---|---|"]
            lines += [_element_row(record, name.name) for name in record.elements]
            lines.append("")
        if record.open_fields:
            fields = ", ".join(f"`{one}`" for one in record.open_fields)
            lines.append(f"Anything can stand in {fields}.\n")
        if record.find:
            by = ", ".join(one.by.replace("_", " ") for one in record.find)
            lines.append(f"Found directly by {by}; by anything else through a full reading.\n")
    return _section("What can be held where", lines)


def _element_row(record: Record, name: str) -> str:
    one = record.element(name)
    paths = ", ".join(f"`{path}`" for path in one.paths)
    return f"| {one.name} | {one.means} | {paths} | {one.write} |"


def _erasure(vendor: Vendor) -> str:
    lines = [
        line
        for record in vendor.records
        for job in [record.erase]
        if job
        for line in _job(record.name, job)
    ]
    return _section("What erasure leaves", lines) if lines else ""


def _job(name: str, job: Job) -> Iterator[str]:
    stages = f"{len(job.stages)} stage{'' if len(job.stages) == 1 else 's'}"
    yield f"- {name}: **{job.level.value}**, in {stages}."
    for left in job.residue:
        until = left.until(_EXAMPLE_DAY, {})
        when = f" until {(until - _EXAMPLE_DAY).days} days later" if until else ""
        yield f"  - leaves {left.what}{when}"
    if job.by_hand:
        yield f"  - afterwards, by hand: {job.by_hand}"


def _settings(vendor: Vendor) -> str:
    lines = ["| setting | what it is | made at | least rights | lives |", "|---|---|---|---|---|"]
    lines += [_setting(vendor, one) for one in vendor.api.settings]
    return _section("Settings and keys", lines)


def _setting(vendor: Vendor, one: Setting) -> str:
    where = f"`KLARSYN_{vendor.id}_{one.name}`".upper().replace("-", "_")
    name = where if one.secret else f"`{one.name}`"
    optional = "" if one.required else " (optional)"
    made_at = f"<{one.made_at}>" if one.made_at.startswith("https://") else one.made_at
    cells = [f"{one.what}{optional}", made_at, _said(one.rights), _said(one.lasts)]
    return f"| {name} | {' | '.join(cells)} |"


def _limits(vendor: Vendor) -> str:
    named = {"all calls": vendor.api.limit, **vendor.api.limits}
    lines = [f"- {name}: {_limit(limit)}" for name, limit in named.items() if _limit(limit)]
    return _section("Limits that are kept", lines) if lines else ""


def _limit(limit: Limit) -> str:
    parts = []
    if limit.requests:
        parts.append(f"{limit.requests} in {limit.per:g} seconds")
    if limit.at_once:
        parts.append(f"{limit.at_once} at once")
    return ", ".join(parts)


def _unseen(vendor: Vendor) -> str:
    lines = [f"- {one}" for one in vendor.unseen]
    return _section("What no audit sees", lines) if lines else ""


def _unverified(vendor: Vendor) -> str:
    lines = [f"- {one.what} ({_GRADES[one.grade]})" for one in vendor.assumptions]
    return _section("What the code relies on and nobody has confirmed", lines) if lines else ""


def _proof(vendor: Vendor) -> str:
    counts = tomllib.loads((ROOT / "tests/testing/counts.toml").read_text(encoding="utf-8"))
    figures = {**counts["exchanges"], **counts["thrift"]}
    contract = _CONTRACTS.get(vendor.id, vendor.id)
    counted = sum(figures.get(one, 0) for one in (contract, f"{contract}-sheet"))
    from tests.testing.known_faults import KNOWN_FAULTS

    lines = ["The vendor publishes no contract, so no referee judged what is sent.\n"]
    if counted:
        lines = [f"The tests referee at least {counted} exchanges with the stand-in.\n"]
    faults = KNOWN_FAULTS.get(contract, ())
    if faults:
        lines += ["Faults of the contract that they overlook, one by one:\n"]
        lines += [f"- `{one.where}`: {one.why}" for one in faults]
    return _section("How it was shown", lines)


def _section(title: str, lines: list[str]) -> str:
    return f"## {title}\n\n" + "\n".join(lines).strip() + "\n"


def _said(message: Message | None) -> str:
    return str(message) if message else ""


if __name__ == "__main__":
    raise SystemExit(main())
