from tests.publication.sites import built, pages, read, small
from tests.register.builders import COMPANY, HOST, VENDOR, add, unknown

ALL_FINDINGS = add(COMPANY, "publish_findings: [all]\n")


def test_page_of_findings_is_only_there_when_findings_are_published():
    """
    A company that publishes no finding has no page of them, and no link to one.
    """
    without = small(unknown(VENDOR, "risk"))
    with_all = small(unknown(VENDOR, "risk"), ALL_FINDINGS)

    assert "en/findings.html" not in without
    assert not any("findings.html" in page for page in without.values())
    assert "en/findings.html" in with_all
    assert all("findings.html" in page for path, page in with_all.items() if path.startswith("en/"))


def test_only_findings_named_by_the_company_are_published():
    """
    An open finding that the company did not choose stands on no page.
    """
    chosen = add(COMPANY, "publish_findings: [risk-missing]\n")
    found = small(unknown(VENDOR, "risk"), unknown(HOST, "start"), chosen)
    points = read(found["en/findings.html"]).root

    assert ["risk-missing"] == [one.attributes["id"] for one in points.every("h2")]
    assert 1 == len(points.one("section").every("li"))


def test_published_findings_say_what_and_why_with_their_count():
    """
    KlarPris: 145 points, each under its rule with the reason.
    """
    page = pages(built("klarpris", "en"))["en/findings.html"].root
    overview = pages(built("klarpris", "en"))["en/index.html"].root
    sections = page.every("section")

    assert 145 == sum(len(one.every("li")) for one in sections)
    assert [one.one("span", class_="count").text for one in sections] == [
        str(len(one.every("li"))) for one in sections
    ]
    assert all(one.one("p").text for one in sections)
    assert "145 open points about this list" == overview.every("a", href="findings.html")[0].text
