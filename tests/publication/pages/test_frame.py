import pytest

from klarsyn.publication.pages.frame import placed, site_address
from tests.publication.sites import edition, example, small, spoken
from tests.register.builders import COMPANY, VENDOR, add, register, unknown


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://list.example", "https://list.example/"),
        ("https://list.example/", "https://list.example/"),
        ("https://list.example/gdpr", "https://list.example/gdpr/"),
    ],
)
def test_address_of_the_site_ends_with_a_slash(written, expected):
    """
    Paths are put behind it as they are.
    """
    assert expected == site_address(register(add(COMPANY, f"look: {{base_address: {written}}}\n")))


def test_site_without_an_address_has_relative_links_only():
    """
    A site that does not know its address names none.
    """
    pages = small()

    assert "" == site_address(register())
    assert not any("canonical" in page or 'hreflang="x-default' in page for page in pages.values())


def test_place_knows_the_way_up_and_the_other_languages():
    """
    A page two folders down leads up twice, and to itself in every language.
    """
    place = placed(spoken(example("nordlys"), "sv", "fi"), "sv/vendors/postdesk.html")

    assert "../../" == place["up"]
    assert ["sv/vendors/postdesk.html", "fi/vendors/postdesk.html"] == [
        one["path"] for one in place["languages"]
    ]


def test_only_named_findings_are_published():
    """
    What the company names, or `all`; nothing where it names nothing.
    """
    chosen = add(COMPANY, "publish_findings: [risk-missing]\n")
    everything = add(COMPANY, "publish_findings: [all]\n")
    gap = unknown(VENDOR, "risk")

    assert [] == edition(register(gap)).published
    assert ["risk-missing"] == [one.rule.id for one in edition(register(gap, chosen)).published]
    whole = edition(register(gap, everything))
    assert list(whole.findings) == whole.published != []
