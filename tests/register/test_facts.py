from datetime import date

import pytest

from klarsyn.register.facts import Contact, Fact, Source, known, parts
from tests.register.builders import COMPANY, register

BASES = ("own", "agreement", "vendor-page", "third-party", "inferred", "memory", "not-found")


@pytest.mark.parametrize("basis", BASES)
def test_only_own_records_papers_and_vendors_pages_verify(basis):
    """
    R12: what others say, what somebody infers or remembers, and a search in vain prove nothing.
    """
    expected = basis in {"own", "agreement", "vendor-page"}

    assert expected == Source(what="x", as_of="2026", basis=basis).verified


def test_fact_is_known_when_it_has_a_value():
    """
    "no" and an empty list are values; a gap is not.
    """
    assert Fact(value=False, source="own").known
    assert Fact(value=[], source="own").known
    assert not Fact(not_yet_known_until=date(2027, 1, 1)).known


def test_known_reads_through_what_is_absent():
    """
    A fact that is not written and one that is not yet known are both None.
    """
    assert known(None) is None
    assert known(Fact(not_yet_known_until=date(2027, 1, 1))) is None
    assert False is known(Fact(value=False, source="own"))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"value": 1, "source": "own"}, None),
        ({"not_yet_known_until": "2027-01-01"}, None),
        ({}, "either a value or not_yet_known_until"),
        ({"value": 1, "source": "own", "not_yet_known_until": "2027-01-01"}, "either a value or"),
        ({"value": 1}, "does not say where it comes from"),
    ],
)
def test_fact_has_a_source_or_an_end(found, expected):
    """
    R12: a value names its source; a gap names its date; nothing is both or neither.
    """
    mistake = Fact.mistake(found)

    assert (expected is None) == (mistake is None)
    assert mistake is None or expected in str(mistake[0])


def test_parts_yields_every_part_and_text_with_its_path():
    """
    The walk names each place as the file's lines do.
    """
    read = register()
    walked = dict(parts(read.company))

    assert {"en": "Processors of Fjordkraft"} == walked["title"]
    assert Contact(email="privacy@fjordkraft.example") == walked["contact/value"]
    assert set(walked) - {"look"} <= set(read.lines[COMPANY])
