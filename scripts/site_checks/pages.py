"""The pages of a built site, their types, and which of them a check reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LANGUAGE = r"(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]+)*)"
TYPES = [
    ("choice", re.compile(r"index\.html")),
    ("overview", re.compile(rf"{LANGUAGE}/index\.html")),
    ("vendor", re.compile(rf"{LANGUAGE}/vendors/[^/]+\.html")),
    ("element list", re.compile(rf"{LANGUAGE}/data/index\.html")),
    ("element", re.compile(rf"{LANGUAGE}/data/[^/]+\.html")),
    ("matrix", re.compile(rf"{LANGUAGE}/matrix\.html")),
    ("flows", re.compile(rf"{LANGUAGE}/flows\.html")),
    ("score list", re.compile(rf"{LANGUAGE}/scores/index\.html")),
    ("score", re.compile(rf"{LANGUAGE}/scores/[^/]+\.html")),
    ("findings", re.compile(rf"{LANGUAGE}/findings\.html")),
    ("other", re.compile(rf"{LANGUAGE}/.+\.html")),
]
FRAGMENT = re.compile(rf"{LANGUAGE}/fragment\.html")
SAMPLE_LANGUAGES = 2
PAGES_PER_TYPE = 4


#: A page in which a fragment stands as it would in a company's own.
AROUND = (
    '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>Page</title></head>'
    "<body><main><h1>Page</h1>{}</main></body></html>"
)


@dataclass(frozen=True)
class SitePage:
    """One HTML file of the site."""

    path: str
    type: str
    language: str
    size: int


def read_pages(site: Path) -> list[SitePage]:
    """Every page of a site in the order of its paths; a fragment for other pages is none."""
    files = {file.relative_to(site).as_posix(): file.stat().st_size for file in html_files(site)}
    return [described(path, size) for path, size in files.items() if not FRAGMENT.fullmatch(path)]


def read_fragments(site: Path) -> dict[str, str]:
    """Every fragment by its path, inside the least of a page around it."""
    paths = [file.relative_to(site).as_posix() for file in html_files(site)]
    found = [match for path in paths if (match := FRAGMENT.fullmatch(path))]
    return {
        match.group(): AROUND.format(
            match["language"], (site / match.group()).read_text(encoding="utf-8")
        )
        for match in found
    }


def html_files(site: Path) -> list[Path]:
    """Every HTML file of a site."""
    return sorted(site.rglob("*.html"))


def described(path: str, size: int) -> SitePage:
    """A page with the type and language its path tells; an unknown page is its own type."""
    for kind, pattern in TYPES:
        match = pattern.fullmatch(path)
        if match:
            language = match.groupdict().get("language") or ""
            name = path.removeprefix(f"{language}/") if kind == "other" else kind
            return SitePage(path, name, language, size)
    return SitePage(path, path, "", size)


def languages(pages: Iterable[SitePage]) -> list[str]:
    """The languages the site is in, sorted."""
    return sorted({page.language for page in pages} - {""})


def sample_languages(pages: list[SitePage]) -> list[str]:
    """Two languages: the one with the longest overview, where words are long, and another."""
    every = languages(pages)
    sizes = {page.language: page.size for page in pages if page.type == "overview"}
    longest = max(every, key=lambda language: sizes.get(language, 0), default="")
    others = [language for language in every if language != longest]
    return [language for language in (longest, *others[: SAMPLE_LANGUAGES - 1]) if language]


def select(pages: list[SitePage], *, everything: bool) -> list[SitePage]:
    """The pages that slow checks read: one of each type in two languages, or far more."""
    spoken = languages(pages) if everything else sample_languages(pages)
    chosen: list[SitePage] = []
    for language in ("", *spoken):
        here = [page for page in pages if page.language == language]
        for kind in sorted({page.type for page in here}):
            same = [page for page in here if page.type == kind]
            chosen += spread(same, PAGES_PER_TYPE if everything else 1)
    return sorted(chosen, key=lambda page: page.path)


def spread(pages: list[SitePage], count: int) -> list[SitePage]:
    """The longest page, then the first, the last and those between, up to a count."""
    longest = max(pages, key=lambda page: page.size)
    rest = [page for page in pages if page != longest]
    if count - 1 >= len(rest):
        return [longest, *rest]
    steps = max(count - 2, 1)
    places = sorted({round(step * (len(rest) - 1) / steps) for step in range(count - 1)})
    return [longest, *(rest[place] for place in places)]
