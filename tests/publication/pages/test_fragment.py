import re

import pytest

from klarsyn.publication.pages import fragment
from tests.publication.sites import LANGUAGES, about, edition, example, read
from tests.register.builders import COMPANY, VENDOR, add, line, register

ADDRESS = add(COMPANY, "look: {base_address: https://list.example/gdpr}\n")
HEARSAY = line(VENDOR, "sources: ", "sources: {own: {what: told, as_of: 2026, basis: memory}}")


def text(whole, language="en", address=""):
    """Return the fragment of a register."""
    made = about(edition(whole), language)
    assets = type(made.assets)(address, "", "", "")
    ((path, html),) = fragment.pages(type(made)(made.edition, assets, made.voice, []))
    assert f"{language}/fragment.html" == path
    return html


@pytest.mark.parametrize("language", LANGUAGES)
def test_fragment_is_one_section_in_its_language(language):
    """
    It starts with a section, ends with it, and says which language it is in.
    """
    html = text(example("klarpris"), language)
    (section,) = [one for one in read(html).root.inside if not isinstance(one, str)]

    assert "section" == section.tag
    assert ("klarsyn", language) == (section.attributes["class"], section.attributes["lang"])
    assert section.attributes["aria-labelledby"] == section.one("h2").attributes["id"]
    assert 16 == len(section.one("tbody").every("tr"))


def test_fragment_needs_nothing_of_ours():
    """
    No style, no script, no picture, nothing to load.
    """
    tags = {one.tag for one in read(text(example("klarpris"))).root.walk()}
    attributes = {
        name for one in read(text(example("klarpris"))).root.walk() for name in one.attributes
    }

    assert tags.isdisjoint({"style", "script", "link", "img", "iframe", "svg", "html", "body"})
    assert attributes.isdisjoint({"style", "src", "onclick"})


def test_fragment_tells_vendor_purpose_data_and_country():
    """
    What the overview tells in four columns, of the same register.
    """
    row = read(text(register())).root.one("tbody").every("tr")[0]

    assert ["Postdesk", "Customer support", "NameE-mail address"] == [
        one.text for one in row.inside if not isinstance(one, str)
    ][:3]
    assert "Country of storage: Germany" in row.text


def test_links_are_complete_where_the_address_is_known():
    """
    Inside somebody's page a relative link would lead astray.
    """
    html = text(register(ADDRESS), address="https://list.example/gdpr/")

    assert set(re.findall(r'href="([^"]+)"', html)) == {
        "https://list.example/gdpr/en/index.html",
        "https://list.example/gdpr/en/vendors/postdesk.html",
        "https://list.example/gdpr/en/vendors/vault.html",
    }


def test_links_leave_a_frame():
    """
    In an iframe a link opens the page in the whole window.
    """
    links = read(text(register())).root.every("a")

    assert {"_top"} == {one.attributes["target"] for one in links}


def test_unverified_facts_bear_the_mark():
    """
    R12: without our style the mark is words, and it is there.
    """
    row = read(text(register(HEARSAY))).root.one("tbody").every("tr")[0]

    assert "Country of storage: Germany not verified" in row.text


def test_two_languages_do_not_collide_on_one_page():
    """
    Both sections on one page have ids of their own.
    """
    ids = [re.findall(r'id="([^"]+)"', text(example("nordlys"), one)) for one in ("sv", "en")]

    assert 2 == len({one for found in ids for one in found})
