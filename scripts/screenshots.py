"""
Take pictures of a built site: overview, a vendor and the findings, narrow and wide, light and dark.

    python scripts/screenshots.py SITE OUT [--lang sv] [--vendor ID] [--max-height 2400]

The names are always the same: overview-1280-light.png, vendor-360-dark.png ...
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.site_checks.browser import SCHEMES, opened_browser, window
from scripts.site_checks.outcome import NotRun, say
from scripts.site_checks.pages import SitePage, read_pages
from scripts.site_checks.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

KINDS = ("overview", "vendor", "findings")
WIDTHS = (360, 1280)
COLOURS = 128


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures asked for."""
    options = read_arguments(arguments)
    subjects = choose(read_pages(options.site), options.lang, options.vendor)
    if "overview" not in subjects or (options.vendor and "vendor" not in subjects):
        wanted = f" or no vendor {options.vendor}" if options.vendor else ""
        say(f"{options.site}: no overview in the language {options.lang}{wanted}")
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        take_all(options, subjects)
    except NotRun as absent:
        say(f"not run: screenshots: {absent}")
        return 1
    return 0


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", type=Path, metavar="SITE", help="the folder of the built site")
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder for the pictures")
    parser.add_argument("--lang", default="sv", help="the language of the pages (sv)")
    parser.add_argument("--vendor", help="the vendor to show (the one with the longest page)")
    parser.add_argument("--max-height", type=int, default=2400, help="cut below that many pixels")
    return parser.parse_args(arguments)


def choose(pages: list[SitePage], language: str, vendor: str | None) -> dict[str, SitePage]:
    """The page of each type to show: of vendors the one named, or the one with most to say."""
    chosen: dict[str, SitePage] = {}
    for page in sorted(pages, key=lambda page: (page.size, page.path)):
        named = page.type != "vendor" or vendor in {None, Path(page.path).stem}
        if page.language == language and page.type in KINDS and named:
            chosen[page.type] = page
    return {kind: chosen[kind] for kind in KINDS if kind in chosen}


def take_all(options: argparse.Namespace, subjects: dict[str, SitePage]) -> None:
    """One picture for each page, width and colour scheme."""
    with served(options.site) as base, opened_browser() as browser:
        for width in WIDTHS:
            for scheme in SCHEMES:
                with window(browser, width, scheme=scheme) as open_page:
                    for kind, page in subjects.items():
                        open_page.goto(base + page.path)
                        picture = smaller(take(open_page, width, options.max_height))
                        name = f"{kind}-{width}-{scheme}.png"
                        (options.out / name).write_bytes(picture)
                        say(f"{name}  {len(picture) / 1000:.0f} kB")


def take(open_page: Page, width: int, max_height: int) -> bytes:
    """A picture of a whole page, cut at a height."""
    tall = int(open_page.evaluate("() => document.documentElement.scrollHeight"))
    return open_page.screenshot(
        full_page=True,
        animations="disabled",
        clip={"x": 0, "y": 0, "width": width, "height": min(tall, max_height)},
    )


def smaller(picture: bytes) -> bytes:
    """The picture in a palette where Pillow happens to be there, else as it is."""
    try:
        image_module = importlib.import_module("PIL.Image")
    except ImportError:
        return picture
    reduced = io.BytesIO()
    with image_module.open(io.BytesIO(picture)) as image:
        palette = image.convert("RGB").quantize(COLOURS, dither=image_module.Dither.NONE)
        palette.save(reduced, "PNG", optimize=True)
    return min(picture, reduced.getvalue(), key=len)


if __name__ == "__main__":
    sys.exit(main())
