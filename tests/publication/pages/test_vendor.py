from tests.publication.sites import EXAMPLES, built, pages


def test_every_vendor_has_a_page_and_the_overview_leads_to_it():
    """
    KlarPris: 16 pages, each linked from its row and headed by the vendor's name.
    """
    found = pages(built("klarpris", "en"))
    names = {path.stem for path in (EXAMPLES / "klarpris/register/vendors").iterdir()}
    rows = found["en/index.html"].root.one("tbody").every("tr")
    links = {row.attributes["id"]: row.one("th").one("a") for row in rows}

    assert names == set(links)
    for one, link in links.items():
        assert f"vendors/{one}.html" == link.attributes["href"]
        assert link.text == found[f"en/vendors/{one}.html"].root.one("h1").text
