import json
import os
from pathlib import Path

import pytest

from klarsyn.errors import PaperRefused
from klarsyn.language import translator
from klarsyn.publication.papers import Choice, choices
from klarsyn.publication.papers.scc914 import DESCRIPTION, TO_PROCESSORS
from tests.publication.papers.desk import (
    below,
    field,
    fields,
    filled,
    headings,
    named,
    order,
    sentences,
    small,
)
from tests.publication.sites import LANGUAGES
from tests.register.builders import COMPANY, OWN, VENDOR, add, after, line, swap

PAPER = Choice("scc-2021-914", "postdesk")
TO_US = "to: US, mechanism: scc, source: own, module: {}"


def transfer(text):
    """Add a transfer to the vendor."""
    return add(VENDOR, f"transfers: [{{{text}}}]\n")


def standards(act, language="en"):
    """Return the fields of an act's annexes as somebody else transcribed them."""
    folder = os.environ.get("KLARSYN_STANDARDS")
    if not folder:
        pytest.skip("KLARSYN_STANDARDS names no folder")
    whole = json.loads((Path(folder) / "eu-scc" / "annex-fields.json").read_text())
    return whole[act][language]


def bare(label):
    """Return a field as the transcription writes it, without what it shortens."""
    return label.removesuffix(" [...]").removesuffix(" (17 example headings, see appendix file)")


def test_numbers_of_fields_are_those_of_the_act():
    """
    R71: six of each party, eight of the description, one authority, four of a sub-processor.
    """
    paper = named("nordlys", "en", "scc-2021-914-relaygrove")

    assert 6 + 1 == len(below(paper, "Data exporter(s)"))  # and the officer of its heading
    assert 6 == len(below(paper, "Data importer(s)"))
    assert 7 + 1 == len(below(paper, "B. Description of transfer")) == len(DESCRIPTION) + 1
    assert 1 == len(below(paper, "C. Competent supervisory authority"))
    assert [
        "Annex I",
        "A. List of parties",
        "Data exporter(s)",
        "Data importer(s)",
        "B. Description of transfer",
        "C. Competent supervisory authority",
        "Annex II",
    ] == headings(paper)[:7]


def test_fields_are_the_acts_word_for_word():
    """
    R70, R71: against a transcription that nobody here wrote.
    """
    act = standards("scc_2021_914")
    paper = named("nordlys", "en", "scc-2021-914-relaygrove")
    parties = act["annex_I_A_list_of_parties"]
    chain = named("nordlys", "en", "scc-2021-915-skerryvault")
    described = [*(label for label, _ in DESCRIPTION), TO_PROCESSORS]

    assert parties["data_exporter"] == below(paper, "Data exporter(s)")[1:]
    assert parties["data_importer"] == below(paper, "Data importer(s)")
    assert list(map(bare, act["annex_I_B_description_of_transfer"])) == described
    assert described == below(paper, "B. Description of transfer")
    assert act["annex_II"].startswith(headings(paper)[7])
    assert (
        act["annex_III_list_of_sub_processors"][:3] == below(chain, "1. Granitbo Datahall AB")[:3]
    )


def test_description_of_a_sub_processor_is_the_acts():
    """
    R70: the fourth field of annex III has the act's own words.
    """
    wanted = standards("scc_2021_914")["annex_III_list_of_sub_processors"][3]
    chain = add(VENDOR, "chain: [{name: Below ApS, country: DK, what: {en: Storage}}]\n")
    paper = small(PAPER, transfer(TO_US.format("c2p")), chain)

    assert wanted == below(paper, "1. Below ApS")[3]


@pytest.mark.parametrize(
    ("module", "exporter", "importer"),
    [
        ("c2c", "controller", "controller"),
        ("c2p", "controller", "processor"),
        ("p2p", "processor", "processor"),
        ("p2c", "processor", "controller"),
    ],
)
def test_roles_follow_from_the_module(module, exporter, importer):
    """
    R85: modules one to four.
    """
    paper = small(PAPER, transfer(TO_US.format(module)))
    roles = [told for label, told in fields(paper) if label.startswith("Role")]

    assert [[exporter], [importer]] == roles


def test_module_that_nobody_wrote_down_is_a_gap():
    """
    R85: it is not guessed from the role.
    """
    paper = small(PAPER, transfer("to: US, mechanism: scc, source: own"))

    assert ["not yet known"] == field(paper, "Module")
    assert ["not yet known"] == field(paper, "Role (controller/processor)")


def test_module_covers_the_processings_of_its_role():
    """
    R71: clauses from processor to processor say nothing of what the vendor does for us.
    """
    label = "Categories of personal data transferred"
    paper = small(PAPER, transfer(TO_US.format("c2p")))
    other = small(PAPER, transfer(TO_US.format("p2p")))

    assert ["Name and E-mail address"] == field(paper, label)
    assert [] == field(other, label)


def test_signatures_are_left_blank():
    """
    R71: a program signs nothing.
    """
    paper = named("nordlys", "en", "scc-2021-914-relaygrove")

    assert [[""], [""]] == [told for label, told in fields(paper) if label == "Signature and date"]


def test_fallback_is_told_as_one():
    """
    R84: the clauses behind a certification apply when it ends.
    """
    paper = named("nordlys", "en", "scc-2021-914-puffinpost")
    told = " ".join(one.text for one in sentences(paper.blocks))

    assert "United States: the transfer rests first on another ground" in told


def test_hearsay_of_a_transfer_is_marked():
    """
    G4.
    """
    hearsay = swap(VENDOR, OWN, OWN.replace("basis: own", "basis: memory"))
    paper = small(PAPER, transfer(TO_US.format("c2p")), hearsay)
    (told,) = [one for one in sentences(paper.blocks) if one.text.startswith("Data are transf")]

    assert "unverified" == told.state


@pytest.mark.parametrize(
    "edits",
    [
        (),
        (transfer("to: GB, mechanism: adequacy, source: own"),),
        (transfer("to: US, mechanism: scc, source: own, module: c2p, until: 2026-01-01"),),
        (transfer("to: US, mechanism: scc, source: own, module: c2p, since: 2027-01-01"),),
    ],
)
def test_vendor_without_such_a_transfer_is_refused(edits):
    """
    R85: no annex to clauses that nobody concluded, or that are not in force on that day.
    """
    with pytest.raises(PaperRefused, match="has no transfer on standard contractual clauses"):
        small(PAPER, *edits)


def test_vendor_that_is_no_longer_used_is_refused():
    """
    Its end has passed; nothing is transferred any more, and nothing is offered.
    """
    ended = (
        line(VENDOR, "status:", "status: {value: ended, source: own}"),
        after(VENDOR, "start:", "end: {value: 2026-03-01, source: own}\n"),
        transfer(TO_US.format("c2p")),
    )

    assert "scc-2021-914" not in {one.paper for one in choices(order(*ended))}
    with pytest.raises(PaperRefused):
        small(PAPER, *ended)


@pytest.mark.parametrize(("country", "expected"), [("DK", "Datatilsynet (Denmark)"), ("SE", "IMY")])
def test_authority_follows_the_establishment(country, expected):
    """
    R91, R92: with its country, for two share a name.
    """
    edit = line(COMPANY, "country:", f"country: {{value: {country}, source: own}}")
    paper = small(PAPER, transfer(TO_US.format("c2p")), edit)

    assert expected in field(paper, "Supervisory authority")[0]


def test_country_without_an_authority_in_the_table_is_a_gap():
    """
    R92: the country is named, and that no authority is.
    """
    edit = line(COMPANY, "country:", "country: {value: FR, source: own}")
    paper = small(PAPER, transfer(TO_US.format("c2p")), edit)
    (told,) = [
        one
        for each in filled(paper.blocks)
        if "Supervisory authority" == each.label
        for one in each.lines
    ]

    assert ("France", "unknown") == (told.text, told.state)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_differ_in_every_language(language):
    """
    Two fields of one annex never read the same.
    """
    say = translator(language, strict=True).text
    labels = [say(one) for one in (*(label for label, _ in DESCRIPTION), TO_PROCESSORS)]

    assert 8 == len(set(labels))
