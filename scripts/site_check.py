"""
Prove a built site good.

    python scripts/site_check.py SITE [--sample | --all] [--only NAMES] [--require] [--json FILE]

A sample takes one page of each type in two languages and one Lighthouse run, all takes every type
in all languages (of each the longest page and three more) and four runs. Sizes, the HTML itself
and, up to 300 pages, its validity are read on every page either way. A check whose tool this
machine lacks says so and passes, unless --require.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.site_checks import keyboard, lighthouse, offline, printing, reading, validator, weight
from scripts.site_checks.browser import opened_browser
from scripts.site_checks.outcome import NotRun, Outcome, say, tell
from scripts.site_checks.pages import SitePage, languages, read_pages, select
from scripts.site_checks.serving import served

CHECKS = ("validator", "axe", "lighthouse", "size", "offline")
IN_BROWSER = {
    "axe": ("axe", "reflow", printing.NAME, keyboard.NAME),
    "offline": (f"{offline.NAME}, browser",),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the checks asked for and say what they found."""
    options = read_arguments(arguments)
    pages = read_pages(options.site)
    chosen = select(pages, everything=options.all)
    if not any(page.type == "overview" for page in pages):
        say(f"{options.site}: no overview (LANGUAGE/index.html) in it, so no site to check")
        return 1
    say(f"{len(pages)} pages in {', '.join(languages(pages))}; {len(chosen)} chosen")
    outcomes = run_checks(options, pages, chosen)
    tell(outcomes)
    failed = [each for each in outcomes if each.failures or (options.require and each.not_run)]
    if options.json:
        facts = {"ok": not failed, "checks": [outcome.as_json() for outcome in outcomes]}
        options.json.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return 1 if failed else 0


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The command line, checked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", type=Path, metavar="SITE", help="the folder of the built site")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--sample", action="store_true", help="a sample of pages (default)")
    extent.add_argument("--all", action="store_true", help="every page type in all languages")
    parser.add_argument("--only", default=",".join(CHECKS), help=f"some of {','.join(CHECKS)}")
    parser.add_argument("--require", action="store_true", help="a check that cannot run fails")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes there too")
    options = parser.parse_args(arguments)
    options.only = [name.strip() for name in options.only.split(",") if name.strip()]
    unknown = sorted(set(options.only) - set(CHECKS))
    if unknown or not options.only:
        parser.error(f"--only takes some of {','.join(CHECKS)}, not {','.join(unknown) or '-'}")
    return options


def run_checks(
    options: argparse.Namespace, pages: list[SitePage], chosen: list[SitePage]
) -> list[Outcome]:
    """Run the checks: the validator beside the browser, Lighthouse alone, for it measures time."""
    site, only = options.site, options.only
    outcomes: list[Outcome] = []
    validating: Future[list[Outcome]] | None = None
    with served(site) as base, ThreadPoolExecutor(max_workers=1) as pool:
        if "validator" in only:
            validating = pool.submit(
                guarded, (validator.NAME,), lambda: [validator.validate(site, pages, chosen)]
            )
        if "size" in only:
            outcomes.append(weight.weigh(site, pages))
        if "offline" in only:
            outcomes.append(offline.read_all(site, pages))
        names = tuple(name for check in only for name in IN_BROWSER.get(check, ()))
        if names:
            outcomes += guarded(names, lambda: browse(base, chosen, only))
        if validating is not None:
            outcomes = validating.result() + outcomes
        if "lighthouse" in only:
            outcomes += guarded(
                (lighthouse.NAME,),
                lambda: [lighthouse.measure(base, chosen, everything=options.all)],
            )
    return outcomes


def browse(base: str, chosen: list[SitePage], only: list[str]) -> list[Outcome]:
    """All checks that need a browser, in one."""
    outcomes: list[Outcome] = []
    with opened_browser() as browser:
        from playwright.sync_api import Error

        try:
            if "offline" in only:
                outcomes.append(offline.watch_pages(browser, base, chosen))
            if "axe" in only:
                outcomes += guarded(
                    ("axe", "reflow"), lambda: reading.read_pages(browser, base, chosen)
                )
                outcomes.append(printing.print_pages(browser, base, chosen))
                outcomes.append(keyboard.tab_pages(browser, base, chosen))
        except Error as broken:
            stopped = Outcome("browser")
            stopped.fail("(any)", f"the browser stopped: {broken.message.splitlines()[0]}")
            outcomes.append(stopped)
    return outcomes


def guarded(names: tuple[str, ...], check: Callable[[], list[Outcome]]) -> list[Outcome]:
    """Run a check; where the machine lacks its tool, say so under each of its names."""
    try:
        return check()
    except NotRun as absent:
        return [Outcome(name, not_run=str(absent)) for name in names]


if __name__ == "__main__":
    sys.exit(main())
