import json
import re

import pytest

from klarsyn.register.papers import agreements_proved
from tests.publication.sites import DAY, LANGUAGES, built, pages, read, small
from tests.register import builders
from tests.register.builders import COMPANY, HOST, VENDOR, add, line, register, unknown

CLAIM = add(
    COMPANY,
    "printed: {file: page.txt, sha256: "
    + "0" * 64
    + ", language: sv, updated: 2022-01-25, agreements_for_all: true}\n",
)


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
