"""Print: on paper nothing is too wide, cut, hidden or folded away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.site_checks.browser import probe, window
from scripts.site_checks.outcome import Outcome
from scripts.site_checks.pages import SitePage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAME = "print"
PAPER_WIDTH = 680  # A4 at 96 dots an inch within margins of 15 mm
PDF_PAGE = re.compile(rb"/Type\s*/Page\b")


def print_pages(browser: Browser, base: str, chosen: list[SitePage]) -> Outcome:
    """Print each page: what its main part shows on a screen, folds opened, is on paper too."""
    outcome = Outcome(NAME, len(chosen))
    sheets = 0
    with outcome.timed(), window(browser, PAPER_WIDTH) as open_page:
        for page in chosen:
            open_page.emulate_media(media="screen")
            open_page.goto(base + page.path)
            open_page.evaluate(probe("print_before"))
            open_page.emulate_media(media="print")
            found: dict[str, Any] = open_page.evaluate(probe("print_after"))
            printed = len(PDF_PAGE.findall(open_page.pdf(format="A4")))
            sheets += printed
            if found["wide"]:
                outcome.fail(page.path, f"wider than the paper: {found['wide']} px")
            for kind in ("hidden", "cut"):
                if found[kind]:
                    some = "; ".join(found[kind][:3])
                    outcome.fail(page.path, f"{kind} on paper, {len(found[kind])} x: {some}")
            if not printed:
                outcome.fail(page.path, "prints no sheet")
    outcome.notes.append(f"{sheets} sheets of A4 for {len(chosen)} pages")
    return outcome
