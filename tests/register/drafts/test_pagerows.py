from datetime import date

import pytest

from klarsyn.language import LANGUAGES, long_date
from klarsyn.register.drafts.pagerows import (
    PrintedElement,
    date_in,
    dated_line,
    element_from,
    field_of,
    is_statement,
    listed,
    vendor_from_heading,
)

DAY = date(2022, 1, 25)


@pytest.mark.parametrize(
    "text",
    [
        "Senast uppdaterad: 25.01.2022.",
        "25/01/2022",
        "01/25/2022",
        "Updated 2022-01-25",
        "25 January 2022",
        "January 25, 2022",
        "25th of January 2022",
        "25 Jan 2022",
        *(long_date(DAY, language) for language in LANGUAGES),
    ],
)
def test_date_is_told_however_it_is_written(text):
    """
    ISO, dots, slashes, and names of months in six languages.
    """
    assert DAY == date_in(text)


@pytest.mark.parametrize("text", ["31.02.2022", "January 2022", "99/99/9999", "1.2.3", ""])
def test_what_is_no_date_is_none(text):
    """
    No day is made up.
    """
    assert date_in(text) is None


def test_every_month_of_every_language_is_known():
    """
    Finnish marraskuu is not March.
    """
    for language in LANGUAGES:
        for month in range(1, 13):
            day = date(2024, month, 9)
            assert day == date_in(long_date(day, language))


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("Last updated: 3 March 2026", True),
        ("Stand: 25.01.2022", True),
        ("2026-01-31", True),
        ("We have used Slack since the first office opened on 3 March 2026", False),
        ("Updated often", False),
    ],
)
def test_line_with_the_date_of_the_page_is_told_from_others(text, dated):
    """
    A date alone, or one with a word for updating.
    """
    assert dated == dated_line(text)


@pytest.mark.parametrize(
    ("text", "name", "purpose", "columns"),
    [
        ("E-CONOMIC (FAKTURERING)", "E-CONOMIC", "FAKTURERING", []),
        ("Foo AS: newsletters (Norway)", "Foo AS", "newsletters", ["location"]),
        ("Foo – hosting (Foo Cloud Ltd)", "Foo", "hosting", ["entity"]),
        ("Foo: mail (only if asked for)", "Foo", "mail", ["other"]),
        ("Foo (Foo Holding GmbH)", "Foo", None, ["entity"]),
        ("Foo", "Foo", None, []),
        ("Foo:", "Foo", None, []),
    ],
)
def test_heading_is_read_as_name_and_purpose(text, name, purpose, columns):
    """
    What stands in brackets is a country, a firm or the purpose.
    """
    vendor = vendor_from_heading(text, 1)

    assert (name, purpose, columns) == (
        vendor.name,
        vendor.purpose,
        [column.about for column in vendor.columns],
    )
    assert text == vendor.heading


def test_paragraph_is_not_taken_for_a_name():
    """
    A name is cut short, the heading is kept whole.
    """
    vendor = vendor_from_heading("word " * 200, 1)

    assert len(vendor.name) <= 21
    assert "word " * 200 == vendor.heading


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("Status (on or off)", PrintedElement("Status", "(on or off)")),
        ("Status: on or off", PrintedElement("Status", "on or off")),
        ("Cookies (first party", PrintedElement("Cookies", "(first party")),
        ("Kakor (cookies)", PrintedElement("Kakor (cookies)")),
        ("(odd)", PrintedElement("(odd)")),
    ],
)
def test_element_is_label_and_explanation(text, element):
    """
    Brackets are kept, balanced or not.
    """
    assert element == element_from(text)


@pytest.mark.parametrize(
    ("parts", "items"),
    [
        (["Name, e-mail and phone"], ["Name", "e-mail", "phone"]),
        (["Name", "sizes (EU, US); IP address."], ["Name", "sizes (EU, US)", "IP address"]),
        (["name, and password"], ["name", "password"]),
        (["fish and chips"], ["fish and chips"]),
        (
            ["There may occur names, if staff write them."],
            ["There may occur names, if staff write them."],
        ),
        (["x," * 1500], ["x"] * 1000 + ["x," * 500]),
    ],
)
def test_list_in_a_cell_is_taken_apart(parts, items):
    """
    At commas outside of brackets, and at "and" between two known words; sentences stay whole.
    """
    assert items == list(listed(parts))


def test_sentence_is_told_from_a_label():
    """
    A statement ends with a full stop or is long.
    """
    assert is_statement("Det sparas ingen persondata på denna plattformen.")
    assert is_statement("one two three four five six seven eight nine ten")
    assert not is_statement("Källa (Vilken samarbetspartner använder kunden t ex Orderstyrning.).")


def test_field_is_known_by_its_heading():
    """
    "Purpose: mail" is a field, "Status: on" is not.
    """
    assert ("Formål", "purpose", "Fakturering") == field_of("Formål: Fakturering")
    assert field_of("Status: on") is None
