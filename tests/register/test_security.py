import pytest

from tests.register.builders import COMPANY, VENDOR, Case, add, findings, line, swap, unknown

PROCESSOR = swap(COMPANY, "[controller]", "[controller, processor]")
MEASURED = add(COMPANY, "measures: [{heading: physical-security, what: {en: A locked door.}}]\n")

CASES = [
    Case(
        "R76 measures-missing",
        f"{VENDOR}: format:",
        (line(VENDOR, "measures:"), line(VENDOR, "- {heading:")),
    ),
    Case(
        "R72 R76 own-measures-missing",
        f"{COMPANY}: format:",
        (PROCESSOR,),
        (PROCESSOR, MEASURED),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    The rule fires once, at its line, and ends when the fact is there.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


def test_unknown_role_may_be_a_processors():
    """
    R72: as long as nobody knows, the company may owe its customers annex III.
    """
    assert 1 == len(findings("own-measures-missing", unknown(COMPANY, "acts_as")))


def test_controller_owes_no_annex_to_customers():
    """
    A company that is a controller only has nobody to describe its measures to.
    """
    assert [] == findings("own-measures-missing")
