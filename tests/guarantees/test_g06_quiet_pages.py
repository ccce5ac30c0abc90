"""G6. A published page loads nothing from another host, runs no script and sets no cookie."""

import re

import pytest

from tests.publication.sites import built, pages, read, small
from tests.register.builders import COMPANY, swap

LOADING = {"img", "script", "iframe", "object", "embed", "source", "video", "audio", "form", "base"}
HOSTILE = '"<script>alert(1)</script><img src=x onerror=alert(1)>"'


def loaded(page):
    """Yield every address that a browser would fetch by itself."""
    for one in page.root.walk():
        if one.tag in LOADING:
            yield one.attributes.get("src", one.tag)
        if "link" == one.tag and one.attributes["rel"] in {"stylesheet", "icon", "preload"}:
            yield one.attributes["href"]


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_pages_load_from_their_own_folder_only(name):
    """
    Style, icon and logo by relative addresses; no script, no frame, no form.
    """
    for path, page in pages(built(name, "sv")).items():
        assert [] == [one for one in loaded(page) if ":" in one or one.startswith("/")], path
        assert [] == page.root.every("script"), path
        assert [] == [
            one for one in page.root.walk() if any(k.startswith("on") for k in one.attributes)
        ]


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_fragment_loads_nothing_at_all(name):
    """
    What stands inside other sites' pages brings no script, no style and no picture.
    """
    fragment = read(built(name, "sv").files["sv/fragment.html"].decode())

    assert [] == list(loaded(fragment))
    assert [] == [one.tag for one in fragment.root.walk() if one.tag in {"style", "link", "svg"}]
    assert [] == [
        one for one in fragment.root.walk() if any(k.startswith("on") for k in one.attributes)
    ]


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_policy_forbids_what_is_not_there(name):
    """
    `default-src 'none'` on every page, and nothing beyond style, pictures and the page's own host.
    """
    for path, page in pages(built(name, "sv")).items():
        policy = page.root.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
        assert policy.startswith("default-src 'none';"), path
        assert not re.search(r"unsafe|https?:|\*|script-src", policy), path


def test_style_loads_nothing():
    """
    No font, no picture, no other sheet.
    """
    styles = [
        one.decode() for path, one in built("klarpris", "sv").files.items() if path.endswith(".css")
    ]

    assert 1 == len(styles)
    assert [] == re.findall(r"@import|url\(|@font-face", styles[0])


def test_markup_in_the_register_stays_text():
    """
    What somebody writes into a name is printed, never run.
    """
    page = small(swap(COMPANY, "name: Fjordkraft\n", f"name: {HOSTILE}\n"))["en/index.html"]

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_nothing_sets_a_cookie():
    """
    Without a script only a header or a meta element could; there is no such element.
    """
    whole = b"".join(built("klarpris", "sv").files.values())

    assert b"set-cookie" not in whole.lower()
    assert b"document.cookie" not in whole
