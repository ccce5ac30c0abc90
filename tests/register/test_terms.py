import os
import subprocess
import sys
from pathlib import Path

import pytest

from klarsyn.language import COUNTRIES
from klarsyn.register.terms import exists, version, vocabulary
from tests.register.builders import ELEMENTS, PURPOSES, Case, after, findings, swap

ROOT = Path(__file__).resolve().parents[2]
STANDARD = Path(os.environ.get("KLARSYN_STANDARDS", "")) / "dpv-2.3" / "2.3"

CASES = [
    Case(
        "R74 term-unknown",
        at='elements.yaml: dpv: {terms: ["pd:Nickname"]',
        broken=(swap(ELEMENTS, 'terms: ["pd:Name"]', 'terms: ["pd:Nickname"]'),),
        answered=(swap(ELEMENTS, 'terms: ["pd:Name"]', 'terms: ["pd:OfficialID"]'),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    The rule fires once, at its line, and is answered by a term that exists.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


@pytest.mark.parametrize(("term", "expected"), [("dpv:CustomerCare", 0), ("dpv:Helping", 1)])
def test_terms_of_purposes_are_looked_up_too(term, expected):
    """
    R74: what a purpose is called has to exist like what a data element is called.
    """
    named = after(PURPOSES, "label: {en: Customer support", f'    dpv: ["{term}"]\n')

    assert expected == len(findings("term-unknown", named))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("pd:Name", True),
        ("dpv:DirectMarketing", True),
        ("eu-gdpr:A6-1-a", True),
        ("loc:DK", True),
        ("dpv:Name", False),
        ("pd:name", False),
        ("Name", False),
        ("loc:XX", False),
        ("", False),
    ],
)
def test_term_exists_with_its_prefix_only(term, expected):
    """
    A name counts in its own vocabulary, letter for letter.
    """
    assert expected is exists(term)


def test_every_country_has_a_term():
    """
    Whatever country a register may name, the graph can say it.
    """
    assert {f"loc:{one}" for one in COUNTRIES} <= vocabulary()
    assert "2.3" == version()


def test_names_are_those_of_the_standard():
    """
    The list is what the W3C's own tables give, no more and no less.
    """
    if not STANDARD.is_dir():
        pytest.skip("KLARSYN_STANDARDS names no folder with dpv-2.3")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "extract_dpv.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
