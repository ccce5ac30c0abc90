"""Keyboard: the skip link comes first, every stop is reached and shows that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.site_checks.browser import SCHEMES, Scheme, probe, window
from scripts.site_checks.outcome import Outcome
from scripts.site_checks.pages import SitePage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAME = "keyboard"
WIDTH = 1280
SHOWN_STOPS = 3
MORE_STOPS = 50  # scrolling boxes are stops too, and no selector finds them


def tab_pages(browser: Browser, base: str, chosen: list[SitePage]) -> Outcome:
    """Press Tab through each page, light and dark."""
    outcome = Outcome(NAME, len(chosen))
    stops = 0
    with outcome.timed():
        for scheme in SCHEMES:
            with window(browser, WIDTH, scheme=scheme) as open_page:
                for page in chosen:
                    open_page.goto(base + page.path)
                    stops += tab_through(open_page, page, scheme, outcome)
    outcome.notes.append(f"{stops} stops visited")
    return outcome


def tab_through(open_page: Page, page: SitePage, scheme: Scheme, outcome: Outcome) -> int:
    """Visit every stop of one page and record those that are missed or do not show."""
    expected: list[str] = open_page.evaluate(probe("keyboard_before"))
    look = probe("keyboard_stop")
    stops: list[dict[str, Any]] = []
    for _ in range(len(expected) + MORE_STOPS):
        open_page.keyboard.press("Tab")
        stop: dict[str, Any] | None = open_page.evaluate(look)
        if stop is None or stop["again"]:
            break
        stops.append(stop)
    reached = {stop["index"] for stop in stops}
    missed = [name for index, name in enumerate(expected) if index not in reached]
    record(page, f"{scheme}: never reached by Tab", missed, outcome)
    for fault in ("no visible focus indicator", "focused outside the window"):
        record(page, f"{scheme}: {fault}", named(stops, fault), outcome)
    weak = [f"{stop['name']} {stop['contrast']:.1f}:1" for stop in stops if stop["weak"]]
    record(page, f"{scheme}: focus indicator below 3:1", weak, outcome)
    if stops and not stops[0]["in_main"]:
        judge_skip_link(open_page, page, stops[0], outcome)
    return len(stops)


def named(stops: list[dict[str, Any]], fault: str) -> list[str]:
    """The stops with a fault, by name."""
    return [str(stop["name"]) for stop in stops if fault in stop["faults"]]


def record(page: SitePage, what: str, names: list[str], outcome: Outcome) -> None:
    """One failure for all stops of a page that share a fault."""
    if names:
        some = ", ".join(names[:SHOWN_STOPS])
        outcome.fail(page.path, f"{what}, {len(names)} x: {some}")


def judge_skip_link(
    open_page: Page, page: SitePage, first: dict[str, Any], outcome: Outcome
) -> None:
    """Unless a page starts with its main part, the first stop leads there, and the key works."""
    if not first["skips"]:
        outcome.fail(page.path, f"the first stop is no skip link but {first['name']}")
        return
    open_page.reload(wait_until="load")
    open_page.keyboard.press("Tab")
    open_page.keyboard.press("Enter")
    open_page.keyboard.press("Tab")
    if not open_page.evaluate(probe("keyboard_skipped")):
        outcome.fail(page.path, "after the skip link Tab goes on in front of its target")
