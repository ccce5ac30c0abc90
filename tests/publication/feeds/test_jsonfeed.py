import json
import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from klarsyn.publication.feeds import atom, jsonfeed
from klarsyn.publication.feeds.items import items
from klarsyn.publication.voice import Voice
from tests.publication.feeds.editions import ADDRESS, FIRST, HOSTILE, edition, hostile, small
from tests.publication.feeds.test_atom import tree
from tests.publication.sites import LANGUAGES, example, read, spoken

SCHEMAS = os.environ.get("KLARSYN_STANDARDS")


def content(whole, address="", language="en"):
    """Return the bytes of a feed."""
    voice = Voice(language)
    return jsonfeed.feed(whole, items(whole, address, voice), address, voice)


def feed(whole, address="", language="en"):
    """Return a feed as a program reads it."""
    return json.loads(content(whole, address, language))


# https://www.jsonfeed.org/version/1.1/: what MUST be


def test_feed_has_version_title_and_items():
    """
    The three that are required of every feed.
    """
    found = feed(small())

    assert "https://jsonfeed.org/version/1.1" == found["version"]
    assert "Processors of Fjordkraft" == found["title"]
    assert 3 == len(found["items"])


def test_addresses_of_the_feed_are_its_own():
    """
    feed_url serves as a unique identifier; without a known address there is none.
    """
    found = feed(small(), ADDRESS)

    assert f"{ADDRESS}en/changes.json" == found["feed_url"]
    assert f"{ADDRESS}en/changes.html" == found["home_page_url"]
    assert not {"feed_url", "home_page_url"} & set(feed(small()))


def test_authors_are_objects_with_a_name():
    """
    At least one of name, url and avatar; `author` of version 1 is deprecated.
    """
    found = feed(small())

    assert [{"name": "Fjordkraft"}] == found["authors"]
    assert "author" not in found


def test_ids_are_texts_that_are_unique():
    """
    Id is required, a string, and never used for another item.
    """
    ids = [one["id"] for one in feed(small())["items"]]

    assert [str] * 3 == [type(one) for one in ids]
    assert 3 == len(set(ids))


def test_item_has_content():
    """
    One of content_html and content_text must be there.
    """
    for one in feed(small())["items"]:
        assert one["content_html"].startswith("<p>")
        assert read(one["content_html"]).root.text


def test_dates_are_of_rfc_3339():
    """
    As 2010-02-07T14:04:00-05:00.
    """
    for one in feed(small())["items"]:
        published = one["date_published"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", published)
        assert datetime.fromisoformat(published).tzinfo


def test_addresses_of_items_are_whole_or_left_out():
    """
    Url must be absolute.
    """
    assert [True] * 3 == [one["url"].startswith(ADDRESS) for one in feed(small(), ADDRESS)["items"]]
    assert [False] * 3 == ["url" in one for one in feed(small())["items"]]


def test_own_keys_are_objects_that_begin_with_an_underscore():
    """
    An extension's name starts with _ and a letter, and has no dot; its value is an object.
    """
    known = {"id", "url", "title", "content_html", "date_published", "language"}

    for one in feed(small(), ADDRESS)["items"]:
        assert {"_klarsyn"} == set(one) - known
        assert isinstance(one["_klarsyn"], dict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_is_told(language):
    """
    As RFC 5646 writes it, of the feed and of each item.
    """
    found = feed(edition((FIRST, spoken(example("klarpris"), language))), ADDRESS, language)

    assert [language] * 2 == [found["language"], found["items"][0]["language"]]


def test_feed_is_utf_8_without_a_mark():
    """
    Letters stand as letters.
    """
    text = content(edition((FIRST, spoken(example("klarpris"), "sv"))), "", "sv")

    assert text.startswith(b"{")
    assert text.endswith(b"}\n")
    assert "å" in text.decode()
    assert b"\\u00" not in text


# What it says


def test_changes_are_told_for_programs():
    """
    Kinds and ids as in the register, and from when each may take effect.
    """
    assert {
        "effective": "2026-08-01",
        "changes": [
            {
                "kind": "country",
                "vendor": "postdesk",
                "name": "Postdesk",
                "text": "Country of storage: United States (before: Germany)",
                "notice": "prior",
                "effective": "2026-08-01",
            }
        ],
    } == feed(small())["items"][0]["_klarsyn"]


def test_both_feeds_carry_the_same_items():
    """
    A reader may take either.
    """
    entries = tree(small(), ADDRESS).findall(f"{atom_name('entry')}")
    mine = [
        (one["id"], one["title"], one["content_html"]) for one in feed(small(), ADDRESS)["items"]
    ]

    assert mine == [
        tuple(one.find(atom_name(name)).text for name in ("id", "title", "content"))
        for one in entries
    ]
    assert "changes.atom" == atom.PATH


def atom_name(name):
    """Return a name in Atom's namespace."""
    return f"{{http://www.w3.org/2005/Atom}}{name}"


def test_signs_of_markup_in_names_stay_letters():
    """
    As text in titles, as HTML in contents.
    """
    found = feed(hostile())

    assert HOSTILE == found["title"]
    assert HOSTILE in found["items"][0]["title"]
    assert "<b>" not in found["items"][0]["content_html"]


# The schema


@pytest.fixture(scope="module")
def schema():
    """The schema of JSON Feed 1.1, with the one of version 1 that it names."""
    if not SCHEMAS:
        pytest.skip("KLARSYN_STANDARDS names no folder with the schema of JSON Feed")
    folder = Path(SCHEMAS) / "json-feed-1.1" / "schemastore"
    first, second = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("feed-1", "feed")
    )
    registry = Registry().with_resource("feed-1", Resource.from_contents(first, DRAFT4))
    return Draft4Validator(second, registry=registry)


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_feed_follows_the_published_schema(schema, address):
    """
    Nothing lacks, and nothing is there that a feed does not have.
    """
    for whole in (small(), hostile(), edition((FIRST, example("nordlys")))):
        assert [] == [one.message for one in schema.iter_errors(feed(whole, address))]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.pop("title"),
        lambda found: found.update(version=1),
        lambda found: found.update(unknown=1),
        lambda found: found["items"][0].pop("id"),
        lambda found: found["items"][0].pop("content_html"),
        lambda found: found["items"][0].update(_klarsyn="x"),
    ],
)
def test_schema_refuses_another_feed(schema, spoil):
    """
    It is not so wide that anything fits.
    """
    found = feed(small(), ADDRESS)
    spoil(found)

    assert not schema.is_valid(found)
