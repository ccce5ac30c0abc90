import pytest

from klarsyn.errors import Message
from klarsyn.register import RULES, Finding, Place
from klarsyn.register.findings import SEVERITIES

RULE = RULES["role-missing"]


def finding(file: str) -> Finding:
    """Return a finding about a file."""
    return Finding(
        RULE, Place(file, "processing/0/role"), {"vendor": "Zulu", "purpose": {"en": "Mail"}}
    )


def test_finding_says_what_is_open_and_what_to_do():
    """
    A finding is a sentence about the case, and a remedy.
    """
    what = finding("vendors/zulu.yaml").what

    assert isinstance(what, Message)
    assert "Zulu" in str(what)
    assert "Mail" in str(what)
    assert RULE.remedy == finding("vendors/zulu.yaml").remedy.text


@pytest.mark.parametrize(
    ("file", "subject"),
    [
        ("vendors/e-conomic.yaml", "e-conomic"),
        ("company.yaml", "company"),
        ("scores/customer-rating.yaml", "scores/customer-rating"),
    ],
)
def test_subject_is_the_vendor_or_the_file(file, subject):
    """
    A table shows the vendor's id, or which file it is about.
    """
    assert subject == finding(file).subject


def test_severities_go_from_grave_to_slight():
    """
    The order in which counts are shown.
    """
    assert ("high", "medium", "low") == SEVERITIES
