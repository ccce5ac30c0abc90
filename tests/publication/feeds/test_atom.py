import re
from datetime import datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest

from klarsyn.publication.feeds import atom
from klarsyn.publication.feeds.items import items
from klarsyn.publication.voice import Voice
from tests.publication.feeds.editions import ADDRESS, FIRST, HOSTILE, edition, hostile, small
from tests.publication.sites import LANGUAGES, example, spoken
from tests.register.builders import COMPANY, line, register

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
# RFC 3339, section 5.6: what RFC 4287 wants of every date.
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def feed(whole, address="", language="en"):
    """Return the bytes of a feed."""
    voice = Voice(language)
    return atom.feed(whole, items(whole, address, voice), address, voice)


def tree(whole, address="", language="en"):
    """Return a feed as a tree of elements."""
    return ET.fromstring(feed(whole, address, language))  # noqa: S314  (our own)


def parsed(content):
    """Return what a feed reader makes of a feed; a mistake in it fails."""
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def children(element, name):
    """Return the children of a name in Atom's namespace."""
    return element.findall(f"{ATOM}{name}")


# As a reader takes it


def test_feed_reader_finds_what_changed():
    """
    Title, entries newest first, dates, content.
    """
    found = parsed(feed(small(), ADDRESS))
    newest = found.entries[0]

    assert "atom10" == found.version
    assert "utf-8" == found.encoding
    assert "Processors of Fjordkraft" == found.feed.title
    assert "Fjordkraft" == found.feed.author
    assert ["2026-07-01", "2026-02-20", "2026-01-10"] == [one.updated[:10] for one in found.entries]
    assert (2026, 6, 30, 22) == newest.updated_parsed[:4]
    assert f"{ADDRESS}en/changes.html#day-2026-07-01" == newest.link
    assert "text/html" == newest.content[0].type
    assert "Country of storage: United States" in newest.content[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_feed_of_each_language_is_read_without_a_complaint(language):
    """
    KlarPris, as it is published.
    """
    whole = edition((FIRST, spoken(example("klarpris"), language)))
    found = parsed(feed(whole, ADDRESS, language))

    assert language == tree(whole, ADDRESS, language).attrib[f"{XML}lang"]
    assert 1 == len(found.entries)


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_signs_of_markup_in_names_stay_letters(address):
    """
    A vendor, a company and a title may be called anything.
    """
    found = parsed(feed(hostile(), address))
    root = tree(hostile(), address)

    assert HOSTILE == children(root, "title")[0].text
    assert HOSTILE == root.find(f"{ATOM}author/{ATOM}name").text
    assert HOSTILE in children(root, "entry")[0].find(f"{ATOM}title").text
    assert "<b>" not in found.entries[0].content[0].value
    assert "&lt;b&gt;" in found.entries[0].content[0].value


# RFC 4287, rule by rule, and the warnings of the W3C's feed validator


def test_feed_is_well_formed_utf_8():
    """
    RFC 4287, section 2; the first line says in which letters.
    """
    content = feed(small())

    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    assert f"{ATOM}feed" == tree(small()).tag


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_feed_has_one_of_each(address):
    """
    RFC 4287, section 4.1.1: one id, title and updated, at most one subtitle and generator.
    """
    root = tree(small(), address)

    assert [1] * 5 == [
        len(children(root, name)) for name in ("id", "title", "updated", "subtitle", "generator")
    ]


def test_feed_has_an_author_with_a_name():
    """
    RFC 4287, section 4.1.1: an author of the feed, or of each entry.
    """
    (author,) = children(tree(small()), "author")

    assert ["Fjordkraft"] == [one.text for one in children(author, "name")]


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_entries_have_one_of_each(address):
    """
    RFC 4287, section 4.1.2: one id, title and updated, at most one published and content.
    """
    for entry in children(tree(small(), address), "entry"):
        for name in ("id", "title", "updated", "published", "content"):
            assert 1 == len(children(entry, name)), name


def test_ids_are_addresses_that_stay():
    """
    RFC 4287, section 4.2.6: an IRI, absolute, unique in the feed, the same for ever.
    """
    one, other = (tree(whole, address) for whole, address in moved())
    ids = [[it.text for it in root.iter(f"{ATOM}id")] for root in (one, other)]

    assert ids[0] == ids[1]
    assert 4 == len(set(ids[0]))
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", it) for it in ids[0])


def moved():
    """Return the same history under two addresses and two titles."""
    title = line(COMPANY, "title: ", "title: {en: Our vendors}")
    return (small(), ADDRESS), (small(title), "https://elsewhere.example/")


def test_feed_and_entries_have_different_ids():
    """
    The W3C's validator: two things with one id are one thing.
    """
    root = tree(small())
    mine = children(root, "id")[0].text

    assert mine not in [children(one, "id")[0].text for one in children(root, "entry")]


@pytest.mark.parametrize("name", ["updated", "published"])
def test_dates_are_of_rfc_3339(name):
    """
    RFC 4287, section 3.3: with capital T, and the distance from Greenwich.
    """
    dates = [one.text for one in tree(small()).iter(f"{ATOM}{name}")]

    assert 3 <= len(dates)
    assert [] == [one for one in dates if not INSTANT.fullmatch(one)]
    assert all(datetime.fromisoformat(one).tzinfo for one in dates)


def test_feed_is_as_new_as_its_newest_entry():
    """
    The W3C's validator: no entry is newer than the feed, and no two are of one instant.
    """
    root = tree(small())
    entries = [children(one, "updated")[0].text for one in children(root, "entry")]

    assert entries[0] == children(root, "updated")[0].text
    assert len(set(entries)) == len(entries)
    assert sorted(entries, key=datetime.fromisoformat, reverse=True) == entries


def test_feed_names_its_own_address():
    """
    RFC 4287, section 4.1.1, and the W3C's validator: a link to itself, and to the page.
    """
    links = {one.attrib["rel"]: one.attrib for one in children(tree(small(), ADDRESS), "link")}

    assert f"{ADDRESS}en/changes.atom" == links["self"]["href"]
    assert "application/atom+xml" == links["self"]["type"]
    assert f"{ADDRESS}en/changes.html" == links["alternate"]["href"]
    assert "text/html" == links["alternate"]["type"]
    assert "en" == links["alternate"]["hreflang"]


def test_feed_without_an_address_names_none():
    """
    A relative link would lead wherever the reader's program stands.
    """
    assert [] == list(tree(small()).iter(f"{ATOM}link"))


def test_links_are_whole_addresses():
    """
    The W3C's validator: a relative address has no base in a feed.
    """
    root = tree(small(), ADDRESS)
    links = [one.attrib["href"] for one in root.iter(f"{ATOM}link")]

    assert 2 + 3 == len(links)
    assert [] == [one for one in links if not one.startswith(ADDRESS)]
    assert b"href=&#34;" not in feed(small(), ADDRESS)


def test_content_is_html_in_letters():
    """
    RFC 4287, section 4.1.3.3: type html, escaped once, and no element inside.
    """
    for entry in children(tree(small()), "entry"):
        (content,) = children(entry, "content")
        assert "html" == content.attrib["type"]
        assert [] == list(content)
        assert content.text.startswith("<p>")


def test_content_runs_nothing():
    """
    The W3C's validator: no script, no style, no handler, nothing relative.
    """
    for whole in (small(), hostile()):
        for entry in children(tree(whole, ADDRESS), "entry"):
            text = children(entry, "content")[0].text
            assert {"p", "strong", "ul", "li"} >= set(re.findall(r"<(\w+)", text))


def test_titles_are_plain_text():
    """
    RFC 4287, section 3.1: without a type, text; never empty.
    """
    titles = list(tree(hostile()).iter(f"{ATOM}title"))

    assert [] == [one for one in titles if one.attrib or list(one) or not one.text.strip()]


def test_nothing_else_is_in_the_feed():
    """
    The W3C's validator: no element that a reader does not know.
    """
    known = {
        "feed",
        "id",
        "title",
        "subtitle",
        "updated",
        "author",
        "name",
        "generator",
        "link",
        "entry",
        "published",
        "content",
    }

    assert {f"{ATOM}{one}" for one in known} == {one.tag for one in tree(small(), ADDRESS).iter()}


def test_feed_of_a_history_without_a_known_day_is_empty():
    """
    A copy that lacks its older commits knows of no change; the feed is a feed all the same.
    """
    whole = edition((FIRST, register()))
    voice = Voice("en")
    found = parsed(atom.feed(whole, [], ADDRESS, voice))

    assert [] == found.entries


def test_same_edition_gives_the_same_bytes():
    """
    No clock, no chance.
    """
    assert feed(small(), ADDRESS) == feed(small(), ADDRESS)
