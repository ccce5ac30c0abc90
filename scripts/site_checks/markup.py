"""What a page's HTML says without a browser: what it loads, its scripts, its policy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

LOADING_ATTRIBUTES = {
    ("img", "src"),
    ("source", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("track", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("input", "src"),
    ("object", "data"),
    ("script", "src"),
    ("use", "href"),
    ("image", "href"),
}
LOADING_RELATIONS = {"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "mask-icon"}
CONNECTING_RELATIONS = {"preconnect", "dns-prefetch", "prefetch", "prerender", "modulepreload"}
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


@dataclass
class Markup:
    """The facts of one page's HTML."""

    loads: list[str] = field(default_factory=list)
    connects: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    policy: str | None = None
    policy_after: str | None = None


class MarkupReader(HTMLParser):
    """Collects the facts while it reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = Markup()
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element loads, runs or allows."""
        values = {name: value or "" for name, value in attrs}
        markup = self.markup
        self.in_style = tag == "style"
        if tag == "script":
            markup.scripts.append("a script element")
        for name, value in values.items():
            self.attribute(tag, name, value)
        for found in CSS_ADDRESS.findall(values.get("style", "")):
            self.load(found[0] or found[1])
        if tag == "link":
            self.link(values)
        if tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            markup.policy = values.get("content", "")
            markup.policy_after = markup.loads[0] if markup.loads else None

    def attribute(self, tag: str, name: str, value: str) -> None:
        """Note what one attribute runs or loads."""
        if name.startswith("on"):
            self.markup.scripts.append(f"an {name} attribute on {tag}")
        if value.strip().lower().startswith("javascript:"):
            self.markup.scripts.append(f"a javascript: address on {tag}")
        if (tag, name.removeprefix("xlink:")) in LOADING_ATTRIBUTES:
            self.load(value)
        if name == "srcset":
            for candidate in value.split(","):
                self.load(candidate.split()[0] if candidate.split() else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element closed by its own slash says the same."""
        self.handle_starttag(tag, attrs)
        self.in_style = False

    def handle_endtag(self, tag: str) -> None:
        """After a style element text is text again."""
        if tag == "style":
            self.in_style = False

    def handle_data(self, data: str) -> None:
        """A style sheet inside the page may load more."""
        if self.in_style:
            for found in CSS_ADDRESS.findall(data):
                self.load(found[0] or found[1])

    def link(self, values: dict[str, str]) -> None:
        """A link element loads, connects, or only tells."""
        relations = set(values.get("rel", "").lower().split())
        if relations & LOADING_RELATIONS:
            self.load(values.get("href", ""))
        elif relations & CONNECTING_RELATIONS:
            self.markup.connects.append(values.get("href", ""))

    def load(self, address: str) -> None:
        """Note an address once; a fragment of the page itself and data: load nothing."""
        if address and not address.startswith(("#", "data:")) and address not in self.markup.loads:
            self.markup.loads.append(address)


def read_markup(html: str) -> Markup:
    """The facts of one page's HTML."""
    reader = MarkupReader()
    reader.feed(html)
    reader.close()
    return reader.markup


def is_foreign(address: str) -> bool:
    """Whether an address names a host of its own."""
    return bool(urlsplit(address).netloc) or urlsplit(address).scheme not in {"", "data"}


def local_path(address: str, base: str) -> str:
    """The path inside the site of an address used by the file at a path."""
    return unquote(urlsplit(urljoin(f"/{base}", address)).path).lstrip("/")


def loaded_files(site: Path, page: str) -> tuple[list[str], list[str]]:
    """The files of the site that a page loads, style sheets followed, and addresses not found."""
    waiting = [(page, address) for address in markup_of(site, page).loads]
    files: list[str] = []
    missing: list[str] = []
    while waiting:
        base, address = waiting.pop(0)
        path = local_path(address, base)
        if is_foreign(address) or not (site / path).is_file():
            missing.append(address)
        elif path not in files:
            files.append(path)
            if path.endswith(".css"):
                text = (site / path).read_text(encoding="utf-8", errors="replace")
                found = [first or second for first, second in CSS_ADDRESS.findall(text)]
                waiting += [(path, each) for each in found if not each.startswith(("#", "data:"))]
    return files, missing


def markup_of(site: Path, page: str) -> Markup:
    """The facts of a page of the site."""
    return read_markup((site / page).read_text(encoding="utf-8", errors="replace"))
