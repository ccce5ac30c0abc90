from tests.publication.sites import LANGUAGES, built, pages


def test_choice_of_languages_leads_to_each():
    """
    Who comes to the site's address chooses among six, each written in itself.
    """
    page = pages(built("klarpris", *LANGUAGES))["index.html"].root
    items = page.one("main").every("li")

    assert list(LANGUAGES) == [one.attributes["lang"] for one in items]
    assert [f"{one}/index.html" for one in LANGUAGES] == [
        one.one("a").attributes["href"] for one in items
    ]
    assert [
        "svenska",
        "dansk",
        "norsk bokmål",
        "english",
        "deutsch",
        "suomi",
    ] == [one.one("strong").text.casefold() for one in items]
