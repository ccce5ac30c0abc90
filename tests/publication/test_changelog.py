from datetime import date

import pytest

from klarsyn.publication.changelog import ChangeView, by_vendor, change_view, day_view
from klarsyn.publication.voice import Voice
from klarsyn.register.changes import diff
from klarsyn.register.changes.notice import Notice
from klarsyn.register.history import Entry
from tests.publication.sites import LANGUAGES, example
from tests.register.builders import (
    COMPANY,
    GAP,
    HOST,
    VENDOR,
    add,
    edited,
    line,
    register,
    swap,
    without,
)
from tests.register.repositories import ANOTHER_ELEMENT, ANOTHER_VENDOR

DAY = date(2026, 11, 23)
ENGLISH = Voice("en")
PROCESSOR = line(COMPANY, "acts_as: ", "acts_as: {value: [processor], source: own}")
MOVED = line(VENDOR, "storage: {value: [", "storage: {value: [US], source: own}")
UNKNOWN = line(VENDOR, "storage: {value: [", f"storage: {GAP}")
LABEL = swap("elements.yaml", "{en: Name}", "{en: Full name}")
NO_PERIOD = line(COMPANY, "notice_period: ", f"notice_period: {GAP}")
CUSTOMERS = "format: 1\ncustomers:\n"


def day(*edits, old=(), voice=ENGLISH):
    """Return the view of a day on which some edits were made."""
    difference = diff(register(*old), register(*old, *edits), DAY)
    return day_view(Entry(DAY, difference.new, difference), voice)


# Summaries


def test_first_day_names_who_was_there():
    """
    The first version has no change; it has a list.
    """
    view = day_view(Entry(DAY, register(), None), ENGLISH)

    assert view.is_first
    assert "The list begins with 2 vendors. Postdesk and Vault." == view.summary
    assert ((), (), "", None) == (view.changes, view.known, view.notice, view.effective)


def test_list_of_one_vendor_begins_with_one():
    """
    One is told as one.
    """
    view = day_view(Entry(DAY, register(without(HOST)), None), ENGLISH)

    assert "The list begins with 1 vendor. Postdesk." == view.summary


def test_summary_names_each_vendor_with_its_kinds_once():
    """
    However many changes of a kind there are.
    """
    access = line(VENDOR, "access: {value: [", "access: {value: [US], source: own}")
    view = day(MOVED, access, ANOTHER_ELEMENT, ANOTHER_VENDOR)

    assert "Third: added; Postdesk: data and country." == view.summary


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "Facts about 1 vendor became known."), (2, "Facts about 2 vendors became known.")],
)
def test_day_on_which_facts_became_known_says_so(count, expected):
    """
    That is all that happened.
    """
    gaps = [UNKNOWN, line(HOST, "storage: {value: [", f"storage: {GAP}")][:count]
    known = [lambda files, name=name: {**files, name: edited()[name]} for name in (VENDOR, HOST)]
    view = day(*known[:count], old=gaps)

    assert expected == view.summary
    assert () == view.changes
    assert [
        ("Postdesk", "Country of storage: Germany"),
        ("Vault", "Country of storage: Germany"),
    ][:count] == [(one.name, one.text) for one in view.known]
    assert ("", None) == (view.notice, view.effective)


def test_what_became_known_stands_apart_from_what_changed():
    """
    A reader who may object sees only what one may object to.
    """
    view = day(lambda files: {**files, VENDOR: edited(ANOTHER_ELEMENT)[VENDOR]}, old=[UNKNOWN])

    assert ["data"] == [one.kind for one in view.changes]
    assert ["Country of storage: Germany"] == [one.text for one in view.known]
    assert "Postdesk: data." == view.summary


def test_past_vendor_that_is_told_late_is_a_change():
    """
    It has a row of its own; nobody has to be told beforehand.
    """
    past = add(
        "vendors/past.yaml",
        edited()[VENDOR].replace("Postdesk", "Past").replace("{value: active", "{value: ended"),
    )
    view = day(past, old=[PROCESSOR])

    assert [("added", True, "none")] == [
        (one.kind, one.first_told, one.notice.owed) for one in view.changes
    ]
    assert ("", None) == (view.notice, view.effective)


def test_editorial_is_left_out():
    """
    A page tells what a customer has to know.
    """
    assert ["country"] == [one.kind for one in day(MOVED, LABEL).changes]


# What is owed


def test_customers_are_told_until_when_they_may_object():
    """
    Art. 28(2), R97.
    """
    view = day(MOVED, old=[PROCESSOR])

    assert (
        "Customers may object until 23 December 2026. "
        "The change takes effect on 24 December 2026 at the earliest."
    ) == view.notice
    assert date(2026, 12, 24) == view.effective


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "For 1 customer it needs a specific prior authorisation."),
        (2, "For 2 customers it needs a specific prior authorisation."),
    ],
)
def test_customers_who_have_to_agree_are_counted(count, expected):
    """
    R54: silence of theirs is a refusal.
    """
    rows = "".join(f"  c{number}: {{authorisation: specific}}\n" for number in range(count))
    view = day(MOVED, old=[PROCESSOR, add("customers.yaml", CUSTOMERS + rows)])

    assert view.notice.endswith(f"earliest. {expected}")


def test_unknown_period_is_said_to_be_unknown():
    """
    And no day is told.
    """
    view = day(MOVED, old=[PROCESSOR, NO_PERIOD])

    assert (
        "Customers are told beforehand and may object. The notice period is not yet known."
        == view.notice
    )
    assert view.effective is None


def test_day_is_not_told_while_one_of_several_is_unknown():
    """
    A change that may take effect tomorrow says nothing of one whose notice period is not known.
    """
    own = line(HOST, "role: ", "role: {value: controller, source: own}")
    there = line(HOST, "storage: {value: [", "storage: {value: [US], source: own}")
    view = day(MOVED, there, old=[PROCESSOR, NO_PERIOD, own])

    assert ["prior", "information"] == [one.notice.owed for one in view.changes]
    assert view.effective is None


def test_latest_day_of_several_counts():
    """
    When all that changed on a day may take effect.
    """
    own = line(HOST, "role: ", "role: {value: controller, source: own}")
    there = line(HOST, "storage: {value: [", "storage: {value: [US], source: own}")
    view = day(MOVED, there, old=[PROCESSOR, own])

    assert date(2026, 12, 24) == view.effective


def test_controller_owes_no_objection():
    """
    Information before the processing: the day after.
    """
    view = day(MOVED)

    assert ("", date(2026, 11, 24)) == (view.notice, view.effective)


# Changes


def test_change_leads_to_the_vendors_page_while_there_is_one():
    """
    Who went has none.
    """
    gone = day(without(HOST)).changes[0]

    assert ("", "Vault", "removed") == (gone.vendor, gone.name, gone.kind)
    assert "postdesk" == day(MOVED).changes[0].vendor


def test_tag_says_what_is_only_now_known():
    """
    Beside the kind.
    """
    difference = diff(register(UNKNOWN), register(), DAY)
    view = change_view(difference.changes[0], difference, DAY, ENGLISH)

    assert "country, now known" == view.tag(ENGLISH)
    assert "country" == day(MOVED).changes[0].tag(ENGLISH)


def test_changes_stand_under_their_vendors():
    """
    In the order of names; what is no vendor's comes last.
    """
    none = Notice("none", None, DAY)
    views = [
        ChangeView("data", "data", "x", name, "t", none, first_told=False)
        for name in ("", "øst", "Ask", "ask", "Ask")
    ]

    assert [("Ask", 2), ("ask", 1), ("øst", 1), ("", 1)] == [
        (name, len(inside)) for name, inside in by_vendor(views)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_day_is_told_in_each_language(language):
    """
    The same changes, in other words.
    """
    whole = example("nordlys")
    entry = Entry(DAY, whole, None)
    english, other = (day_view(entry, Voice(one)) for one in ("en", language))

    assert (english.summary == other.summary) == (language == "en")
    assert "Snakkebord" in other.summary
