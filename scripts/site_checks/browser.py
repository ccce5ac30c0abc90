"""Chromium, opened once; a window for each width and colour scheme."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scripts.site_checks.machine import CHROMIUM_FLAGS, chromium
from scripts.site_checks.outcome import NotRun

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOAD_MILLISECONDS = 15_000


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """A Chromium with a new, empty profile."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as absent:
        raise NotRun("the Python package playwright is not installed") from absent
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(
    browser: Browser, width: int, *, height: int = 800, scheme: Scheme = "light", scale: int = 1
) -> Iterator[Page]:
    """
    A window without history, to visit pages in.

    Its scheme never changes: switched in an open page, colours are tested mid-transition.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=scale,
        reduced_motion="reduce",
    )
    context.set_default_timeout(LOAD_MILLISECONDS)
    try:
        yield context.new_page()
    finally:
        context.close()


def probe(name: str) -> str:
    """A function of JavaScript that looks at a page, from the file of its name."""
    return (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")
