import dataclasses

import pytest

from klarsyn.errors import PaperRefused
from klarsyn.publication.papers import Choice, Commission, make
from klarsyn.publication.papers.markdown import markdown
from tests.publication.papers.desk import (
    PROCESSOR,
    SUB_PROCESSOR,
    below,
    field,
    fields,
    headings,
    named,
    rows,
    small,
)
from tests.publication.sites import DAY, example
from tests.register.builders import COMPANY, OWN, VENDOR, line, swap

CONTROLLER = Choice("ropa", role="controller")
AS_PROCESSOR = Choice("ropa", role="processor")


def test_controllers_record_has_the_letters_of_the_article():
    """
    R74: Art. 30(1)(a) to (g), (b) to (f) for each purpose.
    """
    paper = named("nordlys", "en", "ropa-controller")
    letters = [one[:3] for one in below(paper, "Customer support")]

    assert ["(b)", "(c)", "(c)", "(d)", "(e)", "(f)"] == letters
    assert "(a) Controller" == headings(paper)[0]
    assert "(g) Security measures" == headings(paper)[-3]


def test_each_purpose_of_the_controller_has_an_entry_in_the_registers_order():
    """
    R74: those of customers' invoices are the processor's, and stand in the other record.
    """
    paper = named("nordlys", "en", "ropa-controller")
    register = example("nordlys")
    wanted = [
        purpose.label["en"]
        for one, purpose in register.purposes.items()
        if one != "customer_invoicing"
    ]

    assert wanted == [one for one in headings(paper) if one in wanted]
    assert "Invoicing on behalf of customers" not in headings(paper)


def test_recipients_come_with_country_and_role():
    """
    R74(d): recipients in third countries are told apart.
    """
    told = [
        one
        for label, lines in fields(named("nordlys", "en", "ropa-controller"))
        if "(d) Recipients" == label
        for one in lines
    ]

    assert "Puffinpost Mail Inc. (United States): processor" in told
    assert 14 == len(told)


def test_hearsay_of_a_recipient_is_marked():
    """
    G4: name, country or role from memory.
    """
    hearsay = swap(VENDOR, OWN, OWN.replace("basis: own", "basis: memory"))

    assert ["Postdesk ApS (Denmark): processor (not verified)"] == field(
        small(CONTROLLER, hearsay), "(d) Recipients"
    )


def test_processors_record_names_each_customer_by_its_id():
    """
    R74: Art. 30(2)(a), (b); who a customer is stands where it can be erased.
    """
    paper = named("nordlys", "en", "ropa-processor")
    (first, *others) = rows(paper)

    assert [
        "kunde-1001",
        "Terms of service 5.0",
        "1 April 2021",
        "Invoicing on behalf of customers",
    ] == first
    assert 3 == len(others)
    assert ["(a)", "(b)", "(c)", "(d)"] == [
        one[:3] for one in headings(paper) if one.startswith("(")
    ]


def test_without_customers_file_all_customers_stand_together():
    """
    R74: the small register lists none.
    """
    paper = small(AS_PROCESSOR, PROCESSOR, SUB_PROCESSOR)

    assert ["All customers of Fjordkraft"] == field(paper, "Controllers")


def test_order_of_files_changes_nothing():
    """
    A record can be compared with the one of last year: purposes, customers and vendors are sorted.
    """
    register = example("nordlys")
    turned = dataclasses.replace(
        register, customers=dict(reversed(list(register.customers.items())))
    )
    made = [markdown(make(Commission(one, "en", DAY), AS_PROCESSOR)) for one in (register, turned)]

    assert made[0] == made[1]


def test_joint_controllers_are_named_where_there_are_any():
    """
    R74(a): a vendor that decides together with the company.
    """
    joint = swap(COMPANY, "[controller]", "[controller, joint-controller]")
    with_one = line(VENDOR, "role:", "role: {value: joint-controller, source: own}")

    assert ["Postdesk ApS"] == field(small(CONTROLLER, joint, with_one), "Joint controllers")
    assert ["not yet known"] == field(small(CONTROLLER, joint), "Joint controllers")
    assert "Joint controllers" not in dict(fields(small(CONTROLLER)))


@pytest.mark.parametrize(
    ("choice", "edits"),
    [
        (AS_PROCESSOR, ()),
        (CONTROLLER, (swap(COMPANY, "[controller]", "[processor]"),)),
    ],
)
def test_record_of_a_role_that_the_company_has_not_is_refused(choice, edits):
    """
    R2, R74.
    """
    with pytest.raises(PaperRefused, match="Fjordkraft does not act as a"):
        small(choice, *edits)
