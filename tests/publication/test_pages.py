"""
What holds of every page: its frame, its links, what it may load, and what it must escape.
"""

import re
from collections import Counter
from pathlib import PurePosixPath
from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klarsyn.publication import build
from tests.publication.sites import LANGUAGES, built, edition, example, pages, read, spoken
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    VENDOR,
    Files,
    add,
    edited,
    load,
    unknown,
)

ADDRESS = "https://klarpris.example/subprocessors/"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
#: What a browser fetches, or runs, of its own accord.
LOADING = {"script", "iframe", "object", "embed", "audio", "video", "source", "base", "form"}
SAMPLE = (
    "index.html",
    "vendors/zapier.html",
    "data/index.html",
    "data/person.email.html",
    "matrix.html",
    "flows.html",
    "scores/index.html",
    "scores/user-rating.html",
    "findings.html",
)
#: Of KlarPris in each language: overview, vendors, data elements and their list, matrix, flows,
#: three score cards and their list, changes, open points.
COUNT = 1 + 16 + 1 + 21 + 1 + 1 + 1 + 3 + 1 + 1


def each_page(name="klarpris", language="en"):
    """Return path and content of each page in a language, the choice of languages included."""
    return [(path, page.root) for path, page in pages(built(name, language)).items()]


@pytest.fixture(scope="module", params=LANGUAGES)
def spoken_pages(request):
    """Every page of KlarPris in one language."""
    return request.param, dict(each_page("klarpris", request.param))


# The frame


def test_every_page_has_language_title_and_one_heading(spoken_pages):
    """
    The language is declared, the title and the description are there, and there is one h1.
    """
    language, found = spoken_pages

    for path, page in found.items():
        assert language == page.one("html").attributes["lang"], path
        assert page.one("title").text, path
        assert page.one("meta", name="description").attributes["content"], path
        assert page.one("h1").text, path
        assert 1 == len(page.every("main")), path


def test_titles_differ(spoken_pages):
    """
    No two pages have the same title.
    """
    found = spoken_pages[1]
    titles = [page.one("title").text for path, page in found.items() if path != "index.html"]

    # The archive has the list once more, and its choice of languages.
    assert COUNT + 2 == len(titles) == len(set(titles))


def test_every_page_can_be_skipped_into(spoken_pages):
    """
    The first link of a page jumps over its head; the choice of languages has no head.
    """
    language, found = spoken_pages
    for path, page in found.items():
        if f"{language}/" in path:
            first = page.one("body").every("a")[0]
            assert "#main" == first.attributes["href"], path
            assert first.text, path
            assert "main" == page.one("main").attributes["id"], path


def test_headings_leave_no_level_out(spoken_pages):
    """
    An h2 follows an h1, never an h3.
    """
    for path, page in spoken_pages[1].items():
        levels = [int(one.tag[1]) for one in page.walk() if re.fullmatch("h[1-6]", one.tag)]
        assert [1] + [2] * (len(levels) - 1) == levels, path


def test_ids_are_unique_and_labels_refer_to_them(spoken_pages):
    """
    What aria-labelledby names stands on the page, once.
    """
    for path, page in spoken_pages[1].items():
        ids = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
        named = [
            one.attributes["aria-labelledby"]
            for one in page.walk()
            if "aria-labelledby" in one.attributes
        ]
        assert len(set(ids)) == len(ids), path
        assert set(named) <= set(ids), path


def test_table_is_named_and_its_heads_say_what_they_head(spoken_pages):
    """
    A table has a caption, and each head says whether it heads a row or a column.
    """
    tables = [table for page in spoken_pages[1].values() for table in page.every("table")]

    # Overview, 13 vendors, 20 elements that somebody has and their list, matrix; the archive.
    assert 1 + 13 + 20 + 1 + 1 + 1 == len(tables)
    assert all(table.one("caption").text for table in tables)
    assert {"col", "row"} == {
        head.attributes["scope"] for table in tables for head in table.every("th")
    }


def test_policy_forbids_scripts_and_strangers(spoken_pages):
    """
    Every page carries the strict policy, before anything that it governs.
    """
    for path, page in spoken_pages[1].items():
        head = [one for one in page.one("head").inside if not isinstance(one, str)]
        policy = {"http-equiv": "Content-Security-Policy", "content": POLICY}
        assert {"charset": "utf-8"} == head[0].attributes, path
        assert policy == head[1].attributes, path


def test_page_loads_nothing_from_elsewhere(spoken_pages):
    """
    No script, no frame, no form, no handler, no inline style; pictures and style are the site's.
    """
    for path, page in spoken_pages[1].items():
        assert set() == LOADING & {one.tag for one in page.walk()}, path
        for one in page.walk():
            assert not [name for name in one.attributes if name.startswith("on")], path
            assert "style" not in one.attributes, path
            loaded = one.attributes.get("src", "")
            if one.tag == "link" and one.attributes["rel"] in {"icon", "stylesheet"}:
                loaded = one.attributes["href"]
            assert not loaded or loaded.lstrip("./").startswith("assets/"), path


def test_style_loads_nothing():
    """
    The style names no address, imports nothing and brings no font.
    """
    files = built("klarpris", "en").files
    style = next(content for path, content in files.items() if path.endswith(".css")).decode()

    assert [] == re.findall(r"url\(|@import|@font-face", style)


# Languages


def test_each_page_names_itself_in_all_languages():
    """
    hreflang: each of the six languages and x-default; canonical: the page itself.
    """
    found = pages(built("klarpris", *LANGUAGES))

    for language in LANGUAGES:
        for within in SAMPLE:
            page = found[f"{language}/{within}"].root
            named = {
                one.attributes["hreflang"]: one.attributes["href"]
                for one in page.every("link", rel="alternate")
                if "hreflang" in one.attributes
            }
            expected = {other: f"{ADDRESS}{other}/{within}" for other in LANGUAGES}
            assert {**expected, "x-default": ADDRESS} == named
            canonical = page.one("link", rel="canonical").attributes["href"]
            assert f"{ADDRESS}{language}/{within}" == canonical


def test_language_switch_marks_where_one_is():
    """
    The own language is no link; the others are, each in its own name and language.
    """
    page = pages(built("klarpris", *LANGUAGES))["fi/vendors/zapier.html"].root
    switch = page.one("nav", class_="languages")

    assert ["fi"] == [one.attributes["lang"] for one in switch.every("span")]
    assert "true" == switch.one("span").attributes["aria-current"]
    assert [f"../../{one}/vendors/zapier.html" for one in LANGUAGES if one != "fi"] == [
        one.attributes["href"] for one in switch.every("a")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_unreviewed_languages_say_so(language):
    """
    Each German and Finnish page says that no native speaker has read it, and no other page does.
    """
    notes = [
        len(page.every("p", role="note"))
        for path, page in each_page("klarpris", language)
        if path.startswith(f"{language}/")
    ]

    assert [1 if language in {"de", "fi"} else 0] * COUNT == notes


# Links


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_every_internal_link_leads_somewhere(name):
    """
    Each href and src of each page is a file of the site, and each fragment an id in it.
    """
    site = built(name, *LANGUAGES)
    found = pages(site)
    ids = {
        path: {one.attributes["id"] for one in page.root.walk() if "id" in one.attributes}
        for path, page in found.items()
    }
    lost = []
    for path, page in found.items():
        for one in page.root.walk():
            for name_ in ("href", "src"):
                target = one.attributes.get(name_, "")
                if not target or target.startswith("https://"):
                    continue
                file, fragment = urldefrag(urljoin(path, target))
                if file not in site.files or (fragment and fragment not in ids[file]):
                    lost.append((path, target))

    assert [] == lost
    assert 60 < len(found)


def test_links_to_others_are_marked_and_encrypted():
    """
    A link out of the site is https and says rel="external".
    """
    outside = [
        one.attributes
        for _, page in each_page()
        for one in page.every("a")
        if "//" in one.attributes["href"]
    ]

    assert 40 < len(outside)
    assert all(one["href"].startswith("https://") for one in outside)
    assert {"external"} == {one["rel"] for one in outside}


def test_paths_are_plain():
    """
    Every path can be served and copied by any system.
    """
    for path in built("klarpris", "en").files:
        assert re.fullmatch(r"[a-z0-9._/-]+", path)
        assert ".." not in PurePosixPath(path).parts


# Escaping: whatever is written in the register is words, never markup.

SHARP = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&amp; & < > \" '"]
BRACES = ["{vendor}", "{{ 7*7 }}", "{% raw %}", "{0}", "%(name)s"]
WORDS = st.text(st.sampled_from("ab <>&\"'{}%;=/"), min_size=1, max_size=12).filter(
    lambda text: text == " ".join(text.split()) != ""
)


def quoted(text):
    """Return a text as YAML writes it between single quotes."""
    return "'" + text.replace("'", "''") + "'"


def written_everywhere(text) -> Files:
    """Return the small register with a text in names, labels, facts and sources, all published."""
    files = edited(
        unknown(VENDOR, "risk"), unknown(VENDOR, "start"), add(COMPANY, "publish_findings: [all]\n")
    )
    hurt = {
        COMPANY: ("name: Fjordkraft\n", "Fjordkraft A/S", "Processors of Fjordkraft"),
        VENDOR: ("name: Postdesk\n", "Postdesk ApS, source", "our own records", "TLS 1.3."),
        ELEMENTS: ("label: {en: Name}",),
    }
    for file, places in hurt.items():
        for place in places:
            assert place in files[file]
            new = {
                "name: Fjordkraft\n": f"name: {quoted(text)}\n",
                "name: Postdesk\n": f"name: {quoted(text)}\n",
                "Postdesk ApS, source": f"{quoted(text)}, source",
                "label: {en: Name}": f"label: {{en: {quoted(text)}}}",
            }.get(place, quoted(text))
            files = {**files, file: files[file].replace(place, new)}
    return files


def shape(html):
    """Count the elements of a page with the names of their attributes: no words, no order."""
    return Counter((one.tag, *sorted(one.attributes)) for one in read(html).root.walk())


@pytest.mark.parametrize("text", [*SHARP, *BRACES])
def test_markup_in_the_register_is_printed_as_words(text):
    """
    Names, labels, facts and sources with tags, quotes and braces come out as they were written.
    """
    site = build(edition(load(written_everywhere(text))))
    found = pages(site)
    page = found["en/vendors/postdesk.html"].root

    assert text == page.one("h1").text
    assert text == page.facts()["Legal entity"].text
    assert text in page.one("table", class_="elements").text
    assert text in page.one("ul", class_="sources").text
    assert text in found["en/index.html"].root.one("tr", id="postdesk").text
    assert text in found["en/findings.html"].root.one("main").text
    assert not any(b"<script" in site.files[path].lower() for path in found)


@settings(max_examples=25)
@given(WORDS)
def test_no_words_change_the_shape_of_a_page(text):
    """
    Whatever is written, the elements of every page and their attributes are the same.
    """
    written = {
        path: page.decode()
        for path, page in build(edition(load(written_everywhere(text)))).files.items()
        if path.endswith(".html")
    }

    assert PLAIN == {path: shape(page) for path, page in written.items()}


PLAIN = {
    path: shape(page.decode())
    for path, page in build(edition(load(written_everywhere("plain")))).files.items()
    if path.endswith(".html")
}


def test_the_examples_hold_no_markup_of_their_own():
    """
    What looks like an entity on a page comes from the template's escaping, once.
    """
    files = build(edition(spoken(example("klarpris"), "en"))).files
    whole = b"".join(files[path] for path in files if path.endswith(".html"))

    assert b"&amp;amp;" not in whole
    assert b"&amp;lt;" not in whole
    assert b"&amp;#39;" not in whole
