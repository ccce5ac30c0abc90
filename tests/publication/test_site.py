from datetime import date
from pathlib import Path

import pytest

from klarsyn.publication import build
from tests.acceptance.processes import python
from tests.publication.sites import (
    EXAMPLES,
    LANGUAGES,
    UPDATED,
    built,
    edition,
    elements,
    example,
    spoken,
)
from tests.register.builders import COMPANY, add, register

#: Pages of KlarPris in each language, the fragment apart.
COUNT = 47


def paths(site):
    """Return what a site consists of, without the assets, whose names hold their hash."""
    return {path for path in site.files if not path.startswith("assets/")}


# The files


@pytest.mark.parametrize("language", LANGUAGES)
def test_site_has_an_overview_a_page_per_vendor_and_the_open_points(language):
    """
    KlarPris: an overview, 16 vendors, 21 data elements, matrix, flows, three score cards, findings.
    """
    names = {path.stem for path in (EXAMPLES / "klarpris/register/vendors").iterdir()}
    expected = {
        "index.html",
        "subprocessors.json",
        ".well-known/subprocessors.json",
        "schemas/subprocessors-1.json",
        "subprocessors.jsonld",
        "subprocessors.csv",
        f"{language}/index.html",
        f"{language}/data/index.html",
        *(f"{language}/data/{name}.html" for name in elements("klarpris")),
        f"{language}/matrix.html",
        f"{language}/flows.html",
        f"{language}/scores/index.html",
        *(f"{language}/scores/{name}-rating.html" for name in ("company", "customer", "user")),
        f"{language}/findings.html",
        *(f"{language}/{name}" for name in ("changes.html", "changes.atom", "changes.json")),
        f"{language}/calendar.ics",
        f"{language}/fragment.html",
        "archive.json",
        f"{UPDATED}/index.html",
        f"{UPDATED}/{language}/index.html",
        *(f"{language}/vendors/{name}.html" for name in names),
    }
    site = built("klarpris", language)

    assert 16 == len(names)
    assert expected == paths(site)
    assert 1 + COUNT == site.pages


def test_each_language_has_the_same_pages():
    """
    A reader who switches the language stays on the page.
    """
    site = built("klarpris", *LANGUAGES)
    within = {
        language: {p.partition("/")[2] for p in site.files if p.startswith(f"{language}/")}
        for language in LANGUAGES
    }

    # The fragment, two feeds and the calendar are no pages.
    assert COUNT + 4 == len(within["sv"])
    assert [within["sv"]] * 6 == list(within.values())


def test_asset_is_named_by_its_hash():
    """
    A changed colour gives the style another name, so that it may be cached for ever.
    """
    plain = build(edition(register())).files
    green = build(edition(register(add(COMPANY, 'look: {accent: "#0a6b4f"}\n')))).files
    styles = {path for path in (*plain, *green) if path.startswith("assets/style.")}

    assert 2 == len(styles)
    assert all(f"assets/{path.partition('/')[2]}" == path for path in styles)
    assert b"--accent: #0a6b4f;" in green[next(iter(styles - set(plain)))]


# The same bytes


BUILD = """
import hashlib, pathlib, sys
from tests.publication.sites import built
site = built("nordlys", "en")
for path, content in site.files.items():
    print(path, hashlib.sha256(content).hexdigest())
"""


def test_two_builds_are_equal():
    """
    The same register, day and version give the same bytes.
    """
    one, other = (build(edition(spoken(example("klarpris"), "en"))) for _ in range(2))

    assert one.files == other.files
    assert list(one.files) == list(other.files)


def test_build_does_not_depend_on_hashes_or_folder(tmp_path):
    """
    Another process, another folder and other hashes of strings change nothing.
    """
    root = Path(__file__).resolve().parents[2]
    places = (root, tmp_path)
    change = "import os; os.chdir({!r})\n"
    told = [
        python(change.format(str(place)) + BUILD, PYTHONHASHSEED=seed, PYTHONPATH=str(root))
        for place, seed in zip(places, ("1", "2"), strict=True)
    ]

    assert told[0] == told[1]
    assert 10 < len(told[0].splitlines())


def test_day_of_the_build_stands_on_no_page():
    """
    A page changes when the register or a deadline does, not because a day has passed.
    """
    one = build(edition(register())).files
    other = build(edition(register(), on=date(2026, 11, 23))).files

    assert one == other


UNTRANSLATED = """
from klarsyn.errors import PageError
from klarsyn.language import translator
from klarsyn.publication import build
from tests.publication.sites import edition, example, spoken
del translator("sv", strict=True).messages._catalog["Last updated"]
try:
    build(edition(spoken(example("nordlys"), "sv")))
except PageError as refusal:
    print(refusal)
"""


def test_site_without_a_text_of_the_catalogue_is_not_built():
    """
    A text that is missing in a language stops the build with the text, never half in English.
    """
    told = python(UNTRANSLATED, PYTHONPATH=str(EXAMPLES.parent))

    assert "Last updated" in told
    assert told.endswith("[page-invalid]\n")
