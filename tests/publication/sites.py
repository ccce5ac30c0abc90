"""
Sites to look at: the examples built in one language, small registers built, pages read.

The examples are built in memory and once per language; a page is read by the standard library's
parser, never by Klarsyn's own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from klarsyn.publication import Edition, Site, build
from klarsyn.publication.pages.frame import About, Assets
from klarsyn.publication.voice import Voice
from klarsyn.register import examine, load
from klarsyn.register.history import Entry, History
from tests.register import builders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.publication.pages import PageType
    from klarsyn.register import Register

LANGUAGES = ("sv", "da", "nb", "en", "de", "fi")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = date(2026, 11, 22)
UPDATED = date(2026, 3, 1)
VERSION = "0.0"

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})


def edition(register: Register, *, on: date = DAY, updated: date = UPDATED) -> Edition:
    """Return what would be published of a register on a day."""
    begun = History((Entry(updated, register, None),))
    return Edition(register, examine(register, on).open, on, begun, VERSION)


def about(whole: Edition, language: str) -> About:
    """Return what every page of a language knows, without a navigation."""
    return About(whole, Assets("", "style.css", "icon.svg", ""), Voice(language), [])


def rendered(module: PageType, register: Register, language: str = "en") -> dict[str, Page]:
    """Return the pages of one type, read."""
    found = module.pages(about(edition(register), language))
    return {path: read(html) for path, html in found}


@cache
def example(name: str) -> Register:
    """Return the register of an example."""
    return load(EXAMPLES / name / "register")


def spoken(register: Register, *languages: str) -> Register:
    """Return a register that is published in these languages only."""
    left = [one for one in register.company.not_reviewed if one in languages]
    company = msgspec.structs.replace(
        register.company, languages=list(languages), not_reviewed=left
    )
    return dataclasses.replace(register, company=company)


@cache
def built(name: str, *languages: str) -> Site:
    """Return an example's site in these languages, built once."""
    return build(edition(spoken(example(name), *languages)))


def elements(name: str) -> list[str]:
    """Return the data elements of an example."""
    return list(example(name).elements)


def small(*edits: builders.Edit) -> dict[str, str]:
    """Return the pages of the small register after some edits."""
    site = build(edition(builders.register(*edits)))
    return {path: page.decode() for path, page in site.files.items() if is_page(path)}


def is_page(path: str) -> bool:
    """Tell whether a file is a whole page."""
    return path.endswith(".html") and not path.endswith("/fragment.html")


def pages(site: Site) -> dict[str, Page]:
    """Return the pages of a site, read; a fragment for other sites' pages is none."""
    return {
        path: read(content.decode())
        for path, content in sorted(site.files.items())
        if is_page(path)
    }


@dataclass
class Element:
    """An element of a page with what stands in it."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all words in it, with single spaces."""
        whole = "".join(one if isinstance(one, str) else one.text for one in self.inside)
        return " ".join(whole.split())

    def walk(self) -> Iterator[Element]:
        """Yield it and every element inside it."""
        yield self
        for one in self.inside:
            if isinstance(one, Element):
                yield from one.walk()

    def every(self, tag: str, **wanted: str) -> list[Element]:
        """Return the elements of a tag whose attributes are as wanted (`class_` is class)."""
        named = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [
            one for one in self.walk() if one.tag == tag and named.items() <= one.attributes.items()
        ]

    def one(self, tag: str, **wanted: str) -> Element:
        """Return the only element of this kind."""
        found = self.every(tag, **wanted)
        assert 1 == len(found), f"{len(found)} elements <{tag}> with {wanted}"
        return found[0]

    def facts(self) -> dict[str, Element]:
        """Return what stands beside each term of the lists of facts."""
        terms, words = self.every("dt"), self.every("dd")
        assert len(terms) == len(words)
        return {term.text: word for term, word in zip(terms, words, strict=True)}


class Page(HTMLParser):
    """A page as a tree of elements; what is not closed in order fails."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]
        self.declaration = ""

    def handle_decl(self, decl: str) -> None:
        """Keep the document type."""
        self.declaration = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        made = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(made)
        if tag not in _VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which has to be this one."""
        assert tag == self._open.pop().tag

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self._open[-1].inside.append(data)


def read(html: str) -> Page:
    """Return a page, read."""
    page = Page()
    page.feed(html)
    page.close()
    assert page._open == [page.root]
    return page
