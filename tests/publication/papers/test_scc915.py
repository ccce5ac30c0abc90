import pytest

from klarsyn.errors import PaperRefused
from klarsyn.publication.papers import Choice
from tests.publication.papers.desk import (
    PROCESSOR,
    SUB_PROCESSOR,
    below,
    field,
    fields,
    headings,
    named,
    small,
)
from tests.publication.papers.test_scc914 import bare, standards
from tests.register.builders import COMPANY, PURPOSES, VENDOR, after, line, swap

CUSTOMERS = Choice("scc-2021-915")
TO_VENDOR = Choice("scc-2021-915", "postdesk")
DESCRIPTION = "Description of the processing"


@pytest.mark.parametrize("paper", ["scc-2021-915-customers", "scc-2021-915-skerryvault"])
def test_numbers_of_fields_are_those_of_the_act(paper):
    """
    R72: four of each party, seven of the description, four of each sub-processor.
    """
    made = named("nordlys", "en", paper)
    parties = [*below(made, "Controller(s)"), *below(made, "Processor(s)")]
    entry = next(one for one in headings(made) if one.startswith("1. "))

    assert 4 + 4 + 1 == len(parties)  # and the company's officer
    assert 7 == len(below(made, DESCRIPTION))
    assert 4 == len(below(made, entry))
    assert ["Annex I", "Annex II", "Annex III", "Annex IV"] == [
        one for one in headings(made) if one.startswith("Annex")
    ]


def test_fields_are_the_acts_word_for_word():
    """
    R70, R72: against a transcription that nobody here wrote.
    """
    act = standards("scc_2021_915")
    paper = named("nordlys", "en", "scc-2021-915-customers")

    assert act["annex_I_list_of_parties"] == below(paper, "Controller(s)")
    assert act["annex_I_list_of_parties"] == below(paper, "Processor(s)")[1:]
    assert list(map(bare, act["annex_II_description_of_the_processing"])) == below(
        paper, DESCRIPTION
    )
    assert act["annex_III"] in headings(paper)
    assert act["annex_IV_list_of_sub_processors"] == below(paper, "1. Skerryvault")


def test_german_fields_are_the_acts_word_for_word():
    """
    R72: as far as the transcription goes.
    """
    act = standards("scc_2021_915", "de")
    paper = named("nordlys", "de", "scc-2021-915-customers")
    titles = [act[one]["title"] for one in ("annex_I", "annex_II", "annex_III", "annex_IV")]

    assert act["annex_I"]["fields"] == below(paper, "Verantwortliche(r)")
    assert act["annex_IV"]["fields"] == below(paper, "1. Skerryvault")
    assert titles == [one for one in headings(paper) if one in titles]


def test_finnish_titles_are_the_acts():
    """
    R72: as far as the transcription goes.
    """
    act = standards("scc_2021_915", "fi")
    told = headings(named("nordlys", "fi", "scc-2021-915-customers"))

    assert act["annex_I"]["title"] in told
    assert act["annex_II"]["title"] in told


def test_customers_fields_are_blank():
    """
    R72: whose paper it becomes stands in no register.
    """
    paper = named("nordlys", "en", "scc-2021-915-customers")
    controller = fields(paper)[:4]

    assert [[""]] * 4 == [told for _, told in controller]


def test_towards_customers_the_company_describes_itself():
    """
    R72: its own nature, duration and measures; data of the purposes it serves as a processor.
    """
    paper = named("nordlys", "en", "scc-2021-915-customers")

    assert field(paper, "Nature of the processing")[0].startswith("Nordlys receives invoice data")
    assert (
        "As long as the customer's contract runs." == field(paper, "Duration of the processing")[0]
    )
    assert ["People who receive invoices from our customers"] == field(
        paper, "Categories of data subjects whose personal data is processed"
    )
    assert 7 == len(below(paper, headings(paper)[7]))


def test_own_processors_stand_on_no_paper_for_customers():
    """
    R2: postdesk is a sub-processor, vault works for the company itself.
    """
    paper = small(CUSTOMERS, PROCESSOR, SUB_PROCESSOR)

    assert ["1. Postdesk"] == [one for one in headings(paper) if one[0].isdigit()]


def test_what_the_company_does_not_say_of_itself_is_a_gap():
    """
    R72: nature, duration and measures are not made up.
    """
    paper = small(CUSTOMERS, PROCESSOR, SUB_PROCESSOR)
    told = after(
        PURPOSES,
        "label: {en: Customer support}",
        "    nature: {value: {en: We answer.}, source: own}\n"
        "    duration: {value: {en: While the contract runs.}, source: own}\n",
    )
    full = small(CUSTOMERS, PROCESSOR, SUB_PROCESSOR, told)

    assert ["not yet known"] == field(paper, "Nature of the processing")
    assert ["not yet known"] == field(paper, "Technical and organisational measures")
    assert ["We answer."] == field(full, "Nature of the processing")
    assert ["While the contract runs.", "Kept for: 2 years"] == field(
        full, "Duration of the processing"
    )


def test_towards_a_vendor_the_company_is_the_controller():
    """
    R72: measures and sub-processors are the vendor's.
    """
    paper = named("nordlys", "en", "scc-2021-915-skerryvault")

    assert ["Nordlys Fakturering A/S"] == fields(paper)[1][1]
    assert "1. Granitbo Datahall AB" in headings(paper)
    assert not any(
        "customer_invoicing" in one or "Invoicing on behalf" in one
        for _, told in fields(paper)
        for one in told
    )


def test_company_that_is_no_processor_is_refused():
    """
    R2: it has no customers as controllers.
    """
    with pytest.raises(PaperRefused, match="Fjordkraft does not act as a processor"):
        small(CUSTOMERS)


@pytest.mark.parametrize(
    "edits",
    [
        (PROCESSOR, SUB_PROCESSOR),
        (line(VENDOR, "role:", "role: {value: controller, source: own}"),),
    ],
)
def test_vendor_that_is_no_processor_of_ours_is_refused(edits):
    """
    R1: a sub-processor's paper is another one; a controller needs none.
    """
    with pytest.raises(PaperRefused, match="Postdesk is no processor of Fjordkraft"):
        small(TO_VENDOR, *edits)


def test_unknown_role_of_the_company_makes_both_papers():
    """
    R2: as long as nobody knows, the gaps are said.
    """
    unknown = swap(
        COMPANY,
        "acts_as: {value: [controller], source: own}",
        "acts_as: {not_yet_known_until: 2027-06-30}",
    )
    paper = small(CUSTOMERS, unknown)

    assert ["not yet known"] == field(paper, "Technical and organisational measures")
