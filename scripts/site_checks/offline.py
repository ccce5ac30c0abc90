"""Offline: no script, no cookie, no foreign resource, a strict policy, nothing missing."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.site_checks.browser import SCHEMES, Scheme, window
from scripts.site_checks.markup import Markup, is_foreign, markup_of
from scripts.site_checks.outcome import Outcome
from scripts.site_checks.pages import SitePage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

NAME = "offline"
WIDTHS: dict[Scheme, int] = {"light": 1280, "dark": 320}
LOOSE_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*")


def read_all(site: Path, pages: list[SitePage]) -> Outcome:
    """Read the HTML of every page: its scripts, what it names of other hosts, its policy."""
    outcome = Outcome(f"{NAME}, HTML", len(pages))
    with outcome.timed():
        for page in pages:
            for fault in faults(markup_of(site, page.path)):
                outcome.fail(page.path, fault)
    return outcome


def faults(markup: Markup) -> list[str]:
    """What a page's HTML does that it must not."""
    found = [f"has {script}" for script in markup.scripts]
    found += [f"loads {each} from elsewhere" for each in markup.loads if is_foreign(each)]
    found += [f"connects to {each}" for each in markup.connects if is_foreign(each)]
    if markup.policy is None:
        return [*found, "has no Content-Security-Policy meta element"]
    if markup.policy_after:
        found.append(f"its Content-Security-Policy comes after {markup.policy_after}")
    directives = {
        words[0]: words[1:] for part in markup.policy.split(";") if (words := part.split())
    }
    if "default-src" not in directives:
        found.append("its Content-Security-Policy has no default-src")
    for name, sources in directives.items():
        loose = [each for each in sources if each in LOOSE_SOURCES or "//" in each]
        if loose:
            found.append(f"its Content-Security-Policy is loose: {name} {' '.join(loose)}")
    return found


def watch_pages(browser: Browser, base: str, chosen: list[SitePage]) -> Outcome:
    """Load pages in a browser and watch every request, answer, cookie and complaint."""
    outcome = Outcome(f"{NAME}, browser", len(chosen))
    with outcome.timed():
        for scheme in SCHEMES:
            with window(browser, WIDTHS[scheme], scheme=scheme) as open_page:
                watcher = Watcher(open_page, base)
                for page in chosen:
                    for fault in watcher.watch(page):
                        outcome.fail(page.path, fault)
    return outcome


class Watcher:
    """Listens to a window: what its page asks for, misses, stores and complains about."""

    def __init__(self, open_page: Page, base: str) -> None:
        self.open_page = open_page
        self.base = base
        self.found: dict[str, None] = {}
        open_page.on("request", self.asked)
        open_page.on("response", self.answered)
        open_page.on("console", self.complained)

    def watch(self, page: SitePage) -> list[str]:
        """Load a page to its end and give what was found."""
        self.found = {}
        self.open_page.goto(self.base + page.path)
        self.open_page.evaluate("() => document.fonts.ready.then(() => null)")
        for element in ("script", "noscript"):
            if self.open_page.locator(element).count():
                self.found[f"has a {element} element"] = None
        for cookie in self.open_page.context.cookies():
            self.found[f"sets the cookie {cookie.get('name')}"] = None
        return list(self.found)

    def asked(self, request: Request) -> None:
        """A request that leaves the site is a fault."""
        if not request.url.startswith((self.base, "data:")):
            self.found[f"asks {request.url}"] = None

    def answered(self, response: Response) -> None:
        """So is a file that is not there."""
        if response.status >= HTTPStatus.BAD_REQUEST:
            self.found[f"{response.url.removeprefix(self.base)} answers {response.status}"] = None

    def complained(self, message: ConsoleMessage) -> None:
        """And so is what the browser refuses or warns of, the page's own policy above all."""
        if message.type in {"error", "warning"}:
            where = str(message.location.get("url", "")).removeprefix(self.base)
            self.found[f"the browser complains: {message.text} ({where})"] = None
