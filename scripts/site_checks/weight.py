"""Size: an overview with everything it loads, compressed, stays small."""

from __future__ import annotations

import gzip
from pathlib import Path

from scripts.site_checks.markup import loaded_files
from scripts.site_checks.outcome import Outcome
from scripts.site_checks.pages import SitePage

NAME = "size"
OVERVIEW_LIMIT = 30_000


def weigh(site: Path, pages: list[SitePage]) -> Outcome:
    """Weigh every overview all in; the heaviest page of each other type is told, not judged."""
    outcome = Outcome(NAME)
    with outcome.timed():
        overviews = [page for page in pages if page.type == "overview"]
        told = [f"{page.language} {judge(site, page, outcome) / 1000:.1f}" for page in overviews]
        heaviest = {page.type: page for page in sorted(pages, key=lambda page: page.size)}
        heaviest.pop("overview", None)
        weights = {page.path: all_in(site, page.path)[0] for page in heaviest.values()}
    outcome.notes.append(f"overview all in, gzip -9, kB of 30: {', '.join(told) or 'none'}")
    if weights:
        others = [f"{path} {size / 1000:.1f}" for path, size in sorted(weights.items())]
        outcome.notes.append(f"heaviest of the other types, kB: {', '.join(others)}")
    return outcome


def judge(site: Path, page: SitePage, outcome: Outcome) -> int:
    """The weight of one overview; above the limit it fails."""
    outcome.pages += 1
    total, parts, missing = all_in(site, page.path)
    if total > OVERVIEW_LIMIT:
        heavy = sorted(parts.items(), key=lambda part: -part[1])
        shown = ", ".join(f"{name} {size:,}" for name, size in heavy[:6])
        outcome.fail(page.path, f"{total:,} bytes all in, over {OVERVIEW_LIMIT:,}: {shown}")
    for address in missing:
        outcome.fail(page.path, f"loads {address}, which is not in the site and was not weighed")
    return total


def all_in(site: Path, page: str) -> tuple[int, dict[str, int], list[str]]:
    """The compressed bytes of a page and all it loads, by file, and what was not found."""
    files, missing = loaded_files(site, page)
    parts = {
        name: len(gzip.compress((site / name).read_bytes(), compresslevel=9, mtime=0))
        for name in (page, *files)
    }
    return sum(parts.values()), parts, missing
