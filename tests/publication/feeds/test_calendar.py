from datetime import date

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.publication.feeds import calendar
from klarsyn.publication.feeds.calendar import escaped, events_of, folded
from klarsyn.publication.voice import Voice
from tests.publication.feeds.editions import (
    ADDRESS,
    FIRST,
    HOSTILE,
    MOVED,
    PROCESSOR,
    SECOND,
    THIRD,
    edition,
    hostile,
    small,
)
from tests.publication.sites import LANGUAGES, example
from tests.register.builders import COMPANY, VENDOR, add, line, register, swap

ENGLISH = Voice("en")


def feed(whole, address="", language="en"):
    """Return the bytes of a calendar."""
    return calendar.feed(whole, address, Voice(language))


def events(whole, address="", language="en"):
    """Return the events of a calendar as a calendar program reads them."""
    read = icalendar.Calendar.from_ical(feed(whole, address, language))
    assert [] == read.errors
    return [one for one in read.walk("VEVENT") if one.errors == []]


def review(day):
    """Review the vendor on another day."""
    return swap(VENDOR, "by: A. Jensen, next: 2027-05-01", f"by: A. Jensen, next: {day}")


def of_review(whole):
    """Return the event of the vendor's review."""
    (found,) = [one for one in events(whole) if one["SUMMARY"] == "Postdesk: review is due"]
    return found


# As a calendar program takes it


def test_calendar_program_finds_reviews_and_days_of_effect():
    """
    Day and what is due, in the order of days.
    """
    found = [(one.DTSTART.isoformat(), str(one["SUMMARY"])) for one in events(small())]

    assert [
        ("2026-03-23", "The change of 20 February 2026 may take effect"),
        ("2026-08-01", "The change of 1 July 2026 may take effect"),
    ] == [(day, text.replace("\xa0", " ")) for day, text in found[:2]]
    assert {"Postdesk", "Third", "Vault"} == {text.partition(":")[0] for _, text in found[2:]}
    assert sorted(day for day, _ in found) == [day for day, _ in found]


def test_calendar_says_what_it_is():
    """
    RFC 5545, section 3.6: version and maker, each once; and a name.
    """
    read = icalendar.Calendar.from_ical(feed(small()))

    assert "2.0" == read["VERSION"]
    assert str(read["PRODID"]).startswith("-//Klarsyn//")
    assert "Processors of Fjordkraft" == read["X-WR-CALNAME"]
    assert read.errors == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_calendar_of_each_language_is_read_without_a_complaint(language):
    """
    Both examples; as many events in each language.
    """
    for name in ("nordlys", "klarpris"):
        whole = edition((FIRST, example(name)))
        assert len(events(whole)) == len(events(whole, ADDRESS, language)) > 10


# RFC 5545, rule by rule


@pytest.mark.parametrize("name", ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"])
def test_event_has_one_of_each(name):
    """
    RFC 5545, section 3.6.1.
    """
    found = events(small(), ADDRESS)

    assert [] == [one for one in found if isinstance(one[name], list)]
    assert len(found) == len([one for one in found if name in one])


def test_event_is_a_whole_day_that_keeps_nobody_busy():
    """
    From the day to the one after it, which is not counted.
    """
    for one in events(small()):
        assert (date, date) == (type(one.DTSTART), type(one.DTEND))
        assert 1 == (one.DTEND - one.DTSTART).days
        assert "TRANSPARENT" == one["TRANSP"]


def test_last_day_of_all_calendars_is_a_day():
    """
    Who writes "for ever" as 9999-12-31 gets a calendar too.
    """
    found = of_review(edition((FIRST, register(review("9999-12-31")))))

    assert date(9999, 12, 31) == found.DTSTART


def test_uids_are_each_events_own():
    """
    RFC 5545, section 3.8.4.7: globally unique, also from language to language.
    """
    whole = edition((FIRST, example("klarpris")))
    uids = [str(one["UID"]) for language in LANGUAGES for one in events(whole, "", language)]

    assert len(set(uids)) == len(uids)


def test_two_proofs_of_one_day_are_two_events():
    """
    Two statements signed on the same day lapse on different ones.
    """
    proof = "{kind: signed-statement, what: {en: x}, on: 2026-01-01, until: %s}"
    both = f"    evidence: [{proof % '2027-01-01'}, {proof % '2027-02-02'}]\n    elements:\n"
    found = events(edition((FIRST, register(swap(VENDOR, "    elements:\n", both)))))
    lapses = [one for one in found if "evidence lapses" in one["SUMMARY"]]

    assert 2 == len(lapses) == len({str(one["UID"]) for one in lapses})


def test_uids_stay_when_days_words_and_addresses_change():
    """
    A calendar moves the event rather than making another.
    """
    other = [
        review("2028-08-08"),
        swap(VENDOR, "name: Postdesk\n", "name: Postdesk Nordic\n"),
        line(COMPANY, "title: ", "title: {en: Our vendors}"),
    ]
    one, two = (
        [str(it["UID"]) for it in events(edition((FIRST, register(*edits))), address)]
        for edits, address in (([], ""), (other, ADDRESS))
    )

    assert sorted(one) == sorted(two)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2027-05-01"], 0),
        (["2027-05-01", "2027-05-01"], 0),
        (["2027-05-01", "2027-06-01"], 1),
        (["2027-05-01", "2027-06-01", "2027-05-01"], 2),
        (["2027-05-01", "2027-06-01", "2027-06-01"], 1),
    ],
)
def test_sequence_counts_how_often_a_day_was_moved(days, expected):
    """
    RFC 5545, section 3.8.7.4; there and back is two moves.
    """
    versions = [register(review(day)) for day in days]
    steps = list(zip((FIRST, SECOND, THIRD), versions, strict=False))

    assert expected == of_review(edition(*steps))["SEQUENCE"]


def test_sequence_counts_each_event_by_itself():
    """
    A review that was moved moves nothing else.
    """
    whole = edition((FIRST, register()), (SECOND, register(review("2027-06-01"))))
    moved = {str(one["SUMMARY"]): one["SEQUENCE"] for one in events(whole)}

    assert {"Postdesk: review is due": 1} == {text: n for text, n in moved.items() if n}


def test_lines_end_as_the_standard_wants():
    """
    RFC 5545, section 3.1: with both signs, and no bare one.
    """
    content = feed(small(), ADDRESS)

    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert content.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_have_at_most_75_octets(language):
    """
    RFC 5545, section 3.1; each line by itself is UTF-8.
    """
    for name in ("nordlys", "klarpris"):
        lines = feed(edition((FIRST, example(name))), ADDRESS, language).split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert [one.decode() for one in lines]


def test_addresses_lead_to_pages():
    """
    To the vendor's page, or to the day on the page of changes; none without a known address.
    """
    urls = [str(one["URL"]) for one in events(small(), ADDRESS)]

    assert f"{ADDRESS}en/changes.html#day-2026-02-20" in urls
    assert f"{ADDRESS}en/vendors/postdesk.html" in urls
    assert len(events(small())) == len([one for one in events(small()) if "URL" not in one])


def test_companys_own_dates_lead_to_the_list():
    """
    A fact about the company that is to be known.
    """
    gap = line(COMPANY, "notice_period: ", "notice_period: {not_yet_known_until: 2027-01-31}")
    found = [
        one
        for one in events(edition((FIRST, register(gap))), ADDRESS)
        if one["SUMMARY"] == "Fjordkraft: facts are to be known"
    ]

    assert [f"{ADDRESS}en/index.html"] == [str(one["URL"]) for one in found]


def test_day_of_effect_tells_what_changed():
    """
    And until when customers may object.
    """
    newest = events(small())[1]
    text = str(newest["DESCRIPTION"]).replace("\xa0", " ")

    assert text.startswith("Postdesk: country. Customers may object until 31 July 2026.")


@pytest.mark.parametrize(
    "edits",
    [
        [
            PROCESSOR,
            line(COMPANY, "notice_period: ", "notice_period: {not_yet_known_until: 2027-01-31}"),
        ],
    ],
)
def test_day_that_is_not_known_is_no_event(edits):
    """
    Where no notice period is known, nobody knows when a change may take effect.
    """
    whole = edition((FIRST, register(*edits)), (SECOND, register(*edits, MOVED)))

    assert [] == [one for one in events(whole) if "take effect" in one["SUMMARY"]]


# Names


def test_signs_of_the_standard_in_names_are_letters():
    """
    A name with commas, semicolons and backslashes, on two lines.
    """
    odd = 'Post;desk, "A\\\\B"\\nBEGIN:VEVENT'
    named = swap(VENDOR, "name: Postdesk\n", f'name: "{odd.replace(chr(34), chr(92) + chr(34))}"\n')
    found = events(edition((FIRST, register(named))))
    expected = 'Post;desk, "A\\B" BEGIN:VEVENT: review is due'

    assert 4 == len(found)
    assert expected in [str(one["SUMMARY"]) for one in found]


def test_signs_of_markup_are_letters():
    """
    A calendar has no markup.
    """
    found = events(hostile())

    assert f"{HOSTILE}: review is due" in [str(one["SUMMARY"]) for one in found]


def test_nobody_who_reviews_is_named():
    """
    A calendar that anybody may subscribe to tells of vendors, not of our own people.
    """
    assessed = add(
        VENDOR,
        "transfers: [{to: US, mechanism: scc, source: own, assessment: "
        "{file: a.pdf, on: 2026-01-01, by: B. Sagfører, next: 2028-01-01}}]\n",
    )
    content = feed(edition((FIRST, register(assessed)))).decode()

    assert "transfer impact assessment is due again" in content
    assert "Jensen" not in content
    assert "Sagf" not in content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b;c", "a\\,b\\;c"),
        ("a\\b", "a\\\\b"),
        ("a\\,b", "a\\\\\\,b"),
        ("a\nb\r\nc\rd", "a b c d"),
        ("", ""),
    ],
)
def test_text_is_escaped(text, expected):
    """
    RFC 5545, section 3.3.11; a line of it is a part of the sentence.
    """
    assert expected == escaped(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_escaped_text_is_read_as_it_was(text):
    """
    By somebody else's program.
    """
    line = folded(f"SUMMARY;LANGUAGE=en:{escaped(text)}")
    read = icalendar.Event.from_ical(f"BEGIN:VEVENT\r\nUID:a\r\n{line}\r\nEND:VEVENT\r\n")

    assert text == str(read["SUMMARY"])


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")))
def test_line_is_folded_between_characters(line):
    """
    No line over 75 octets, no character cut in two, and the whole is there again unfolded.
    """
    made = folded(line)
    parts = made.split("\r\n")

    assert line == made.replace("\r\n ", "")
    assert [] == [one for one in parts if len(one.encode()) > 75]
    assert [] == [one for one in parts[1:] if not one.startswith(" ")]
    assert 1 == len(parts) or len(line.encode()) > 75


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x" * 75, ["x" * 75]),
        ("x" * 76, ["x" * 75, " x"]),
        ("x" * 150, ["x" * 75, " " + "x" * 74, " x"]),
        ("x" * 74 + "å", ["x" * 74, " å"]),
        ("x" * 73 + "å", ["x" * 73 + "å"]),
    ],
)
def test_line_is_folded_where_it_is_full(line, expected):
    """
    The space before the rest counts.
    """
    assert expected == folded(line).split("\r\n")


def test_events_of_an_edition_are_those_of_its_calendar():
    """
    None is lost on the way.
    """
    assert len(list(events_of(small(), ENGLISH))) == len(events(small()))
