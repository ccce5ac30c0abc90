"""Axe and reflow: no violation in any scheme at any width, and nothing wider than the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.site_checks.browser import SCHEMES, probe, window
from scripts.site_checks.outcome import NotRun, Outcome
from scripts.site_checks.pages import SitePage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NARROW = 320
WIDE = 1280
ZOOM = 4  # 1280 x 1024 seen at 400 percent is 320 x 256
ZOOMED_HEIGHT = 256
SHOWN_NODES = 3
SAME_COLOUR = "equalRatio"  # axe leaves text in the colour of its ground to a human eye


def read_pages(browser: Browser, base: str, chosen: list[SitePage]) -> list[Outcome]:
    """Look at each page light and dark, narrow and wide, and magnified four times."""
    axe, reflow = Outcome("axe", len(chosen)), Outcome("reflow", len(chosen))
    undecided: set[str] = set()
    for scheme in SCHEMES:
        for width in (NARROW, WIDE):
            with window(browser, width, scheme=scheme) as open_page:
                for page in chosen:
                    with reflow.timed():
                        open_page.goto(base + page.path)
                        judge_width(open_page, page, f"{width} px", reflow)
                    with axe.timed():
                        undecided |= judge_axe(open_page, page, f"{scheme} {width} px", axe)
    with reflow.timed(), window(browser, NARROW, height=ZOOMED_HEIGHT, scale=ZOOM) as open_page:
        for page in chosen:
            open_page.goto(base + page.path)
            judge_width(open_page, page, "400 %", reflow)
    axe.notes += [f"left to a human eye: {each}" for each in sorted(undecided)]
    return [axe, reflow]


def judge_width(open_page: Page, page: SitePage, where: str, outcome: Outcome) -> None:
    """A page wider than its window, or cut at its edge, fails and names what sticks out."""
    found: dict[str, Any] = open_page.evaluate(probe("reflow"))
    if found["wide"] or found["cut"]:
        what = f"{found['width']} px wide" if found["wide"] else "cut at the edge"
        culprits = ", ".join(found["culprits"]) or "no single element"
        outcome.fail(page.path, f"{where}: {what}; sticking out: {culprits}")


def judge_axe(open_page: Page, page: SitePage, where: str, outcome: Outcome) -> set[str]:
    """Record axe's violations; give the rules it could not decide."""
    found = run_axe(open_page)
    for violation in found["violations"]:
        nodes = violation["nodes"]
        targets = ", ".join(str(node["target"][0]) for node in nodes[:SHOWN_NODES])
        reason = reasons(nodes[0])
        told = f"{where}: {violation['id']} ({violation['impact']}): {violation['help']}"
        outcome.fail(page.path, f"{told}; {len(nodes)} x, at {targets}{reason}")
    unseen = [
        node
        for each in found["incomplete"]
        for node in each["nodes"]
        if any((check.get("data") or {}).get("messageKey") == SAME_COLOUR for check in node["any"])
    ]
    if unseen:
        targets = ", ".join(str(node["target"][0]) for node in unseen[:SHOWN_NODES])
        outcome.fail(page.path, f"{where}: color-contrast (1:1): invisible text at {targets}")
    return {f"{each['id']} ({each['help']})" for each in found["incomplete"]}


def run_axe(open_page: Page) -> dict[str, Any]:
    """Everything axe says of a page."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError as absent:
        raise NotRun("the Python package axe-playwright-python is not installed") from absent
    results = Axe().run(open_page, options={"resultTypes": ["violations", "incomplete"]})
    return dict(results.response)


def reasons(node: dict[str, Any]) -> str:
    """What axe has against one element, in its words."""
    said = [check["message"] for kind in ("any", "all", "none") for check in node[kind]]
    return f": {said[0]}" if said else ""
