import json
from datetime import date

import pytest

from klarsyn.publication.changereport import as_json, as_markdown, as_text, escaped
from klarsyn.publication.voice import Voice
from klarsyn.register.changes import KINDS, diff
from klarsyn.register.history import Entry
from tests.publication.sites import LANGUAGES
from tests.register.builders import COMPANY, GAP, VENDOR, add, line, register, swap
from tests.register.changes.pairs import NAMES, pair
from tests.register.repositories import ANOTHER_VENDOR

DAY = date(2026, 11, 23)
ENGLISH = Voice("en")
PROCESSOR = line(COMPANY, "acts_as: ", "acts_as: {value: [processor], source: own}")
MOVED = line(VENDOR, "storage: {value: [", "storage: {value: [US], source: own}")
LABEL = swap("elements.yaml", "{en: Name}", "{en: Full name}")
FIRST = Entry(date(2026, 1, 10), register(), None)
REPORTS = (as_text, as_markdown, as_json)


def entry(*edits, old=(), committed=True):
    """Return a day on which some edits were made."""
    difference = diff(register(*old), register(*old, *edits), DAY)
    return Entry(DAY, difference.new, difference, committed)


def test_text_tells_day_vendor_kind_and_sentence():
    """
    Line by line, with what is owed.
    """
    told = as_text([entry(MOVED, old=[PROCESSOR]), FIRST], ENGLISH, editorial=False)

    assert (
        "23 November 2026\n"
        "  Postdesk\n"
        "    [country] Country of storage: United States (before: Germany)\n"
        "  Customers may object until 23 December 2026. "
        "The change takes effect on 24 December 2026 at the earliest.\n"
        "\n"
        "10 January 2026\n"
        "  The list begins with 2 vendors. Postdesk and Vault.\n"
    ) == told.replace("\xa0", " ")


def test_markdown_tells_the_same():
    """
    As a change request shows it.
    """
    told = as_markdown([entry(MOVED, old=[PROCESSOR]), FIRST], ENGLISH, editorial=False)

    assert (
        "## 23 November 2026\n\n"
        "**Postdesk**\n\n"
        "- *country*: Country of storage: United States (before: Germany)\n\n"
        "Customers may object until 23 December 2026. "
        "The change takes effect on 24 December 2026 at the earliest.\n\n"
        "## 10 January 2026\n\n"
        "The list begins with 2 vendors. Postdesk and Vault.\n"
    ) == told.replace("\xa0", " ")


def test_json_is_whole():
    """
    Ids and values as they stand in the register, and the words.
    """
    told = json.loads(as_json([entry(MOVED, old=[PROCESSOR]), FIRST], ENGLISH, editorial=False))

    assert {
        "days": [
            {
                "day": "2026-11-23",
                "committed": True,
                "first": False,
                "changes": [
                    {
                        "kind": "country",
                        "vendor": "postdesk",
                        "name": "Postdesk",
                        "aspect": "storage-country",
                        "subject": None,
                        "before": ["DE"],
                        "after": ["US"],
                        "first_told": False,
                        "notice": "prior",
                        "last_day_to_object": "2026-12-23",
                        "effective": "2026-12-24",
                        "text": "Country of storage: United States (before: Germany)",
                    }
                ],
            },
            {"day": "2026-01-10", "committed": True, "first": True, "changes": []},
        ]
    } == told


@pytest.mark.parametrize("report", REPORTS)
def test_editorial_is_told_where_it_was_asked_for(report):
    """
    And left out where it was not.
    """
    both = [report([entry(MOVED, LABEL)], ENGLISH, editorial=asked) for asked in (True, False)]

    assert [True, False] == ["editorial" in one for one in both]
    assert [True, True] == ["United States" in one for one in both]


@pytest.mark.parametrize("report", [as_text, as_markdown])
def test_what_is_no_vendors_is_the_registers(report):
    """
    It has a heading too.
    """
    assert "Register" in report([entry(LABEL)], ENGLISH, editorial=True)


def test_what_is_not_committed_is_marked():
    """
    In the text and for programs.
    """
    draft = entry(MOVED, committed=False)

    assert "  Not committed yet.\n" in as_text([draft], ENGLISH, editorial=False)
    assert not json.loads(as_json([draft], ENGLISH, editorial=False))["days"][0]["committed"]


@pytest.mark.parametrize("report", [as_text, as_markdown])
def test_fact_that_is_only_now_known_is_marked(report):
    """
    No notice runs for it.
    """
    unknown = line(VENDOR, "storage: {value: [", f"storage: {GAP}")
    whole = [Entry(DAY, register(), diff(register(unknown), register(), DAY))]

    assert "country, now known" in report(whole, ENGLISH, editorial=False)


def test_json_of_every_pair_is_complete():
    """
    A row for each change, each with the same keys; nothing that JSON cannot say.
    """
    keys, kinds = set(), set()
    for name in NAMES:
        two = pair(name)
        difference = diff(two.old, two.new, two.announced)
        told = as_json([Entry(two.announced, two.new, difference)], ENGLISH, editorial=True)
        rows = json.loads(told)["days"][0]["changes"]
        assert len(difference.changes) == len(rows)
        keys |= {tuple(row) for row in rows}
        kinds |= {row["kind"] for row in rows}

    assert 1 == len(keys)
    assert set(KINDS) == kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_every_pair_are_told_in_each_language(language):
    """
    Nothing that can change is without words.
    """
    voice = Voice(language)
    for name in NAMES:
        two = pair(name)
        whole = [Entry(two.announced, two.new, diff(two.old, two.new, two.announced))]
        assert all(report(whole, voice, editorial=True) for report in REPORTS)


# Names that mean something in Markdown


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A*B*", r"A\*B\*"),
        ("[x](https://x.example)", r"\[x\](https://x.example)"),
        ("<b>bold</b>", r"\<b\>bold\</b\>"),
        ("a_b_c", r"a\_b\_c"),
        ("`code`", r"\`code\`"),
        ("#1", r"\#1"),
        ("a|b", r"a\|b"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("\\", "\\\\"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("![x](y)", r"!\[x\](y)"),
        ("a\n# b", r"a \# b"),
        ("a\n\n- b\n", "a - b"),
    ],
)
def test_name_is_shown_letter_for_letter(name, expected):
    """
    No sign of it makes a link, a heading, another paragraph or HTML.
    """
    assert expected == escaped(name)


HOSTILE = "A*b* [x](y) <script>`#1`"


def test_hostile_name_is_escaped_wherever_it_stands():
    """
    As a vendor's name and in the summary of the first day.
    """
    named = ANOTHER_VENDOR(dict.fromkeys(["vendors/postdesk.yaml"], ""))
    hostile = {
        file: text.replace("name: Third\n", f'name: "{HOSTILE}"\n') for file, text in named.items()
    }
    third = add("vendors/third.yaml", hostile["vendors/third.yaml"])
    told = as_markdown([entry(third), Entry(DAY, register(third), None)], ENGLISH, editorial=False)

    assert 2 == told.count(escaped(HOSTILE))
    assert HOSTILE not in told


@pytest.mark.parametrize("report", [as_text, as_markdown])
def test_name_on_two_lines_is_told_on_one(report):
    """
    No name begins a line of its own.
    """
    third = ANOTHER_VENDOR(dict.fromkeys(["vendors/postdesk.yaml"], ""))["vendors/third.yaml"]
    two = add("vendors/third.yaml", third.replace("name: Third\n", 'name: "Third\\n# Owned"\n'))
    lines = report([entry(two), Entry(DAY, register(two), None)], ENGLISH, editorial=False)

    assert [] == [
        one for one in lines.splitlines() if one.strip().startswith(("# Owned", r"\# Ow"))
    ]
    assert "Third" in lines
