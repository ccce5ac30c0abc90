import pytest

from klarsyn.publication.papers.document import (
    BLANK,
    Bullets,
    Field,
    Fields,
    Heading,
    Line,
    Paragraph,
    Table,
    clean,
    line,
    lines_of,
    shown,
    together,
)
from klarsyn.publication.voice import Shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\tc", "a b c"),
        ("  two  spaces ", "two spaces"),
        ("\u202eevil\u202c", "evil"),
        ("\u2066isolated\u2069", "isolated"),
        ("null\x00byte\x1b[31m", "null byte [31m"),
        ("שלום", "שלום"),
        ("co\u00adop\u2028next", "co\u00adop next"),
    ],
)
def test_line_is_one_line_and_turns_nothing_around(text, expected):
    """
    Control characters become a space and marks of direction go; letters stay.
    """
    assert expected == clean(text)
    assert expected == line(text).text


def test_fact_keeps_its_mark():
    """
    G4: what a page would mark as not verified, a paper marks too.
    """
    told = shown(Shown("Denmark", "unverified", doubt="not verified"))

    assert "Denmark (not verified)" == told.words


def test_facts_together_carry_no_further_than_the_weakest():
    """
    G4: a sentence with one doubtful fact in it is doubtful.
    """
    sure, doubtful = line("a"), Line("b", "unverified", "not verified")

    assert "unverified" == together("a b", sure, doubtful).state
    assert "not verified" == together("a b", sure, doubtful).doubt
    assert "unknown" == together("a b", doubtful, Line("c", "unknown")).state
    assert "known" == together("a", sure).state


def test_lines_of_every_kind_of_block_are_found():
    """
    Gaps are counted wherever they stand.
    """
    blocks = (
        Heading("none here"),
        Paragraph(line("one")),
        Bullets((line("two"), line("three"))),
        Fields((Field("label", (line("four"), BLANK)),)),
        Table("caption", ("a", "b"), (((line("five"),), (line("six"),)),), (1, 1)),
    )

    assert ["one", "two", "three", "four", "", "five", "six"] == [
        one.text for one in lines_of(blocks)
    ]
