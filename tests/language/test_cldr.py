from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.language import (
    COUNTRIES,
    LANGUAGES,
    UnknownName,
    autonym,
    cldr,
    country_name,
    decimal,
    integer,
    joined,
    language_name,
    long_date,
    month_year,
    percent,
    quoted,
)

DAY = date(2022, 1, 25)
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("sv", "25 januari 2022"),
        ("da", "25. januar 2022"),
        ("nb", "25. januar 2022"),
        ("en", "25 January 2022"),
        ("de", "25. Januar 2022"),
        ("fi", "25. tammikuuta 2022"),
    ],
)
def test_a_date_is_written_as_in_each_language(language, written):
    """
    The day that KlarPris printed as 25.01.2022, in words.
    """
    assert written == long_date(DAY, language)


@pytest.mark.parametrize(
    ("language", "written"),
    [("sv", "december 2021"), ("de", "Dezember 2021"), ("fi", "joulukuu 2021")],
)
def test_a_month_without_a_day_stands_in_its_basic_form(language, written):
    """
    Finnish says "25. joulukuuta" but "joulukuu": the partitive belongs to the day.
    """
    assert written == month_year(date(2021, 12, 1), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_month_is_mistaken_for_a_pattern(language):
    """
    A month's letters d and y ("May", "måndag") are not fields of the date.
    """
    for month in range(1, 13):
        written = long_date(date(2023, month, 4), language)

        assert written.endswith(" 2023")
        assert written.startswith("4")
        assert 1 == written.count("2023")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_name_in_every_language(language):
    """
    No page shows a code where a reader expects a country.
    """
    for code in COUNTRIES:
        assert code != country_name(code, language).strip()


def test_the_countries_are_those_of_iso_3166_1():
    """
    249 codes are assigned; Kosovo's, the Union's and the United Nations' are not among them.
    """
    assert 249 == len(COUNTRIES)
    assert set() == COUNTRIES & {"XK", "EU", "UN", "EZ", "ZZ", "UK"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_codes_are_those_of_the_file(language):
    """
    The set in the code and the names in the file are the same countries.
    """
    named = msgspec.json.decode(cldr._DATA.read_bytes())["languages"][language]["countries"]

    assert COUNTRIES == set(named)


def test_the_file_says_where_it_comes_from():
    """
    Who reads the data can make it again: it names Babel's version.
    """
    assert "Babel 2." in msgspec.json.decode(cldr._DATA.read_bytes())["source"]


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("GB", "sv", "Storbritannien"),
        ("IE", "da", "Irland"),
        ("US", "nb", "USA"),
        ("CZ", "en", "Czechia"),
        ("AT", "de", "Österreich"),
        ("EE", "fi", "Viro"),
    ],
)
def test_a_country_has_its_usual_name(code, language, name):
    """
    Names are CLDR's, in the page's language.
    """
    assert name == country_name(code, language)


@pytest.mark.parametrize("code", ["EU", "XK", "se", "SWE", ""])
def test_what_is_no_country_has_no_name(code):
    """
    A wrong code is refused, not shown.
    """
    with pytest.raises(UnknownName, match="countries"):
        country_name(code, "sv")


def test_an_unknown_language_is_refused_with_the_known_ones():
    """
    The message names the six.
    """
    with pytest.raises(UnknownName, match="da, de, en, fi, nb, sv"):
        autonym("is")


def test_a_language_switch_shows_each_language_in_its_own_words():
    """
    The six names for themselves, and their names in another's language.
    """
    own = [autonym(language) for language in LANGUAGES]

    assert ["svenska", "dansk", "norsk bokmål", "English", "Deutsch", "suomi"] == own
    assert "Schwedisch" == language_name("sv", "de")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("sv", "a, b och c"),
        ("da", "a, b og c"),
        ("nb", "a, b og c"),
        ("en", "a, b and c"),
        ("de", "a, b und c"),
        ("fi", "a, b ja c"),
    ],
)
def test_a_list_ends_with_the_languages_and(language, sentence):
    """
    No comma stands before the last word, in English neither.
    """
    assert sentence == joined(["a", "b", "c"], language)


def test_short_lists_need_no_comma():
    """
    Nothing, one and two.
    """
    assert ["", "a", "a och b"] == [joined(items, "sv") for items in ([], ["a"], ["a", "b"])]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=6), st.sampled_from(LANGUAGES))
def test_every_item_of_a_list_is_said_as_it_is(items, language):
    """
    Braces in an item are not read as a pattern.
    """
    written = joined(items, language)

    assert all(item in written for item in items)
    assert written.startswith(items[0])
    assert written.endswith(items[-1])


@pytest.mark.parametrize(
    ("language", "written"),
    [("sv", "”a”"), ("da", "“a”"), ("nb", "«a»"), ("en", "“a”"), ("de", "„a“"), ("fi", "”a”")],
)
def test_quotation_marks_are_the_languages_own(language, written):
    """
    As CLDR 48 has them.
    """
    assert written == quoted("a", language)


@pytest.mark.parametrize(
    ("n", "language", "written"),
    [
        (2022, "sv", "2022"),
        (12345, "sv", f"12{NBSP}345"),
        (1234567, "da", "1.234.567"),
        (-12345, "nb", f"−12{NBSP}345"),
        (12345, "en", "12,345"),
        (-3, "de", "-3"),
        (0, "fi", "0"),
    ],
)
def test_digits_are_grouped_from_five_on(n, language, written):
    """
    Four digits stay together, so that no year is cut; the space does not break.
    """
    assert written == integer(n, language)


@pytest.mark.parametrize(
    ("number", "language", "written"),
    [(0.5, "sv", "0,5"), (-0.04, "da", "0,0"), (12345.67, "en", "12,345.7"), (-1.25, "fi", "−1,2")],
)
def test_a_decimal_number_has_the_languages_sign(number, language, written):
    """
    Rounded to one place; what rounds to nothing is not negative.
    """
    assert written == decimal(number, language)


@pytest.mark.parametrize(("language", "written"), [("sv", f"25{NBSP}%"), ("en", "25%")])
def test_per_cent_is_spaced_as_the_language_does(language, written):
    """
    English alone writes the sign without a space.
    """
    assert written == percent(0.25, language)


def test_whole_numbers_can_do_without_a_sign():
    """
    No place, no sign.
    """
    assert "3" == decimal(3.0, "sv", places=0)
