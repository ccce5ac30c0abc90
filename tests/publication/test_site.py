import json
import re
from datetime import date
from pathlib import Path

import pytest

from klarsyn.publication import build
from klarsyn.register.papers import agreements_proved
from tests.acceptance.processes import python
from tests.publication.sites import (
    DAY,
    EXAMPLES,
    LANGUAGES,
    built,
    edition,
    example,
    pages,
    read,
    small,
    spoken,
)
from tests.register import builders
from tests.register.builders import COMPANY, HOST, VENDOR, add, line, register, unknown

ALL_FINDINGS = add(COMPANY, "publish_findings: [all]\n")
CLAIM = add(
    COMPANY,
    "printed: {file: page.txt, sha256: "
    + "0" * 64
    + ", language: sv, updated: 2022-01-25, agreements_for_all: true}\n",
)


def paths(site):
    """Return what a site consists of, without the assets, whose names hold their hash."""
    return {path for path in site.files if not path.startswith("assets/")}


# The files


@pytest.mark.parametrize("language", LANGUAGES)
def test_site_has_an_overview_a_page_per_vendor_and_the_open_points(language):
    """
    KlarPris: an overview, 16 vendors and the findings that the company chose to show.
    """
    names = {path.stem for path in (EXAMPLES / "klarpris/register/vendors").iterdir()}
    expected = {
        "index.html",
        "subprocessors.json",
        ".well-known/subprocessors.json",
        "schemas/subprocessors-1.json",
        f"{language}/index.html",
        f"{language}/findings.html",
        *(f"{language}/vendors/{name}.html" for name in names),
    }
    site = built("klarpris", language)

    assert 16 == len(names)
    assert expected == paths(site)
    assert 1 + 1 + 1 + 16 == site.pages


def test_each_language_has_the_same_pages():
    """
    A reader who switches the language stays on the page.
    """
    site = built("klarpris", *LANGUAGES)
    within = {
        language: {p.partition("/")[2] for p in site.files if p.startswith(f"{language}/")}
        for language in LANGUAGES
    }

    assert 18 == len(within["sv"])
    assert [within["sv"]] * 6 == list(within.values())


def test_page_of_findings_is_only_there_when_findings_are_published():
    """
    A company that publishes no finding has no page of them, and no link to one.
    """
    without = small(unknown(VENDOR, "risk"))
    with_all = small(unknown(VENDOR, "risk"), ALL_FINDINGS)

    assert "en/findings.html" not in without
    assert not any("findings.html" in page for page in without.values())
    assert "en/findings.html" in with_all
    assert all("findings.html" in page for path, page in with_all.items() if "/" in path)


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


# The overview's own sentences


def agreements(*edits: builders.Edit) -> str:
    """Return the overview's sentence on agreements, after the figures."""
    page = read(small(*edits)["en/index.html"]).root
    main = page.one("main")
    tags = [one if isinstance(one, str) else one.tag for one in main.inside]
    after_figures = main.inside[tags.index("ul") + 1 :]
    return next(one.text for one in after_figures if not isinstance(one, str))


def test_all_is_said_only_if_all_are_proved():
    """
    D23: "all" stands there when each agreement is on record.
    """
    assert (
        "A data processing agreement is in force with all 2 vendors that need one." == agreements()
    )


def test_claim_is_repeated_as_a_claim_with_the_proof():
    """
    D23: what the earlier page claimed is dated, and beside it stands for how many it is proved.
    """
    assert (
        "On 25 January 2022 this list said that a data processing agreement binds all vendors. "
        "There is evidence for 1 of 2."
    ) == agreements(unknown(HOST, "plan_used"), CLAIM)


def test_without_a_claim_agreements_are_counted():
    """
    D23: where nothing was claimed, only the proof is told.
    """
    expected = "A data processing agreement is on record for 1 of the 2 vendors that need one."

    assert expected == agreements(unknown(HOST, "plan_used"))


def test_a_proved_claim_is_a_fact():
    """
    D23: a claim that is proved for all by now is said plainly.
    """
    assert (
        "A data processing agreement is in force with all 2 vendors that need one."
        == agreements(CLAIM)
    )


def test_no_agreement_is_claimed_where_none_is_due():
    """
    R56: a list of controllers only has no agreements, and does not boast of "all 0".
    """
    controller = "role: {value: controller, source: own}"
    edits = [line(file, "role: ", controller) for file in (VENDOR, HOST)]

    assert (0, 0) == agreements_proved(register(*edits), DAY)
    assert "in force" not in agreements(*edits)


@pytest.mark.parametrize("language", LANGUAGES)
def test_klarpris_claim_stands_in_every_language(language):
    """
    D23: KlarPris claimed agreements with all 16; there is evidence for none.
    """
    page = pages(built("klarpris", language))[f"{language}/index.html"].root
    told = next(
        one.text
        for one in page.one("main").every("p")
        if "2022" in one.text and one.attributes.get("class") != "updated"
    )

    assert ["0", "16", "2022", "25"] == sorted(re.findall(r"\d+", told))


def test_figures_of_klarpris():
    """
    16 vendors: 10 with listed data, 3 where data can be written in, 3 said to have none.
    """
    page = pages(built("klarpris", "en"))["en/index.html"].root

    assert ["16", "10", "3", "3"] == [
        one.one("strong").text for one in page.one("ul", class_="figures").every("li")
    ]


def test_updated_is_the_last_change_and_not_the_day_of_the_build():
    """
    R98: "last updated" is the day that it is given, in words and for machines.
    """
    page = pages(built("klarpris", "en"))["en/index.html"].root
    times = page.every("time")

    assert {("2026-03-01", "1 March 2026")} == {
        (one.attributes["datetime"], one.text) for one in times
    }
    assert (
        "2026-03-01" == json.loads(built("klarpris", "en").files["subprocessors.json"])["updated"]
    )


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
