import uuid
from datetime import date

import pytest

from klarsyn.publication.feeds.items import MOST, items, midnight, urn
from klarsyn.publication.voice import Voice
from tests.publication.feeds.editions import (
    ADDRESS,
    FIRST,
    HOSTILE,
    SECOND,
    THIRD,
    edition,
    hostile,
    small,
)
from tests.publication.sites import LANGUAGES, example, read
from tests.register.builders import COMPANY, VENDOR, line, register, swap
from tests.register.repositories import ANOTHER_ELEMENT

ENGLISH = Voice("en")


def test_each_day_of_substance_is_an_item():
    """
    Newest first; a day of wording is none.
    """
    label = swap("elements.yaml", "{en: Name}", "{en: Full name}")
    whole = edition(
        (FIRST, register()), (SECOND, register(label)), (THIRD, register(ANOTHER_ELEMENT))
    )

    assert [THIRD, FIRST] == [one.day.day for one in items(whole, "", ENGLISH)]


def test_title_tells_day_and_summary():
    """
    What a reader's list shows.
    """
    newest = items(small(), "", ENGLISH)[0]

    assert "1 July 2026: Postdesk: country." == newest.title.replace("\xa0", " ")


def test_content_tells_every_change():
    """
    Under its vendor, with its kind; and what customers may do.
    """
    page = read(items(small(), "", ENGLISH)[0].html).root

    assert ["Postdesk"] == [one.text for one in page.every("strong")]
    assert ["country: Country of storage: United States (before: Germany)"] == [
        one.text for one in page.every("li")
    ]
    assert "Customers may object until 31 July 2026." in page.every("p")[-1].text


def test_content_of_the_first_day_is_the_list():
    """
    Who was there when it began.
    """
    oldest = items(small(), "", ENGLISH)[-1]

    assert "<p>The list begins with 2 vendors. Postdesk and Vault.</p>" == oldest.html


def test_content_is_html_whatever_the_names():
    """
    Signs of markup in a name are letters.
    """
    newest = items(hostile(), "", ENGLISH)[0]

    assert [HOSTILE] == [one.text for one in read(newest.html).root.every("strong")]
    assert HOSTILE in newest.title


def test_ids_differ_and_stay():
    """
    One for each company, language and day; words, names, addresses and vendors do not count.
    """
    plain = items(small(), "", ENGLISH)
    others = small(
        line(COMPANY, "title: ", "title: {en: Our vendors}"),
        line(COMPANY, "name: Fjordkraft", "name: Fjordkraft Group"),
        swap(VENDOR, "name: Postdesk\n", "name: Postdesk Nordic\n"),
    )
    ids = [one.id for one in plain]

    assert len(set(ids)) == len(ids) == 3
    assert ids == [one.id for one in items(others, ADDRESS, ENGLISH)]
    assert all(uuid.UUID(one).version == 5 for one in ids)


def test_feeds_of_two_languages_have_other_ids():
    """
    What is read in two languages is two things.
    """
    whole = edition((FIRST, example("nordlys")))
    ids = {items(whole, "", Voice(one))[0].id for one in LANGUAGES}

    assert len(LANGUAGES) == len(ids)


def test_feeds_of_two_companies_have_other_ids():
    """
    A reader may follow both.
    """
    other = small(line(COMPANY, "id: ", "id: havkraft"))
    mine = {one.id for one in items(small(), "", ENGLISH)}

    assert set() == mine & {one.id for one in items(other, "", ENGLISH)}


def test_id_is_a_known_one():
    """
    Feed readers keep ids for years: this one never changes.
    """
    expected = "urn:uuid:5893af6d-268e-58e0-b6fe-e85d968e17b8"

    assert expected == urn(register(), "en", "2026-01-10")


def test_address_leads_to_the_day():
    """
    On the page of changes, where the site's address is known.
    """
    newest = items(small(), ADDRESS, ENGLISH)[0]

    assert f"{ADDRESS}en/changes.html#day-2026-07-01" == newest.url
    assert "" == items(small(), "", ENGLISH)[0].url


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Copenhagen", date(2026, 1, 10), "2026-01-10T00:00:00+01:00"),
        ("Europe/Copenhagen", date(2026, 7, 1), "2026-07-01T00:00:00+02:00"),
        ("Europe/Helsinki", date(2026, 7, 1), "2026-07-01T00:00:00+03:00"),
        ("UTC", date(2026, 7, 1), "2026-07-01T00:00:00+00:00"),
        ("America/St_Johns", date(2026, 1, 10), "2026-01-10T00:00:00-03:30"),
    ],
)
def test_day_begins_where_the_company_is(zone, day, expected):
    """
    With the hour's distance from Greenwich on that day.
    """
    assert expected == midnight(register(line(COMPANY, "timezone: ", f"timezone: {zone}")), day)


def test_feed_carries_the_newest_days():
    """
    Older ones stand on the page.
    """
    registers = [register(), register(ANOTHER_ELEMENT)]
    days = [(date.fromordinal(FIRST.toordinal() + n), registers[n % 2]) for n in range(MOST + 5)]
    found = items(edition(*days), "", ENGLISH)

    assert MOST == len(found)
    assert days[-1][0] == found[0].day.day
