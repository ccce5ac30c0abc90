import pytest

from klarsyn.errors import PaperRefused
from klarsyn.publication.papers import Choice
from tests.publication.papers.desk import (
    PROCESSOR,
    SUB_PROCESSOR,
    field,
    headings,
    named,
    rows,
    small,
    table,
)
from tests.register.builders import COMPANY, GAP, line

PAPER = Choice("danish-clauses")


def test_list_has_the_four_columns():
    """
    R73, B.1: NAME, CVR, ADDRESS, DESCRIPTION OF PROCESSING.
    """
    danish = table(named("nordlys", "da", "danish-clauses")).header
    english = table(named("nordlys", "en", "danish-clauses")).header

    assert ("Navn", "CVR", "Adresse", "Beskrivelse af behandling") == danish
    assert ("Name", "CVR", "Address", "Description of processing") == english


def test_headings_are_those_of_the_appendix():
    """
    R73: B, B.1, B.2.
    """
    assert [
        "Bilag B: Underdatabehandlere",
        "B.1. Godkendte underdatabehandlere",
        "B.2. Varsel for godkendelse af underdatabehandlere",
    ] == headings(named("nordlys", "da", "danish-clauses"))


def test_vendor_that_is_not_danish_has_its_own_number():
    """
    R73: as the vendor's trade register gives it.
    """
    (row,) = rows(named("nordlys", "da", "danish-clauses"))

    assert ["Skerryvault Hosting DAC", "VAT IE1234567A"] == row[:2]


def test_number_that_nobody_knows_is_a_gap():
    """
    R73.
    """
    (row,) = rows(small(PAPER, PROCESSOR, SUB_PROCESSOR))

    assert "not yet known" == row[1]


def test_notice_and_where_to_object_are_told():
    """
    R52, R73, B.2: the period, and the address for objections.
    """
    paper = named("nordlys", "en", "danish-clauses")
    gap = small(PAPER, PROCESSOR, line(COMPANY, "notice_period:", f"notice_period: {GAP}"))

    assert ["30 days"] == field(paper, "Notice period")
    assert "objections@nordlys.example" in field(paper, "Objections to")[0]
    assert ["not yet known (to be known by 30 June 2027)"] == field(gap, "Notice period")


def test_without_sub_processors_there_is_no_table():
    """
    R73: an empty table would say nothing.
    """
    paper = small(PAPER, PROCESSOR)

    assert [] == [one for one in paper.blocks if hasattr(one, "rows")]


def test_company_that_is_no_processor_is_refused():
    """
    R2.
    """
    with pytest.raises(PaperRefused, match="does not act as a processor"):
        small(PAPER)
