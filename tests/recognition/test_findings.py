from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition.findings import CATEGORIES, Findings, Hit, as_hit, masked, settled

FACTS = (("EMAIL",), ("email",), (0.9,), (-1,))
ROW = (3, 1, 9, "EMAIL", "email", 0.9, -1)


def test_rows_come_back_as_they_were_put_in():
    """
    Columns in, rows out.
    """
    findings = Findings()
    findings.extend([3, 3], [1, 1], [9, 9], (("EMAIL",) * 2, ("email",) * 2, (0.9,) * 2, (-1,) * 2))

    assert [ROW, ROW] == list(findings)
    assert 2 == len(findings)


def test_no_rows_are_no_findings():
    """
    An empty block adds nothing.
    """
    findings = Findings()
    findings.extend([], [], [], ((), (), (), ()))

    assert 0 == len(findings)


def test_numeric_columns_are_buffers():
    """
    NumPy and Arrow take them uncopied.
    """
    findings = Findings()
    findings.extend([3], [1], [9], FACTS)

    assert [3] == memoryview(findings.record).tolist()
    assert [0.9] == memoryview(findings.confidence).tolist()


def test_counts_follow_the_categories():
    """
    In the order of CATEGORIES, without zeros.
    """
    findings = Findings()
    findings.extend([3], [1], [9], FACTS)
    findings.extend([0], [0], [1], (("PERSON",), ("name",), (0.5,), (-1,)))

    assert [("PERSON", 1), ("EMAIL", 1)] == list(findings.counts().items())
    assert 11 == len(CATEGORIES)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("anna@rör.example", "a***@***.******e"),
        ("070-174 06 05", "0**-*** ** *5"),
        ("Anna", "****"),
        ("", ""),
        ("a\x1b[31mbcdef", "a*[****f".replace("[****", "[*******")[:10]),
    ],
)
def test_masked_text_keeps_its_form(text, shown):
    """
    First and last sign and the punctuation; short texts are hidden wholly.
    """
    if "\x1b" in text:
        assert "\x1b" not in masked(text)
    else:
        assert shown == masked(text)


@given(st.text())
def test_mask_shows_two_letters_at_most(text):
    """
    Whatever the text, and nothing that a terminal would obey.
    """
    hidden = masked(text)

    assert len(text) == len(hidden)
    assert 2 >= sum(sign.isalnum() for sign in hidden)
    assert hidden.isprintable()


def test_hit_made_of_its_columns_is_a_hit():
    """
    The quick way gives the same as the class.
    """
    made = as_hit((41, 49, "EMAIL", "email", 0.9, -1))

    assert Hit(41, 49, "EMAIL", "email", 0.9) == made
    assert "EMAIL" == made.category


def hit(start, end, confidence=0.5, known=-1):
    """Return a hit of no special kind."""
    return Hit(start, end, "PHONE", "phone", confidence, known)


def test_hits_beside_each_other_stay():
    """
    Sorted by place.
    """
    assert [hit(0, 3), hit(3, 5)] == settled([hit(3, 5), hit(0, 3)])


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        (hit(0, 5, 0.5), hit(2, 4, 0.6)),
        (hit(0, 5, 0.5), hit(2, 9, 0.5)),
        (hit(0, 5, 0.9), hit(1, 3, 0.5, known=7)),
        (hit(0, 2, 1.0, known=1), hit(0, 6, 0.6, known=7)),
    ],
    ids=["surer", "longer", "known", "longer known"],
)
def test_of_two_that_overlap_one_stays(loser, winner):
    """
    Known before unknown, sure before unsure, long before short; whatever their order.
    """
    assert [winner] == settled([loser, winner])
    assert [winner] == settled([winner, loser])


@given(
    st.lists(
        st.builds(
            lambda a, n, c: hit(a, a + n, c),
            st.integers(0, 30),
            st.integers(1, 9),
            st.sampled_from([0.4, 0.6, 0.9]),
        )
    )
)
def test_settled_hits_never_overlap(hits):
    """
    And every one of them was among the hits.
    """
    out = settled(hits)

    assert all(a.end <= b.start for a, b in pairwise(out))
    assert set(out) <= set(hits)
